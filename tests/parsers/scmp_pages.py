"""SCMP pages of every generation round one invented article, for tests to vary."""

from __future__ import annotations

import json
from typing import Any

from crawler.parsers import parse_article

Node = dict[str, Any]

NUMBER = "3190001"
PATH = f"/news/china/diplomacy/article/{NUMBER}/night-ferry-links-two-river-towns"
URL = f"https://www.scmp.com{PATH}"
HEADLINE = "Night ferry links two river towns"
PUBLISHED_MILLISECONDS = 1_700_000_000_000  # 2023-11-14T22:13:20Z
PARAGRAPHS = [
    "The first night ferry left the pier at ten.",
    "Deckhand Ilya Morozkin said it was “nearly empty”.",
    "Customs officer Lu Anping expects more in spring.",
]
IMAGES = "https://cdn.i-scmp.com/sites/default/files/d8/images/canvas/2023/11/14"


def node(kind: str, *children: Node | str, **attributes: str) -> Node:
    """One element of a state's tree; an attribute's underscores stand for hyphens."""
    named = {name.strip("_").replace("_", "-"): value for name, value in attributes.items()}
    inner = [text(child) if isinstance(child, str) else child for child in children]
    return {"type": kind, "attribs": named, "children": inner}


def text(words: str) -> Node:
    return {"type": "text", "data": words}


def paragraphs(*texts: str) -> list[Node]:
    return [node("p", words) for words in texts or PARAGRAPHS]


def article(*body: Node, **changes: Any) -> dict[str, Any]:
    """An article object of the state, with `body` or the usual paragraphs."""
    return {
        "entityId": NUMBER,
        "headline": HEADLINE,
        "socialHeadline": "Ferry by night",
        "urlAlias": PATH,
        "subHeadline": {"json": [node("ul", node("li", "One bullet"), node("li", "Another"))]},
        "summary": {"json": [node("p", "A line for cards only.")]},
        "body": {"json": list(body) or paragraphs(), "text": "flat"},
        "images": [{"type": "leading", "url": f"{IMAGES}/pier.jpg", "title": "Pier. Photo: AP"}],
        "authors": [{"name": "Nadia Quill"}],
        "topics": [{"name": "China-Russia relations"}, {"name": "Rivers"}],
        "sections": [{"value": [{"name": "News"}, {"name": "China"}, {"name": "Diplomacy"}]}],
        "publishedDate": PUBLISHED_MILLISECONDS,
        "updatedDate": PUBLISHED_MILLISECONDS + 60_000,
        "commentCount": 7,
        "paywallTypes": [],
        "articleVideos": [],
        "moreOnThisArticles": [{"headline": "Elsewhere", "urlAlias": "/news/article/3000009/x"}],
    } | changes


def page(body: str, head: str = "", url: str = URL) -> bytes:
    return (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">'
        f"<title>{HEADLINE} | South China Morning Post</title>"
        f'<link rel="canonical" href="{url}">{head}</head><body>{body}</body></html>'
    ).encode()


def next_page(
    entry: dict[str, Any], html: str = "", *, root: str = "data", head: str = ""
) -> bytes:
    """A Next.js page; `root` is where its state has the article: data, json or moved."""
    payloads: dict[str, Any] = {
        "data": {"payload": {"data": {"article": entry}}},
        "json": {"payload": {"json": {"data": {"article": entry}}}},
        "moved": {"queries": [{"state": {"node": entry}}]},
    }
    return state_page(json.dumps({"props": {"pageProps": payloads[root]}}), html, head)


def state_page(state: str, html: str = "", head: str = "") -> bytes:
    safe = state.replace("</", "<\\/")
    script = f'<script id="__NEXT_DATA__" type="application/json">{safe}</script>'
    return page(html + script, head)


def apollo_page(cache: dict[str, Any], tail: str = ";", html: str = "") -> bytes:
    state = json.dumps({"d8": {}, "contentService": cache, "defaultClient": {}})
    return page(f"{html}<script>window.__APOLLO_STATE__={state}{tail}</script>")


def apollo_cache(**changes: Any) -> dict[str, Any]:
    """A normalised cache: the article under its root key, parts by reference, another article
    whole.
    """
    root = '$ROOT_QUERY.content({"contentType":"Article","filter":{"entityUuid":"u"}})'
    entry = article()
    body = {"type": "json", "json": entry.pop("body")["json"]}
    entry['body({"customContents":[{"row":4,"type":"ad1"}]})'] = body
    cache: dict[str, Any] = {
        f"{root}.moreOnThisArticles.0": article(
            node("p", "Not of this article."),
            headline="Elsewhere",
            urlAlias="/news/article/3000009/x",
            entityId="3000009",
        )
    }
    for name in ("topics", "authors", "images"):
        entry[name] = [_put(cache, f"{root}.{name}.{i}", v) for i, v in enumerate(entry[name])]
    path = entry["sections"][0]["value"]
    entry["sections"] = [[_put(cache, f"{root}.sections.{i}", v) for i, v in enumerate(path)]]
    cache[root] = entry | changes
    return cache


def _put(cache: dict[str, Any], key: str, value: Any) -> dict[str, Any]:
    cache[key] = value
    return {"type": "id", "generated": True, "id": key}


def rendered(
    body: str = "".join(f"<p>{words}</p>" for words in PARAGRAPHS),
    *,
    headline: str = HEADLINE,
    topic: str | None = "China-Russia relations",
    dates: str = '<time datetime="2023-11-14T22:13:20.000Z">Published: 6:13am, 15 Nov 2023</time>',
    byline: str = '<a href="/author/nadia-quill">Nadia Quill</a>',
    after: str = "",
) -> str:
    """The HTML of a Next.js page without its state."""
    label = f'<div data-qa="ContentHeadline-Topic"><a>{topic}</a></div>' if topic else ""
    return (
        f"<main><article>{label}"
        '<aside data-qa="MyNews"><p>Get more with myNEWS</p></aside>'
        f'<h1 data-qa="ContentHeadline-Headline"><span>{headline}</span></h1>'
        f'<div data-qa="Byline">{byline}</div><div data-qa="Dates">{dates}</div>'
        f'<section data-qa="ContentBody">{body}</section>{after}</article></main>'
    )


def drupal(body: str, *, dates: str = "", images: str = "", byline: str = "") -> bytes:
    """A Drupal page whose own clock stands over the headline."""
    return page(
        '<div class="clock">Thu • Dec 18, 2014 • Updated: 3:12pm</div>'
        f'<h1 class="title" id="page-title">{HEADLINE}</h1>{dates}'
        f'<div class="pane-node-field-images">{images}</div>'
        f'<div class="field-name-field-byline">{byline}</div>'
        f'<div class="pane-node-body"><div class="field-name-body">{body}</div></div>'
    )


def read(html: bytes, url: str = URL) -> dict[str, Any]:
    return parse_article(html, url).to_dict()


def fields(record: dict[str, Any], *names: str) -> list[Any]:
    return [record[name] for name in names]
