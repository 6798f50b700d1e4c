"""Pages made by chance of what the readers look for, and pages damaged by chance."""

from __future__ import annotations

import html
import json
from collections.abc import Callable
from random import Random
from typing import Any

from tests.parsers import scmp_pages as pages

_TAGS = (
    "p p p p div div span a a img figure figcaption picture source article main section aside"
    " header footer nav ul ol li dl dt dd table tr td th h1 h2 h3 h4 blockquote time b strong i em"
    " br hr iframe video noscript template script style form button pre address cite small svg"
    " font center hgroup details summary meta link object math title textarea body html head"
).split()
_CLASSES = (
    "article-body story-text byline author date published meta caption credit tags topics related"
    " teaser kicker headline title standfirst sub-headline pull-quote video player newsletter"
    " comment-count sr-only generic-article__body main-image__title topic-label"
    " share-widget__comment pane-node-body field-name-body pane-node-created article-details__body"
    " gallery-slide article-author__name-link paywalled-content css-1a2b3c most-read ad advert"
).split()
_DATA_QA = (
    "ContentHeadline-Headline ContentHeadline-Topic ContentSubHeadline Byline Dates ContentBody"
    " ArticleBody LeadingImage VideoPlayer CommentButton PaywallX"
).split()
_WORDS = (
    "ice ferry river pier Anna Lee Ilya Morozkin by By Von Автор: 记者 李平 паром 渡轮 пристань"
    " Russia China 中俄 said today. yesterday! Photo: Reuters/AP © (AFP) | / , ; : “quoted” 7:15pm,"
    " 27 Feb 2024 2024-02-27T10:00:00+08:00 31.02.2024 2024年2月27日 10時 99:99 1e999 Published:"
    " Updated: Advertisement 09:43 Read more & < > \" ' \u00a0 \u200b \u2028 \u0301 🚢 \ufffd \x00"
    " \ud800 &#0; &#xD800; &#x110000; &nbsp; {} [] // <!-- --> ]]> <br> \u202e İ ß \x85 \x1f"
).split(" ")
_ATTRIBUTES = (
    "class id href src srcset data-src data-srcset alt title itemprop itemtype itemscope content"
    " datetime rel role name property data-qa data-type data-entity-bundle lang style width height"
    " aria-hidden hidden data-youtube-id type data-breadcrumb-headline poster"
).split()
_ITEMPROPS = (
    "headline author datePublished dateModified dateCreated articleBody name keywords image"
    " articleSection commentCount"
).split()
_METAS = (
    "og:title og:description og:image og:url og:type og:site_name article:published_time"
    " article:modified_time article:section article:tag author description keywords news_keywords"
    " parsely-pub-date date dc.date twitter:title twitter:image cse_headline cse_author cse_topic"
    " cse_mainimage cse_sectionname og:locale content-language article:content_tier"
).split()
_LD_KEYS = (
    "@type @id @graph headline name author creator datePublished dateModified dateCreated image"
    " thumbnailUrl articleBody articleSection keywords publisher isAccessibleForFree hasPart"
    " commentCount interactionStatistic wordCount inLanguage description mainEntityOfPage"
    " itemListElement item url contentUrl caption creditText copyrightNotice userInteractionCount"
    " interactionType"
).split()
_LD_TYPES = (
    "NewsArticle Article BlogPosting Person Organization NewsMediaOrganization WebPage WebSite"
    " BreadcrumbList ImageObject CommentAction Report"
).split()
_STATE_KEYS = (
    "headline entityId urlAlias topics sections subHeadline authors publishedDate updatedDate"
    " commentCount contentLock paywallTypes body images leadingSlides articleVideos"
    " multimediaEmbed type attribs children data json text name value url title __ref id"
).split()
_URLS = (
    "/a.jpg", "https://news.example/b.png?w=1", "//[x", "http://[::1", "javascript:0", "data:,x",
    "https://www.scmp.com/news/article/3190001/x", "/article/3190001/", "#", "?", "//", ":",
    "http://a:99999/", "https://www.youtube.com/embed/abcdefghijk", "/tag/ice", "/author/anna",
    "http://xn--a/\ud800", "https://example.com/%ff%zz", "/cdn-cgi/image/x/y.jpg", "http://a..b/",
)  # fmt: skip
_CHARSETS = (
    "utf-8 utf-16 utf-16-le utf-16-be utf-32 gb18030 windows-1251 koi8-u big5hkscs cp932 euc_kr"
    " iso2022_jp utf-7 ascii latin-1"
).split()
_LABELS = (
    *_CHARSETS,
    "x-user-defined",
    "none",
    "undefined",
    "idna",
    "hex",
    "unicode_escape",
    "punycode",
)
_BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff")
_LONGEST = 60_000  # bytes of a real page that is damaged, for many readings a second


