"""What runs until it is told to stop: `daemon`."""

from __future__ import annotations

from typing import Annotated

import typer

from jobs import options as opt


def daemon(
    log_json: Annotated[
        bool, typer.Option("--log-json", help="One JSON object a line on standard error.")
    ] = False,
    config: opt.Config = None,
    database_url: opt.DatabaseUrl = None,
    outlets_file: opt.OutletsFile = None,
) -> None:
    """Crawls each outlet as often as it deserves, until SIGTERM or Ctrl-C.

    Of several on one PostgreSQL database one leads, the others wait to take over; on SQLite
    there can be one. Example: sinorus daemon --config /etc/sinorus.toml
    """
    from jobs.daemon.run import run_daemon

    code = run_daemon(opt.settings_of(config, database_url, outlets_file), log_json=log_json)
    if code:
        raise typer.Exit(code)
