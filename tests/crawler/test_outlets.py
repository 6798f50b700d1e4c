"""The outlets file: what it may say, and how its faults are told."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler.errors import ConfigurationError
from crawler.outlets import Catalogue, load_catalogue, packaged_catalogue

ENTRY = """\
[[outlet]]
id = "desk"
name = "Desk"
home = "https://www.desk.example/"
"""


def load(tmp_path: Path, text: str | bytes) -> Catalogue:
    path = tmp_path / "outlets.toml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return load_catalogue(path)


def fault(tmp_path: Path, text: str | bytes) -> str:
    with pytest.raises(ConfigurationError) as caught:
        load(tmp_path, text)
    return str(caught.value).removeprefix(str(tmp_path))


def test_defaults(tmp_path: Path) -> None:
    outlet = load(tmp_path, ENTRY).require("desk")
    assert (outlet.delay_seconds, outlet.connections, outlet.enabled) == (2.0, 1, True)
    assert (outlet.on_topic, outlet.parser, outlet.schedule) == (False, None, None)
    assert (outlet.feeds, outlet.sitemaps, outlet.pages, outlet.article_urls) == ([], [], [], [])
    assert str(outlet.zone) == "UTC"


def test_the_contracts_example(tmp_path: Path) -> None:
    text = """\
[[outlet]]
id = "scmp"
name = "South China Morning Post"
country = "HK"
language = "en"
timezone = "Asia/Hong_Kong"
home = "https://www.scmp.com/"
feeds = ["https://www.scmp.com/rss/503071/feed"]
sitemaps = []
pages = []
article_urls = ["/article/\\\\d+/"]
parser = "scmp"
on_topic = true
delay_seconds = 2.0
connections = 1
schedule = "*/15 * * * *"
enabled = true
"""
    outlet = load(tmp_path, text).require("scmp")
    assert outlet.is_article_url("https://www.scmp.com/news/article/3300001/x")
    assert not outlet.is_article_url("https://www.scmp.com/topics/x")


def test_hosts_are_those_of_all_its_addresses(tmp_path: Path) -> None:
    more = 'feeds = ["http://feeds.desk.example:8080/rss"]\npages = ["https://desk.example/x"]\n'
    outlet = load(tmp_path, ENTRY + more).require("desk")
    assert outlet.hosts == {
        ("www.desk.example", None), ("feeds.desk.example", 8080), ("desk.example", None),
    }  # fmt: skip
    assert outlet.is_own("http://WWW.desk.example./a")
    assert not outlet.is_own("http://feeds.desk.example/rss")
    assert not outlet.is_own("http://www.desk.example.evil.example/")


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("https://www.desk.example/a", "desk"),
        ("https://desk.example/a", "desk"),
        ("https://m.desk.example/a", "desk"),
        ("https://amp.desk.example/a", "desk"),
        ("https://news.desk.example/a", None),
        ("https://www.desk.example:8443/a", None),
        ("https://evil.example/www.desk.example", None),
        ("nonsense", None),
    ],
)
def test_outlet_of_an_address(tmp_path: Path, url: str, found: str | None) -> None:
    outlet = load(tmp_path, ENTRY).outlet_of(url)
    assert (outlet.id if outlet else None) == found


def test_of_two_on_one_host_the_patterns_decide(tmp_path: Path) -> None:
    second = ENTRY.replace('"desk"', '"opinion"') + 'article_urls = ["/opinion/"]\n'
    first = ENTRY + 'article_urls = ["/news/"]\n'
    catalogue = load(tmp_path, first + second)
    for path, found in (("news/1", "desk"), ("opinion/1", "opinion"), ("x", "desk")):
        outlet = catalogue.outlet_of(f"https://www.desk.example/{path}")
        assert outlet is not None
        assert outlet.id == found


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        (ENTRY + "feeds = [\n", 5, "nvalid value"),
        (ENTRY + "feds = []\n", 5, "outlet desk: feds: no such setting"),
        (ENTRY + 'feeds = ["ftp://desk.example/"]\n', 5, "feeds: must be an http(s) address"),
        (ENTRY + 'feeds = "https://desk.example/"\n', 5, "feeds: Input should be a valid list"),
        (ENTRY + 'timezone = "Mars/Base"\n', 5, "timezone: unknown time zone"),
        (ENTRY + 'article_urls = ["("]\n', 5, "article_urls: not a regular expression"),
        (ENTRY + 'list_address = "https://desk.example/"\n', 5, "list_address: must be an address"),
        (ENTRY + 'list_address = "https://{a}/{id"\n', 5, "list_address: must be an address with"),
        (ENTRY + 'list_address = "ftp://{a}/"\n', 5, "list_address: must be an address with keys"),
        (ENTRY + 'parser = "nosuch"\n', 5, "parser: no parser 'nosuch'; there are: "),
        (ENTRY + "delay_seconds = -1\n", 5, "delay_seconds: "),
        (ENTRY + "delay_seconds = true\n", 5, "delay_seconds: "),
        (ENTRY + "connections = 0\n", 5, "connections: "),
        (ENTRY.replace('"desk"', '"De sk"'), 2, "id: "),
        (ENTRY.replace('name = "Desk"\n', ""), 1, "outlet desk: name: is missing"),
        (ENTRY + "\n" + ENTRY, 7, "a second outlet 'desk'"),
        (ENTRY + "\n" + ENTRY.replace('"desk"', '"b"') + "enabled = 2\n", 10, "outlet b: enabled"),
        ('[outlets]\nid = "desk"\n', 1, "only [[outlet]] tables belong here"),
    ],
)
def test_faults_are_told_with_file_and_line(
    tmp_path: Path, text: str, line: int, reason: str
) -> None:
    told = fault(tmp_path, text)
    assert told.startswith(f"/outlets.toml:{line}: ")
    assert reason in told


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    assert fault(tmp_path, b'[[outlet]]\nid = "\xff"').startswith(
        "/outlets.toml: cannot be read: not UTF-8 at byte 17"
    )
    with pytest.raises(ConfigurationError, match=r"none\.toml: cannot be read: No such file"):
        load_catalogue(tmp_path / "none.toml")
    with pytest.raises(ConfigurationError, match="cannot be read: Is a directory"):
        load_catalogue(tmp_path)


def test_an_unknown_outlet(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"no outlet 'x' in .*; there are: desk"):
        load(tmp_path, ENTRY).require("x")


def test_the_packaged_catalogue() -> None:
    scmp = packaged_catalogue().require("scmp")
    assert scmp.feeds == ["https://www.scmp.com/rss/503071/feed"]
    assert (scmp.parser, scmp.on_topic) == ("scmp", True)
    assert scmp.delay_seconds >= 10  # what its robots.txt asks for
