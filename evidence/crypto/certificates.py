"""What a certificate says, in the words of reports; PEM and DER files; the self-issued certificate."""

import base64
import binascii
import datetime as dt
import re
from dataclasses import dataclass

from evidence.crypto import names, x509
from evidence.crypto.der import SEQUENCE_TAG
from evidence.errors import FormatError
from evidence.messages import t

MAX_PEM_SIZE = 1024 * 1024
"""Bytes of a file of certificates; all that browsers trust are a quarter of it."""

_PEM = re.compile(rb"-----BEGIN CERTIFICATE-----\s([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----")
_BEGIN = b"-----BEGIN CERTIFICATE-----"
_LINE = 64


@dataclass(frozen=True, slots=True)
class CertificateFacts:
    """What a certificate says about its subject; nothing of it is checked. Names are untrusted text.

    Attributes:
        sha256: fingerprint, 64 lower-case hexadecimal digits.
        subject, issuer: RFC 4514.
        organisation: the subject's O, else its CN, else empty.
        not_before, not_after: aware, UTC.
        may_sign: no CA, and key usage, if stated, has digitalSignature or nonRepudiation.
        self_issued: subject and issuer are the same.
    """

    sha256: str
    subject: str
    organisation: str
    issuer: str
    not_before: dt.datetime
    not_after: dt.datetime
    may_sign: bool
    self_issued: bool


def facts(der: bytes) -> CertificateFacts:
    """What a DER certificate says (RFC 5280).

    Raises:
        ValueError: not a certificate.
    """
    certificate = x509.parse(der)
    return CertificateFacts(
        sha256=certificate.sha256,
        subject=names.text(certificate.subject),
        organisation=names.first(certificate.subject, "O", "CN"),
        issuer=names.text(certificate.issuer),
        not_before=certificate.not_before,
        not_after=certificate.not_after,
        may_sign=certificate.may_sign,
        self_issued=certificate.self_issued,
    )


def pem_to_der(pem: bytes) -> tuple[bytes, ...]:
    """The certificates of a PEM file in its order; other text between them is left aside (RFC 7468).

    ``pem_to_der(der_to_pem(x)) == (x,)``.

    Raises:
        ValueError: longer than MAX_PEM_SIZE, no certificate, or one that is damaged.
    """
    if len(pem) > MAX_PEM_SIZE:
        raise ValueError(f"longer than {MAX_PEM_SIZE} bytes")
    found = _PEM.findall(pem)
    if not found or len(found) != pem.count(_BEGIN):
        raise ValueError("no certificate in PEM" if not found else "a damaged certificate in PEM")
    return tuple(_certificate(b"".join(block.split())) for block in found)


def _certificate(base64_text: bytes) -> bytes:
    try:
        der = base64.b64decode(base64_text, validate=True)
    except binascii.Error as error:
        raise ValueError("a damaged certificate in PEM") from error
    return x509.parse(der).der


def der_to_pem(der: bytes) -> bytes:
    """A DER certificate in PEM (RFC 7468, strict)."""
    text = base64.b64encode(der)
    lines = [text[i : i + _LINE] for i in range(0, len(text), _LINE)]
    return b"\n".join([_BEGIN, *lines, b"-----END CERTIFICATE-----", b""])


def load_anchors(data: bytes) -> tuple[bytes, ...]:
    """The certificates of a trust file: PEM with one or more, or one DER certificate.

    Returns:
        DER certificates in the order of the file.

    Raises:
        FormatError: none of these.
    """
    try:
        return (x509.parse(data).der,) if data.startswith(SEQUENCE_TAG) else pem_to_der(data)
    except ValueError as error:
        raise FormatError(
            t("crypto.no_certificates", reason=str(error)), t("crypto.no_certificates_hint")
        ) from error


def self_issued(
    key_pem: bytes,
    passphrase: bytes | None,
    organisation: str,
    not_before: dt.datetime,
    *,
    serial: int,
    years: int = 10,
) -> bytes:
    """A certificate that an organisation issues to itself for a sealing key.

    An end-entity certificate (CA:FALSE) with digitalSignature and nonRepudiation, both extensions critical,
    and a subject key identifier; subject and issuer are O and CN = organisation. The same arguments give the
    same bytes.

    Args:
        key_pem: the private key, encrypted or plain.
        passphrase: of the key; None if it is plain.
        organisation: 1 to 64 characters.
        not_before: aware; the part below a second is cut off.
        serial: positive, below 2**159.
        years: how long it is valid.

    Returns:
        PEM.

    Raises:
        CryptoError: see keys.load_private_key.
        UsageError: the organisation's name can't stand in a certificate.
    """
    from evidence.crypto import issuing  # noqa: PLC0415  verification never needs it, and it is slow to import

    return issuing.self_issued(key_pem, passphrase, organisation, not_before, serial=serial, years=years)
