"""The Courier's older template: Vue, with a normalised Apollo cache beside the HTML.

The cache holds two more whole articles, as the real template's does: those that the page
advertises under its own.
"""

from __future__ import annotations

import json
from html import escape
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from jobs.demo import nodes
from jobs.demo.content import Story
from jobs.demo.markup import (
    hong_kong_clock,
    hong_kong_day,
    hong_kong_stamp,
    meta_tags,
    script_json,
    utc_stamp,
)
from jobs.demo.newsrooms import COURIER
from jobs.demo.render_courier import METER, author_links, body_html, courier_head

Cache = dict[str, dict[str, Any]]

BODY_FIELD = 'body({"customContents":[{"row":4,"type":"outstream-1"},{"row":6,"type":"ad1"}]})'
VIDEO_FIELD = 'articleVideos({"filter":{"type":"youtube","source":"SCMP"}})'
COVER_FIELD = 'images({"filter":{"type":{"values":"COVER"}}})'
STYLE_FIELD = 'style({"filter":{"style":"118x118"}})'
PORTRAIT_FIELD = 'image({"filter":{"type":"AUTHOR_IMAGE"}})'

BODY_HTML = {
    "p": '<p class="generic-article__body article-details-type--p content--p">{html}</p>',
    "promo": '<p class="generic-article__body article-details-type--p content--p">'
    "<em>{text}</em></p>",
    "h2": '<h2 class="article-details-type--h2 content--h2">{text}</h2>',
    "h3": '<h3 class="article-details-type--h3 content--h3">{text}</h3>',
    "related": '<h3 class="article-details-type--h3 content--h3"><a href="{href}">{text}</a></h3>',
    "image": '<div class="article-details-type--img"><img src="{href}" alt="{caption}" '
    'title="{caption}"><p class="article-details-type--caption">{caption}</p></div>',
    "video": '<div class="video-wrapper"><a href="{href}"><span>{duration}</span> '
    "<span>{text}</span></a></div>",
    "ad": '<div class="ad-slot advert">Advertisement</div>',
    "widget": '<div class="article-inline-widget"></div>',
}


def apollo_page(story: Story, base_url: str) -> str:
    """A whole page of the Vue template."""
    state = {"d8": {}, "contentService": apollo_cache(story, base_url), "defaultClient": {}}
    return (
        f'<!DOCTYPE html><html lang="en"><head>{courier_head(story, base_url, _meta(story))}'
        f'</head>\n<body><div id="app" data-v-5c1e0a7b><header><nav>'
        f'<a href="{COURIER.front_path}">{COURIER.name}</a></nav></header>\n'
        f"<main>{_article_html(story, base_url)}</main>\n"
        f"<footer><p>{COURIER.disclaimer}</p></footer></div>\n"
        f"<script>window.__APOLLO_STATE__={script_json(state)};</script></body></html>\n"
    )


def _meta(story: Story) -> str:
    pairs = [("cse_headline", story.headline), ("cse_socialheadline", story.social_headline)]
    pairs += [("cse_topic", ", ".join(story.topics)), ("cse_author", ", ".join(story.authors))]
    pairs += [("article:section", name) for name in story.sections]
    pairs += [("article:tag", name) for name in story.topics]
    pairs.append(("article:published_time", hong_kong_stamp(story.published)))
    pairs.append(("article:modified_time", hong_kong_stamp(story.changed)))
    return meta_tags(pairs)


def _article_html(story: Story, base_url: str) -> str:
    bullets = "".join(f'<li class="content--li">{escape(text)}</li>' for text in story.summary)
    figure = ""
    if story.lead:
        line = escape(COURIER.caption_line(story.lead.caption, story.lead.credit))
        figure = (
            f'<figure class="article-leading-image"><img src="{base_url}{story.lead.path}" '
            f'alt="{line}"><figcaption>{line}</figcaption></figure>\n'
        )
    return (
        '<article class="article"><p class="info__topic-label topic-label">'
        f'<a href="/topics/{nodes.address_slug(story.topics[0])}">{escape(story.topics[0])}</a>'
        f'</p>\n<h1 class="inner__main-headline main-headline">{escape(story.headline)}</h1>\n'
        f'<h2 class="sub-headline"><ul class="content--ul">{bullets}</ul></h2>\n{figure}'
        f'<div class="byline">{author_links(story, _AUTHOR_CLASS)}</div>\n{_dates(story)}'
        '<div class="share-widget"><span class="share-widget__comment">'
        f"{story.comment_count}</span></div>\n"
        f"<div>{body_html(story.body, base_url, BODY_HTML)}</div>"
        f"{METER if story.paywall == 'metered' else ''}</article>"
    )


