"""Tags and keywords, as metadata and pages list them, one by one."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import islice

from crawler.reading.jsonld import ld_text

_BETWEEN = re.compile(r"\s*[,;，、；|]\s*")
_WIDE_BLANK = re.compile(r"(?<=[\u3040-\u9fff])\s+(?=[\u3040-\u9fff])")
# Ids, hosts, paths and what content systems put among their tags for themselves.
_NO_TOPIC = re.compile(
    r"^(?:[@_/].*|[0-9a-f]{8}-[0-9a-f-]{20,}|https?://.*|[\w.-]+\.(?:com|org|net|ca|uk)|[\W\d_]*"
    r"|[A-Z]{2} State Wire"  # the Associated Press, for its customers
    r"|(?:nlp|region|primary|section|type|source|author|ads?|template|format|content)"
    r"(?:[ _-][\w -]+)?:.*)$",
    re.IGNORECASE,
)
_PREFIX = re.compile(
    r"^(?:category|tag|topic|keyword|subject)s?\s*[:/]\s*|^#|^(?-i:[a-z]+)/(?=[^/]+$)",
    re.IGNORECASE,
)
_LONGEST_TOPIC = 60  # characters; longer ones are headlines
_MOST_TOPICS = 60
_MOST_VALUES = 1000  # looked at for them
_LONGEST_LIST = 10_000  # characters of one text that is a list


def labels_of(values: Iterable[str]) -> list[str]:
    """The labels of one or several lists, each once, without what is none."""
    found: dict[str, str] = {}
    for value in islice(values, _MOST_VALUES):
        parts = _BETWEEN.split((ld_text(value) or "")[:_LONGEST_LIST])
        if len(parts) == 1:
            parts = _WIDE_BLANK.split(parts[0])
        for part in parts:
            label = _PREFIX.sub("", _PREFIX.sub("", part.strip())).strip(" \"'")
            if label and len(label) <= _LONGEST_TOPIC and not _NO_TOPIC.match(label):
                found.setdefault(label.casefold(), label)
    return list(found.values())[:_MOST_TOPICS]


def parts_of(names: Iterable[str]) -> list[str]:
    """The names of lists that are one text each."""
    lists = (name[:_LONGEST_LIST].strip() for name in names)
    return [part for text in lists for part in _BETWEEN.split(text) if part]
