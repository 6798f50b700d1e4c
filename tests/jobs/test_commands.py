"""Every command's exit codes, and that faults are told in one plain sentence."""

from __future__ import annotations

import csv
import io
import json
import re
import signal
import subprocess
import sys

import pytest

from tests.faultserver import RSS, FaultServer, answer
from tests.jobs.desk import Desk, Ran, an_article, an_outlet, end_by_signal, item, rss

HEADLINES = [f"China and Russia sign accord {number}" for number in range(3)]
COMMANDS = ("crawl", "articles", "show", "export", "parse", "outlets", "status", "demo", "db")
ENTRY = '[[outlet]]\nid = "desk"\nname = "Desk"\nhome = "http://127.0.0.1:1/"\n'


def is_one_sentence(ran: Ran) -> bool:
    """Nothing on standard output, and on the other one line of ours."""
    return ran.out == "" and re.fullmatch(r"sinorus: [^\n]+\n", ran.err) is not None


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A desk with three articles, from a server that is gone."""
    desk = Desk(tmp_path_factory.mktemp("stored"))
    with FaultServer() as server:
        paths = [f"/{number}" for number in range(len(HEADLINES))]
        for path, headline in zip(paths, HEADLINES, strict=True):
            server.routes[path] = answer(an_article(headline))
        server.routes["/feed"] = answer(rss(*map(item, paths)), 200, RSS)
        desk.outlets(an_outlet(server.base_url))
        ran = desk.run("crawl")
    assert (ran.code, ran.err) == (0, "")
    head, _, row = ran.out.splitlines()
    assert head.split()[:4] == ["outlet", "found", "new", "updated"]
    assert row.split() == ["desk", "3", "3", "0", "0", "0", "0", "0"]
    return desk


def test_help_and_version(desk: Desk) -> None:
    ran = desk.run("--help")
    assert ran.code == 0
    assert set(COMMANDS) <= set(re.findall(r"^  (\w+)", ran.out, re.MULTILINE))
    assert desk.run("crawl", "--help").out.count("Example: sinorus crawl") == 1
    assert re.fullmatch(r"sinorus \d+\.\d+\.\d+\n", desk.run("--version").out)


@pytest.mark.parametrize(
    "arguments", [["nosuch"], ["articles", "--nosuch"], ["crawl", "--limit", "0"], ["parse", "-"]]
)
def test_usage(desk: Desk, arguments: list[str]) -> None:
    ran = desk.run(*arguments)
    assert (ran.code, ran.out) == (2, "")
    assert "Usage: " in ran.err


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["crawl", "nosuch"], "no outlet 'nosuch' in outlets.toml; there are: desk"),
        (["crawl", "--since", "soon"], "--since soon: not a time"),
        (["crawl", "--url", "ftp://127.0.0.1/"], "--url ftp://127.0.0.1/: not an http(s) address"),
        (
            ["crawl", "--url", "http://other.example/"],
            "not on a host of any outlet of outlets.toml",
        ),
        (["crawl", "--outlets-file", "none.toml"], "none.toml: cannot be read: No such file"),
        (["crawl", "--config", "none.toml"], "none.toml: no such file"),
        (["articles", "--sort", "nosuch"], "sort: 'nosuch' is none of rank, published, first_seen"),
        (["articles", "--until", "soon"], "--until soon: not a time"),
        (["show", "99"], "99"),
        (["export", "--format", "xls"], "--format xls: use jsonl, csv, parquet or atom"),
        (["parse", "none.html", "--url", "http://127.0.0.1:1/a"], "none.html: cannot be read: No "),
        (["parse", ".", "--url", "http://127.0.0.1:1/a"], ".: cannot be read: Is a directory"),
        (["parse", "-", "--url", "nonsense"], "--url nonsense: not an http(s) address"),
        (["articles", "--database-url", "mysql://x/y"], "database_url: 'mysql' is not supported"),
        (["articles", "--database-url", "nonsense"], "database_url is no address"),
        (["articles", "--database-url", "sqlite:///none.db"], "no sinorus database at sqlite"),
    ],
)
def test_faults_of_the_command_line(stored: Desk, arguments: list[str], reason: str) -> None:
    ran = stored.run(*arguments)
    assert ran.code == (1 if arguments[0] == "show" else 2)
    assert is_one_sentence(ran)
    assert reason in ran.err
    assert not (stored.folder / "none.db").exists()


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("sinorus.toml", "x = [", "sinorus.toml:1: "),
        (
            "sinorus.toml",
            'contact = "a"\ndatabase = 1\n',
            "sinorus.toml:2: database: no such setting",
        ),
        ("sinorus.toml", '\nuser_agent = "a\\nb"\n', "sinorus.toml:2: user_agent: "),
        ("outlets.toml", ENTRY + "x = [", "outlets.toml:5: "),
        ("outlets.toml", ENTRY + "feeds = 1", "outlets.toml:5: outlet desk: feeds: "),
        ("outlets.toml", "", "outlets.toml has no enabled outlet"),
        ("outlets.toml", ENTRY + "enabled = false", "outlets.toml has no enabled outlet"),
    ],
)
def test_faults_of_files(desk: Desk, name: str, text: str, told: str) -> None:
    desk.outlets(an_outlet("http://127.0.0.1:1"))
    (desk.folder / name).write_text(text, "utf-8")
    ran = desk.run("crawl")
    assert ran.code == 2
    assert is_one_sentence(ran)
    assert told in ran.err
    assert not (desk.folder / "sinorus.db").exists()


def test_faults_of_the_environment(desk: Desk) -> None:
    ran = desk.run("outlets", env={"SINORUS_USER_AGENT": "a\tb"})
    assert ran.code == 2
    assert is_one_sentence(ran)
    assert "SINORUS_USER_AGENT" in ran.err


def test_databases_that_cannot_be_written(desk: Desk) -> None:
    """A directory that is not there, one that is a file, a database that is none."""
    desk.outlets(an_outlet("http://127.0.0.1:1"))
    (desk.folder / "file").write_text("no database")
    for place in ("none/sinorus.db", "file/sinorus.db", "file", "."):
        ran = desk.run("crawl", "--database-url", f"sqlite:///{place}")
        assert ran.code in (1, 2), place
        assert is_one_sentence(ran), ran.err
        assert place in ran.err
    assert (desk.folder / "file").read_text() == "no database"


def test_a_data_directory_that_cannot_be_written(server: FaultServer, desk: Desk) -> None:
    """The crawl ends at the first page, and what was not kept is still due."""
    server.routes |= {f"/{n}": answer(an_article(HEADLINES[n])) for n in range(3)}
    server.routes["/feed"] = answer(rss(*map(item, ("/0", "/1", "/2"))), 200, RSS)
    desk.outlets(an_outlet(server.base_url))
    (desk.folder / "file").write_text("no directory")
    ran = desk.run("crawl", env={"SINORUS_DATA_DIR": "file/data"})
    assert ran.code == 1
    assert is_one_sentence(ran)
    assert "pages: the data directory file/data cannot be written" in ran.err
    assert desk.articles() == []
    (run,) = desk.run("status", "--json").json["runs"]
    assert run["status"] == "failed"
    assert desk.crawl().row["new"] == 3


def test_articles(stored: Desk) -> None:
    listed = stored.run("articles")
    assert listed.code == 0
    assert all(headline in listed.out for headline in HEADLINES)
    assert listed.err == "3 of 3 articles\n"
    found = stored.run("articles", "--search", "accord 1", "--json")
    assert [record["headline"] for record in found.json] == [HEADLINES[1]]
    assert stored.run("articles", "--until", "2000-01-01", "--json").json == []
    none = stored.run("articles", "--search", "zebra")
    assert (none.code, none.out, none.err) == (0, "", "0 of 0 articles\n")


def test_show(stored: Desk) -> None:
    (record,) = stored.run("articles", "--search", "accord 2", "--json").json
    by_id = stored.run("show", str(record["id"]), "--json")
    by_url = stored.run("show", record["url"], "--json")
    assert (by_id.code, by_id.err) == (0, "")
    assert by_id.json == by_url.json
    assert by_id.json.items() <= record.items()
    assert HEADLINES[2] in stored.run("show", str(record["id"])).out


def test_export(stored: Desk) -> None:
    lines = stored.run("export", "--format", "jsonl", "--sort", "id")
    assert (lines.code, lines.err) == (0, "")
    assert [json.loads(line) for line in lines.out.splitlines()] == stored.articles()
    assert stored.run("export", "--format", "csv", "--output", "a.csv").out == ""
    text = (stored.folder / "a.csv").read_text("utf-8-sig")
    assert {row["headline"] for row in csv.DictReader(io.StringIO(text))} == set(HEADLINES)
    missing = stored.run("export", "--format", "csv", "--output", "none/a.csv")
    assert missing.code in (1, 2)
    assert is_one_sentence(missing)


def test_parse(stored: Desk) -> None:
    (entry,) = stored.run("outlets", "--json").json
    page = an_article(HEADLINES[0]).encode()
    (stored.folder / "page.html").write_bytes(page)
    url = f"{entry['home']}a"
    from_file = stored.run("parse", "page.html", "--url", url)
    piped = stored.run("parse", "-", "--url", url, stdin=page)
    assert (from_file.code, from_file.err) == (0, "")
    assert from_file.json == piped.json
    assert (from_file.json["headline"], from_file.json["outlet"]) == (HEADLINES[0], "desk")
    assert (from_file.json["id"], from_file.json["first_seen"]) == (None, None)
    assert len(stored.articles()) == 3


@pytest.mark.parametrize("page", [b"", b"<ul><li><a href='/1'>One</a></ul>", b"\x00\xff" * 99])
def test_parse_of_what_is_no_article(stored: Desk, page: bytes) -> None:
    ran = stored.run("parse", "-", "--url", "http://127.0.0.1:1/a", stdin=page)
    assert ran.code == 1
    assert is_one_sentence(ran)
    assert "http://127.0.0.1:1/a: not an article: " in ran.err


def test_outlets_and_status(stored: Desk) -> None:
    (row,) = stored.run("outlets", "--json").json
    assert (row["id"], row["articles"], row["problem"]) == ("desk", 3, None)
    assert "desk" in stored.run("outlets").out
    record = stored.run("status", "--json").json
    assert (record["articles"], len(record["runs"])) == (3, 1)
    assert record["outlets"][0]["due"] == 0
    assert "3 articles in sqlite:///sinorus.db" in stored.run("status").out


def test_before_the_first_crawl(desk: Desk) -> None:
    """The catalogue can be read; what needs a database says what to do."""
    desk.outlets(an_outlet("http://127.0.0.1:1"))
    assert desk.run("outlets").code == 0
    for command in ("articles", "status"):
        ran = desk.run(command)
        assert ran.code == 2
        assert is_one_sentence(ran)
        assert "run `sinorus crawl` or `sinorus demo` first" in ran.err
    assert not (desk.folder / "sinorus.db").exists()
    made = desk.run("db", "upgrade")
    assert made.code == 0
    assert desk.run("db", "upgrade").err == made.err
    assert desk.run("articles").err == "0 of 0 articles\n"


@pytest.mark.parametrize("arguments", [["articles", "--json"], ["articles"], ["outlets"]])
def test_a_reader_that_goes_away(stored: Desk, arguments: list[str]) -> None:
    """As `sinorus articles | head` does: nothing is said of it."""
    process = stored.start(*arguments)
    assert process.stdout is not None
    process.stdout.close()
    assert process.stderr is not None
    assert process.stderr.read().decode().replace("3 of 3 articles\n", "") == ""
    process.stderr.close()
    process.wait()


@pytest.mark.parametrize("redirection", [">/dev/full", ">&-", "2>&-", ">&- 2>&-"])
def test_output_that_takes_nothing(stored: Desk, redirection: str) -> None:
    command = f"{sys.executable} -m jobs articles --json {redirection}"
    ran = subprocess.run(command, shell=True, cwd=stored.folder, capture_output=True, text=True)
    is_full = "full" in redirection
    assert ran.returncode == (1 if is_full else 0)
    assert ran.stderr == ("sinorus: No space left on device\n" if is_full else "")


def test_ctrl_c_while_it_reads(stored: Desk) -> None:
    process = stored.start("parse", "-", "--url", "http://127.0.0.1:1/a")
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(timeout=2)  # it waits for its standard input for ever
    ran = end_by_signal(process, signal.SIGINT)
    assert (ran.code, ran.out, ran.err) == (130, "", "")
