"""Which of the addresses that a page gives itself is believed."""

from __future__ import annotations

import pytest

from crawler.outlets import Outlet
from crawler.reading.canonical import believed

DESK = Outlet(id="desk", name="Desk", home="https://www.desk.example/")
NUMBERED = Outlet(
    id="numbered",
    name="Numbered",
    home="https://www.desk.example/",
    article_urls=["/(?P<id>\\d+)-[a-z]", "/live/"],
)
HOME = "https://www.desk.example"
TITLE = "China and Russia sign gas accord in Beijing"


def is_believed(met: str, said: str, outlet: Outlet | None = DESK, title: str = TITLE) -> bool:
    said = said if "//" in said else HOME + said
    found = believed([said], HOME + met, title=title, outlet=outlet)
    assert found in (said, None)
    return found is not None


TRUE = [
    # A copy of the same.
    ("/world/gas", "/world/gas"),
    ("/world/gas?utm_source=x", "/world/gas"),
    ("/amp/world/gas", "/world/gas"),
    ("/world/gas", "https://desk.example/world/gas/"),
    ("/world/gas", "http://m.desk.example/world/gas"),
    ("/world/gas?page=2", "/world/gas"),
    ("/world/gas?source=hero-2", "/world/gas"),
    ("/view.php?id=7&lang=x", "/view.php?id=7"),
    # The same number, wherever it stands.
    ("/news/a-b/12345", "/world/2024/03/01/other-words-12345"),
    ("/?p=12345", "/world/12345/"),
    ("/12345/slug-of-it", "/12345"),
    ("/world/us-gas/a-long-slug-idKBN1XT00W0", "/world/us-gas-idKBN1XT00W0"),
    ("/c-0a1b2c3d4e5f6a7b/x", "/world/c-0a1b2c3d4e5f6a7b"),
    # The same slug.
    ("/world/story?id=7", "/story"),
    ("/news/gas-accord-signed-today-id77", "/world/gas-accord-signed-today/"),
    ("/2024/03/01/gas-accord.html", "/world/2024/03/01/gas-accord"),
    # The headline in it.
    ("/node/77", "/world/china-russia-sign-gas-accord"),
    ("/s/abc", "/2024/03/china-russia-gas"),
]
FALSE = [
    # Elsewhere.
    ("/world/gas", "https://www.other.example/world/gas"),
    ("/world/gas", "https://www.desk.example.evil.example/world/gas"),
    ("/world/gas", "https://ru.desk.example/world/gas"),
    ("/world/gas", "https://www.desk.example:8443/world/gas"),
    ("/world/gas", "http://127.0.0.1/world/gas"),
    ("/world/gas", "http://localhost/world/gas"),
    ("/world/gas", "http://[::1]/world/gas"),
    ("/world/gas", "http://169.254.169.254/world/gas"),
    # Home and sections.
    ("/world/gas", "/"),
    ("/world/gas", "/index.html"),
    ("/world/gas", "/world"),
    ("/world/gas-accord-12345", "/world/"),
    ("/topic/503071/gas-accord-33000012", "/topic/503071"),
    ("/world/gas", "/china/"),
    # Another article.
    ("/world/12345/gas", "/world/12346/gas"),
    ("/world/gas-12345", "/world/gas-12346"),
    ("/view.php?id=7", "/view.php?id=8"),
    ("/view.php?id=7", "/view.php"),
    ("/view.php?20241105", "/view.php"),
    ("/a/view.php?id=7", "/b/view.php"),
    ("/2024/03/01/gas-accord", "/2024/03/02/a-bridge-over-the-amur"),
    ("/2024/03/01/the-week-in-trade", "/2024/03/08/the-week-in-trade"),
    ("/world/gas-accord-signed", "/world/bridge-over-amur-opens"),
    ("/world/news?category=345&id=1234", "/world/news?category=345"),
    ("/zyxw/202403/t20240301_11252230.shtml", "/zyxw/202403/t20240301_11252231.shtml"),
    ("/c1234567/1001", "/c1234567/1002"),
]


@pytest.mark.parametrize(("met", "said"), TRUE)
@pytest.mark.parametrize("outlet", [DESK, None], ids=["its outlet", "nobody's"])
def test_believed(met: str, said: str, outlet: Outlet | None) -> None:
    assert is_believed(met, said, outlet)


@pytest.mark.parametrize(("met", "said"), FALSE)
@pytest.mark.parametrize("outlet", [DESK, None], ids=["its outlet", "nobody's"])
def test_not_believed(met: str, said: str, outlet: Outlet | None) -> None:
    assert not is_believed(met, said, outlet)


def test_the_headline_must_be_the_pages_own() -> None:
    met, said = "/node/77", "/world/china-russia-sign-gas-accord"
    assert not is_believed(met, said, title="A bridge over the Amur opens")
    assert not is_believed(met, said, title="")


def test_by_the_outlets_own_number() -> None:
    """Where the entry tells the number nothing else does."""
    assert is_believed("/world/12-gas", "/china/12-words", NUMBERED)
    assert not is_believed("/world/12-gas", "/world/13-gas", NUMBERED)
    assert not is_believed("/world/12-gas", "/world/gas", NUMBERED)
    assert not is_believed("/live/gas-accord", "/world/gas-accord", NUMBERED)


def test_the_first_that_is_believed() -> None:
    said = [f"{HOME}/", "nonsense", "http://[", f"{HOME}/world/gas"]
    assert believed(said, f"{HOME}/amp/world/gas", title=None, outlet=DESK) == said[3]
    assert believed([], HOME, title=None, outlet=None) is None
