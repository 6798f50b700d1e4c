"""From what is seen of an outlet to its state, never on the word of a single bad run."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from jobs.health.runs import RunVerdict
from jobs.health.watching import Watch
from storage.outlet_states import OutletState, State, StateChange

# A state of failure is told after so many runs in a row, or after a lesser number and an hour.
BAD_RUNS = 3
BAD_FOR = timedelta(hours=1)
_LEAST_BAD_RUNS = 2
GOOD_RUNS = 2  # in a row end it

_RUN_STATES: tuple[State, ...] = ("failing", "blocked")


@dataclass(frozen=True, slots=True)
class Seen:
    """What a state would be by this run alone, since when, and the sentence for it."""

    state: State
    since: datetime
    reason: str


def seen_now(verdict: RunVerdict, watch: Watch, now: datetime) -> Seen:
    """The worst that is true: a run that failed, then a broken reader, then silence."""
    if verdict.trouble:
        return Seen(verdict.trouble, now, verdict.sentence)
    if watch.is_broken:
        return Seen("reader_broken", watch.began or now, watch.sentence)
    if watch.quiet:
        return Seen("quiet", watch.quiet.began, watch.quiet.sentence)
    return Seen("healthy", now, verdict.sentence)


def next_state(
    before: OutletState, seen: Seen, watch: Watch, now: datetime
) -> tuple[OutletState, StateChange | None]:
    """The state after a run; the change is null where people need not be told.

    A broken reader that breaks further is told of again.
    """
    evidence = watch.to_dict()
    if seen.state == before.state:
        after = replace(before, reason=seen.reason, since=before.since or seen.since)
        after.evidence = evidence
        if watch.has_news and watch.latest:
            return after, replace(_change(before, after), since=watch.latest)
        return after, None
    waiting = before.evidence.get("waiting") or {}
    is_same = waiting.get("state") == seen.state
    runs = waiting["runs"] + 1 if is_same else 1
    first = datetime.fromisoformat(waiting["since"]) if is_same else seen.since
    if not _is_confirmed(before.state, seen.state, runs, now - first):
        evidence["waiting"] = {"state": seen.state, "runs": runs, "since": first.isoformat()}
        return replace(before, evidence=evidence), None
    after = replace(before, state=seen.state, since=first, reason=seen.reason, evidence=evidence)
    return after, _change(before, after)


def disable(
    before: OutletState, reason: str, now: datetime
) -> tuple[OutletState, StateChange | None]:
    """The outlets file says that the outlet is not to be read, or has no entry for it."""
    if before.state == "disabled":
        return before, None
    after = replace(
        before, state="disabled", since=now, reason=reason, evidence={}, failures=0,
        failure_kind=None,
    )  # fmt: skip
    return after, _change(before, after)


def _is_confirmed(before: State, after: State, runs: int, lasted: timedelta) -> bool:
    if before == "disabled":
        return True
    if after in _RUN_STATES:
        return runs >= BAD_RUNS or (runs >= _LEAST_BAD_RUNS and lasted >= BAD_FOR)
    return before not in _RUN_STATES or runs >= GOOD_RUNS


def _change(before: OutletState, after: OutletState) -> StateChange:
    assert after.since is not None  # noqa: S101 - a state that changed has begun
    return StateChange(
        after.outlet, before.state, after.state, after.since, after.reason or "", after.evidence
    )
