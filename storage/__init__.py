"""What is remembered, and how to ask for it.

`storage.open(database_url)` gives the database; its read side is `articles(...)`, `search(...)`,
`article(id_or_url)`, `article_by_identity(...)`, `stories(...)`, `revisions(article_id)`,
`changes(cursor)` and `count(...)`.
"""

from storage.changes import Change
from storage.database import Database
from storage.database import open_database as open  # noqa: A004 - the contract's name
from storage.errors import (
    DatabaseForeign,
    DatabaseMissing,
    DatabaseUnavailable,
    SchemaOutdated,
    StorageError,
)
from storage.fencing import LeadershipLost
from storage.filters import Filters
from storage.revisions import FieldChange, Revision
from storage.search.snippets import Hit
from storage.stories.reading import Story, StoryArticle

__all__ = [
    "Change",
    "Database",
    "DatabaseForeign",
    "DatabaseMissing",
    "DatabaseUnavailable",
    "FieldChange",
    "Filters",
    "Hit",
    "LeadershipLost",
    "Revision",
    "SchemaOutdated",
    "StorageError",
    "Story",
    "StoryArticle",
    "open",
]
