import base64
import json
import stat
from pathlib import Path

import pytest

from hardgate.core.errors import BadInput, Misconfigured, NotFound, NotPermitted
from hardgate.ledger.chain import fingerprint
from hardgate.ledger.signatures import (
    PREFIX,
    envelope,
    is_public_key,
    message,
    new_key,
    pre_authentication,
    public_of,
    sign,
    verifies,
)
from hardgate.ledger.store import Ledger
from tests.ledger.conftest import NOW, approval, waiver

# RFC 8032, section 7.1, test 2: public key, message, signature.
RFC_PUBLIC = "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"
RFC_SIGNATURE = (
    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
    "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
)


def _text(raw: str) -> str:
    return PREFIX + base64.b64encode(bytes.fromhex(raw)).decode()


def test_the_signature_of_the_standard_verifies() -> None:
    assert verifies(_text(RFC_PUBLIC), b"\x72", _text(RFC_SIGNATURE))
    assert not verifies(_text(RFC_PUBLIC), b"\x73", _text(RFC_SIGNATURE))


def test_a_key_is_readable_by_its_owner_alone(tmp_path: Path) -> None:
    public = new_key(tmp_path / "keys" / "li.key")
    assert stat.S_IMODE((tmp_path / "keys" / "li.key").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "keys").stat().st_mode) == 0o700
    assert public_of(tmp_path / "keys" / "li.key") == public
    assert is_public_key(public)
    assert "PRIVATE" not in public
    assert len(public) == 52


def test_a_key_is_never_overwritten(key: Path) -> None:
    before = key.read_bytes()
    with pytest.raises(Misconfigured, match="never overwritten"):
        new_key(key)
    assert key.read_bytes() == before


def test_a_key_that_others_may_read_is_refused(key: Path) -> None:
    key.chmod(0o640)
    with pytest.raises(NotPermitted, match=r"mode 0640.*chmod 600"):
        sign(key, b"anything")


def test_what_is_no_key_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="hardgate keys new"):
        public_of(tmp_path / "none.key")
    wrong = tmp_path / "wrong.key"
    wrong.write_text("ed25519:abc")
    wrong.chmod(0o600)
    with pytest.raises(BadInput, match="holds no private key"):
        public_of(wrong)


def test_a_key_of_another_kind_is_refused(tmp_path: Path) -> None:
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

    other = tmp_path / "other.key"
    other.write_bytes(
        X25519PrivateKey.generate().private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    other.chmod(0o600)
    with pytest.raises(BadInput, match="expected Ed25519"):
        public_of(other)


def test_two_keys_differ_and_neither_signs_for_the_other(tmp_path: Path) -> None:
    one, other = new_key(tmp_path / "one"), new_key(tmp_path / "other")
    made = sign(tmp_path / "one", b"said")
    assert (verifies(one, b"said", made), verifies(other, b"said", made)) == (True, False)


@pytest.mark.parametrize(
    "spoil", [lambda text: text[:-1], lambda text: text.removeprefix(PREFIX), lambda text: text + "\n"]
)
def test_a_signature_and_a_key_have_one_spelling(key: Path, spoil: object) -> None:
    public, made = public_of(key), sign(key, b"said")
    assert callable(spoil)
    assert verifies(public, b"said", made)
    assert not verifies(public, b"said", spoil(made))
    assert not verifies(spoil(public), b"said", made)


def test_base64_with_other_padding_bits_is_not_the_same_key(key: Path) -> None:
    public = public_of(key)
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    last = alphabet.index(public[-2])
    twin = public[:-2] + alphabet[last ^ 1] + "="
    assert base64.b64decode(twin.removeprefix(PREFIX)) == base64.b64decode(public.removeprefix(PREFIX))
    assert not is_public_key(twin)


def test_every_word_that_is_signed_is_under_the_signature() -> None:
    body = approval().plain()
    said = message("packet.signed", "li.wei", "2026-09-07T10:30:00Z", body)
    for name in body:
        assert message("packet.signed", "li.wei", "2026-09-07T10:30:00Z", {**body, name: "edited"}) != said
    assert message("waiver.granted", "li.wei", "2026-09-07T10:30:00Z", body) != said
    assert message("packet.signed", "li.mei", "2026-09-07T10:30:00Z", body) != said
    assert message("packet.signed", "li.wei", "2026-09-07T10:30:01Z", body) != said


def test_an_approval_is_an_attestation_of_its_packet(ledger: Ledger, key: Path) -> None:
    entry = ledger.append_signed(approval(), "li.wei", NOW, key)
    made = envelope(entry)
    payload = base64.b64decode(made["payload"])
    said = json.loads(payload)
    assert made["payloadType"] == "application/vnd.in-toto+json"
    assert said["_type"] == "https://in-toto.io/Statement/v1"
    assert said["subject"] == [{"name": "hall-4", "digest": {"sha256": "ab" * 32}}]
    assert said["predicateType"] == "urn:hardgate:packet.signed:1"
    assert said["predicate"] == {"actor": "li.wei", "at": "2026-09-07T10:30:00Z", "body": entry.body}
    (only,) = made["signatures"]
    assert verifies(only["keyid"], pre_authentication(made["payloadType"], payload), PREFIX + only["sig"])


def test_a_waiver_attests_its_own_body(ledger: Ledger, key: Path) -> None:
    entry = ledger.append_signed(waiver(), "chen.jie", NOW, key)
    said = json.loads(base64.b64decode(envelope(entry)["payload"]))
    assert said["subject"] == [{"name": "capacity.utilization", "digest": {"sha256": fingerprint(entry.body)}}]


def test_an_asserted_entry_attests_nothing(history: Ledger) -> None:
    with pytest.raises(NotFound, match="entry 4 is not signed"):
        envelope(history.entries()[3])
