"""X.509 certificates (RFC 5280) as far as signatures and paths need them; names stay encoded."""

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated

from cryptography.hazmat import asn1

from evidence.crypto import algorithms
from evidence.crypto.algorithms import AlgorithmIdentifier
from evidence.crypto.der import SEQUENCE_TAG, Oid, Time, decode, encode, time_of, wrapped
from evidence.crypto.problems import Malformed

KEY_USAGE = "2.5.29.15"
SUBJECT_KEY_ID = "2.5.29.14"
BASIC_CONSTRAINTS = "2.5.29.19"
EXTENDED_KEY_USAGE = "2.5.29.37"
TIME_STAMPING = "1.3.6.1.5.5.7.3.8"

_USAGE_BITS = ("digitalSignature", "nonRepudiation", "", "", "", "keyCertSign")
_V3 = 2


@asn1.sequence
class _Validity:
    not_before: Time
    not_after: Time


@asn1.sequence
class Extension:
    """One extension; an explicit ``critical FALSE``, which DER forbids, may stand in foreign certificates."""

    oid: Oid
    critical: bool | None
    value: bytes


@asn1.sequence
class _TbsCertificate:
    version: Annotated[int, asn1.Explicit(0), asn1.Default(0)]
    serial: int
    signature: AlgorithmIdentifier
    issuer: asn1.TLV
    validity: _Validity
    subject: asn1.TLV
    public_key: asn1.TLV
    issuer_id: Annotated[asn1.BitString | None, asn1.Implicit(1)]
    subject_id: Annotated[asn1.BitString | None, asn1.Implicit(2)]
    extensions: Annotated[list[Extension] | None, asn1.Explicit(3)]


@asn1.sequence
class _Certificate:
    tbs: asn1.TLV
    algorithm: AlgorithmIdentifier
    signature: asn1.BitString


@asn1.sequence
class _BasicConstraints:
    ca: bool | None
    path_length: int | None


@asn1.sequence
class _Usages:
    usages: list[Oid]


@dataclass(frozen=True)
class Certificate:
    """A certificate, read but not judged.

    Attributes:
        der: the whole certificate.
        issuer, subject: DER Names; compared byte for byte.
        not_before, not_after: aware, UTC, both inclusive.
        public_key: DER SubjectPublicKeyInfo.
        extensions: for each OID whether it is critical, and its DER value.
        is_ca, path_length: basicConstraints; False and None without it.
        key_usage: which of digitalSignature, nonRepudiation, keyCertSign; None without the extension.
        purposes: OIDs of extKeyUsage; None without it.
        subject_key_id: the extension's octets; empty without it.
    """

    der: bytes
    serial: int
    issuer: bytes
    subject: bytes
    not_before: dt.datetime
    not_after: dt.datetime
    public_key: bytes
    extensions: Mapping[str, tuple[bool, bytes]]
    is_ca: bool
    path_length: int | None
    key_usage: frozenset[str] | None
    purposes: tuple[str, ...] | None
    subject_key_id: bytes
    tbs: bytes
    algorithm: AlgorithmIdentifier
    signature: bytes

    @cached_property
    def sha256(self) -> str:
        """The certificate's fingerprint, 64 lower-case hexadecimal digits."""
        return hashlib.sha256(self.der).hexdigest()

    @property
    def self_issued(self) -> bool:
        """Whether issuer and subject are the same (RFC 5280, section 3.2)."""
        return self.issuer == self.subject

    @property
    def may_sign(self) -> bool:
        """Whether it is for signing data: no CA, and its key usage, if stated, says so."""
        usage = self.key_usage
        return not self.is_ca and (usage is None or bool(usage & {"digitalSignature", "nonRepudiation"}))

    def only_for_time_stamps(self) -> bool:
        """Whether extKeyUsage is critical and holds timeStamping alone (RFC 3161, section 2.3)."""
        critical, _ = self.extensions.get(EXTENDED_KEY_USAGE, (False, b""))
        return critical and self.purposes == (TIME_STAMPING,)

    def check_issued_by(self, issuer: "Certificate") -> None:
        """Check the signature on this certificate with the key of another.

        Raises:
            Unsupported, Malformed, Broken: see algorithms.check_signature.
        """
        algorithms.check_signature(issuer.public_key, self.algorithm, self.tbs, self.signature)


def parse(der: bytes) -> Certificate:
    """Read a DER certificate; nothing is judged.

    Raises:
        ValueError: not a certificate, or one of the extensions read here isn't what it should be.
    """
    outer = decode(_Certificate, der)
    tbs_bytes = encode(outer.tbs)
    tbs = decode(_TbsCertificate, tbs_bytes)
    _check_form(outer, tbs)
    extensions = _extensions(tbs)
    constraints = _basic_constraints(extensions)
    return Certificate(
        der=der,
        serial=tbs.serial,
        issuer=encode(tbs.issuer),
        subject=encode(tbs.subject),
        not_before=time_of(tbs.validity.not_before),
        not_after=time_of(tbs.validity.not_after),
        public_key=encode(tbs.public_key),
        extensions=extensions,
        is_ca=bool(constraints.ca),
        path_length=constraints.path_length,
        key_usage=_key_usage(extensions),
        purposes=_purposes(extensions),
        subject_key_id=decode(bytes, extensions[SUBJECT_KEY_ID][1]) if SUBJECT_KEY_ID in extensions else b"",
        tbs=tbs_bytes,
        algorithm=outer.algorithm,
        signature=outer.signature.as_bytes(),
    )


def _check_form(outer: _Certificate, tbs: _TbsCertificate) -> None:
    if not 0 <= tbs.version <= _V3 or (tbs.extensions is not None and tbs.version != _V3):
        raise Malformed("certificate version")
    if encode(outer.algorithm) != encode(tbs.signature):
        raise Malformed("a certificate that names two signature algorithms")
    if {tbs.issuer.tag_bytes, tbs.subject.tag_bytes, tbs.public_key.tag_bytes} != {SEQUENCE_TAG}:
        raise Malformed("a name or key in a certificate that isn't a sequence")
    if outer.signature.padding_bits():
        raise Malformed("a certificate signature that isn't whole bytes")


def _extensions(tbs: _TbsCertificate) -> dict[str, tuple[bool, bytes]]:
    listed = tbs.extensions or []
    found = {item.oid.dotted_string: (bool(item.critical), item.value) for item in listed}
    if len(found) != len(listed):
        raise Malformed("the same certificate extension twice")
    return found


def _basic_constraints(extensions: Mapping[str, tuple[bool, bytes]]) -> _BasicConstraints:
    if BASIC_CONSTRAINTS not in extensions:
        return _BasicConstraints(ca=None, path_length=None)
    constraints = decode(_BasicConstraints, extensions[BASIC_CONSTRAINTS][1])
    if constraints.path_length is not None and constraints.path_length < 0:
        raise Malformed("a negative path length")
    return constraints


def _key_usage(extensions: Mapping[str, tuple[bool, bytes]]) -> frozenset[str] | None:
    if KEY_USAGE not in extensions:
        return None
    bits = decode(asn1.BitString, extensions[KEY_USAGE][1]).as_bytes()
    first = bits[0] if bits else 0
    return frozenset(name for place, name in enumerate(_USAGE_BITS) if name and first & (0x80 >> place))


def _purposes(extensions: Mapping[str, tuple[bool, bytes]]) -> tuple[str, ...] | None:
    if EXTENDED_KEY_USAGE not in extensions:
        return None
    holder = decode(_Usages, wrapped(extensions[EXTENDED_KEY_USAGE][1]))
    return tuple(oid.dotted_string for oid in holder.usages)
