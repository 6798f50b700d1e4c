"""`sinorus reparse` and `sinorus page`, as their user has them.

An old reader is one that left its mark in the database: the tests write there what it would
have stored.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from tests.faultserver import RSS, FaultServer, answer
from tests.jobs.desk import Desk, an_article, an_outlet, item, rss

ONE = "China and Russia sign gas accord"
OTHER = "Russia and China open a fourth bridge"
CAKES = ["The bakers of the old town say that plums are better this year than last."] * 3
PATHS = {"/one": ONE, "/other": OTHER}


@pytest.fixture
def crawled(server: FaultServer, desk: Desk) -> Desk:
    for path, headline in PATHS.items():
        server.routes[path] = answer(an_article(headline))
    server.routes["/feed"] = answer(rss(*(item(path) for path in PATHS)), 200, RSS)
    desk.outlets(an_outlet(server.base_url))
    assert desk.run("crawl").code == 0
    return desk


def change(desk: Desk, statement: str) -> None:
    with desk.database() as database, database.write() as conn:
        conn.execute(text(statement))


def rows(desk: Desk, statement: str) -> list[tuple[Any, ...]]:
    with desk.database() as database, database.read() as conn:
        return [tuple(row) for row in conn.execute(text(statement))]


def everything(desk: Desk) -> dict[str, list[tuple[Any, ...]]]:
    tables = ("articles", "revisions", "leads", "pages", "sightings")
    return {name: rows(desk, f"SELECT * FROM {name} ORDER BY id") for name in tables}


def set_old(desk: Desk, path: str, **values: str) -> None:
    """The article as an old reader left it, revision and hash included."""
    from storage.cleaning import content_hash
    from storage.records import content_of

    told = ", ".join(f"{name} = '{value}'" for name, value in values.items())
    change(desk, f"UPDATE articles SET {told} WHERE url LIKE '%{path}'")
    with desk.database() as database:
        (article,) = [one for one in database.articles() if one.url.endswith(path)]
        hashed = content_hash(content_of(article))
    for table, key in (("articles", "id"), ("revisions", "article_id")):
        change(desk, f"UPDATE {table} SET content_hash = '{hashed}' WHERE {key} = {article.id}")


def assert_sound(desk: Desk) -> None:
    ran = desk.run("db", "check")
    assert (ran.code, ran.out) == (0, "")


def rebuild_index(desk: Desk) -> None:
    """As the old reader would have left it."""
    from storage.search.entries import rebuild_all

    with desk.database() as database, database.write() as conn:
        rebuild_all(conn)


def test_the_same_pages_and_readers_write_nothing(crawled: Desk) -> None:
    before = everything(crawled)
    ran = crawled.run("reparse", "--json")
    assert ran.code == 0
    assert ran.json["counts"] == {"read": 2, "unchanged": 2}
    assert ran.json["fields"] == {}
    assert everything(crawled) == before


def test_what_is_other_is_a_revision_of_its_own_kind(crawled: Desk) -> None:
    set_old(crawled, "/one", headline="Menu | Sign gas accord", authors='["By"]', parser="old/1")
    rebuild_index(crawled)
    cursor = crawled.run("changes").err.split()[-1]
    (seen,) = rows(crawled, "SELECT last_seen FROM articles WHERE url LIKE '%/one'")
    dry = crawled.run("reparse", "--dry-run", "--json")
    assert rows(crawled, "SELECT max(revision) FROM articles") == [(1,)]
    ran = crawled.run("reparse", "--json")
    assert dry.json == {**ran.json, "dry_run": True}
    assert ran.json["counts"]["changed"] == 1
    fields = ran.json["fields"]
    assert {name: [n for n in entry if n != "samples" and entry[n]] for name, entry in
            fields.items()} == {
        "headline": ["changed"], "authors": ["disappeared"], "parser": ["changed"],
    }  # fmt: skip
    (article_id,) = (one["id"] for one in crawled.articles() if one["url"].endswith("/one"))
    shown = crawled.run("show", str(article_id), "--revisions", "--json").json
    assert (shown["headline"], shown["revision"], shown["authors"]) == (ONE, 2, [])
    assert [entry["kind"] for entry in shown["revisions"]] == ["new", "reread"]
    assert shown["revisions"][0]["content"]["headline"] == "Menu | Sign gas accord"
    assert shown["revisions"][1]["changed"] == ["headline", "authors"]
    assert rows(crawled, "SELECT last_seen FROM articles WHERE url LIKE '%/one'") == [seen]
    followed = crawled.run("changes", "--since-cursor", cursor, "--json")
    assert followed.out.count("\n") == 1
    assert crawled.run("articles", "--search", "headline:menu", "--json").json == []
    assert_sound(crawled)
    before = everything(crawled)
    assert crawled.run("reparse").code == 0
    assert everything(crawled) == before


def test_only_another_reader_is_no_revision(crawled: Desk) -> None:
    set_old(crawled, "/one", parser="old/1")
    ran = crawled.run("reparse", "--json")
    assert list(ran.json["fields"]) == ["parser"]
    assert rows(crawled, "SELECT max(revision) FROM articles") == [(1,)]
    assert crawled.run("reparse", "--json").json["fields"] == {}


def test_filters_choose(crawled: Desk) -> None:
    for path in PATHS:
        set_old(crawled, path, parser="old/1")
    rebuild_index(crawled)
    assert crawled.run("reparse", "--search", "bridge", "--json").json["counts"]["read"] == 1
    left = rows(crawled, "SELECT url FROM articles WHERE parser = 'old/1'")
    assert [url.rpartition("/")[2] for (url,) in left] == ["one"]
    assert crawled.run("reparse", "--outlet", "none", "--json").json["counts"] == {}


def test_a_gone_article_stays_gone(server: FaultServer, crawled: Desk) -> None:
    set_old(crawled, "/one", headline="Menu | Sign gas accord")
    rebuild_index(crawled)
    server.routes["/one"] = answer("", 404)
    crawled.crawl("--url", f"{server.base_url}/one")
    assert crawled.run("reparse").code == 0
    ((gone_at, revision),) = rows(
        crawled, "SELECT gone_at, revision FROM articles WHERE url LIKE '%/one'"
    )
    assert gone_at is not None
    assert revision == 3
    assert_sound(crawled)
    server.routes["/one"] = answer(an_article(ONE))
    crawled.crawl("--url", f"{server.base_url}/one")
    kinds = rows(crawled, "SELECT kind FROM revisions ORDER BY article_id, revision")
    assert [kind for (kind,) in kinds if kind != "new"] == ["gone", "reread", "returned"]
    assert_sound(crawled)


def test_another_identity_is_told_and_left(crawled: Desk) -> None:
    from storage.cleaning import address_hash, identity_hash

    url = "http://moved.example/5"
    change(
        crawled,
        f"UPDATE articles SET url = '{url}', url_hash = '{address_hash(url)}', parser = 'old/1', "
        f"identity = 'five', identity_hash = '{identity_hash('desk', 'five')}' "
        "WHERE url LIKE '%/one'",
    )
    before = everything(crawled)
    ran = crawled.run("reparse", "--json")
    assert ran.json["counts"] == {"read": 2, "moved": 1, "unchanged": 1}
    (told,) = ran.json["samples"]["moved"]
    assert told["url"] == url
    assert told["reads_as"].endswith("/one")
    assert everything(crawled) == before


def test_what_is_no_article_any_more_is_kept_and_told(crawled: Desk) -> None:
    rewrite_page(crawled, "/one", b"<html><title>Just a moment...</title><p>Wait.</p></html>")
    before = everything(crawled)
    ran = crawled.run("reparse")
    assert ran.code == 0
    assert "1 page: hold no article for today's readers; what is stored stays; http" in ran.err
    assert everything(crawled) == before


def rewrite_page(desk: Desk, path: str, body: bytes) -> None:
    """As if the article had been read from that page."""
    from dataclasses import replace

    from storage.pages import PageArchive, note_page, read_page

    ((place, offset),) = rows(
        desk, f"SELECT warc_file, warc_offset FROM pages WHERE url LIKE '%{path}'"
    )
    data = desk.folder / "sinorus-data"
    page = replace(read_page(data, place, offset), body=body)
    with PageArchive(data) as archive, desk.database() as database, database.write() as conn:
        page_id = note_page(conn, page, archive.write(page))
        for table in ("articles", "revisions"):
            owner = "id" if table == "articles" else "article_id"
            conn.execute(
                text(
                    f"UPDATE {table} SET page_id = {page_id} WHERE {owner} = "
                    f"(SELECT id FROM articles WHERE url LIKE '%{path}')"
                )
            )


def test_a_part_never_replaces_the_whole(crawled: Desk) -> None:
    part = an_article(ONE, [], head='<meta name="description" content="Only the lead of it.">')
    rewrite_page(crawled, "/one", part.encode())
    before = everything(crawled)
    ran = crawled.run("reparse", "--json")
    assert ran.code == 0
    assert ran.json["counts"]["read"] == 2
    assert ran.json["counts"].get("partial", 0) + ran.json["counts"].get("no_article", 0) == 1
    assert everything(crawled) == before


def test_a_lost_archive_is_told_page_by_page(crawled: Desk) -> None:
    set_old(crawled, "/one", parser="old/1")
    shutil.rmtree(crawled.folder / "sinorus-data")
    before = everything(crawled)
    ran = crawled.run("reparse", "--json")
    assert ran.code == 1
    assert ran.json["counts"] == {"read": 2, "unread": 2}
    assert "/one: pages: pages/" in ran.err
    assert "there is no such file" in ran.err
    assert everything(crawled) == before


def test_an_outlet_that_left_the_catalogue_is_read_by_general_rules(
    server: FaultServer, crawled: Desk
) -> None:
    set_old(crawled, "/one", headline="Menu | Sign gas accord")
    rebuild_index(crawled)
    crawled.outlets(an_outlet("http://127.0.0.9:1", "another"))
    ran = crawled.run("reparse")
    assert ran.code == 0
    assert "desk is not in the catalogue: 2 pages read by general rules" in ran.err
    assert {one["headline"] for one in crawled.articles()} == {ONE, OTHER}


def test_pages_that_were_unreadable_become_articles(server: FaultServer, desk: Desk) -> None:
    """What was stored as unreadable, and is an article for today's reader."""
    server.routes["/none"] = answer("<html><title>Just a moment...</title></html>")
    server.routes["/feed"] = answer(rss(item("/none")), 200, RSS)
    desk.outlets(an_outlet(server.base_url, on_topic=False))
    assert desk.run("crawl").code == 1
    assert desk.run("reparse", "--json").json["counts"] == {
        "unreadable": 1,
        "still_unreadable": 1,
    }
    for path in ("/one", "/off"):
        keep_as_unreadable(desk, server, path)
    dry = desk.run("reparse", "--dry-run", "--json").json["counts"]
    assert desk.articles() == []
    assert desk.run("reparse", "--search", "gas", "--json").json["counts"] == {}
    ran = desk.run("reparse", "--json")
    assert ran.json["counts"] == dry
    assert dry == {"unreadable": 3, "still_unreadable": 1, "found_new": 1, "found_off_topic": 1}
    (article,) = desk.articles()
    assert (article["headline"], article["revision"]) == (ONE, 1)
    states = rows(desk, "SELECT state, article_id, page_id IS NULL FROM leads ORDER BY id")
    assert states == [
        ("unreadable", None, False), ("stored", article["id"], True), ("off_topic", None, True),
    ]  # fmt: skip
    assert_sound(desk)


