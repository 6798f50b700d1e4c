"""A clock that is set, either way, makes neither a storm nor a stall; nor do days it changes on."""

from __future__ import annotations

import itertools
from collections import Counter
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta

import pytest

import storage
from storage.outlet_states import save_schedule
from storage.schema import runs
from tests.faultserver import FaultServers
from tests.jobs.daemon.running import RunningDaemon, running_daemon
from tests.jobs.daemon.set_clocks import BEGIN, RATE, FastClock, SetClock, set_clock
from tests.jobs.desk import Desk, an_outlet, wait_until
from tests.jobs.newsroom import serve_newsroom

OUTLETS = 5
SPREAD = timedelta(seconds=4)
CALM_SECONDS = 3.0  # in which a storm would show
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
A_MOMENT = 10 * MINUTE  # half a second: between the end of a run and the plan of the next
HOURS_PER_SECOND = 1200.0 / 3600


def half_a_day_away() -> str:
    """A cron expression whose moment is far from now."""
    moment = datetime.now(UTC) + DAY / 2
    return f"{moment.minute} {moment.hour} * * *"


def runs_of(daemon: RunningDaemon) -> Counter[str]:
    return Counter(event["outlet"] for event in daemon.events_of("run finished"))


def test_a_clock_that_is_set(hosts: FaultServers, desk: Desk) -> None:
    entries = []
    for number in range(OUTLETS):
        server = hosts[f"o{number}"]
        serve_newsroom(server, 2)
        entries.append(an_outlet(server.base_url, f"o{number}"))
    entries[-1]["schedule"] = half_a_day_away()
    cron = f"o{OUTLETS - 1}"
    desk.outlets(*entries)
    each = {f"o{number}" for number in range(OUTLETS)}
    changed = {
        "jobs.daemon.daemon.Clock": SetClock,
        "jobs.daemon.timetable.CROWD_SPREAD": SPREAD,
    }

    def all_ran(times: int, but: str | None = None) -> None:
        wait_until(lambda: all(runs_of(daemon)[name] >= times for name in each - {but}))
        hosts[f"o{0}"].pause(CALM_SECONDS)
        assert all(runs_of(daemon)[name] == times for name in each - {but}), runs_of(daemon)

    with running_daemon(desk.folder, changed=changed) as daemon:
        all_ran(1)
        set_clock(desk.folder, DAY)
        told = daemon.wait_for("the clock was set")
        assert told["seconds"] == pytest.approx(DAY.total_seconds(), abs=3)
        all_ran(2)
        seconds = [
            datetime.fromisoformat(event["time"]) for event in daemon.events_of("run finished")
        ]
        assert max(seconds[OUTLETS:]) - min(seconds[OUTLETS:]) >= SPREAD / 2, "a crowd"
        # Set back, an outlet is due as soon as it would have been: within its interval.
        set_clock(desk.folder, DAY - HOUR)
        daemon.wait_for("the clock was set", 2)
        all_ran(2)
        set_clock(desk.folder, DAY - HOUR + 40 * MINUTE)
        daemon.wait_for("the clock was set", 3)
        all_ran(3, but=cron)
        assert runs_of(daemon)[cron] == 2
        daemon.stop()


@pytest.fixture
def several() -> list[tuple[str, str]]:
    """Zones, and the UTC moments at which their clocks change."""
    return [
        ("America/New_York", "2026-03-08T07:00"),
        ("America/New_York", "2026-11-01T06:00"),
        ("Europe/London", "2026-03-29T01:00"),
    ]


def test_days_on_which_clocks_change(
    hosts: FaultServers, desk: Desk, several: list[tuple[str, str]]
) -> None:
    """In whatever zone the machine stands: each moment of UTC once, in its order."""
    with ExitStack() as resources:
        daemons = []
        for number, (zone, change) in enumerate(several):
            server = hosts[f"o{number}"]
            serve_newsroom(server, 1)
            begin = datetime.fromisoformat(change).replace(tzinfo=UTC) - 2 * HOUR
            one = Desk(desk.folder / str(number))
            one.folder.mkdir()
            one.outlets(an_outlet(server.base_url, schedule="30 * * * *"))
            first = begin + 30 * MINUTE
            url = f"sqlite:///{one.folder / 'sinorus.db'}"
            with storage.open(url, create=True) as database, database.write() as conn:
                save_schedule(conn, "desk", next_due=first, due_reason="a test's")
            env = {"TZ": zone, BEGIN: begin.isoformat(), RATE: str(HOURS_PER_SECOND * 3600)}
            changed = {"jobs.daemon.daemon.Clock": FastClock}
            options = {"env": env, "changed": changed}
            daemon = resources.enter_context(running_daemon(one.folder, **options))
            daemons.append((one, first, daemon))
        for one, first, daemon in daemons:
            daemon.wait_for("run finished", 4)
            daemon.stop()
            with one.database() as database, database.read() as conn:
                rows = conn.execute(runs.select().order_by(runs.c.id)).all()[:4]
            due = [row.due_at for row in rows]
            assert due[0] == first
            assert all(moment.minute == 30 for moment in due)
            # On a busy machine a run may last longer than an hour here: the next is after its end.
            assert all(
                before.due_at < after.due_at <= before.finished_at + HOUR + A_MOMENT
                for before, after in itertools.pairwise(rows)
            ), due
