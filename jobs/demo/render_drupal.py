"""The Courier's oldest template, as Drupal 7 rendered it."""

from __future__ import annotations

from html import escape

from jobs.demo.content import Story
from jobs.demo.markup import (
    hong_kong_clock,
    hong_kong_day,
    hong_kong_stamp,
    inline_html,
    meta_tags,
    page_head,
)
from jobs.demo.newsrooms import COURIER
from jobs.demo.render_courier import author_links

PAGE_CLOCK = "Thu • Nov 19, 2026 • Updated: 3:12pm"  # of the page, not of the article


def drupal_page(story: Story, base_url: str) -> str:
    """A whole page."""
    meta = [("og:type", "article"), ("og:title", story.social_headline)]
    if story.lead:
        meta.append(("og:image", base_url + story.lead.path))
    head = page_head(f"{story.headline} | {COURIER.name}", base_url + story.path, meta_tags(meta))
    return (
        f'<!DOCTYPE html><html lang="en"><head>{head}</head>\n'
        '<body class="html not-front node-type-article">'
        f'<header><div class="page-clock">{PAGE_CLOCK}</div>'
        f'<nav><a href="{COURIER.front_path}">{COURIER.name}</a></nav></header>\n'
        f'<main class="panel-display">{_article_panes(story, base_url)}</main>\n'
        f"<footer><p>{COURIER.disclaimer}</p></footer></body></html>\n"
    )


def _article_panes(story: Story, base_url: str) -> str:
    subheading = f'<div class="field-name-field-subheading">{escape(story.summary[0])}</div>'
    authors = f'<div class="field field-name-field-authors">{author_links(story)}</div>'
    body = "\n".join(f"<p>{inline_html(block.text, base_url)}</p>" for block in story.body)
    panes = [
        f'<h1 class="title" id="page-title">{escape(story.headline)}</h1>',
        _pane("pane-node-field-subheading summary", subheading),
        _pane("pane-node-field-authors byline", authors),
        _dates(story),
        _pane("pane-node-field-images", _gallery(story, base_url)),
        _pane("pane-node-body", f'<div class="field field-name-body">{body}</div>'),
        _pane("pane-follow", "<p>Follow us on Facebook and Twitter</p>"),
    ]
    return "\n".join(panes)


def _pane(name: str, content: str) -> str:
    return f'<div class="panel-pane {name}"><div class="pane-content">{content}</div></div>'


def _dates(story: Story) -> str:
    panes = []
    for name, label, moment in (
        ("created", "dateCreated", story.published),
        ("changed", "dateModified", story.changed),
    ):
        shown = f"{hong_kong_day(moment, ',')}, {hong_kong_clock(moment)}"
        stamp = f'<meta itemprop="{label}" content="{hong_kong_stamp(moment)}">'
        panes.append(stamp + _pane(f"pane-node-{name} dates", shown))
    return "".join(panes)


def _gallery(story: Story, base_url: str) -> str:
    if not story.lead:
        return ""
    address = base_url + story.lead.path
    line = escape(COURIER.caption_line(story.lead.caption, story.lead.credit))
    return (
        '<div class="scmp_gallery"><div class="gallery-slide">'
        f'<a href="{address}" title="{line}"><img src="/images/blank.gif" '
        f'data-original="{address}" alt="{line}" title="{line}"></a></div></div>'
    )
