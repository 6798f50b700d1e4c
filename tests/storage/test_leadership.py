"""Who leads: one at a time, whatever becomes of him, and he who led before writes nothing."""

from __future__ import annotations

import multiprocessing
import os
import re
import shutil
import signal
import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from datetime import timedelta
from multiprocessing.connection import Connection as Pipe
from multiprocessing.context import SpawnProcess
from pathlib import Path

import pytest
from sqlalchemy import select, text

import storage
from storage.database import Database, open_database
from storage.holds import held_until, hold
from storage.leadership import Office, Term, last_leader
from storage.schema import leaders
from tests.storage.samples import HOUR, NOW

SHORT_SECONDS = 1.0  # of a session that gives no sign
PATIENCE_SECONDS = 20.0
ME = f"{socket.gethostname()}:{os.getpid()}"


@contextmanager
def an_office(url: str, seconds: float = PATIENCE_SECONDS) -> Iterator[tuple[Database, Office]]:
    """With connections of its own, as another process has them."""
    with open_database(url) as opened:
        office = Office(opened, session_timeout_seconds=seconds)
        try:
            yield opened, office
        finally:
            office.give_up()


def taken(office: Office) -> Term:
    term = office.try_take(NOW)
    assert term is not None
    return term


def wait_for(found: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not found():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)


def note(database: Database, host: str) -> None:
    with database.write() as conn:
        hold(conn, host, NOW + HOUR, "asked")


def is_noted(database: Database, host: str) -> bool:
    with database.read() as conn:
        return held_until(conn, host, NOW) is not None


def test_one_leads_and_the_next_has_a_higher_epoch(database_url: str) -> None:
    with an_office(database_url) as (_, first), an_office(database_url) as (_, second):
        assert first.holder() is None
        term = taken(first)
        assert (term.holder, term.since) == (ME, NOW)
        assert second.try_take(NOW) is None
        assert first.try_take(NOW) == term  # it goes on
        assert first.heartbeat(NOW)
        assert not second.heartbeat(NOW)
        first.give_up()
        assert not first.heartbeat(NOW)
        assert taken(second).epoch > term.epoch
        assert first.try_take(NOW) is None


def test_everybody_can_tell_who_leads(database_url: str) -> None:
    with an_office(database_url) as (_, first), an_office(database_url) as (_, second):
        taken(first)
        host, pid = re.escape(socket.gethostname()), os.getpid()
        when = f"{NOW:%Y-%m-%d %H:%M:%S} UTC"
        for office in (first, second):
            sentence = f"the daemon on {host}, process {pid}, leads since {when}"
            assert re.fullmatch(sentence, office.holder() or "")
        first.give_up()
        assert second.holder() is None


def test_offices_of_other_names_are_others(database: Database) -> None:
    one, other = Office(database, "daemon"), Office(database, "other")
    assert one.try_take(NOW)
    assert other.try_take(NOW)
    one.give_up()
    other.give_up()


def test_a_sign_of_life_is_noted(database: Database) -> None:
    office = Office(database)
    term = taken(office)
    assert office.heartbeat(NOW + timedelta(seconds=5))
    with database.read() as conn:
        row = conn.execute(select(leaders)).one()
    assert (row.epoch, row.since) == (term.epoch, NOW)
    assert row.heartbeat == NOW + timedelta(seconds=5)
    office.give_up()


def test_writes_of_an_older_epoch_are_undone_whole(database_url: str) -> None:
    with an_office(database_url) as (database, first), an_office(database_url) as (_, second):
        fenced = database.fenced(taken(first).epoch)
        note(fenced, "while.example")
        first.give_up()
        note(fenced, "between.example")  # nobody took over yet
        taken(second)
        with pytest.raises(storage.LeadershipLost, match="epoch") as failure:
            note(fenced, "after.example")
        assert not failure.value.temporary
        assert is_noted(fenced, "between.example")
        assert not is_noted(database, "after.example")
        note(database, "beside.example")  # who does not lead, as a crawl by hand, may write


def test_a_write_under_way_ends_before_another_begins_a_term(postgres_url: str) -> None:
    """What the fence let pass is committed under its own epoch, or not at all."""
    with an_office(postgres_url) as (database, first), an_office(postgres_url) as (_, second):
        fenced = database.fenced(taken(first).epoch)
        with fenced.write() as conn:
            hold(conn, "news.example", NOW + HOUR, "asked")
            assert first.heartbeat(NOW)  # its own writes do not stop its signs of life
            first.give_up()
            with pytest.raises(storage.StorageError, match="lock for too long") as failure:
                second.try_take(NOW)
            assert failure.value.temporary
        assert is_noted(database, "news.example")
        taken(second)


def test_an_office_is_fenced_where_nobody_ever_led(database: Database) -> None:
    with pytest.raises(storage.LeadershipLost, match="nobody leads"):
        note(database.fenced(1), "news.example")


