"""Keys: making, protecting and loading them; openssl reads and writes the same files."""

import json
import string
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization

from evidence.crypto import certificates, keys, notes
from evidence.errors import CryptoError, FormatError
from evidence.messages import t
from tests.crypto import pki

PASSPHRASE = "пароль ключа".encode()


def private(pem: bytes, passphrase: bytes | None = None) -> object:
    return serialization.load_pem_private_key(pem, passphrase)


def certificate_of(key: bytes, passphrase: bytes | None = None) -> bytes:
    return certificates.self_issued(key, passphrase, "Company", pki.NOW, serial=1)


def raises(
    message: str, error: type[CryptoError | FormatError] = CryptoError
) -> "pytest.RaisesExc[Exception]":
    def check(caught: Exception) -> bool:
        assert isinstance(caught, CryptoError | FormatError)
        return (caught.message, caught.hint) == (t(f"crypto.{message}"), t(f"crypto.{message}_hint"))

    return pytest.raises(error, check=check)


def test_new_keys() -> None:
    sealing, register = keys.generate_sealing_key(), keys.generate_register_key()
    assert sealing != keys.generate_sealing_key()
    assert register != keys.generate_register_key()
    assert keys.load_sealing_key(sealing, certificate_of(sealing), None).digest_name == "sha256"
    assert keys.load_register_key(register, "example.org", None).name == "example.org"


@pytest.mark.parametrize("make", [keys.generate_sealing_key, keys.generate_register_key])
def test_protected_key(make: Callable[[], bytes], tmp_path: Path) -> None:
    plain = make()
    sealed = keys.protect(plain, PASSPHRASE)
    assert (keys.is_encrypted(plain), keys.is_encrypted(sealed)) == (False, True)
    assert keys.protect(plain, None) == plain
    assert sealed != keys.protect(plain, PASSPHRASE)
    loaded = private(sealed, PASSPHRASE)
    assert keys._plain(loaded) == plain  # type: ignore[arg-type]
    (tmp_path / "key.pem").write_bytes(sealed)
    (tmp_path / "passphrase").write_bytes(PASSPHRASE)
    arguments = ["-in", tmp_path / "key.pem", "-passin", f"file:{tmp_path / 'passphrase'}"]
    assert pki.openssl("pkey", *arguments).stdout == plain
    assert b"scrypt" in pki.openssl("asn1parse", "-in", tmp_path / "key.pem").stdout


def test_protected_keys_are_used_with_their_passphrase() -> None:
    plain = keys.generate_sealing_key()
    sealed = keys.protect(plain, PASSPHRASE)
    certificate = certificate_of(sealed, PASSPHRASE)
    assert certificate == certificate_of(plain)
    key = keys.load_sealing_key(sealed, certificate, PASSPHRASE)
    assert key.sign(b"x") == keys.load_sealing_key(plain, certificate, None).sign(b"x")
    register = keys.generate_register_key()
    assert (
        keys.load_register_key(keys.protect(register, PASSPHRASE), "a", PASSPHRASE).vkey
        == keys.load_register_key(register, "a", None).vkey
    )


@pytest.mark.parametrize("form", ["pkcs8", "traditional", "pkcs12"])
def test_keys_encrypted_by_openssl(form: str, tmp_path: Path) -> None:
    plain = keys.generate_sealing_key()
    certificate = certificate_of(plain)
    (tmp_path / "plain.pem").write_bytes(plain)
    (tmp_path / "certificate.pem").write_bytes(certificate)
    out = tmp_path / "out"
    key_in = ["-in", tmp_path / "plain.pem", "-out", out]
    if form == "pkcs8":
        pki.openssl("pkcs8", "-topk8", *key_in, "-passout", "pass:secret")
    elif form == "traditional":
        pki.openssl("ec", "-aes256", *key_in, "-passout", "pass:secret")
    else:
        pair = ["-inkey", tmp_path / "plain.pem", "-in", tmp_path / "certificate.pem"]
        pki.openssl("pkcs12", "-export", *pair, "-out", out, "-passout", "pass:secret")
    data = out.read_bytes()

    def load(passphrase: bytes | None) -> keys.SealingKey:
        if form == "pkcs12":
            return keys.load_sealing_key(*keys.from_pkcs12(data, passphrase), None)
        assert keys.is_encrypted(data)
        return keys.load_sealing_key(data, certificate, passphrase)

    assert load(b"secret").sign(b"x") == keys.load_sealing_key(plain, certificate, None).sign(b"x")
    with raises("passphrase_wrong"):
        load(b"Secret")
    for nothing in (None, b""):
        with raises("passphrase_missing"):
            load(nothing)


def test_passphrase_of_a_plain_key_is_not_used() -> None:
    plain = keys.generate_sealing_key()
    assert keys.load_sealing_key(plain, certificate_of(plain), b"whatever").chain


def test_empty_passphrase_protects_nothing() -> None:
    with raises("passphrase_empty"):
        keys.protect(keys.generate_sealing_key(), b"")


def test_certificate_of_another_key() -> None:
    with raises("key_mismatch"):
        keys.load_sealing_key(keys.generate_sealing_key(), certificate_of(keys.generate_sealing_key()), None)


