"""One walk for every body: a node tree in, the blocks of an article out."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import islice
from urllib.parse import urlsplit

from crawler.items import Video
from crawler.reading.body import Body
from crawler.reading.media import image_of, is_video_box, video_of_box, video_of_frame
from crawler.reading.nodes import (
    BLOCKS,
    FRAMES,
    INLINE,
    MAX_DEPTH,
    Node,
    attribute_words,
    attributes,
    children,
    descendants,
    is_dropped,
    kind,
    text_of,
)
from crawler.text import clean
from crawler.urls import absolute

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_TEXT_BLOCKS = frozenset({"p", "li", "blockquote", "pre", "dt", "address", "summary"})
_KNOWN = BLOCKS | frozenset({"picture"})
_WRAPPED = ("img", *FRAMES, *BLOCKS)
_PULL_QUOTE = re.compile(r"(?:^|[\s_-])pull-?quote(?:$|[\s_-])", re.IGNORECASE)

_NOISE_MARK = re.compile(
    r"(?:^|[\s_-])(?:ad|ads|advert\w*|adslot|promo\w*|newsletter\w*|sponsor\w*|share|social"
    r"|related-(?:articles|stories)|more-on-this|recommend\w*|most-popular|my-?news"
    r"|paywall(?!ed)\w*|scmp-research\S*|scmp-photo-gallery|comments?)(?:$|[\s_-])",
    re.IGNORECASE,
)
_MOST_BLOCKS = 4_000  # of a body; the longest live articles have a quarter of that
_MOST_PICTURES = 200  # of one figure; galleries have dozens
_LINK_SHARE = 0.8  # of a heading's letters inside its link: then it is a link, not a heading


class BlockWalk:
    """Walks nodes into a `Body`. `base_url` makes links absolute."""

    def __init__(self, base_url: str) -> None:
        self.base_url = base_url
        self.body = Body()
        self._blocks = 0

    def walk(self, nodes: Iterable[Node], depth: int = 0) -> Body:
        """Inline nodes side by side are one paragraph; every other node ends it."""
        run: list[Node] = []
        for node in nodes:
            if kind(node) in INLINE and not _wraps_block(node):
                run.append(node)
                continue
            self._end(run)
            self._blocks += 1
            if self._blocks > _MOST_BLOCKS:
                return self.body
            if depth < MAX_DEPTH and not is_noise(node):
                self._block(node, depth)
        self._end(run)
        return self.body

    def _end(self, run: list[Node]) -> None:
        if run:
            self.body.add_paragraph(text_of(run))
            run.clear()

    def _block(self, node: Node, depth: int) -> None:
        name = kind(node)
        if name in _HEADINGS:
            self._heading(node)
        elif name == "img":
            self._image(node)
        elif name in FRAMES:
            self._video(video_of_frame(node, self.base_url))
        elif is_video_box(node):
            self._video(video_of_box(node, self.base_url))
        elif name == "figure":
            self._figure(node, depth)
        elif name == "blockquote-quote" or _is_pull_quote(node):
            words = children(node)[:1] if name == "blockquote-quote" else [node]
            self.body.add_paragraph(text_of(words), is_quote=True)
        elif name == "tr":
            cells = (clean(text_of([c])) for c in children(node) if kind(c) != "text")
            self.body.add_paragraph(" | ".join(cell for cell in cells if cell))
        else:
            self._text(node, name, depth)

    def _text(self, node: Node, name: str, depth: int) -> None:
        """A text block without blocks in it is one paragraph, whatever else stands in its line."""
        is_known = name in _KNOWN or name in INLINE
        if not is_known:
            self.body.count_unknown(name)
        is_line = name in _TEXT_BLOCKS or not is_known
        start = len(self.body.paragraphs)
        if not is_line or next(descendants(node, *BLOCKS), None) is not None:
            self.walk(children(node), depth + 1)
        else:
            for part in descendants(node, "img", *FRAMES):
                self._block(part, depth)
            self.body.add_paragraph(text_of([node]))
        if name == "blockquote":
            self.body.quotes.update(range(start, len(self.body.paragraphs)))

    def _heading(self, node: Node) -> None:
        """A heading that is a link to another article is related to this one, no heading."""
        text = clean(text_of([node]))
        for link in descendants(node, "a"):
            url = absolute(self.base_url, str(attributes(link).get("href") or ""))
            inside = len(clean(text_of([link])))
            if url and _is_article_link(link, url) and inside >= _LINK_SHARE * len(text):
                self.body.add_related(text, url)
                return
        self.body.add_subhead(text)
        for picture in descendants(node, "img"):
            self._image(picture)

    def _image(self, node: Node, caption: str | None = None) -> None:
        image = image_of(node, self.base_url, caption)
        if image:
            self.body.add_image(image)

    def _video(self, video: Video | None) -> None:
        if video:
            self.body.add_video(video)

    def _figure(self, node: Node, depth: int) -> None:
        printed = islice(descendants(node, "figcaption"), _MOST_PICTURES)
        captions = [clean(text_of([part])) for part in printed]
        pictures = list(islice(descendants(node, "img"), _MOST_PICTURES))
        if len(captions) != len(pictures):
            captions = captions[:1] * len(pictures)
        for place, picture in enumerate(pictures):
            self._image(picture, captions[place] if captions else None)
        if not pictures:
            rest = [part for part in children(node) if kind(part) != "figcaption"]
            self.walk(rest, depth + 1)


def is_noise(node: Node) -> bool:
    """Whether a block is an advert, a promotion or furniture, by its type or its marks.

    Paragraphs are judged by their words instead: sites mark them for every reason.
    """
    name = kind(node)
    if is_dropped(name):
        return True
    if name in _TEXT_BLOCKS and name != "li":
        return False
    marks = attribute_words(node, "class", "id", "data-qa", "data-type")
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", "-", marks)
    return bool(_NOISE_MARK.search(spaced)) or attributes(node).get("aria-hidden") == "true"


def _is_pull_quote(node: Node) -> bool:
    return bool(_PULL_QUOTE.search(attribute_words(node, "class", "data-qa")))


def _wraps_block(node: Node) -> bool:
    """Whether an inline node wraps a picture, a video or a block of text."""
    return next(descendants(node, *_WRAPPED), None) is not None


def _is_article_link(link: Node, url: str) -> bool:
    is_marked = attributes(link).get("data-entity-bundle") == "article"
    return is_marked or "/article/" in urlsplit(url).path