def test_a_session_that_is_killed_is_the_end_of_a_term(postgres_url: str) -> None:
    with an_office(postgres_url) as (database, first), an_office(postgres_url) as (_, second):
        term = taken(first)
        fenced = database.fenced(term.epoch)
        kill = text(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_locks WHERE locktype = 'advisory'"
        )
        with database.read() as conn:
            assert list(conn.execute(kill).scalars()) == [True]
        assert taken(second).epoch > term.epoch
        assert not first.heartbeat(NOW)
        with pytest.raises(storage.LeadershipLost):
            note(fenced, "news.example")
        assert first.try_take(NOW) is None
        second.give_up()
        assert taken(first).epoch > term.epoch + 1


def test_calls_of_two_threads_wait_for_each_other(postgres_url: str) -> None:
    with (
        an_office(postgres_url) as (database, office),
        open_database(postgres_url) as another,
        ThreadPoolExecutor(2) as threads,
    ):
        taken(office)
        with another.write() as conn:
            conn.execute(text("LOCK TABLE leaders IN ACCESS EXCLUSIVE MODE"))
            sign = threads.submit(office.heartbeat, NOW + HOUR)
            waits = text("SELECT 1 FROM pg_locks WHERE NOT granted")
            wait_for(lambda: conn.execute(waits).first() is not None)
            problem = threads.submit(office.note_problem, "outlets.toml:1: wrong")
            wait([problem], SHORT_SECONDS / 5)
        assert sign.result(PATIENCE_SECONDS)
        problem.result(PATIENCE_SECONDS)
        with database.read() as conn:
            found = last_leader(conn)
        assert found is not None
        assert (found.heartbeat, found.problem) == (NOW + HOUR, "outlets.toml:1: wrong")


def _lead(url: str, pipe: Pipe) -> None:
    """Says its epoch, and leads; tries to write each time it is told to."""
    with open_database(url) as database:
        office = Office(database, session_timeout_seconds=SHORT_SECONDS)
        term = office.try_take(NOW)
        pipe.send((term and term.epoch, office.holder()))
        while term:
            while not pipe.poll(SHORT_SECONDS / 5):
                office.heartbeat(NOW)
            host = pipe.recv()
            try:
                note(database.fenced(term.epoch), host)
                pipe.send("written")
            except storage.LeadershipLost as error:
                pipe.send(str(error))


class Leader:
    """Another process that tries to lead."""

    def __init__(self, url: str) -> None:
        context = multiprocessing.get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self.process: SpawnProcess = context.Process(target=_lead, args=(url, theirs))
        self.process.start()
        self.epoch, self.holder = self.said()

    def send_signal(self, number: signal.Signals) -> None:
        os.kill(self.process.pid or 0, number)

    def writes(self, host: str) -> str:
        self.pipe.send(host)
        return str(self.said())

    def said(self) -> object:
        assert self.pipe.poll(PATIENCE_SECONDS)
        return self.pipe.recv()

    def end(self) -> None:
        self.send_signal(signal.SIGKILL)
        self.process.join()


@pytest.fixture
def leader(database_url: str) -> Iterator[Leader]:
    running = Leader(database_url)
    yield running
    if running.process.is_alive():
        running.end()


def test_a_second_process_is_refused_and_told_who_leads(database_url: str, leader: Leader) -> None:
    with an_office(database_url) as (_, office):
        assert office.try_take(NOW) is None
        assert f"process {leader.process.pid}, leads" in (office.holder() or "")
    second = Leader(database_url)
    second.process.join()
    assert (second.epoch, second.holder) == (None, leader.holder)


def test_a_leader_that_is_killed_frees_the_office(database_url: str, leader: Leader) -> None:
    with an_office(database_url) as (_, office):
        leader.end()
        wait_for(lambda: office.try_take(NOW) is not None)
        assert taken(office).epoch == leader.epoch + 1


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_leader_that_wakes_up_late_writes_nothing(database_url: str, leader: Leader) -> None:
    with an_office(database_url) as (database, office):
        assert leader.writes("before.example") == "written"
        leader.send_signal(signal.SIGSTOP)
        wait_for(lambda: office.try_take(NOW) is not None)
        leader.send_signal(signal.SIGCONT)
        assert f"{ME} leads since" in leader.writes("after.example")
        assert is_noted(database, "before.example")
        assert not is_noted(database, "after.example")


def test_a_link_to_the_file_is_the_same_office(migrated_file: Path, tmp_path: Path) -> None:
    path = Path(shutil.copy(migrated_file, tmp_path / "sinorus.db"))
    link = tmp_path / "link.db"
    link.symlink_to(path)
    with an_office(f"sqlite:///{path}") as (_, first), an_office(f"sqlite:///{link}") as (_, other):
        taken(first)
        assert other.try_take(NOW) is None
    assert (tmp_path / "sinorus.db.daemon").read_text().startswith(ME)