def random_bytes(chance: Random) -> bytes:
    """Bytes with or without a mark, in a charset that the label may name or not."""
    start = chance.choice(_BOMS) if chance.random() < 0.3 else b""
    if chance.random() < 0.3:
        return start + chance.randbytes(chance.randrange(400))
    label = chance.choice(_LABELS)
    text = f'<html><head><meta charset="{label}"></head><body>{_tree(chance, 40)}</body></html>'
    if chance.random() < 0.2:
        text = f'<?xml version="1.0" encoding="{label}"?>{text}'
    body = text.encode(chance.choice(_CHARSETS), "ignore")
    return start + (damaged(chance, body) if chance.random() < 0.4 else body)


def random_page(chance: Random) -> bytes:
    """A page of the tags, attributes and scripts that the readers look for."""
    head = "".join(_head_part(chance) for _ in range(chance.randrange(8)))
    body = _tree(chance, chance.choice((10, 40, 150)))
    if chance.random() < 0.7:
        body = pages.rendered(body)
    if chance.random() < 0.3:
        entry = pages.article(**_changes(chance))
        root = chance.choice(("data", "json", "moved"))
        return _encoded(pages.next_page, entry, body, root=root, head=head)
    if chance.random() < 0.15:
        return _encoded(pages.apollo_page, pages.apollo_cache(**_changes(chance)), html=body)
    return _encoded(pages.page, body, head)


def damaged(chance: Random, page: bytes) -> bytes:
    """A page with pieces cut off, left out, doubled, swapped and flipped."""
    if len(page) > _LONGEST and chance.random() < 0.9:
        start = chance.randrange(len(page) - _LONGEST)
        page = page[:2000] + page[start : start + _LONGEST]
    for _ in range(chance.randrange(1, 6)):
        page = chance.choice(_DAMAGES)(chance, page)
    return page


def _encoded(make: Callable[..., bytes], *values: Any, **named: Any) -> bytes:
    """A page made of texts whose lone surrogates, which no page can have, are left out."""
    return make(*map(_sane, values), **{name: _sane(value) for name, value in named.items()})


def _sane(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "ignore").decode()
    return value


def _words(chance: Random, most: int = 30) -> str:
    return " ".join(chance.choices(_WORDS, k=chance.randrange(most)))


def _attribute_value(chance: Random, name: str) -> str:
    if name == "class" or name == "id":
        return " ".join(chance.choices(_CLASSES, k=chance.randrange(4)))
    if name == "data-qa":
        return chance.choice(_DATA_QA)
    if name == "itemprop":
        return chance.choice(_ITEMPROPS)
    if name == "itemtype":
        return "https://schema.org/" + chance.choice(_LD_TYPES)
    if name in ("href", "src", "srcset", "data-src", "data-srcset") and chance.random() < 0.9:
        return chance.choice(_URLS)
    return chance.choice((_words(chance, 6), "120", "-1", "article", "author", "tag", ""))


def _attributes(chance: Random) -> str:
    names = chance.choices(_ATTRIBUTES, k=chance.randrange(5))
    return "".join(
        f' {name}="{html.escape(_attribute_value(chance, name))}"' for name in dict.fromkeys(names)
    )


def _tree(chance: Random, size: int) -> str:
    """Some elements, now and then unclosed or closed twice."""
    parts: list[str] = []
    opened: list[str] = []
    for _ in range(chance.randrange(size)):
        tag = chance.choice(_TAGS)
        parts.append(f"<{tag}{_attributes(chance)}>{_words(chance)}")
        opened.append(tag)
        while opened and chance.random() < 0.55:
            parts.append(f"</{opened.pop()}>{_words(chance, 4)}")
        if chance.random() < 0.03:
            parts.append(f"</{chance.choice(_TAGS)}>")
    return "".join(parts)


