"""Articles: each once, each content once. Over both databases."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select

from crawler.items import RECORD_FIELDS, Image, Subhead
from storage.articles import Stored, mark_gone, store_article, touch
from storage.database import Database
from storage.frontier import lead_for, settle
from storage.schema import articles
from tests.storage.samples import HOUR, NOW, a_listing, an_article, store

WRITERS = 8


def gone_at(database: Database, article_id: int) -> datetime | None:
    with database.read() as conn:
        return conn.execute(
            select(articles.c.gone_at).where(articles.c.id == article_id)
        ).scalar_one()


def test_a_stored_article_reads_back_as_it_was(database: Database) -> None:
    article = an_article()
    stored = store(database, article)
    assert stored == Stored(stored.article_id, 1, "new", [], "new")
    expected = replace(
        article, id=stored.article_id, first_seen=NOW, last_seen=NOW, last_changed=NOW
    )
    assert database.article(stored.article_id) == expected


def test_an_article_with_nothing_but_a_headline_reads_back_with_nothing_made_up(
    database: Database,
) -> None:
    bare = an_article(
        **dict.fromkeys(("language", "topic", "section", "date_published", "lead_image")),
        **{name: [] for name in ("topics", "summary", "authors", "images", "paragraphs")},
        **{name: [] for name in ("subheads", "related", "videos")},
        date_modified=None,
        date_published_raw=None,
        comment_count=None,
    )
    record = _record(database, store(database, bare).article_id)
    assert record["date_published"] is None
    assert record["lead_image"] is None
    assert record["comment_count"] is None
    assert record["paragraphs"] == []
    assert tuple(record) == RECORD_FIELDS


def _record(database: Database, article_id: int) -> dict[str, Any]:
    article = database.article(article_id)
    assert article is not None
    return article.to_dict()


def test_eight_writers_at_once_make_one_article_and_one_revision(database: Database) -> None:
    ready = threading.Barrier(WRITERS)
    outcomes: list[Stored] = []

    def write() -> None:
        ready.wait()
        outcomes.append(store(database, an_article()))

    run_threads(write)
    assert sorted(stored.outcome for stored in outcomes) == ["new"] + ["unchanged"] * (WRITERS - 1)
    assert len({stored.article_id for stored in outcomes}) == 1
    assert database.count() == 1
    assert len(database.revisions(outcomes[0].article_id)) == 1


def test_eight_writers_of_different_contents_number_the_revisions_without_a_gap(
    database: Database,
) -> None:
    ready = threading.Barrier(WRITERS)
    numbers = iter(range(WRITERS))
    outcomes: list[Stored] = []

    def write() -> None:
        article = an_article(headline=f"Headline {next(numbers)}")
        ready.wait()
        outcomes.append(store(database, article))

    run_threads(write)
    revisions = database.revisions(outcomes[0].article_id)
    assert [revision.revision for revision in revisions] == list(range(1, WRITERS + 1))
    assert len({revision.content["headline"] for revision in revisions}) == WRITERS
    assert database.count() == 1


def run_threads(work: Any) -> None:
    failures: list[BaseException] = []

    def guarded() -> None:
        try:
            work()
        except BaseException as error:  # noqa: BLE001 - told by the test's own thread
            failures.append(error)

    threads = [threading.Thread(target=guarded) for _ in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("headline", "Another headline"),
        ("topic", None),
        ("topics", ["Diplomacy"]),
        ("section", "World"),
        ("language", "zh"),
        ("summary", []),
        ("authors", ["Ann Author"]),
        ("date_published", datetime(2026, 3, 3, 12, 0, tzinfo=UTC)),
        ("lead_image", Image("https://news.example/1.jpg", "A handshake", "Xinhua")),
        ("images", []),
        ("paragraphs", ["First paragraph.", "Third paragraph."]),
        ("subheads", [Subhead("What came next", 1)]),
        ("related", []),
        ("videos", []),
    ],
)
def test_a_change_of_content_makes_a_revision(database: Database, field: str, value: Any) -> None:
    first = store(database, an_article())
    second = store(database, an_article(**{field: value}), now=NOW + HOUR)
    assert second == Stored(first.article_id, 2, "updated", [field], second.kind)
    article = database.article(first.article_id)
    assert article is not None
    assert getattr(article, field) == value
    assert (article.first_seen, article.last_changed) == (NOW, NOW + HOUR)
    before, after = database.revisions(first.article_id)
    assert (before.changed, after.changed) == ([], [field])
    assert before.content[field] == an_article().to_dict()[field]
    assert after.content[field] == article.to_dict()[field]
    assert after.seen_at == NOW + HOUR


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("url", "https://news.example/article/1/new-slug"),
        ("comment_count", 44),
        ("date_modified", datetime(2026, 3, 4, 1, 0, tzinfo=UTC)),
        ("date_published_raw", "yesterday"),
        ("paywall", "closed"),
        ("parser", "example/2"),
        ("provenance", {"headline": "meta"}),
    ],
)
def test_what_is_no_content_is_updated_without_a_revision(
    database: Database, field: str, value: Any
) -> None:
    first = store(database, an_article())
    second = store(database, an_article(**{field: value}), now=NOW + HOUR)
    assert second == Stored(first.article_id, 1, "unchanged", [])
    article = database.article(first.article_id)
    assert article is not None
    assert getattr(article, field) == value
    assert (article.last_seen, article.last_changed) == (NOW + HOUR, NOW)
    assert len(database.revisions(first.article_id)) == 1


@pytest.mark.parametrize(
    "part",
    [
        {"truncated": True, "paragraphs": ["First paragraph."], "headline": "Teaser"},
        {"paragraphs": [], "headline": "Log in"},
    ],
)
def test_a_partial_reading_never_replaces_a_whole_one(
    database: Database, part: dict[str, Any]
) -> None:
    first = store(database, an_article())
    second = store(database, an_article(**part), now=NOW + HOUR)
    assert second == Stored(first.article_id, 1, "unchanged", [])
    article = database.article(first.article_id)
    assert article == replace(
        an_article(), id=first.article_id, first_seen=NOW, last_seen=NOW + HOUR, last_changed=NOW
    )


def test_a_whole_reading_replaces_a_partial_one(database: Database) -> None:
    part = an_article(truncated=True, paragraphs=["First paragraph."], subheads=[])
    first = store(database, part)
    second = store(database, an_article(), now=NOW + HOUR)
    assert second.changed == ["paragraphs", "subheads"]
    article = database.article(first.article_id)
    assert article is not None
    assert not article.truncated
    assert article.paragraphs == an_article().paragraphs


def test_what_a_truncated_reading_lacks_was_not_removed(database: Database) -> None:
    part = an_article(truncated=True, paragraphs=["First paragraph."])
    store(database, part)
    lesser = replace(part, authors=[], lead_image=None, comment_count=None, headline="Corrected")
    second = store(database, lesser, now=NOW + HOUR)
    assert second.changed == ["headline"]
    article = database.article(second.article_id)
    assert article is not None
    assert (article.authors, article.lead_image) == (part.authors, part.lead_image)
    assert article.comment_count == part.comment_count


def test_a_reading_without_a_body_never_empties_a_truncated_one(database: Database) -> None:
    part = an_article(truncated=True, paragraphs=["First paragraph."])
    store(database, part)
    second = store(database, an_article(paragraphs=[], headline="Corrected"), now=NOW + HOUR)
    article = database.article(second.article_id)
    assert article is not None
    assert article.paragraphs == ["First paragraph."]


def test_the_same_identity_in_another_outlet_is_another_article(database: Database) -> None:
    first = store(database, an_article())
    second = store(database, an_article(outlet="other"))
    assert second.outcome == "new"
    assert second.article_id != first.article_id


def test_text_that_a_database_refuses_is_cleaned_once_and_for_all(database: Database) -> None:
    dirty = an_article(
        headline="Beijing\x00 and \ud800Moscow",
        authors=["An\x00n"],
        paragraphs=["one\x00", "\udfff two"],
        provenance={"head\x00line": "pa\x00ge"},
        lead_image=Image("https://news.example/1.jpg", "cap\x00tion"),
    )
    stored = store(database, dirty)
    article = database.article(stored.article_id)
    assert article is not None
    assert article.headline == "Beijing and Moscow"
    assert article.paragraphs == ["one", " two"]
    assert article.provenance == {"headline": "page"}
    again = store(database, dirty, now=NOW + HOUR)
    assert again.outcome == "unchanged"


def test_an_address_of_nine_thousand_characters_is_stored_and_found(database: Database) -> None:
    url = "https://news.example/" + "я/" * 4_500
    stored = store(database, an_article(url=url))
    found = database.article(url)
    assert found is not None
    assert found.id == stored.article_id
    assert found.url == url


def test_a_headline_of_a_megabyte_and_two_hundred_thousand_words_are_stored(
    database: Database,
) -> None:
    article = an_article(headline="х" * 1_000_000, paragraphs=["слово " * 200_000])
    stored = store(database, article)
    assert store(database, article).outcome == "unchanged"
    assert _record(database, stored.article_id)["headline"] == article.headline


def test_gone_is_noted_once_keeps_the_text_and_ends_when_the_article_is_back(
    database: Database,
) -> None:
    stored = store(database, an_article())
    for hours in (1, 2):
        with database.write() as conn:
            mark_gone(conn, stored.article_id, NOW + hours * HOUR)
    assert gone_at(database, stored.article_id) == NOW + HOUR
    assert _record(database, stored.article_id)["paragraphs"] == an_article().paragraphs
    store(database, an_article(), now=NOW + 3 * HOUR)
    assert gone_at(database, stored.article_id) is None


def test_a_touch_moves_last_seen_only(database: Database) -> None:
    stored = store(database, an_article())
    with database.write() as conn:
        touch(conn, stored.article_id, NOW + HOUR)
    article = database.article(stored.article_id)
    assert article is not None
    assert (article.last_seen, article.last_changed, article.revision) == (NOW + HOUR, NOW, 1)


def test_a_naive_time_is_refused(database: Database) -> None:
    with pytest.raises(Exception, match="without a zone"):
        store(database, an_article(), now=datetime(2026, 1, 1))  # noqa: DTZ001
    assert database.count() == 0


def test_a_failed_transaction_leaves_neither_record_nor_revision(database: Database) -> None:
    with pytest.raises(RuntimeError), database.write() as conn:  # noqa: PT012
        stored = store_article(conn, an_article(), identity="1", page_id=None, now=NOW)
        raise RuntimeError("the power went")
    assert database.count() == 0
    assert database.revisions(stored.article_id) == []


def test_a_replaced_canonical_address_still_finds_the_article(database: Database) -> None:
    stored = store(database, an_article())
    with database.write() as conn:
        lead = lead_for(conn, "example", a_listing(), NOW)
        settle(conn, lead.id, "stored", article_id=stored.article_id, now=NOW)
    moved = an_article(url="https://news.example/article/1/new")
    store(database, moved, now=NOW + HOUR)
    found = database.article("https://news.example/article/1")
    assert found is not None
    assert found.url == moved.url
    assert found.alternate_urls == [
        "https://news.example/article/1?utm_source=rss",
        "https://news.example/article/1",
    ]
