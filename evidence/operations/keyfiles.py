"""Keys and certificates that the user brings: PEM files, PKCS #12 files."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from evidence.crypto import certificates, keys
from evidence.crypto.certificates import CertificateFacts
from evidence.digests import sha256_hex
from evidence.errors import CryptoError, FormatError
from evidence.messages import t
from evidence.operations.init import SealingMaterial
from evidence.operations.seams import Seams
from evidence.text import visible

_LIMIT = 1024 * 1024


def read_key_file(path: Path) -> bytes:
    """The bytes of a key or certificate file.

    Raises:
        FormatError: it is too long to be one.
        OSError: it can't be read.
    """
    with path.open("rb") as file:
        data = file.read(_LIMIT + 1)
    if len(data) > _LIMIT:
        raise FormatError(t("vault.key_file_long", path=visible(str(path))), t("vault.key_file_long_hint"))
    return data


def bring_in(key: Path, chain: Path | None, passphrase: Callable[[], bytes]) -> SealingMaterial:
    """A sealing key with its certificates from files.

    Args:
        key: PEM or PKCS #12; PKCS #12 brings its certificates along.
        chain: PEM certificates of a PEM key; None when the key's own file holds them.
        passphrase: asked only if the key is encrypted.

    Raises:
        CryptoError: wrong passphrase, unsupported key, no fitting certificate.
        FormatError: not a key or certificate file.
    """
    data = read_key_file(key)
    if b"-----BEGIN" not in data:
        pem, certificates_pem = _from_pkcs12(data, passphrase)
    else:
        word = passphrase() if keys.is_encrypted(data) else None
        pem, certificates_pem = keys.unprotect(data, word), data
    if chain is not None:
        certificates_pem = read_key_file(chain)
    keys.load_sealing_key(pem, certificates_pem, None)
    found = certificates.load_anchors(certificates_pem)
    return SealingMaterial(pem, b"".join(certificates.der_to_pem(der) for der in found))


def _from_pkcs12(data: bytes, passphrase: Callable[[], bytes]) -> tuple[bytes, bytes]:
    """Without a passphrase first: some files have none, and nobody should be asked for it."""
    try:
        return keys.from_pkcs12(data, None)
    except CryptoError:
        return keys.from_pkcs12(data, passphrase())


@dataclass(frozen=True, slots=True)
class Trusted:
    """A certificate in the user's trust store.

    Attributes:
        path: the file that remembers it.
        is_new: whether it was not trusted before.
    """

    path: Path
    is_new: bool


def read_certificates(path: Path) -> dict[bytes, CertificateFacts]:
    """The certificates in a file (DER), with what they say; nothing is trusted by reading them.

    Raises:
        FormatError: no certificate in the file, or one that can't be read.
    """
    try:
        return {der: certificates.facts(der) for der in certificates.load_anchors(read_key_file(path))}
    except ValueError as error:
        raise FormatError(
            t("vault.certificate_unreadable", path=visible(str(path))),
            t("vault.certificate_unreadable_hint"),
        ) from error


def trust(der: bytes, seams: Seams, *, for_time: bool = False) -> Trusted:
    """Put a certificate, whose fingerprint the user has compared, into the user's trust store.

    Args:
        der: the certificate.
        seams: holds the user's own store.
        for_time: trust it for time stamps, else for seals.
    """
    fingerprint, pem = sha256_hex(der), certificates.der_to_pem(der)
    if for_time:
        is_new = seams.user.trust_tsa(pem, fingerprint)
        return Trusted(seams.user.config / "trust-tsa" / f"{fingerprint}.pem", is_new)
    is_new = seams.user.trust(pem, fingerprint, own=False)
    return Trusted(seams.user.config / "trust" / f"{fingerprint}.pem", is_new)
