"""What can go wrong with an address, told apart by what to do next."""

from __future__ import annotations


class SinorusError(Exception):
    """A fault with a sentence a person can act on; commands print it and no traceback."""


class ConfigurationError(SinorusError):
    """A setting, a file or an argument is wrong. Commands exit with 2."""


class CrawlError(SinorusError):
    """An address could not be had. `reason` reads `layer: what failed, limit and value`.

    `is_host_wide` says that nothing else of that host can be had now either; nothing was
    learned of the address itself then.
    """

    is_host_wide = False

    def __init__(self, outlet: str, url: str, reason: str) -> None:
        super().__init__(f"{outlet}: {reason} ({url})")
        self.outlet = outlet
        self.url = url
        self.reason = reason

    def __reduce__(self) -> tuple[type[CrawlError], tuple[str, str, str]]:
        """Faults come from other processes too."""
        return type(self), (self.outlet, self.url, self.reason)


class TemporaryError(CrawlError):
    """Try again soon: a timeout, a reset, a 5xx."""


class HardError(CrawlError):
    """Count it; asking again soon is no use: a bad certificate, a redirect loop."""


class GoneError(HardError):
    """The site says that there is nothing at this address: 404 or 410."""


class BlockedError(CrawlError):
    """The site does not want us at this address: 401, 402, 403, 451."""


class ForbiddenError(BlockedError):
    """robots.txt forbids this address."""


class HostUnavailableError(BlockedError):
    """No answer, robots.txt unreachable, or asked to wait longer than a run lasts."""

    is_host_wide = True


class HostDownError(HostUnavailableError):
    """Nothing answers there, or it asks to wait: no word against us."""


class RefusedError(CrawlError):
    """Our own limit or address guard said no; never try again."""


class UnreadableError(CrawlError):
    """Fetched, but not what was due there: no feed, no article. The page is kept."""


class KeptOutError(UnreadableError):
    """A challenge or a wall stands in the page's place: we are kept out, the reader is right."""


class NotAnArticle(SinorusError):  # noqa: N818 - the contract's name
    """The page is none: an index, a captcha, a login wall, an error page."""

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(f"{url}: not an article: {reason}")
        self.url = url
        self.reason = reason
