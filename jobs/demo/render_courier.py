"""The Courier's rendered pages: Next.js with its state, or the same HTML without one."""

from __future__ import annotations

from html import escape
from typing import Any

from jobs.demo import nodes
from jobs.demo.content import Block, Story
from jobs.demo.markup import (
    hong_kong_clock,
    hong_kong_day,
    hong_kong_stamp,
    inline_html,
    json_ld,
    meta_tags,
    page_head,
    script_json,
    short_headline,
    utc_stamp,
)
from jobs.demo.newsrooms import COURIER
from jobs.demo.next_state import next_state

BODY_HTML = {
    "p": '<p class="e1r9cd40 css-7f3k2q" data-qa="Component-Component">{html}</p>',
    "promo": '<p class="e1r9cd40 css-7f3k2q" data-qa="Component-Component"><em>{text}</em></p>',
    "h2": '<h2 class="e1r9cd41" data-qa="Component-Component">{text}</h2>',
    "h3": '<h3 class="e1r9cd42" data-qa="Component-Component">{text}</h3>',
    "related": '<h3><a data-entity-bundle="article" href="{href}">{text}</a></h3>',
    "image": '<figure data-qa="Component-Component"><img src="{href}" alt="{caption}">'
    "<figcaption>{caption}</figcaption></figure>",
    "video": '<div class="video" data-qa="VideoPlayer"><a href="{href}"><time>{duration}</time>'
    "<p>{text}</p></a><figcaption>{text}</figcaption></div>",
    "ad": '<div class="ad-slot" data-qa="InlineAdSlot">Advertisement</div>',
    "widget": '<div class="widget" data-qa="InlineWidget"></div>',
}
MY_NEWS = (
    '<aside class="box" data-qa="MyNews"><p>Get more with myNEWS</p>'
    "<p>A personalised news feed of stories that matter to you</p><p>Learn more</p></aside>\n"
)
READ_ON = '<p><a class="button" data-qa="ReadFullArticle" href="#">READ FULL ARTICLE</a></p>'
SUBSCRIBE = (
    '<div class="box piano-metering__paywall-container" data-qa="PaywallContainer">'
    "<h4>This article is for Courier Plus subscribers</h4>"
    "<p>Subscribe to continue reading. Already a subscriber? Sign in.</p></div>"
)
METER = '<div class="piano-metering__paywall-container"></div>'


def courier_page(story: Story, base_url: str) -> str:
    """A page of the 2022 template: `story.template` says what it holds beside the HTML."""
    state = ""
    if story.template != "rendered":
        value = script_json(next_state(story, base_url))
        state = f'<script id="__NEXT_DATA__" type="application/json">{value}</script>'
    return (
        f'<!DOCTYPE html><html lang="en"><head>{courier_head(story, base_url)}</head>\n<body>'
        f'<header><nav><a href="{COURIER.front_path}">{COURIER.name}</a>'
        '<a href="/news/china/diplomacy">Diplomacy</a></nav></header>\n'
        '<div class="ad-slot" data-qa="AdSlot">Advertisement</div>\n'
        f"<main>{_article_html(story, base_url)}{_most_popular(story)}</main>\n"
        f"<footer><p>{COURIER.disclaimer}</p></footer>{state}</body></html>\n"
    )


def courier_head(story: Story, base_url: str, extra: str = "") -> str:
    """Titles, addresses and, on pages with a state, structured data."""
    meta = [("og:type", "article"), ("og:title", story.social_headline)]
    if story.lead:
        meta.append(("og:image", f"{base_url}{story.lead.path}?itok=Qm4xT1&v={story.number}"))
    data = "" if story.template == "rendered" else json_ld(_linked_data(story, base_url))
    title = f"{story.headline} | {COURIER.name}"
    return page_head(title, base_url + story.path, meta_tags(meta) + extra + data)


