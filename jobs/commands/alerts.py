"""Commands about alerts: `alerts`, `alerts test` and `alerts retry`."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from jobs import exits
from jobs import options as opt
from jobs.output import counted, print_json, say


def alerts(
    context: typer.Context,
    as_json: opt.AsJson = False,
    config: opt.Config = None,
    database_url: opt.DatabaseUrl = None,
    outlets_file: opt.OutletsFile = None,
) -> None:
    """Who is told of what, and what waits to be told or was given up; or a command about alerts.

    Exits with 1 where a target cannot work or a message was given up.

    Example: sinorus alerts --json
    """
    from jobs.alerts.report import alerts_record, print_alerts

    if context.invoked_subcommand:
        if as_json or config or database_url or outlets_file:
            raise typer.BadParameter(f"options belong behind `{context.invoked_subcommand}`")
        return
    record = alerts_record(opt.settings_of(config, database_url, outlets_file))
    if as_json:
        print_json(record)
    else:
        print_alerts(record)
    if record["counts"]["dead"] or any(target["problem"] for target in record["targets"]):
        raise typer.Exit(exits.FAILED)


def test(
    target: Annotated[str, typer.Argument(metavar="TARGET")],
    config: opt.Config = None,
    database_url: opt.DatabaseUrl = None,
    outlets_file: opt.OutletsFile = None,
) -> None:
    """Send a message to a target of the alerts file now, and say what came of it.

    Example: sinorus alerts test desk
    """
    from jobs.alerts.file import AlertsFile
    from jobs.alerts.sending import send_test

    settings = opt.settings_of(config, database_url, outlets_file)
    wanted = AlertsFile(settings.alerts_file).current.require(target)
    problem = send_test(wanted)
    say(f"{target}: {problem or 'it took the message'}")
    if problem:
        raise typer.Exit(exits.FAILED)


def retry(
    key: Annotated[str | None, typer.Argument(metavar="[KEY]")] = None,
    config: opt.Config = None,
    database_url: opt.DatabaseUrl = None,
    outlets_file: opt.OutletsFile = None,
) -> None:
    """Make messages that were given up due again: all, or those of a key.

    Example: sinorus alerts retry digest/2026-11-24
    """
    import storage
    from storage import outbox

    settings = opt.settings_of(config, database_url, outlets_file)
    with storage.open(settings.database_url) as database, database.write() as conn:
        number = outbox.retry_dead(conn, key, datetime.now(UTC))
    say(f"{counted(number, 'message')} due again")
    if key is not None and not number:
        say(f"no message of the key {key} was given up")
        raise typer.Exit(exits.FAILED)