_AUTHOR_CLASS = 'class="article-author__name-link" '


def _dates(story: Story) -> str:
    lines = []
    for name, moment in (("Published", story.published), ("Updated", story.changed)):
        stamp = utc_stamp(moment).replace(".000Z", "Z")
        clock = f"{hong_kong_clock(moment)}, {hong_kong_day(moment, ',')}"
        lines.append(
            f'<div class="article-author__{name.lower()}-date">'
            f'<time datetime="{stamp}">{name}: {clock}</time></div>\n'
        )
    return f'<div class="dates">{"".join(lines)}</div>'


def apollo_cache(story: Story, base_url: str) -> Cache:
    """The normalised cache: every object has a key, and others refer to it by that key."""
    uuid = str(uuid5(NAMESPACE_URL, story.path))
    arguments = {"contentType": "Article", "filter": {"entityUuid": uuid}}
    field = f"content({json.dumps(arguments, separators=(',', ':'))})"
    root = f"$ROOT_QUERY.{field}"
    cache: Cache = {}
    _put_article(cache, root, story, base_url)
    cache[root]["moreOnThisArticles"] = [
        _put_article(cache, f"{root}.moreOnThisArticles.{place}", other, base_url)
        for place, other in enumerate(nodes.neighbours(story))
    ]
    cache["ROOT_QUERY"] = {field: _reference(root, "Article")}
    return cache


def _reference(key: str, typename: str) -> dict[str, Any]:
    return {"type": "id", "generated": True, "id": key, "typename": typename}


def _put(cache: Cache, key: str, typename: str, value: dict[str, Any]) -> dict[str, Any]:
    cache[key] = value | {"__typename": typename}
    return _reference(key, typename)


def _put_article(cache: Cache, key: str, story: Story, base_url: str) -> dict[str, Any]:
    summary = nodes.node("p", nodes.text_node(story.summary[0]))
    value = nodes.article_fields(story) | {
        "entityUuid": str(uuid5(NAMESPACE_URL, story.path)),
        "subHeadline": _json_value(nodes.summary_tree(story)),
        "summary": _json_value([summary]),
        "keywords": _json_value([]),
        BODY_FIELD: _json_value(nodes.body_tree(story, base_url, nodes.APOLLO)),
        VIDEO_FIELD: nodes.video_fields(story),
        COVER_FIELD: [],
        "images": _put_images(cache, key, story, base_url),
        "topics": _put_named(cache, f"{key}.topics", "Topic", "/topics", story.topics),
        "sections": [_put_named(cache, f"{key}.sections.0", "Section", "", story.sections)],
        "authors": _put_authors(cache, key, story, base_url),
        "types": [],
        "moreOnThisArticles": [],
    }
    return _put(cache, key, "Article", value)


def _json_value(tree: list[nodes.Node]) -> dict[str, Any]:
    return {"type": "json", "json": [_without_empty_attributes(entry) for entry in tree]}


def _without_empty_attributes(entry: nodes.Node) -> nodes.Node:
    kept = {name: value for name, value in entry.items() if name != "attribs" or value}
    if "children" in kept:
        kept["children"] = [_without_empty_attributes(child) for child in kept["children"]]
    return kept


def _put_named(
    cache: Cache, key: str, typename: str, folder: str, names: tuple[str, ...]
) -> list[dict[str, Any]]:
    return [
        _put(
            cache,
            f"{key}.{place}",
            typename,
            {"name": name, "urlAlias": f"{folder}/{nodes.address_slug(name)}"},
        )
        for place, name in enumerate(names)
    ]


def _put_authors(cache: Cache, key: str, story: Story, base_url: str) -> list[dict[str, Any]]:
    references = _put_named(cache, f"{key}.authors", "Author", "/author", story.authors)
    for reference, name in zip(references, story.authors, strict=True):
        portrait = {"url": f"{base_url}/images/author/{nodes.address_slug(name)}.jpg"}
        portrait_key = f"{reference['id']}.{PORTRAIT_FIELD}"
        cache[reference["id"]][PORTRAIT_FIELD] = _put(cache, portrait_key, "Image", portrait)
    return references


def _put_images(cache: Cache, key: str, story: Story, base_url: str) -> list[dict[str, Any]]:
    if not story.lead:
        return []
    image_key = f"{key}.images.0"
    style = {"url": f"{base_url}/styles/118x118/public{story.lead.path}?itok=Xm3pQ8"}
    value = nodes.image_fields(story.lead, base_url) | {"type": "default"}
    value[STYLE_FIELD] = _put(cache, f"{image_key}.{STYLE_FIELD}", "ImageStyle", style)
    return [_put(cache, image_key, "Image", value)]
