"""The addresses of the newsrooms we know: copies of an article are one, its neighbours are not.

Addresses have the form of each outlet's; numbers and words are made up.
"""

from __future__ import annotations

import tomllib
from itertools import combinations
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from crawler.addresses import article_key
from crawler.outlets import Outlet, packaged_catalogue
from crawler.parsers import identity_of

CASES = tomllib.loads((Path(__file__).parent / "outlet_addresses.toml").read_text("utf-8"))
# But second editions that have no addresses here.
PACKAGED = [outlet for outlet in packaged_catalogue() if outlet.id in CASES]
TRACKING = ("?utm_source=rss&utm_medium=feed", "#comments", "?fbclid=IwAR0abc")


def entry(name: str) -> Outlet:
    case = CASES[name]
    hosts = {urlsplit(address).netloc for address in [*case["same"], *case["others"]]}
    return Outlet(
        id=name,
        name=name,
        home=case["same"][0],
        other_hosts=sorted(hosts),
        article_urls=case.get("article_urls", []),
    )


def identities(outlet: Outlet, addresses: list[str]) -> set[str]:
    return {identity_of(address, outlet) for address in addresses}


def test_there_are_forty_six() -> None:
    assert len(CASES) >= 46
    assert len(PACKAGED) >= 46


@pytest.mark.parametrize("name", CASES)
def test_copies_are_one(name: str) -> None:
    same = CASES[name]["same"]
    marked = [f"{same[0]}{mark}" for mark in TRACKING]
    assert len(identities(entry(name), [*same, *marked])) == 1


@pytest.mark.parametrize("name", CASES)
def test_neighbours_are_not(name: str) -> None:
    case = CASES[name]
    several = [case["same"][0], *case["others"]]
    assert len(case["others"]) >= 2
    assert len(identities(entry(name), several)) == len(several)


@pytest.mark.parametrize("name", CASES)
def test_neighbours_are_not_without_patterns_either(name: str) -> None:
    case = CASES[name]
    for one, other in combinations([case["same"][0], *case["others"]], 2):
        assert article_key(one) != article_key(other)


@pytest.mark.parametrize("outlet", PACKAGED, ids=lambda outlet: outlet.id)
def test_the_packaged_entries(outlet: Outlet) -> None:
    """The patterns of the catalogue tell the same, of the addresses that they know at all."""
    case = CASES[outlet.id]
    same, others = (
        [
            a
            for a in case[name]
            if outlet.own_host(a) and outlet.is_article_url(outlet.desktop_url(a))
        ]
        for name in ("same", "others")
    )
    assert same
    assert len(identities(outlet, same)) == 1
    assert len(identities(outlet, [same[0], *others])) == 1 + len(others)
