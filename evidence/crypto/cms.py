"""Signed messages (CMS SignedData, RFC 5652) with one signer: the frame of CAdES signatures and of tokens.

Read as strict DER, but for the order of the certificates: they aren't signed, and ``openssl ts`` doesn't sort
them. What isn't needed (other certificate forms, revocation lists, unsigned attributes) may be there.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from cryptography.hazmat import asn1

from evidence.crypto import algorithms, x509
from evidence.crypto.algorithms import AlgorithmIdentifier
from evidence.crypto.der import SEQUENCE_TAG, Oid, decode, encode, tlv
from evidence.crypto.problems import Malformed, OtherContent, SignerMissing, Unsupported

SIGNED_DATA = "1.2.840.113549.1.7.2"
DATA = "1.2.840.113549.1.7.1"
CONTENT_TYPE = "1.2.840.113549.1.9.3"
MESSAGE_DIGEST = "1.2.840.113549.1.9.4"
SIGNING_TIME = "1.2.840.113549.1.9.5"

MAX_CERTIFICATES = 64
_VERSIONS = (1, 3)


@asn1.sequence
class ContentInfo:
    """The outermost frame; ``content`` is ``[0] EXPLICIT ANY``, read as a list of one."""

    content_type: Oid
    content: Annotated[list[asn1.TLV] | None, asn1.Implicit(0)]


@asn1.sequence
class EncapsulatedContent:
    """The signed content, or only its type when it is detached."""

    content_type: Oid
    content: Annotated[bytes | None, asn1.Explicit(0)]


@asn1.sequence
class IssuerAndSerial:
    """Which certificate is the signer's; ``issuer`` is a Name."""

    issuer: asn1.TLV
    serial: int


@asn1.sequence
class Attribute:
    """A signed or unsigned attribute."""

    type: Oid
    values: asn1.SetOf[asn1.TLV]


@asn1.sequence
class SignerInfo:
    """One signature (RFC 5652, section 5.3)."""

    version: int
    signer: IssuerAndSerial | Annotated[bytes, asn1.Implicit(0)]
    digest_algorithm: AlgorithmIdentifier
    signed_attributes: Annotated[asn1.SetOf[Attribute] | None, asn1.Implicit(0)]
    signature_algorithm: AlgorithmIdentifier
    signature: bytes
    unsigned_attributes: Annotated[asn1.SetOf[Attribute] | None, asn1.Implicit(1)]


@asn1.sequence
class SignedData:
    """RFC 5652, section 5.1; the certificates as a list, so that their order may be any."""

    version: int
    digest_algorithms: asn1.SetOf[AlgorithmIdentifier]
    content: EncapsulatedContent
    certificates: Annotated[list[asn1.TLV] | None, asn1.Implicit(0)]
    revocation_lists: Annotated[list[asn1.TLV] | None, asn1.Implicit(1)]
    signer_infos: asn1.SetOf[SignerInfo]


@dataclass(frozen=True)
class SignedMessage:
    """A message with one signer, read but not checked.

    Attributes:
        content_type: OID.
        content: None when detached.
        certificates: elements of the certificate set in the order of the file.
        signer: the signer's certificate.
        others: the further X.509 certificates that can be read, DER.
        digest_name: of the message digest; one of algorithms.DIGESTS.
        attributes: the value of each signed attribute by OID.
        signed_bytes: what the signature value is over.
        has_unsigned: whether there are unsigned attributes.
    """

    content_type: str
    content: bytes | None
    certificates: tuple[bytes, ...]
    signer: x509.Certificate
    others: tuple[bytes, ...]
    digest_name: str
    attributes: Mapping[str, asn1.TLV]
    signed_bytes: bytes
    signature_algorithm: AlgorithmIdentifier
    signature: bytes
    has_unsigned: bool

    def check(self, content: bytes) -> None:
        """Check signature value and message digest against the content.

        Raises:
            OtherContent: a good signature of that key, over other content.
            Broken: the signature value doesn't fit.
            Unsupported, Malformed: the signer's key can't be used.
        """
        algorithms.check_signature(
            self.signer.public_key,
            self.signature_algorithm,
            self.signed_bytes,
            self.signature,
            self.digest_name,
        )
        signed = decode(bytes, encode(self.attributes[MESSAGE_DIGEST]))
        if signed != algorithms.digest(self.digest_name, content):
            raise OtherContent("the message digest is that of other content")


