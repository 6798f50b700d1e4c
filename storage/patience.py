"""How long work waits for a database that is away, and the same work tried again."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import Connection

from storage.errors import StorageError

T = TypeVar("T")

_FIRST_PAUSE_SECONDS = 0.5
_LONGEST_PAUSE_SECONDS = 5.0
# A stop that was asked for is noticed so soon.
_SLICE_SECONDS = 0.2


@dataclass(frozen=True, slots=True)
class Patience:
    """For how long a unit of work is tried again, and whether somebody wants it to end now.

    `on_wait` is told of each fault that is waited out.
    """

    seconds: float
    is_stopping: Callable[[], bool] = lambda: False
    on_wait: Callable[[StorageError], None] = lambda _: None

    def pause(self, seconds: float) -> None:
        """Waits, less when asked to stop."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0 and not self.is_stopping():
            time.sleep(min(left, _SLICE_SECONDS))


def persist(
    transaction: Callable[[], AbstractContextManager[Connection]],
    work: Callable[[Connection], T],
    patience: Patience,
) -> T:
    """What `work` gives within a transaction, which is tried again until it is committed.

    A fault that may pass (server restarting, lock, full disk) is waited out while patience
    lasts; so `work` must do nothing but database work. Raises StorageError for other faults,
    and for the last one.
    """
    deadline = time.monotonic() + patience.seconds
    pause = _FIRST_PAUSE_SECONDS
    while True:
        try:
            with transaction() as conn:
                result = work(conn)
            return result  # noqa: RET504 - committed only now
        except StorageError as error:
            is_out = time.monotonic() + pause > deadline or patience.is_stopping()
            if not error.temporary or is_out:
                raise
            patience.on_wait(error)
        patience.pause(pause)
        pause = min(2 * pause, _LONGEST_PAUSE_SECONDS)
