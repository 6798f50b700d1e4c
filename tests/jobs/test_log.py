"""The log: one line an event, whatever is in it and whoever reads it."""

from __future__ import annotations

import json
import logging
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from jobs import log
from jobs.crawl import silence_libraries

NASTY = (
    "a\n2026-03-04T05:06:07Z error daemon stopped",
    "a\r\x1b[2J\x1b]0;title\x07",
    'a" level=error x="',
    "a\u2028b\u0085c\u202ed",
    "half a pair \ud83d",
    "中俄关系",
    "",
)


@pytest.fixture(autouse=True)
def _logging_as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


def lines(capfd: pytest.CaptureFixture[str]) -> list[str]:
    return capfd.readouterr().err.splitlines()


def objects(capfd: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in lines(capfd)]


def test_a_line_for_people(capfd: pytest.CaptureFixture[str]) -> None:
    log.start_logging()
    log.event("run finished", outlet="scmp", new=3, took=timedelta(seconds=1.5), problem=None)
    (line,) = lines(capfd)
    time, rest = line.split(" ", 1)
    assert abs(datetime.fromisoformat(time) - datetime.now(UTC)) < timedelta(minutes=1)
    assert rest == "info run finished outlet=scmp new=3 took=1.5 problem=null"


def test_an_object_for_programs(capfd: pytest.CaptureFixture[str]) -> None:
    log.start_logging(as_json=True)
    since = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
    log.warn("outlet state", outlet="scmp", since=since, fields=["a", "b"], share=float("nan"))
    log.error("x", event="mine", level="mine")
    first, second = objects(capfd)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", first.pop("time"))
    assert first == {
        "level": "warning",
        "event": "outlet state",
        "outlet": "scmp",
        "since": "2026-03-04T05:06:07Z",
        "fields": ["a", "b"],
        "share": "nan",
    }
    assert (second["event"], second["level"]) == ("x", "error")
    assert (second["event_"], second["level_"]) == ("mine", "mine")


@pytest.mark.parametrize("as_json", [False, True])
@pytest.mark.parametrize("text", NASTY)
def test_no_value_forges_a_line_or_steers_a_terminal(
    text: str, as_json: bool, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    log.start_logging(as_json=as_json)
    log.event("page failed", problem=text, many=[text], after=1)
    logging.getLogger("apscheduler").warning("%s", text)
    written = capfdbinary.readouterr().err
    assert written.count(b"\n") == written.decode().count("\n") == 2
    assert len(written.decode().splitlines()) == 2
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2028]", written.decode())
    if as_json:
        assert json.loads(written.splitlines()[0])["after"] == 1
    else:
        pattern = rb'\S+ info page failed problem=("([^"\\]|\\.)*"|[^\s"=]+) many=.* after=1'
        assert re.fullmatch(pattern, written.splitlines()[0])


@pytest.mark.parametrize("as_json", [False, True])
def test_secrets_are_in_no_line(as_json: bool, capfd: pytest.CaptureFixture[str]) -> None:
    log.start_logging(as_json=as_json, secrets=["hunter2", "hunter2-long", ""])
    log.event(
        "x",
        database="postgresql+psycopg://sinorus:s3c@ret@db.example/sinorus?password=s3cret",
        target="tgram://s3cret/chat",
        page="https://www.scmp.com/a?id=1",
        headers={"Cookie": "s3cret"},
        api_token="s3cret",
        text="hunter2-long and hunter2",
        several=["https://u:s3cret@example.org/x"],
    )
    try:
        raise ValueError("cannot reach https://u:s3cret@example.org/ with hunter2")
    except ValueError as fault:
        log.error("y", cause=fault)
    logging.getLogger("apprise").error("Unsupported URL: discord://s3cret/s3cret")
    written = "\n".join(lines(capfd))
    assert "s3c" not in written
    assert "ret@" not in written
    assert "hunter2" not in written
    for shown in ("db.example/sinorus", "https://www.scmp.com/a?id=1", "ValueError", "discord://"):
        assert shown in written


def test_libraries_come_as_events_and_scrapy_stays_silent(
    capfd: pytest.CaptureFixture[str],
) -> None:
    log.start_logging(as_json=True)
    silence_libraries()
    logging.getLogger("apscheduler.scheduler").warning("Run time of job %s was missed", "scmp")
    logging.getLogger("apscheduler.scheduler").info("Added job")
    logging.getLogger("apprise").warning("%d", "no number")
    logging.getLogger("scrapy.core.engine").error("Error caught on signal handler")
    missed, misfit = objects(capfd)
    assert (missed["level"], missed["event"]) == ("warning", log.LIBRARY_EVENT)
    assert missed["logger"] == "apscheduler.scheduler"
    assert missed["message"] == "Run time of job scmp was missed"
    assert misfit["message"].startswith("%d")


def test_a_traceback_is_one_field_of_one_line(capfd: pytest.CaptureFixture[str]) -> None:
    log.start_logging()
    try:
        raise RuntimeError("first\nsecond")
    except RuntimeError as fault:
        log.error("job failed", cause=fault, job="scmp")
    (line,) = lines(capfd)
    assert "job failed job=scmp" in line
    assert "test_log.py" in line


@pytest.mark.parametrize("as_json", [False, True])
def test_a_line_fits_what_a_pipe_takes_whole(
    as_json: bool, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    log.start_logging(as_json=as_json)
    log.event(
        "x", **{f"field_{number}": "关系" * 2_000 for number in range(9)}, last=["俄"] * 5_000
    )
    (line,) = capfdbinary.readouterr().err.splitlines(keepends=True)
    assert 1_000 < len(line) <= 4_096
    assert b"field_8" in line
    if as_json:
        assert json.loads(line)["event"] == "x"


EVENTS = """
import sys, time
from jobs import log
log.start_logging()
started = time.monotonic()
for number in range(2_000):
    log.event("x", number=number, text="y" * 500)
print("done", round(time.monotonic() - started, 3), flush=True)
sys.stdin.readline()
log.event("z")
"""


@pytest.mark.parametrize("redirection", ["2>/dev/full", "2>&-"])
def test_a_full_or_closed_standard_error_stops_nothing(redirection: str) -> None:
    ran = subprocess.run(
        ["sh", "-c", f'"$0" -c "$1" {redirection}', sys.executable, EVENTS],
        input=b"\n",
        capture_output=True,
        timeout=30,
        check=False,
    )
    assert ran.stdout.startswith(b"done"), ran
    assert ran.returncode == 0


def test_a_reader_who_does_not_read_stops_nothing_and_is_told_what_was_lost() -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", EVENTS],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=os.environ,
    )
    assert process.stdin
    assert process.stdout
    assert process.stderr
    word, seconds = process.stdout.readline().split()  # with a pipe full of lines unread
    assert word == b"done"
    assert float(seconds) < 5
    room = os.read(process.stderr.fileno(), 1 << 20)
    assert room.count(b"\n") > 20
    _, rest = process.communicate(b"\n", timeout=30)
    written = (room + rest).decode().splitlines()
    assert all(re.match(r"\S+Z (info [xz]|warning log lines lost) ?", line) for line in written)
    lost = re.search(r"log lines lost lines=(\d+)", written[-2])
    assert lost
    assert int(lost[1]) + len(written) - 2 == 2_000
    assert process.returncode == 0
