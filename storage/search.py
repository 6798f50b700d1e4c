"""Substring search that treats Chinese, Russian and English alike."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, true

from crawler.errors import ConfigurationError
from crawler.items import Article
from storage.schema import articles

# The longest article met is under 200 kB; beyond this a page is a dump, and its head suffices.
SEARCH_TEXT_BYTES = 1_000_000
# SQLite refuses a LIKE pattern over 50,000 bytes; nobody types a page into a search box.
QUERY_CHARACTERS = 1_000


def normalise(text: str) -> str:
    """`text` as searching sees it: NFKC, case folded, ё as е, one space between words."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return " ".join(folded.replace("ё", "е").split())


def search_text(article: Article) -> str:
    """What the search looks through, one entry a line so that no word spans two."""
    parts = [
        article.headline,
        *article.summary,
        *article.paragraphs,
        *label_list(article),
        *article.authors,
    ]
    text = "\n".join(normalise(part) for part in parts)
    return text.encode(errors="ignore")[:SEARCH_TEXT_BYTES].decode(errors="ignore")


def label_list(article: Article) -> list[str]:
    """The label over the headline and all others, as printed."""
    return [label for label in (article.topic, *article.topics) if label]


def topic_labels(labels: Sequence[str]) -> str:
    """Normalised labels, each between line feeds: see the column of that name."""
    return "".join(f"\n{normalise(label)}\n" for label in labels)


def matches_search(query: str) -> ColumnElement[bool]:
    """Every word of the query occurs. Raises ConfigurationError over 1,000 characters."""
    if len(query) > QUERY_CHARACTERS:
        raise ConfigurationError(
            f"search: {len(query)} characters are over the limit of {QUERY_CHARACTERS}"
        )
    words = dict.fromkeys(normalise(query).split())
    return and_(true(), *(articles.c.search_text.contains(word, autoescape=True) for word in words))


def matches_topic(topic: str) -> ColumnElement[bool]:
    """The article carries that label, whole, in any case."""
    return articles.c.topic_labels.contains(topic_labels([topic]), autoescape=True)
