"""The three feeds: RSS 2.0 with trackers and media, Atom, and plain RSS."""

from __future__ import annotations

from email.utils import format_datetime
from html import escape

from jobs.demo.content import Story
from jobs.demo.newsrooms import COURIER, HEPING, VESTNIK

TRACKER = "?utm_source=rss_feed"
LEAD_PARAGRAPHS = 2  # that a Courier feed item gives

_COURIER_SPACES = (
    'xmlns:atom="http://www.w3.org/2005/Atom" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:media="http://search.yahoo.com/mrss/"'
)


def courier_feed(listed: list[Story], base_url: str) -> str:
    """RSS 2.0 whose links and guids carry a tracking parameter."""
    items = ""
    for story in listed:
        items += _courier_item(story, base_url, story.path + TRACKER)
        if story.other_link:
            items += _courier_item(story, base_url, story.other_link)
    title = "China-Russia relations - The Amur Courier"
    link = f'<atom:link href="{base_url}{COURIER.feed_path}" rel="self"/>\n'
    return _rss(title, base_url + COURIER.front_path, "en-HK", link + items, _COURIER_SPACES)


def _courier_item(story: Story, base_url: str, link: str) -> str:
    address = escape(base_url + link)
    description = escape("\n".join(story.paragraphs[:LEAD_PARAGRAPHS]) + "...")
    media = ""
    if story.lead:
        media = f'<media:content url="{base_url}{story.lead.path}" medium="image"/>\n'
    return (
        f"<item><title>{escape(story.headline)}</title>\n"
        f'<link>{address}</link>\n<guid isPermaLink="true">{address}</guid>\n'
        f"<description>{description}</description>\n"
        f"<dc:creator>{escape(','.join(story.authors))}</dc:creator>\n"
        f"{media}<pubDate>{format_datetime(story.changed)}</pubDate></item>\n"
    )


def vestnik_feed(listed: list[Story], base_url: str) -> str:
    """Atom 1.0, in UTF-8 though the pages are not."""
    newest = max(story.changed for story in listed)
    entries = "".join(_vestnik_entry(story, base_url) for story in listed)
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="ru">'
        f"<title>{VESTNIK.name}</title>\n<id>tag:vestnik.example,2026:atom</id>\n"
        f'<link rel="self" href="{base_url}{VESTNIK.feed_path}"/>\n'
        f'<link rel="alternate" href="{base_url}{VESTNIK.front_path}"/>\n'
        f"<updated>{newest.isoformat()}</updated>\n{entries}</feed>\n"
    )


def _vestnik_entry(story: Story, base_url: str) -> str:
    authors = "".join(f"<author><name>{escape(name)}</name></author>" for name in story.authors)
    return (
        f"<entry><title>{escape(story.headline)}</title>\n"
        f"<id>tag:vestnik.example,2026:{story.path}</id>\n"
        f'<link rel="alternate" type="text/html" href="{base_url}{story.path}"/>\n'
        f"{authors}<published>{story.published.isoformat()}</published>\n"
        f"<updated>{story.changed.isoformat()}</updated>\n"
        f"<summary>{escape(story.summary[0])}</summary></entry>\n"
    )


def heping_feed(listed: list[Story], base_url: str) -> str:
    """RSS 2.0 in its plainest form."""
    items = ""
    for story in listed:
        for path in filter(None, (story.path, story.other_link)):
            items += (
                f"<item><title>{escape(story.headline)}</title>\n"
                f"<link>{base_url}{path}</link>\n"
                f"<description>{escape(story.summary[0])}</description>\n"
                f"<pubDate>{format_datetime(story.published)}</pubDate></item>\n"
            )
    return _rss(HEPING.name, base_url + HEPING.front_path, "zh-CN", items)


def _rss(title: str, link: str, language: str, items: str, spaces: str = "") -> str:
    return (
        f'<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0" {spaces}><channel>'
        f"<title>{title}</title><link>{link}</link>\n<description>{title}</description>"
        f"<language>{language}</language>\n{items}</channel></rss>\n"
    )
