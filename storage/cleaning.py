"""Text that every database takes, and the hashes by which it is found."""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any
from urllib.parse import urldefrag

_REFUSED_CHARACTERS = re.compile("[\x00\ud800-\udfff]")


def clean_text(text: str) -> str:
    """`text` without NUL and lone surrogates."""
    return _REFUSED_CHARACTERS.sub("", text)


def clean_values(value: Any) -> Any:
    """A JSON-ready value with every string in it clean, keys included."""
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, list | tuple):
        return [clean_values(entry) for entry in value]
    if isinstance(value, dict):
        return {clean_text(str(key)): clean_values(entry) for key, entry in value.items()}
    return value


def sha256_hex(text: str) -> str:
    """The sha-256 of the clean text in UTF-8."""
    return hashlib.sha256(clean_text(text).encode()).hexdigest()


def address_hash(address: str) -> str:
    """The hash of an address; its fragment and white space around it do not count."""
    return sha256_hex(_without_fragment(clean_text(address).strip()))


def _without_fragment(address: str) -> str:
    try:
        return urldefrag(address).url
    except ValueError:  # `http://[` and the like: no URL, yet somebody listed it
        return address.partition("#")[0]


def identity_hash(outlet: str, identity: str) -> str:
    """What makes two sightings the same article: unique over all outlets."""
    return sha256_hex(f"{outlet}\n{identity}")


def content_hash(content: dict[str, Any]) -> str:
    """The hash of a JSON-ready mapping, whatever the order of its keys."""
    return sha256_hex(json.dumps(content, sort_keys=True, ensure_ascii=False))
