"""Text that every database takes, and the hashes by which it is found."""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any
from urllib.parse import urldefrag

# Made once: to make an encoder takes longer than to encode a short list.
_encode = json.JSONEncoder(ensure_ascii=False).encode
_encode_sorted = json.JSONEncoder(ensure_ascii=False, sort_keys=True).encode
_REFUSED_CHARACTERS = re.compile("[\x00\ud800-\udfff]")


def clean_text(text: str) -> str:
    """`text` without NUL and lone surrogates."""
    return text if is_clean(text) else _REFUSED_CHARACTERS.sub("", text)


def is_clean(text: str) -> bool:
    """Nothing in it that `clean_text` would take out. Much quicker than cleaning."""
    return "\x00" not in text and (text.isascii() or _is_encodable(text))


def _is_encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def json_text(value: Any, *, sort_keys: bool = False) -> str:
    """JSON as it is stored: every script as it is written, every string in it clean."""
    encode = _encode_sorted if sort_keys else _encode
    text = encode(value)
    if "\\u0000" in text or not _is_encodable(text):
        return encode(clean_values(value))
    return text


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
    return sha256_hex(json_text(content, sort_keys=True))
