"""What the sources of an outlet say of an article whose page is closed."""

from __future__ import annotations

from crawler.errors import BlockedError, CrawlError, UnreadableError
from crawler.items import Article, Lead, Relevance
from crawler.languages import detect, may_be, script_of
from crawler.outlets import Outlet
from crawler.relevance import judge

PARSER = "listing/1"
"""In records that no page was read for."""

_FEED = "feed"  # in `provenance`: whatever kind of source said it


def listed_on_topic(outlet: Outlet, relevance: Relevance) -> Relevance:
    """The judgement of an article that an on-topic source of the outlet listed."""
    if not outlet.on_topic:
        return relevance
    reason = f"Listed by a source of {outlet.name} that is on topic."
    return Relevance(True, 1.0, [reason, *relevance.reasons])


def fill_from_listing(article: Article, lead: Lead) -> None:
    """What a page does not tell, by the words of the source that listed it.

    The date always; lead and authors only where the page is closed, since an open one that
    prints none has none.
    """
    if article.date_published is None and lead.date is not None:
        article.date_published = lead.date
        article.provenance["date_published"] = _FEED
    if not (article.truncated or article.paywall == "closed"):
        return
    if not article.summary and lead.lead:
        article.summary = [lead.lead]
        article.provenance["summary"] = _FEED
    if not article.authors and lead.authors:
        article.authors = list(lead.authors)
        article.provenance["authors"] = _FEED


def article_from_listing(outlet: Outlet, lead: Lead, error: CrawlError) -> Article | None:
    """The record of an article that is known by its listing alone; null where it must not be.

    That is for outlets whose entry says that they are closed, and for pages that were kept from
    us: a wall, a challenge, a refusal, robots.txt. A fault that may pass is none of these.
    """
    is_kept_from_us = isinstance(error, BlockedError | UnreadableError) and not error.is_host_wide
    if outlet.paywall != "closed" or not is_kept_from_us or not lead.headline:
        return None
    article = Article(
        url=lead.fetch_url,
        outlet=outlet.id,
        headline=lead.headline,
        language=_language_of(outlet, lead),
        summary=[lead.lead] if lead.lead else [],
        authors=list(lead.authors),
        date_published=lead.date,
        paywall="closed",
        truncated=True,
        parser=PARSER,
    )
    said = ("headline", "summary", "authors", "date_published")
    article.provenance = {name: _FEED for name in said if getattr(article, name)}
    article.relevance = judge(article.headline, lead.lead or "", language=article.language)
    return article


def _language_of(outlet: Outlet, lead: Lead) -> str | None:
    """What headline and lead are written in; the entry is asked only where they do not tell."""
    text = f"{lead.headline}\n{lead.lead or ''}"
    detected = detect(text)
    if detected and detected.is_sure:
        return detected.tag
    if outlet.language and may_be(outlet.language, script_of(text)):
        return outlet.language
    return detected.tag if detected else None