def parse(data: bytes) -> SignedMessage:
    """Read a signed message.

    Raises:
        Malformed: not DER, not SignedData with one signer and signed attributes, or two certificates that
            could be the signer's.
        Unsupported: a CMS version, digest, signature or key type that isn't known here.
        SignerMissing: the signer's certificate isn't in the message.
    """
    signed = _signed_data(data)
    info = _signer_info(signed)
    digest_name = algorithms.digest_of(info.digest_algorithm)
    listed = {item.algorithm.dotted_string for item in signed.digest_algorithms.as_list()}
    if info.digest_algorithm.algorithm.dotted_string not in listed:
        raise Malformed("the digest algorithm isn't among those listed")
    algorithms.signature_of(info.signature_algorithm, digest_name)
    if info.signed_attributes is None:
        raise Malformed("no signed attributes")
    content_type = signed.content.content_type.dotted_string
    certificates = tuple(encode(item) for item in signed.certificates or [])
    signer, others = _find_signer(info, certificates)
    algorithms.public_key(signer.public_key)
    return SignedMessage(
        content_type=content_type,
        content=signed.content.content,
        certificates=certificates,
        signer=signer,
        others=others,
        digest_name=digest_name,
        attributes=_attributes(info.signed_attributes, content_type),
        signed_bytes=encode(info.signed_attributes),
        signature_algorithm=info.signature_algorithm,
        signature=info.signature,
        has_unsigned=info.unsigned_attributes is not None,
    )


def attribute(oid: str, value: object) -> Attribute:
    """A signed attribute with one value."""
    return Attribute(type=Oid(oid), values=asn1.SetOf([tlv(encode(value))]))


def issuer_and_serial(certificate: x509.Certificate) -> IssuerAndSerial:
    """How a signature names its signer's certificate."""
    return IssuerAndSerial(issuer=tlv(certificate.issuer), serial=certificate.serial)


def frame(signed: SignedData) -> bytes:
    """The bytes of a whole message."""
    return encode(ContentInfo(content_type=Oid(SIGNED_DATA), content=[tlv(encode(signed))]))


def _signed_data(data: bytes) -> SignedData:
    outer = decode(ContentInfo, data)
    if outer.content_type.dotted_string != SIGNED_DATA or outer.content is None or len(outer.content) != 1:
        raise Malformed("not CMS SignedData")
    signed = decode(SignedData, encode(outer.content[0]))
    if signed.version not in _VERSIONS:
        raise Unsupported(f"CMS version {signed.version}")
    return signed


def _signer_info(signed: SignedData) -> SignerInfo:
    infos = signed.signer_infos.as_list()
    if len(infos) != 1:
        raise Malformed(f"{len(infos)} signers instead of one")
    by_serial = isinstance(infos[0].signer, IssuerAndSerial)
    if infos[0].version != (1 if by_serial else 3):
        raise Malformed("signer version")
    return infos[0]


def _attributes(listed: asn1.SetOf[Attribute], content_type: str) -> dict[str, asn1.TLV]:
    found: dict[str, asn1.TLV] = {}
    for item in listed.as_list():
        oid, values = item.type.dotted_string, item.values.as_list()
        if oid in found or len(values) != 1:
            raise Malformed(f"signed attribute {oid} hasn't exactly one value")
        found[oid] = values[0]
    if CONTENT_TYPE not in found or MESSAGE_DIGEST not in found:
        raise Malformed("signed attributes without content type or message digest")
    decode(bytes, encode(found[MESSAGE_DIGEST]))
    if decode(Oid, encode(found[CONTENT_TYPE])).dotted_string != content_type:
        raise Malformed("the content type isn't the signed one")
    return found


def _find_signer(
    info: SignerInfo, certificates: tuple[bytes, ...]
) -> tuple[x509.Certificate, tuple[bytes, ...]]:
    if len(certificates) > MAX_CERTIFICATES:
        raise Malformed(f"more than {MAX_CERTIFICATES} certificates")
    readable = [item for der in dict.fromkeys(certificates) if (item := _readable(der))]
    signers = [item for item in readable if _is_named(item, info.signer)]
    if len(signers) > 1:
        raise Malformed("two certificates that could be the signer's")
    if not signers:
        raise SignerMissing("the signer's certificate isn't in it, or can't be read")
    return signers[0], tuple(item.der for item in readable if item is not signers[0])


def _readable(der: bytes) -> x509.Certificate | None:
    if not der.startswith(SEQUENCE_TAG):
        return None
    try:
        return x509.parse(der)
    except ValueError:
        return None


def _is_named(certificate: x509.Certificate, signer: IssuerAndSerial | bytes) -> bool:
    if isinstance(signer, bytes):
        return bool(signer) and certificate.subject_key_id == signer
    return (certificate.issuer, certificate.serial) == (encode(signer.issuer), signer.serial)