@pytest.mark.parametrize("kind", ["p521", "k256", "ed25519"])
def test_key_types_that_cannot_seal(kind: str) -> None:
    pem = pki.key_pem(pki.key_of(kind))
    with raises("key_unsupported"):
        keys.load_private_key(pem, None)


def test_other_key_types(tmp_path: Path) -> None:
    for number, options in enumerate(
        (["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:1024"], ["-algorithm", "X25519"])
    ):
        path = tmp_path / f"{number}.pem"
        pki.openssl("genpkey", *options, "-out", path)
        with raises("key_unsupported"):
            keys.load_private_key(path.read_bytes(), None)


def test_key_on_a_curve_nobody_knows(tmp_path: Path) -> None:
    path = tmp_path / "key.pem"
    pki.openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:prime239v1", "-out", path)
    with raises("key_unsupported"):
        keys.load_private_key(path.read_bytes(), None)


@pytest.mark.parametrize(
    "data",
    [b"", b"nonsense", pki.signer("x").pem, keys.generate_sealing_key()[:100]],
    ids=["empty", "nonsense", "certificate", "cut"],
)
def test_files_that_hold_no_key(data: bytes) -> None:
    with raises("no_key", FormatError):
        keys.load_private_key(data, None)


@pytest.mark.parametrize(
    "data",
    [b"", b"nonsense", b"0\x03\x02\x01\x05", pki.signer("x").der],
    ids=["empty", "nonsense", "integer", "certificate"],
)
def test_files_that_are_not_pkcs12(data: bytes) -> None:
    with raises("no_pkcs12", FormatError):
        keys.from_pkcs12(data, None)


def test_pkcs12_without_a_key(tmp_path: Path) -> None:
    (tmp_path / "c.pem").write_bytes(pki.signer("x").pem)
    arguments = ["-nokeys", "-in", tmp_path / "c.pem", "-out", tmp_path / "c.p12", "-passout", "pass:x"]
    pki.openssl("pkcs12", "-export", *arguments)
    with raises("pkcs12_incomplete"):
        keys.from_pkcs12((tmp_path / "c.p12").read_bytes(), b"x")


def test_chain_in_any_order() -> None:
    root = pki.authority("Root")
    middle = pki.authority("Middle", root)
    leaf = pki.signer("Leaf", middle)
    stranger = pki.authority("Stranger")
    parts = [root.pem, leaf.pem, stranger.pem, middle.pem, leaf.pem]
    for given in (parts, parts[::-1]):
        key = keys.load_sealing_key(pki.key_pem(leaf.key), b"".join(given), None)
        assert key.chain == (leaf.der, middle.der, root.der, stranger.der)


def test_newest_certificate_of_the_key_is_taken() -> None:
    key = pki.key_of("p256")
    old, new = pki.signer("x", key=key), pki.signer("x", key=key, end=pki.NOW + 2 * pki.YEAR)
    for given in (old.pem + new.pem, new.pem + old.pem):
        assert keys.load_sealing_key(pki.key_pem(key), given, None).chain[0] == new.der


def test_certificate_that_is_not_for_signing() -> None:
    key = pki.key_of("p256")
    with raises("not_for_signing"):
        keys.load_sealing_key(pki.key_pem(key), pki.authority("x", key=key).pem, None)


def test_file_without_certificate() -> None:
    plain = keys.generate_sealing_key()
    with pytest.raises(FormatError):
        keys.load_sealing_key(plain, plain, None)


def test_register_key_signs_notes() -> None:
    key = keys.load_register_key(keys.generate_register_key(), "example.org/register", None)
    signed = key.sign_note("example.org/register\n1\nroot\n")
    assert signed == key.sign_note("example.org/register\n1\nroot\n")
    note = notes.parse(signed)
    line = notes.verify(note, notes.parse_vkey(key.vkey))
    assert notes.committed(note, line) == signed
    for text in ("", "no newline", "tab\there\n"):
        with pytest.raises(ValueError, match="plain text"):
            key.sign_note(text)


def test_register_key_of_another_type() -> None:
    with raises("not_register_key"):
        keys.load_register_key(keys.generate_sealing_key(), "example.org", None)
    with pytest.raises(ValueError, match="name"):
        keys.load_register_key(keys.generate_register_key(), "two words", None)


def test_no_secret_is_shown() -> None:
    plain = keys.generate_sealing_key()
    shown = repr(keys.load_sealing_key(plain, certificate_of(plain), None))
    shown += repr(keys.load_register_key(keys.generate_register_key(), "a", None))
    assert "Private" not in shown


def test_messages_are_there_in_both_languages() -> None:
    english, ukrainian = (
        json.loads(files("evidence.messages").joinpath(language, "crypto.json").read_text("utf-8"))
        for language in ("en", "uk")
    )

    def fields(texts: dict[str, str]) -> dict[str, set[str | None]]:
        return {name: {part[1] for part in string.Formatter().parse(text)} for name, text in texts.items()}

    assert fields(english) == fields(ukrainian)
    assert not {name for name, text in english.items() if text == ukrainian[name]}
