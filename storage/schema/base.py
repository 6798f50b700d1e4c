"""What all tables are declared in."""

from __future__ import annotations

from sqlalchemy import MetaData

NO_TIME = "1970-01-01T00:00:00.000000Z"
"""What a time that is never unknown holds between ADD COLUMN and being filled."""

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)
