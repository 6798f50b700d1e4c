"""Runs the migrations on the connection, and in the transaction, that the caller opened."""

from __future__ import annotations

from alembic import context

from storage.migrate import VERSION_TABLE
from storage.schema import metadata

connection = context.config.attributes["connection"]
if connection is None:
    raise RuntimeError("migrations run through storage.migrate.upgrade(database_url)")
context.configure(
    connection=connection,
    target_metadata=metadata,
    version_table=VERSION_TABLE,
    transactional_ddl=True,  # SQLite's DDL is transactional too once BEGIN is explicit
)
context.run_migrations()
