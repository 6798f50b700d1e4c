"""The command line: the commands put together, and faults turned into sentences."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from crawler.errors import ConfigurationError, SinorusError
from jobs import exits
from jobs.commands import (
    alerts,
    changes,
    crawling,
    judging,
    keeping,
    looking,
    outlets,
    pages,
    records,
    schema,
    serving,
    stories,
)
from jobs.output import say
from jobs.settings import VERSION

app = typer.Typer(
    name="sinorus",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
db = typer.Typer(
    help="The database: its schema, soundness and copies.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
outlets_app = typer.Typer(invoke_without_command=True, rich_markup_mode=None)
alerts_app = typer.Typer(invoke_without_command=True, rich_markup_mode=None)


@contextmanager
def fault_sentences() -> Iterator[None]:
    """Print a foreseeable fault as one sentence and exit as the contract says."""
    try:
        yield
    except ConfigurationError as error:
        say(f"sinorus: {error}")
        sys.exit(exits.USAGE)
    except SinorusError as error:
        say(f"sinorus: {error}")
        sys.exit(exits.FAILED)


def _print_version(is_wanted: bool) -> None:
    if is_wanted:
        typer.echo(f"sinorus {VERSION}")
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Version.")
    ] = False,
) -> None:
    """Watches what newsrooms write about China–Russia relations and keeps it as records."""


for command, short_help in (
    (crawling.crawl, "One crawl now."),
    (serving.daemon, "Crawls on schedule until it is told to stop."),
    (records.articles, "List and search what is stored."),
    (records.show, "One article, whole."),
    (stories.stories, "The same story as told by several outlets."),
    (records.export, "Write records out."),
    (pages.page, "The raw page of an article."),
    (changes.changes, "What changed since a cursor."),
    (judging.rejudge, "Judge again what is stored."),
    (pages.reparse, "Read the stored raw pages again."),
    (looking.parse, "One saved page to its record."),
    (looking.status, "Last runs, counts, backlog, problems."),
    (crawling.demo, "A whole run against a site it serves itself."),
):
    app.command(short_help=short_help)(command)
for db_command, short_help in (
    (schema.upgrade, "Bring the schema to this version."),
    (schema.downgrade, "Take the schema back to an older revision."),
    (keeping.check, "Look at every row for what must always hold."),
    (keeping.copy, "Copy the whole database into another."),
    (pages.prune, "Delete old raw pages."),
):
    db.command(short_help=short_help)(db_command)
app.add_typer(db, name="db")
outlets_app.callback()(outlets.outlets)
outlets_app.command(short_help="Whether outlets work now, field by field.")(outlets.check)
outlets_app.command(short_help="Why an outlet is as it is, and the last exchange.")(outlets.explain)
outlets_app.command(short_help="Draft an entry from a site's home page.")(outlets.new)
app.add_typer(outlets_app, name="outlets", short_help="The catalogue, with each outlet's health.")
alerts_app.callback()(alerts.alerts)
alerts_app.command(short_help="Send a message to a target now.")(alerts.test)
alerts_app.command(short_help="Make what was given up due again.")(alerts.retry)
app.add_typer(alerts_app, name="alerts", short_help="Who is told of what, and what waits.")
