"""`sinorus daemon` from its first line to its exit code."""

from __future__ import annotations

import time
from contextlib import ExitStack

import storage
from jobs import exits, log
from jobs.clock import Clock
from jobs.crawl import silence_libraries
from jobs.daemon.allocation import return_large_blocks
from jobs.daemon.daemon import Daemon, refuse_second
from jobs.daemon.health_server import HealthServer
from jobs.daemon.systemd import ServiceManager
from jobs.output import say
from jobs.reactor import Interrupted, run
from jobs.settings import Settings
from storage import DatabaseUnavailable
from storage.engine import parse_address

GRACE_SECONDS = 8.5
"""For what is under way; as long again, and the process ends: less than 20 s after SIGTERM."""

_DATABASE_PATIENCE_SECONDS = 300.0  # of a machine that starts its services in any order
_PAUSE_SECONDS = 2.0


def run_daemon(settings: Settings, *, log_json: bool, clock: Clock | None = None) -> int:
    """Until it is told to stop; the exit code. Raises ConfigurationError, StorageError."""
    password = parse_address(settings.database_url).password
    silence_libraries()
    return_large_blocks()
    log.start_logging(as_json=log_json, secrets=[str(password)] if password else [])
    if not settings.names_contact:
        say(f"sinorus: publishers can write to {settings.contact_address}; set `contact`")
    manager = ServiceManager()
    try:
        with ExitStack() as resources:
            database = resources.enter_context(_database(settings, manager))
            refuse_second(database)  # before it is told of a port that is in use
            daemon = Daemon(settings, database, manager, clock)
            if settings.health_port:
                resources.enter_context(
                    HealthServer(
                        settings.health_host,
                        settings.health_port,
                        pulse=daemon.pulse,
                        readiness=daemon.readiness,
                        metrics=daemon.metrics.render,
                    )
                )
            log.event("started", database=database.place)
            run(
                daemon.run,
                daemon.stop,
                daemon.hosts,
                daemon.order_stop,
                grace_seconds=GRACE_SECONDS,
                order_exit=exits.DONE,
            )
    except (Interrupted, KeyboardInterrupt):
        pass
    log.event("stopped")
    return exits.DONE


def _database(settings: Settings, manager: ServiceManager) -> storage.Database:
    """Waits for a server that is not there yet."""
    deadline = time.monotonic() + _DATABASE_PATIENCE_SECONDS
    told = ""
    while True:
        try:
            return storage.open(settings.database_url, create=True)
        except DatabaseUnavailable as error:
            if time.monotonic() > deadline:
                raise
            if str(error) != told:
                told = str(error)
                log.warn("database away", reason=told)
                manager.status(told)
        time.sleep(_PAUSE_SECONDS)
