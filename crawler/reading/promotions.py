"""Lines that stand among the paragraphs and are none of the article."""

from __future__ import annotations

import re

_LONGEST_PROMO = 400  # characters; a real paragraph that mentions a newsletter is longer
_LONGEST_FURNITURE = 60  # characters of the longest line below, and some
_FURNITURE = re.compile(
    r"advertisement|advertising|реклама|广告|廣告"
    r"|(?:read|see) (?:more|also)\W*|read (?:the )?full (?:article|story)\W*|learn more"
    r"|get more with mynews|a personalised news feed of stories that matter to you"
    r"|why you can trust scmp|reading time:?\s?\d+ minutes?|\d+ wpm|[01-3](?:\.\d+)?x"
    r"|select voice|choose your listening speed|slow|average|fast|listen to this article"
    r"|[_\-=*·•\s]+",
    re.IGNORECASE,
)
_REPORT = r"\bchina (?:ai|internet|healthcare|5g|conservation|ev)\b[^.]{0,20}\breport\b"
_OFFER = (
    r"(?:\b(?:buy|purchase|download|subscribe|subscribing|discount\w*|order (?:now|your|it))\b"
    r"|\bget (?:your|the|a|our)\b|\byour copy\b|% off\b|\bfree of charge\b)"
)
_NETWORKS = r"(?:facebook|twitter|x|instagram|telegram|whatsapp|linkedin|youtube|wechat|weibo)"
_OUR = r"(?:us|our|scmp\w*|the post|south china morning post|young post)"
_PROMOS = [
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"^(?:you can )?(?:sign up|subscribe)\b.{0,120}\bnewsletters?\b",
        r"\b(?:sign up|subscribe)\b.{0,60}\b(?:our|scmp\w*)\b.{0,60}\bnewsletters?\b",
        r"\bnewsletters?\b.{0,80}\b(?:sign up|subscribe now|subscribe here|your inbox)\b",
        rf"\b(?:follow|like|join|find)\s+{_OUR}\b.{{0,80}}\bon (?:our )?{_NETWORKS}\b",
        rf"^(?:follow|like|join|find)\b.{{0,40}}\b(?:scmp|south china morning post)\b.{{0,60}}"
        rf"\b{_NETWORKS}\b",
        r"\bscmp research\b",
        rf"{_REPORT}.{{0,200}}{_OFFER}",
        rf"{_OFFER}.{{0,200}}{_REPORT}",
        r"\b(?:take|complete|fill|join|do|spend|spare|answer|participate in)\b.{0,60}"
        r"\b(?:our|reader\w*|readership|scmp\w*)\b.{0,40}\bsurvey\b",
        r"\b(?:take|complete|fill|do|spend|spare|answer)\b.{0,40}\b(?:five|5|quick|short)[ -]?"
        r"(?:minutes?)?\b.{0,60}\bsurvey\b",
        r"\bsurvey\b.{0,80}\b(?:five|5)[ -]minutes?\b",
        r"\bletters@scmp\.com\b",
    )
]
# What every promotion above has a word of: most paragraphs are cleared by one search.
_HINT = re.compile(
    r"newsletter|survey|\breport\b|scmp|south china morning post|the post\b|young post"
    rf"|\b{_NETWORKS}\b",
    re.IGNORECASE,
)
_END_OF_BODY = re.compile(r"you (?:might|may) also like\W*", re.IGNORECASE)


def is_promo(text: str) -> bool:
    """Whether a line only promotes something, or is a control or an advert's label."""
    if len(text) <= _LONGEST_FURNITURE and _FURNITURE.fullmatch(text):
        return True
    if len(text) > _LONGEST_PROMO or not _HINT.search(text):
        return False
    return any(promo.search(text) for promo in _PROMOS)


def ends_body(text: str) -> bool:
    """Whether what follows a line is other articles."""
    return len(text) <= _LONGEST_FURNITURE and bool(_END_OF_BODY.fullmatch(text))
