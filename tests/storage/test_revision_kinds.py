"""What a person would call a change, in three languages; and revisions as they are kept."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from storage.articles import mark_gone, store_articles, touch
from storage.database import Database
from storage.kinds import kind_of
from storage.readings import Reading
from storage.records import CONTENT_FIELDS
from storage.schema import revisions
from tests.storage.samples import HOUR, NOW, an_article, store

LONG = "The ministers of both countries met in the capital and signed an agreement on gas."


def kind(before: dict[str, Any], after: dict[str, Any]) -> str:
    changed = [name for name in CONTENT_FIELDS if before.get(name) != after.get(name)]
    return kind_of(before, after, changed)


def body(*paragraphs: str) -> dict[str, Any]:
    return {"headline": "A headline", "paragraphs": list(paragraphs)}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (LONG, LONG.replace("ministers", "minsters")),
        (LONG, LONG.replace("agreement", "agrement")),
        (LONG, LONG.replace(" and", ", and")),
        (LONG, LONG.replace("countries", "Countries")),
        ("Министры подписали соглашение о газе.", "Министры подписали соглашенние о газе."),
        ("中国与俄罗斯签署协议", "中国与俄罗斯签署协议。"),
    ],
)
def test_slips_of_the_pen_are_typos(before: str, after: str) -> None:
    assert kind(body(before), body(after)) == "typo"
    assert kind(body(after), body(before)) == "typo"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("They agreed on 40 billion cubic metres.", "They agreed on 46 billion cubic metres."),
        ("The minister will now attend.", "The minister will not attend."),
        ("The minister will attend.", "The minister will not attend."),
        ("Russia invited China.", "China invited Russia."),
        ("中国同意", "中国反对"),
        ("Стороны договорились о цене.", "Стороны поспорили о цене."),
    ],
)
def test_what_changes_the_meaning_is_no_typo(before: str, after: str) -> None:
    assert kind(body(before), body(after)) == "body"


@pytest.mark.parametrize(
    "note",
    [
        "Correction: an earlier version gave the wrong year.",
        "(Corrects the name of the minister in the second paragraph.)",
        "This article has been corrected to show that the talks were held in May.",
        "An earlier version of this story misstated the sum.",
        "Editor's note: the figure in the headline has been amended.",
        "Исправление: в первой версии был указан другой год.",
        "В тексте новости исправлена фамилия министра.",
        "更正：此前版本的年份有误。",
        "编者注：本文此前版本有误，现已更正。",
        "訂正：第二段的金額有誤。",
    ],
)
def test_a_note_of_the_newsroom_makes_it_a_correction(note: str) -> None:
    assert kind(body(LONG), body(LONG, note)) == "correction"
    assert kind(body(LONG, note), body(LONG, note, "One more paragraph came later.")) == "body"


@pytest.mark.parametrize(
    "line",
    [
        "Correctional officers met in Moscow.",
        "The correction of the border took ten years.",
        "Stock markets saw a correction after the talks.",
        "Министр уточнил, что переговоры продолжатся.",
        "双方更正了航线。",
    ],
)
def test_the_word_alone_is_no_correction(line: str) -> None:
    assert kind(body(LONG), body(LONG, line)) == "body"


def test_the_headline_outweighs_the_body_and_both_the_rest() -> None:
    before = {"headline": "Ministers meet", "paragraphs": ["A."], "topics": ["A"]}
    after = {"headline": "Presidents quarrel", "paragraphs": ["B."], "topics": ["B"]}
    assert kind(before, after) == "headline"
    assert kind(before, before | {"paragraphs": ["Another text."]}) == "body"
    assert kind(before, before | {"topics": ["B"]}) == "metadata"
    assert kind(before, before | {"headline": "Minsters meet"}) == "typo"


def test_gone_and_returned_are_revisions_of_one_content(database: Database) -> None:
    stored = store(database, an_article())
    with database.write() as conn:
        gone = mark_gone(conn, stored.article_id, NOW + HOUR)
        again = mark_gone(conn, stored.article_id, NOW + 2 * HOUR)
    assert (gone.revision, gone.kind, again.revision, again.kind) == (2, "gone", 2, None)
    article = database.article(stored.article_id)
    assert article is not None
    assert (article.gone_at, article.last_seen, article.last_changed) == (
        NOW + HOUR, NOW, NOW + HOUR,
    )  # fmt: skip
    with database.write() as conn:
        assert touch(conn, stored.article_id, NOW + 3 * HOUR).kind == "returned"
    article = database.article(stored.article_id)
    assert article is not None
    assert (article.gone_at, article.revision) == (None, 3)
    history = database.revisions(stored.article_id)
    assert [revision.kind for revision in history] == ["new", "gone", "returned"]
    assert [revision.changed for revision in history] == [[], [], []]
    assert len({str(revision.content) for revision in history}) == 1


def test_each_revision_gives_its_own_content_though_the_last_is_kept_once(
    database: Database,
) -> None:
    first = store(database, an_article())
    with database.write() as conn:
        mark_gone(conn, first.article_id, NOW + HOUR)
    store(database, an_article(headline="Another headline"), now=NOW + 2 * HOUR)
    store(database, an_article(headline="A third one"), now=NOW + 3 * HOUR)
    history = database.revisions(first.article_id)
    assert [revision.content["headline"] for revision in history] == [
        an_article().headline, an_article().headline, "Another headline", "A third one",
    ]  # fmt: skip
    assert [revision.kind for revision in history] == ["new", "gone", "headline", "headline"]
    with database.read() as conn:
        kept = conn.execute(select(revisions.c.content).order_by(revisions.c.revision)).scalars()
        assert [content is not None for content in kept] == [False, True, True, False]


def test_a_batch_may_hold_the_same_article_several_times(database: Database) -> None:
    readings = [
        Reading(an_article(), "1"),
        Reading(an_article(url="https://news.example/article/2"), "2"),
        Reading(an_article(headline="Another headline"), "1"),
        Reading(an_article(headline="Another headline"), "1"),
    ]
    with database.write() as conn:
        found = store_articles(conn, readings, NOW)
    assert [stored.outcome for stored in found] == ["new", "new", "updated", "unchanged"]
    assert [stored.revision for stored in found] == [1, 1, 2, 2]
    assert len({found[index].article_id for index in (0, 2, 3)}) == 1
    assert database.count() == 2


def test_a_batch_of_nothing_is_nothing(database: Database) -> None:
    with database.write() as conn:
        assert store_articles(conn, [], NOW) == []


def test_dirty_text_is_the_same_text_at_the_next_reading(database: Database) -> None:
    dirty = an_article(headline="A\x00B\ud800", paragraphs=["C\x00", "\udfffD"], topics=["\x00T"])
    first = store(database, dirty)
    assert store(database, dirty, now=NOW + HOUR).outcome == "unchanged"
    article = database.article(first.article_id)
    assert article is not None
    assert (article.headline, article.paragraphs, article.topics) == ("AB", ["C", "D"], ["T"])
