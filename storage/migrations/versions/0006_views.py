"""Views for people with tools of their own.

`storage.migrate` makes them once the schema is this program's, and drops them before it changes
a table: see `storage.views`. This revision tells databases that lack them to be upgraded.
"""

from __future__ import annotations

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing in the tables."""


def downgrade() -> None:
    """Nothing in the tables."""
