"""What a right reading of an article finds: the fields of the record that its page holds."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from jobs.demo.content import Story

STATE_TEMPLATES = ("next", "next-json", "next-stub", "plus", "apollo")
SECONDS_PER_MINUTE = 60


def expected_record(story: Story, base_url: str) -> dict[str, Any]:
    """The record's fields for one article, as `Article.to_dict` would have them.

    A field that the page leaves to judgement (the section of a page that prints none) is
    absent. A video has no `url` here.
    """
    record: dict[str, Any] = {
        "url": base_url + story.path,
        "outlet": story.newsroom.id,
        "language": story.newsroom.language,
        "headline": story.headline,
        "summary": list(story.summary),
        "authors": list(story.authors),
        "date_published": _utc(story.published),
        "date_modified": _utc(story.updated),
        "lead_image": _lead_image(story, base_url),
        "images": _images(story, base_url),
        "paragraphs": story.paragraphs,
        "subheads": _subheads(story),
        "related": [
            {"headline": block.text, "url": base_url + block.path}
            for block in story.body
            if block.kind == "related"
        ],
        "videos": [
            {"title": block.text, "duration_seconds": _seconds(block.duration)}
            for block in story.body
            if block.kind == "video"
        ],
        "comment_count": story.comment_count,
        "paywall": story.paywall,
        "truncated": story.paywall == "closed",
        "relevant": story.is_on_topic,
    }
    return record | _labels(story)


def _labels(story: Story) -> dict[str, Any]:
    if story.template in STATE_TEMPLATES:
        return {
            "topic": story.topics[0],
            "topics": list(story.topics),
            "section": " / ".join(story.sections),
        }
    if story.template == "rendered":
        return {"topic": story.topics[0], "topics": [story.topics[0]]}
    return {}


def _utc(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if moment else None


def _lead_image(story: Story, base_url: str) -> dict[str, str | None] | None:
    if not story.lead:
        return None
    return _image(base_url + story.lead.path, story.lead.caption, story.lead.credit)


def _images(story: Story, base_url: str) -> list[dict[str, str | None]]:
    return [
        _image(base_url + block.path, block.text, block.credit)
        for block in story.body
        if block.kind == "image"
    ]


def _image(url: str, caption: str, credit: str) -> dict[str, str | None]:
    return {"url": url, "caption": caption or None, "credit": credit or None}


def _subheads(story: Story) -> list[dict[str, Any]]:
    subheads, paragraph_count = [], 0
    for block in story.body:
        if block.kind in ("h2", "h3"):
            subheads.append({"text": block.text, "before": paragraph_count})
        paragraph_count += block.kind == "p"
    return subheads


def _seconds(clock: str) -> int:
    minutes, seconds = clock.split(":")
    return int(minutes) * SECONDS_PER_MINUTE + int(seconds)
