"""Pages of 8 MiB that no newsroom has: each has far too much of one thing."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial

from crawler.text import MAX_PAGE_BYTES
from tests.parsers import scmp_pages as pages

SCMP_URL = pages.URL
GENERIC_URL = "https://news.example/2023/11/night-ferry-links-two-river-towns"
URLS = {"scmp": SCMP_URL, "generic": GENERIC_URL}

_MOST_TAGS = 58_000  # of a page; with more a page is refused before it is parsed
_SHELL = 2000  # bytes of a page around what it is filled with

Page = Callable[[int], bytes]
"""A page of about as many bytes."""


def with_body(body: str, head: str = "") -> bytes:
    return pages.page(pages.rendered(body), head)


def run(unit: str, size: int) -> str:
    """A piece again and again, as many bytes in all."""
    return unit * max(1, (size - _SHELL) // len(unit.encode()))


def many(unit: str, size: int, most: int = _MOST_TAGS) -> str:
    """As many elements as are parsed, numbered at `{n}`, `{pad}` filled up to the size."""
    tags = max(1, unit.count("<"))
    count = max(1, min(most // tags, (size - _SHELL) // len(unit.encode())))
    spare = (size - _SHELL) // count - len(unit.encode())
    padding = ("ferry pier " * (spare // 11 + 1))[: max(0, spare)] if "{pad}" in unit else ""
    return "".join(
        unit.replace("{n}", str(number)).replace("{pad}", padding) for number in range(count)
    )


UNITS = {
    "words": "ferry ", "one word": "i", "blanks": " ", "no-break blanks": "\u00a0",
    "lines": "\n", "line breaks": "\u2028", "invisible": "\u200b", "full stops": ".",
    "sentences": "Ice. ", "commas": ",", "comma blanks": " , ", "marks": "!?", "quotes": '"',
    "curly quotes": "“", "apostrophes": "'s ", "digits": "9", "numbers": "1234567 ",
    "clocks": "1:11pm, ", "times": "09:43 ", "days": "12 May 2023 ", "iso days": "2023-05-12",
    "labelled": "Published: 1:11pm, 12 May 2023 ", "names": "Anna Lee ", "initials": "A, B, ",
    "bylines": "By A, B, C and ", "and": " and ", "in places": "in Aand @ ", "han": "中",
    "han names": "记者 李平 ", "han lists": "中俄、", "emoji": "🚢", "combining": "e\u0301\u0323",
    "capitals": "A. ", "sharp": "İß", "escaped": "&amp;", "ampersands": "&", "numeric": "&#x41;",
    "less": "&lt;b&gt;", "open": "(", "open square": "[", "closed": ")", "slashes": "/",
    "hyphens": "-", "hyphened": "a-", "bars": " | ", "dots": "·", "at": "a@", "links": "http://a ",
    "hosts": "a.com, ", "photo": "Photo: (", "agencies": "AP/", "copyright": "© ",
    "countries": "Russia and China ", "abbreviated": "U.S. ", "humps": "aB", "sizes": "/a 2w, ",
    "newsletter": "subscribe our ", "surveys": "take our ", "hashes": "#a ", "semicolons": "; ",
    "cyrillic": "Паром ", "percent": "%41", "comments": "<!-- -->", "breaks": "<br>",
    "bold": "<b>ice</b> ", "doubled breaks": "\u2028 \u2028", "equals": "=", "tabs": "\t",
}  # fmt: skip
"""What a place is filled with."""


def _meta(name: str, text: str) -> bytes:
    return with_body("", f'<meta property="{name}" name="{name}" content="{text}">')


def _json_ld(key: str, text: str) -> bytes:
    article = {"@type": "NewsArticle", "headline": pages.HEADLINE, key: text}
    script = (
        f'<script type="application/ld+json">{json.dumps(article, ensure_ascii=False)}</script>'
    )
    return pages.page(pages.rendered(byline="", dates="", topic=None), script)


def _state(key: str, text: str) -> bytes:
    value: object = [{"name": text}] if key in ("authors", "topics") else text
    if key in ("body", "subHeadline"):
        value = {"json": [pages.node("p", text)]}
    return pages.next_page(pages.article(**{key: value}))


PLACES: dict[str, Callable[[str], bytes]] = {
    "p": lambda text: with_body(f"<p>{text}</p>"),
    "div": lambda text: with_body(f"<div>{text}</div>"),
    "li": lambda text: with_body(f"<ul><li>{text}</li></ul>"),
    "td": lambda text: with_body(f"<table><tr><td>{text}</td></tr></table>"),
    "h2": lambda text: with_body(f"<h2>{text}</h2><p>Ice.</p>"),
    "h1": lambda text: pages.page(pages.rendered(headline=text)),
    "title": lambda text: pages.page(pages.rendered(), f"<title>{text}</title>"),
    "byline": lambda text: pages.page(pages.rendered(byline=text)),
    "author link": lambda text: pages.page(pages.rendered(byline=f'<a rel="author">{text}</a>')),
    "dates": lambda text: pages.page(pages.rendered(dates=text)),
    "time": lambda text: pages.page(pages.rendered(dates=f"<time>{text}</time>")),
    "datetime": lambda text: pages.page(pages.rendered(dates=f'<time datetime="{text}">')),
    "topic": lambda text: pages.page(pages.rendered(topic=text)),
    "kicker": lambda text: with_body(f'<div class="kicker">{text}</div>'),
    "standfirst": lambda text: pages.page(
        pages.rendered().replace("<section", f'<h2 class="sub-headline">{text}</h2><section')
    ),
    "figcaption": lambda text: with_body(
        f'<figure><img src="/a.jpg"><figcaption>{text}</figcaption></figure>'
    ),
    "caption": lambda text: with_body(
        f'<div><img src="/a.jpg"><span class="caption">{text}</span></div>'
    ),
    "credit": lambda text: with_body(
        f'<figure><img src="/a.jpg"><span class="credit">{text}</span></figure>'
    ),
    "alt": lambda text: with_body(f'<img src="/a.jpg" alt="{text}" title="{text[:99]}">'),
    "src": lambda text: with_body(f'<figure><img src="/{text}"></figure>'),
    "srcset": lambda text: with_body(f'<figure><img srcset="{text}"></figure>'),
    "href": lambda text: with_body(f'<h3><a href="{text}">A link to the article</a></h3>'),
    "frame": lambda text: with_body(f'<iframe src="/video/{text}"></iframe>'),
    "class": lambda text: with_body(f'<div class="{text}"><p>Ice on the river.</p></div>'),
    "class of p": lambda text: with_body(f'<p class="{text}">Ice on the river.</p>'),
    "id": lambda text: with_body(f'<div id="{text}"><p>Ice on the river.</p></div>'),
    "itemprop": lambda text: with_body(
        f'<div itemscope itemtype="NewsArticle"><p itemprop="{text}">Ice on the river.</p></div>'
    ),
    "lang": lambda text: with_body("").replace(b'lang="en"', f'lang="{text}"'.encode()),
    "canonical": lambda text: with_body("", f'<link rel="canonical" href="{text}">'),
    "tag": lambda text: with_body(f'<div class="tags"><a href="/tag/a">{text}</a><a>x</a></div>'),
    "video": lambda text: with_body(f'<div class="video"><a href="/v">{text}</a></div>'),
    "comment count": lambda text: with_body(f'<b class="comment-count">{text}</b>'),
    "script": lambda text: with_body(f"<script>{text}</script>"),
    "style": lambda text: with_body(f"<style>{text}</style>"),
    "state": lambda text: pages.state_page(f'{{"a": {{{text}}}}}', pages.rendered()),
    "template": lambda text: with_body(f"<template>{text}</template><noscript>{text}</noscript>"),
    "the whole page": lambda text: text.encode(),
    **{
        f"meta {name}": partial(_meta, name)
        for name in (
            "og:title", "description", "author", "keywords", "article:section", "og:url",
            "article:published_time", "og:image", "og:site_name",
        )
    },
    **{
        f"json-ld {key}": partial(_json_ld, key)
        for key in (
            "author", "keywords", "datePublished", "articleBody", "articleSection", "description",
            "image", "isAccessibleForFree", "commentCount", "headline", "wordCount", "publisher",
            "inLanguage",
        )
    },
    **{
        f"state {key}": partial(_state, key)
        for key in (
            "headline", "body", "subHeadline", "authors", "topics", "publishedDate", "urlAlias",
            "commentCount", "paywallTypes", "images",
        )
    },
}  # fmt: skip
"""Where a page may have too much of one piece."""


def filled(place: str, unit: str, size: int = MAX_PAGE_BYTES) -> bytes:
    """A page with one piece again and again at one place."""
    return PLACES[place](run(UNITS[unit], size - _SHELL))


def _attributes(size: int) -> bytes:
    return with_body("<p " + " ".join(f"a{n}=x" for n in range(size // 10)) + ">x")


def _fair_attributes(size: int) -> bytes:
    """As many attributes in every tag as are read."""
    tag = "<i " + " ".join(f"a{n}=x" for n in range(190)) + ">"
    return with_body("<p>" + tag * ((size - _SHELL) // len(tag)))


def _classes(size: int) -> bytes:
    return with_body(f'<div class="{run("a date ", size)}"><p>Ice.</p></div>')


def _elements(unit: str, size: int) -> bytes:
    return with_body(many(unit, size))


def _nested(unit: str, depth: int, size: int) -> bytes:
    end = "".join(f"</{tag.split()[0]}>" for tag in reversed(unit.strip("<>").split("><")))
    inside = many("<p>Ice on the river. {pad}</p>", size, most=1000)
    return with_body(unit * depth + inside + end * depth)


def _combs(depth: int, unit: str, size: int) -> bytes:
    """Elements that each stand deep inside others."""
    return with_body("<div>" * depth + many(unit, size, _MOST_TAGS - depth))


def _script(attributes: str, unit: str, size: int, opening: str = "[", end: str = "]") -> bytes:
    text = opening + (run(unit, size - _SHELL).rstrip(",") if unit else "") + end
    return pages.page(f"<script {attributes}>{text}</script>{pages.rendered()}")


_LD = 'type="application/ld+json"'
_NEXT = 'id="__NEXT_DATA__" type="application/json"'
_ARTICLE = '{"@type":"NewsArticle","headline":"Ferry","datePublished":"2023-11-14T22:13:20Z"},'


def nested_state(depth: int) -> bytes:
    node = '{"type":"div","children":[' * depth + "1" + "]}" * depth
    html = pages.next_page(pages.article(body="@"), pages.rendered())
    return html.replace(b'"@"', f'{{"json":[{node}]}}'.encode())


def _bombed_cache(size: int) -> bytes:
    """References to references: thirty to the seventh if each were followed anew."""
    cache = pages.apollo_cache(topics=[{"type": "id", "id": "A"}] * 30)
    cache |= {
        first: {"x": [{"type": "id", "id": second}] * 30}
        for first, second in zip("ABCDEFG", "BCDEFGH", strict=True)
    }
    return pages.apollo_page(cache)


def _state_nodes(kind: str, size: int) -> bytes:
    nodes = [pages.node(kind, "Ice")] * ((size - 2 * _SHELL) // 80)
    return pages.next_page(pages.article(*nodes))


def _state_list(key: str, entry: object, size: int) -> bytes:
    count = (size - 2 * _SHELL) // (len(json.dumps(entry)) + 2)
    return pages.next_page(pages.article(**{key: [entry] * count}))


def _of(unit: str) -> Page:
    return partial(_elements, unit)


KINDS: dict[str, Page] = {
    "8 MiB in a line": partial(filled, "p", "words"),
    "8 MiB in a word": partial(filled, "p", "one word"),
    "8 MiB of sentences": partial(filled, "p", "sentences"),
    "8 MiB of blanks": partial(filled, "p", "blanks"),
    "8 MiB of punctuation": partial(filled, "p", "marks"),
    "8 MiB of digits": partial(filled, "p", "digits"),
    "8 MiB of quotes": partial(filled, "p", "curly quotes"),
    "8 MiB of Han": partial(filled, "p", "han"),
    "8 MiB of emoji": partial(filled, "p", "emoji"),
    "8 MiB of combining marks": partial(filled, "p", "combining"),
    "8 MiB of dates": partial(filled, "dates", "labelled"),
    "8 MiB of names": partial(filled, "byline", "bylines"),
    "8 MiB of ampersands": partial(filled, "p", "ampersands"),
    "8 MiB of <": lambda size: b"<" * size,
    "8 MiB of nothing": lambda size: b"\0" * size,
    "a headline": partial(filled, "h1", "bars"),
    "a caption of markers": partial(filled, "alt", "photo"),
    "50,000 open elements": lambda size: with_body("<div>" * 50_000),
    "50,000 elements inside each other": partial(_nested, "<div>", 50_000),
    "50,000 inline elements": lambda size: with_body("<p>" + "<b><i>" * 25_000),
    "50,000 tables": lambda size: with_body("<table>" * 50_000),
    "2,900 elements inside each other": partial(_nested, "<div>", 2900),
    "2,900 marked elements": partial(_nested, '<div class="text">', 2900),
    "2,900 lists": partial(_nested, "<ul><li>", 1450),
    "2,900 spans": partial(_nested, "<span>", 2900),
    "60 elements inside each other": partial(_nested, '<div class="date author">', 60),
    "900 small elements inside each other": lambda size: _nested("<div>", 900, 250_000),
    "2,900 small elements inside each other": lambda size: _nested(
        '<div class="text">', 2900, 900_000
    ),
    "2,900 quotes": lambda size: _nested("<blockquote>", 2900, 900_000),
    "lines deep inside": partial(_combs, 2900, "<p>Ice {n} {pad}</p>"),
    "links deep inside": partial(_combs, 2900, '<a href="/tag/{n}">Ice</a>'),
    "pictures deep inside": partial(_combs, 2900, '<img src="/a{n}.jpg">'),
    "bylines deep inside": partial(_combs, 2900, '<b class="author byline date">{n}</b>'),
    "30 attributes in every tag": lambda size: with_body(
        "<p>" + ("<i " + " ".join(f"a{n}" for n in range(30)) + ">") * 57_000
    ),
    "11 attributes in every tag": lambda size: with_body(
        "<p>" + ("<i " + " ".join(f"a{n}" for n in range(11)) + ">") * 57_000
    ),
    "a million attributes": _attributes,
    "190 attributes in every tag": _fair_attributes,
    "100,000 quoted": lambda size: with_body(
        "<p " + "".join(f'a{n}="<"' for n in range(100_000)) + ">x"
    ),
    "100,000 bare": lambda size: with_body(
        "<p " + "/".join(f"a{n}" for n in range(100_000)) + ">x"
    ),
    "names in names": lambda size: with_body("<a" * 58_000),
    "values in values": lambda size: with_body("<a/b=" * 58_000),
    "100,000 behind a comment": lambda size: with_body(
        "<!-- <script --><p " + " ".join(f"a{n}" for n in range(100_000)) + ">x</script>"
    ),
    "100,000 behind a quote": lambda size: with_body(
        '<!-- <a x=" --><p ' + " ".join(f"a{n}" for n in range(100_000)) + ' y="">x'
    ),
    "a million classes": _classes,
    "a million tags": lambda size: with_body("<br>" * (size // 4)),
    "58,000 breaks": _of("ice<br>"),
    "many paragraphs": _of("<p>Ice on the river, {n}. {pad}</p>"),
    "many short paragraphs": _of("<p>Ice on the river, {n}.</p>"),
    "many equal paragraphs": _of("<p>Ice on the river as in the years before the war.</p>"),
    "many links in one element": _of('<a href="/tag/{n}">Ice {n}</a>'),
    "many list items": _of("<li>Ice {n} {pad}</li>"),
    "many linked list items": _of('<li><a href="/topic/{n}">Ice {pad}</a></li>'),
    "many spans": _of("<span>Ice {pad}</span>"),
    "many boxes": _of('<div class="a{n} teaser"><div>Ice. {pad}</div></div>'),
    "many classes": _of('<p class="c{n}">Ice on the river, {n}. {pad}</p>'),
    "many cells": _of("<table><tr><td>Ice {n} {pad}</td></tr></table>"),
    "many cells of one table": lambda size: with_body(
        f"<table><tr>{many('<td>Ice {n} {pad}</td>', size)}</tr></table>"
    ),
    "many rows": lambda size: with_body(
        f"<table>{many('<tr><td>Ice {n} {pad}</td></tr>', size)}</table>"
    ),
    "many times": _of('<time datetime="2023-11-{n}">{n} May 2023 {pad}</time>'),
    "many dates": _of('<span class="date meta">{n} May 2023 {pad}</span>'),
    "many bylines": _of('<div class="byline author">By Anna {n} {pad}</div>'),
    "many authors": _of('<a rel="author" href="/author/{n}">Anna Lee {pad}</a>'),
    "many metas": lambda size: with_body(
        "", many('<meta name="m{n}" property="p{n}" content="{n} {pad}">', size)
    ),
    "many equal metas": lambda size: with_body(
        "", many('<meta name="author" content="Anna {n} Lee, {pad}">', size)
    ),
    "many topics": lambda size: with_body(
        "", many('<meta name="article:tag" content="Ice {n}, {pad}">', size)
    ),
    "many dates in metas": lambda size: with_body(
        "", many('<meta name="date" content="{n} May 2023 {pad}">', size)
    ),
    "many pictures": _of('<img src="/a{n}.jpg" alt="Pier {n}. Photo: AP {pad}">'),
    "many figures": _of(
        '<figure><img src="/a{n}.jpg"><figcaption>Pier {n}. Photo: AP {pad}</figcaption></figure>'
    ),
    "many pictures of one figure": lambda size: with_body(
        f"<figure>{many('<img src=/a{n}.jpg><figcaption>Pier {n} {pad}</figcaption>', size)}"
        "</figure>"
    ),
    "many sources": lambda size: with_body(
        f"<picture>{many('<source srcset=/a{n}.jpg>', size)}<img></picture>"
    ),
    "many credits": lambda size: with_body(
        '<figure><img src="/a.jpg">'
        + many('<span class="credit">AP {n} {pad}</span>', size)
        + "</figure>"
    ),
    "many marked properties": lambda size: with_body(
        '<div itemscope itemtype="https://schema.org/NewsArticle">'
        + many('<b itemprop="keywords {pad}">Anna {n}</b>', size)
    ),
    "many marked elements": lambda size: with_body(
        '<div itemscope itemtype="https://schema.org/NewsArticle">'
        + many('<b itemprop="author keywords">Anna {n} {pad}</b>', size)
    ),
    "many videos": _of('<div class="video"><a href="/v{n}">x {pad}</a></div>'),
    "many frames": _of('<iframe src="/video/{n}" title="{pad}"></iframe>'),
    "many headings": _of("<h2>Ice {n}</h2><p>09:43 {pad}</p>"),
    "many headlines": _of("<h1>Ice on the river {n} {pad}</h1>"),
    "many linked headings": _of('<h3><a href="/article/{n}/x">Ice on {n} {pad}</a></h3>'),
    "many quotes": _of('<blockquote class="pull-quote">Ice on the river {n} {pad}</blockquote>'),
    "many comment counts": _of('<b class="comment-count">{n}</b>'),
    "many articles": _of("<article><h2>Ice {n}</h2><p>Ice on the river. {pad}</p></article>"),
    "many tags": _of('<a rel="tag" href="/t/{n}">Ice {n} {pad}</a>'),
    "many kickers": lambda size: pages.page(
        many('<div class="kicker section">Ice {n}</div>', size) + pages.rendered()
    ),
    "many scripts": _of("<script>x = [{n}]; {pad}</script>"),
    "many JSON-LD scripts": _of(f"<script {_LD}>{_ARTICLE.rstrip(',')} {{pad}}</script>"),
    "many lines beside the text": lambda size: with_body(
        f'<div class="related">{many("<p>Ice on the river was late, {n}. {pad}</p>", size)}</div>'
    ),
    "many marked lines": _of('<p class="related">Ice on the river was late, {n}. {pad}</p>'),
    "many headings over others": _of("<p>Related stories</p>"),
    "many headings over boxes": _of("<h3>Related stories</h3><div><p>Ice {n}</p></div>"),
    "many standfirsts": _of('<p class="standfirst">Ice on the river was late, {n}. {pad}</p>'),
    "many bold lines": _of("<p><b>Ice on the river was late, {n} {pad}</b></p>"),
    "many lists": _of("<ul><li>Ice on the river was late, {n}. {pad}</li></ul>"),
    "a long description": lambda size: with_body(
        many("<p>Ice on the river was late, {n}.</p>", size // 2),
        f'<meta name="description" content="{run("ice ", size // 2)}">',
    ),
    "a long headline over many lines": lambda size: pages.page(
        pages.rendered(many("<p>Ice on the river was late, {n}.</p>", size // 2)).replace(
            pages.HEADLINE, run("ice ", size // 2)
        )
    ),
    "a long copy of many lines": lambda size: with_body(
        many("<p>Ice on the river was late, {n}.</p>", size // 2),
        f'<script {_LD}>{{"@type":"NewsArticle","headline":"Ferry",'
        f'"articleBody":"{run("Ice on the river. ", size // 2)}"}}</script>',
    ),
    "many captions": _of('<div><p class="caption">Ice {n} {pad}</p></div>'),
    "unknown elements": _of("<ice-{n}>Ice on the river {pad}</ice-{n}>"),
    "a JSON-LD of articles": partial(_script, _LD, _ARTICLE),
    "a JSON-LD of objects": partial(_script, _LD, "{},"),
    "a JSON-LD of lists": partial(_script, _LD, "[],"),
    "a JSON-LD of numbers": partial(_script, _LD, "1,"),
    "a JSON-LD of documents": partial(_script, _LD, '{"a":1};', opening="", end=""),
    "a JSON-LD of commas": partial(_script, _LD, ",", opening="", end="]"),
    "a JSON-LD of comma blanks": partial(_script, _LD, " ,", opening="[", end=""),
    "a JSON-LD of blanks": partial(_script, _LD, " ", opening="[1,", end="x"),
    "a JSON-LD of authors": partial(
        _script, _LD, '{"name":"Anna Lee"},',
        opening='{"@type":"NewsArticle","headline":"Ferry","author":[', end="]}",
    ),
    "a JSON-LD of keywords": partial(
        _script, _LD, '"ice",', opening='{"@type":"NewsArticle","keywords":[', end="]}"
    ),
    "a JSON-LD of sections": partial(
        _script, _LD, "ice, ", opening='{"@type":"NewsArticle","articleSection":"', end='"}'
    ),
    "a JSON-LD of organisations": partial(
        _script, _LD, '{"@type":"Organization","name":["Ice","Sea","Air"]},'
    ),
    "a JSON-LD of breadcrumbs": partial(
        _script, _LD, '{"item":{"name":"Ice"}},',
        opening='{"@type":"BreadcrumbList","itemListElement":[', end="]}",
    ),
    "a JSON-LD of ids": partial(_script, _LD, '{"@id":"a"},'),
    "a JSON-LD of types": partial(
        _script, _LD, '"NewsArticle",', opening='{"@type":[', end="]}"
    ),
    "a JSON-LD cut short": partial(_script, _LD, '{"a":[1,', opening="[", end=""),
    "a deep JSON-LD": lambda size: pages.page(
        f"<script {_LD}>{'[' * (size - _SHELL)}</script>{pages.rendered()}"
    ),
    "authors in authors": lambda size: pages.page(
        f'<script {_LD}>{{"@type":"NewsArticle","author":'
        f"{'[' * 900}1{']' * 900}}}</script>{pages.rendered(byline='')}"
    ),
    "a state of objects": partial(_script, _NEXT, "{},"),
    "a state of lists": partial(_script, _NEXT, "[],"),
    "a state of numbers": partial(_script, _NEXT, "1,"),
    "a state of floats": partial(_script, _NEXT, "1.5,"),
    "a state of pairs": partial(_script, _NEXT, '{"a":1},'),
    "a state of keys": lambda size: _script(
        _NEXT, "", size, "{" + ",".join(f'"k{n}":{n}' for n in range(size // 18)), "}"
    ),
    "a state of texts": partial(_script, _NEXT, '{"type":"p","text":"Ice on the river."},'),
    "a state of markup": partial(
        _script, _NEXT, "<p>Ice on the river as in the years before. ",
        opening='{"a":"', end='"}',
    ),
    "a state of short markups": partial(_script, _NEXT, '"' + "<p>Ice on the river. " * 16 + '",'),
    "a state of short lists": partial(
        _script, _NEXT, '["' + "Ice on the river, as in the years before.\",\"" * 4 + '"],'
    ),
    "a state of deep markup": lambda size: _script(
        _NEXT, "", size, f'["{"<p><div>" * 25_000}', '"]'
    ),
    "a state of long markups": partial(
        _script, _NEXT, '"<p>' + "Ice on the river, late as before the war. " * 40 + '",'
    ),
    "a state of assignments": partial(_script, "", "a={", opening="", end=""),
    "a state of cut assignments": partial(_script, "", 'a={"b":[1,2,', opening="", end=""),
    "Apollo of keys": lambda size: pages.apollo_page(
        {f"ROOT_QUERY.{n}": {"headline": "x", "body": 1} for n in range(size // 50)}
    ),
    "a state of paragraphs": partial(_state_nodes, "p"),
    "a state of headings": partial(_state_nodes, "h3"),
    "a state of items": partial(_state_nodes, "li"),
    "a state of spans": partial(_state_nodes, "span"),
    "a state of quotes": partial(_state_nodes, "blockquote-quote"),
    "a state of unknown nodes": partial(_state_nodes, "ice"),
    "a state of topics": partial(_state_list, "topics", {"name": "Ice"}),
    "a state of videos": partial(_state_list, "articleVideos", {"title": "Ice", "url": "/v"}),
    "a state of images": partial(_state_list, "images", {"url": "/a.jpg", "title": "Photo: AP"}),
    "a state of sections": partial(_state_list, "sections", [{"name": "Ice"}]),
    "a deep state": lambda size: nested_state(300),
    "a very deep state": lambda size: nested_state(100_000),
    "references that multiply": _bombed_cache,
    "a number of digits": lambda size: pages.next_page(
        pages.article(publishedDate="@")
    ).replace(b'"@"', b"9" * 5000),
    "no number": lambda size: pages.next_page(
        pages.article(publishedDate=float("inf"), updatedDate=-1e300)
    ),
    "an address that is none": lambda size: pages.next_page(
        pages.article(urlAlias="//[x/article/3190001/")
    ),
}  # fmt: skip


def hostile(kind: str, size: int = MAX_PAGE_BYTES) -> bytes:
    """The page of that kind."""
    return KINDS[kind](size)
