"""`changes`, `db downgrade`, `db check` and `db copy` as their users have them."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from sqlalchemy import text

import storage
from storage.database import open_database
from tests.jobs.desk import Desk
from tests.storage.filling import fill

DATA = "sinorus-data"


@pytest.fixture
def filled(desk: Desk) -> Desk:
    with open_database(url(desk), create=True) as database:
        fill(database, desk.folder / DATA)
    return desk


def url(desk: Desk, name: str = "sinorus.db") -> str:
    return f"sqlite:///{desk.folder / name}"


def test_changes_as_lines_go_on_from_their_cursor(filled: Desk) -> None:
    ran = filled.run("changes", "--json")
    assert (ran.code, ran.err) == (0, "")
    lines = [json.loads(line) for line in ran.out.splitlines()]
    assert [set(line) for line in lines] == [{"cursor", "article"}] * 6
    with storage.open(url(filled)) as database:
        for line in lines:
            article = database.article(line["article"]["id"])
            assert article is not None
            assert article.to_dict() == line["article"]
    rest = filled.run("changes", "--json", "--since-cursor", lines[3]["cursor"]).out
    assert [json.loads(line) for line in rest.splitlines()] == lines[4:]
    first = filled.run("changes", "--json", "--limit", "2").out
    assert [json.loads(line) for line in first.splitlines()] == lines[:2]
    assert filled.run("changes", "--json", "--since-cursor", lines[-1]["cursor"]).out == ""


def test_changes_as_a_table_end_with_the_cursor(filled: Desk) -> None:
    ran = filled.run("changes", "--limit", "4")
    head, _, *rows = ran.out.splitlines()
    assert head.split() == ["cursor", "changed", "id", "outlet", "revision", "headline"]
    assert len(rows) == 4
    assert ran.err == f"cursor {rows[-1].split()[0]}\n"
    last = filled.run("changes").err.split()[-1]
    ran = filled.run("changes", "--since-cursor", last)
    assert (ran.code, ran.out, ran.err) == (0, "", f"cursor {last}\n")


@pytest.mark.parametrize(("arguments", "reason"), [
    (["changes", "--since-cursor", "soon"], "cursor: 'soon' is none; give one that came with"),
    (["changes", "--since-cursor", "999999"], "beyond this database's last change"),
    (["db", "downgrade", "9999"], "there is no revision '9999'; there are base, 0001, 0002"),
    (["db", "copy", "--to", "sqlite:///sinorus.db"], "sinorus.db is the database to copy from"),
    (["db", "copy", "--to", "mysql://h/d"], "'mysql' is not supported"),
    (["db", "check", "--database-url", "sqlite:///none.db"], "no sinorus database at"),
])  # fmt: skip
def test_what_cannot_be_done_is_told_in_a_sentence(
    filled: Desk, arguments: list[str], reason: str
) -> None:
    ran = filled.run(*arguments)
    assert (ran.code, ran.out) == (2, "")
    assert re.fullmatch(r"sinorus: [^\n]+\n", ran.err)
    assert reason in ran.err


def test_a_sound_database_is_checked_in_silence(filled: Desk) -> None:
    for arguments, out in (([], ""), (["--json"], "[]\n"), (["--quick", "--json"], "[]\n")):
        ran = filled.run("db", "check", *arguments)
        assert (ran.code, ran.out) == (0, out)
        assert ran.err == "database sqlite:///sinorus.db: nothing found\n"


def test_findings_are_told_and_the_exit_code_is_1(filled: Desk) -> None:
    with storage.open(url(filled)) as database, database.write() as conn:
        conn.execute(text("UPDATE articles SET change = -id, headline = 'else' WHERE id < 3"))
    ran = filled.run("db", "check")
    assert (ran.code, ran.err) == (1, "database sqlite:///sinorus.db: 6 found\n")
    assert "change: articles 2: change is -2, not above 0\n" in ran.out
    ran = filled.run("db", "check", "--json", "--quick")
    assert ran.code == 1
    assert ran.json[0] == {
        "kind": "change", "table": "articles", "id": 2,
        "sentence": "articles 2: change is -2, not above 0",
    }  # fmt: skip
    assert len(ran.json) == 2


def test_a_file_too_damaged_to_be_opened_is_a_finding(filled: Desk) -> None:
    path = filled.folder / "sinorus.db"
    path.write_bytes(path.read_bytes()[:100] + b"\xff" * 4096)
    ran = filled.run("db", "check")
    assert (ran.code, ran.err) == (1, "database sqlite:///sinorus.db: 1 found\n")
    assert re.fullmatch(r"integrity: it cannot be read on: [^\n]+ is damaged\n", ran.out)


def test_down_and_up_again(filled: Desk) -> None:
    ran = filled.run("db", "downgrade", "0002")
    assert (ran.code, ran.out) == (0, "")
    assert re.fullmatch(r"database \S+ is back at 0002; undone: .*0003\n", ran.err)
    assert "run `sinorus db upgrade`" in filled.run("articles").err
    ran = filled.run("db", "check")
    assert ran.code == 1
    assert "run `sinorus db upgrade`" in ran.out
    assert filled.run("db", "downgrade", "0002").err.endswith("was at 0002 already\n")
    assert filled.run("db", "upgrade").code == 0
    assert filled.run("db", "check").code == 0


def test_a_copy_tells_its_rows(filled: Desk) -> None:
    ran = filled.run("db", "copy", "--to", "sqlite:///copy.db")
    assert (ran.code, ran.err) == (0, "")
    assert re.search(r"^articles +6$", ran.out, re.MULTILINE)
    ran = filled.run("db", "copy", "--to", "sqlite:///copy.db")
    assert ran.code == 2
    assert "holds rows already" in ran.err
    ran = filled.run("db", "copy", "--to", "sqlite:///other.db", "--json")
    assert ran.json["articles"] == 6
    ran = filled.run("db", "check", "--database-url", "sqlite:///other.db")
    assert (ran.code, Path(filled.folder / "other.db").exists()) == (0, True)
