"""The words of a message: plain text, in which nothing of a page can steer who receives it.

Chat services read marks in plain text too: they call people at `@everyone` or `<@1>`, make links
of `[word](address)`, fetch what looks like an address. A space of no width after such a mark ends
its meaning and nothing else. A page's own address is the one that the crawler stored.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from jobs.output import counted, printable, when
from storage.outbox import Message

LONGEST_TITLE_CHARACTERS = 120
LONGEST_HEADLINE_CHARACTERS = 300
LONGEST_SNIPPET_CHARACTERS = 400
LONGEST_FIGURE_CHARACTERS = 200
MOST_FIGURES = 10
KEY_CHARACTERS = 32

_NO_WIDTH = "\u200b"
_STEERING = re.compile(r"(?<=[@<\]`|~!&])(?=\S)|(?<=:)(?=//)|^(?=[#>*+=-])")


@dataclass(frozen=True, slots=True)
class Text:
    """What is sent: a title of one line, a body of several, and the keys of what it tells."""

    title: str
    body: str
    keys: tuple[str, ...]

    @property
    def key(self) -> str:
        """What a repetition has too, and no message that tells anything else."""
        if len(self.keys) == 1:
            return self.keys[0]
        return f"group/{hashlib.sha256(' '.join(self.keys).encode()).hexdigest()[:KEY_CHARACTERS]}"


def plain(words: object, longest: int) -> str:
    """Words of a page as one line that is nothing but words."""
    line = " ".join(printable(re.sub(r"\s", " ", str(words))).split())
    if len(line) > longest:
        line = line[: longest - 1].rstrip() + "…"
    return _STEERING.sub(_NO_WIDTH, line)


def text_of(messages: Sequence[Message]) -> Text:
    """The text of messages that are sent as one: several articles of a search, else one."""
    make = {"article": _articles, "outlet": _outlet, "digest": _digest}[messages[0].kind]
    title, blocks = make([message.payload for message in messages])
    keys = tuple(message.key for message in messages)
    blocks.append("\n".join(f"key: {key}" for key in keys))
    return Text(title, "\n\n".join(blocks), keys)


def _articles(payloads: Sequence[dict[str, Any]]) -> tuple[str, list[str]]:
    search = payloads[0]["search"]
    if len(payloads) == 1:
        title = plain(f"{search}: {payloads[0]['headline']}", LONGEST_TITLE_CHARACTERS)
    else:
        title = f"{search}: {len(payloads)} new articles"
    blocks = []
    for payload in payloads:
        snippet = plain(payload["snippet"], LONGEST_SNIPPET_CHARACTERS)
        blocks.append(_article(payload) + (f"\n{snippet}" if snippet else ""))
    return title, blocks


def _article(payload: dict[str, Any]) -> str:
    """Headline, outlet and time, address."""
    printed = payload["date_published"]
    dated = f"{when(datetime.fromisoformat(printed))} UTC" if printed else "no date printed"
    headline = plain(payload["headline"], LONGEST_HEADLINE_CHARACTERS)
    return f"{headline}\n{payload['outlet']}, {dated}\n{_address(payload['url'])}"


def _address(url: str) -> str:
    """The address with what steers in it written as RFC 3986, section 2.1, lets it be."""
    return re.sub(r"[\s<>@`|]", lambda found: f"%{ord(found[0]):02X}", printable(url))


def _outlet(payloads: Sequence[dict[str, Any]]) -> tuple[str, list[str]]:
    (payload,) = payloads
    since = when(datetime.fromisoformat(payload["since"]))
    after, before = (payload[name].replace("_", " ") for name in ("after", "before"))
    blocks = [f"{payload['outlet']} is {after} since {since} UTC; it was {before}."]
    if payload["reason"]:
        blocks.append(plain(payload["reason"], LONGEST_HEADLINE_CHARACTERS))
    figures = [
        f"{name.replace('_', ' ')}: {_figure(value)}"
        for name, value in list(payload["evidence"].items())[:MOST_FIGURES]
        if value is not None
    ]
    if figures:
        blocks.append("\n".join(figures))
    return f"{payload['outlet']} is {after}", blocks


def _figure(value: object) -> str:
    if isinstance(value, str) and re.match(r"https?://\S+$", value):
        return _address(value)
    return plain(value, LONGEST_FIGURE_CHARACTERS)


def _digest(payloads: Sequence[dict[str, Any]]) -> tuple[str, list[str]]:
    (payload,) = payloads
    until = when(datetime.fromisoformat(payload["until"]))
    number = counted(payload["articles"], "new article")
    blocks = [f"{number} in the 24 hours to {until} UTC."]
    if payload["outlets"]:
        blocks.append("\n".join(f"{outlet}: {count}" for outlet, count in payload["outlets"]))
    blocks += [_article(article) for article in payload["newest"]]
    if 0 < len(payload["newest"]) < payload["articles"]:
        blocks.append(f"… and {payload['articles'] - len(payload['newest'])} more")
    return f"Digest of {until[:10] if until else ''}: {number}", blocks
