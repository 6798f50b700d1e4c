"""The leads: states that make sense."""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args

from sqlalchemy import and_, or_, select

from storage.check.findings import SHORT_ROWS_PER_BATCH, Finding, Scope
from storage.schema import leads
from storage.visits import State

_STATES = get_args(State)


def lead_states(scope: Scope) -> Iterator[Finding]:
    """Known states; a stored lead has its article; failures are counted from 0."""
    wrong = or_(
        leads.c.state.not_in(_STATES),
        and_(leads.c.state == "stored", leads.c.article_id.is_(None)),
        leads.c.attempts < 0,
    )
    statement = (
        select(leads.c.id, leads.c.state, leads.c.attempts, leads.c.article_id)
        .where(wrong)
        .execution_options(yield_per=SHORT_ROWS_PER_BATCH)
    )
    for row in scope.conn.execute(statement):
        if row.state not in _STATES:
            sentence = f"leads {row.id}: there is no state {row.state!r}"
        elif row.attempts < 0:
            sentence = f"leads {row.id}: {row.attempts} attempts"
        else:
            sentence = f"leads {row.id}: it is 'stored' but leads to no article"
        yield Finding("lead", "leads", row.id, sentence)
