"""The last exchange with each outlet, and the last that went wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, select

from storage.inserts import insert
from storage.schema import exchanges

Kind = Literal["last", "bad"]


@dataclass(frozen=True, slots=True)
class StoredExchange:
    """As `crawler.exchanges.Exchange`, of a kind."""

    outlet: str
    kind: Kind
    at: datetime
    url: str
    status: int | None
    elapsed_seconds: float | None
    body_bytes: int | None
    problem: str | None
    request_headers: dict[str, str]
    response_headers: dict[str, str] | None


def note_exchange(conn: Connection, kind: Kind, values: Mapping[str, Any]) -> None:
    """Puts it in the place of the one of that kind, unless that is later."""
    key = {"outlet": values["outlet"], "kind": kind}
    rest = {name: value for name, value in values.items() if name != "outlet"}
    statement = insert(conn, exchanges).values(**key, **rest)
    conn.execute(
        statement.on_conflict_do_update(
            index_elements=["outlet", "kind"],
            set_=rest,
            where=exchanges.c.at <= statement.excluded.at,
        )
    )


def load_exchanges(conn: Connection, outlet: str) -> dict[Kind, StoredExchange]:
    """Those there are of an outlet."""
    rows = conn.execute(select(exchanges).where(exchanges.c.outlet == outlet)).mappings()
    return {row["kind"]: StoredExchange(**row) for row in rows}
