"""The body of an article, put together block by block in reading order."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, field
from typing import Any

from crawler.dates import is_clock, parse_duration
from crawler.items import Image, RelatedLink, Subhead, Video
from crawler.reading.captions import split_credit
from crawler.reading.media import picture_key
from crawler.reading.nodes import LINE_BREAK
from crawler.reading.promotions import ends_body, is_promo
from crawler.reading.quotes import is_repeated, phrases
from crawler.text import clean

_MOST_KINDS = 50  # unknown ones that are counted; a state with more is no newsroom's
_PARAGRAPH_BREAK = re.compile(rf"{LINE_BREAK}\s*{LINE_BREAK}")


@dataclass(slots=True)
class Body:
    """What stands between the headline and the end, sorted into the record's fields."""

    paragraphs: list[str] = field(default_factory=list)
    subheads: list[Subhead] = field(default_factory=list)
    related: list[RelatedLink] = field(default_factory=list)
    images: list[Image] = field(default_factory=list)
    videos: list[Video] = field(default_factory=list)
    quotes: set[int] = field(default_factory=set)
    unknown_kinds: dict[str, int] = field(default_factory=dict)
    is_closed: bool = False

    def add_paragraph(self, text: str, *, is_quote: bool = False) -> None:
        """Two line breaks in a row end a paragraph. A pull quote may go again, see `finish`."""
        for part in _PARAGRAPH_BREAK.split(text):
            line = clean(part)
            if self.is_closed or not line or is_promo(line):
                continue
            if ends_body(line):
                self.is_closed = True
                continue
            if is_quote:
                self.quotes.add(len(self.paragraphs))
            self.paragraphs.append(line)

    def add_subhead(self, text: str) -> None:
        text = clean(text)
        if ends_body(text):
            self.is_closed = True
        elif text and not self.is_closed and not is_promo(text):
            self.subheads.append(Subhead(text, len(self.paragraphs)))

    def add_related(self, headline: str, url: str) -> None:
        if clean(headline) and not self.is_closed:
            self.related.append(RelatedLink(clean(headline), url))

    def add_image(self, image: Image) -> None:
        if not self.is_closed:
            self.images.append(image)

    def add_video(self, video: Video) -> None:
        if not self.is_closed:
            self.videos.append(video)

    def count_unknown(self, kind: str) -> None:
        """Note a node type nobody has named yet; its text is kept."""
        if kind in self.unknown_kinds or len(self.unknown_kinds) < _MOST_KINDS:
            self.unknown_kinds[kind] = self.unknown_kinds.get(kind, 0) + 1

    def finish(self, lead: Image | None = None, slides: list[Image] | None = None) -> Body:
        """Drop what is told elsewhere: pull quotes that repeat the text, captions, video titles
        and related headlines as lines, `lead` among the pictures, subheads over nothing.

        `slides` are pictures printed before those of the text.
        """
        self.related = list(dict.fromkeys(self.related))
        self.images = _each_once([*(slides or []), *self.images], lead)
        self._read_printed_videos()
        self.videos = list(dict.fromkeys(self.videos))
        self._drop(self._repeated([*self.images, *([lead] if lead else [])]))
        count = len(self.paragraphs)
        self.subheads = [head for head in self.subheads if head.before < count]
        return self

    def fields(self) -> dict[str, Any]:
        """The record's fields of the body."""
        names = ("paragraphs", "subheads", "related", "images", "videos")
        return {name: getattr(self, name) for name in names}

    def _repeated(self, pictures: list[Image]) -> set[int]:
        captions = {image.caption for image in pictures if image.caption}
        starts = tuple(captions)
        lines = captions | {link.headline for link in self.related}
        lines |= {video.title for video in self.videos if video.title}
        texts = list(enumerate(self.paragraphs))
        said = phrases(text for place, text in texts if self.quotes and place not in self.quotes)
        return {
            place
            for place, text in texts
            if text in lines
            or (text.startswith(starts) and split_credit(text)[0] in captions)
            or (place in self.quotes and is_repeated(text, said))
        }

    def _read_printed_videos(self) -> None:
        """A duration alone on a line, then the title, which is mostly printed twice."""
        places = [place for place, text in enumerate(self.paragraphs) if is_clock(text)]
        found: set[int] = set()
        known = {video.title for video in self.videos}
        for place in places:
            found.add(place)
            title = self.paragraphs[place + 1] if place + 1 < len(self.paragraphs) else None
            again = self.paragraphs[place + 2] if place + 2 < len(self.paragraphs) else None
            if title and (title == again or title in known):
                found |= {place + 1} | ({place + 2} if title == again else set())
                if title not in known:
                    known.add(title)
                    self.videos.append(Video(title, parse_duration(self.paragraphs[place]), None))
        self._drop(found)

    def _drop(self, places: set[int]) -> None:
        if not places:
            return
        kept = [place for place in range(len(self.paragraphs)) if place not in places]
        self.subheads = [
            Subhead(head.text, bisect_left(kept, head.before)) for head in self.subheads
        ]
        self.quotes = {new for new, old in enumerate(kept) if old in self.quotes}
        self.paragraphs = [self.paragraphs[place] for place in kept]


def _each_once(images: list[Image], lead: Image | None) -> list[Image]:
    """One of each picture in whatever sizes, `lead` left out."""
    found = {picture_key(lead.url): lead} if lead else {}
    for image in images:
        found.setdefault(picture_key(image.url), image)
    return [image for image in found.values() if image is not lead]
