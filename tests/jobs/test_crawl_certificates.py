"""Certificates are checked, and a broken handshake is no bad certificate."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.jobs.desk import Desk, an_outlet


def make_certificate(folder: Path) -> Path:
    """Key and certificate for 127.0.0.1 in one file, signed by nobody but itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    path = folder / "certificate.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
    return path


@contextmanager
def listener(certificate: Path | None) -> Iterator[tuple[int, list[bytes]]]:
    """A port, and what came there decrypted; without a certificate it hangs up at once."""
    came: list[bytes] = []
    context = None
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)

    def serve() -> None:
        while True:
            try:
                connection, _ = accepting.accept()
            except OSError:
                return
            with connection:
                if context is None:
                    connection.recv(1)
                    continue
                try:
                    with context.wrap_socket(connection, server_side=True) as secure:
                        came.append(secure.recv(1000))
                except OSError:
                    continue

    with socket.create_server(("127.0.0.1", 0)) as accepting:
        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield accepting.getsockname()[1], came
        finally:
            accepting.shutdown(socket.SHUT_RDWR)
            thread.join()


def test_nothing_is_asked_of_who_cannot_prove_its_name(desk: Desk, tmp_path: Path) -> None:
    with (
        listener(make_certificate(tmp_path)) as (port, came),
        listener(None) as (broken_port, _),
    ):
        desk.outlets(
            an_outlet(f"https://127.0.0.1:{port}", "unproved"),
            an_outlet(f"https://127.0.0.1:{broken_port}", "broken"),
        )
        ran = desk.crawl()
    assert ran.code == 1
    assert [data for data in came if data] == []
    assert ran.of("unproved")["problems"] == [
        "robots.txt: fetch: the certificate of 127.0.0.1 is not valid"
    ]
    (problem,) = ran.of("broken")["problems"]
    assert problem.startswith("robots.txt: fetch: no answer from 127.0.0.1")
