"""`sinorus reparse` ended at a random moment and run again: the benchmark, in short."""

from __future__ import annotations

import random
import signal
from pathlib import Path

from tests.benchmarks.reparse import (
    assert_nothing_doubled_or_left,
    assert_sound,
    done_through,
    fill,
    kill,
    run,
)
from tests.jobs.desk import Desk, end_by_signal, wait_until

PAGES = 160


def test_killed_at_a_random_moment_and_resumed(tmp_path: Path) -> None:
    fill(tmp_path, PAGES)
    done = kill(tmp_path, PAGES, random.Random())
    assert 0 < done < PAGES
    report, _ = run(tmp_path)
    assert_nothing_doubled_or_left(tmp_path, report, PAGES)
    assert_sound(tmp_path)
    again, _ = run(tmp_path, "--limit", "20")
    assert again["counts"] == {"read": 20, "unchanged": 20}


def test_interrupted_it_says_that_it_goes_on(tmp_path: Path) -> None:
    fill(tmp_path, PAGES)
    process = Desk(tmp_path).start("reparse", "--json")
    wait_until(lambda: done_through(tmp_path) > 0)
    ran = end_by_signal(process, signal.SIGINT)
    assert (ran.code, ran.out) == (130, "")
    assert ran.err.splitlines()[-1].startswith("interrupted: what was read so far is kept")
    assert "Traceback" not in ran.err
    report, _ = run(tmp_path)
    assert_nothing_doubled_or_left(tmp_path, report, PAGES)
