"""What a person types into a search box, read as what must and what must not occur.

Words that all must occur, `"phrases"`, beginnings as `word*`, `headline:word`, `-word`, and
`one OR other`. Whatever else is typed is no error: it is passed over.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from crawler.errors import ConfigurationError
from storage.cleaning import clean_text
from storage.search.stems import units, whole
from storage.words import is_character, words

# Nobody types a page into a search box.
QUERY_CHARACTERS = 1_000

_QUOTES = str.maketrans(dict.fromkeys("“”„«»「」＂", '"'))
_ITEM = re.compile(
    r"""
    (?P<minus>(?<!\S)-)?
    (?P<headline>headline:\s*(?=\S))?
    (?: "(?P<phrase>[^"]*)"? | (?P<chunk>[^\s"]+) )
    """,
    re.VERBOSE | re.IGNORECASE,
)
_EITHER = frozenset({"OR", "|"})


@dataclass(frozen=True, slots=True)
class Leaf:
    """Units that must stand one after the other, in the headline or anywhere.

    `beginning` is set for `word*`: the text's last unit need only begin as the word does.
    """

    units: tuple[str, ...]
    beginning: str | None = None
    in_headline: bool = False

    def begins_alone(self) -> bool:
        """A single character of a script without spaces stands for all words with it."""
        return self.beginning is None and is_character(self.units[-1])


@dataclass(frozen=True, slots=True)
class Query:
    """Of each group one leaf must occur, and none of the excluded."""

    groups: tuple[tuple[Leaf, ...], ...]
    excluded: tuple[Leaf, ...]

    def is_empty(self) -> bool:
        """No word was left: nothing can be found by it."""
        return not self.groups and not self.excluded

    def leaves(self) -> list[Leaf]:
        """All that may occur in what is found."""
        return [leaf for group in self.groups for leaf in group]


@lru_cache(64)
def parse(text: str) -> Query:
    """Never fails for what is typed. Raises ConfigurationError over 1,000 characters."""
    check_length(text)
    groups: list[tuple[Leaf, ...]] = []
    excluded: list[Leaf] = []
    either = False
    for item in _ITEM.finditer(clean_text(text).translate(_QUOTES)):
        if item[0] in _EITHER:
            either = True
            continue
        leaf = _leaf(item)
        if leaf is None:
            continue
        if item["minus"]:
            excluded.append(leaf)
        elif either and groups:
            groups[-1] = tuple(dict.fromkeys([*groups[-1], leaf]))
        else:
            groups.append((leaf,))
        either = False
    return Query(tuple(dict.fromkeys(groups)), tuple(dict.fromkeys(excluded)))


def check_length(text: str) -> None:
    """Raises ConfigurationError over 1,000 characters."""
    if len(text) > QUERY_CHARACTERS:
        raise ConfigurationError(
            f"search: {len(text)} characters are over the limit of {QUERY_CHARACTERS}"
        )


def _leaf(item: re.Match[str]) -> Leaf | None:
    chunk = item["chunk"]
    found = words(item["phrase"] if chunk is None else chunk)
    if not found:
        return None
    is_beginning = chunk is not None and chunk.endswith("*") and not is_character(found[-1])
    return Leaf(
        units=tuple(units(found)),
        beginning=whole(found[-1]) if is_beginning else None,
        in_headline=item["headline"] is not None,
    )
