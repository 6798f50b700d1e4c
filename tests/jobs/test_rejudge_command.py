"""`sinorus rejudge` and `topic_file`, as their user has them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faultserver import RSS, FaultServer, answer
from tests.jobs.desk import Desk, an_article, an_outlet, item, rss

TOPIC = """
name = "China and India"
sides = ["china", "india"]
names = ["China", "India"]
"""
OURS = "China and Russia sign gas accord"
THEIRS = "China and India resume direct flights"
TEXT = ["The airline said that the first of three weekly services leaves on Monday morning."] * 4


def serve(server: FaultServer) -> None:
    server.routes["/ours"] = answer(an_article(OURS))
    server.routes["/theirs"] = answer(an_article(THEIRS, TEXT))
    server.routes["/feed"] = answer(rss(item("/ours"), item("/theirs")), 200, RSS)


@pytest.fixture
def crawled(server: FaultServer, desk: Desk) -> Desk:
    serve(server)
    desk.outlets(an_outlet(server.base_url, on_topic=False))
    assert desk.run("crawl").code == 0
    return desk


def use_topic(desk: Desk) -> None:
    (desk.folder / "topic.toml").write_text(TOPIC, "utf-8")
    (desk.folder / "sinorus.toml").write_text('topic_file = "topic.toml"\n', "utf-8")


def headlines(desk: Desk) -> dict[str, bool]:
    return {one["headline"]: one["relevant"] for one in desk.run("articles", "--json").json}


def test_without_another_topic_nothing_changes(crawled: Desk) -> None:
    ran = crawled.run("rejudge", "--json")
    assert ran.code == 0
    assert ran.json == {
        "judged": 1,
        "unchanged": 1,
        "rescored": 0,
        "to_on_topic": 0,
        "to_off_topic": 0,
        "due_again": 0,
        "turned": [],
    }


def test_another_topic_turns_verdicts_and_followers_hear_of_it(crawled: Desk) -> None:
    assert headlines(crawled) == {OURS: True}
    cursor = crawled.run("changes").err.split()[-1]
    use_topic(crawled)
    ran = crawled.run("rejudge", "--json")
    assert ran.code == 0
    assert (ran.json["to_off_topic"], ran.json["turned"][0]["headline"]) == (1, OURS)
    assert headlines(crawled) == {OURS: False}
    followed = crawled.run("changes", "--since-cursor", cursor, "--json")
    assert followed.out.count("\n") == 1
    again = crawled.run("rejudge")
    assert "1 judged: 0 off → on topic, 0 on → off topic" in again.err


def test_pages_known_by_address_alone_are_read_again_when_asked(crawled: Desk) -> None:
    use_topic(crawled)
    ran = crawled.run("rejudge", "--off-topic", "--json")
    assert ran.json["due_again"] == 1
    assert crawled.run("crawl").code == 0
    assert headlines(crawled) == {OURS: False, THEIRS: True}


def test_the_topic_is_what_a_crawl_and_parse_judge_by(server: FaultServer, desk: Desk) -> None:
    serve(server)
    desk.outlets(an_outlet(server.base_url, on_topic=False))
    use_topic(desk)
    assert desk.run("crawl").code == 0
    assert headlines(desk) == {THEIRS: True}
    page = desk.folder / "page.html"
    page.write_text(an_article(THEIRS, TEXT), "utf-8")
    parsed = desk.run("parse", page.name, "--url", f"{server.base_url}/theirs")
    assert parsed.json["relevant"] is True


def test_an_on_topic_outlet_still_vouches_for_what_it_lists(
    server: FaultServer, desk: Desk
) -> None:
    serve(server)
    desk.outlets(an_outlet(server.base_url, on_topic=True))
    assert desk.run("crawl").code == 0
    use_topic(desk)
    assert desk.run("rejudge", "--json").json["to_off_topic"] == 0
    assert headlines(desk) == {OURS: True, THEIRS: True}


def test_a_faulty_topic_is_told_by_file_and_line(crawled: Desk) -> None:
    (crawled.folder / "topic.toml").write_text(TOPIC + "colour = 1\n", "utf-8")
    (crawled.folder / "sinorus.toml").write_text('topic_file = "topic.toml"\n', "utf-8")
    for command in (["rejudge"], ["crawl"]):
        ran = crawled.run(*command)
        assert ran.code == 2
        assert "sinorus: topic.toml:5: colour: no such key" in ran.err
        assert "Traceback" not in ran.err


def test_a_missing_topic_file(crawled: Desk, tmp_path: Path) -> None:
    (crawled.folder / "sinorus.toml").write_text('topic_file = "none.toml"\n', "utf-8")
    ran = crawled.run("rejudge")
    assert ran.code == 2
    assert ran.err == "sinorus: none.toml: cannot be read: No such file or directory\n"
