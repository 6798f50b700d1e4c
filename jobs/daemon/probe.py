"""`python -m jobs.daemon.probe`: exit code 0 while the daemon of these settings works, else 1.

For container health checks, which have no curl.
"""

from __future__ import annotations

import http.client
import sys

from crawler.errors import ConfigurationError
from jobs import exits
from jobs.output import say
from jobs.settings import load_settings

_TIMEOUT_SECONDS = 4.0
_MAX_ANSWER_BYTES = 10_000
# What is listened on everywhere is asked here.
_HERE = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}  # noqa: S104 - nothing is bound


def probe() -> int:
    try:
        settings = load_settings()
    except ConfigurationError as error:
        say(f"sinorus: {error}")
        return exits.FAILED
    if not settings.health_port:
        say("sinorus: health_port is 0: the daemon answers nowhere")
        return exits.FAILED
    host = _HERE.get(settings.health_host, settings.health_host)
    connection = http.client.HTTPConnection(host, settings.health_port, timeout=_TIMEOUT_SECONDS)
    try:
        connection.request("GET", "/healthz")
        answer = connection.getresponse()
        say(answer.read(_MAX_ANSWER_BYTES).decode(errors="replace").strip())
    except (OSError, http.client.HTTPException) as error:
        say(f"sinorus: {host}:{settings.health_port} gives no answer ({error})")
        return exits.FAILED
    finally:
        connection.close()
    return exits.DONE if answer.status == http.client.OK else exits.FAILED


if __name__ == "__main__":
    sys.exit(probe())
