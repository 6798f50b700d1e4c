"""`sinorus export` as its user has it: every format, whole or not at all, and no traceback."""

from __future__ import annotations

import io
import json
import os
import random
import re
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import feedparser
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import storage
from tests.jobs.desk import TIMEOUT_SECONDS, Desk, end_by_signal, wait_until
from tests.storage.samples import an_article, store

FORMATS = ("jsonl", "csv", "parquet", "atom")
# Together many times what a pipe takes, however packed, and half a second's work.
ARTICLES = 100
PARAGRAPH_CHARACTERS = 60_000
HAN = range(0x4E00, 0x9FFF)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A desk whose database has articles with long texts."""
    desk = Desk(tmp_path_factory.mktemp("filled"))
    desk.outlets()
    dice = random.Random(1)
    with storage.open(f"sqlite:///{desk.folder / 'sinorus.db'}", create=True) as database:
        for number in range(ARTICLES):
            moment = datetime(2026, 3, 1 + number % 28, tzinfo=UTC)
            article = an_article(
                url=f"https://news.example/article/{number}",
                language=("ru", "en")[number > 2],
                paragraphs=["".join(map(chr, dice.choices(HAN, k=PARAGRAPH_CHARACTERS)))],
                date_published=moment,
            )
            store(database, article, str(number))
    return desk


@pytest.fixture
def exported(tmp_path: Path) -> Path:
    """A directory where nothing but an export is."""
    folder = tmp_path / "exported"
    folder.mkdir()
    return folder


def to_stdout(desk: Desk, *arguments: str) -> bytes:
    process = desk.start("export", *arguments)
    out, err = process.communicate(timeout=TIMEOUT_SECONDS)
    assert (process.returncode, err) == (0, b"")
    return out


def is_whole(form: str, data: bytes) -> bool:
    """Whether a reader would take the data for all there is."""
    if form == "parquet":
        try:
            return bool(pq.ParquetFile(io.BytesIO(data)).metadata)
        except pa.ArrowInvalid:
            return False
    if form == "atom":
        return not feedparser.parse(data).bozo
    return data.count(b"\n") >= ARTICLES


def test_parquet_has_the_records_of_jsonl(filled: Desk, exported: Path) -> None:
    asked = ("--sort", "id", "--language", "ru")
    lines = to_stdout(filled, "--format", "jsonl", *asked).splitlines()
    data = to_stdout(filled, "--format", "parquet", *asked)
    rows = pq.read_table(io.BytesIO(data)).to_pylist()
    assert [row["id"] for row in rows] == [json.loads(line)["id"] for line in lines] == [1, 2, 3]
    path = exported / "a.parquet"
    ran = filled.run("export", "--format", "parquet", "--output", str(path), *asked)
    assert (ran.code, ran.out, ran.err) == (0, "", "")
    assert path.read_bytes() == data


def test_atom_is_newest_first_and_names_its_file(filled: Desk, exported: Path) -> None:
    path = exported / "news.atom"
    ran = filled.run("export", "--format", "atom", "--limit", "30", "--output", str(path))
    assert (ran.code, ran.out, ran.err) == (0, "", "")
    read = feedparser.parse(path.read_bytes())
    times = [entry.published_parsed for entry in read.entries]
    assert len(times) == 30
    assert times == sorted(times, reverse=True)
    assert 'rel="self" type="application/atom+xml" href="news.atom"' in path.read_text("utf-8")


def test_atom_on_standard_output_with_its_address(filled: Desk) -> None:
    url = "https://feeds.example/news"
    data = to_stdout(filled, "--format", "atom", "--feed-url", url, "--language", "ru")
    read = feedparser.parse(data)
    assert (read.feed.id, read.feed.title, len(read.entries)) == (url, "sinorus · language ru", 3)


def test_a_feed_address_that_is_none(filled: Desk) -> None:
    ran = filled.run("export", "--format", "atom", "--feed-url", "news.atom")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == "sinorus: --feed-url news.atom: not an http(s) address\n"


def test_a_terminal_is_refused_parquet(filled: Desk) -> None:
    terminal, its_end = os.openpty()
    try:
        ran = subprocess.run(
            [sys.executable, "-m", "jobs", "export", "--format", "parquet"],
            cwd=filled.folder,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
            stdout=its_end,
            stderr=subprocess.PIPE,
            timeout=TIMEOUT_SECONDS,
            check=False,
        )
    finally:
        os.close(its_end)
        os.close(terminal)
    assert ran.returncode == 2
    assert re.fullmatch(rb"sinorus: output: [^\n]+ --output FILE[^\n]+\n", ran.stderr)


@pytest.mark.parametrize("order", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("form", FORMATS)
def test_an_interrupted_export_to_a_file(
    filled: Desk, exported: Path, form: str, order: signal.Signals
) -> None:
    path = exported / "out"
    process = filled.start("export", "--format", form, "--output", str(path))
    wait_until(lambda: any(exported.iterdir()))
    ran = end_by_signal(process, order)
    assert (ran.code, ran.out) == (130, "")
    assert "Traceback" not in ran.err
    assert list(exported.iterdir()) == []


@pytest.mark.parametrize("form", FORMATS)
def test_an_interrupted_export_to_a_pipe(filled: Desk, form: str) -> None:
    process = filled.start("export", "--format", form)
    assert process.stdout
    begun = process.stdout.read(1)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=TIMEOUT_SECONDS)
    assert process.returncode == 130
    assert b"Traceback" not in err
    assert not is_whole(form, begun + out)


@pytest.mark.parametrize("form", FORMATS)
def test_a_pipe_that_is_closed(filled: Desk, form: str) -> None:
    process = filled.start("export", "--format", form)
    assert process.stdout
    assert process.stderr
    process.stdout.read(1)
    process.stdout.close()
    assert process.wait(TIMEOUT_SECONDS) == 1
    assert process.stderr.read() == b""
    process.stderr.close()


@pytest.mark.parametrize("form", FORMATS)
def test_a_full_disk(filled: Desk, form: str) -> None:
    ran = filled.run("export", "--format", form, "--output", "/dev/full")
    assert (ran.code, ran.out) == (1, "")
    assert ran.err == "sinorus: output: /dev/full cannot be written: No space left on device\n"


@pytest.mark.parametrize("form", FORMATS)
def test_standard_output_on_a_full_disk(filled: Desk, form: str) -> None:
    with Path("/dev/full").open("wb") as full:
        ran = subprocess.run(
            [sys.executable, "-m", "jobs", "export", "--format", form],
            cwd=filled.folder,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
            stdout=full,
            stderr=subprocess.PIPE,
            timeout=TIMEOUT_SECONDS,
            check=False,
        )
    assert (ran.returncode, ran.stderr) == (1, b"sinorus: No space left on device\n")


@pytest.mark.parametrize("form", FORMATS)
def test_only_parquet_loads_its_library(filled: Desk, form: str) -> None:
    script = (
        "import sys\nfrom jobs.cli import app\n"
        f"app(['export', '--format', '{form}', '--limit', '1', '--output', '/dev/null'],"
        " standalone_mode=False)\nprint('pyarrow' in sys.modules)"
    )
    environment: dict[str, Any] = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    command = [sys.executable, "-c", script]
    out = subprocess.check_output(command, cwd=filled.folder, env=environment, text=True)
    assert out == f"{form == 'parquet'}\n"
