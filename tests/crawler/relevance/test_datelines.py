"""Where and by whom an item was filed is no sign of what it is about."""

from __future__ import annotations

import time

import pytest

from crawler.relevance import judge
from crawler.relevance.datelines import without_datelines

DATELINES = [
    ("MOSCOW, Oct 3 (Xinhua) -- Rain fell.", "Rain fell."),
    ("BEIJING (Reuters) - Rain fell.", "Rain fell."),
    ("BEIJING/MOSCOW (Reuters) - Rain fell.", "Rain fell."),
    ("MOSCOW, December 8. /TASS/. Rain fell.", "Rain fell."),
    ("Moscow (AFP) – Rain fell.", "Rain fell."),
    ("WASHINGTON — Rain fell.", "Rain fell."),
    ("МОСКВА, 3 октября — РИА Новости. Дождь.", "Дождь."),
    ("МОСКВА, 5 мар - РИА Новости, Иван Петров. Дождь.", "Дождь."),
    ("ПЕКИН, 9 ноября. /ТАСС/. Дождь.", "Дождь."),
    ("Москва. 5 марта. INTERFAX.RU - Дождь.", "Дождь."),
    ("新华社莫斯科11月25日电（记者某某）下雨。", "下雨。"),
    ("中新网莫斯科11月2日电 下雨。", "下雨。"),
    ("（中央社記者某某莫斯科3日專電）下雨。", "下雨。"),
    ("【环球时报驻俄罗斯特约记者 某某】下雨。", "下雨。"),
]
SENTENCES = [
    "China – Russia's neighbour – said no.",
    "Xi Jinping and Vladimir Putin - two old friends - met.",
    "New START talks - Russia walks out",
    "U.S.-China talks end",
    "Москва, 3 варианта для Пекина",
    "俄紧急情况部3日电话通知",
    "13日電影上映 普京到场",
]


@pytest.mark.parametrize(("line", "rest"), DATELINES)
def test_a_dateline_falls_away(line: str, rest: str) -> None:
    assert without_datelines(line) == rest
    assert without_datelines("First line\n" + line) == "First line\n" + rest


@pytest.mark.parametrize("sentence", SENTENCES)
def test_a_sentence_stays(sentence: str) -> None:
    assert without_datelines(sentence) == sentence


def test_it_counts_for_nothing() -> None:
    found = judge("China cuts rates", "MOSCOW, October 3. /TASS/. China's central bank cut rates.")
    assert found.score < 0.2


@pytest.mark.parametrize("unit", ["A. ", "Moscow, ", "/A ", "А, 3 м", "中3日", "【记者", "A - \n"])
def test_time_grows_with_the_text_alone(unit: str) -> None:
    text = unit * (200_000 // len(unit))
    begin = time.perf_counter()
    without_datelines(text)
    assert time.perf_counter() - begin < 1.0
