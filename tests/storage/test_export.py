"""Exports: what is written is what is read back, and a spreadsheet runs none of it."""

from __future__ import annotations

import csv
import io
import json
import os
import stat
import threading
from pathlib import Path

import pytest

from crawler.items import RECORD_FIELDS, Article
from storage.errors import StorageError
from storage.export.cells import write_csv
from storage.export.jsonl import write_jsonl
from storage.export.output import open_output
from tests.storage.samples import NOW, an_article

FORMULAS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\tx",
    "\rx",
    " =1",
    "\u3000=1",
    "\n=1",
    "\u00a0@x",
    "＝1",
    "＋1",
    "－1",
    "＠x",
    " ＝1",
    "\ufeff=1",
    "\u200b=1",
]
HARMLESS = ["China - Russia", "1-2", "'quoted", "中俄=友好", "a\n=b", " text", ""]


def read_csv(articles: list[Article], *, safe: bool = True) -> list[dict[str, str]]:
    stream = io.StringIO(newline="")
    assert write_csv(articles, stream, safe=safe) == len(articles)
    return list(csv.DictReader(io.StringIO(stream.getvalue(), newline="")))


@pytest.mark.parametrize("text", FORMULAS)
def test_a_cell_that_a_spreadsheet_would_run_is_quoted(text: str) -> None:
    article = an_article(headline=text, authors=[text, "b"])
    (row,) = read_csv([article])
    assert row["headline"] == f"'{text}"
    assert row["authors"] == f"'{text}\nb"
    (row,) = read_csv([article], safe=False)
    assert row["headline"] == text


@pytest.mark.parametrize("text", HARMLESS)
def test_a_harmless_cell_is_as_it_was(text: str) -> None:
    (row,) = read_csv([an_article(headline=text)])
    assert row["headline"] == text


def test_csv_has_the_fields_of_the_record_in_their_order() -> None:
    article = an_article(id=7, first_seen=NOW, story_id=None, paragraphs=["a\x00", "b\ud800"])
    (row,) = read_csv([article])
    assert tuple(row) == RECORD_FIELDS
    assert row["id"] == "7"
    assert row["story_id"] == ""
    assert row["relevant"] == "true"
    assert row["first_seen"] == "2026-03-04T05:06:07Z"
    assert row["paragraphs"] == "a\nb"
    assert json.loads(row["lead_image"]) == article.to_dict()["lead_image"]
    assert json.loads(row["relevance"]) == article.to_dict()["relevance"]
    assert json.loads(row["provenance"]) == article.provenance


def test_jsonl_is_the_record_one_a_line() -> None:
    articles = [an_article(headline="=中俄\nРоссия"), an_article(headline="\ud800b")]
    stream = io.StringIO()
    assert write_jsonl(iter(articles), stream) == 2
    stream.getvalue().encode()
    first, second = stream.getvalue().splitlines()
    assert json.loads(first) == articles[0].to_dict()
    assert "中俄" in first
    assert json.loads(second)["headline"] == "b"


def test_output_appears_whole_under_its_name(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    with open_output(path) as stream:
        stream.write("中\r\n")
        assert not path.exists()
    assert path.read_bytes() == "中\r\n".encode()
    umask = os.umask(0)
    os.umask(umask)
    assert stat.S_IMODE(path.stat().st_mode) == 0o666 & ~umask
    assert [path.name for path in tmp_path.iterdir()] == ["out.jsonl"]


def test_a_failure_keeps_the_file_of_before_and_leaves_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    path.write_text("before")
    with pytest.raises(KeyboardInterrupt), open_output(path) as stream:  # noqa: PT012
        stream.write("half")
        raise KeyboardInterrupt
    assert path.read_text() == "before"
    assert [path.name for path in tmp_path.iterdir()] == ["out.jsonl"]


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").write_text("before")
    (tmp_path / "link").symlink_to("real")
    with open_output(tmp_path / "link") as stream:
        stream.write("after")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_text() == "after"


@pytest.mark.parametrize("name", ["none/out.csv", ".", "x" * 300, "file/out.csv"])
def test_an_output_that_cannot_be_is_a_sentence(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").touch()
    with (
        pytest.raises(StorageError, match=r"output: .* cannot be written: \w+"),
        open_output(tmp_path / name),
    ):
        pass
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_pipe_is_written_into_and_not_replaced(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read: list[str] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_text()))
    reader.start()
    with open_output(pipe) as stream:
        stream.write("through")
    reader.join()
    assert read == ["through"]
    assert stat.S_ISFIFO(pipe.stat().st_mode)


def test_a_full_device_is_a_sentence() -> None:
    with (
        pytest.raises(StorageError, match="/dev/full cannot be written: No space left"),
        open_output("/dev/full") as stream,
    ):
        stream.write("x" * 100_000)


@pytest.mark.parametrize("name", [None, "-"])
def test_standard_output(capsys: pytest.CaptureFixture[str], name: str | None) -> None:
    with open_output(name) as stream:
        stream.write("to people and programs")
    assert capsys.readouterr().out == "to people and programs"


def test_standard_output_is_utf8_in_any_locale(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = io.BytesIO()
    monkeypatch.setattr("sys.stdout", io.TextIOWrapper(raw, encoding="latin-1", newline="\r\n"))
    with open_output(None) as stream:
        stream.write("中\n")
    assert raw.getvalue() == "中\n".encode()
