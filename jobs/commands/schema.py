"""Commands on the database itself: `db upgrade`."""

from __future__ import annotations

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
