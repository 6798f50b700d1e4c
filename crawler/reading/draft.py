"""The fields of an article as they are found, each with where it came from."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

Source = Literal["state", "json-ld", "microdata", "meta", "page", "feed", "url"]


class Offer(NamedTuple):
    """What one source said of one field."""

    name: str
    value: Any
    source: Source


@dataclass(slots=True)
class Draft:
    """Fields of an article under reading. The first offer that says something wins.

    Readers offer in their order of trust. Null, an empty string and an empty list say
    nothing; 0 and False do. `passed_over` keeps the later offers of fields, in order.
    """

    values: dict[str, Any] = field(default_factory=dict)
    provenance: dict[str, Source] = field(default_factory=dict)
    passed_over: list[Offer] = field(default_factory=list)

    def offer(self, name: str, value: Any, source: Source) -> None:
        if value in (None, "", []):
            return
        if name in self.values:
            self.passed_over.append(Offer(name, value, source))
        else:
            self.values[name] = value
            self.provenance[name] = source

    def offer_all(self, fields: dict[str, Any], source: Source) -> None:
        for name, value in fields.items():
            self.offer(name, value, source)

    def replace(self, name: str, value: Any, source: Source) -> None:
        """Set a field that a later source completed."""
        if name in self.values and self.values[name] != value:
            self.passed_over.append(Offer(name, self.values[name], self.provenance[name]))
        self.values[name] = value
        self.provenance[name] = source

    def withdraw(self, name: str) -> None:
        """Unsay a field that a later source showed to be wrong."""
        self.values.pop(name, None)
        self.provenance.pop(name, None)

    def has(self, name: str) -> bool:
        return name in self.values

    def get(self, name: str) -> Any:
        return self.values.get(name)