def _linked_data(story: Story, base_url: str) -> dict[str, Any]:
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "ReportageNewsArticle",
        "headline": short_headline(story.headline),
        "alternativeHeadline": story.social_headline,
        "mainEntityOfPage": base_url + story.path,
        "datePublished": hong_kong_stamp(story.published),
        "dateModified": hong_kong_stamp(story.changed),
        "author": [{"@type": "Person", "name": name} for name in story.authors],
        "publisher": {"@type": "NewsMediaOrganization", "name": COURIER.name},
    }
    if story.paywall != "none":
        gate = {"@type": "WebPageElement", "isAccessibleForFree": "False"}
        gate["cssSelector"] = ".paywalled-content"
        data |= {"isAccessibleForFree": "False", "hasPart": gate}
    return data


def _article_html(story: Story, base_url: str) -> str:
    topic = story.topics[0]
    bullets = "".join(f"<li>{escape(bullet)}</li>" for bullet in story.summary)
    return (
        '<article><div class="topic" data-qa="ContentHeadline-Topic">'
        f'<a href="/topics/{nodes.address_slug(topic)}">{escape(topic)}</a></div>\n'
        f"{MY_NEWS}{_lead_figure(story, base_url)}"
        f'<h1 data-qa="ContentHeadline-Headline"><span>{escape(story.headline)}</span></h1>\n'
        f'<ul class="summary" data-qa="ContentSubHeadline">{bullets}</ul>\n'
        f'<div class="byline" data-qa="Byline">{author_links(story)}</div>\n{_dates(story)}'
        f'<section data-qa="ContentBody">{_body_section(story, base_url)}</section>\n'
        f"{_comments(story)}</article>\n"
    )


def _lead_figure(story: Story, base_url: str) -> str:
    if not story.lead:
        return ""
    size = "" if story.template == "rendered" else "?itok=Qm4xT1"
    line = escape(COURIER.caption_line(story.lead.caption, story.lead.credit))
    return (
        f'<figure data-qa="LeadingImage"><img src="{base_url}{story.lead.path}{size}" '
        f'alt="{line}"><figcaption>{line}</figcaption></figure>\n'
    )


def author_links(story: Story, attributes: str = "") -> str:
    """The authors' names, each a link to an author page."""
    return " and ".join(
        f'<a {attributes}href="/author/{nodes.address_slug(name)}">{escape(name)}</a>'
        for name in story.authors
    )


def _dates(story: Story) -> str:
    times = [("Published", story.published)]
    if story.updated:
        times.append(("Updated", story.updated))
    spans = "".join(
        f'<time datetime="{utc_stamp(moment)}">{label}: {hong_kong_clock(moment)}, '
        f"{hong_kong_day(moment)}</time> "
        for label, moment in times
    )
    return f'<div class="dates" data-qa="Dates">{spans}</div>\n'


def _body_section(story: Story, base_url: str) -> str:
    if story.template == "next-stub":
        return body_html(story.body[:1], base_url, BODY_HTML) + READ_ON
    whole = body_html(story.body, base_url, BODY_HTML)
    return whole + {"closed": SUBSCRIBE, "metered": METER}.get(story.paywall, "")


def body_html(body: tuple[Block, ...], base_url: str, forms: dict[str, str]) -> str:
    """A body in HTML; `forms` has one format string for each kind of block."""
    return "\n".join(
        forms[block.kind].format(
            html=inline_html(block.text, base_url),
            text=escape(block.text),
            href=escape(base_url + block.path),
            caption=escape(COURIER.caption_line(block.text, block.credit)),
            duration=block.duration,
        )
        for block in body
    )


def _comments(story: Story) -> str:
    if story.comment_count is None:
        return ""
    return f'<button data-qa="CommentButton"><span>{story.comment_count}</span></button>'


def _most_popular(story: Story) -> str:
    links = "".join(
        f'<li><a href="{other.path}">{escape(other.social_headline)}</a></li>'
        for other in nodes.neighbours(story)
    )
    return f'<aside class="box"><h2>{COURIER.list_title}</h2><ul>{links}</ul></aside>'
