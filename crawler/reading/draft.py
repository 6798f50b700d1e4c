"""The fields of an article as they are found, each with where it came from."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

Source = Literal["state", "json-ld", "microdata", "meta", "page", "feed", "url"]


@dataclass(slots=True)
class Draft:
    """Fields of an article under reading. The first offer that says something wins.

    Readers offer in their order of trust. Null, an empty string and an empty list say
    nothing; 0 and False do.
    """

    values: dict[str, Any] = field(default_factory=dict)
    provenance: dict[str, Source] = field(default_factory=dict)

    def offer(self, name: str, value: Any, source: Source) -> None:
        if name not in self.values and value not in (None, "", []):
            self.values[name] = value
            self.provenance[name] = source

    def offer_all(self, fields: dict[str, Any], source: Source) -> None:
        for name, value in fields.items():
            self.offer(name, value, source)

    def replace(self, name: str, value: Any, source: Source) -> None:
        """Set a field that a later source completed."""
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
