"""Alerts arrive at least once, whatever their targets do."""

from __future__ import annotations

import itertools
import multiprocessing
import os
import signal
import socket
import threading
import time
from collections.abc import Iterator, Sequence
from datetime import timedelta
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import pytest
from sqlalchemy import event

from jobs.alerts.file import AlertsFile
from jobs.alerts.sending import ARTICLES_PER_MESSAGE, Sender
from storage import outbox
from storage.database import Database, open_database
from storage.outbox import Note
from tests.jobs.desk import TIMEOUT_SECONDS, wait_until
from tests.jobs.webhook import Webhook
from tests.storage.samples import NOW

MINUTE = timedelta(minutes=1)
DEADLINE_SECONDS = 4.0  # apprise takes half a second to be imported, more on a busy machine
SECRET = "s3cr3t-t0ken"


@pytest.fixture
def hook() -> Iterator[Webhook]:
    with Webhook() as running:
        yield running


@pytest.fixture
def second_hook() -> Iterator[Webhook]:
    with Webhook() as running:
        yield running


def alerts_file(folder: Path, **urls: str) -> AlertsFile:
    path = folder / "alerts.toml"
    path.write_text(
        "\n".join(f'[[target]]\nname = "{name}"\nurl = "{url}"' for name, url in urls.items())
    )
    return AlertsFile(path)


def note(number: int, target: str = "desk", search: str = "gas") -> Note:
    payload = {
        "search": search,
        "headline": f"Accord {number}",
        "outlet": "example",
        "url": f"https://news.example/{number}",
        "date_published": "2026-03-03T10:00:00Z",
        "snippet": "… the gas accord …",
    }
    return Note(f"article/example/{number}/{search}", target, "article", payload)


def put(database: Database, notes: Sequence[Note]) -> list[str]:
    with database.write() as conn:
        outbox.put(conn, notes, NOW)
    return [each.key for each in notes]


def counts(database: Database) -> dict[str, int]:
    with database.read() as conn:
        return dict(outbox.outbox_counts(conn))


def problems(database: Database) -> set[str | None]:
    with database.read() as conn:
        return {message.problem for message in outbox.unsent(conn, 100)}


def test_the_articles_of_a_search_are_one_message(
    database: Database, tmp_path: Path, hook: Webhook
) -> None:
    keys = put(database, [note(number) for number in range(ARTICLES_PER_MESSAGE + 2)])
    keys += put(database, [note(1, search="all")])
    report = Sender(database, alerts_file(tmp_path, desk=hook.url)).send_due(NOW)
    assert (report.sent, report.failed, report.dead) == (len(keys), 0, 0)
    assert [body["title"] for body in hook.told] == [
        f"gas: {ARTICLES_PER_MESSAGE} new articles",
        "gas: 2 new articles",
        "all: Accord 1",
    ]
    assert hook.keys == keys
    assert hook.told[2]["key"] == keys[-1]
    assert hook.told[0]["key"] != hook.told[1]["key"] != keys[-2]
    assert all(f"key: {key}" in hook.told[0]["message"] for key in keys[:10])
    assert counts(database) == {"pending": 0, "sent": len(keys), "dead": 0}
    assert Sender(database, alerts_file(tmp_path, desk=hook.url)).send_due(NOW).sent == 0
    assert len(hook.told) == 3


@pytest.mark.parametrize(
    ("mood", "problem"),
    [
        (500, "it answered 500"),
        (403, "it answered 403"),
        (302, "it answered 302"),
        ("drip", f"no answer within {DEADLINE_SECONDS:g} s"),
    ],
)
def test_a_target_that_fails_gets_all_when_it_is_back(
    database: Database, tmp_path: Path, hook: Webhook, mood: int | str, problem: str
) -> None:
    keys = put(database, [note(1), note(2, search="all")])
    file = alerts_file(tmp_path, desk=hook.url)
    sender = Sender(database, file)
    if mood == "drip":
        sender.deadline_seconds = DEADLINE_SECONDS
    hook.mood = mood
    hook.location = hook.url.replace("json:", "http:").replace("/tell", "/elsewhere")
    report = sender.send_due(NOW)
    assert (report.sent, report.failed) == (0, 1)
    assert hook.told == []
    assert problems(database) == {problem, None}  # the other was not tried, and waits
    assert sender.send_due(NOW).failed == 0
    hook.mood = 200
    assert Sender(database, file).send_due(NOW + 2 * MINUTE).sent == 2
    assert sorted(hook.keys) == sorted(keys)
    assert counts(database)["sent"] == 2


