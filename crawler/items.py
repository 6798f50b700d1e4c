"""The records that the three packages hand to each other.

`Article` is the article record of the public contract; `to_dict()` gives it as JSON-ready
values. Unknown is `None` (or an empty list), never a guess. All times are aware and in UTC.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal

Paywall = Literal["none", "metered", "closed"]


@dataclass(frozen=True, slots=True)
class Image:
    """An editorial picture. `credit` is taken out of `caption`."""

    url: str
    caption: str | None = None
    credit: str | None = None


@dataclass(frozen=True, slots=True)
class Subhead:
    """A section heading; `before` is the index of the paragraph it stands before."""

    text: str
    before: int


@dataclass(frozen=True, slots=True)
class RelatedLink:
    """A related article linked between the paragraphs."""

    headline: str
    url: str


@dataclass(frozen=True, slots=True)
class Video:
    """A video of the article; `url` is where a person can watch it."""

    title: str | None = None
    duration_seconds: int | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Relevance:
    """Whether a text is about relations between China and Russia, and why.

    `score` is 0..1; `reasons` are sentences a person can read.
    """

    relevant: bool
    score: float
    reasons: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Article:
    """One article, as the contract's record names its fields.

    The fields from `id` on are known to a database only: `parse_article` leaves `id`,
    `story_id` and the times null and `revision` 1. `gone_at` is when its address first
    answered 404 or 410, null while it is there; the text stays. `identity` is no part of the
    record: what makes it the same article under another address, unique within its outlet.
    """

    url: str
    outlet: str | None
    headline: str
    language: str | None = None
    alternate_urls: list[str] = field(default_factory=list)
    topic: str | None = None
    topics: list[str] = field(default_factory=list)
    section: str | None = None
    summary: list[str] = field(default_factory=list)
    authors: list[str] = field(default_factory=list)
    date_published: datetime | None = None
    date_modified: datetime | None = None
    date_published_raw: str | None = None
    lead_image: Image | None = None
    images: list[Image] = field(default_factory=list)
    paragraphs: list[str] = field(default_factory=list)
    subheads: list[Subhead] = field(default_factory=list)
    related: list[RelatedLink] = field(default_factory=list)
    videos: list[Video] = field(default_factory=list)
    comment_count: int | None = None
    paywall: Paywall = "none"
    truncated: bool = False
    relevance: Relevance = field(default_factory=lambda: Relevance(False, 0.0))
    parser: str = ""
    provenance: dict[str, str] = field(default_factory=dict)

    id: int | None = None
    story_id: int | None = None
    revision: int = 1
    first_seen: datetime | None = None
    last_seen: datetime | None = None
    last_changed: datetime | None = None
    gone_at: datetime | None = None
    identity: str | None = field(default=None, compare=False)

    @property
    def relevant(self) -> bool:
        """On topic: about relations between China and Russia."""
        return self.relevance.relevant

    def to_dict(self) -> dict[str, Any]:
        """The record of the contract, ready for `json.dumps`."""
        return {name: _record_value(self, name) for name in RECORD_FIELDS}


RECORD_FIELDS: tuple[str, ...] = (
    "id", "url", "alternate_urls", "outlet", "language", "topic", "topics", "section",
    "headline", "summary", "authors", "date_published", "date_modified", "date_published_raw",
    "lead_image", "images", "paragraphs", "subheads", "related", "videos", "comment_count",
    "paywall", "truncated", "relevant", "relevance", "story_id", "revision", "first_seen",
    "last_seen", "last_changed", "gone_at", "parser", "provenance",
)  # fmt: skip
"""The record's fields, in the contract's order."""


def _record_value(article: Article, name: str) -> Any:
    value = getattr(article, name)
    if name == "relevance":
        return {"score": value.score, "reasons": list(value.reasons)}
    return plain_value(value)


def plain_value(value: Any) -> Any:
    """A value of a field, ready for `json.dumps`."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, datetime):
        return utc_iso(value)
    if isinstance(value, list):
        return [entry if isinstance(entry, str) else plain_value(entry) for entry in value]
    if isinstance(value, Image | Subhead | RelatedLink | Video):
        return {name: getattr(value, name) for name in value.__slots__}
    if isinstance(value, dict):
        return dict(value)
    return value


def utc_iso(moment: datetime) -> str:
    """An aware time as ISO 8601 in UTC with `Z`, to the second."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass(frozen=True, slots=True)
class Listing:
    """One article address as a source (a feed, a page, a command line) listed it.

    `address` is as printed there, without its fragment; `fetch_url` is the address to
    fetch; `identity` is what makes it the same article under another address, unique
    within its outlet. `headline`, `lead` (plain text), `authors`, `date` (of publication) and
    `updated` are what the source says, null or empty where it is silent. `age_hint` is for
    sources that date only a page's last change, or whose addresses have a day: good enough to
    choose by, no date of an article.
    """

    address: str
    fetch_url: str
    identity: str
    headline: str | None = None
    date: datetime | None = None
    updated: datetime | None = None
    lead: str | None = None
    authors: tuple[str, ...] = ()
    age_hint: datetime | None = None

    @property
    def moment(self) -> datetime | None:
        """How old the article seems to be; null where nothing tells."""
        return self.date or self.age_hint or self.updated


@dataclass(frozen=True, slots=True)
class Lead:
    """An article address that is due to be fetched.

    `etag` and `last_modified` are the validators of the page as last read, null if none.
    `headline`, `lead` and `authors` are what sources say of it, `date` when they say it was
    published; `moment` is how old it seems to be.
    """

    id: int
    outlet: str
    identity: str
    fetch_url: str
    date: datetime | None = None
    etag: str | None = None
    last_modified: str | None = None
    headline: str | None = None
    lead: str | None = None
    authors: tuple[str, ...] = ()
    moment: datetime | None = None


@dataclass(frozen=True, slots=True)
class FetchedPage:
    """A page as it came: `body` is decoded from its Content-Encoding, not from its charset.

    `headers` are the response's, without cookies; `fetched_at` is UTC.
    """

    url: str
    status: int
    headers: list[tuple[str, str]]
    body: bytes
    fetched_at: datetime

    def header(self, name: str) -> str | None:
        """The first header of that name, case ignored, or null."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), None)
