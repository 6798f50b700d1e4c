"""The body of an article, put together block by block in reading order."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from crawler.items import Image, RelatedLink, Subhead, Video
from crawler.text import clean

_ADVERT_LINES = frozenset({"advertisement", "advertising", "реклама", "广告", "廣告"})
_LONGEST_PROMO = 400  # characters; a real paragraph that mentions a newsletter is longer

_REPORT = r"\bchina (?:ai|internet|healthcare|5g)\b.{0,20}\breport\b"
_BUYING = r"\b(?:buy|purchase|order|download|discount|subscri\w+|get|copy|off)\b"
_NETWORKS = r"facebook|twitter|x|instagram|telegram|whatsapp|linkedin|youtube|wechat|weibo"
_PROMOS = [
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"^(?:read|see) (?:more|also)\W*$",
        r"^[_\-=*·•\s]+$",
        r"\b(?:sign up|subscribe)\b.{0,80}\bnewsletters?\b",
        r"\bnewsletters?\b.{0,80}\b(?:sign up|subscribe|your inbox)\b",
        rf"\b(?:follow|like|join|find)\b.{{0,60}}\bon (?:{_NETWORKS})\b",
        r"\bscmp research\b",
        rf"{_REPORT}.{{0,200}}{_BUYING}",
        rf"{_BUYING}.{{0,200}}{_REPORT}",
        r"\b(?:minutes?|quick|short|reader)\b.{0,80}\bsurvey\b",
        r"\b(?:take|complete|fill|join)\b.{0,40}\b(?:our|this|reader)\b.{0,20}\bsurvey\b",
        r"\bletters@scmp\.com\b",
    )
]
_END_OF_BODY = re.compile(r"^you (?:might|may) also like\W*$", re.IGNORECASE)


def is_promo(text: str) -> bool:
    """Whether a block only promotes something and is none of the article."""
    if text.lower() in _ADVERT_LINES:
        return True
    return len(text) <= _LONGEST_PROMO and any(promo.search(text) for promo in _PROMOS)


@dataclass(slots=True)
class Body:
    """What stands between the headline and the end, sorted into the record's fields."""

    paragraphs: list[str] = field(default_factory=list)
    subheads: list[Subhead] = field(default_factory=list)
    related: list[RelatedLink] = field(default_factory=list)
    images: list[Image] = field(default_factory=list)
    videos: list[Video] = field(default_factory=list)
    quotes: list[str] = field(default_factory=list)
    unknown_kinds: dict[str, int] = field(default_factory=dict)
    is_closed: bool = False

    def add_paragraph(self, text: str) -> None:
        text = clean(text)
        if self.is_closed or not text or is_promo(text):
            return
        if _END_OF_BODY.match(text):
            self.is_closed = True
            return
        self.paragraphs.append(text)

    def add_subhead(self, text: str) -> None:
        text = clean(text)
        if _END_OF_BODY.match(text):
            self.is_closed = True
        elif text and not self.is_closed and not is_promo(text):
            self.subheads.append(Subhead(text, len(self.paragraphs)))

    def add_related(self, headline: str, url: str) -> None:
        link = RelatedLink(clean(headline), url)
        if link.headline and not self.is_closed and link not in self.related:
            self.related.append(link)

    def add_image(self, image: Image) -> None:
        if not self.is_closed and all(image.url != known.url for known in self.images):
            self.images.append(image)

    def add_video(self, video: Video) -> None:
        if not self.is_closed and video not in self.videos:
            self.videos.append(video)

    def count_unknown(self, kind: str) -> None:
        """Note a node type nobody has named yet; its text is kept."""
        self.unknown_kinds[kind] = self.unknown_kinds.get(kind, 0) + 1

    def finish(self) -> Body:
        """Drop pull quotes, which repeat the text; keep those that do not as paragraphs.

        Subheads after the last paragraph head nothing of the article's.
        """
        text = _letters("".join(self.paragraphs))
        for quote in self.quotes:
            if _letters(quote) not in text:
                self.add_paragraph(quote)
        self.subheads = [head for head in self.subheads if head.before < len(self.paragraphs)]
        return self

    def fields(self) -> dict[str, Any]:
        """The record's fields of the body."""
        names = ("paragraphs", "subheads", "related", "images", "videos")
        return {name: getattr(self, name) for name in names}


def _letters(text: str) -> str:
    return re.sub(r"\W+", "", text).lower()
