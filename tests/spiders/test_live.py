"""What counts against real portals: certificates are checked against the operator's CA, a proxy is used where one is set."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from threading import Thread

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from spiders.crawl import Crawl, crawl
from spiders.sandbox.server import NIGHTS, Twin, playing


def crawled(folder: Path, source: str, base_url: str):
    return crawl(
        Crawl(
            source=source,
            base_url=base_url,
            folder=str(folder),
            previous=None,
            previous_rows=0,
            now=NIGHTS[1],
            user_agent="metaclusters/test (sandbox@localhost)",
            delay=0.01,
        )
    )


@pytest.fixture
def tls_twin(tmp_path):
    """The twin of a portal behind a certificate of its own; yields its address and the certificate."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))]), False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    pem = tmp_path / "portal.pem"
    pem.write_bytes(
        certificate.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    twin = Twin("poles", 1)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    twin.socket = context.wrap_socket(twin.socket, server_side=True)
    Thread(target=twin.serve_forever, daemon=True).start()
    yield f"https://localhost:{twin.server_address[1]}", pem
    twin.shutdown()
    twin.server_close()


def test_a_certificate_that_nobody_vouches_for_is_refused(tls_twin, tmp_path):
    found = crawled(tmp_path / "a", "poles", tls_twin[0])
    assert found.outcome in ("failed", "refused_by_robots")
    assert found.rows == 0


def test_the_operators_own_certificate_authority_is_honoured(tls_twin, tmp_path, monkeypatch):
    address, pem = tls_twin
    monkeypatch.setenv("SSL_CERT_FILE", str(pem))
    found = crawled(tmp_path / "b", "poles", address)
    assert found.outcome == "ok", found.reason


def test_a_proxy_that_is_set_is_used(tmp_path, monkeypatch):
    """The name of the portal is nobody's: only a proxy can answer for it."""
    with playing("poles", 1) as proxy:
        monkeypatch.setenv("http_proxy", proxy.url)
        monkeypatch.setenv("no_proxy", "")
        found = crawled(tmp_path / "c", "poles", "http://portal.invalid")
        assert found.outcome == "ok", found.reason
        assert len(proxy.log) == 2
