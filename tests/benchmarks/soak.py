"""A day of the daemon in minutes: local sites with faults on, one SIGTERM, one kill, one lock.

    python tests/benchmarks/soak.py                           24 hours, 20 outlets, 12 minutes
    python tests/benchmarks/soak.py --hours 3 --outlets 6 --seed 7
    python tests/benchmarks/soak.py --database-url postgresql+psycopg://…   instead of SQLite

Judged from outside: each run as it was due and once; memory, threads and descriptors of the last
hour against the second one of the same process; every article once, with its last text; the
servers' own record of visits; `sinorus db check`. Exit 1 where a promise is broken. The database
must be empty.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.soak.judging import judge
from tests.soak.trial import Plan, run_trial

RATE = 120.0
"""A day in 12 minutes; two minutes, the shortest interval, are a second then."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--hours", type=float, default=24.0)
    parser.add_argument("--outlets", type=int, default=20)
    parser.add_argument("--rate", type=float, default=RATE)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--database-url")
    asked = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="soak"))
    database_url = asked.database_url or f"sqlite:///{folder / 'sinorus.db'}"
    print(f"in {folder}", file=sys.stderr)
    plan = Plan(
        folder, database_url, asked.hours, asked.outlets, asked.rate, asked.seed,
        stop_at=0.08, kill_at=0.16, lock_at=0.3,
    )  # fmt: skip
    verdict = judge(run_trial(plan))
    print("\n".join(verdict.table()))
    for breach in verdict.breaches:
        print(f"BROKEN {breach}")
    return 1 if verdict.breaches else 0


if __name__ == "__main__":
    sys.exit(main())
