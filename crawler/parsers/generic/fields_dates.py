"""When an article was published and last changed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from operator import itemgetter

from selectolax.lexbor import LexborNode

from crawler.dates import in_utc, is_plausible, read_date
from crawler.parsers.generic.fields_headline import Headline
from crawler.parsers.generic.phrases import has_date, is_label
from crawler.reading.draft import Draft, Source
from crawler.reading.jsonld import ld_text
from crawler.reading.page import Page
from crawler.reading.surroundings import ancestors, is_beside, line_of

_PUBLISHED = (
    "article:published_time", "article:published:time", "og:article:published_time",
    "og:published_time", "og:pubdate", "article:published", "datepublished", "date_published",
    "published_at", "parsely-pub-date", "sailthru.date", "cxenseparse:publishtime",
    "cxenseparse:recs:publishtime", "date.available", "pubdate", "pub_date", "publishdate",
    "publish-date", "publish_date", "publish_time", "publication_date", "dc.date.issued",
    "dcterms.issued", "dc.date", "dcterms.date", "dc.date.created", "dcterms.created",
    "article.published", "article.created", "article_date_original", "originalpublicationdate",
    "weibo:article:create_at", "bytedance:published_time", "_pubtime", "createdate", "date",
)  # fmt: skip
_MODIFIED = (
    "article:modified_time", "article:modified:time", "og:article:modified_time",
    "og:updated_time", "datemodified", "date_modified", "article:modified", "date.modified",
    "dcterms.modified", "dc.date.modified", "article.updated", "weibo:article:update_at",
    "bytedance:updated_time", "revised", "last-modified",
)  # fmt: skip
_DATE_BOX = (
    '[class*="date"], [class*="Date"], [class*="time"], [class*="publi"], [class*="Publi"],'
    ' [class*="meta"], [class*="byline"], [class*="stand"], [class*="info"], [class*="source"]'
)
_ZONE = r"(?:\.\d+)?([+-](?!00)[01]\d:?\d\d)"  # not UTC: templates print local clocks with it
_SOURCE_BEFORE = re.compile(r"^(?:来源|來源|Source)\s*[:：]\D{1,40}(?=\d)")
_SOURCE_AFTER = re.compile(r"[\s|｜]*(?:来源|來源|Source)\s*[:：].*$")
_ANY_BOX = "span, p, li, div, small, dd"
_LONGEST_LINE = 200  # characters; what prints a date is short
_LONGEST_BOX = 1000  # characters with the white space of its source
_MOST_LINES = 40  # boxes near the headline looked at
_MOST_PARTS = 8  # of a dated box
_NEAR = 5  # boxes around the headline that its date stands in
_SAME_DAY = timedelta(days=1, hours=14)  # a day as printed, in whatever zone

_Said = tuple[object, Source]


def offer_dates(page: Page, draft: Draft, headline: Headline | None) -> None:
    """Offer both dates, and the first as printed.

    A day without a clock is no moment, but the source that gives its clock must be of it.
    """
    day: date | None = None
    without_moment: list[tuple[bool, str, Source]] = []
    clocks = _clocks(page)
    for raw, source in _each(page, draft, headline):
        said = read_date(raw)
        moment = None
        if isinstance(said, datetime):
            if day is not None and not _is_of(said, day):
                continue
            clock = said.replace(tzinfo=None)
            moment = _moment(page, clocks.get(clock) or _with_zone(page, said))
        elif said is not None:
            day = day or said
        draft.offer("date_published", moment, source)
        if moment is not None:
            draft.offer("date_published_raw", _bare(str(raw), source), source)
        elif said is not None:
            without_moment.append((not isinstance(said, datetime), str(raw), source))
    for _, text, source in sorted(without_moment, key=itemgetter(0)):  # those with a clock first
        draft.offer("date_published_raw", text, source)
    for raw, source in _modified(page):
        said = read_date(raw)
        if isinstance(said, datetime):
            draft.offer("date_modified", _moment(page, _with_zone(page, said)), source)


def _bare(raw: str, source: Source) -> str:
    """A printed date without the source that stands in the same line."""
    bare = _SOURCE_AFTER.sub("", _SOURCE_BEFORE.sub("", raw)) if source == "page" else raw
    return bare or raw


def _clocks(page: Page) -> dict[datetime, datetime]:
    """The moments with a zone that is not UTC, by what their clocks show.

    Some templates print the local clock with a false `Z` beside the right zone elsewhere.
    """
    found: dict[datetime, datetime] = {}
    for raw, _ in _published(page):
        said = read_date(raw)
        if isinstance(said, datetime) and said.utcoffset():
            found.setdefault(said.replace(tzinfo=None), said)
    return found


def _with_zone(page: Page, said: datetime) -> datetime:
    """A date without a zone with the one that stands at the same clock in the page's scripts."""
    if said.tzinfo is not None:
        return said
    clock = said.isoformat(timespec="seconds")
    if clock not in page.text:
        return said
    zones = set(re.findall(re.escape(clock) + _ZONE, page.text))
    return datetime.fromisoformat(clock + zones.pop()) if len(zones) == 1 else said


