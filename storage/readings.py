"""A page as read, and what storing it takes that no database is needed for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from crawler.items import Article
from storage.cleaning import content_hash, identity_hash
from storage.records import article_values, content_of
from storage.search.tokens import Tokens, tokens_of
from storage.stories.placing import telling_of
from storage.stories.resemblance import Telling


@dataclass(frozen=True)
class Reading:
    """The article, what makes it the same one again, and where its page lies.

    What is made of it is made when first asked for: by `prepare` before a transaction, else
    within it, while other writers wait for their turn.
    """

    article: Article
    identity: str
    page_id: int | None = None

    def prepare(self, dialect: str) -> None:
        """Makes all that a new article needs in such a database; for those likely to be new."""
        _ = self.key, self.values, self.content_hash, self.telling
        if self.article.date_published is not None:
            self._dated_tokens.prepare(dialect)

    def kept_as(self, page_id: int | None) -> Reading:
        """The same with its page known; nothing is made twice."""
        kept = Reading(self.article, self.identity, page_id)
        kept.__dict__.update(self.__dict__ | {"page_id": page_id})
        return kept

    @cached_property
    def key(self) -> str:
        """Raises ValueError for an article without an outlet."""
        if self.article.outlet is None:
            raise ValueError(f"an article without an outlet cannot be stored: {self.article.url}")
        return identity_hash(self.article.outlet, self.identity)

    @cached_property
    def values(self) -> dict[str, Any]:
        """The columns that the article fills."""
        return article_values(self.article)

    @cached_property
    def content_hash(self) -> str:
        return content_hash(content_of(self.article))

    @cached_property
    def telling(self) -> Telling | None:
        """What it is compared by; null for too little text."""
        return telling_of(self.article)

    def tokens(self, published: datetime) -> Tokens:
        """What it is found by; `published` is as printed, else when first seen."""
        if published == self.article.date_published:
            return self._dated_tokens
        return tokens_of(self.article, published)

    @cached_property
    def _dated_tokens(self) -> Tokens:
        published = self.article.date_published
        if published is None:
            raise ValueError(f"no date is printed: {self.article.url}")
        return tokens_of(self.article, published)
