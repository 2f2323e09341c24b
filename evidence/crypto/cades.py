"""Detached CAdES-B-B signatures (ETSI EN 319 122-1), made and checked (FORMAT.md, "Signature")."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from cryptography.hazmat import asn1

from evidence.crypto import algorithms, cms, ess, problems, x509
from evidence.crypto.der import Oid, encode, time_of, tlv

if TYPE_CHECKING:
    from evidence.crypto.keys import SealingKey

_UTC_TIME_YEARS = range(1950, 2050)
_UTC_TIME, _GENERALIZED_TIME = b"\x17", b"\x18"


class SignatureMalformed(ValueError):
    """The bytes aren't a detached CAdES signature with one signer."""


class SignatureUnsupported(ValueError):
    """The signature uses an algorithm that isn't checked here; it may be a good one."""


class SignatureBroken(ValueError):
    """The signature isn't one over that content by that certificate's key."""


class ContentAltered(SignatureBroken):
    """A good signature of that key over other content: the content was altered, or it is another's."""


class CertificateMismatch(ValueError):
    """signingCertificateV2 is missing, or doesn't name the certificate that stands in the signature."""


@dataclass(frozen=True, slots=True)
class Signature:
    """A signature as read; what it claims is checked by verify only.

    Attributes:
        certificate: the signer's, DER.
        chain: the other certificates that stand in it, DER, in its order; not checked.
        signing_time: as claimed by the signer, aware, UTC; None if it says nothing.
        digest_name: ``sha256``, ``sha384`` or ``sha512``.
        has_unsigned: whether it has unsigned attributes (such as a time stamp), which aren't looked at.
    """

    certificate: bytes
    chain: tuple[bytes, ...]
    signing_time: dt.datetime | None
    digest_name: str
    has_unsigned: bool


def sign(content: bytes, key: "SealingKey", signing_time: dt.datetime) -> bytes:
    """A detached CAdES-B-B signature over content, DER. The same arguments give the same bytes.

    Signed attributes: contentType, messageDigest, signingTime, signingCertificateV2.

    Args:
        content: what is signed; not part of the result.
        key: signs; its chain goes into the signature.
        signing_time: aware; the part below a second is cut off.
    """
    signer, named = _of_signer(key.chain[0])
    attributes = asn1.SetOf(
        [
            cms.attribute(cms.CONTENT_TYPE, Oid(cms.DATA)),
            cms.attribute(cms.MESSAGE_DIGEST, algorithms.digest(key.digest_name, content)),
            cms.attribute(cms.SIGNING_TIME, _encoded_time(signing_time)),
            named,
        ]
    )
    digest = algorithms.identifier(algorithms.DIGEST_OIDS[key.digest_name])
    is_rsa = key.signature_oid in algorithms.RSA_OIDS.values()
    info = cms.SignerInfo(
        version=1,
        signer=signer,
        digest_algorithm=digest,
        signed_attributes=attributes,
        signature_algorithm=algorithms.identifier(key.signature_oid, null=is_rsa),
        signature=key.sign(encode(attributes)),
        unsigned_attributes=None,
    )
    return cms.frame(_signed_data(info, digest, key.chain))


def parse(data: bytes) -> Signature:
    """Read a signature without checking it.

    Raises:
        SignatureMalformed: longer than 256 KiB, not DER, further bytes after it, not detached, not one
            signer, or without the signer's certificate.
        SignatureUnsupported: an algorithm that isn't known here.
    """
    with _renamed():
        return _signature(_parse(data))


def verify(data: bytes, content: bytes) -> Signature:
    """Check a signature over content; whether its certificate is to be trusted is for trust.check.

    Raises:
        SignatureMalformed, SignatureUnsupported: see parse.
        ContentAltered: the signature value fits, the message digest is that of other content.
        SignatureBroken: the signature value doesn't fit.
        CertificateMismatch: signingCertificateV2 is missing or doesn't name the signer's certificate.
    """
    try:
        with _renamed():
            message = _parse(data)
            message.check(content)
            ess.check_v2(message.attributes, message.signer)
            return _signature(message)
    except SignatureBroken as error:
        if isinstance(error.__cause__, problems.OtherContent):
            raise ContentAltered(str(error)) from error
        raise


@contextmanager
def _renamed() -> Iterator[None]:
    with problems.renamed(SignatureMalformed, SignatureUnsupported, SignatureBroken, CertificateMismatch):
        yield


def _parse(data: bytes) -> cms.SignedMessage:
    try:
        message = cms.parse(data)
    except problems.SignerMissing as error:
        raise problems.Malformed(str(error)) from error
    if message.content_type != cms.DATA or message.content is not None:
        raise problems.Malformed("not a detached signature over data")
    if list(message.certificates) != sorted(message.certificates):
        raise problems.Malformed("certificates not in the order of DER")
    return message


def _signature(message: cms.SignedMessage) -> Signature:
    return Signature(
        certificate=message.signer.der,
        chain=message.others,
        signing_time=_decoded_time(message.attributes.get(cms.SIGNING_TIME)),
        digest_name=message.digest_name,
        has_unsigned=message.has_unsigned,
    )


def _signed_data(
    info: cms.SignerInfo, digest: algorithms.AlgorithmIdentifier, chain: tuple[bytes, ...]
) -> cms.SignedData:
    return cms.SignedData(
        version=1,
        digest_algorithms=asn1.SetOf([digest]),
        content=cms.EncapsulatedContent(content_type=Oid(cms.DATA), content=None),
        certificates=list(_elements(chain)),
        revocation_lists=None,
        signer_infos=asn1.SetOf([info]),
    )


@lru_cache(maxsize=8)
def _of_signer(certificate: bytes) -> tuple[cms.IssuerAndSerial, cms.Attribute]:
    """How a signature names its certificate; the same in each of a batch's signatures."""
    signer = x509.parse(certificate)
    return cms.issuer_and_serial(signer), ess.signing_certificate_v2(signer)


@lru_cache(maxsize=8)
def _elements(chain: tuple[bytes, ...]) -> tuple[asn1.TLV, ...]:
    """A chain in the order of DER."""
    return tuple(tlv(der) for der in sorted(set(chain)))


def _encoded_time(time: dt.datetime) -> asn1.UTCTime | asn1.GeneralizedTime:
    utc = time.astimezone(dt.UTC).replace(microsecond=0)
    return asn1.UTCTime(utc) if utc.year in _UTC_TIME_YEARS else asn1.GeneralizedTime(utc)


def _decoded_time(element: asn1.TLV | None) -> dt.datetime | None:
    if element is None:
        return None
    if element.tag_bytes not in (_UTC_TIME, _GENERALIZED_TIME):
        raise problems.Malformed("a signing time that isn't a time")
    return time_of(element.parse(asn1.UTCTime if element.tag_bytes == _UTC_TIME else asn1.GeneralizedTime))
