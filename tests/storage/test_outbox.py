"""What people asked to be told is kept until it was told, and told once."""

from __future__ import annotations

import itertools
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection

from storage import outbox
from storage.copying import copy_database
from storage.database import Database, open_database
from storage.outbox import MOST_ATTEMPTS, Message, Note
from tests.storage.samples import HOUR, NOW

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


def put(conn: Connection, *keys: str, target: str = "desk") -> None:
    outbox.put(conn, [Note(key, target, "article", {"headline": key}) for key in keys], NOW)


def due_keys(conn: Connection, now: object = NOW, limit: int = 100) -> list[str]:
    return [message.key for message in outbox.due(conn, now, limit)]


def test_a_message_is_written_once_for_each_target(database: Database) -> None:
    for _ in range(2):
        with database.write() as conn:
            put(conn, "a", "b")
            put(conn, "a", target="phone")
    with database.read() as conn:
        assert outbox.outbox_counts(conn) == {"pending": 3, "sent": 0, "dead": 0}
        assert outbox.told(conn, "a") == {"desk", "phone"}
        first = outbox.due(conn, NOW, 100)[0]
    assert (first.key, first.target, first.payload) == ("a", "desk", {"headline": "a"})
    assert (first.state, first.attempts, first.problem) == ("pending", 0, None)


def test_what_was_rolled_back_is_never_told(database: Database) -> None:
    def be_cut_off() -> None:
        with database.write() as conn:
            put(conn, "a")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        be_cut_off()
    with database.read() as conn:
        assert due_keys(conn) == []


def test_what_was_sent_is_not_due_and_not_written_again(database: Database) -> None:
    with database.write() as conn:
        put(conn, "a", "b")
        outbox.note_sent(conn, [message.id for message in outbox.due(conn, NOW, 1)], NOW)
        put(conn, "a")
        assert due_keys(conn) == ["b"]
        assert outbox.outbox_counts(conn) == {"pending": 1, "sent": 1, "dead": 0}
        assert [message.key for message in outbox.unsent(conn, 10)] == ["b"]


def test_each_target_has_its_own_share_of_what_is_due(database: Database) -> None:
    with database.write() as conn:
        put(conn, *(f"a{number}" for number in range(5)))
        put(conn, "b", target="phone")
        assert due_keys(conn, limit=2) == ["a0", "a1", "b"]


def test_tries_are_ever_rarer_and_end_after_two_days(database: Database) -> None:
    now, pauses = NOW, []
    with database.write() as conn:
        put(conn, "a")
        while messages := outbox.due(conn, now, 1):
            outbox.note_failed(conn, messages, "answered 500", now)
            (message,) = outbox.unsent(conn, 1)
            if message.next_try is None:
                break
            assert due_keys(conn, message.next_try - timedelta(seconds=1)) == []
            pauses.append(message.next_try - now)
            now = message.next_try
        assert message.state == "dead"
        assert (message.attempts, message.problem) == (MOST_ATTEMPTS, "answered 500")
        assert outbox.outbox_counts(conn) == {"pending": 0, "sent": 0, "dead": 1}
    assert 0.9 * MINUTE <= pauses[0] <= 1.1 * MINUTE
    assert all(1.6 <= later / pause <= 2.5 for pause, later in itertools.pairwise(pauses[:9]))
    assert all(5.4 * HOUR <= pause <= 6.6 * HOUR for pause in pauses[9:])
    assert 1.8 * DAY < now - NOW < 2.3 * DAY


def test_a_pause_is_the_same_each_time_and_another_for_another_message() -> None:
    def message(key: str) -> Message:
        return Message(1, key, "desk", "article", {}, NOW, "pending", 0, NOW, None)

    assert outbox.pause_after(message("a"), 3) == outbox.pause_after(message("a"), 3)
    assert outbox.pause_after(message("a"), 3) != outbox.pause_after(message("b"), 3)


def test_what_a_clock_that_ran_ahead_put_off_is_due(database: Database) -> None:
    with database.write() as conn:
        put(conn, "a")
        outbox.note_failed(conn, outbox.due(conn, NOW, 1), "no answer", NOW + 365 * DAY)
        assert due_keys(conn) == ["a"]


def test_a_target_that_failed_is_left_alone_at_no_cost_to_others(database: Database) -> None:
    with database.write() as conn:
        put(conn, "a", "b")
        put(conn, "c", target="phone")
        outbox.put_off(conn, "desk", NOW)
        assert due_keys(conn) == ["c"]
        assert {message.attempts for message in outbox.unsent(conn, 9)} == {0}
        assert due_keys(conn, NOW + MINUTE) == ["a", "b", "c"]


def test_the_dead_are_tried_again_when_asked(database: Database) -> None:
    with database.write() as conn:
        put(conn, "a", "b", "c")
        for _ in range(MOST_ATTEMPTS):
            messages = [m for m in outbox.unsent(conn, 9) if m.key != "c"]
            outbox.note_failed(conn, messages, "refused", NOW)
        assert [m.key for m in outbox.unsent(conn, 9)] == ["a", "b", "c"]
        assert outbox.retry_dead(conn, "b", NOW) == 1
        assert outbox.retry_dead(conn, "b", NOW) == 0
        assert outbox.retry_dead(conn, None, NOW) == 1
        assert sorted(due_keys(conn)) == ["a", "b", "c"]
        assert {message.attempts for message in outbox.unsent(conn, 9)} == {0}


def test_only_what_is_over_is_forgotten(database: Database) -> None:
    with database.write() as conn:
        put(conn, "sent", "waits")
        (first, _) = outbox.due(conn, NOW, 2)
        outbox.note_sent(conn, [first.id], NOW)
        assert outbox.drop_old(conn, NOW + 90 * DAY) == 0
        assert outbox.drop_old(conn, NOW + 91 * DAY) == 1
        assert due_keys(conn) == ["waits"]


def test_a_copy_of_the_database_tells_nothing_again(database: Database, tmp_path: Path) -> None:
    with database.write() as conn:
        put(conn, "a")
        outbox.note_sent(conn, [message.id for message in outbox.due(conn, NOW, 1)], NOW)
    copied = f"sqlite:///{tmp_path / 'copy.db'}"
    url = database.engine.url.render_as_string(hide_password=False)
    copy_database(url, copied)
    with open_database(copied) as copy, copy.write() as conn:
        put(conn, "a", "b")
        assert due_keys(conn) == ["b"]
