"""What kind of change a revision is: a pure rule over two contents."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any, Literal

Kind = Literal[
    "new", "typo", "headline", "body", "correction", "metadata", "gone", "returned", "reread"
]
"""`new` is the first revision; `gone` and `returned` keep the content, the others change it.

`reread` is no doing of the site: another version of us read the page that it was read from.

When several fit, the first of correction, headline, body, typo, metadata is given.
"""

_BODY_FIELDS = ("summary", "paragraphs", "subheads")
# A slip of the pen touches few words; beyond, somebody rewrote.
TYPO_WORDS = 5
# Shorter words differ by one letter and mean the opposite: `not` and `now`.
TYPO_WORD_CHARACTERS = 4
# One letter in five, wrong, missing, doubled or two of them swapped.
TYPO_LIKENESS_RATIO = 0.8

# How newsrooms sign a correction, at the start of a paragraph or a bracket: English, Russian,
# Chinese. Only in words that came with the revision.
_CORRECTION = re.compile(
    r"(?:^|[(\[（【*])\W*(?:"
    r"corrections?\b(?:\s*[:;—–-]|\s+and\s+clarification|\s*\()|clarification\s*[:—–-]"
    r"|editor['’]?s['’]?\s+note\b.{0,200}?\b(?:correct|amend|error|mis)"
    r"|corrects\b|(?:this|an earlier version of this)"
    r"\s+(?:article|story|report|headline|version|page)\b"
    r".{0,80}?\b(?:correct|amend|misstat|misspel|misidentif|incorrect|wrong|error)"
    r"|исправлени[ея]\s*[:.—–-]|поправка\s*[:.—–-]|уточнение\s*[:.—–-]"
    r"|(?:в\s+)?(?:новост|стать|текст|заметк|заголов|публикаци)\w*\s.{0,60}?\b(?:исправлен|уточн|ошиб)"
    r"|(?:更正|勘误|勘誤|訂正|订正)(?:[:：]|声明|聲明|启事|啟事|说明|說明)"
    r"|(?:编者注|編者註|编者按|編者按).{0,80}?(?:更正|修改|错误|錯誤|有误|有誤)"
    r"|本文.{0,40}?(?:更正|勘误|勘誤|订正|訂正)"
    r")",
    re.IGNORECASE,
)
_WORD_OR_MARK = re.compile(r"\w+|[^\w\s]")


def kind_of(before: Mapping[str, Any], after: Mapping[str, Any], changed: Sequence[str]) -> Kind:
    """The kind of a change of content; `changed` names the content fields that differ."""
    texts = [name for name in ("headline", *_BODY_FIELDS) if name in changed]
    if not texts:
        return "metadata"
    if any(_is_correction(before, after, name) for name in texts):
        return "correction"
    if _is_typo(before, after, texts):
        return "typo"
    return "headline" if "headline" in changed else "body"


def _lines(content: Mapping[str, Any], name: str) -> list[str]:
    value = content.get(name)
    if value is None:
        return []
    if isinstance(value, str):
        return [value]
    return [entry["text"] if isinstance(entry, Mapping) else entry for entry in value]


def _is_correction(before: Mapping[str, Any], after: Mapping[str, Any], name: str) -> bool:
    old = set(_lines(before, name))
    return any(_CORRECTION.search(line) for line in _lines(after, name) if line not in old)


def _is_typo(before: Mapping[str, Any], after: Mapping[str, Any], names: Sequence[str]) -> bool:
    """Nothing but punctuation, spaces, case and a few letters of a few words."""
    touched = 0
    for name in names:
        old, new = _lines(before, name), _lines(after, name)
        if len(old) != len(new):
            return False
        for one, other in zip(old, new, strict=True):
            if one == other:
                continue
            number = _slips(one, other)
            if number is None:
                return False
            touched += number
    return touched <= TYPO_WORDS


def _slips(before: str, after: str) -> int | None:
    """How many words were misspelt, null where the change is more than that."""
    old = [word for word in _WORD_OR_MARK.findall(before.casefold()) if word[0].isalnum()]
    new = [word for word in _WORD_OR_MARK.findall(after.casefold()) if word[0].isalnum()]
    found = 0
    matcher = SequenceMatcher(a=old, b=new, autojunk=False)
    for operation, old_start, old_end, new_start, new_end in matcher.get_opcodes():
        if operation == "equal":
            continue
        if old_end - old_start != new_end - new_start:
            return None
        pairs = zip(old[old_start:old_end], new[new_start:new_end], strict=True)
        if not all(_is_slip(one, other) for one, other in pairs):
            return None
        found += old_end - old_start
    return found


def _is_slip(one: str, other: str) -> bool:
    if min(len(one), len(other)) < TYPO_WORD_CHARACTERS:
        return False
    if any(character.isdecimal() for character in one + other):
        return False
    return SequenceMatcher(a=one, b=other, autojunk=False).ratio() >= TYPO_LIKENESS_RATIO
