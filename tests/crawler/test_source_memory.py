"""What the largest sources cost in memory, in a process of its own: parsers take theirs outside
of Python, where only the system counts it.
"""

from __future__ import annotations

import multiprocessing
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from crawler.discover import Reach, Source, SourceKind, read_source
from crawler.discover.feed import MAX_ITEMS
from crawler.discover.sitemap import NEWEST_ITEMS
from crawler.items import FetchedPage
from crawler.outlets import Outlet

ITEMS = 50_000
KIBIBYTE = 1024
MEBIBYTE = 1024 * 1024
MOST_GROWTH_BYTES = {"sitemap": 32 * MEBIBYTE, "feed": 64 * MEBIBYTE}
"""Measured: 13 and 39 MiB. A tree takes 54 and 94 MiB, feedparser 184 MiB for the feed."""


def a_sitemap() -> bytes:
    filler = f"<x>{'z' * 400}</x>"
    listed = "".join(
        f"<url>{filler}<loc>https://desk.example/story/{n}</loc></url>" for n in range(ITEMS)
    )
    return f"<urlset>{listed}</urlset>".encode()


def a_feed() -> bytes:
    filler = f"<description>{'zz ' * 100}</description><x>y</x><z/>"
    listed = "".join(
        f"<item>{filler}<title>Accord {n}</title><link>https://desk.example/story/{n}</link>"
        f"<pubDate>02 Nov {2000 + n // 2500} 08:{n // 60 % 60:02}:{n % 60:02} +0000</pubDate>"
        "</item>"
        for n in range(ITEMS)
    )
    return f'<rss version="2.0"><channel>{listed}</channel></rss>'.encode()


def memory_bytes(name: str) -> int:
    """Of this process: `VmRSS` now, `VmHWM` at its peak."""
    status = Path("/proc/self/status").read_text("ascii")
    (line,) = (line for line in status.splitlines() if line.startswith(name))
    return int(line.split()[1]) * KIBIBYTE


def read(kind: SourceKind, file: Path, told: Connection) -> None:
    """Tells how many were listed, the first and the last, and by how much memory grew."""
    outlet = Outlet(id="desk", name="Desk", home="https://desk.example/")
    source = Source("https://desk.example/source", kind)
    small = b"<urlset></urlset>" if kind == "sitemap" else b'<rss version="2.0"></rss>'
    for body in (small, file.read_bytes()):
        page = FetchedPage(source.url, 200, [], body, datetime.now(UTC))
        before = memory_bytes("VmRSS")
        Path("/proc/self/clear_refs").write_text("5")  # the peak begins anew (proc(5))
        found = read_source(page, source, outlet, Reach())
    grown = memory_bytes("VmHWM") - before
    addresses = [listing.address for listing in found.listings]
    told.send((len(addresses), addresses[0], addresses[-1], grown))


@pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="only Linux tells")
@pytest.mark.parametrize(
    ("kind", "body", "most", "first"),
    [("sitemap", a_sitemap(), NEWEST_ITEMS, 0), ("feed", a_feed(), MAX_ITEMS, ITEMS - MAX_ITEMS)],
    ids=["sitemap", "feed"],
)
def test_memory(kind: SourceKind, body: bytes, most: int, first: int, tmp_path: Path) -> None:
    assert len(body) > 20 * MEBIBYTE
    file = tmp_path / "source"
    file.write_bytes(body)
    context = multiprocessing.get_context("spawn")
    told, telling = context.Pipe(duplex=False)
    process = context.Process(target=read, args=(kind, file, telling))
    process.start()
    number, first_address, last_address, grown = told.recv()
    process.join()
    home = "https://desk.example/story"
    assert (number, first_address) == (most, f"{home}/{first}")
    assert last_address == f"{home}/{ITEMS - 1}"
    assert grown < MOST_GROWTH_BYTES[kind]
