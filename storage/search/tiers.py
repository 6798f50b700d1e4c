"""How well an article answers: three tiers, each an expression that the others exclude.

All words in the headline; all in its focus; all anywhere. No score of a text's length or of
word counts: that would have to look at every match before it could give the first.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from storage.search.endings import other_stems
from storage.search.expressions import Expression, Run, Without, either, every, one_token
from storage.search.query import Leaf, Query
from storage.search.stems import paired
from storage.search.tokens import FOCUS, HEADLINE, RELEVANT
from storage.words import is_character

Level = Callable[[Leaf], Expression]

_EVERYTHING = either([one_token(f"{RELEVANT}{value}") for value in (0, 1)])


def anywhere(query: Query | None, facets: Sequence[Expression]) -> Expression:
    """What the query and the facets ask for, in whatever tier."""
    return _expression(query, facets, _in_text, [])


def tiers(query: Query | None, facets: Sequence[Expression]) -> list[Expression]:
    """The best first. No article is in two; together they are `anywhere`."""
    found: list[Expression] = []
    levels: list[Expression] = []
    for level in (_in_headline, _in_focus, _in_text):
        wanted = _wanted(query, level)
        if levels and wanted == levels[-1]:
            continue
        found.append(_expression(query, facets, level, [each for each in levels[-1:] if each]))
        if wanted is None:
            break
        levels.append(wanted)
    return found


def _expression(
    query: Query | None, facets: Sequence[Expression], level: Level, better: list[Expression]
) -> Expression:
    wanted = _wanted(query, level)
    parts = [*([wanted] if wanted else []), *facets] or [_EVERYTHING]
    unwanted = [*(_in_text(leaf) for leaf in (query.excluded if query else ())), *better]
    return Without(every(parts), tuple(unwanted)) if unwanted else every(parts)


def _wanted(query: Query | None, level: Level) -> Expression | None:
    if query is None or not query.groups:
        return None
    return every([either([level(leaf) for leaf in group]) for group in query.groups])


def _in_text(leaf: Leaf) -> Expression:
    if leaf.in_headline:
        return _in_headline(leaf)
    return either(_runs(leaf, ""))


def _in_headline(leaf: Leaf) -> Expression:
    return either(_runs(leaf, HEADLINE))


def _in_focus(leaf: Leaf) -> Expression:
    """Each token is in focus, and where there are several they stand together in the text."""
    if leaf.in_headline:
        return _in_headline(leaf)
    found: list[Expression] = []
    for run in _runs(leaf, ""):
        last = Run((FOCUS + run.tokens[-1],), run.is_beginning)
        tokens = [one_token(FOCUS + token) for token in run.tokens[:-1]]
        together = [run] if len(run.tokens) > 1 else []
        found.append(every([*tokens, last, *together]))
    return either(found)


def _runs(leaf: Leaf, mark: str) -> list[Run]:
    """The leaf as tokens. A beginning is that of a stem, or of a word whose stem is shorter."""
    tokens = paired(leaf.units)
    if leaf.beginning is not None:
        stems = [(leaf.beginning, True)]
        stems += [(other, False) for other in sorted(other_stems(leaf.beginning))]
        return [_run([*tokens[:-1], last], mark, is_beginning) for last, is_beginning in stems]
    if leaf.begins_alone():
        if len(leaf.units) > 1 and is_character(leaf.units[-2]):
            return [_run(tokens[:-1], mark, False)]  # the last pair holds both
        return [_run(tokens, mark, True)]
    return [_run(tokens, mark, False)]


def _run(tokens: Sequence[str], mark: str, is_beginning: bool) -> Run:
    return Run(tuple(mark + token for token in tokens), is_beginning)
