"""Who may ask a host now, among all processes that share the database.

Sites live in the machine's own time, and so does `now` here; the clocks of several machines
should agree, for what they differ by is what a delay may lack.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, delete, select, update

from storage.inserts import insert
from storage.schema import host_turns

# While another holds the turn its end is not known; nor can the turn be free earlier than the
# delay after that end, so that this alone is how often one without a delay is asked for.
ASK_AGAIN_SECONDS = 0.1

# Longer than any turn, and than the day that a delay may be: no row still matters then.
FORGOTTEN_AFTER = timedelta(days=2)

IsGone = Callable[[str], bool]
"""Whether the holder of that name surely holds nothing any more."""

_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class _Holder:
    name: str
    lapses: datetime
    connections: int


@dataclass(slots=True)
class _Turns:
    """The row of a host, which is locked until the end of the transaction."""

    quiet_since: datetime
    delay_seconds: float
    holders: list[_Holder]

    def bring_to(self, now: datetime, lapse_seconds: float, is_gone: IsGone) -> None:
        """Leaves out what lapsed, and corrects what a clock since set back has written."""
        self.quiet_since = min(self.quiet_since, now)
        if any(is_gone(held.name) for held in self.holders):
            self.holders = [held for held in self.holders if not is_gone(held.name)]
            self.quiet_since = now  # when its connection broke nobody knows
        latest = now + timedelta(seconds=lapse_seconds)
        self.holders = [
            _Holder(held.name, min(held.lapses, latest), held.connections)
            for held in self.holders
            if held.lapses > now
        ]

    def seconds_left(self, connections: int, now: datetime) -> float:
        """Until the turn may be free; 0 where it is."""
        if len(self.holders) >= min([connections, *(held.connections for held in self.holders)]):
            first_lapse = min(held.lapses for held in self.holders)
            again = max(self.delay_seconds, ASK_AGAIN_SECONDS)
            return min(again, (first_lapse - now).total_seconds())
        return max(0.0, self.seconds_of_delay_left(now))

    def seconds_of_delay_left(self, now: datetime) -> float:
        return self.delay_seconds - (now - self.quiet_since).total_seconds()


def take_turn(
    conn: Connection,
    host: str,
    holder: str,
    *,
    delay_seconds: float,
    connections: int,
    now: datetime,
    lapse_seconds: float,
    is_gone: IsGone = lambda _: False,
) -> float:
    """0 where the turn is taken, else the seconds after which to ask for it again.

    At most `connections` hold a host's turn at once, and it is free no earlier than the delay
    after the last request or answer: the longest of the delays, and the fewest connections, of
    those who wait and who hold. A turn that is never ended lapses after `lapse_seconds`, and at
    once where `is_gone` says so of its holder. To take it twice is to take it once.
    """
    turns, is_new = _locked(conn, host)
    turns.holders = [held for held in turns.holders if held.name != holder]
    turns.bring_to(now, lapse_seconds, is_gone)
    turns.delay_seconds = max(turns.delay_seconds, delay_seconds)  # also while it only waits
    left = turns.seconds_left(connections, now)
    if not left:
        lapses = now + timedelta(seconds=lapse_seconds)
        turns.holders.append(_Holder(holder, lapses, connections))
        turns.quiet_since, turns.delay_seconds = now, delay_seconds
    _keep(conn, host, turns)
    if is_new:
        forget_long_free(conn, now)
    return left


def end_turn(
    conn: Connection, host: str, holder: str, *, delay_seconds: float, now: datetime
) -> None:
    """Frees the turn, which the next one gets after the delay; one that lapsed meanwhile too."""
    turns, _ = _locked(conn, host)
    turns.holders = [held for held in turns.holders if held.name != holder]
    turns.quiet_since = min(turns.quiet_since, now)
    turns.delay_seconds = max(delay_seconds, turns.seconds_of_delay_left(now))
    turns.quiet_since = now
    _keep(conn, host, turns)


def forget_long_free(conn: Connection, now: datetime) -> None:
    """Forgets the hosts that nobody asked for long, but those that somebody asks right now."""
    old = (
        select(host_turns.c.host)
        .where(host_turns.c.quiet_since < now - FORGOTTEN_AFTER)
        .with_for_update(skip_locked=True)
    )
    conn.execute(delete(host_turns).where(host_turns.c.host.in_(old)))


def _locked(conn: Connection, host: str) -> tuple[_Turns, bool]:
    """The host's row, and whether it is new. To write it, be it the same again, is what locks it:
    then nobody can delete it in between.
    """
    statement = insert(conn, host_turns).values(
        host=host, quiet_since=_LONG_AGO, delay_seconds=0.0, holders=[]
    )
    row = conn.execute(
        statement.on_conflict_do_update(
            index_elements=["host"], set_={"host": statement.excluded.host}
        ).returning(host_turns)
    ).one()
    holders = [
        _Holder(name, datetime.fromisoformat(lapses), connections)
        for name, lapses, connections in row.holders
    ]
    return _Turns(row.quiet_since, row.delay_seconds, holders), row.quiet_since == _LONG_AGO


def _keep(conn: Connection, host: str, turns: _Turns) -> None:
    holders = [[held.name, held.lapses.isoformat(), held.connections] for held in turns.holders]
    conn.execute(
        update(host_turns)
        .where(host_turns.c.host == host)
        .values(quiet_since=turns.quiet_since, delay_seconds=turns.delay_seconds, holders=holders)
    )
