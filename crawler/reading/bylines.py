"""Names of authors out of what bylines and metadata print."""

from __future__ import annotations

import re
from collections.abc import Iterable

from crawler.text import clean

_LONGEST_NAME = 60  # characters
_LONGEST_LINE = 300  # of a byline; what is longer is a text about the author
_LONGEST_TEXT = 1500  # characters looked at, of whatever names authors
_MOST_WORDS = 6  # of a name, titles and particles counted
_MOST_NAMES = 30

_MARK = re.compile(
    r"^\W*(?:(?:(?:written|reported|story|text|analysis|opinion|report|posted|published|review"
    r"|words|compiled|edited|interview)\s+)?by|von|par|por|door|di|da|af|av|przez|autor(?:en|es|in"
    r"|zy|ka)?|autore|autori|auteurs?|authors?|redacci[oó]n|text[eo]?|tekst|foto und text"
    r"|автор(?:ы|и)?|текст|подготовил[аи]?|материал подготовил[аи]?|журналист"
    r"|文|文字|撰文|撰稿|作者|編輯|编辑|責任編輯|责任编辑|責編|责编|記者|记者|本報記者|本报记者"
    r"|新华社记者|筆者|글|기자)(?:\s*[:：|/]\s*|\s+|(?<=[\u3400-\u9fff\uac00-\ud7af])\s*)",
    re.IGNORECASE,
)
_REPORTER = re.compile(
    r"\s*(?:(?:特約|特约|本報|本报)?(?:記者|记者|撰稿|編輯|编辑|報導|报道)|기자|특파원)$"
)
# What follows a name in a byline that was put together without a comma.
_NEWSROOM = re.compile(
    r"(?<=\w)(?<!^The)\s+(?:(?:The )?Associated Press|Reuters"
    r"|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)$"
)
_ACCOUNT = re.compile(r"(?:\w{0,6}admin\w*|editor|staff|webmaster|root|user\d*)", re.IGNORECASE)
_BRACKETED = re.compile(r"\s*[(（\[【][^)）\]】]*[)）\]】]?\s*")
_NOISE = re.compile(
    r"\S+@\S+|https?://\S+|www\.\S+|(?:^|\s)@\w+|\b\d{1,2}[:.]\d{2}\b.*$|[|•·]\s*\d.*$|^\W+",
)
_AND = re.compile(r"\s+(?:and|und|et|y|e|och|og|en|oraz|i|и|та|і|ve|with|mit|&)\s+")
_BETWEEN = re.compile(r"\s*[,;，、；|/·•\n]\s*|\s+[–—-]\s+")
_NO_NAME = re.compile(
    r"\d|^(?:twitter|facebook|follow|email|share|updated|published|posted|staff|admin|guest"
    r"|undefined|null|none|author|editor|read|view|more|all|today|yesterday|comments?|min"
    r"|autoren|alle|mehr|folgen|фото|читать|подпис\w*)\b|^\W*$",
    re.IGNORECASE,
)
_ROLE = re.compile(
    r"\b(?:writer|reporter|editor|correspondent|journalist|columnist|producer|staff|contributor"
    r"|redakt\w+|korrespondent\w*|reporterin|chefredakt\w+|journaliste|correspondant\w*"
    r"|professor\w*|director|analyst|fellow|корреспондент\w*|обозреватель\w*"
    r"|редактор\w*|for the|at the|photographer|fotograf\w*|head of|chief)\b",
    re.IGNORECASE,
)
_SITE = re.compile(r"\.[a-z]{2,4}$", re.IGNORECASE)
_PARTICLES = frozenset(
    "de da do dos das du del della di la le von van der den zu zur zum af av al el bin ibn ben"
    " ter ten op und y e i the of".split()
)
# Han names have two to four characters (Japanese five), Korean ones three, foreign ones a dot.
_WIDE_NAME = re.compile(
    r"[\u3400-\u9fff]{2,5}|[\u3400-\u9fff]{1,3} [\u3400-\u9fff]{1,3}|[\uac00-\ud7af]{2,4}"
    r"|[\u3400-\u9fff\u30a0-\u30ff]+(?:[·・][\u3400-\u9fff\u30a0-\u30ff]+)+"
)
_WIDE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


def clean_name(text: str) -> str | None:
    """One name of structured data as people know it: no mark, bracket, handle or address."""
    text = _NOISE.sub("", _MARK.sub("", clean(text)[:_LONGEST_TEXT]))
    text = _NEWSROOM.sub("", _REPORTER.sub("", _BRACKETED.sub(" ", text))).strip(
        " ,.;:|-–—/*()（）[]"
    )
    text = clean(text)
    if not text or len(text) > _LONGEST_NAME or text.isdigit() or _ACCOUNT.fullmatch(text):
        return None
    return text


def names_of(values: Iterable[str]) -> list[str]:
    """The names of structured data; what names several in one value is taken apart."""
    found: list[str] = []
    for value in list(values)[:_MOST_NAMES]:
        parts = _persons(value)
        if len(parts) > 1 or (parts and _BETWEEN.search(value)):
            found += parts
        elif name := clean_name(value):
            found.append(name)
    return _each_once(found)


def names_in_byline(text: str) -> list[str]:
    """The persons of a printed byline: marked, and each written as a name."""
    text = clean(text)
    if len(text) > _LONGEST_LINE:
        return []
    return _persons(text)


def _persons(text: str) -> list[str]:
    text = _BRACKETED.sub(" ", _NOISE.sub("", _MARK.sub("", clean(text)[:_LONGEST_TEXT])))
    parts = (part for piece in _BETWEEN.split(text) for part in _AND.split(piece))
    names = (clean_name(part) for part in parts)
    return _each_once(name for name in names if name and is_person(name))


def is_person(name: str) -> bool:
    """Whether a text is written as a person's name is: a few words, each with a capital."""
    if _NO_NAME.search(name) or _ROLE.search(name) or _SITE.search(name):
        return False
    if _WIDE.search(name):
        return bool(_WIDE_NAME.fullmatch(name))
    words = name.split()
    if not 2 <= len(words) <= _MOST_WORDS:
        return False
    return all(w.lower() in _PARTICLES or not w[0].islower() for w in words) and any(
        w[0].isupper() for w in words
    )


def _each_once(names: Iterable[str]) -> list[str]:
    found: dict[str, str] = {}
    for name in names:
        found.setdefault(name.casefold(), name)
    return list(found.values())
