"""One message through apprise, in a process of its own: it may hang, leak or be killed there.

A process without apprise is 45 MB smaller; whoever sends imports this module and not apprise.
"""

from __future__ import annotations

import logging
import os
import re
import signal
import sys
from typing import Any

from jobs.alerts.texts import Text

LOGGER = "apprise"
KEY_HEADER = "Idempotency-Key"
"""https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/"""

_STATUS = re.compile(r"\berror=(\d{3})\b")


def prepare_process() -> None:
    """Nothing of a target may be seen, and who stops the parent does not mean to stop us."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.__stdout__.fileno() if sys.__stdout__ else 1)
    os.dup2(nowhere, sys.__stderr__.fileno() if sys.__stderr__ else 2)


def deliver(address: str, text: Text) -> str | None:
    """Sends it; null where it arrived, else what went wrong, without any part of the address.

    Redirects are not followed. The keys are in the text, and in the header Idempotency-Key and
    the field `keys` where the target is a webhook that takes them.
    """
    service, notifier = _service(address)
    if service is None:
        return "apprise knows no such address"
    _add_keys(service, text)
    heard = _Heard()
    logger = logging.getLogger(LOGGER)
    logger.addHandler(heard)
    try:
        arrived = notifier.notify(body=text.body, title=text.title, body_format="text")
    except Exception as error:  # noqa: BLE001 - a plugin's fault is that target's alone
        return f"apprise failed ({type(error).__name__})"
    finally:
        logger.removeHandler(heard)
    return None if arrived else heard.problem()


def is_known(address: str) -> bool:
    """Whether apprise can make anything of the address."""
    return _service(address)[0] is not None


def _service(address: str) -> tuple[Any, Any]:
    """apprise's own object for the target, null for an address it does not know, and its sender."""
    import apprise
    from apprise.common import OverflowMode

    logger = logging.getLogger(LOGGER)
    logger.propagate = False
    logger.addHandler(logging.NullHandler())
    asset = apprise.AppriseAsset(
        app_id="sinorus",
        app_desc="sinorus",
        async_mode=False,
        http_redirects=False,
        interpret_emojis=False,
        interpret_escapes=False,
        pgp_autogen=False,
        pem_autogen=False,
        storage_mode="memory",
    )
    notifier = apprise.Apprise(asset=asset)
    if not notifier.add(address):
        return None, notifier
    service = notifier[0]
    if "overflow=" not in address:
        # A service refuses a message that is longer than it takes; in pieces it arrives.
        service.overflow_mode = OverflowMode.SPLIT
    return service, notifier


def _add_keys(service: Any, text: Text) -> None:
    """Of apprise's plugins only those for webhooks of one's own have both: json, form and xml."""
    headers, extras = (getattr(service, name, None) for name in ("headers", "payload_extras"))
    if isinstance(headers, dict) and isinstance(extras, dict):
        headers.setdefault(KEY_HEADER, text.key)
        extras.setdefault("keys", " ".join(text.keys))


class _Heard(logging.Handler):
    """Listens to what apprise logs for the one thing that may be told of it."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self._status: str | None = None
        self._had_no_connection = False

    def emit(self, record: logging.LogRecord) -> None:
        said = record.getMessage()
        found = _STATUS.search(said)
        self._status = found[1] if found else self._status
        self._had_no_connection |= "onnection" in said or "imed out" in said

    def problem(self) -> str:
        if self._status:
            return f"it answered {self._status}"
        if self._had_no_connection:
            return "it could not be reached, or did not answer in time"
        return "apprise could not send it"
