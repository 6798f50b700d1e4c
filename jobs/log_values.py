"""What may stand in a log line: no controls, no secrets, not too much."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

from jobs.output import printable

_MAX_CHARACTERS = 1_000  # longer than any sentence of ours
_MAX_TRACEBACK_CHARACTERS = 3_000  # its end, where the fault is
_SHORTEST = 16  # a text of which nothing more is taken away
_HIDDEN = "***"
_LEFT_OUT = "…"

_BREAKS = str.maketrans({"\u2028": "\n", "\u2029": "\n"})  # some readers end a line there
_PLAIN = re.compile(r"[^\s\"=]+")
_SECRET_NAME = re.compile(
    r"password|passwd|secret|token|api_?key|cookie|authorization|headers|database_url",
    re.IGNORECASE,
)
_SECRET_PARAMETER = re.compile(r"\b(password|passwd|token|api_?key)=[^\s&]+", re.IGNORECASE)
# The name and password are what stands before the last @, which a password may hold too.
_ADDRESS = re.compile(r"\b([a-z][a-z0-9+.-]*)://(?:[^\s/?#]*@)?([^\s\"'<>]*)", re.IGNORECASE)
# Of other kinds, such as those of alert targets, any part may be the secret.
_SHOWN_SCHEMES = ("http", "https", "sqlite", "postgresql", "postgresql+psycopg", "file")


class Veil:
    """Hides secrets: those it is told, and what looks like one."""

    def __init__(self, secrets: Iterable[str]) -> None:
        # The longest first: one may be a part of another.
        self._secrets = sorted({secret for secret in secrets if secret}, key=len, reverse=True)

    def over(self, name: str, value: Any) -> Any:
        """The value of that name as it may be shown."""
        if isinstance(value, list):
            return [self.over(name, entry) for entry in value]
        if _SECRET_NAME.search(name):
            return _HIDDEN
        if not isinstance(value, str):
            return value
        for secret in self._secrets:
            value = value.replace(secret, _HIDDEN)
        text = printable(value).translate(_BREAKS)
        text = _ADDRESS.sub(_shown_address, text)
        text = _SECRET_PARAMETER.sub(rf"\1={_HIDDEN}", text)
        if name == "traceback":
            return _ended(text, _MAX_TRACEBACK_CHARACTERS)
        return _begun(text, _MAX_CHARACTERS)


def plain(value: Any) -> str:
    """The value in `key=value`: in quotes, as JSON has it, where it is more than a word."""
    if isinstance(value, list):
        value = ",".join(str(entry) for entry in value)
    if isinstance(value, str):
        return value if _PLAIN.fullmatch(value) else json.dumps(value, ensure_ascii=False)
    return json.dumps(value)


def shortened(values: dict[str, Any]) -> dict[str, Any] | None:
    """The same with half of the longest text left out; null where there is none to shorten."""
    lists = {name: ",".join(map(str, v)) for name, v in values.items() if isinstance(v, list)}
    values = {**values, **lists}
    texts = {name: value for name, value in values.items() if isinstance(value, str)}
    name = max(texts, key=lambda name: len(texts[name]))
    if len(texts[name]) <= _SHORTEST:
        return None
    cut = _ended if name == "traceback" else _begun
    return {**values, name: cut(texts[name], len(texts[name]) // 2)}


def _shown_address(match: re.Match[str]) -> str:
    scheme, rest = match.groups()
    return f"{scheme}://{rest if scheme.lower() in _SHOWN_SCHEMES else _HIDDEN}"


def _begun(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 1] + _LEFT_OUT


def _ended(text: str, length: int) -> str:
    return text if len(text) <= length else _LEFT_OUT + text[1 - length :]
