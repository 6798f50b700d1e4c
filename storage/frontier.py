"""What to fetch next, under one name: sources, leads and the pauses hosts asked for."""

from storage.holds import drop_expired_holds, held_until, hold
from storage.leads import Backlog, article_id_of, backlog, due, lead_for, published_moments, settle
from storage.sources import (
    LeadState,
    fresh_for,
    note_source,
    note_source_problem,
    parts_of,
    source_urls,
    validators,
)
from storage.visits import State, next_fetch

__all__ = [
    "Backlog",
    "LeadState",
    "State",
    "article_id_of",
    "backlog",
    "drop_expired_holds",
    "due",
    "fresh_for",
    "held_until",
    "hold",
    "lead_for",
    "next_fetch",
    "note_source",
    "note_source_problem",
    "parts_of",
    "published_moments",
    "settle",
    "source_urls",
    "validators",
]
