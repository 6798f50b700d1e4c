"""The `__NEXT_DATA__` state of the Courier's present template."""

from __future__ import annotations

from typing import Any

from jobs.demo import nodes
from jobs.demo.content import Story


def next_state(story: Story, base_url: str) -> dict[str, Any]:
    """The state of the page; two roots have been in use."""
    payload: dict[str, Any] = {"data": {"article": _next_article(story, base_url)}}
    if story.template == "next-json":
        payload = {"json": payload}
    return {"props": {"pageProps": {"payload": payload}}, "page": "/article"}


def _next_article(story: Story, base_url: str) -> dict[str, Any]:
    flat_summary = "\n".join(story.summary)
    summary = {"json": nodes.summary_tree(story), "text": flat_summary}
    body = nodes.body_tree(story, base_url, nodes.NEXT)
    sections = [
        {"name": name, "urlAlias": f"/{nodes.address_slug(name)}"} for name in story.sections
    ]
    lead = [nodes.image_fields(story.lead, base_url) | {"type": "leading"}] if story.lead else []
    return nodes.article_fields(story) | {
        "__typename": "Article",
        "subHeadline": summary,
        "summary": {"json": [nodes.node("p", nodes.text_node(story.summary[0]))]},
        "body": {"json": body, "text": nodes.flat_text(story)},
        "images": lead,
        "authors": [
            {"name": name, "types": ["staff"], "urlAlias": f"/author/{nodes.address_slug(name)}"}
            for name in story.authors
        ],
        "topics": [
            {"name": name, "urlAlias": f"/topics/{nodes.address_slug(name)}"}
            for name in story.topics
        ],
        "types": [{"name": story.kind}] if story.kind else [],
        "sections": [{"value": sections}],
        "keywords": [None],
        "articleVideos": nodes.video_fields(story),
        "moreOnThisArticles": [
            {"headline": other.headline, "urlAlias": other.path}
            for other in nodes.neighbours(story)
        ],
    }