def _value(chance: Random, keys: list[str], depth: int = 4) -> Any:
    """A JSON value of any kind."""
    simple: list[Any] = [
        None, True, False, 0, -1, 10**18, 10**400, 1.5, float("inf"), float("nan"), "",
        1_700_000_000_000, "2024-02-27T10:00:00Z", "0001-01-01T00:00:00+14:00", "NewsArticle",
        "9999-12-31T23:59:59-14:00", pages.NUMBER, pages.PATH, chance.choice(_URLS),
        chance.choice(_LD_TYPES), _words(chance), f"<p>{_words(chance)}</p>", "9" * 400,
    ]  # fmt: skip
    if depth <= 0 or chance.random() < 0.45:
        return chance.choice(simple)
    count = chance.randrange(5)
    if chance.random() < 0.4:
        return [_value(chance, keys, depth - 1) for _ in range(count)]
    return {chance.choice(keys): _value(chance, keys, depth - 1) for _ in range(count + 1)}


def _changes(chance: Random) -> dict[str, Any]:
    names = chance.sample(_STATE_KEYS[:17], chance.randrange(1, 6))
    changes = {name: _value(chance, _STATE_KEYS) for name in names}
    return {**changes, **({"entityId": pages.NUMBER} if chance.random() < 0.7 else {})}


def _head_part(chance: Random) -> str:
    kind = chance.randrange(4)
    if kind == 0:
        content = html.escape(chance.choice((_words(chance), chance.choice(_URLS))))
        return f'<meta property="{chance.choice(_METAS)}" content="{content}">'
    if kind == 1:
        return f'<link rel="canonical" href="{html.escape(chance.choice(_URLS))}">'
    if kind == 2:
        text = json.dumps({"a": _value(chance, _STATE_KEYS, 6)})
        return f"<script>window.x = {text}</script>"
    entry = {chance.choice(_LD_KEYS): _value(chance, _LD_KEYS) for _ in range(chance.randrange(9))}
    text = json.dumps({"@type": "NewsArticle", **entry} if chance.random() < 0.7 else entry)
    text = text.replace("</", "<\\/") if chance.random() < 0.8 else text[: len(text) // 2]
    return f'<script type="application/ld+json">{text}</script>'


def _place(chance: Random, page: bytes) -> int:
    return chance.randrange(len(page) + 1)


def _cut(chance: Random, page: bytes) -> bytes:
    return page[: _place(chance, page)]


def _leave_out(chance: Random, page: bytes) -> bytes:
    start = _place(chance, page)
    return page[:start] + page[start + chance.randrange(2000) :]


def _double(chance: Random, page: bytes) -> bytes:
    start = _place(chance, page)
    piece = page[start : start + chance.randrange(2000)]
    return page[:start] + piece * chance.randrange(2, 12) + page[start:]


def _swap(chance: Random, page: bytes) -> bytes:
    first, second, third = sorted(_place(chance, page) for _ in range(3))
    return page[:first] + page[second:third] + page[first:second] + page[third:]


def _flip(chance: Random, page: bytes) -> bytes:
    flipped = bytearray(page)
    for _ in range(min(len(flipped), chance.randrange(1, 30))):
        flipped[chance.randrange(len(flipped))] = chance.randrange(256)
    return bytes(flipped)


def _insert(chance: Random, page: bytes) -> bytes:
    start = _place(chance, page)
    piece = chance.choice((_words(chance), _tree(chance, 6), '"', "<", ">", "{", "]", "'", "\\u"))
    return page[:start] + piece.encode("utf-8", "ignore") + page[start:]


def _replace(chance: Random, page: bytes) -> bytes:
    """A value of a JSON or an attribute becomes another."""
    start = page.find(b'":', _place(chance, page))
    value = json.dumps(_value(chance, _STATE_KEYS)).encode()
    return page[: start + 2] + value + b',"x":' + page[start + 2 :] if start > 0 else page


_DAMAGES = (_cut, _leave_out, _double, _swap, _flip, _insert, _replace)
