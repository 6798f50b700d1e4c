"""Work in a process of its own that is killed, as by the machine, before its n-th statement."""

from __future__ import annotations

import os
import signal
import sys
import traceback
from collections.abc import Callable

from sqlalchemy import Engine, event

FAILED = 1


def is_killed(work: Callable[[], object], kill_at: int) -> bool:
    """Whether it came to its n-th statement or commit; else it ended by itself, without a fault.

    A fork, since there are hundreds: no database may be open here meanwhile that `work` opens,
    for SQLite would take the one's locks for the other's.
    """
    child = os.fork()
    if child == 0:
        _be_killed(work, kill_at)
    _, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    assert code in (0, -signal.SIGKILL)
    return code == -signal.SIGKILL


def _be_killed(work: Callable[[], object], kill_at: int) -> None:
    code = FAILED
    try:
        left = kill_at

        def count(*arguments: object) -> None:
            nonlocal left
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

        event.listen(Engine, "before_cursor_execute", count)
        event.listen(Engine, "commit", count)
        work()
        code = 0
    except BaseException:  # noqa: BLE001 - the parent asserts the exit code
        traceback.print_exc()
        sys.stderr.flush()
    finally:
        os._exit(code)
