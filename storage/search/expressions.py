"""Boolean expressions over tokens, and how each database writes them.

Tokens are letters, figures, points and colons only: see `tokens`. So nothing that is typed or
printed anywhere can be read as an operator.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Run:
    """Tokens one after the other; the last may only begin so."""

    tokens: tuple[str, ...]
    is_beginning: bool = False


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every part occurs."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one part occurs."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Without:
    """`wanted` occurs and none of the parts of `unwanted`."""

    wanted: Expression
    unwanted: tuple[Expression, ...]


Expression = Run | AllOf | AnyOf | Without


def every(parts: Sequence[Expression]) -> Expression:
    """All of them, each once; at least one."""
    distinct = tuple(dict.fromkeys(parts))
    return distinct[0] if len(distinct) == 1 else AllOf(distinct)


def either(parts: Sequence[Expression]) -> Expression:
    """Any of them, each once; at least one."""
    distinct = tuple(dict.fromkeys(parts))
    return distinct[0] if len(distinct) == 1 else AnyOf(distinct)


def one_token(token: str) -> Expression:
    return Run((token,))


def match_text(expression: Expression) -> str:
    """For FTS5: https://www.sqlite.org/fts5.html#full_text_query_syntax"""
    return _written(expression, _match_run, "AND", "OR", "NOT")


def tsquery_text(expression: Expression) -> str:
    """For PostgreSQL's tsquery, as its input function reads it."""
    return _written(expression, _tsquery_run, "&", "|", "& !")


def _match_run(run: Run) -> str:
    return '"' + " ".join(run.tokens) + '"' + (" *" if run.is_beginning else "")


def _tsquery_run(run: Run) -> str:
    text = " <-> ".join(f"'{token}'" for token in run.tokens)
    return f"({text}{':*' if run.is_beginning else ''})"


def _written(
    expression: Expression, run: Callable[[Run], str], both: str, one: str, but_not: str
) -> str:
    def write(part: Expression) -> str:
        match part:
            case Run():
                return run(part)
            case AllOf(parts):
                return "(" + f" {both} ".join(map(write, parts)) + ")"
            case AnyOf(parts):
                return "(" + f" {one} ".join(map(write, parts)) + ")"
            case Without(wanted, unwanted):
                return f"({write(wanted)} {but_not} {write(either(unwanted))})"

    return write(expression)
