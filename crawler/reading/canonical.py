"""Which of the addresses a page gives itself is believed.

Most pages tell the truth in `rel=canonical`. Some name their home page or their section, some
give every page of the site the same address, some the page of another newsroom whose text they
print. To believe such a one makes two articles into one, to doubt a true one only makes a copy,
so an address is believed for a reason: it is the one met but for what makes it a copy, it has
the same number or the same slug, or the headline is in it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from crawler.addresses import LIKELY_TRACKING, article_key, bare_host
from crawler.outlets import Outlet
from crawler.urls import host_of

# 2024/03/01, 2024-03-01, 2024/feb/24, 28/02/2024, 202403/01, 20240301, t20240301, 2024.
_YEAR, _DAY = r"(?:19|20)\d\d", r"\d{1,2}"
_DATE = re.compile(
    rf"(?<![0-9a-z])(?:t?{_YEAR}[01]\d[0-3]\d|{_YEAR}[-/_](?:{_DAY}|[a-z]{{3}})(?:[-/_]{_DAY})?|{_DAY}/{_DAY}/{_YEAR}"
    rf"|{_YEAR}[01]\d(?:[0-3]\d|/{_DAY})?|{_YEAR})(?![0-9a-z])",
    re.IGNORECASE,
)
# Keys of letters and digits, parts that are digits, long digits within words.
_NUMBER = re.compile(
    r"(?<![0-9a-z])(?=[a-z]*\d)[0-9a-z]{8,}(?![0-9a-z])|(?<![0-9a-z])\d+(?![0-9a-z])|\d{5,}",
    re.IGNORECASE,
)
_LEAST_DIGITS = 3  # of a number within a slug; shorter ones are counts: `top-10-stories`
_PAGING = frozenset("page pg start offset".split())
_WORD = re.compile(r"[a-z]{3,}")
_LEAST_WORDS = 3  # of a slug that tell of one story
_TITLE_SHARE = 0.5  # of a slug's words; editors shorten and change headlines
_SLUG_SHARE = 0.8  # of the longer slug's words; some add a number or a letter to it
_SCRIPT_FILE = re.compile(r"\.(?:php|aspx?|jsp|do|cgi)$", re.IGNORECASE)
_ENDING = re.compile(r"\.s?html?$", re.IGNORECASE)


def believed(
    said: Sequence[str], met: str, *, title: str | None, outlet: Outlet | None
) -> str | None:
    """The first of the absolute addresses a page gives itself that is believed, else null.

    `met` is the address its request ended at, `title` what it is called in its metadata.
    """
    return next((url for url in said if _is_believed(url, met, title, outlet)), None)


def _is_believed(url: str, met: str, title: str | None, outlet: Outlet | None) -> bool:
    if not _is_same_site(url, met, outlet) or _is_cut(url, met):
        return False
    key, met_key = article_key(url), article_key(met)
    if key == met_key:
        return True
    if outlet is not None:
        number = outlet.article_number(met)
        if number is not None:
            return outlet.article_number(url) == number
        if outlet.is_article_url(met) and not outlet.is_article_url(url):
            return False
    if met_key.partition("?")[0].startswith(f"{key.rstrip('/')}/"):
        return _main_number(met_key) in _numbers(key)  # else a section or the home page
    if _drops_number(key, met_key) or _ends_otherwise(key, met_key):
        return False
    if _numbers(key) and _numbers(met_key):
        return _main_number(met_key) in _numbers(key)
    if not _dates(key) & _dates(met_key) and _dates(key) and _dates(met_key):
        return False
    return _is_alike(_slug(key), _slug(met_key)) or _is_titled(_slug(key), title)


def _is_cut(said: str, url: str) -> bool:
    """Whether an address is the page's own cut short within its last part, as some `og:url`."""
    bare, own = said.partition("://")[2], url.partition("://")[2]
    rest = own.removeprefix(bare)
    return bool(bare) and rest != own and bare[-1] != "/" and bool(rest) and rest[0].isalnum()


def _is_same_site(url: str, met: str, outlet: Outlet | None) -> bool:
    host, met_host = host_of(url), host_of(met)
    if host is None or met_host is None:
        return False
    if outlet is not None and outlet.own_host(url) is not None:
        return True
    # A page saved from a mirror, or from an outlet that is in no catalogue.
    return (bare_host(host[0]), host[1]) == (bare_host(met_host[0]), met_host[1])


def _drops_number(key: str, met_key: str) -> bool:
    """Whether an address is the one met without a parameter that may be the article's number.

    `/view?id=7` that says it is `/view` has forgotten which one it is.
    """
    path, _, query = key.partition("?")
    met_path, _, met_query = met_key.partition("?")
    if path != met_path:
        return False
    dropped = set(met_query.split("&")) - set(query.split("&"))
    return any(
        any(character.isdigit() for character in part)
        and part.partition("=")[0] not in _PAGING | LIKELY_TRACKING
        for part in dropped
    )


def _ends_otherwise(key: str, met_key: str) -> bool:
    """Whether the last parts of both addresses are numbers, and others: whatever number of a
    section or an author they share. Short ones are pages of one article.
    """
    last, met_last = _slug(key), _slug(met_key)
    are_numbers = last.isdecimal() and met_last.isdecimal()
    return are_numbers and last != met_last and max(len(last), len(met_last)) >= _LEAST_DIGITS


def _numbers(key: str) -> list[str]:
    """The numbers in an address that may be an article's: no dates, no counts."""
    parts = urlsplit(key)
    found = []
    for segment in _DATE.sub("", parts.path).split("/"):
        numbers = _NUMBER.findall(segment)
        found += [n for n in numbers if n == segment or len(n) >= _LEAST_DIGITS]
    for parameter in parts.query.split("&"):
        name, _, value = parameter.partition("=")
        found += _NUMBER.findall(value or name) if name not in _PAGING else []
    return found


def _main_number(key: str) -> str | None:
    """The longest number, of equals the last: sections have short ones."""
    return max(reversed(_numbers(key)), key=len, default=None)


def _dates(key: str) -> set[str]:
    return {re.sub(r"\W|_", "", found) for found in _DATE.findall(urlsplit(key).path)}


def _slug(key: str) -> str:
    """The last part of the path, without its ending; empty for a program's name."""
    last = urlsplit(key).path.rpartition("/")[2]
    return "" if _SCRIPT_FILE.search(last) else _ENDING.sub("", last).lower()


def _is_alike(slug: str, other: str) -> bool:
    if slug == other:
        return slug != ""
    words, others = set(_WORD.findall(slug)), set(_WORD.findall(other))
    longer = max(len(words), len(others))
    return len(words & others) >= max(_LEAST_WORDS, _SLUG_SHARE * longer)


def _is_titled(slug: str, title: str | None) -> bool:
    """Whether a slug is made of the words of the title."""
    words = set(_WORD.findall(slug))
    named = words & set(_WORD.findall((title or "").lower()))
    return len(named) >= max(_LEAST_WORDS, _TITLE_SHARE * len(words))
