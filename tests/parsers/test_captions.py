"""Captions and credits are taken apart at the last marker."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.reading.captions import split_credit

LONGEST_SECONDS = 0.5


@pytest.mark.parametrize(
    ("printed", "caption", "credit"),
    [
        ("A pier at dusk. Photo: AFP", "A pier at dusk.", "AFP"),
        ("A pier at dusk. Photos: Ada Lo, Handout", "A pier at dusk.", "Ada Lo, Handout"),
        ("A pier at dusk.Photo: AP", "A pier at dusk.", "AP"),
        ("A pier at dusk Photo: EPA-EFE", "A pier at dusk", "EPA-EFE"),
        ("A pier at dusk. PHOTO: Kremlin Pool via AP", "A pier at dusk.", "Kremlin Pool via AP"),
        ("A pier at dusk. Photo : Tass", "A pier at dusk.", "Tass"),
        ("A pier at dusk.\xa0Photo:\nXinhua", "A pier at dusk.", "Xinhua"),
        ("Illustration: Ada Lo", None, "Ada Lo"),
        ("Photo: Handout", None, "Handout"),
        ("A pier at dusk.", "A pier at dusk.", None),
        ("The rule: no photo at the pier", "The rule: no photo at the pier", None),
        ("Said the mate: “Wait.” Picture: Reuters", "Said the mate: “Wait.”", "Reuters"),
        ("Photo: a cat. On the pier. Photo: AFP", "Photo: a cat. On the pier.", "AFP"),
        ("From a video: the pier burns.", "From a video: the pier burns.", None),
        ("From a video: the pier burns. Photo: X", "From a video: the pier burns.", "X"),
        ("A pier (Photo: AFP)", "A pier", "AFP"),
        ("A pier. Photo:", "A pier. Photo:", None),
        ("A pier. Source: Customs Office", "A pier.", "Customs Office"),
        ("A pier. Graphic: Ada Lo", "A pier.", "Ada Lo"),
        ("Паром у причала. Фото: ТАСС", "Паром у причала.", "ТАСС"),
        ("渡轮。图：新华社", "渡轮。", "新华社"),
        ("", None, None),
        (None, None, None),
    ],
)
def test_split(printed: str | None, caption: str | None, credit: str | None) -> None:
    assert split_credit(printed) == (caption, credit)


@given(st.text())
def test_nothing_is_invented(printed: str) -> None:
    caption, credit = split_credit(printed)
    words = "".join(printed.split())
    assert all("".join(part.split()) for part in (caption, credit) if part is not None)
    assert len("".join((caption or "").split() + (credit or "").split())) <= len(words)


@pytest.mark.parametrize("unit", ["Photo: ", "(", "a ", "Photo", "photo : photo :"])
def test_hostile_captions_are_quick(unit: str) -> None:
    started = time.perf_counter()
    split_credit(unit * 100_000)
    assert time.perf_counter() - started < LONGEST_SECONDS
