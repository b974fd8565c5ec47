"""What a receiver gets, and what it is not given: one signed POST, to the address looked at, with no redirect followed."""

import datetime as dt
import ipaddress
import json
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from hardgate.core.errors import Fault, Misconfigured
from hardgate.notify.address import Target
from hardgate.notify.signing import secret_of, signature, verify
from hardgate.notify.webhook import body_of, delivery, send

SECRET = b"0123456789abcdef"
AT = dt.datetime(2026, 9, 7, 12)
DOCUMENT = {"schema": "hardgate.watch.changes/1", "changes": [{"gate": "watch.cloud_growth", "now": "fired"}]}


@dataclass
class Receiver:
    target: Target
    trust: ssl.SSLContext
    status: int = 204
    got: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)


def certificate(folder: Path) -> tuple[Path, Path]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "hooks.example")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(now - dt.timedelta(days=1)).not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("hooks.example"), x509.IPAddress(ipaddress.ip_address("192.0.2.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    pem, private = folder / "cert.pem", folder / "key.pem"
    pem.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return pem, private


@pytest.fixture
def receiver(tmp_path: Path) -> Iterator[Receiver]:
    pem, private = certificate(tmp_path)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            found.got.append((self.path, dict(self.headers), body))
            self.send_response(found.status)
            self.send_header("Location", "https://127.0.0.1/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem, private)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    trust = ssl.create_default_context(cafile=str(pem))
    found = Receiver(Target("hooks.example", server.server_address[1], "/in", "127.0.0.1"), trust)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield found
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_receiver_can_verify_what_it_got(receiver: Receiver) -> None:
    assert send(receiver.target, DOCUMENT, SECRET, AT, receiver.trust) == 204
    ((path, headers, body),) = receiver.got
    assert (path, json.loads(body)) == ("/in", DOCUMENT)
    timestamp, signed = headers["X-Hardgate-Timestamp"], headers["X-Hardgate-Signature"]
    assert timestamp == str(int(AT.replace(tzinfo=dt.UTC).timestamp()))
    assert verify(SECRET, timestamp, body, signed, now=int(timestamp) + 5)
    assert headers["X-Hardgate-Delivery"] == delivery(body)


def test_a_redirect_is_not_followed(receiver: Receiver) -> None:
    receiver.status = 302
    with pytest.raises(Fault, match="answers 302: redirects are not followed"):
        send(receiver.target, DOCUMENT, SECRET, AT, receiver.trust)
    assert len(receiver.got) == 1


@pytest.mark.parametrize("status", [400, 401, 500])
def test_what_is_not_accepted_is_a_fault(receiver: Receiver, status: int) -> None:
    receiver.status = status
    with pytest.raises(Fault, match=f"answers {status}: not accepted"):
        send(receiver.target, DOCUMENT, SECRET, AT, receiver.trust)


def test_a_certificate_of_another_name_is_not_trusted(receiver: Receiver) -> None:
    other = Target("other.example", receiver.target.port, "/in", "127.0.0.1")
    with pytest.raises(Fault, match="not delivered"):
        send(other, DOCUMENT, SECRET, AT, receiver.trust)
    assert receiver.got == []


def test_nobody_there_is_a_fault_that_says_the_change_is_told_again() -> None:
    with pytest.raises(Fault, match="the change is told again next time"):
        send(Target("hooks.example", 9, "/", "127.0.0.1"), DOCUMENT, SECRET, AT)


def test_a_signature_is_of_its_body_and_time_and_grows_old() -> None:
    """HMAC-SHA256 of key 0123456789abcdef over `1790000000.{}`, by openssl dgst."""
    signed = signature(SECRET, "1790000000", b"{}")
    assert signed == "sha256=" + EXPECTED
    assert not verify(SECRET, "1790000001", b"{}", signed, now=1790000001)
    assert not verify(b"another secret 1", "1790000000", b"{}", signed, now=1790000000)
    assert not verify(SECRET, "1790000000", b"{}", signed, now=1790000301)
    assert not verify(SECRET, "soon", b"{}", signed, now=1790000000)


EXPECTED = "3d02334942fff50e279f641c1b104ff5f49380d94ff307bb92b1e03f5aee6ff0"


def test_a_secret_that_is_missing_or_short_is_a_wrong_setting() -> None:
    for value in (None, "", "short"):
        with pytest.raises(Misconfigured, match="HOOK"):
            secret_of(value, "HOOK")


def test_equal_documents_give_equal_bytes() -> None:
    assert body_of({"b": 1, "a": "ü"}) == body_of({"a": "ü", "b": 1}) == '{"a":"ü","b":1}'.encode()
