"""The catalogue in force, read again when its file changes."""

from __future__ import annotations

from crawler.errors import ConfigurationError
from crawler.outlets import Catalogue, Outlet
from jobs.files import Signature, signature_of
from jobs.settings import Settings


class OutletsInForce:
    """A broken file leaves the last sound one in force; `problem` says where it is wrong."""

    def __init__(self, settings: Settings) -> None:
        """Raises ConfigurationError for a file that is broken from the start."""
        self._settings = settings
        self._seen = self._signature()
        self.catalogue: Catalogue = settings.catalogue()
        self.problem: str | None = None

    def refresh(self) -> bool:
        """Looks at the file; whether it changed, for the better or the worse."""
        signature = self._signature()
        if signature == self._seen:
            return False
        self._seen = signature
        try:
            self.catalogue = self._settings.catalogue()
            self.problem = None
        except ConfigurationError as error:
            self.problem = f"{error}; the outlets read before stay in force"
        return True

    @property
    def enabled(self) -> dict[str, Outlet]:
        return {outlet.id: outlet for outlet in self.catalogue if outlet.enabled}

    @property
    def hosts(self) -> set[str]:
        return {host[0] for outlet in self.enabled.values() for host in outlet.hosts}

    def _signature(self) -> Signature | None:
        return signature_of(self._settings.outlets_file)
