"""Raw pages: what is kept comes back, whatever ends the process that kept it."""

from __future__ import annotations

import gzip
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from storage.database import Database
from storage.errors import StorageError
from storage.pages import PageArchive, note_page, read_page, same_page
from storage.warc import payload_digest
from tests.storage.samples import a_page, an_article, store


def kept_files(data_dir: Path) -> list[Path]:
    return sorted(data_dir.rglob("*.warc.gz"))


def test_a_page_comes_back_without_cookies_and_with_its_true_length(tmp_path: Path) -> None:
    page = a_page(
        headers=[
            ("Content-Type", "text/html"),
            ("Set-Cookie", "secret=1"),
            ("Content-Encoding", "br"),
            ("transfer-encoding", "chunked"),
            ("Content-Length", "7"),
            ("X-Broken", "one\r\nX-Injected: two"),
        ]
    )
    with PageArchive(tmp_path) as archive:
        archived = archive.write(page)
    found = read_page(tmp_path, archived.warc_file, archived.warc_offset)
    assert found.headers == [
        ("Content-Type", "text/html"),
        ("X-Broken", "one  X-Injected: two"),
        ("Content-Length", str(len(page.body))),
    ]
    assert (found.url, found.status, found.body) == (page.url, page.status, page.body)
    assert found.fetched_at == page.fetched_at
    assert archived.payload_digest == payload_digest(page.body)
    assert b"secret" not in gzip.decompress((tmp_path / archived.warc_file).read_bytes())


@pytest.mark.parametrize(
    "changes",
    [
        {"body": b""},
        {"body": bytes(range(256)) * 4_000},
        {"status": 599},
        {"headers": []},
        {"url": "https://news.example/новости?q=中俄&x=1 2"},
        {"url": "https://news.example/" + "a" * 9_000},
        {"headers": [("X-Title", "Привет\x00\ud800")]},
    ],
)
def test_odd_pages_come_back(tmp_path: Path, changes: dict[str, object]) -> None:
    page = a_page(**changes)
    with PageArchive(tmp_path) as archive:
        archive.write(a_page())
        archived = archive.write(page)
    found = read_page(tmp_path, archived.warc_file, archived.warc_offset)
    assert (found.status, found.body) == (page.status, page.body)
    assert found.url.replace("%20", " ") == page.url


def test_the_file_comes_with_the_first_page_and_is_a_warc(tmp_path: Path) -> None:
    with PageArchive(tmp_path / "data") as archive:
        assert not (tmp_path / "data").exists()
        first = archive.write(a_page())
        second = archive.write(a_page(body=b"two"))
    (path,) = kept_files(tmp_path)
    assert path.relative_to(tmp_path / "data").as_posix() == first.warc_file == second.warc_file
    assert path.match(f"data/pages/????/??/sinorus-*-{os.getpid()}-*.warc.gz")
    assert second.warc_offset == first.warc_offset + first.warc_length
    assert path.stat().st_size == second.warc_offset + second.warc_length
    with path.open("rb") as stream:
        records = [
            (record.rec_type, record.content_stream().read()) for record in ArchiveIterator(stream)
        ]
    assert [kind for kind, _ in records] == ["warcinfo", "response", "response"]
    assert records[2][1] == b"two"


def test_a_torn_end_harms_no_earlier_page(tmp_path: Path) -> None:
    with PageArchive(tmp_path) as archive:
        whole = archive.write(a_page())
        torn = archive.write(a_page(body=os.urandom(5_000)))
    path = tmp_path / torn.warc_file
    content = path.read_bytes()
    for length in range(torn.warc_offset, len(content) - 1, 97):
        path.write_bytes(content[:length])
        found = read_page(tmp_path, whole.warc_file, whole.warc_offset)
        assert found.body == a_page().body
        with pytest.raises(StorageError, match=rf"pages: {torn.warc_file} at {torn.warc_offset}"):
            read_page(tmp_path, torn.warc_file, torn.warc_offset)


def test_an_altered_page_is_noticed(tmp_path: Path) -> None:
    with PageArchive(tmp_path) as archive:
        archived = archive.write(a_page())
    path = tmp_path / archived.warc_file
    content = path.read_bytes()
    record = gzip.decompress(content[archived.warc_offset :])
    altered = gzip.compress(record.replace(b"<html>", b"<HTML>"))
    path.write_bytes(content[: archived.warc_offset] + altered)
    with pytest.raises(StorageError, match="digest does not match"):
        read_page(tmp_path, archived.warc_file, archived.warc_offset)


