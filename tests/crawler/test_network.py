"""Who may be connected to, and what a failed connection means."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
    UnsupportedURLSchemeError,
)
from scrapy.resolver import dnscache
from twisted.python.failure import Failure

from crawler.errors import CrawlError, HardError, RefusedError, SinorusError, TemporaryError
from crawler.network import PublicResolver, crawl_error, is_address_name, is_public_address

PUBLIC = [
    "8.8.8.8", "93.184.215.14", "172.32.0.1", "172.15.255.255", "100.63.255.255", "100.128.0.1",
    "192.167.255.255", "2606:4700::1111", "2a00:1450:4001:80b::200e", "::ffff:8.8.8.8",
    "64:ff9b::808:808", "2002:808:808::1",
]  # fmt: skip
PRIVATE = [
    # loopback, "this host", private use, carrier's, link-local and cloud metadata
    "127.0.0.1", "127.255.255.254", "0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255",
    "172.16.0.1", "172.31.255.255", "192.168.0.1", "100.64.0.1", "100.127.255.255",
    "169.254.0.1", "169.254.169.254",
    # documentation, benchmarks, multicast, reserved, broadcast
    "192.0.2.1", "198.51.100.1", "203.0.113.1", "198.18.0.1", "224.0.0.1", "239.255.255.255",
    "240.0.0.1", "255.255.255.255",
    # the same of IPv6
    "::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12:3456::1", "fec0::1", "ff02::1",
    "2001:db8::1", "100::1",
    # private IPv4 inside: mapped, 6to4, NAT64
    "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:a9fe:a9fe", "2002:7f00:1::1",
    "2002:a00:1::1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b::10.0.0.1",
]  # fmt: skip
NO_ADDRESSES = [
    "", "localhost", "example.com", "127.1", "0x7f.1", "0177.0.0.1", "2130706433", "127.0.0.1.",
    "127.0.0.1:80", "[::1]", " 8.8.8.8", "8.8.8.8\n", "8.8.8", "8.8.8.8/32", "１２７.0.0.1",
]  # fmt: skip


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses(address: str) -> None:
    assert is_public_address(address)


@pytest.mark.parametrize("address", [*PRIVATE, *NO_ADDRESSES])
def test_addresses_that_are_not_public(address: str) -> None:
    assert not is_public_address(address)


@pytest.mark.parametrize(
    ("host", "names_its_address"),
    [
        ("127.0.0.1", True),
        ("10.0.0.1", True),
        ("::1", True),
        ("[::1]", True),
        ("localhost", True),
        ("desk.localhost", True),
        ("localhost.example", False),
        ("notlocalhost", False),
        ("127.0.0.1.nip.io", False),
        ("2130706433", False),
        ("www.scmp.com", False),
    ],
)
def test_names_that_name_an_address(host: str, names_its_address: bool) -> None:
    assert is_address_name(host) is names_its_address


@pytest.fixture
def resolver() -> Iterator[PublicResolver]:
    """One that has its answers from the cache, as DNS gave them, and asks nobody."""
    resolver = PublicResolver(reactor=None, cache_size=10, timeout=1)
    resolver.named_hosts = frozenset({"127.0.0.1", "localhost"})
    dnscache.clear()
    yield resolver
    dnscache.clear()


def resolve(resolver: PublicResolver, name: str, answer: str) -> str:
    """The address to connect to, or what the lookup failed with."""
    dnscache[name] = answer
    results: list[str] = []

    def note(result: str | Failure) -> None:
        results.append(result.getErrorMessage() if isinstance(result, Failure) else result)

    resolver.getHostByName(name).addBoth(note)
    (result,) = results
    return result


@pytest.mark.parametrize("address", [a for a in PRIVATE if ":" not in a])
def test_names_at_private_addresses_do_not_resolve(resolver: PublicResolver, address: str) -> None:
    for name in ("news.example", "2130706433", "0x7f.1", "127.1"):
        assert resolve(resolver, name, address) == (
            f"DNS lookup failed: {name} is at {address}, which is no public address."
        )


def test_names_at_public_addresses(resolver: PublicResolver) -> None:
    assert resolve(resolver, "news.example", "93.184.215.14") == "93.184.215.14"


def test_what_the_operator_named(resolver: PublicResolver) -> None:
    """By its address; a name of some domain is not believed, wherever it points."""
    assert resolve(resolver, "127.0.0.1", "127.0.0.1") == "127.0.0.1"
    assert resolve(resolver, "localhost", "127.0.0.1") == "127.0.0.1"
    assert "no public address" in resolve(resolver, "127.0.0.2", "127.0.0.2")


def test_every_answer_is_checked_anew(resolver: PublicResolver) -> None:
    """A name that was public and turns private, and back."""
    url = "https://news.example/a"
    failure = CannotResolveHostError()
    assert resolve(resolver, "news.example", "93.184.215.14") == "93.184.215.14"
    assert "no public address" in resolve(resolver, "news.example", "10.0.0.1")
    error = crawl_error("desk", url, "news.example", failure)
    assert isinstance(error, RefusedError)
    assert error.reason == "fetch: news.example is at 10.0.0.1, no public address"
    assert resolve(resolver, "news.example", "93.184.215.14") == "93.184.215.14"
    later = crawl_error("desk", url, "news.example", failure)
    assert isinstance(later, TemporaryError)


@pytest.mark.parametrize(
    ("error", "kind", "reason"),
    [
        (CannotResolveHostError(), TemporaryError, "the name news.example does not resolve"),
        (DownloadTimeoutError(), TemporaryError, "no whole answer from news.example in time"),
        (DownloadConnectionRefusedError(), TemporaryError, "news.example refused the connection"),
        (DownloadCancelledError(), RefusedError, "body over 8388608 bytes"),
        (IgnoreRequest("exceeded DOWNLOAD_MAXSIZE (1 B)"), RefusedError, "body over 8388608 bytes"),
        (IgnoreRequest("max redirections reached"), HardError, "max redirections reached"),
        (ResponseDataLossError(), TemporaryError, "the answer of news.example broke off"),
        (UnsupportedURLSchemeError(), RefusedError, "neither http nor https"),
        (ValueError("x"), HardError, "news.example leads on to what is no address"),
        (DownloadFailedError("[]"), TemporaryError, "no answer from news.example (DownloadF"),
        (
            DownloadFailedError("[('SSL routines', '', 'certificate verify failed')]"),
            HardError,
            "the certificate of news.example is not valid",
        ),
        (OSError("x"), TemporaryError, "no answer from news.example (OSError)"),
    ],
)
def test_meanings(error: Exception, kind: type[CrawlError], reason: str) -> None:
    url = "https://news.example/a"
    made = crawl_error("desk", url, "news.example", error)
    assert type(made) is kind
    assert made.reason.startswith(f"fetch: {reason}")
    assert (made.outlet, made.url) == ("desk", url)


def test_faults_of_others_are_not_ours_to_name() -> None:
    """A database that failed on the way is no failed download."""
    with pytest.raises(SinorusError, match="the disk is full"):
        crawl_error(
            "desk", "https://news.example/a", "news.example", SinorusError("the disk is full")
        )
    own = HardError("desk", "https://news.example/a", "fetch: HTTP 418")
    assert crawl_error("desk", "https://news.example/b", "news.example", own) is own
