"""What is asked for and what became of it, for people and for programs, without a secret."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import storage
from crawler.errors import ConfigurationError
from crawler.items import utc_iso
from crawler.outlets import Catalogue
from jobs.alerts.delivery import is_known
from jobs.alerts.file import AlertsConfig, AlertsFile, Target
from jobs.output import print_table, say
from jobs.settings import Settings
from storage import outbox
from storage.outbox import Message

MESSAGES_SHOWN = 50


def alerts_record(settings: Settings) -> dict[str, Any]:
    """The file in force, how many messages are in each state, and those not sent.

    A database that is not there yet has told nobody anything. Raises ConfigurationError for a
    faulty file.
    """
    config = AlertsFile(settings.alerts_file).current
    unsent: list[Message] = []
    counts: dict[outbox.State, int] = dict.fromkeys(outbox.STATES, 0)
    try:
        with storage.open(settings.database_url) as database, database.read() as conn:
            counts = outbox.outbox_counts(conn)
            unsent = outbox.unsent(conn, MESSAGES_SHOWN)
    except storage.DatabaseMissing:
        pass
    return {
        "file": str(settings.alerts_file) if settings.alerts_file else None,
        "targets": [_target_record(target) for target in config.target],
        **config.model_dump(mode="json", exclude={"target"}),
        "problems": list(_problems(config, settings.catalogue())),
        "counts": counts,
        "messages": [_message_record(message) for message in unsent],
    }


def _target_record(target: Target) -> dict[str, Any]:
    problem = None
    try:
        if not is_known(target.address()):
            problem = "apprise knows no such address"
    except ConfigurationError as error:
        problem = str(error)
    return {"name": target.name, "address": target.shown(), "problem": problem}


def _problems(config: AlertsConfig, catalogue: Catalogue) -> Iterator[str]:
    """What is no fault of the file and will be told in vain."""
    asked = [(f"search {search.name}", search.outlet) for search in config.search]
    asked += [("digest", config.digest.outlet)] if config.digest else []
    for what, outlets in asked:
        for outlet in outlets or ():
            if catalogue.get(outlet) is None:
                yield f"{what}: no outlet {outlet!r} in {catalogue.source}"


def _message_record(message: Message) -> dict[str, Any]:
    return {
        "key": message.key,
        "target": message.target,
        "state": message.state,
        "attempts": message.attempts,
        "problem": message.problem,
        "created_at": utc_iso(message.created_at),
        "next_try": utc_iso(message.next_try) if message.next_try else None,
    }


def print_alerts(record: dict[str, Any]) -> None:
    """The same for people."""
    if record["file"] is None:
        say("no alerts_file is set: nobody is told of anything")
    if record["targets"]:
        rows = ([row[n] for n in ("name", "address", "problem")] for row in record["targets"])
        print_table(("target", "address", "problem"), rows)
    asked = list(_asked(record))
    if asked:
        print_table(("told of", "what", "to"), asked)
    names = ("target", "state", "attempts", "next_try", "problem", "key")
    if record["messages"]:
        columns = ("target", "state", "tries", "next try", "problem", "key")
        print_table(columns, ([row[n] for n in names] for row in record["messages"]))
    counts = record["counts"]
    say(f"{counts['pending']} waiting, {counts['dead']} dead, {counts['sent']} sent")
    for problem in record["problems"]:
        say(f"problem: {problem}")


def _asked(record: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """What is asked for, in a line each."""
    for search in record["search"]:
        yield f"new articles: {search['name']}", _criteria(search), ", ".join(search["targets"])
    if outlets := record["outlets"]:
        yield "outlets", ", ".join(outlets["states"]), ", ".join(outlets["targets"])
    if digest := record["digest"]:
        to = ", ".join(digest["targets"])
        yield f"digest at {digest['at'][:5]} UTC", _criteria(digest), to


def _criteria(entry: dict[str, Any]) -> str:
    names = ("search", "outlet", "topic", "author", "language")
    return "; ".join(f"{n} {_plainly(entry[n])}" for n in names if entry[n] is not None) or "all"


def _plainly(value: object) -> str:
    return ", ".join(value) if isinstance(value, list) else str(value)
