"""Commands about outlets: `outlets`, `outlets check` and `outlets new`."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from jobs import exits
from jobs import options as opt
from jobs.output import print_json, say, tell


def outlets(
    context: typer.Context,
    as_json: opt.AsJson = False,
    config: opt.Config = None,
    database_url: opt.DatabaseUrl = None,
    outlets_file: opt.OutletsFile = None,
) -> None:
    """The catalogue, with what became of each outlet; or a command about outlets.

    Example: sinorus outlets --json
    """
    from jobs.status import outlet_rows, print_outlets

    if context.invoked_subcommand:
        if as_json or config or database_url or outlets_file:
            raise typer.BadParameter(f"options belong behind `{context.invoked_subcommand}`")
        return
    settings = opt.settings_of(config, database_url, outlets_file)
    now = datetime.now(UTC)
    rows = outlet_rows(settings, now)
    if as_json:
        print_json(rows)
        return
    print_outlets(rows, now)


def check(
    ids: Annotated[list[str], typer.Argument(metavar="ID...")],
    samples: Annotated[
        int,
        typer.Option("--samples", min=0, max=26, metavar="N", help="Pages of each outlet to read."),
    ] = 3,
    as_json: opt.AsJson = False,
    config: opt.Config = None,
    database_url: opt.DatabaseUrl = None,
    outlets_file: opt.OutletsFile = None,
) -> None:
    """Whether outlets work now: their sources, and field by field a few of their pages.

    Asks the sites as a crawl does, stores nothing, exits with 1 if anything does not work.

    Example: sinorus outlets check scmp --samples 5
    """
    from jobs.checking.run import check_outlets
    from jobs.checking.tell import print_verdict, say_problems
    from jobs.progress import LiveLine

    settings = opt.settings_of(config, database_url, outlets_file)
    catalogue = settings.catalogue()
    wanted = [catalogue.require(outlet_id) for outlet_id in dict.fromkeys(ids)]
    with LiveLine("asking the sources") as line:
        done = check_outlets(settings, wanted, samples, line.show)
    if as_json:
        record = [verdict.to_dict() for verdict in done.verdicts]
        print_json({"outlets": record, "interrupted": done.is_interrupted})
    for index, verdict in enumerate(done.verdicts):
        if not as_json:
            if index:
                tell()
            print_verdict(verdict, datetime.now(UTC))
        say_problems(verdict)
    if done.is_interrupted:
        raise typer.Exit(exits.INTERRUPTED)
    if not done.works:
        raise typer.Exit(exits.FAILED)


def explain(
    outlet_id: Annotated[str, typer.Argument(metavar="ID")],
    as_json: opt.AsJson = False,
    config: opt.Config = None,
    database_url: opt.DatabaseUrl = None,
    outlets_file: opt.OutletsFile = None,
) -> None:
    """Why an outlet is as it is: its state, since when, its figures, the last exchange with it.

    Asks the database alone; `outlets check` asks the site.

    Example: sinorus outlets explain scmp
    """
    from jobs.explain import explain_record, print_explanation

    settings = opt.settings_of(config, database_url, outlets_file)
    outlet = settings.catalogue().require(outlet_id)
    with opt.database_of(settings) as database:
        record = explain_record(database, outlet, datetime.now(UTC))
    if as_json:
        print_json(record)
    else:
        print_explanation(record)


def new(
    url: Annotated[str, typer.Argument(metavar="URL")],
    other_hosts: Annotated[
        list[str] | None,
        typer.Option("--other-host", metavar="HOST", help="May be asked too; repeatable."),
    ] = None,
    config: opt.Config = None,
    database_url: opt.DatabaseUrl = None,
    outlets_file: opt.OutletsFile = None,
) -> None:
    """Draft an outlet's entry from its home page: TOML for an outlets file.

    Asks the site for its feeds and sitemaps and for one article, twenty requests at most, at the
    pace of a crawl; nothing is stored.

    Example: sinorus outlets new https://www.scmp.com/ > outlets.toml
    """
    from jobs.drafting.run import draft_outlet, home_address
    from jobs.progress import LiveLine

    settings = opt.settings_of(config, database_url, outlets_file)
    address, hosts = home_address(url), other_hosts or []
    known = settings.catalogue().outlet_of(address)
    if known:
        say(f"{known.id} of {settings.catalogue().source} is on that host already")
    with LiveLine(f"asking for {address}") as line:
        draft = draft_outlet(settings, address, hosts, line.show)
    if draft.toml:
        for line_of_entry in draft.toml.splitlines():
            tell(line_of_entry)
    for sentence in draft.said:
        say(sentence)
    for problem in draft.problems:
        say(f"problem: {problem}")
    if draft.is_interrupted:
        raise typer.Exit(exits.INTERRUPTED)
    if draft.problems:
        raise typer.Exit(exits.FAILED)
