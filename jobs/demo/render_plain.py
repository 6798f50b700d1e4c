"""The Russian and the Chinese newsroom: plain templates for a reader that knows neither."""

from __future__ import annotations

from html import escape
from typing import Any

from jobs.demo.content import Block, Story, stories
from jobs.demo.markup import inline_html, json_ld, meta_tags, page_head
from jobs.demo.newsrooms import HEPING, VESTNIK

MONTHS_OF = (
    "января", "февраля", "марта", "апреля", "мая", "июня",
    "июля", "августа", "сентября", "октября", "ноября", "декабря",
)  # fmt: skip
READ_ALSO = 3  # links under an article


def vestnik_page(story: Story, base_url: str) -> str:
    """«Вестник Приамурья»: semantic HTML. Served in windows-1251."""
    local = story.published
    shown = f"{local.day} {MONTHS_OF[local.month - 1]} {local.year}, {local:%H:%M}"
    authors = ", ".join(f'<a rel="author" href="#">{escape(name)}</a>' for name in story.authors)
    blocks = "\n".join(_block_html(block, base_url) for block in story.body)
    article = (
        f'<article><div class="rubric topic"><a href="{VESTNIK.front_path}">'
        f"{escape(story.sections[0])}</a></div>\n"
        f"<h1>{escape(story.headline)}</h1>\n"
        f'<p class="lead summary">{escape(story.summary[0])}</p>\n'
        f'<p class="byline">{authors} <time datetime="{local.isoformat()}">{shown}</time></p>\n'
        f"{_figure(story, base_url)}{blocks}\n</article>"
    )
    return _page(story, base_url, article)


def heping_page(story: Story, base_url: str) -> str:
    """《和平时报》: a `div` of paragraphs, the whole text in its structured data too."""
    blocks = "\n".join(_block_html(block, base_url) for block in story.body)
    authors = escape("、".join(story.authors))
    article = (
        f'<div class="article-header"><h1>{escape(story.headline)}</h1>\n'
        f'<div class="article-info dates"><span class="time">{story.published:%Y-%m-%d %H:%M}'
        f'</span> {HEPING.byline_label}<span class="author">{authors}</span>'
        f'</div>\n<p class="article-summary summary">{escape(story.summary[0])}</p></div>\n'
        f'<div class="article-content">{_figure(story, base_url)}{blocks}</div>'
    )
    text = {"articleBody": "\n".join(story.paragraphs)}
    return _page(story, base_url, article, text)


def _page(
    story: Story, base_url: str, article: str, more_data: dict[str, str] | None = None
) -> str:
    newsroom = story.newsroom
    data = json_ld(_linked_data(story, base_url) | (more_data or {}))
    title = f"{story.headline} — {newsroom.name}"
    extra = meta_tags(_meta(story, base_url)) + data
    head = page_head(title, base_url + story.path, extra, newsroom.charset)
    return (
        f'<!DOCTYPE html><html lang="{newsroom.language}"><head>{head}</head>\n'
        f'<body><header><nav><a href="{newsroom.front_path}">{newsroom.name}</a></nav></header>\n'
        f"<main>{article}\n{_read_also(story)}</main>\n"
        f"<footer><p>{newsroom.disclaimer}</p></footer></body></html>\n"
    )


def _meta(story: Story, base_url: str) -> list[tuple[str, str]]:
    pairs = [("og:type", "article"), ("og:title", story.headline)]
    pairs += [("og:site_name", story.newsroom.name), ("og:description", story.summary[0])]
    pairs += [("description", story.summary[0]), ("article:section", story.sections[0])]
    pairs += [("article:tag", topic) for topic in story.topics]
    pairs.append(("article:published_time", story.published.isoformat()))
    if story.lead:
        pairs.append(("og:image", base_url + story.lead.path))
    return pairs


def _linked_data(story: Story, base_url: str) -> dict[str, Any]:
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": story.headline,
        "description": story.summary[0],
        "mainEntityOfPage": base_url + story.path,
        "inLanguage": story.newsroom.language,
        "articleSection": story.sections[0],
        "datePublished": story.published.isoformat(),
        "author": [{"@type": "Person", "name": name} for name in story.authors],
        "publisher": {"@type": "NewsMediaOrganization", "name": story.newsroom.name},
        "isAccessibleForFree": True,
    }
    if story.updated:
        data["dateModified"] = story.updated.isoformat()
    if story.lead:
        data["image"] = [base_url + story.lead.path]
    return data


def _figure(story: Story, base_url: str) -> str:
    if not story.lead:
        return ""
    line = escape(story.newsroom.caption_line(story.lead.caption, story.lead.credit))
    return (
        f'<figure><img src="{base_url}{story.lead.path}" alt="{escape(story.lead.caption)}">'
        f"<figcaption>{line}</figcaption></figure>\n"
    )


def _block_html(block: Block, base_url: str) -> str:
    return f"<{block.kind}>{inline_html(block.text, base_url)}</{block.kind}>"


def _read_also(story: Story) -> str:
    others = [
        other
        for other in stories()
        if other.newsroom is story.newsroom and other.path != story.path and other.is_on_topic
    ]
    links = "".join(
        f'<li><a href="{other.path}">{escape(other.headline)}</a></li>'
        for other in others[:READ_ALSO]
        if not other.is_forbidden
    )
    return f'<aside class="box"><h2>{story.newsroom.list_title}</h2><ul>{links}</ul></aside>'
