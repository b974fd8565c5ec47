"""Ed25519 signatures of ledger entries, in the shapes that other supply-chain tools read.

What is signed is an in-toto Statement: its subject is the digest that the entry binds to (the ask's part of the packet,
or the body itself), its predicate is everything that the signer says. The bytes under the signature are those of a DSSE
envelope, so that a signature made for anything else can never stand for an entry. Wrong when a private key is shared:
a signature proves that the key was there, not who held it.

>>> pre_authentication("http://example.com/HelloWorld", b"hello world")
b'DSSEv1 29 http://example.com/HelloWorld 11 hello world'

Source: RFC 8032 (Ed25519); in-toto Statement v1; DSSE v1.0.2, whose worked example stands above.
"""

import base64
import binascii
import os
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hardgate.core.errors import BadInput, Misconfigured, NotFound, NotPermitted
from hardgate.core.terms import Entry
from hardgate.ledger.chain import canonical, fingerprint

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

PREFIX = "ed25519:"
PAYLOAD_TYPE = "application/vnd.in-toto+json"
STATEMENT_TYPE = "https://in-toto.io/Statement/v1"
PUBLIC_BYTES, SIGNATURE_BYTES = 32, 64


def new_key(path: Path) -> str:
    """Make a key pair: write the private half to a new file that its owner alone may read, return the public half.

    Raises:
        Misconfigured: something is at this path already; a key is never overwritten.

    """
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    key = Ed25519PrivateKey.generate()
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise Misconfigured(f"{path} is there already: a key is never overwritten; choose another name") from error
    with os.fdopen(handle, "wb") as file:
        file.write(pem)
        file.flush()
        os.fsync(file.fileno())
    return _public_text(key)


def public_of(path: Path) -> str:
    """Return the public half of a private key file, as policy.yaml names it: "ed25519:" and base64.

    Raises:
        NotFound: there is no such file.
        BadInput: it holds no Ed25519 private key.
        NotPermitted: others than its owner may read it.

    """
    return _public_text(_private(path))


def sign(path: Path, message: bytes) -> str:
    """Sign bytes with the private key in a file; raises as `public_of` does."""
    return PREFIX + base64.b64encode(_private(path).sign(message)).decode("ascii")


def verifies(public: str, message: bytes, signature: str) -> bool:
    """Tell whether a signature over these bytes was made by the private half of a public key."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    key, made = _decoded(public, PUBLIC_BYTES), _decoded(signature, SIGNATURE_BYTES)
    if key is None or made is None:
        return False
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(made, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def is_public_key(text: str) -> bool:
    """Tell whether a text has the form of a public key."""
    return _decoded(text, PUBLIC_BYTES) is not None


def statement(kind: str, actor: str, at: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the signer of an entry states, as an in-toto Statement."""
    subject = body.get("packet") or fingerprint(body)
    name = body.get("ask") or body.get("gate") or kind
    return {
        "_type": STATEMENT_TYPE,
        "subject": [{"name": name, "digest": {"sha256": subject}}],
        "predicateType": f"urn:hardgate:{kind}:1",
        "predicate": {"actor": actor, "at": at, "body": dict(body)},
    }


def message(kind: str, actor: str, at: str, body: Mapping[str, Any]) -> bytes:
    """Return the bytes under an entry's signature."""
    return pre_authentication(PAYLOAD_TYPE, canonical(statement(kind, actor, at, body)))


def pre_authentication(payload_type: str, payload: bytes) -> bytes:
    """Return the bytes that a DSSE signature covers: the type of what is signed, and what is signed."""
    return b"DSSEv1 %d %s %d %s" % (len(payload_type), payload_type.encode("ascii"), len(payload), payload)


def envelope(entry: Entry) -> dict[str, Any]:
    """Return a signed entry as a DSSE envelope, for tools that verify in-toto attestations.

    Raises:
        NotFound: the entry is not signed.

    """
    if entry.signature is None:
        raise NotFound(f"entry {entry.seq} is not signed: there is nothing to attest")
    payload = canonical(statement(entry.kind, entry.actor, entry.at, entry.body))
    return {
        "payloadType": PAYLOAD_TYPE,
        "payload": base64.b64encode(payload).decode("ascii"),
        "signatures": [{"keyid": entry.body["key"], "sig": entry.signature.removeprefix(PREFIX)}],
    }


def fault(entry: Entry) -> str:
    """Say what is wrong with an entry's signature by itself; nothing where it is right or rightly absent."""
    key = entry.body.get("key", "")
    if not key:
        return "" if entry.signature is None else "it has a signature and its body names no key"
    if entry.signature is None:
        return f"its body says that it was signed with {key} and the signature is gone"
    if not verifies(key, message(entry.kind, entry.actor, entry.at, entry.body), entry.signature):
        return f"it was not made by {key} over this entry"
    return ""


def _private(path: Path) -> "Ed25519PrivateKey":
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        with path.open("rb") as file:
            mode, pem = os.fstat(file.fileno()).st_mode, file.read()
    except FileNotFoundError as error:
        raise NotFound(f"there is no key at {path}: make one with `hardgate keys new`") from error
    if os.name == "posix" and stat.S_IMODE(mode) & 0o077:
        raise NotPermitted(f"{path} may be read by others (mode {stat.S_IMODE(mode):04o}): run chmod 600 {path}")
    try:
        key = load_pem_private_key(pem, password=None)
    except (ValueError, TypeError) as error:
        raise BadInput(f"{path} holds no private key that can be read: {error}") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise BadInput(f"{path} holds a key of another kind: expected Ed25519, as `hardgate keys new` makes")
    return key


def _public_text(key: "Ed25519PrivateKey") -> str:
    return PREFIX + base64.b64encode(key.public_key().public_bytes_raw()).decode("ascii")


def _decoded(text: str, size: int) -> bytes | None:
    """Decode "ed25519:BASE64" written in its one canonical spelling; None where it is not."""
    encoded = text.removeprefix(PREFIX)
    try:
        raw = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        return None
    return raw if len(raw) == size and text == PREFIX + base64.b64encode(raw).decode("ascii") else None
