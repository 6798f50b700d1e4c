"""All that is known of why an outlet is as it is: “it is fine in my browser, but …”."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

import storage
from crawler.items import utc_iso
from crawler.outlets import Outlet
from jobs.outlook import ago, fresh_words, iso, read_outlook
from jobs.output import tell
from storage import frontier
from storage.exchanges import StoredExchange, load_exchanges
from storage.outlet_states import OutletState


def explain_record(database: storage.Database, outlet: Outlet, now: datetime) -> dict[str, Any]:
    """For `--json`; null where it never happened."""
    with database.read() as conn:
        outlook = read_outlook(conn, now)
        exchanges = load_exchanges(conn, outlet.id)
        waiting = frontier.backlog(conn, now).get(outlet.id, frontier.Backlog())
    state = outlook.states.get(outlet.id, OutletState(outlet.id))
    record = {"outlet": outlet.id, "now": utc_iso(now), "enabled": outlet.enabled}
    record |= outlook.record(outlet.id)
    return record | {
        "due": waiting.due,
        "leads": waiting.states,
        "failures": state.failures,
        "failure_kind": state.failure_kind,
        "last_good_url": state.last_good_url,
        "last_good_at": iso(state.last_good_at),
        "evidence": state.evidence,
        "last_exchange": _exchange(exchanges.get("last")),
        "last_bad_exchange": _exchange(exchanges.get("bad")),
    }


def _exchange(stored: StoredExchange | None) -> dict[str, Any] | None:
    if stored is None:
        return None
    said = asdict(stored) | {"at": utc_iso(stored.at)}
    return {name: value for name, value in said.items() if name not in ("outlet", "kind")}


def print_explanation(record: dict[str, Any]) -> None:
    """The same for people."""
    now = datetime.fromisoformat(record["now"])
    state = record["state"].replace("_", " ") if record["enabled"] else "disabled"
    since = f", began {ago(record['since'], now)} ({record['since']})" if record["since"] else ""
    if record["enabled"] and record["last_run"] is None:
        state = "not crawled yet"
    tell(f"{record['outlet']}: {state}{since}")
    if record["reason"]:
        tell(f"  {record['reason']}")
    waiting = record["evidence"].get("waiting")
    if waiting:
        tell(f"  last seen {waiting['state'].replace('_', ' ')}, to be confirmed by more runs")
    if record["failures"]:
        tell(f"  {record['failures']} failed in a row, {record['failure_kind'] or 'no pause'}")
    tell()
    rows = [
        ("last attempt", _moment(record["last_run"], now)),
        ("last success", _moment(record["last_success"], now)),
        ("last new article", _moment(record["last_new"], now)),
        ("last good page", record["last_good_url"]),
        ("", _moment(record["last_good_at"], now)),
        ("next try", _moment(record["next_due"], now)),
        ("  because", record["due_reason"]),
        ("articles", record["articles"]),
        ("pages due", record["due"]),
        ("median delay", fresh_words(record)),
    ]
    for name, value in rows:
        if value is not None or name not in ("", "  because"):
            tell(f"{name:<17} {'–' if value is None else value}")
    _print_exchange("last exchange", record["last_exchange"])
    if record["last_bad_exchange"] != record["last_exchange"]:
        _print_exchange("last that went wrong", record["last_bad_exchange"])


def _moment(said: str | None, now: datetime) -> str | None:
    return f"{ago(said, now)} ({said})" if said else None


def _print_exchange(title: str, exchange: dict[str, Any] | None) -> None:
    if exchange is None:
        return
    tell(f"\n{title}, {exchange['at']}")
    tell(f"GET {exchange['url']}")
    for name, value in exchange["request_headers"].items():
        tell(f"> {name}: {value}")
    if exchange["status"] is not None:
        size, seconds = exchange["body_bytes"], exchange["elapsed_seconds"]
        tell(f"< HTTP {exchange['status']}, {size} bytes as sent, {seconds:.2f} s")
        for name, value in (exchange["response_headers"] or {}).items():
            tell(f"< {name}: {value}")
    elif not exchange["request_headers"]:
        tell("not asked")
    else:
        tell("no answer")
    if exchange["problem"]:
        tell(f"problem: {exchange['problem']}")
