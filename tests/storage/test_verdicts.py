"""Verdicts given again: what is written, what followers and searches see, and after a kill."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler.items import Article, Relevance
from storage import frontier
from storage.database import Database, open_database
from storage.verdicts import ask_again_off_topic, other_verdicts, store_verdicts
from tests.storage.killing import is_killed
from tests.storage.samples import HOUR, NOW, a_listing, an_article, store

OFF = Relevance(False, 0.1, ["it is about something else"])


def fill(database: Database, number: int = 3) -> list[int]:
    """Articles that are on topic; gives their ids."""
    return [
        store(
            database,
            an_article(url=f"https://news.example/article/{n}", headline=f"Story {n}"),
            identity=str(n),
        ).article_id
        for n in range(1, number + 1)
    ]


def say_off(article: Article, is_listed: bool) -> Relevance:
    """Off topic, all but the second."""
    return article.relevance if article.headline == "Story 2" else OFF


def test_another_verdict_is_a_change_and_no_revision(database: Database) -> None:
    first, second, third = fill(database)
    before = database.article(first)
    assert before is not None
    cursor = list(database.changes())[-1].cursor
    with database.write() as conn:
        turned = store_verdicts(conn, [third, second, first], say_off)
    assert [one.article_id for one in turned] == [first, third]
    assert all(one.is_turned and one.before.relevant and one.after == OFF for one in turned)
    after = database.article(first)
    assert after is not None
    assert after.relevance == OFF
    assert (after.revision, after.last_changed) == (before.revision, before.last_changed)
    assert len(database.revisions(first)) == 1
    assert [change.article.id for change in database.changes(cursor)] == [first, third]


def test_searches_know_the_new_verdict(database: Database) -> None:
    ids = fill(database)
    with database.write() as conn:
        store_verdicts(conn, ids, say_off)
    hits = database.search("story", relevant=True)
    assert [hit.article.headline for hit in hits] == ["Story 2"]
    assert {article.headline for article in database.articles(relevant=False)} == {
        "Story 1",
        "Story 3",
    }


def test_the_second_time_there_is_nothing_to_do(database: Database) -> None:
    ids = fill(database)
    with database.write() as conn:
        store_verdicts(conn, ids, say_off)
    cursor = list(database.changes())[-1].cursor
    with database.read() as conn:
        assert other_verdicts(conn, ids, say_off) == []
    with database.write() as conn:
        assert store_verdicts(conn, ids, say_off) == []
    assert list(database.changes(cursor)) == []


def test_another_score_alone_turns_nothing(database: Database) -> None:
    ids = fill(database, 1)
    with database.write() as conn:
        (verdict,) = store_verdicts(conn, ids, lambda *_: Relevance(True, 0.8, ["so\x00 it is"]))
    assert not verdict.is_turned
    assert verdict.after.reasons == ["so it is"]
    with database.write() as conn:
        assert store_verdicts(conn, ids, lambda *_: Relevance(True, 0.8, ["so\x00 it is"])) == []


def test_the_judge_is_told_what_sources_have_listed(database: Database) -> None:
    ids = fill(database, 2)
    with database.write() as conn:
        frontier.note_source(
            conn,
            "example",
            "https://news.example/feed",
            [a_listing("2")],
            etag=None,
            last_modified=None,
            status=200,
            now=NOW,
        )
        frontier.lead_for(conn, "example", a_listing("1"), NOW)
    told: dict[str, bool] = {}

    def note(article: Article, is_listed: bool) -> Relevance:
        told[article.headline] = is_listed
        return article.relevance

    with database.read() as conn:
        other_verdicts(conn, ids, note)
    assert told == {"Story 1": False, "Story 2": True}


def test_pages_judged_off_topic_are_due_again(database: Database) -> None:
    leads = {}
    with database.write() as conn:
        for outlet, identity in (("example", "7"), ("other", "8"), ("example", "9")):
            leads[identity] = frontier.lead_for(conn, outlet, a_listing(identity), NOW)
        for identity, state in (("7", "off_topic"), ("8", "off_topic"), ("9", "refused")):
            frontier.settle(conn, leads[identity].id, state, now=NOW)  # type: ignore[arg-type]
        assert frontier.due(conn, "example", NOW + HOUR) == []
        assert ask_again_off_topic(conn, ["example"], NOW) == 1
        assert [lead.identity for lead in frontier.due(conn, "example", NOW)] == ["7"]
        assert frontier.due(conn, "other", NOW + HOUR) == []
        assert ask_again_off_topic(conn, None, NOW) == 2


def verdicts_of(url: str) -> list[tuple[int | None, Relevance]]:
    with open_database(url) as database:
        return [(article.id, article.relevance) for article in database.articles(sort="id")]


@pytest.mark.parametrize("kill_at", [1, 3, 5, 6, 8, 10])
def test_killed_anywhere_a_batch_is_whole_or_not_at_all(
    tmp_path: Path, kill_at: int, migrated_file: Path
) -> None:
    url = f"sqlite:///{tmp_path / 'sinorus.db'}"
    (tmp_path / "sinorus.db").write_bytes(migrated_file.read_bytes())
    with open_database(url) as database:
        ids = fill(database)
    before = verdicts_of(url)

    def judge_again() -> None:
        with open_database(url) as database, database.write() as conn:
            store_verdicts(conn, ids, say_off)

    assert is_killed(judge_again, kill_at)
    assert verdicts_of(url) == before
    judge_again()
    assert [relevance == OFF for _, relevance in verdicts_of(url)] == [True, False, True]