def test_a_target_that_is_not_there(database: Database, tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"json://127.0.0.1:{taken.getsockname()[1]}/{SECRET}"
        put(database, [note(1)])
        Sender(database, alerts_file(tmp_path, desk=url)).send_due(NOW)
    assert problems(database) == {"it could not be reached, or did not answer in time"}


def test_a_target_that_hangs_holds_up_no_other(
    database: Database, tmp_path: Path, hook: Webhook, second_hook: Webhook
) -> None:
    hook.mood = "drip"
    put(database, [*(note(n, "desk", f"s{n}") for n in range(3)), note(4, "phone")])
    file = alerts_file(tmp_path, desk=hook.url, phone=second_hook.url)
    sender = Sender(database, file, 3 * DEADLINE_SECONDS)
    sending = threading.Thread(target=sender.send_due, args=(NOW,))
    started = time.monotonic()
    sending.start()
    wait_until(lambda: counts(database)["sent"] == 1)
    assert time.monotonic() - started < sender.deadline_seconds
    sending.join(TIMEOUT_SECONDS)
    assert second_hook.keys == ["article/example/4/gas"]
    # Of the three for the one that hangs, only the first was tried.
    assert problems(database) == {f"no answer within {sender.deadline_seconds:g} s", None}


def test_what_nobody_can_send_says_why_and_dies_visibly(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = alerts_file(tmp_path, odd=f"nothing://{SECRET}@host/")
    file.path.write_text(
        file.path.read_text() + '\n[[target]]\nname = "env"\nurl_env = "DESK_WEBHOOK"\n'
    )
    monkeypatch.delenv("DESK_WEBHOOK", raising=False)
    assert file.refresh() is None
    put(database, [note(1, "odd"), note(2, "env"), note(3, "left")])
    sender, now = Sender(database, file), NOW
    sender.send_due(now)
    assert problems(database) == {
        "apprise knows no such address",
        "the variable DESK_WEBHOOK is not set",
        "no alert target 'left'; there are: odd, env",
    }
    with database.write() as conn:
        for _ in range(outbox.MOST_ATTEMPTS - 2):
            outbox.note_failed(conn, outbox.unsent(conn, 9), "down", now)
    report = sender.send_due(now + timedelta(days=2))
    assert (report.failed, report.dead) == (3, 3)
    assert counts(database) == {"pending": 0, "sent": 0, "dead": 3}


def test_stopping_takes_less_than_two_seconds(
    database: Database, tmp_path: Path, hook: Webhook
) -> None:
    hook.mood = "drip"
    put(database, [note(1)])
    sender = Sender(database, alerts_file(tmp_path, desk=hook.url), 30.0)
    thread = threading.Thread(target=sender.send_due, args=(NOW,))
    thread.start()
    time.sleep(1)
    stopped = time.monotonic()
    sender.stop()
    thread.join(10)
    assert not thread.is_alive()
    assert time.monotonic() - stopped < 2
    assert counts(database) == {"pending": 1, "sent": 0, "dead": 0}
    assert sender.send_due(NOW).failed == 0  # nothing begins any more


def test_killed_at_any_moment_all_arrive(database_url: str, tmp_path: Path, hook: Webhook) -> None:
    """As it looks what is due, and as each of two messages that were sent is to be marked."""
    file = alerts_file(tmp_path, desk=hook.url)
    with open_database(database_url) as database:
        keys = put(database, [note(1), note(2, search="all")])
    heard = []
    for kill_at in (("SELECT", 1), ("UPDATE", 1), ("UPDATE", 2), None):
        process = start_sender(database_url, file.path, kill_at)
        process.join(TIMEOUT_SECONDS)
        assert process.exitcode == (-signal.SIGKILL if kill_at else 0)
        heard.append(len(hook.told))
    assert heard == [0, 1, 3, 4]
    with open_database(database_url) as database:
        assert counts(database) == {"pending": 0, "sent": 2, "dead": 0}
    assert set(hook.keys) == set(keys)


def test_killed_as_the_target_has_it_and_before_it_is_marked(
    database_url: str, tmp_path: Path, hook: Webhook
) -> None:
    file = alerts_file(tmp_path, desk=hook.url)
    with open_database(database_url) as database:
        (key,) = put(database, [note(1)])
    child = start_sender(database_url, file.path, None)
    hook.before_answer = child.kill
    child.join(TIMEOUT_SECONDS)
    assert child.exitcode == -signal.SIGKILL
    hook.before_answer = None
    assert hook.keys == [key]
    with open_database(database_url) as database:
        assert counts(database)["pending"] == 1
        Sender(database, file).send_due(NOW)
        assert counts(database)["sent"] == 1
    assert hook.keys == [key, key]
    assert hook.told[0]["key"] == hook.told[1]["key"] == key


def start_sender(
    database_url: str, path: Path, kill_at: tuple[str, int] | None
) -> ForkServerProcess:
    """Sends what is due in a process that kills itself at its n-th statement of that kind."""
    forks = multiprocessing.get_context("forkserver")
    process = forks.Process(target=_send_and_die, args=(database_url, path, kill_at))
    process.start()
    return process


def _send_and_die(database_url: str, path: Path, kill_at: tuple[str, int] | None) -> None:
    verb, number = kill_at or ("", 0)
    left = itertools.count(1)

    def count(conn: object, cursor: object, statement: str, *rest: object) -> None:
        if verb and statement.startswith(verb) and "outbox" in statement and next(left) == number:
            os.kill(os.getpid(), signal.SIGKILL)

    # Its own sending processes need nothing of what the tests load.
    multiprocessing.get_context("forkserver").set_forkserver_preload([])
    with open_database(database_url) as database:
        event.listen(database.engine, "before_cursor_execute", count)
        Sender(database, AlertsFile(path)).send_due(NOW)
