"""Strict DER (X.690), over ``cryptography.hazmat.asn1``, with a size limit and one kind of error."""

import datetime as dt
from typing import TYPE_CHECKING, TypeVar

from cryptography.hazmat import asn1
from cryptography.hazmat.primitives.asymmetric import ec

from evidence.crypto.problems import Malformed

if TYPE_CHECKING:
    from cryptography.x509 import ObjectIdentifier as Oid
else:  # the same class, without the time that importing cryptography.x509 takes
    Oid = type(ec.EllipticCurveOID.SECP256R1)

__all__ = [
    "MAX_SIZE",
    "SEQUENCE_TAG",
    "Oid",
    "Time",
    "contents",
    "decode",
    "encode",
    "time_of",
    "tlv",
    "wrapped",
]

MAX_SIZE = 256 * 1024
"""No certificate, signature or token of the format is longer, in bytes."""

SEQUENCE_TAG = b"\x30"

Time = asn1.UTCTime | asn1.GeneralizedTime
"""The CHOICE of both times in certificates and in CMS."""

_T = TypeVar("_T")


@asn1.sequence
class _Holder:
    element: asn1.TLV


def decode(kind: type[_T], data: bytes) -> _T:
    """The value that the DER bytes hold, all of them; ``encode(decode(kind, x)) == x``.

    Raises:
        Malformed: longer than MAX_SIZE, not DER, not of that kind, or followed by further bytes.
    """
    if len(data) > MAX_SIZE:
        raise Malformed(f"longer than {MAX_SIZE} bytes")
    try:
        return asn1.decode_der(kind, data)
    except ValueError as error:
        raise Malformed(f"not DER of {kind.__name__.lstrip('_')}: {error}") from error


def encode(value: object) -> bytes:
    """The DER bytes of a value."""
    return asn1.encode_der(value)


def tlv(data: bytes) -> asn1.TLV:
    """Encoded bytes as an element that can stand in a structure.

    Raises:
        Malformed: the bytes aren't one DER element.
    """
    return decode(asn1.TLV, data)


def contents(element: asn1.TLV) -> bytes:
    """The bytes of an element without its tag and length."""
    return bytes(element.data)


def wrapped(data: bytes) -> bytes:
    """The encoded bytes of one element inside a SEQUENCE of their own."""
    return encode(_Holder(element=tlv(data)))


def time_of(time: asn1.UTCTime | asn1.GeneralizedTime) -> dt.datetime:
    """The time, aware, in UTC."""
    return time.as_datetime()
