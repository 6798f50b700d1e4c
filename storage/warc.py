"""One page as a WARC record, and back."""

from __future__ import annotations

import hashlib
import zlib
from datetime import UTC, datetime
from http import HTTPStatus
from io import BytesIO
from typing import BinaryIO

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.statusandheaders import (
    StatusAndHeaders,
    StatusAndHeadersParserException,
)
from warcio.warcwriter import WARCWriter

from crawler.items import FetchedPage
from storage.cleaning import clean_text

# WARC 1.1 (ISO 28500:2017) lets WARC-Date have fractions of a second.
WARC_VERSION = "WARC/1.1"
# https://docs.python.org/3/library/zlib.html#zlib.decompress: 16 asks for a gzip header.
GZIP_WINDOW_BITS = 16 + zlib.MAX_WBITS
# A news page compressed, mostly whole.
READ_BLOCK_BYTES = 65_536
# Untrue of the body as kept, which is decoded; or, the cookies, nothing to keep.
DROPPED_HEADERS = frozenset(
    {"set-cookie", "set-cookie2", "content-encoding", "transfer-encoding", "content-length"}
)


def payload_digest(body: bytes) -> str:
    """`sha256:` and the hash of the body in hex."""
    return f"sha256:{hashlib.sha256(body).hexdigest()}"


def response_record(page: FetchedPage, digest: str) -> bytes:
    """A `response` record as one gzip member, readable by itself."""
    headers = [
        (_one_line(name), _one_line(value))
        for name, value in page.headers
        if name.strip().lower() not in DROPPED_HEADERS
    ]
    headers.append(("Content-Length", str(len(page.body))))
    buffer = BytesIO()
    writer = WARCWriter(buffer, gzip=True, warc_version=WARC_VERSION)
    record = writer.create_warc_record(
        _one_line(page.url),
        "response",
        payload=BytesIO(page.body),
        length=len(page.body),
        http_headers=StatusAndHeaders(_status_line(page.status), headers, protocol="HTTP/1.1"),
        warc_headers_dict={"WARC-Date": _warc_date(page), "WARC-Payload-Digest": digest},
    )
    writer.write_record(record)
    return buffer.getvalue()


def warcinfo_record(file_name: str) -> bytes:
    """The record that a WARC file starts with."""
    buffer = BytesIO()
    writer = WARCWriter(buffer, gzip=True, warc_version=WARC_VERSION)
    info = {"software": "sinorus", "format": "WARC File Format 1.1"}
    writer.write_record(writer.create_warcinfo_record(file_name, info))
    return buffer.getvalue()


def _warc_date(page: FetchedPage) -> str:
    moment = page.fetched_at.astimezone(UTC).replace(tzinfo=None)
    return moment.isoformat(timespec="microseconds") + "Z"


def _status_line(status: int) -> str:
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return f"{status} Unknown"


def _one_line(text: str) -> str:
    return clean_text(text).replace("\r", " ").replace("\n", " ").strip()


def _gzip_member(file: BinaryIO) -> bytes:
    """The one member that starts where `file` stands, checked by gzip's own sum."""
    decompressor = zlib.decompressobj(GZIP_WINDOW_BITS)
    parts: list[bytes] = []
    while not decompressor.eof:
        block = file.read(READ_BLOCK_BYTES)
        if not block:
            raise ValueError("the record is torn" if parts else "there is no page")
        try:
            parts.append(decompressor.decompress(block))
        except zlib.error as error:
            raise ValueError("the record is torn or no page starts there") from error
    return b"".join(parts)


def parse_record(file: BinaryIO) -> FetchedPage:
    """The page of the record that `file` stands at. Raises ValueError saying what is wrong."""
    try:
        record = next(ArchiveIterator(BytesIO(_gzip_member(file))), None)
    except (EOFError, ArchiveLoadFailed, StatusAndHeadersParserException) as error:
        raise ValueError("there is no page") from error
    if record is None or record.rec_type != "response" or record.http_headers is None:
        raise ValueError("there is no page")
    body = record.raw_stream.read()
    if payload_digest(body) != record.rec_headers.get_header("WARC-Payload-Digest"):
        raise ValueError("the record is torn or was altered: its digest does not match")
    moment = datetime.fromisoformat(record.rec_headers.get_header("WARC-Date"))
    return FetchedPage(
        url=record.rec_headers.get_header("WARC-Target-URI"),
        status=int(record.http_headers.get_statuscode()),
        headers=[(name, value) for name, value in record.http_headers.headers],
        body=body,
        fetched_at=moment.astimezone(UTC),
    )
