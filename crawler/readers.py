"""What a fetched page or source holds, whatever its bytes: any fault costs it alone."""

from __future__ import annotations

from crawler.discover import Discovery, Reach, Source, read_source
from crawler.errors import CrawlError, KeptOutError, NotAnArticle, UnreadableError
from crawler.evidence import fill_from_listing
from crawler.items import Article, FetchedPage, Lead
from crawler.outlets import Outlet
from crawler.parsers import read_article
from crawler.reading.challenge import CHALLENGE, WALL
from crawler.relevance import Judge


def discover(page: FetchedPage, source: Source, outlet: Outlet, reach: Reach) -> Discovery:
    """What a fetched source lists. Raises `CrawlError`, whatever its bytes."""
    try:
        return read_source(page, source, outlet, reach)
    except CrawlError:
        raise
    except Exception as error:
        # A fault of a reader costs its source, and not the crawl of all outlets.
        reason = f"{source.kind}: the reader failed, please report it: {type(error).__name__}"
        raise UnreadableError(outlet.id, page.url, f"{reason}: {error}") from error


def read_page(
    outlet: Outlet, lead: Lead, page: FetchedPage, *, is_text: bool, judge: Judge | None = None
) -> Article:
    """The article of a fetched page, judged by the packaged topic if no other.

    What the page does not tell is filled from its listing. Raises `UnreadableError` where it
    holds no article.
    """
    if not is_text:
        found = page.header("Content-Type") or "no type"
        raise UnreadableError(outlet.id, page.url, f"parse: no HTML page but {found}")
    content_type = page.header("Content-Type")
    try:
        article = read_article(page.body, page.url, outlet, content_type=content_type, judge=judge)
    except NotAnArticle as error:
        reason = f"parse: not an article: {error.reason}"
        kind = KeptOutError if error.reason in (CHALLENGE, WALL) else UnreadableError
        raise kind(outlet.id, page.url, reason) from error
    except Exception as error:
        # A fault of a reader costs its page, which is kept, and not the crawl of all outlets.
        reason = f"parse: the reader failed, please report it: {type(error).__name__}: {error}"
        raise UnreadableError(outlet.id, page.url, reason) from error
    fill_from_listing(article, lead)
    return article
