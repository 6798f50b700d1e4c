"""The stems that a half-typed word may have in the end.

Stems are cut shorter than what people type: `cooperati` begins no stem, and `cooperation` has the
stem `cooper`. So a beginning is completed by the endings of its language, and what these words'
stems are is looked for as well.
"""

from __future__ import annotations

from functools import lru_cache

from storage.search.stems import stem, whole

_ENGLISH = (
    "ability able ably ades al alities ality ally als ances ancies ancy ant antly ants aries ary "
    "ates ating ation ational ationally ations atively atives ators atory ed edly edness ences "
    "encies ency ent ential ently ents er eries ers ery es est fully ials ibility ible "
    "ically icals icity ied ier ies iest ily ing ingly ings ional ionally ions isation isations "
    "ised iser ises ising isms istic ists ities ity ively iveness ives ization izations ized izer "
    "izes izing lessly lessness ly ments ories ors ory ously ousness s ships y"
).split()
_RUSSIAN = (
    "авшая авшего авшие авший авших айте аемая аемого аемое аемые аемый ами аниям аниями аниях "
    "ание ании анию анная анное анные анный ация ации ацией ацию аций ациям ациями ациях ают ает "
    "ала али ало алось алась ались ался ать аться ая его ее ей ем ему ения ение ении ению ением "
    "ений ениям ениями ениях енная енного енное енные енный енных енностью енности енность ете "
    "ешь ивая ивого ивое ивость ивости ивостью ивые ивый ие ий ила или ило ились илась илось "
    "ился ими ировала ировали ировано ирован ировать ирования ирование ирует ируют ировался их "
    "ите ить иться ишь ого ое ой ом ому ости ость остью остей остям остями остях ость ская ские "
    "ский ских ского ское ской скому скую ским скими ств ства ство ству ством ствам ствами ствах "
    "ующая ующего ующее ующие ующий ующих ую уют ует ут ыми ым ый ые ых ывать ывала ывали ывает "
    "ывают юю ют юсь ющая ющие ющий ях ями ям ьями ья ье ью ов ев ах ам ей ему у ю е и ы а я о ь"
).split()
_FIRST_CYRILLIC, _LAST_CYRILLIC = "\u0400", "\u052f"


def _cuts(endings: list[str]) -> tuple[tuple[str, str], ...]:
    """What of each ending may be typed already, nothing too, and what is left of it."""
    return tuple({(end[:cut], end[cut:]): None for end in endings for cut in range(len(end))})


_ENGLISH_CUTS, _RUSSIAN_CUTS = _cuts(_ENGLISH), _cuts(_RUSSIAN)


@lru_cache(256)
def other_stems(beginning: str) -> frozenset[str]:
    """Stems of words that begin so, which do not begin so themselves; without apostrophes."""
    first = beginning[:1]
    if "a" <= first <= "\u024f":
        cuts = _ENGLISH_CUTS
    elif _FIRST_CYRILLIC <= first <= _LAST_CYRILLIC:
        cuts = _RUSSIAN_CUTS
    else:
        return frozenset()
    words = {beginning + left for typed, left in cuts if beginning.endswith(typed)}
    found = {stem(word) for word in (beginning, *words)}
    return frozenset(one for one in found if one and not one.startswith(whole(beginning)))
