"""The log of what runs unwatched: one line an event, on standard error.

    2026-03-04T05:06:07Z info run finished outlet=scmp new=3 seconds=1.5

or, for programs, one JSON object with `time`, `level`, `event` and the event's fields. Values are
other people's texts: none can forge a line, steer a terminal or give away a secret. A standard
error that is closed, full or read by nobody stops nothing: its lines are dropped and counted.
"""

from __future__ import annotations

import json
import logging
import math
import os
import select
import sys
import traceback
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from crawler.items import utc_iso
from jobs.log_values import Veil, plain, shortened

LIBRARY_EVENT = "library message"
LOST_EVENT = "log lines lost"

# Linux writes so much into a pipe whole or not at all: PIPE_BUF in <linux/limits.h>.
_MAX_LINE_BYTES = 4_096
_PATIENCE_MILLISECONDS = 100  # with a reader that is merely slow
_RESERVED = frozenset({"time", "level", "event"})

_log = logging.getLogger("sinorus")

Values = dict[str, Any]


def event(name: str, /, **fields: Any) -> None:
    """What a person would retell. `name` is constant: what differs is in the fields."""
    _log.info(name, extra={"fields": fields})


def warn(name: str, /, **fields: Any) -> None:
    """What a person should know of, and need not act on."""
    _log.warning(name, extra={"fields": fields})


def error(name: str, /, *, cause: BaseException | None = None, **fields: Any) -> None:
    """What a person must look at. The traceback of `cause` comes along: for our own faults."""
    _log.error(name, extra={"fields": fields}, exc_info=cause)


def start_logging(*, as_json: bool = False, secrets: Iterable[str] = ()) -> None:
    """From now on events, and warnings of libraries, go to standard error.

    `secrets` appear in no line, whoever writes it. Called again, the new way replaces the old.
    """
    root = logging.getLogger()
    for handler in root.handlers[:]:
        root.removeHandler(handler)
    root.addHandler(_StandardError(_as_json if as_json else _as_text, Veil(secrets)))
    root.setLevel(logging.WARNING)
    _log.setLevel(logging.INFO)


class _StandardError(logging.Handler):
    """Writes each line with one call, and waits for no reader who does not read."""

    def __init__(self, form: Callable[[Values], str], veil: Veil) -> None:
        super().__init__()
        self._form = form
        self._veil = veil
        self._lost = 0

    def emit(self, record: logging.LogRecord) -> None:
        values = {name: self._veil.over(name, value) for name, value in _values(record).items()}
        if self._lost:
            told = {"time": values["time"], "level": "warning", "event": LOST_EVENT}
            if self._write({**told, "lines": self._lost}):
                self._lost = 0
        if not self._write(values):
            self._lost += 1

    def _write(self, values: Values) -> bool:
        """Whether it was written. Not through the stream, which would keep what it could not."""
        line = self._line(values)
        while len(line) > _MAX_LINE_BYTES and (shorter := shortened(values)) is not None:
            values, line = shorter, self._line(shorter)
        if sys.stderr is None:  # closed before we began: its number may be another file's
            return False
        try:
            descriptor = sys.stderr.fileno()
            room = select.poll()
            room.register(descriptor, select.POLLOUT)
            # After a loss it is not waited for again, or every event would wait.
            found = room.poll(0 if self._lost else _PATIENCE_MILLISECONDS)
            return any(state & select.POLLOUT for _, state in found) and bool(
                os.write(descriptor, line)
            )
        except (OSError, ValueError):  # full, gone; closed
            return False

    def _line(self, values: Values) -> bytes:
        # Half a surrogate pair, from a broken page, is written as its escape.
        return (self._form(values) + "\n").encode(errors="backslashreplace")


def _values(record: logging.LogRecord) -> Values:
    """The record as an event; one that a library wrote has its text as a field."""
    fields: Values = getattr(record, "fields", {})
    name = _message(record)
    if record.name != _log.name:
        name, fields = LIBRARY_EVENT, {"logger": record.name, "message": name}
    told: Values = {
        "time": utc_iso(datetime.fromtimestamp(record.created, UTC)),
        "level": record.levelname.lower(),
        "event": name,
    }
    for key, value in fields.items():
        told[f"{key}_" if key in _RESERVED else key] = _value(value)
    if record.exc_info and record.exc_info[1]:
        told["error"] = "".join(traceback.format_exception_only(record.exc_info[1])).strip()
        told["traceback"] = "".join(traceback.format_exception(record.exc_info[1])).strip()
    return told


def _message(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except Exception as fault:  # noqa: BLE001 - a library's text that does not fit its arguments
        return f"{record.msg} ({type(fault).__name__})"


def _value(value: Any) -> Any:
    """As JSON has it: times as text, spans in seconds."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        return round(value, 3) if math.isfinite(value) else str(value)  # JSON has no NaN
    if isinstance(value, datetime):
        return utc_iso(value)
    if isinstance(value, timedelta):
        return round(value.total_seconds(), 3)
    if isinstance(value, list | tuple | set | frozenset):
        return [_value(entry) for entry in value]
    return str(value)


def _as_json(values: Values) -> str:
    return json.dumps(values, ensure_ascii=False)


def _as_text(values: Values) -> str:
    head = " ".join(str(values[name]) for name in ("time", "level", "event"))
    fields = [f"{key}={plain(value)}" for key, value in values.items() if key not in _RESERVED]
    return " ".join([head, *fields])
