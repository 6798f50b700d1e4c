"""The tables. Small columns come first: SQLite then filters without reading the long ones."""

from storage.schema.base import NO_TIME, metadata
from storage.schema.crawling import (
    holds,
    host_turns,
    leads,
    listings,
    run_outlets,
    runs,
    sightings,
    sources,
)
from storage.schema.records import (
    articles,
    pages,
    revisions,
    search_entries,
    signature_bands,
    signatures,
)
from storage.schema.watching import (
    exchanges,
    leaders,
    outbox,
    outlet_states,
    page_readings,
    reparses,
)

__all__ = [
    "NO_TIME",
    "articles",
    "exchanges",
    "holds",
    "host_turns",
    "leaders",
    "leads",
    "listings",
    "metadata",
    "outbox",
    "outlet_states",
    "page_readings",
    "pages",
    "reparses",
    "revisions",
    "run_outlets",
    "runs",
    "search_entries",
    "sightings",
    "signature_bands",
    "signatures",
    "sources",
]
