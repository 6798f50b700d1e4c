"""The run table, and what changed between two revisions."""

from __future__ import annotations

import pytest

from storage import frontier, runs
from storage.database import Database
from storage.revisions import FieldChange, changes, paragraph_lines
from tests.storage.samples import HOUR, NOW, a_listing, an_article, store


def test_runs_are_told_the_newest_first_with_their_outlets(database: Database) -> None:
    with database.write() as conn:
        first = runs.start_run(conn, "crawl", NOW)
        second = runs.start_run(conn, "crawl --all", NOW + HOUR)
        runs.note_outlet(conn, first, "scmp", {"found": 1}, ["early"])
        runs.note_outlet(conn, first, "scmp", {"found": 9, "new": 2}, ["feed: 503"])
        runs.note_outlet(conn, first, "cna", {}, [])
        runs.finish_run(conn, first, "done", NOW + HOUR)
    with database.read() as conn:
        found = runs.recent_runs(conn, 10)
        assert [run.id for run in runs.recent_runs(conn, 1)] == [second]
    assert [run.id for run in found] == [second, first]
    assert (found[0].status, found[0].finished_at, found[0].outlets) == ("running", None, [])
    assert (found[1].status, found[1].finished_at) == ("done", NOW + HOUR)
    assert [(row.outlet, row.problems) for row in found[1].outlets] == [
        ("cna", []),
        ("scmp", ["feed: 503"]),
    ]
    assert found[1].outlets[1].counts == {
        "found": 9, "new": 2, "updated": 0, "unchanged": 0, "off_topic": 0, "forbidden": 0,
        "failed": 0,
    }  # fmt: skip


def test_old_runs_are_forgotten_but_each_outlets_last(database: Database) -> None:
    late = NOW + runs.KEPT_FOR + 10 * HOUR
    with database.write() as conn:
        ids = [runs.start_run(conn, "daemon", NOW + hour * HOUR) for hour in range(4)]
        ids.append(runs.start_run(conn, "daemon", late - HOUR))
        for run_id, outlet in zip(ids, ("scmp", "cna", "scmp", "scmp", "scmp"), strict=True):
            runs.note_outlet(conn, run_id, outlet, {"new": 1}, [])
        runs.drop_old_runs(conn, late)
    with database.read() as conn:
        assert [run.id for run in runs.recent_runs(conn, 10)] == [ids[4], ids[1]]
        assert set(runs.outlet_health(conn)) == {"scmp", "cna"}


def test_a_count_of_another_name_is_refused(database: Database) -> None:
    with database.write() as conn:
        run_id = runs.start_run(conn, "crawl", NOW)
        with pytest.raises(ValueError, match="no such counts: fetched"):
            runs.note_outlet(conn, run_id, "scmp", {"fetched": 1}, [])


def test_health_tells_the_last_of_everything_by_outlet(database: Database) -> None:
    with database.write() as conn:
        for hours, problems in ((0, ["old problem"]), (1, [])):
            run_id = runs.start_run(conn, "crawl", NOW + hours * HOUR)
            runs.note_outlet(conn, run_id, "example", {}, problems)
        frontier.note_source(
            conn, "example", "https://a.example/", [a_listing()],
            etag=None, last_modified=None, status=200, now=NOW,
        )  # fmt: skip
        frontier.note_source_problem(conn, "silent", "https://b.example/", "no feed", 200, NOW)
    store(database, an_article(), "1", NOW)
    store(database, an_article(), "2", NOW + 2 * HOUR)
    with database.read() as conn:
        health = runs.outlet_health(conn)
    assert health == {
        "example": runs.OutletHealth(NOW + HOUR, NOW, NOW + 2 * HOUR, 2, None),
        "silent": runs.OutletHealth(None, None, None, 0, "no feed"),
    }


def test_health_gives_the_problem_of_the_last_run(database: Database) -> None:
    with database.write() as conn:
        run_id = runs.start_run(conn, "crawl", NOW)
        runs.note_outlet(conn, run_id, "example", {"failed": 2}, ["first", "second"])
    with database.read() as conn:
        assert runs.outlet_health(conn)["example"].problem == "second"


def test_changes_name_the_content_fields_that_differ_in_the_order_of_the_record() -> None:
    before = {"headline": "A", "topic": None, "paragraphs": ["1", "2", "3"], "section": "S"}
    after = {"headline": "B", "topic": "T", "paragraphs": ["1", "two", "3", "4"], "section": "S"}
    found = changes(before, after)
    lines = [("-", "2"), ("+", "two"), ("+", "4")]
    assert found == [
        FieldChange("headline", "A", "B"),
        FieldChange("topic", None, "T"),
        FieldChange("paragraphs", before["paragraphs"], after["paragraphs"], lines),
    ]
    assert changes(before, dict(before)) == []
    assert found[0].to_dict() == {"field": "headline", "before": "A", "after": "B"}
    assert found[2].to_dict()["lines"] == [["-", "2"], ["+", "two"], ["+", "4"]]


@pytest.mark.parametrize(
    ("before", "after", "lines"),
    [
        ([], ["a"], [("+", "a")]),
        (["a"], [], [("-", "a")]),
        (["a", "b"], ["b"], [("-", "a")]),
        (["a"], ["a"], []),
        (["a", "c"], ["a", "b", "c"], [("+", "b")]),
    ],
)
def test_paragraph_lines(before: list[str], after: list[str], lines: list[object]) -> None:
    assert paragraph_lines(before, after) == lines


def test_stored_revisions_tell_what_changed(database: Database) -> None:
    stored = store(database, an_article())
    store(database, an_article(paragraphs=["First paragraph.", "New."]), now=NOW + HOUR)
    first, second = database.revisions(stored.article_id)
    (change,) = changes(first.content, second.content)
    assert change.lines == [("-", "Second paragraph."), ("-", "Third paragraph."), ("+", "New.")]
    assert second.to_dict()["seen_at"] == "2026-03-04T06:06:07Z"
    assert database.revisions(stored.article_id + 1) == []
