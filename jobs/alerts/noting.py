"""What happened, against what people asked for; what meets goes into the outbox.

All of it runs within the transaction of what it tells of.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from crawler.items import Article, utc_iso
from jobs.alerts.file import AlertsFile, Digest, SavedSearch
from jobs.settings import Settings
from storage import outbox, reading
from storage.articles import Stored
from storage.outbox import Note
from storage.search.snippets import hit_of

# Of a sha-256: no two of any number of articles share so many characters.
KEY_CHARACTERS = 32
HEADLINES_IN_DIGEST = 20
# The opening of an article where no word of a search is to be shown.
OPENING_CHARACTERS = 240
# What is older is no news, and the outbox may have forgotten that it told it.
OLDEST_NEWS = timedelta(days=outbox.KEPT_DAYS) / 2

_DAY = timedelta(days=1)


class Alerts:
    """Writes messages for whoever asked for them by the alerts file in force."""

    def __init__(self, file: AlertsFile) -> None:
        self.file = file

    def note_stored(
        self, conn: Connection, stored: Stored, article: Article, now: datetime
    ) -> None:
        """A page was stored: a new article on topic is told to the searches that it meets.

        To be called with the article and its search entry written; not for what a backfill brings.
        """
        if stored.outcome != "new" or not article.relevant:
            return
        age = now - (article.date_published or now)
        asked = [s for s in self.file.current.search if age <= timedelta(days=s.max_age_days)]
        met = reading.which_meet(conn, stored.article_id, [s.filters() for s in asked])
        if not any(met):
            return
        identity = reading.identity_key(conn, stored.article_id)[:KEY_CHARACTERS]
        notes = []
        for search in (search for search, is_met in zip(asked, met, strict=True) if is_met):
            key = f"article/{article.outlet}/{identity}/{search.name}"
            payload = _article_payload(article, search)
            notes += [Note(key, target, "article", payload) for target in search.targets]
        outbox.put(conn, notes, now)

    def note_outlet(
        self,
        conn: Connection,
        *,
        outlet: str,
        before: str,
        after: str,
        since: datetime,
        reason: str | None,
        evidence: Mapping[str, Any] | None,
        now: datetime,
    ) -> None:
        """An outlet went from one state into another, in which it has been `since`.

        That all is well is told only to follow a state that was told. A broken reader that
        breaks further went from this state into itself.
        """
        asked = self.file.current.outlets
        is_same = after == before and after != "reader_broken"
        if asked is None or is_same or now - since > OLDEST_NEWS:
            return
        if after not in asked.states or (after == "healthy" and before not in asked.states):
            return
        payload = {
            "outlet": outlet,
            "before": before,
            "after": after,
            "since": utc_iso(since),
            "reason": reason,
            "evidence": dict(evidence or {}),
        }
        key = f"outlet/{outlet}/{after}/{utc_iso(since)}"
        outbox.put(conn, [Note(key, target, "outlet", payload) for target in asked.targets], now)

    def note_digest(self, conn: Connection, now: datetime) -> None:
        """The digest that was due last, if it was not written yet: it may be asked at any time.

        After an outage it is one, of the 24 hours before its time.
        """
        digest = self.file.current.digest
        if digest is None:
            return
        now = now.astimezone(UTC)
        until = datetime.combine(now.date(), digest.at, UTC)
        if until > now:
            until -= _DAY
        key = f"digest/{until.date().isoformat()}"
        untold = set(digest.targets) - outbox.told(conn, key)
        if untold:
            payload = _digest_payload(conn, digest, until)
            notes = [Note(key, target, "digest", payload) for target in sorted(untold)]
            outbox.put(conn, notes, now)


def alerts_of(settings: Settings) -> Alerts:
    """Raises ConfigurationError, with file and line, for a faulty alerts file."""
    return Alerts(AlertsFile(settings.alerts_file))


def _article_payload(article: Article, search: SavedSearch) -> dict[str, Any]:
    snippet = hit_of(article, search.search).snippet if search.search else None
    opening = next(iter([*article.summary, *article.paragraphs]), "")[:OPENING_CHARACTERS]
    return {**_headline_of(article), "search": search.name, "snippet": snippet or opening}


def _headline_of(article: Article) -> dict[str, Any]:
    return {
        "outlet": article.outlet,
        "headline": article.headline,
        "url": article.url,
        "date_published": utc_iso(article.date_published) if article.date_published else None,
    }


def _digest_payload(conn: Connection, digest: Digest, until: datetime) -> dict[str, Any]:
    found = reading.new_between(conn, digest.filters(), until - _DAY, until)
    newest = [article_id for article_id, _ in found[:HEADLINES_IN_DIGEST]]
    return {
        "until": utc_iso(until),
        "articles": len(found),
        "outlets": [list(pair) for pair in Counter(outlet for _, outlet in found).most_common()],
        "newest": [_headline_of(article) for article in reading.records(conn, newest)],
    }
