"""The `sinorus` command: runs it, and turns every foreseeable fault into one sentence."""

from __future__ import annotations

import sys

from jobs import exits


def main() -> None:
    """Exits with 0 done, 1 something failed, 2 usage or configuration, 130 interrupted."""
    try:
        from jobs.cli import app, fault_sentences

        with fault_sentences():
            app()
    except KeyboardInterrupt:
        sys.exit(exits.INTERRUPTED)


if __name__ == "__main__":
    main()
