"""Which box of a page holds the article's text."""

from __future__ import annotations

import re
from collections import Counter
from itertools import accumulate

from crawler.parsers.generic.marks import is_foreign, is_furniture, is_text
from crawler.reading.boxes import Box, Line, plain

_LEAST_LETTERS = 40  # of a line that tells where the text is; labels and headlines are shorter
_MOST_LETTERS = 600  # that one line counts for, lest a legal notice in one line wins
_MOST_LINKED = 0.5  # of a line's letters; lists of headlines are links all through
_WIDE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_WIDE_WEIGHT = 2  # Latin letters that a Chinese, Japanese or Korean character says as much as
_SENTENCE = re.compile(r"[.!?…。！？।؟]")
_TEXT_TAGS = frozenset({"p", "li", "blockquote", "pre", "td", "h1", "h2", "h3", "h4", "h5", "h6"})
_TAG_WEIGHT = {"p": 1.0, "li": 0.4, "td": 0.6}  # of other boxes' lines: see below
_BARE_WEIGHT = 0.7
_VOTED = 3.0  # times the weight, where the page's own copy of the text has the line
_NOT_VOTED = 0.3
_COPY_LENGTH = 400  # characters of a copy that is the text and no teaser
_LONGEST_COPY = 200_000  # characters searched for lines; the longest articles have half of it
_KEY_LENGTH = 40  # letters and digits that tell a line
_HEAVY = 0.8  # of a box's weight in one inner box: then the text is in there
_TEXT_SHARE = 0.5  # of the weight in a box that says it is the text
_LEAST_ARTICLE = 300  # letters of prose below the headline; less is a teaser
_WHOLE = 0.5  # of all weight: no furniture, whatever it is called


class Vote:
    """What the page's own copy of its text (`articleBody`) says of a line."""

    def __init__(self, copy: str | None) -> None:
        is_text = copy is not None and len(copy) >= _COPY_LENGTH
        self._copy = plain(copy[:_LONGEST_COPY]) if copy and is_text else ""

    def __bool__(self) -> bool:
        return bool(self._copy)

    def has(self, text: str) -> bool:
        key = plain(text[: 2 * _KEY_LENGTH])[:_KEY_LENGTH]
        return bool(key) and key in self._copy


def letters(text: str) -> int:
    """How much a text says, in Latin letters."""
    wide = 0 if text.isascii() else len(_WIDE.findall(text))
    return len(text) + wide * (_WIDE_WEIGHT - 1)


def weigh(line: Line, vote: Vote) -> float:
    """How much a line speaks for its boxes: prose does, labels and links do not."""
    size = letters(line.text)
    if size < _LEAST_LETTERS or line.linked > _MOST_LINKED or line.tag[0] == "h":
        return 0.0
    weight = min(size, _MOST_LETTERS) * _TAG_WEIGHT.get(line.tag, _BARE_WEIGHT)
    if not _SENTENCE.search(line.text):
        weight *= _NOT_VOTED
    if vote:
        weight *= _VOTED if vote.has(line.text) else _NOT_VOTED
    return weight


def find_container(
    top: Box, lines: list[Line], weights: list[float], headline: Line | None = None
) -> Box:
    """The innermost box that has nearly all of the prose of the page, or of its first article."""
    own = _without_furniture(lines, weights)
    if not any(own):
        own = weights
    sums = [0.0, *accumulate(own)]
    found = _descend(top, lines, own, sums)
    article = _article_of(headline) if headline is not None else None
    if article is None or article is found or article in found.ancestors():
        return found
    weight = sums[article.last] - sums[article.first]
    is_apart = found not in article.ancestors()
    if weight >= _TEXT_SHARE * sums[-1] or (is_apart and weight >= _LEAST_ARTICLE):
        return _descend(article, lines, own, sums)
    return found


def _article_of(line: Line) -> Box | None:
    return next((box for box in line.box.ancestors() if box.tag == "article"), None)


def _descend(box: Box, lines: list[Line], own: list[float], sums: list[float]) -> Box:
    while box.children:
        inner = max(box.children, key=lambda child: sums[child.last] - sums[child.first])
        share = (sums[inner.last] - sums[inner.first]) / (sums[box.last] - sums[box.first] or 1.0)
        if inner.tag in _TEXT_TAGS:
            break
        if share < _HEAVY and not (
            share >= _TEXT_SHARE
            and _leads_to_text(inner, sums)
            and _is_alone(inner, box, lines, own)
        ):
            break
        box = inner
    return box


def _leads_to_text(box: Box, sums: list[float]) -> bool:
    """Whether a box, or one in it with nearly all of its weight, says that it is the text."""
    while not is_text(box) or box.tag in _TEXT_TAGS:
        if not box.children:
            return False
        inner = max(box.children, key=lambda child: sums[child.last] - sums[child.first])
        if sums[inner.last] - sums[inner.first] < _HEAVY * (sums[box.last] - sums[box.first]):
            return False
        box = inner
    return True


def _is_alone(inner: Box, box: Box, lines: list[Line], own: list[float]) -> bool:
    """Whether no text set as that in `inner` stands in `box` beside it."""
    within: Counter[object] = Counter()
    for index in range(inner.first, inner.last):
        if own[index]:
            within[_setting(lines[index])] += int(own[index])
    main = {setting for setting, _ in within.most_common(1)}
    outside = [*range(box.first, inner.first), *range(inner.last, box.last)]
    return not any(own[index] and _setting(lines[index]) in main for index in outside)


def _setting(line: Line) -> object:
    return line.box.signature, line.box.parent.signature if line.box.parent else None


def _without_furniture(lines: list[Line], weights: list[float]) -> list[float]:
    """The weights without those of boxes beside the text, unless they hold most of the page."""
    sums = [0.0, *accumulate(weights)]
    most = _WHOLE * sums[-1]
    titles = [0, *accumulate(line.tag == "h1" for line in lines)]
    hidden: Counter[tuple[str, str]] = Counter()
    marked: dict[int, Box] = {}
    for line, weight in zip(lines, weights, strict=True):
        if not weight:
            continue
        for box in line.box.ancestors():
            if is_foreign(box) or is_furniture(box):
                is_small = sums[box.last] - sums[box.first] < most
                has_headline = titles[box.last] > titles[box.first]
                if is_small or (is_foreign(box) and not has_headline):
                    marked[line.index] = box
                    hidden[box.signature] += int(weight)
                    break
    kept = list(weights)
    for index, box in marked.items():
        if hidden[box.signature] < most or is_foreign(box):
            kept[index] = 0.0
    return kept
