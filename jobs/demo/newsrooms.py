"""The three fictional newsrooms, and the outlets file that names them."""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any


@dataclass(frozen=True, slots=True)
class Newsroom:
    """A fictional outlet. `front_path` is its home, `feed_path` its only feed.

    `photo_label` stands between a caption and its credit, `byline_label` before the authors.
    """

    id: str
    name: str
    country: str
    language: str
    timezone: str
    front_path: str
    feed_path: str
    charset: str
    article_urls: list[str]
    photo_label: str
    byline_label: str
    list_title: str
    disclaimer: str
    parser: str | None = None

    def caption_line(self, caption: str, credit: str) -> str:
        """Caption and credit in the one string that the newsroom prints."""
        return f"{caption}{self.photo_label}{credit}".strip()


@cache
def newsroom_data(name: str) -> dict[str, Any]:
    """A newsroom's data file: its `newsroom` table and its `article` tables."""
    data = resources.files(__package__).joinpath("data", f"{name}.toml")
    return tomllib.loads(data.read_text(encoding="utf-8"))


COURIER = Newsroom(**newsroom_data("courier")["newsroom"])
VESTNIK = Newsroom(**newsroom_data("vestnik")["newsroom"])
HEPING = Newsroom(**newsroom_data("heping")["newsroom"])
NEWSROOMS = (COURIER, VESTNIK, HEPING)


def outlets_toml(base_url: str) -> str:
    """The text of an outlets file with the three newsrooms as served at `base_url`."""
    return "\n".join(_outlet_entry(newsroom, base_url.rstrip("/")) for newsroom in NEWSROOMS)


def _outlet_entry(newsroom: Newsroom, base_url: str) -> str:
    entry = {
        "id": newsroom.id,
        "name": newsroom.name,
        "country": newsroom.country,
        "language": newsroom.language,
        "timezone": newsroom.timezone,
        "home": base_url + newsroom.front_path,
        "feeds": [base_url + newsroom.feed_path],
        "article_urls": newsroom.article_urls,
        "parser": newsroom.parser,
        "delay_seconds": 0.0,
    }
    lines = ["[[outlet]]"]
    for name, value in entry.items():
        if value is not None:  # a JSON string, list or number is the same thing in TOML
            lines.append(f"{name} = {json.dumps(value, ensure_ascii=False)}")
    return "\n".join(lines) + "\n"
