"""A crawl writes what is to be told; `sinorus alerts` shows it, tests targets and tries again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from jobs.alerts.file import AlertsFile
from jobs.alerts.sending import Sender
from storage import outbox
from tests.faultserver import RSS, FaultServer, answer
from tests.jobs.desk import Desk, an_article, an_outlet, item, rss
from tests.jobs.webhook import Webhook

SECRET = "s3cr3t-t0ken"
ENV = {"SINORUS_ALERTS_FILE": "alerts.toml"}


@pytest.fixture
def hook() -> Iterator[Webhook]:
    with Webhook() as running:
        yield running


def write_alerts(desk: Desk, url: str, rest: str = "") -> None:
    text = f'[[target]]\nname = "desk"\nurl = "{url}?+X-Token={SECRET}"\n{rest}'
    (desk.folder / "alerts.toml").write_text(text)


def serve(desk: Desk, server: FaultServer) -> None:
    """Two articles of today, one with gas in its headline."""
    desk.outlets(an_outlet(server.base_url))
    today = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
    for path, headline in (("/1", "China and Russia sign gas accord"), ("/2", "Xi meets Putin")):
        page = an_article(headline).replace("2026-11-02T08:00:00Z", today)
        server.routes[path] = answer(page)
    server.routes["/feed"] = answer(rss(item("/1"), item("/2")), 200, RSS)


GAS = '[[search]]\nname = "gas"\nsearch = "headline:gas"\ntargets = ["desk"]\n'


def test_a_crawl_writes_and_the_daemons_sender_sends(
    desk: Desk, server: FaultServer, hook: Webhook
) -> None:
    serve(desk, server)
    write_alerts(desk, hook.url, GAS)
    assert desk.crawl(env=ENV).row["new"] == 2
    shown = desk.run("alerts", "--json", env=ENV)
    assert shown.code == 0
    assert shown.json["counts"] == {"pending": 1, "sent": 0, "dead": 0}
    (message,) = shown.json["messages"]
    with desk.database() as database:
        file = AlertsFile(desk.folder / "alerts.toml")
        assert Sender(database, file).send_due(datetime.now(UTC)).sent == 1
    assert hook.keys == [message["key"]]
    assert hook.told[0]["title"] == "gas: China and Russia sign gas accord"
    assert desk.crawl(env=ENV).row["new"] == 0
    assert desk.run("alerts", "--json", env=ENV).json["counts"]["sent"] == 1


def test_a_backfill_tells_nobody(desk: Desk, server: FaultServer, hook: Webhook) -> None:
    serve(desk, server)
    write_alerts(desk, hook.url, GAS)
    assert desk.crawl("--backfill", env=ENV).row["new"] == 2
    assert desk.run("alerts", "--json", env=ENV).json["counts"]["pending"] == 0


def test_what_is_asked_for_is_shown_without_a_secret(desk: Desk, hook: Webhook) -> None:
    desk.outlets()
    digest = '[digest]\nat = "07:00"\ntargets = ["desk"]\noutlet = "nowhere"\n'
    write_alerts(desk, hook.url, GAS + '[outlets]\ntargets = ["desk"]\n' + digest)
    shown, as_json = desk.run("alerts", env=ENV), desk.run("alerts", "--json", env=ENV)
    assert (shown.code, as_json.code) == (0, 0)
    for text in (shown.out, shown.err, as_json.out, as_json.err):
        assert SECRET not in text
    for words in ("json://…", "new articles: gas", "search headline:gas", "digest at 07:00 UTC"):
        assert words in shown.out
    assert "0 waiting, 0 dead, 0 sent" in shown.err
    assert "problem: digest: no outlet 'nowhere' in outlets.toml" in shown.err
    assert as_json.json["targets"] == [{"name": "desk", "address": "json://…", "problem": None}]
    assert as_json.json["search"][0]["search"] == "headline:gas"
    assert as_json.json["digest"]["at"] == "07:00:00"


def test_nobody_asked_for_anything(desk: Desk) -> None:
    desk.outlets()
    shown = desk.run("alerts")
    assert (shown.code, shown.out) == (0, "")
    assert "no alerts_file is set" in shown.err


def test_a_target_that_cannot_work_is_told(desk: Desk) -> None:
    desk.outlets()
    write_alerts(desk, "nothing://host/")
    shown = desk.run("alerts", env=ENV)
    assert shown.code == 1
    assert "apprise knows no such address" in shown.out
    assert SECRET not in shown.out + shown.err


def test_a_faulty_file_is_a_usage_fault(desk: Desk) -> None:
    write_alerts(desk, "json://host/", "[digest]\n")
    for arguments in (["alerts"], ["alerts", "test", "desk"], ["crawl"]):
        ran = desk.run(*arguments, env={**ENV, "SINORUS_OUTLETS_FILE": ""})
        assert ran.code == 2
        assert "alerts.toml:4: digest: targets: is missing" in ran.err


def test_a_target_is_tested(desk: Desk, hook: Webhook) -> None:
    write_alerts(desk, hook.url)
    ran = desk.run("alerts", "test", "desk", env=ENV)
    assert (ran.code, ran.out, ran.err) == (0, "", "desk: it took the message\n")
    assert hook.told[0]["title"] == "sinorus: a test"
    hook.mood = 500
    ran = desk.run("alerts", "test", "desk", env=ENV)
    assert (ran.code, ran.err) == (1, "desk: it answered 500\n")
    ran = desk.run("alerts", "test", "dusk", env=ENV)
    assert ran.code == 2
    assert "no alert target 'dusk'; there are: desk" in ran.err


def test_what_was_given_up_is_shown_and_tried_again(desk: Desk, hook: Webhook) -> None:
    desk.outlets()
    write_alerts(desk, hook.url)
    assert desk.run("db", "upgrade").code == 0
    payload = {"until": "2026-11-24T07:00:00Z", "articles": 0, "outlets": [], "newest": []}
    now = datetime.now(UTC)
    with desk.database() as database, database.write() as conn:
        keys = ["digest/2026-11-23", "digest/2026-11-24"]
        outbox.put(conn, [outbox.Note(key, "desk", "digest", payload) for key in keys], now)
        for _ in range(outbox.MOST_ATTEMPTS):
            outbox.note_failed(conn, outbox.unsent(conn, 9), "it answered 500", now)
    shown = desk.run("alerts", env=ENV)
    assert shown.code == 1
    assert "0 waiting, 2 dead, 0 sent" in shown.err
    assert "it answered 500" in shown.out
    assert desk.run("alerts", "retry", "digest/2026-11-01", env=ENV).code == 1
    ran = desk.run("alerts", "retry", "digest/2026-11-23", env=ENV)
    assert (ran.code, ran.err) == (0, "1 message due again\n")
    ran = desk.run("alerts", "retry", env=ENV)
    assert (ran.code, ran.err) == (0, "1 message due again\n")
    assert desk.run("alerts", env=ENV).code == 0


def test_options_belong_behind_the_command(desk: Desk) -> None:
    assert desk.run("alerts", "--json", "retry").code == 2
