"""Finds terms written in Chinese characters, simplified or traditional."""

from __future__ import annotations

import re
from typing import Any

from crawler.relevance.mentions import Mention

END = ""
"""The key of a trie node that holds the tags of the term ending there; no character is empty."""


class CharacterIndex:
    """A trie of all Chinese terms: time grows with the text, not with the number of terms."""

    def __init__(self, terms: dict[str, frozenset[str]], simplified: dict[int, str]) -> None:
        self._simplified = simplified
        self._root: dict[str, Any] = {}
        for term, tags in terms.items():
            node = self._root
            for character in term:
                node = node.setdefault(character, {})
            node[END] = tags
        starts = "".join(re.escape(character) for character in self._root)
        self._start = re.compile(f"[{starts}]")

    def find(self, text: str) -> list[Mention]:
        """The terms of the text from left to right, none overlapping, the longest first."""
        simple = text.translate(self._simplified)
        found: list[Mention] = []
        match = self._start.search(simple)
        while match:
            start = match.start()
            end, tags = self._longest_at(simple, start)
            if end > start:
                found.append(Mention(start, end, text[start:end], tags))
            match = self._start.search(simple, max(end, start + 1))
        return found

    def _longest_at(self, simple: str, start: int) -> tuple[int, frozenset[str]]:
        node = self._root
        longest, tags = start, frozenset[str]()
        for position in range(start, len(simple)):
            node = node.get(simple[position])  # type: ignore[assignment]
            if node is None:
                break
            if END in node:
                longest, tags = position + 1, node[END]
        return longest, tags
