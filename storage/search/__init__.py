"""Full-text search, alike on SQLite and PostgreSQL.

An article becomes tokens (`tokens`), which both databases hold and match; what a person types
becomes an expression over them (`query`, `tiers`, `expressions`). Neither database stems, ranks
or highlights: the same search gives the same articles in the same order on both.
"""
