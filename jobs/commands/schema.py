"""Commands on the database's schema: `db upgrade` and `db downgrade`."""

from __future__ import annotations

from typing import Annotated

import typer

from jobs import options as opt
from jobs.output import say


def upgrade(
    config: opt.Config = None,
    database_url: opt.DatabaseUrl = None,
    outlets_file: opt.OutletsFile = None,
) -> None:
    """Bring the database to this version's schema, or create it; repeatable.

    Example: sinorus db upgrade
    """
    from storage.engine import parse_address, place
    from storage.migrate import upgrade as migrate

    settings = opt.settings_of(config, database_url, outlets_file)
    reached = migrate(settings.database_url)
    say(f"database {place(parse_address(settings.database_url))} is at {reached}")


def downgrade(
    revision: Annotated[str, typer.Argument(metavar="REVISION")],
    config: opt.Config = None,
    database_url: opt.DatabaseUrl = None,
    outlets_file: opt.OutletsFile = None,
) -> None:
    """Take the schema back to an older revision, before an older sinorus is to use it.

    What the older schema has no place for is lost, and cursors of `sinorus changes` start over.
    `base` drops every table. Example: sinorus db downgrade 0002
    """
    from storage.engine import parse_address, place
    from storage.migrate import downgrade as migrate

    settings = opt.settings_of(config, database_url, outlets_file)
    undone = migrate(settings.database_url, revision)
    where = place(parse_address(settings.database_url))
    if undone:
        say(f"database {where} is back at {revision}; undone: {', '.join(undone)}")
    else:
        say(f"database {where} was at {revision} already")