def _each(page: Page, draft: Draft, headline: Headline | None) -> Iterator[_Said]:
    """What the page says of itself, and only without a moment in that, what it prints."""
    yield from _published(page)
    if draft.has("date_published"):
        return
    for raw in _printed(page, headline):
        if draft.has("date_published"):
            return
        yield raw, "page"


def _moment(page: Page, said: datetime) -> datetime | None:
    """In UTC; null where neither the date nor the outlet has a zone, or it cannot be."""
    moment = in_utc(said, page.outlet.zone if page.outlet else None)
    return moment if moment is not None and is_plausible(moment) else None


def _is_of(moment: datetime, day: date) -> bool:
    middle = datetime(day.year, day.month, day.day, 12)  # noqa: DTZ001 - compared as printed
    return abs(moment.replace(tzinfo=None) - middle) <= _SAME_DAY


def _published(page: Page) -> Iterator[_Said]:
    meta = page.metadata
    yield ld_text(meta.article.get("datePublished")) or meta.article.get("datePublished"), "json-ld"
    for value in meta.marked_values("datePublished"):
        yield value, "microdata"
    for name in _PUBLISHED:
        yield meta.first(name), "meta"
    for entry in meta.json_ld:
        if entry.get("datePublished") and entry.get("@type") == "WebPage":
            yield ld_text(entry["datePublished"]), "json-ld"
    yield ld_text(meta.article.get("dateCreated")), "json-ld"


def _modified(page: Page) -> Iterator[_Said]:
    meta = page.metadata
    yield ld_text(meta.article.get("dateModified")), "json-ld"
    for value in meta.marked_values("dateModified"):
        yield value, "microdata"
    for name in _MODIFIED:
        yield meta.first(name), "meta"


def _printed(page: Page, headline: Headline | None) -> Iterator[str]:
    """Times and dated lines, those next to the headline first."""
    near = list(ancestors(headline.node))[:_NEAR] if headline else []
    around = [*near, page.tree.body] if page.tree.body is not None else near
    seen: set[int] = set()
    for box in around:
        for node in _unseen(box, "time", seen):
            yield node.attributes.get("datetime") or ""
            yield line_of(node)
    is_dated = False
    for box in around:
        for line in _short_lines(box, _DATE_BOX, seen):
            is_dated = is_dated or has_date(line)
            yield line
    for box in near if not is_dated else []:
        yield from filter(is_label, _short_lines(box, _ANY_BOX, seen))


def _short_lines(box: LexborNode, selector: str, seen: set[int]) -> Iterator[str]:
    for node in _unseen(box, selector, seen):
        if len(node.text()) > _LONGEST_BOX:
            continue
        link = node.css_first("a")
        line = line_of(node)
        if 0 < len(line) <= _LONGEST_LINE and (link is None or line_of(link) != line):
            yield _dated_part(node, line) if has_date(line) else line


def _dated_part(node: LexborNode, line: str) -> str:
    """The text of the element in a dated box that says the same moment alone, else the line."""
    moment = read_date(line)
    if isinstance(moment, datetime):
        for part in node.css("time, span, a")[:_MOST_PARTS]:
            if 0 < len(part.text()) < _LONGEST_BOX and read_date(said := line_of(part)) == moment:
                return said
    return line


def _unseen(box: LexborNode, selector: str, seen: set[int]) -> Iterator[LexborNode]:
    """The elements of a box, each once; those in links date the pages that these lead to."""
    for node in box.css(selector)[:_MOST_LINES]:
        if node.mem_id in seen or is_beside(node, until=box):
            continue
        seen.add(node.mem_id)
        if all(above.tag != "a" for above in ancestors(node)):
            yield node