def keep_as_unreadable(desk: Desk, server: FaultServer, path: str) -> None:
    """As a crawl leaves a page that its reader did not know how to read."""
    from datetime import UTC, datetime

    from crawler.items import FetchedPage, Listing
    from storage import frontier
    from storage.pages import PageArchive, note_page

    url, now = f"{server.base_url}{path}", datetime.now(UTC)
    body = an_article(ONE) if path == "/one" else an_article("Cakes of the season", CAKES)
    page = FetchedPage(url, 200, [("Content-Type", "text/html")], body.encode(), now)
    with (
        PageArchive(desk.folder / "sinorus-data") as archive,
        desk.database() as database,
        database.write() as conn,
    ):
        lead = frontier.lead_for(conn, "desk", Listing(url, url, url), now)
        page_id = note_page(conn, page, archive.write(page))
        frontier.settle(conn, lead.id, "unreadable", now=now, page_id=page_id)


# The first commit begins it, each article is one, the last ends it.
@pytest.mark.parametrize("kill_at", [("commit", 3), ("commit", 4)])
def test_killed_and_run_again_it_is_as_if_nothing_had_happened(
    crawled: Desk, tmp_path: Path, kill_at: tuple[str, int]
) -> None:
    for path in PATHS:
        set_old(crawled, path, headline=f"Old {path[1:]}", parser="old/1")
    rebuild_index(crawled)
    changed = {"jobs.reparse.run.PAGES_PER_BATCH": 1}
    whole = Desk(shutil.copytree(crawled.folder, tmp_path / "whole"))
    report = whole.run("reparse", "--json", changed=changed)
    assert report.json["counts"]["changed"] == 2
    from tests.jobs.desk import fork_command

    process = fork_command(crawled.folder, "reparse", changed=changed, kill_at=kill_at)
    process.join(60)
    assert process.exitcode == -9
    again = crawled.run("reparse", "--json", changed=changed)
    assert again.code == 0
    assert again.json == report.json
    assert crawled.contents() == whole.contents()
    assert_sound(crawled)


