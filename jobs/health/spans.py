"""Spans of time, by field, that are no part of an outlet's past: it was broken then."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Self

_KEPT = 5  # of a field; an older one is out of its past by then


class Spans(dict[str, list[tuple[datetime | None, datetime]]]):
    """{field: [(from, until)]}; null is from the beginning."""

    def add(self, field: str, begin: datetime | None, end: datetime) -> None:
        self[field] = [*self.get(field, []), (begin, end)][-_KEPT:]

    def has(self, field: str, moment: datetime) -> bool:
        return any(
            (begin is None or begin <= moment) and moment < end
            for begin, end in self.get(field, ())
        )

    def to_dict(self) -> dict[str, Any]:
        return {
            field: [[begin.isoformat() if begin else None, end.isoformat()] for begin, end in spans]
            for field, spans in self.items()
        }

    @classmethod
    def from_dict(cls, said: Mapping[str, Any]) -> Self:
        moment = datetime.fromisoformat
        return cls(
            (field, [(moment(begin) if begin else None, moment(end)) for begin, end in spans])
            for field, spans in said.items()
        )
