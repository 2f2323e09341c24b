"""Which certificate a signature says it is by: ESS signing certificate attributes (RFC 2634, RFC 5035)."""

import hashlib
from collections.abc import Mapping
from typing import Annotated

from cryptography.hazmat import asn1

from evidence.crypto import algorithms, x509
from evidence.crypto.algorithms import AlgorithmIdentifier
from evidence.crypto.cms import Attribute, attribute
from evidence.crypto.der import contents, decode, encode, tlv
from evidence.crypto.problems import Mismatch

SIGNING_CERTIFICATE = "1.2.840.113549.1.9.16.2.12"
SIGNING_CERTIFICATE_V2 = "1.2.840.113549.1.9.16.2.47"

_DIRECTORY_NAME = b"\xa4"


@asn1.sequence
class _IssuerSerial:
    issuer: list[asn1.TLV]
    serial: int


@asn1.sequence
class _CertificateId:
    digest: bytes
    issuer_serial: _IssuerSerial | None


@asn1.sequence
class _CertificateIdV2:
    algorithm: AlgorithmIdentifier | None
    digest: bytes
    issuer_serial: _IssuerSerial | None


@asn1.sequence
class _SigningCertificate:
    certificates: list[_CertificateId]
    policies: list[asn1.TLV] | None


@asn1.sequence
class _SigningCertificateV2:
    certificates: list[_CertificateIdV2]
    policies: list[asn1.TLV] | None


@asn1.sequence
class _DirectoryName:
    name: Annotated[list[asn1.TLV], asn1.Implicit(4)]


def signing_certificate_v2(certificate: x509.Certificate) -> Attribute:
    """The attribute signingCertificateV2: SHA-256 (left out, being the default), issuer and serial number."""
    issuer = contents(tlv(encode(_DirectoryName(name=[tlv(certificate.issuer)]))))
    named = _CertificateIdV2(
        algorithm=None,
        digest=hashlib.sha256(certificate.der).digest(),
        issuer_serial=_IssuerSerial(issuer=[tlv(issuer)], serial=certificate.serial),
    )
    return attribute(SIGNING_CERTIFICATE_V2, _SigningCertificateV2(certificates=[named], policies=None))


def check_v2(attributes: Mapping[str, asn1.TLV], signer: x509.Certificate) -> None:
    """Check that signingCertificateV2 is there and names the signer's certificate first.

    Raises:
        Mismatch: it is missing, or names another.
        Unsupported: by another digest than SHA-256, SHA-384 and SHA-512.
        Malformed: it isn't what it should be.
    """
    if SIGNING_CERTIFICATE_V2 not in attributes:
        raise Mismatch("no signingCertificateV2")
    listed = decode(_SigningCertificateV2, encode(attributes[SIGNING_CERTIFICATE_V2])).certificates
    if not listed:
        raise Mismatch("an empty signingCertificateV2")
    name = "sha256" if listed[0].algorithm is None else algorithms.digest_of(listed[0].algorithm)
    if listed[0].digest != algorithms.digest(name, signer.der):
        raise Mismatch("signingCertificateV2 names another certificate")
    _check_issuer(listed[0].issuer_serial, signer)


def check_either(attributes: Mapping[str, asn1.TLV], signer: x509.Certificate) -> None:
    """The same for a token, where signingCertificate by SHA-1 (RFC 3161, section 2.4.2) may stand instead.

    If both stand there, both must name the signer's certificate. SHA-1 is enough here: it ties no content,
    only a certificate that holds the right key anyway.

    Raises:
        Mismatch, Unsupported, Malformed: see check_v2.
    """
    if SIGNING_CERTIFICATE in attributes:
        listed = decode(_SigningCertificate, encode(attributes[SIGNING_CERTIFICATE])).certificates
        sha1 = hashlib.sha1(signer.der, usedforsecurity=False).digest()  # noqa: TID251  the one place
        if not listed or listed[0].digest != sha1:
            raise Mismatch("signingCertificate names another certificate")
        _check_issuer(listed[0].issuer_serial, signer)
    if SIGNING_CERTIFICATE_V2 in attributes or SIGNING_CERTIFICATE not in attributes:
        check_v2(attributes, signer)


def _check_issuer(named: _IssuerSerial | None, signer: x509.Certificate) -> None:
    if named is None:
        return
    names = [contents(item) for item in named.issuer if item.tag_bytes == _DIRECTORY_NAME]
    if signer.issuer not in names or named.serial != signer.serial:
        raise Mismatch("the signing certificate attribute names another issuer or serial number")
