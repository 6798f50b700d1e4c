"""What the three newsrooms have written, read from the data files beside this module."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any

from jobs.demo.markup import plain
from jobs.demo.newsrooms import NEWSROOMS, Newsroom, newsroom_data


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture whose caption and credit a page prints as one string."""

    path: str
    caption: str
    credit: str


@dataclass(frozen=True, slots=True)
class Block:
    """One piece of a body. `kind` is p, h2, h3, related, image, video, promo, ad or widget.

    `text` is the words of it (of a picture the caption, of a video the title), with inline
    marks in a `p`; `path` is where a related article, picture or video is.
    """

    kind: str
    text: str = ""
    path: str = ""
    credit: str = ""
    duration: str = ""


@dataclass(frozen=True, slots=True)
class Story:
    """One article as its newsroom keeps it. Times carry the newsroom's own UTC offset.

    `other_path` is a second path under which the same page is served, `other_link` how the
    feed lists it there.
    """

    newsroom: Newsroom
    path: str
    template: str
    headline: str
    social_headline: str
    published: datetime
    updated: datetime | None
    sections: tuple[str, ...]
    topics: tuple[str, ...]
    summary: tuple[str, ...]
    authors: tuple[str, ...]
    body: tuple[Block, ...]
    lead: Picture | None = None
    comment_count: int | None = None
    paywall: str = "none"
    kind: str | None = None
    number: int = 0
    has_prose_summary: bool = False
    is_on_topic: bool = True
    is_forbidden: bool = False
    other_path: str | None = None
    other_link: str | None = None

    @property
    def changed(self) -> datetime:
        """When it last changed."""
        return self.updated or self.published

    @property
    def paragraphs(self) -> list[str]:
        """The body's paragraphs without their inline marks."""
        return [plain(block.text) for block in self.body if block.kind == "p"]


@cache
def stories(edited: bool = False) -> tuple[Story, ...]:
    """All articles of the three newsrooms; with `edited`, one of them is revised."""
    found: list[Story] = []
    for newsroom in NEWSROOMS:
        entries = newsroom_data(newsroom.id.removeprefix("demo-"))["article"]
        printed = {e["number"]: (e["headline"], e["path"]) for e in entries if "number" in e}
        for entry in entries:
            story = _story(newsroom, entry, printed)
            revision = entry.get("edited")
            found.append(_revised(story, revision) if edited and revision else story)
    return tuple(found)


def _story(newsroom: Newsroom, entry: dict[str, Any], printed: dict[int, Any]) -> Story:
    lead = entry.get("lead")
    return Story(
        newsroom=newsroom,
        path=entry["path"],
        template=entry.get("template", newsroom.id),
        headline=entry["headline"],
        social_headline=entry.get("social_headline", entry["headline"]),
        published=entry["published"],
        updated=entry.get("updated"),
        sections=tuple(entry.get("sections") or [entry["section"]]),
        topics=tuple(entry["topics"]),
        summary=tuple(entry["summary"]),
        authors=tuple(entry["authors"]),
        body=tuple(_block(block, printed) for block in entry["body"]),
        lead=Picture(**lead) if lead else None,
        comment_count=entry.get("comment_count"),
        paywall=entry.get("paywall", "none"),
        kind=entry.get("kind"),
        number=entry.get("number", 0),
        has_prose_summary=entry.get("prose_summary", False),
        is_on_topic=entry.get("on_topic", True),
        is_forbidden=entry.get("is_forbidden", False),
        other_path=entry.get("other_path"),
        other_link=entry.get("other_link"),
    )


def _block(entry: dict[str, Any], printed: dict[int, Any]) -> Block:
    kind, value = next(iter(entry.items()))
    if kind == "related":
        headline, path = printed[value]
        return Block(kind, headline, path)
    if kind == "image":
        return Block(kind, entry["caption"], value, credit=entry["credit"])
    if kind == "video":
        return Block(kind, value, entry["path"], duration=entry["duration"])
    return Block(kind, "" if value is True else value)


def _revised(story: Story, revision: dict[str, Any]) -> Story:
    changed, added = revision["changed"], revision["added"]
    body = list(story.body)
    body[changed["block"]] = Block("p", changed["p"])
    body.insert(added["block"], Block("p", added["p"]))
    return replace(
        story,
        headline=revision["headline"],
        updated=revision["updated"],
        comment_count=revision["comment_count"],
        body=tuple(body),
    )
