"""The addresses of a picture: which one to keep, and which name the same picture."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

from selectolax.lexbor import LexborNode

_LAZY = (
    "data-src", "data-original", "data-lazy-src", "data-lazy", "data-image", "data-img-url",
    "data-url", "data-full-src", "data-hi-res-src", "data-flickity-lazyload", "src",
)  # fmt: skip
_SETS = ("srcset", "data-srcset", "data-lazy-srcset")
_NO_PICTURE = re.compile(
    r"^data:|placeholder|/(?:blank|spacer|pixel|pxl|transparent|loading|1x1|empty)[\w.-]*\."
    r"|\.svg(?:$|\?)|icon|logo|sprite|avatar|gravatar|/ads?/|wordmark|loader|scorecardresearch|doubleclick|facebook\.com/tr|//counter\.|/c\.gif|beacon|tracking|emoji|badge|button",
    re.IGNORECASE,
)
_SIZE = re.compile(r"[-_](?:\d{2,4}x\d{2,4}|\d{2,4}w|scaled)$")
_SUFFIX = re.compile(r"(?:\.(?:jpe?g|png|webp|gif|avif))+$", re.IGNORECASE)
_NUMBER = re.compile(r"(?<!\d)(?!(?:19|20)\d{6}(?!\d))\d{7,}(?!\d)")  # no date
_MOST_SOURCES = 50  # of one picture; real ones have a dozen
_LONGEST_SET = 20_000  # characters of a list of addresses; real ones have a tenth
_SHORTEST_NAME = 3  # characters; names as short are no names


def address_of(node: LexborNode) -> str | None:
    """The largest of a picture's addresses, as far as the page says."""
    attributes = node.attributes
    candidates = [(attributes.get(name) or "").strip() for name in _LAZY]
    holder = node.parent if node.tag == "img" else node
    sets = [attributes.get(name) for name in _SETS]
    if holder is not None and holder.tag in ("picture", "figure"):
        for part in holder.css("source")[:_MOST_SOURCES]:
            sets += [part.attributes.get(name) for name in _SETS]
    plain = next((c for c in candidates if c and not _NO_PICTURE.search(c)), None)
    return plain or _largest(sets)


def _largest(sets: list[str | None]) -> str | None:
    found: list[tuple[float, str]] = []
    for value in sets:
        for entry in re.split(r",\s+|,(?=https?:|/)", (value or "")[:_LONGEST_SET]):
            address, _, width = entry.strip().partition(" ")
            if address and not _NO_PICTURE.search(address):
                digits = re.match(r"\s*(\d{1,5})", width)
                found.append((float(digits[1]) if digits else 0.0, address))
    return max(found, key=lambda pair: pair[0])[1] if found else None


def names_of(url: str) -> set[str]:
    """What tells a picture whatever its size: its file's name, and a long number in it."""
    try:
        path = unquote(urlsplit(url).path).rstrip("/").lower()
    except ValueError:
        return {url}
    name = _SIZE.sub("", _SUFFIX.sub("", path.rsplit("/", 1)[-1]))
    return {name if len(name) > _SHORTEST_NAME else path, *_NUMBER.findall(name)}