def test_a_page_that_is_not_there_is_a_sentence(tmp_path: Path) -> None:
    with PageArchive(tmp_path) as archive:
        archived = archive.write(a_page())
    (tmp_path / "outside.gz").write_bytes(b"x")
    cases = {
        ("pages/none.warc.gz", 0): "no such file",
        ("pages", 0): "cannot be read",
        ("../outside.gz", 0): "outside the data directory",
        (archived.warc_file, 0): "there is no page",
        (archived.warc_file, archived.warc_offset + 1): "torn|no page",
        (archived.warc_file, 10**9): "no page",
    }
    for (warc_file, offset), message in cases.items():
        with pytest.raises(StorageError, match=message):
            read_page(tmp_path, warc_file, offset)


def test_a_data_directory_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file")
    with (
        PageArchive(tmp_path / "data") as archive,
        pytest.raises(StorageError, match=r"data directory .*/data cannot be written: "),
    ):
        archive.write(a_page())


FULL_DISK = """
import resource, sys
from storage.errors import StorageError
from storage.pages import PageArchive
from tests.storage.samples import a_page
import os, signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
with PageArchive(sys.argv[1]) as archive:
    archive.write(a_page())
    resource.setrlimit(resource.RLIMIT_FSIZE, (3_000, 3_000))
    try:
        archive.write(a_page(body=os.urandom(9_000)))
    except StorageError as error:
        print("refused", error.temporary)
    again = archive.write(a_page(body=b"after"))
    print(again.warc_file, again.warc_offset)
"""


def test_a_full_disk_tears_nothing_and_the_next_page_is_kept(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", FULL_DISK, str(tmp_path)], capture_output=True, text=True, check=True
    )
    refusal, _, rest = done.stdout.partition("\n")
    assert refusal == "refused True"
    warc_file, offset = rest.split()
    assert read_page(tmp_path, warc_file, int(offset)).body == b"after"
    assert len(kept_files(tmp_path)) == 2
    for path in kept_files(tmp_path):
        gzip.decompress(path.read_bytes())  # whole members only


def test_page_rows(database: Database, tmp_path: Path) -> None:
    page = a_page()
    with PageArchive(tmp_path) as archive:
        archived = archive.write(page)
    with database.write() as conn:
        page_id = note_page(conn, page, archived)
        assert note_page(conn, page, archived) == page_id
        digest = payload_digest(page.body)
        assert same_page(conn, page.url, digest) == page_id
        assert same_page(conn, page.url + "?", digest) is None
        assert same_page(conn, page.url, payload_digest(b"other")) is None
    stored = store(database, an_article(), page_id=page_id)
    assert stored.outcome == "new"


KILLED = """
import os, signal, sys
from storage.articles import store_article
from storage.database import open_database
from storage.pages import PageArchive, note_page
from tests.storage.samples import NOW, a_page, an_article
url, data_dir, kill_at = sys.argv[1:]
def point(name):
    if name == kill_at:
        os.kill(os.getpid(), signal.SIGKILL)
with open_database(url) as database, PageArchive(data_dir) as archive:
    archived = archive.write(a_page())
    point("after_page")
    with database.write() as conn:
        page_id = note_page(conn, a_page(), archived)
        store_article(conn, an_article(), identity="1", page_id=page_id, now=NOW)
        point("before_commit")
    point("after_commit")
"""


@pytest.mark.parametrize("kill_at", ["after_page", "before_commit", "after_commit"])
def test_a_kill_at_any_point_leaves_a_whole_state_and_a_rerun_completes_it(
    database: Database, database_url: str, tmp_path: Path, kill_at: str
) -> None:
    command = [sys.executable, "-c", KILLED, database_url, str(tmp_path)]
    killed = subprocess.run([*command, kill_at], check=False)
    assert killed.returncode == -signal.SIGKILL
    assert database.count() == (1 if kill_at == "after_commit" else 0)
    assert len(kept_files(tmp_path)) == 1
    subprocess.run([*command, "never"], check=True)
    (article,) = database.articles()
    assert article.id is not None
    assert [revision.revision for revision in database.revisions(article.id)] == [1]
    for path in kept_files(tmp_path):
        with path.open("rb") as stream:
            assert [record.rec_type for record in ArchiveIterator(stream)] == [
                "warcinfo",
                "response",
            ]
