"""Many numbers as one parameter: SQLite takes them as JSON, PostgreSQL as an array.

A statement then stays the same whatever their number, and neither its making nor a limit on
parameters costs anything.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import BigInteger, Connection, ScalarSelect, bindparam, func, select
from sqlalchemy.dialects.postgresql import ARRAY


def numbers(dialect: str, name: str) -> ScalarSelect[Any]:
    """What `column.in_()` takes: the numbers of the parameter `name`."""
    if dialect == "postgresql":
        array = bindparam(name, type_=ARRAY(BigInteger))
        return select(func.unnest(array).column_valued("number")).scalar_subquery()
    listed = func.json_each(bindparam(name)).table_valued("value")
    return select(listed.c.value).scalar_subquery()


def as_parameter(conn: Connection, values: Sequence[int]) -> Any:
    """The value of such a parameter."""
    return list(values) if conn.dialect.name == "postgresql" else json.dumps(list(values))
