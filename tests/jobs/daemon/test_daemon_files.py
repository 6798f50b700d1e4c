"""The outlets and alerts files changed while it runs: a broken one leaves the old in force."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from storage.leadership import last_leader
from tests.faultserver import FaultServer, FaultServers
from tests.jobs.daemon.running import NO_CROWD, RunningDaemon, free_port, running_daemon
from tests.jobs.daemon.set_clocks import SetClock, set_clock
from tests.jobs.desk import Desk, an_outlet, wait_until
from tests.jobs.newsroom import serve_newsroom

CHANGED = {
    **NO_CROWD,
    "jobs.daemon.daemon._FILES_SECONDS": 0.2,
    "jobs.daemon.daemon.Clock": SetClock,
}
SOON = timedelta(seconds=6)
CALM_SECONDS = 3.0
MINUTE = timedelta(minutes=1)

Break = Callable[[Path, str], object]


def replaced(path: Path, text: str) -> None:
    new = path.with_suffix(".new")
    new.write_text(text)
    new.rename(path)


BROKEN: dict[str, tuple[Break, str]] = {
    "no TOML": (lambda path, text: path.write_text(f"{text}\nnonsense"), r"outlets\.toml:\d+: "),
    "an unknown key": (
        lambda path, text: path.write_text(f"{text}\ncolour = 'red'\n"),
        r"outlets\.toml:\d+: .*colour",
    ),
    "a wrong schedule": (
        lambda path, text: path.write_text(f"{text}\nschedule = '61 * * * *'\n"),
        r"outlets\.toml:\d+: .*schedule",
    ),
    "half of it": (
        lambda path, text: path.write_text(text[: text.index("feeds") + 10]),
        r"outlets\.toml:\d+: ",
    ),
    "removed": (lambda path, text: path.unlink(), r"outlets\.toml: "),
    "replaced": (lambda path, text: replaced(path, f"{text}\n["), r"outlets\.toml:\d+: "),
}


def problem_of(desk: Desk) -> str | None:
    with desk.database() as database, database.read() as conn:
        leader = last_leader(conn)
    return leader.problem if leader else None


def test_a_broken_outlets_file(server: FaultServer, desk: Desk) -> None:
    serve_newsroom(server, 2)
    desk.outlets(an_outlet(server.base_url))
    path = desk.folder / "outlets.toml"
    text = path.read_text("utf-8")
    options = {"health_port": free_port(), "changed": CHANGED}
    with running_daemon(desk.folder, **options) as daemon:
        daemon.wait_for("run finished")
        for number, (name, (damage, reason)) in enumerate(BROKEN.items(), start=1):
            damage(path, text)
            told = daemon.wait_for("outlets file", number)["reason"]
            assert re.search(reason, told), (name, told)
            assert told.endswith("the outlets read before stay in force"), told
            wait_until(lambda told=told: problem_of(desk) == told)  # type: ignore[misc]
            assert daemon.ask("/healthz")[0] == 200
            assert daemon.role == "leading"
            if name == "removed":  # what is due runs by the old one
                set_clock(desk.folder, timedelta(days=1))
                daemon.wait_for("run finished", 2)
            path.write_text(text)
            daemon.wait_for("outlets read again", number)
            wait_until(lambda: problem_of(desk) is None)
        assert len(daemon.events_of("outlets file")) == len(BROKEN), "each is told once"
        daemon.stop()


def runs_of(daemon: RunningDaemon) -> list[str]:
    return sorted(event["outlet"] for event in daemon.events_of("run finished"))


def test_outlets_that_come_and_go(hosts: FaultServers, desk: Desk) -> None:
    names = ("stays", "goes", "rests", "comes")
    for name in names:
        serve_newsroom(hosts[name], 2)
    stays, goes, rests, comes = (an_outlet(hosts[name].base_url, name) for name in names)
    desk.outlets(stays, goes, rests)
    with running_daemon(desk.folder, changed=CHANGED) as daemon:
        daemon.wait_for("run finished", 3)
        desk.outlets(stays, {**rests, "enabled": False}, comes)
        daemon.wait_for("outlets read again", outlets=2)
        daemon.wait_for("run finished", outlet="comes")
        set_clock(desk.folder, timedelta(days=1))
        daemon.wait_for("run finished", 2, outlet="stays")
        daemon.wait_for("run finished", 2, outlet="comes")
        hosts["stays"].pause(CALM_SECONDS)
        assert runs_of(daemon) == ["comes", "comes", "goes", "rests", "stays", "stays"]
        # One that is looked at each minute from now on, and others as they were.
        desk.outlets({**stays, "schedule": "* * * * *"}, rests, comes)
        daemon.wait_for("outlets read again", 2)
        daemon.wait_for("run finished", 2, outlet="rests")
        set_clock(desk.folder, timedelta(days=1) + 2 * MINUTE)
        daemon.wait_for("run finished", 3, outlet="stays")
        hosts["stays"].pause(CALM_SECONDS)
        assert [runs_of(daemon).count(name) for name in ("comes", "goes", "rests")] == [2, 1, 2]
        daemon.stop()


def test_a_broken_alerts_file(desk: Desk) -> None:
    desk.outlets(an_outlet("http://127.0.0.1:9"))
    path = desk.folder / "alerts.toml"
    sound = '[[target]]\nname = "desk"\nurl = "json://127.0.0.1:9/s3cr3t"\n'
    path.write_text(sound)
    env = {"SINORUS_ALERTS_FILE": "alerts.toml"}
    with running_daemon(desk.folder, env=env, changed=CHANGED) as daemon:
        daemon.wait_for("leading")
        breaks: list[Break] = [
            lambda path, text: path.write_text(f"{text}\nnonsense"),
            lambda path, text: path.write_text(f"{text}colour = 'red'\n"),
            lambda path, text: path.unlink(),
        ]
        for number, damage in enumerate(breaks, start=1):
            damage(path, sound)
            told = daemon.wait_for("alerts file", number)["reason"]
            assert re.search(r"alerts\.toml:(\d+:)? ", told), told
            assert told.endswith("what was asked for before stays in force")
            path.write_text(sound)
        assert "s3cr3t" not in daemon.said
        daemon.stop()
