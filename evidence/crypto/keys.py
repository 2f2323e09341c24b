"""Private keys: the sealing key (signs archives) and the register key (signs checkpoints).

Keys travel as PKCS #8 PEM, encrypted by a passphrase or plain, and as PKCS #12. Key types: ECDSA P-256 (what
generate_sealing_key makes), P-384 and RSA from 2048 bits for sealing; Ed25519 for the register.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.serialization import pkcs12

from evidence.crypto import algorithms, certificates, notes, pkcs8, x509
from evidence.errors import CryptoError, FormatError
from evidence.messages import t

PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
"""The types of a sealing key."""

_DIGESTS = {"secp256r1": "sha256", "secp384r1": "sha384"}
_HASHES = {"sha256": hashes.SHA256(), "sha384": hashes.SHA384()}
_PFX_VERSION = b"\x02\x01\x03"
_PFX_HEAD = 9
"""Bytes of a PFX up to the end of its version at most."""
_ENCRYPTED = (b"BEGIN ENCRYPTED PRIVATE KEY", b"Proc-Type: 4,ENCRYPTED")


@dataclass(frozen=True)
class SealingKey:
    """A private key with its certificates, ready to sign.

    Attributes:
        chain: DER certificates, the key's own first, its issuers after it as far as known.
        digest_name: ``sha256`` or ``sha384``, the digest that goes with the key.
        signature_oid: the OID of the signature algorithm.
    """

    chain: tuple[bytes, ...]
    digest_name: str
    signature_oid: str
    _private: PrivateKey = field(repr=False)

    def sign(self, data: bytes) -> bytes:
        """A signature over data: DER ECDSA-Sig-Value by RFC 6979, or RSA PKCS #1 v1.5; always the same."""
        digest = _HASHES[self.digest_name]
        if isinstance(self._private, rsa.RSAPrivateKey):
            return self._private.sign(data, padding.PKCS1v15(), digest)
        return self._private.sign(data, ec.ECDSA(digest, deterministic_signing=True))


@dataclass(frozen=True)
class RegisterKey:
    """The Ed25519 key of a register.

    Attributes:
        name: the register's origin; the name of the key in signed notes.
        vkey: the verifier key in the form of C2SP signed-note.
    """

    name: str
    vkey: str
    _private: ed25519.Ed25519PrivateKey = field(repr=False)

    def sign_note(self, text: str) -> bytes:
        """The signed note of a text with this key's one signature line (C2SP signed-note).

        Raises:
            ValueError: the text can't be a note's: no final newline, or a control character.
        """
        return notes.write(text, self.vkey, self._private.sign(notes.check_text(text).encode()))


def generate_sealing_key() -> bytes:
    """A new ECDSA P-256 key: PKCS #8 PEM, not encrypted."""
    return _plain(ec.generate_private_key(ec.SECP256R1()))


def generate_register_key() -> bytes:
    """A new Ed25519 key: PKCS #8 PEM, not encrypted."""
    return _plain(ed25519.Ed25519PrivateKey.generate())


def is_encrypted(pem: bytes) -> bool:
    """Whether a PEM private key needs a passphrase."""
    return any(mark in pem for mark in _ENCRYPTED)


def protect(key_pem: bytes, passphrase: bytes | None) -> bytes:
    """A plain PEM key encrypted by a passphrase (pkcs8), or as it is when there is none.

    Raises:
        CryptoError, FormatError: the key can't be read, or is encrypted already.
    """
    if passphrase is None:
        return key_pem
    if not passphrase:
        raise CryptoError(t("crypto.passphrase_empty"), t("crypto.passphrase_empty_hint"))
    return pkcs8.encrypt(_der(_load(key_pem, None)), passphrase)


def unprotect(key_pem: bytes, passphrase: bytes | None) -> bytes:
    """The plain PEM of a key that can seal. ``unprotect(protect(x, p), p)`` holds the key of ``x``.

    Raises:
        CryptoError: passphrase missing or wrong, or a key type that can't seal.
        FormatError: no private key in PEM.
    """
    return _plain(load_private_key(key_pem, passphrase))


def load_private_key(key_pem: bytes, passphrase: bytes | None) -> PrivateKey:
    """A private key of a type that can seal. A passphrase for a plain key is not used.

    Raises:
        CryptoError: passphrase missing or wrong, or a key type that can't seal.
        FormatError: no private key in PEM.
    """
    key = _load(key_pem, passphrase)
    if isinstance(key, ec.EllipticCurvePrivateKey) and key.curve.name in _DIGESTS:
        return key
    if (
        isinstance(key, rsa.RSAPrivateKey)
        and algorithms.MIN_RSA_BITS <= key.key_size <= algorithms.MAX_RSA_BITS
    ):
        return key
    raise _unsupported()


def digest_for(key: PrivateKey) -> str:
    """The digest that goes with a key: ``sha384`` for P-384, else ``sha256``."""
    return _DIGESTS[key.curve.name] if isinstance(key, ec.EllipticCurvePrivateKey) else "sha256"


