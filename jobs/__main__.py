"""The `sinorus` command: runs it, and turns every foreseeable fault into one sentence."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from jobs import exits


def main() -> None:
    """Exits with 0 done, 1 something failed, 2 usage or configuration, 130 interrupted."""
    _open_missing_streams()
    # As Ctrl-C: what is half written is taken away again. A crawl has its own way to stop.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        from jobs.cli import app, fault_sentences

        with fault_sentences():
            try:
                app()
            finally:
                # Here, where it can be answered for; Python's own flush comes after all of us.
                sys.stdout.flush()
    except KeyboardInterrupt:
        # A daemon is ended so: also one that had no time yet to say so itself.
        sys.exit(exits.DONE if sys.argv[1:2] == ["daemon"] else exits.INTERRUPTED)
    except BrokenPipeError:
        _drop_output()
        sys.exit(exits.FAILED)
    except OSError as error:
        _drop_output()
        sys.stderr.write(f"sinorus: {error.strerror or error}\n")
        sys.exit(exits.FAILED)


def _open_missing_streams() -> None:
    """A stream that was closed before we began (`>&-`) is null; write where nobody reads."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            # Open for as long as the process lives: hence no context manager.
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115


def _drop_output() -> None:
    """What still waits to be written has no taker: let it go where nobody complains."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    main()
