"""New articles are told though their target was away, or the daemon killed, as they came."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from storage.schema import outbox
from tests.faultserver import FaultServer
from tests.jobs.daemon.running import NO_CROWD, running_daemon
from tests.jobs.daemon.set_clocks import SetClock, set_clock
from tests.jobs.desk import Desk, an_article, an_outlet, wait_until
from tests.jobs.newsroom import serve_newsroom, serve_stories
from tests.jobs.webhook import Webhook

ARTICLES = 3
ENV = {"SINORUS_ALERTS_FILE": "alerts.toml"}
CHANGED = {
    **NO_CROWD,
    "jobs.daemon.term._ALERTS_SECONDS": 0.5,
    "jobs.daemon.daemon.Clock": SetClock,
}


@pytest.fixture
def hook() -> Iterator[Webhook]:
    with Webhook() as running:
        yield running


@pytest.fixture
def asked(server: FaultServer, desk: Desk, hook: Webhook) -> Desk:
    """A desk that is to be told of all that is new, by one message each."""
    today = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
    paths = serve_newsroom(server, ARTICLES)
    for number, path in enumerate(paths):
        page = an_article(f"China and Russia sign accord number {number}")
        serve_stories(server, [path], page.replace("2026-11-02T08:00:00Z", today))
    desk.outlets(an_outlet(server.base_url))
    (desk.folder / "alerts.toml").write_text(
        f'[[target]]\nname = "desk"\nurl = "{hook.url}"\n'
        '[[search]]\nname = "all"\ntargets = ["desk"]\n'
    )
    return desk


def outbox_of(desk: Desk) -> dict[str, str]:
    """The state of each message, by key."""
    with desk.database() as database, database.read() as conn:
        rows = conn.execute(select(outbox.c.key, outbox.c.state))
        return {row.key: row.state for row in rows}


def test_a_target_that_is_away_while_articles_come(asked: Desk, hook: Webhook) -> None:
    hook.mood = 500
    with running_daemon(asked.folder, env=ENV, changed=CHANGED) as daemon:
        daemon.wait_for("run finished", new=ARTICLES)
        daemon.wait_for("alerts", failed=ARTICLES)
        before = outbox_of(asked)
        assert set(before.values()) == {"pending"}
        assert hook.told == []
        hook.mood = 200
        set_clock(asked.folder, timedelta(minutes=10))
        daemon.wait_for("alerts", sent=ARTICLES)
        assert sorted(hook.keys) == sorted(before)
        assert set(outbox_of(asked).values()) == {"sent"}
        daemon.stop()
    assert outbox_of(asked).keys() == before.keys()


def test_killed_between_sending_and_marking(asked: Desk, hook: Webhook) -> None:
    with running_daemon(asked.folder, env=ENV, changed=CHANGED) as daemon:
        hook.before_answer = daemon.process.kill
        daemon.process.join(60)
        assert daemon.process.exitcode == -9, daemon.said
        daemon.nobody_is_left()
    hook.before_answer = None
    first = hook.keys
    assert 1 <= len(first) <= ARTICLES
    assert all(outbox_of(asked)[key] == "pending" for key in first)
    with running_daemon(asked.folder, env=ENV, changed=CHANGED) as daemon:
        wait_until(
            lambda: set(outbox_of(asked).values()) == {"sent"} and len(outbox_of(asked)) == ARTICLES
        )
        daemon.stop()
    again = hook.keys[len(first) :]
    assert sorted(again) == sorted(outbox_of(asked)), "each once more, by the same key"
