"""The Courier's body tree and article fields, as both of its page states hold them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import cycle
from typing import Any

from jobs.demo.content import Block, Picture, Story, stories
from jobs.demo.markup import epoch_milliseconds, inline_parts, plain
from jobs.demo.newsrooms import COURIER

Node = dict[str, Any]
PICTURE_SIZE = {"width": 1200, "height": 800}  # pixels
NEIGHBOURS = 2  # articles that a page advertises under its own


@dataclass(frozen=True, slots=True)
class Dialect:
    """How one generation of the template names what is not text."""

    adverts: tuple[str, ...]
    widget: str
    picture_wrapper: str
    closing: tuple[str, ...]


NEXT = Dialect(("inline-ad-slot",), "inline-widget", "p", ("track-viewed-percentage",))
APOLLO = Dialect(
    adverts=("outstream-1", "ad1", "ad2", "ad3"),
    widget="article-inline-widget",
    picture_wrapper="div",
    closing=("youtube-smart-embed", "native-ads", "reading-100-percent-completion-tracker"),
)


def node(kind: str, *children: Node, **attribs: str) -> Node:
    """One element; an attribute's underscores stand for hyphens."""
    named = {name.replace("_", "-"): value for name, value in attribs.items()}
    return {"type": kind, "attribs": named, "children": list(children)}


def text_node(words: str) -> Node:
    """One run of text."""
    return {"type": "text", "data": words}


def body_tree(story: Story, base_url: str, dialect: Dialect) -> list[Node]:
    """The whole body."""
    adverts = cycle(dialect.adverts)
    tree = []
    for block in story.body:
        if block.kind == "ad":
            tree.append(node(next(adverts)))
        elif block.kind == "widget":
            tree.append(node(dialect.widget))
        else:
            tree.append(_content_node(block, base_url, dialect))
    return tree + [node(kind) for kind in dialect.closing]


def _content_node(block: Block, base_url: str, dialect: Dialect) -> Node:
    if block.kind == "p":
        return node("p", *_inline_nodes(block.text, base_url))
    if block.kind == "promo":
        return node("p", node("em", text_node(block.text)))
    if block.kind == "related":
        link = node("a", text_node(block.text), href=block.path, data_entity_bundle="article")
        return node("h3", link)
    if block.kind == "image":
        line = COURIER.caption_line(block.text, block.credit)
        picture = node("img", src=base_url + block.path, title=line, alt=line)
        return node(dialect.picture_wrapper, picture)
    if block.kind == "video":
        frame = node("iframe", src=f"{base_url}/embed/{video_id(block)}", data_nid=video_id(block))
        return node("div", frame, **{"class": "video-wrapper"})
    return node(block.kind, text_node(block.text))


def _inline_nodes(text: str, base_url: str) -> list[Node]:
    nodes = []
    for kind, words, path in inline_parts(text):
        if kind == "text":
            nodes.append(text_node(words))
        elif kind == "a":
            nodes.append(node("a", text_node(words), href=base_url + path, target="_self"))
        else:
            nodes.append(node(kind, text_node(words)))
    return nodes


def video_id(block: Block) -> str:
    """The number in a video's path, `/video/<section>/<number>/<slug>`."""
    return block.path.split("/")[3]


def summary_tree(story: Story) -> list[Node]:
    """The bullets as a list, or the sub-headline as one paragraph."""
    if story.has_prose_summary:
        return [node("p", node("strong", text_node(story.summary[0])))]
    items = []
    for bullet in story.summary:
        items += [text_node("\n"), node("li", text_node(bullet))]
    return [node("ul", *items, text_node("\n"))]


def article_fields(story: Story) -> dict[str, Any]:
    """The plain values that both states hold under the same names."""
    return {
        "entityId": str(story.number),
        "headline": story.headline,
        "socialHeadline": story.social_headline,
        "printHeadline": None,
        "urlAlias": story.path,
        "publishedDate": epoch_milliseconds(story.published),
        "updatedDate": epoch_milliseconds(story.changed),
        "createdDate": epoch_milliseconds(story.published),
        "commentCount": story.comment_count,
        "contentLock": story.paywall != "none",
        "paywallTypes": [] if story.paywall == "none" else [story.paywall],
        "flag": None,
        "sponsorType": None,
        "corrections": [],
        "relatedLinks": None,
    }


def image_fields(picture: Picture, base_url: str) -> dict[str, Any]:
    """The lead picture: caption and credit are one string, its `title`."""
    line = COURIER.caption_line(picture.caption, picture.credit)
    return {"title": line, "url": base_url + picture.path, "isSlideshow": True} | PICTURE_SIZE


def video_fields(story: Story) -> list[dict[str, str]]:
    """The body's videos, whose titles and lengths are not in the body tree."""
    return [
        {
            "videoId": video_id(block),
            "title": block.text,
            "duration": block.duration,
            "urlAlias": block.path,
        }
        for block in story.body
        if block.kind == "video"
    ]


def neighbours(story: Story) -> list[Story]:
    """Two other articles that the page advertises, as they were first printed."""
    others = [
        other
        for other in stories()
        if other.newsroom is COURIER and other.is_on_topic and other.paywall != "closed"
    ]
    place = next((i for i, other in enumerate(others) if other.path == story.path), 0)
    return [others[(place + step) % len(others)] for step in range(1, NEIGHBOURS + 1)]


def flat_text(story: Story) -> str:
    """The body without structure: paragraphs only."""
    return "\n".join(plain(block.text) for block in story.body if block.kind == "p")


def address_slug(name: str) -> str:
    """A name as addresses have it: `China-Russia relations` is `china-russia-relations`."""
    return "-".join(name.lower().replace("&", "").split())
