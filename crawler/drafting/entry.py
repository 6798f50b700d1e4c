"""The drafted entry, as TOML that the outlets file's reader takes."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from crawler.addresses import bare_host
from crawler.network import is_address_name
from crawler.urls import Host

_LONGEST_COMMENT = 200  # characters
_LONGEST_LINE = 100  # characters; with more the comment stands above
_LONGEST_ID = 64  # that the outlets file takes
_ENDINGS = frozenset("co com org net gov edu ac".split())  # before a country's: `.co.uk`
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


class Noted(NamedTuple):
    """A value of the entry and what is to be said of it, null where nothing is."""

    value: str
    comment: str | None = None


@dataclass(slots=True)
class DraftedEntry:
    """Lists may be empty; `comments` stand under the entry: what could not be found."""

    id: str
    name: Noted
    home: str
    timezone: Noted
    language: Noted | None = None
    feeds: list[Noted] = field(default_factory=list)
    sitemaps: list[Noted] = field(default_factory=list)
    pages: list[Noted] = field(default_factory=list)
    other_hosts: list[Noted] = field(default_factory=list)
    article_urls: list[Noted] = field(default_factory=list)
    delay_seconds: float | None = None
    is_feed_seen: bool = False
    comments: list[str] = field(default_factory=list)

    def to_toml(self) -> str:
        """One `[[outlet]]` table."""
        lines = ["[[outlet]]", *_line("id", Noted(self.id)), *_line("name", self.name)]
        lines += _line("language", self.language) if self.language else []
        lines += _line("timezone", self.timezone)
        lines += _line("home", Noted(self.home))
        for name in ("feeds", "sitemaps", "pages", "other_hosts", "article_urls"):
            lines += _list(name, getattr(self, name))
        if self.delay_seconds is not None:
            lines.append(f"delay_seconds = {self.delay_seconds}{_comment('its Crawl-delay')}")
        if self.is_feed_seen:
            lines.append('evidence = "feed-seen"')
        lines += [_comment(text).lstrip() for text in self.comments]
        return "\n".join(lines) + "\n"


def id_of(host: Host) -> str:
    """An id made of a host's name: `example` of `www.example.co.uk`."""
    name = bare_host(host[0])
    labels = re.split(r"[.:]+", name)
    if not is_address_name(host[0]) and len(labels) > 1:
        labels.pop()
        while len(labels) > 1 and labels[-1] in _ENDINGS:
            labels.pop()
    plain = re.sub(r"[^a-z0-9]+", "-", "-".join(labels)).strip("-")
    return plain[:_LONGEST_ID].strip("-") or "outlet"


def _line(name: str, noted: Noted) -> list[str]:
    return [f"{name} = {_quoted(noted.value)}{_comment(noted.comment)}"]


def _list(name: str, values: Sequence[Noted]) -> list[str]:
    if not values:
        return []
    lines = []
    for noted in values:
        value, comment = f"    {_quoted(noted.value)},", _comment(noted.comment)
        is_long = len(value) + len(comment) > _LONGEST_LINE
        lines += [f"    {comment.strip()}", value] if is_long else [value + comment]
    return [f"{name} = [", *lines, "]"]


def _quoted(text: str) -> str:
    """A TOML basic string: JSON's, but for what TOML has not in it as it is."""
    return json.dumps(_UNSEEN.sub("", text), ensure_ascii=False)


def _comment(text: str | None) -> str:
    """Other people's words are in it: it stays on its line."""
    return f"  # {_UNSEEN.sub('', text)[:_LONGEST_COMMENT]}" if text else ""
