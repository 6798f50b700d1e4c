"""What months without a person need: health of outlets, leaders, messages, progress."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Float, Index, Integer, Table, UniqueConstraint, text

from storage.columns import BigId, CleanJson, CleanText, UtcTime
from storage.schema.base import metadata

# What the daemon goes by for each outlet: when it is due, and how it is. Null `next_due`: at once.
outlet_states = Table(
    "outlet_states",
    metadata,
    Column("outlet", CleanText, primary_key=True),
    Column("next_due", UtcTime),
    Column("due_reason", CleanText),
    Column("state", CleanText, nullable=False, server_default=text("'healthy'")),
    Column("since", UtcTime),
    Column("reason", CleanText),
    # What a state was judged by: figures, a sample address, the state that waits to be confirmed.
    Column("evidence", CleanJson),
    Column("failures", Integer, nullable=False, server_default=text("0")),
    Column("failure_kind", CleanText),
    Column("last_good_url", CleanText),
    Column("last_good_at", UtcTime),
    # When its sources last answered, and {slot: new addresses}: see `jobs.health.volume`.
    Column("last_looked", UtcTime),
    Column("listed", CleanJson),
)

# The last exchange with each outlet, and the last that went wrong, as they went over the wire.
exchanges = Table(
    "exchanges",
    metadata,
    Column("outlet", CleanText, primary_key=True),
    Column("kind", CleanText, primary_key=True),
    Column("at", UtcTime, nullable=False),
    Column("url", CleanText, nullable=False),
    Column("status", Integer),
    Column("elapsed_seconds", Float),
    Column("body_bytes", BigId),
    Column("problem", CleanText),
    Column("request_headers", CleanJson, nullable=False),
    Column("response_headers", CleanJson),
)

# Which fields each page gave, and by which source: what readers are watched by.
page_readings = Table(
    "page_readings",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("outlet", CleanText, nullable=False),
    Column("read_at", UtcTime, nullable=False),
    Column("is_article", Boolean, nullable=False),
    Column("parser", CleanText),
    Column("url", CleanText, nullable=False),
    # {field: source} of those that are not empty; null where the page was no article.
    Column("fields", CleanJson),
    Index(None, "outlet", "read_at"),
)

# Who leads, by name of the office; the epoch grows with every new leader.
leaders = Table(
    "leaders",
    metadata,
    Column("name", CleanText, primary_key=True),
    Column("epoch", BigId, nullable=False),
    Column("holder", CleanText, nullable=False),
    Column("since", UtcTime, nullable=False),
    Column("heartbeat", UtcTime, nullable=False),
    # What a person must mend, such as a broken outlets file; null where nothing.
    Column("problem", CleanText),
)

# What people asked to be told, written with what it tells of: see `storage.outbox`.
outbox = Table(
    "outbox",
    metadata,
    Column("id", BigId, primary_key=True),
    # The same message is never written twice.
    Column("key", CleanText, nullable=False),
    Column("target", CleanText, nullable=False),
    Column("kind", CleanText, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("payload", CleanJson, nullable=False),
    Column("state", CleanText, nullable=False),
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    Column("next_try", UtcTime),
    Column("sent_at", UtcTime),
    Column("problem", CleanText),
    UniqueConstraint("key", "target"),
    Index(None, "state", "next_try"),
)

# How far each reading again of stored pages has come, so that the same command goes on:
# through all ids of articles up to `done_through`, then through those of leads.
reparses = Table(
    "reparses",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("key", CleanText, nullable=False, index=True),
    Column("started_at", UtcTime, nullable=False),
    Column("finished_at", UtcTime),
    Column("stage", CleanText, nullable=False),
    Column("done_through", BigId, nullable=False),
    Column("counts", CleanJson, nullable=False),
)
