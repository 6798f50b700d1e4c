"""What the names of classes say a box is: words that sites everywhere use alike."""

from __future__ import annotations

import re

from crawler.reading.boxes import Box

_FURNITURE_TAGS = frozenset({"aside", "footer", "nav", "form", "dialog", "figure", "figcaption"})
_FURNITURE = re.compile(
    r" (?:"
    r"unseen|sr only|visually hidden|screen reader\w*|nav|navigation|navbar|menu|footer"
    r"|sidebar|aside|breadcrumbs?|pagination|pager"
    r"|related\w*|relacionad[oa]s?|verwandt\w*|recommend\w*|recirc\w*|most (?:read|popular|viewed)"
    r"|trending|popular|read (?:more|also|next)|also read|more (?:on|from|stories|news|articles)"
    r"|see also|you may|outbrain|taboola|\w*teaser\w*|promo\w*|upsell|marketing|cta"
    r"|newsletters?|subscri\w+|signup|sign up|paywall|registration|login|donat\w+|membership"
    r"|share|shares|sharing|social\w*|follow|addthis|addtoany|sharedaddy|toolbar|tools"
    r"|comments?|disqus|respond|discussion|community"
    r"|ads?|advert\w*|adslot|adunit|sponsor\w*|anzeige|werbung|banner|dfp|gpt|affiliate"
    r"|tags?|taglist|topics|keywords|hashtags|rubrics"
    r"|bio|biography|about (?:the )?author|authors?|bylines?|autor|redaktion"
    r"|captions?|credits?|gallery|slideshow|carousel|swiper|slider|lightbox"
    r"|video|player|audio|podcast|jwplayer|instagram|facebook|tiktok"
    r"|cookie\w*|consent|gdpr|modal|popup|overlay|tooltip|snackbar|toast"
    r"|poll|quiz|rating|feedback|survey|print ?only|copyright|disclaimer"
    r"|infobox|factbox|fact box|widgets?|text ?widget|timestamp|dateline|published|reading time"
    r") "
)
_FOREIGN = re.compile(
    r" (?:comments?|commentlist|disqus|respond|related\w*|recommend\w*|cookie\w*|consent|gdpr"
    r"|outbrain|taboola|newsletters?|footer|breadcrumbs?|most (?:read|popular|viewed)|trending) "
)
# Boxes that newsrooms put between paragraphs, each to lead to another article of theirs.
_LEADS_ON = re.compile(
    r" (?:read (?:more|also|next)|also read|see also|more on|related|related (?:news|articles?"
    r"|stor\w+)|self promo|interstitial) "
)
_LINE_FURNITURE = re.compile(
    r" (?:sr only|visually hidden|captions?|credits?|bylines?|authors?|dateline|timestamp"
    r"|related|teaser|promo|newsletter|advert\w*|share|tags|copyright|read more|footnote"
    r"|reading time|kicker|eyebrow|meta|date) "
)
_TEXT = re.compile(
    r" (?:article ?body|articlebody|(?:article|story|entry|post|news|content) (?:body|content|text)"
    r"|body (?:content|text|copy)|richtext|rich text) "
)
_STANDFIRST = re.compile(
    r" (?:standfirst|heading des|sub ?titles?|sub ?heads?|sub ?headlines?|sub ?heading"
    r"|strap ?lines?|taglines?"
    r"|dek|deck|lead|lede|lead ?text|intros?|intro ?text|introduction|lead ?in|teaser ?texts?"
    r"|excerpts?|summary|summary art|chapo|chapeau|abstract|preamble|ingress|vorspann|anriss"
    r"|unterzeile|short ?text|sommario|occhiello|entradilla|bajada|sapo"
    r"|anons?|resumen?|highlights?|key ?points?|bullet ?points?|bullets|takeaways) "
)
_SURE_STANDFIRST = re.compile(
    r" (?:standfirst|heading des|sub ?titles?|sub ?heads?|sub ?headlines?|strap ?lines?"
    r"|dek|deck|lead ?text"
    r"|excerpts?|summary|chapo|chapeau|preamble|ingress|vorspann|anriss|unterzeile|sommario"
    r"|occhiello|entradilla|bajada|sapo) "
)
_SUBHEAD = re.compile(r" (?:sub ?titles?|sub ?heads?|sub ?headings?|cross ?heads?) ")
_CAPTION = re.compile(
    r" (?:captions?|credits?|photos?|images?|pictures?|bild|foto|figure|gallery) "
)
_QUOTE = re.compile(r" (?:pull ?quotes?|block ?quote|quote ?(?:text|body)?|zitat|citation) ")
_HEAVY_TYPE = re.compile(
    r" (?:bold|semi ?bold|font (?:medium|semibold|bold)|fw (?:bold|semibold)) "
)
_TEXT_TAGS = frozenset({"p", "li", "blockquote", "tr", "td", "th"})


def is_furniture(box: Box) -> bool:
    """Whether a box says that it is beside the text.

    Lines are believed less readily: sites mark their paragraphs for every reason.
    """
    if box.is_beside is None:
        words = _LINE_FURNITURE if box.tag in _TEXT_TAGS else _FURNITURE
        marks = box.marks
        box.is_beside = box.tag in _FURNITURE_TAGS or bool(marks and words.search(marks))
    return box.is_beside


def is_foreign(box: Box) -> bool:
    """Whether a box says that it is other people's or other articles' text, however long."""
    if box.is_foreign is None:
        marks = box.marks
        box.is_foreign = bool(marks and _FOREIGN.search(marks))
    return box.is_foreign


def leads_on(box: Box) -> bool:
    """Whether a box in the text is a link to another article of the newsroom."""
    return bool(_LEADS_ON.search(box.marks))


def is_text(box: Box) -> bool:
    """Whether a box says that it is the article or its text."""
    return box.tag == "article" or bool(_TEXT.search(box.marks))


def is_standfirst(box: Box) -> bool:
    return bool(_STANDFIRST.search(box.marks))


def is_surely_standfirst(box: Box) -> bool:
    """Whether a box says so in words that no site has for its first paragraph."""
    return bool(_SURE_STANDFIRST.search(box.marks))


def is_subhead(box: Box) -> bool:
    """Whether a line says that it is a heading within the text."""
    return bool(_SUBHEAD.search(box.marks))


def is_caption(box: Box) -> bool:
    """Whether a box holds what is printed at a picture."""
    return bool(_CAPTION.search(box.marks))


def is_quote(box: Box) -> bool:
    return box.tag == "blockquote" or bool(_QUOTE.search(box.marks))


def is_heavy(box: Box) -> bool:
    """Whether a box is set in bold type by its class."""
    return bool(_HEAVY_TYPE.search(box.marks))
