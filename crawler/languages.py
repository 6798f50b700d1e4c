"""The language a text is written in: by its script, by letters and words that only one
language has, and where these do not tell by py3langid among the languages left.

The model is loaded when it is first asked: 34 MB and 0.4 s, numpy's share included. Texts in
English, Russian and Chinese of some length never need it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from copy import copy
from functools import cache, lru_cache
from typing import Any, NamedTuple

SAMPLE_CHARACTERS = 800
"""Looked at of a text; more changed no answer on saved pages."""

_WORD = re.compile(r"[^\W\d_]+")

_SCRIPTS = {
    "latin": "A-Za-zÀ-ɏẀ-ỿ",
    "cyrillic": "\u0400-\u052f",
    "han": "\u3400-\u4dbf\u4e00-\u9fff",
    "kana": "\u3040-\u30ff",
    "hangul": "\uac00-\ud7af",
    "arabic": "\u0600-\u06ff",
    "devanagari": "\u0900-\u097f",
    "greek": "\u0370-\u03ff",
    "hebrew": "\u0590-\u05ff",
    "thai": "\u0e00-\u0e7f",
    "georgian": "\u10a0-\u10ff",
    "armenian": "\u0530-\u058f",
    "bengali": "\u0980-\u09ff",
    "tamil": "\u0b80-\u0bff",
}
_LETTERS = {name: re.compile(f"[{letters}]") for name, letters in _SCRIPTS.items()}
_WRITTEN_IN = {
    "cyrillic": frozenset("ru uk be bg sr mk kk ky tg mn tt".split()),
    "han": frozenset("zh ja yue".split()),
    "kana": frozenset(["ja"]),
    "hangul": frozenset(["ko"]),
    "arabic": frozenset("ar fa ur ug ps ku".split()),
    "devanagari": frozenset("hi mr ne".split()),
    "greek": frozenset(["el"]),
    "hebrew": frozenset(["he"]),
    "thai": frozenset(["th"]),
    "georgian": frozenset(["ka"]),
    "armenian": frozenset(["hy"]),
    "bengali": frozenset("bn as".split()),
    "tamil": frozenset(["ta"]),
}
_ALSO_LATIN = frozenset("sr mn kk tt ku ug".split())
_LATIN = frozenset(
    "en de fr es it pt nl pl cs sk sl hr sr bs hu ro sv da nb no nn fi et lv lt tr id ms vi tl"
    " ca sq is ga az af sw zu xh".split()
)
_KIN = [frozenset(group.split()) for group in ("no nb nn", "hr bs sr", "id ms", "zu xh", "zh yue")]

# Of the letters; a Chinese text that quotes a Japanese name has less.
_KANA_SHARE = 0.05
_DENSE = ("han", "kana", "hangul")
_DENSITY = 3  # letters that one of these characters does the work of
_LEAST_LETTERS = 20  # fewer tell no more than their script
_LEAST_CHARACTERS = 8  # the same of Han: a headline has twelve
_SURE_CHARACTERS = 40  # Japanese of this length has kana
_SURE_LETTERS = 200  # Russian of this length has ы or э, of a hundred texts all but one
# What only some languages in Cyrillic have, the rarest first.
_CYRILLIC = {
    "tg": "ҳҷӣӯ",
    "kk": "ұқ",
    "tt": "җә",
    "be": "ў",
    "uk": "їєґ",
    "mk": "ѓќѕ",
    "sr": "ђћ",
}
_NORTHERN = "өү"  # Kyrgyz and Mongolian, where there is none of the above
_KYRGYZ_OR_MONGOLIAN = frozenset(["ky", "mn"])
_RUSSIAN, _OTHERS = "ыэ", "іјљњџ"
_SOUTHERN = "ъ"  # five times as often in Bulgarian as in Russian, and more
_LEAST_MARKS = 0.003  # of the letters; a foreign name has fewer in a text
_ENGLISH = frozenset(
    "the of and to that with from are has have this they which been were would their said will"
    " by it its".split()
)
_ENGLISH_SHARE = 0.15  # of the words; English has 0.2 and more, its neighbours 0.03
_LEAST_ENGLISH = 3  # different ones
_CONFIDENCE = 0.9  # of the model, from which it is believed
_MODEL_LETTERS = 150  # it is not asked about less: names mislead it


class Detected(NamedTuple):
    """A BCP 47 primary tag. `is_sure` is false for a line of Chinese characters, which may be
    Japanese: there the page is asked first.
    """

    tag: str
    is_sure: bool


def detect(text: str) -> Detected | None:
    """The language of a text; null where it is too short or too mixed to tell."""
    text = text[:SAMPLE_CHARACTERS]
    characters = Counter(text)
    script = _script_of(characters)
    if script is None:
        return None
    if script == "han":
        return Detected("zh", _count(characters, "han") >= _SURE_CHARACTERS)
    languages = _WRITTEN_IN.get(script, _LATIN)
    if len(languages) == 1:
        return Detected(next(iter(languages)), is_sure=True)
    if script == "latin" and _is_english(text):
        return Detected("en", is_sure=True)
    if script == "cyrillic":
        return _in_cyrillic(text, characters)
    return _by_model(text, languages)


def _count(characters: Mapping[str, int], script: str) -> int:
    return sum(n for char, n in characters.items() if _script_of_character(char) == script)


def script_of(text: str) -> str | None:
    """The script most of a text is in; null for too few letters."""
    return _script_of(Counter(text[:SAMPLE_CHARACTERS]))


def _script_of(characters: Mapping[str, int]) -> str | None:
    counts = dict.fromkeys(_SCRIPTS, 0)
    for character, number in characters.items():
        if script := _script_of_character(character):
            counts[script] += number
    han, kana = counts["han"], counts["kana"]
    if kana > _KANA_SHARE * (han + kana):
        counts["kana"], counts["han"] = han + kana, 0
    for name in _DENSE:
        counts[name] *= _DENSITY
    script = max(counts, key=lambda name: counts[name])
    least = _LEAST_CHARACTERS * _DENSITY if script in _DENSE else _LEAST_LETTERS
    return script if counts[script] >= least else None


@lru_cache(maxsize=8192)  # the characters of a Chinese newspaper
def _script_of_character(character: str) -> str | None:
    return next((name for name, letters in _LETTERS.items() if letters.match(character)), None)


def may_be(tag: str, script: str | None) -> bool:
    """Whether a language is written in that script; of an unknown script each may be."""
    if script is None:
        return True
    if script != "latin":
        return tag in _WRITTEN_IN[script]
    return tag in _ALSO_LATIN or not any(tag in languages for languages in _WRITTEN_IN.values())


def are_kin(tag: str, other: str) -> bool:
    """Whether two tags name languages, or one language, that texts hardly tell apart."""
    return tag == other or any(tag in group and other in group for group in _KIN)


def _in_cyrillic(text: str, characters: Mapping[str, int]) -> Detected | None:
    letters = _count(characters, "cyrillic")
    least = max(1, _LEAST_MARKS * letters)

    def has(marks: str) -> bool:
        return sum(characters.get(mark, 0) for mark in marks + marks.upper()) >= least

    for tag, marks in _CYRILLIC.items():
        if has(marks):
            return Detected(tag, is_sure=True)
    if has(_NORTHERN):
        return _by_model(text, _KYRGYZ_OR_MONGOLIAN)
    if has(_RUSSIAN) and not has(_OTHERS):
        return Detected("ru", is_sure=True)
    languages = _WRITTEN_IN["cyrillic"]
    is_without = not any(map(characters.get, _RUSSIAN + _RUSSIAN.upper()))
    if letters >= _SURE_LETTERS and is_without and has(_SOUTHERN + _OTHERS):
        languages = languages - {"ru", "be"}
    return _by_model(text, languages)


def _is_english(text: str) -> bool:
    words = _WORD.findall(text.lower())
    found = [word for word in words if word in _ENGLISH]
    return len(set(found)) >= _LEAST_ENGLISH and len(found) >= _ENGLISH_SHARE * len(words)


def _by_model(text: str, languages: frozenset[str]) -> Detected | None:
    if sum(map(str.isalpha, text)) < _MODEL_LETTERS:
        return None
    tag, confidence = _model(languages).classify(text)
    return Detected(str(tag), is_sure=True) if float(confidence) >= _CONFIDENCE else None


@cache
def _model(languages: frozenset[str]) -> Any:
    """py3langid's classifier among these languages, of those it knows."""
    model = copy(_whole_model())
    model.set_languages([tag for tag in model.nb_classes if tag in languages])
    return model


@cache
def _whole_model() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_pickled_model(MODEL_FILE, norm_probs=True)
