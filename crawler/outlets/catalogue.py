"""Reading the outlets file. Faults name the file, the line and the outlet."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from difflib import get_close_matches
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from crawler.addresses import bare_host
from crawler.errors import ConfigurationError
from crawler.outlets.outlet import Outlet
from crawler.urls import Host, host_of

_PACKAGED = "catalogue.toml"
_MOST_NEAR = 5  # ids that are offered for a mistyped one
_LEAST_LIKE = 0.6  # difflib's own measure and default
_HEAD = re.compile(r"\s*\[{1,2}\s*(\w+)\s*\]{1,2}\s*(?:#.*)?$")
"""Of a table whose name is a bare word, as all of ours are."""


class Catalogue:
    """The outlets of one file, by id, in the file's order."""

    def __init__(self, outlets: list[Outlet], source: str) -> None:
        self.source = source
        self._by_id = {outlet.id: outlet for outlet in outlets}
        self._by_host: dict[Host, list[Outlet]] = {}
        for outlet in outlets:
            for host in outlet.hosts:
                self._by_host.setdefault(host, []).append(outlet)

    def __iter__(self) -> Iterator[Outlet]:
        return iter(self._by_id.values())

    def __len__(self) -> int:
        return len(self._by_id)

    def get(self, outlet_id: str) -> Outlet | None:
        return self._by_id.get(outlet_id)

    def require(self, outlet_id: str) -> Outlet:
        """The outlet of that id. Raises ConfigurationError that names those there are."""
        outlet = self.get(outlet_id)
        if outlet is None:
            near = self.near(outlet_id)
            known = ", ".join(near or self._by_id) or "none"
            raise ConfigurationError(
                f"no outlet {outlet_id!r} in {self.source}; "
                f"{'near it' if near else 'there'} are: {known}"
            )
        return outlet

    def near(self, text: str) -> list[str]:
        """The ids that a mistyped one, or a name, may mean; the likeliest first."""
        wanted = text.strip().lower()
        if not wanted:
            return []
        named = [o.id for o in self if wanted in (o.id.partition("-")[0], o.name.lower())]
        typed = get_close_matches(wanted, self._by_id, n=_MOST_NEAR, cutoff=_LEAST_LIKE)
        return list(dict.fromkeys([*named, *typed]))[:_MOST_NEAR]

    def outlet_of(self, url: str) -> Outlet | None:
        """The outlet whose host the address is on, a bare host or one under `m.` included.

        Of several on one host it is the one whose article patterns know the address.
        """
        host = host_of(url)
        if host is None:
            return None
        name, port = host
        bare = bare_host(name)
        for candidate in (name, f"www.{bare}", bare):
            found = self._by_host.get((candidate, port), [])
            if found:
                return next((o for o in found if o.is_article_url(url)), found[0])
        return None


@cache
def packaged_catalogue() -> Catalogue:
    """The catalogue inside the package."""
    text = resources.files("crawler.outlets").joinpath(_PACKAGED).read_text("utf-8")
    return read_catalogue(text, "the packaged catalogue")


def load_catalogue(path: Path | None) -> Catalogue:
    """The outlets of a file, or the packaged ones for null.

    Raises ConfigurationError, with file and line, for anything wrong with it.
    """
    if path is None:
        return packaged_catalogue()
    return read_catalogue(file_text(path), str(path))


def file_text(path: Path) -> str:
    """The text of a file of ours. Raises ConfigurationError where it cannot be read."""
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path}: cannot be read: {_plainly(error)}") from error


def _plainly(error: OSError | UnicodeDecodeError) -> str:
    if isinstance(error, OSError):
        return error.strerror or type(error).__name__
    return f"not UTF-8 at byte {error.start}"


def read_catalogue(text: str, source: str) -> Catalogue:
    """The outlets of a file's text; `source` is what faults call it.

    Raises ConfigurationError, with file and line, for anything wrong with it.
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(toml_fault(text, source, error)) from error
    entries = data.get("outlet", [])
    stray = sorted(set(data) - {"outlet"})
    if stray or not isinstance(entries, list):
        line = line_of(text, stray[0] if stray else "outlet")
        raise ConfigurationError(f"{source}:{line}: only [[outlet]] tables belong here")
    outlets = [_outlet(text, source, index, entry) for index, entry in enumerate(entries)]
    seen: set[str] = set()
    for index, outlet in enumerate(outlets):
        if outlet.id in seen:
            line = line_of(text, "id", table=index)
            raise ConfigurationError(f"{source}:{line}: a second outlet {outlet.id!r}")
        seen.add(outlet.id)
    return Catalogue(outlets, source)


def _outlet(text: str, source: str, index: int, entry: Any) -> Outlet:
    try:
        outlet = Outlet.model_validate(entry)
    except ValidationError as error:
        fault = error.errors()[0]
        key = str(fault["loc"][0]) if fault["loc"] else "outlet"
        name = entry.get("id", f"number {index + 1}") if isinstance(entry, dict) else index + 1
        line = line_of(text, key, table=index)
        raise ConfigurationError(
            f"{source}:{line}: outlet {name}: {key}: {fault_sentence(fault)}"
        ) from error
    return outlet


def fault_sentence(fault: Any) -> str:
    """A pydantic fault as a sentence of our own kind."""
    if fault["type"] == "extra_forbidden":
        return "no such setting"
    if fault["type"] == "missing":
        return "is missing"
    return str(fault["msg"]).removeprefix("Value error, ")


def toml_fault(text: str, source: str, error: tomllib.TOMLDecodeError) -> str:
    """`file.toml:3: …` of a TOML fault."""
    place = re.search(r"^(.*) \(at (?:line (\d+), column \d+|end of document)\)$", str(error))
    if place is None:
        return f"{source}: {error}"
    return f"{source}:{place[2] or len(text.splitlines())}: {place[1]}"


def line_of(text: str, key: str, *, table: int | None = None, name: str = "outlet") -> int:
    """The line that sets `key`, counted from 1; in the n-th `[[name]]` table if given.

    The table's own line, or 1, where the key is not set. `[name]` is the first of its name.
    """
    lines = text.splitlines()
    start, end = 0, len(lines)
    if table is not None:
        heads = [(n, head[1]) for n, line in enumerate(lines) if (head := _HEAD.match(line))]
        named = [n for n, head in heads if head == name]
        if table < len(named):
            start = named[table]
            end = min((n for n, _ in heads if n > start), default=len(lines))
    pattern = re.compile(rf"""\s*["']?{re.escape(key)}["']?\s*[=.\]]""")
    found = (n for n in range(start, end) if pattern.match(lines[n]))
    return next(found, start) + 1
