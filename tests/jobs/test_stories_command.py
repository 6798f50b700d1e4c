"""`sinorus stories`: a table for people, records for programs."""

from __future__ import annotations

import random

import pytest

import storage
from tests.jobs.desk import Desk
from tests.storage.samples import NOW, an_article, store
from tests.storage.wires import paragraphs


@pytest.fixture(scope="module")
def told(shared_desk: Desk) -> Desk:
    rng = random.Random(1)
    shared_desk.outlets()
    with storage.open(f"sqlite:///{shared_desk.folder / 'sinorus.db'}", create=True) as database:
        for index in range(3):
            text = paragraphs(rng, 3)
            for outlet in ("herald", "вестник")[: 1 + (index != 1)]:
                article = an_article(
                    url=f"https://{outlet}.example/{index}",
                    outlet=outlet,
                    headline=f"Story {index} of the {outlet} \x1b[31m",
                    paragraphs=text,
                    date_published=NOW.replace(day=1 + index),
                )
                store(database, article, f"{index}")
    return shared_desk


def test_a_table_for_people(told: Desk) -> None:
    ran = told.run("stories")
    assert ran.code == 0
    lines = ran.out.splitlines()
    assert [line.split()[0] for line in lines[2:]] == ["4", "5", "1", "2"]
    assert "Story 2 of the herald" in lines[2]
    assert "вестник" in lines[3]
    assert "2 stories told by several outlets" in ran.err


def test_records_for_programs(told: Desk) -> None:
    ran = told.run("stories", "--json", "--until", "2026-03-02")
    (story,) = ran.json
    assert ran.err == ""
    assert story["id"] == 1
    assert story["outlets"] == ["herald", "вестник"]
    assert story["first_published"] == "2026-03-01T05:06:07Z"
    assert [entry["id"] for entry in story["articles"]] == [1, 2]
    assert set(story["articles"][0]) == {
        "id", "outlet", "url", "headline", "published", "first_seen"
    }  # fmt: skip


def test_none_is_no_fault(told: Desk) -> None:
    assert told.run("stories", "--json", "--since", "2026-04-01").json == []
    ran = told.run("stories", "--outlet", "nobody")
    assert (ran.code, ran.out) == (0, "")
    assert "0 stories" in ran.err


def test_a_number_and_a_time_that_make_no_sense(told: Desk) -> None:
    assert told.run("stories", "--limit", "0").code == 2
    ran = told.run("stories", "--since", "yesterday")
    assert ran.code == 2
    assert "--since yesterday" in ran.err


def test_all_that_one_outlet_tells(told: Desk) -> None:
    assert [story["id"] for story in told.run("stories", "--json", "--limit", "1").json] == [4]
    assert len(told.run("stories", "--json", "--told-by", "1").json) == 3
    assert "sinorus stories --since 7d" in told.run("stories", "--help").out