def load_sealing_key(key_pem: bytes, chain_pem: bytes, passphrase: bytes | None) -> SealingKey:
    """A sealing key with its certificate, and its issuers' if they are there.

    Args:
        key_pem: the private key.
        chain_pem: one or more certificates in any order.
        passphrase: of the key; None if it is plain.

    Raises:
        CryptoError: passphrase missing or wrong, a key type that can't seal, no certificate of this key, or
            one that isn't for signing.
        FormatError: no private key, or no certificate, in PEM.
    """
    key = load_private_key(key_pem, passphrase)
    digest_name = digest_for(key)
    oids = algorithms.RSA_OIDS if isinstance(key, rsa.RSAPrivateKey) else algorithms.ECDSA_OIDS
    chain = _ordered(key, certificates.load_anchors(chain_pem))
    return SealingKey(chain=chain, digest_name=digest_name, signature_oid=oids[digest_name], _private=key)


def from_pkcs12(data: bytes, passphrase: bytes | None) -> tuple[bytes, bytes]:
    """The plain PEM key, and the PEM certificates (the key's own first), of a PKCS #12 file (RFC 7292).

    Raises:
        CryptoError: passphrase missing or wrong, no key, or no certificate of it, in the file.
        FormatError: not a PKCS #12 file.
    """
    store = _pkcs12(data, passphrase)
    if store.key is None or store.cert is None:
        raise CryptoError(t("crypto.pkcs12_incomplete"), t("crypto.pkcs12_incomplete_hint"))
    if not isinstance(store.key, PrivateKey):
        raise _unsupported()
    found = [store.cert, *store.additional_certs]
    chain = b"".join(item.certificate.public_bytes(serialization.Encoding.PEM) for item in found)
    return _plain(store.key), chain


def load_register_key(pem: bytes, origin: str, passphrase: bytes | None) -> RegisterKey:
    """The register's key under the name of its origin.

    Raises:
        CryptoError: passphrase missing or wrong, or not an Ed25519 key.
        FormatError: no private key in PEM.
        ValueError: the origin can't be the name of a key.
    """
    key = _load(pem, passphrase)
    if not isinstance(key, ed25519.Ed25519PrivateKey):
        raise CryptoError(t("crypto.not_register_key"), t("crypto.not_register_key_hint"))
    return RegisterKey(
        name=origin, vkey=notes.vkey(origin, key.public_key().public_bytes_raw()), _private=key
    )


def _plain(key: PrivateKey | ed25519.Ed25519PrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _der(key: PrivateKeyTypes) -> bytes:
    return key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _load(pem: bytes, passphrase: bytes | None) -> PrivateKeyTypes:
    encrypted = is_encrypted(pem)
    if encrypted and not passphrase:
        raise _passphrase_missing()
    try:
        return serialization.load_pem_private_key(pem, passphrase if encrypted else None)
    except UnsupportedAlgorithm as error:
        raise _unsupported() from error
    except ValueError as error:
        if encrypted:
            raise _passphrase_wrong() from error
        raise FormatError(t("crypto.no_key"), t("crypto.no_key_hint")) from error


def _pkcs12(data: bytes, passphrase: bytes | None) -> pkcs12.PKCS12KeyAndCertificates:
    if not data.startswith(b"\x30") or _PFX_VERSION not in data[:_PFX_HEAD]:
        raise FormatError(t("crypto.no_pkcs12"), t("crypto.no_pkcs12_hint"))
    try:
        return pkcs12.load_pkcs12(data, passphrase)
    except UnsupportedAlgorithm as error:
        raise _unsupported() from error
    except ValueError as error:
        raise (_passphrase_wrong() if passphrase else _passphrase_missing()) from error


def _ordered(key: PrivateKey, ders: Sequence[bytes]) -> tuple[bytes, ...]:
    """The key's certificate, its issuers by name, then whatever else is there."""
    info = key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    rest = [x509.parse(der) for der in dict.fromkeys(ders)]
    own = [certificate for certificate in rest if certificate.public_key == info]
    if not own:
        raise CryptoError(t("crypto.key_mismatch"), t("crypto.key_mismatch_hint"))
    chain: list[x509.Certificate] = []
    following: x509.Certificate | None = max(own, key=lambda certificate: certificate.not_after)
    if following is not None and not following.may_sign:
        raise CryptoError(t("crypto.not_for_signing"), t("crypto.not_for_signing_hint"))
    while following is not None:
        chain.append(following)
        rest.remove(following)
        following = next((item for item in rest if item.subject == chain[-1].issuer), None)
    return tuple(certificate.der for certificate in [*chain, *rest])


def _unsupported() -> CryptoError:
    return CryptoError(t("crypto.key_unsupported"), t("crypto.key_unsupported_hint"))


def _passphrase_missing() -> CryptoError:
    return CryptoError(t("crypto.passphrase_missing"), t("crypto.passphrase_missing_hint"))


def _passphrase_wrong() -> CryptoError:
    return CryptoError(t("crypto.passphrase_wrong"), t("crypto.passphrase_wrong_hint"))
