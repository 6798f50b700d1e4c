"""What happened goes to whoever asked to be told of it, once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from crawler.items import Article, Relevance
from jobs.alerts.file import AlertsFile
from jobs.alerts.noting import Alerts
from storage import outbox
from storage.articles import store_article
from storage.cleaning import identity_hash
from storage.database import Database
from storage.outbox import Message
from tests.storage.samples import HOUR, NOW, an_article

DAY = timedelta(days=1)
TARGETS = """
[[target]]
name = "desk"
url = "json://desk.example/"
[[target]]
name = "phone"
url = "json://phone.example/"
"""


def alerts(folder: Path, text: str) -> Alerts:
    path = folder / "alerts.toml"
    path.write_text(TARGETS + text)
    return Alerts(AlertsFile(path))


def searches(**criteria: str) -> str:
    """A search a criterion, all to the desk."""
    return "".join(
        f'[[search]]\nname = "{name}"\ntargets = ["desk"]\n{line}\n'
        for name, line in criteria.items()
    )


def store(
    database: Database,
    told: Alerts,
    article: Article,
    identity: str = "1",
    now: datetime = NOW,
) -> None:
    with database.write() as conn:
        stored = store_article(conn, article, identity=identity, page_id=None, now=now)
        told.note_stored(conn, stored, article, now)


def written(database: Database) -> list[Message]:
    with database.read() as conn:
        return outbox.unsent(conn, 100)


def names(database: Database) -> list[str]:
    return [message.key.rpartition("/")[2] for message in written(database)]


def test_a_new_article_is_told_to_the_searches_that_it_meets(
    database: Database, tmp_path: Path
) -> None:
    met = {
        "all": "",
        "word": 'search = "ministers"',
        "form": 'search = "minister paragraphs"',
        "phrase": "search = '\"sides meet\"'",
        "headline": 'search = "headline:Moscow"',
        "outlet": 'outlet = ["example", "other"]',
        "topic": 'topic = "diplomacy"',
        "author": 'author = "Иван Петров"',
        "language": 'language = "en"',
        "both": 'language = "en"\nsearch = "Moscow OR 北京"',
    }
    unmet = {
        "other-word": 'search = "pipeline"',
        "excluded": 'search = "ministers -Moscow"',
        "in-text": 'search = "headline:paragraph"',
        "other-outlet": 'outlet = "other"',
        "other-topic": 'topic = "Diplo"',
        "other-author": 'author = "Ann"',
        "other-language": 'language = "ru"\nsearch = "Moscow"',
        "other-plain-language": 'language = "ru"',
    }
    told = alerts(tmp_path, searches(**met, **unmet))
    store(database, told, an_article(headline="A pipeline for both", outlet="other"), "0")
    before = set(names(database))
    assert {"other-word", "other-outlet"} <= before
    article = an_article()
    store(database, told, article)
    new = [m for m in written(database) if m.payload["outlet"] == "example"]
    assert [message.payload["search"] for message in new] == list(met)
    assert new[1].key == f"article/example/{identity_hash('example', '1')[:32]}/word"
    assert new[1].payload == {
        "search": "word",
        "outlet": "example",
        "headline": article.headline,
        "url": article.url,
        "date_published": "2026-03-03T10:00:00Z",
        "snippet": "They met.",
    }
    assert new[2].payload["snippet"] == "First paragraph."


def test_only_what_is_new_and_on_topic_is_told(database: Database, tmp_path: Path) -> None:
    told = alerts(tmp_path, searches(all=""))
    store(database, told, an_article(relevance=Relevance(False, 0.1)), "off")
    assert names(database) == []
    store(database, told, an_article(relevance=Relevance(True, 0.9)), "off")  # an update now
    assert names(database) == []
    for headline in ("One", "One", "Another"):
        store(database, told, an_article(headline=headline))
    assert names(database) == ["all"]


def test_what_is_old_is_not_told(database: Database, tmp_path: Path) -> None:
    told = alerts(tmp_path, searches(week="", month="max_age_days = 30"))
    week = timedelta(days=7)
    store(database, told, an_article(date_published=NOW - week - HOUR), "8 days")
    assert names(database) == ["month"]
    store(database, told, an_article(date_published=NOW - 31 * DAY), "31 days")
    assert names(database) == ["month"]
    store(database, told, an_article(date_published=NOW - week + HOUR), "6 days")
    store(database, told, an_article(date_published=None), "undated")
    assert names(database) == ["month", "week", "month", "week", "month"]


def test_an_article_that_is_not_stored_is_not_told(database: Database, tmp_path: Path) -> None:
    told = alerts(tmp_path, searches(all=""))

    def be_cut_off() -> None:
        with database.write() as conn:
            stored = store_article(conn, an_article(), identity="1", page_id=None, now=NOW)
            told.note_stored(conn, stored, an_article(), NOW)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        be_cut_off()
    assert written(database) == []


def change(database: Database, told: Alerts, before: str, after: str, **changes: Any) -> None:
    values = {"since": NOW - HOUR, "reason": "why", "evidence": {"pages": 9}, "now": NOW}
    with database.write() as conn:
        told.note_outlet(conn, outlet="scmp", before=before, after=after, **(values | changes))


def test_a_state_is_told_once_to_each_target(database: Database, tmp_path: Path) -> None:
    told = alerts(
        tmp_path, '[outlets]\ntargets = ["desk", "phone"]\nstates = ["blocked", "healthy"]'
    )
    for _ in range(2):
        change(database, told, "healthy", "blocked")
    assert [(message.key, message.target) for message in written(database)] == [
        ("outlet/scmp/blocked/2026-03-04T04:06:07Z", "desk"),
        ("outlet/scmp/blocked/2026-03-04T04:06:07Z", "phone"),
    ]
    assert written(database)[0].payload == {
        "outlet": "scmp",
        "before": "healthy",
        "after": "blocked",
        "since": "2026-03-04T04:06:07Z",
        "reason": "why",
        "evidence": {"pages": 9},
    }
    change(database, told, "healthy", "blocked", since=NOW)
    assert len(written(database)) == 4


def test_states_that_nobody_asked_for(database: Database, tmp_path: Path) -> None:
    told = alerts(tmp_path, '[outlets]\ntargets = ["desk"]\nstates = ["blocked", "healthy"]')
    change(database, told, "healthy", "failing")
    change(database, told, "failing", "healthy")  # that it failed was not told
    change(database, told, "blocked", "blocked")
    change(database, told, "healthy", "blocked", since=NOW - 60 * DAY)
    change(database, alerts(tmp_path, ""), "healthy", "blocked")
    assert written(database) == []
    change(database, told, "blocked", "healthy")
    assert len(written(database)) == 1


def digest_at(database: Database, told: Alerts, now: datetime) -> list[dict[str, Any]]:
    with database.write() as conn:
        told.note_digest(conn, now)
    return [{"key": message.key, **message.payload} for message in written(database)]


def test_the_digest_is_of_the_day_before_its_time(database: Database, tmp_path: Path) -> None:
    told = alerts(tmp_path, '[digest]\nat = "07:00"\ntargets = ["desk"]\nlanguage = "en"')
    seven = datetime(2026, 3, 5, 7, 0, tzinfo=UTC)
    for identity, seen, changes in (
        ("too early", seven - DAY - HOUR, {}),
        ("first", seven - DAY, {"headline": "First", "date_published": seven - DAY}),
        ("archive", seven - HOUR, {"date_published": seven - 900 * DAY, "outlet": "old"}),
        ("last", seven - HOUR, {"headline": "Last", "date_published": seven - HOUR}),
        ("russian", seven - HOUR, {"language": "ru"}),
        ("off topic", seven - HOUR, {"relevance": Relevance(False, 0.1)}),
        ("too late", seven, {}),
    ):
        store(database, told, an_article(**changes), identity, seen)
    (digest,) = digest_at(database, told, seven)
    assert (digest["key"], digest["until"]) == ("digest/2026-03-05", "2026-03-05T07:00:00Z")
    assert digest["articles"] == 3
    assert sorted(digest["outlets"]) == [["example", 2], ["old", 1]]
    assert digest["outlets"][0] == ["example", 2]
    assert [entry["headline"] for entry in digest["newest"]][:2] == ["Last", "First"]


def test_there_is_one_digest_a_day(database: Database, tmp_path: Path) -> None:
    told = alerts(tmp_path, '[digest]\nat = "07:00"\ntargets = ["desk"]\nsearch = "gas"')
    seven = datetime(2026, 3, 5, 7, 0, tzinfo=UTC)
    minutes = range(-2, 24 * 60, 7)
    for minute in minutes:
        digest_at(database, told, seven + timedelta(minutes=minute))
    keys = [message.key for message in written(database)]
    assert keys == ["digest/2026-03-04", "digest/2026-03-05"]
    digest_at(database, told, seven + 5 * DAY + HOUR)  # after an outage: one, the last
    assert [message.key for message in written(database)][2:] == ["digest/2026-03-10"]
    digest_at(database, told, seven + HOUR)  # a clock that was set back
    assert len(written(database)) == 3


def test_no_digest_unless_asked_for(database: Database, tmp_path: Path) -> None:
    assert digest_at(database, alerts(tmp_path, ""), NOW) == []