def test_the_raw_page_as_it_came(server: FaultServer, crawled: Desk) -> None:
    url = f"{server.base_url}/one"
    for arguments in (["page", url], ["page", url, "--revision", "1"]):
        ran = crawled.run(*arguments)
        assert (ran.code, ran.out, ran.err) == (0, an_article(ONE), "")
    told = crawled.run("page", url, "--json").json
    assert (told["url"], told["status"], told["removed_at"]) == (url, 200, None)
    assert (crawled.folder / "sinorus-data" / told["warc_file"]).is_file()
    assert told["warc_file"] in crawled.run("page", url, "--info").out
    missing = crawled.run("page", url, "--revision", "2")
    assert missing.code == 1
    assert "there is no revision 2 of article" in missing.err
    change(crawled, "UPDATE revisions SET page_id = NULL")
    none = crawled.run("page", url, "--revision", "1")
    assert (none.code, none.out) == (1, "")
    assert "revision 1 has no page: it came of a listing" in none.err


def test_pruned_pages_are_told_of(server: FaultServer, crawled: Desk) -> None:
    refused = crawled.run("db", "prune")
    assert refused.code == 2
    assert "keep_pages_days is not set" in refused.err
    assert crawled.run("db", "prune", "--before", "1d", "--json").json["pages"] == 0
    change(crawled, "UPDATE pages SET removed_at = fetched_at")
    page = crawled.run("page", f"{server.base_url}/one")
    assert page.code == 1
    assert "was removed by retention" in page.err
    ran = crawled.run("reparse", "--json")
    assert (ran.code, ran.json["counts"]) == (0, {"read": 2, "removed": 2})
