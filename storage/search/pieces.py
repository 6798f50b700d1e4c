"""What an engine gives of its index, piece by piece in the order of publication."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, bindparam, select

from storage.schema import articles

NO_LIMIT = 2**62
"""As `most`: both databases take it for a number, PostgreSQL alone a LIMIT of null."""


class PageOf(NamedTuple):
    """The ids that match, where their articles stand, and in which order they are given."""

    article_id: ColumnElement[int]
    is_match: ColumnElement[bool]
    position: ColumnElement[int]
    newest_first: bool


class Piece(NamedTuple):
    """What `page` makes a statement of, and its parameters but for `most` and `story`.

    The statements are made once: to make one takes longer than to run it.
    """

    of: PageOf
    values: Mapping[str, Any]


@cache
def page(of: PageOf, *, of_story: bool) -> Select[int]:
    """Its parameters are those of `is_match`, `lowest`, `highest`, `most`, and `story`."""
    statement = select(of.article_id.label("article_id")).where(
        of.is_match, of.position >= bindparam("lowest"), of.position < bindparam("highest")
    )
    if of_story:
        members = select(articles.c.id).where(articles.c.story_id == bindparam("story"))
        statement = statement.where(of.article_id.in_(members))
    order = of.position.desc() if of.newest_first else of.position.asc()
    return statement.order_by(order).limit(bindparam("most"))
