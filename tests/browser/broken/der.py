"""DER written by hand, right or wrong."""

import datetime as dt


def tlv(tag: int, *parts: bytes) -> bytes:
    """One element."""
    data = b"".join(parts)
    size = len(data)
    if size < 0x80:
        return bytes([tag, size]) + data
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 + len(length)]) + length + data


def sequence(*parts: bytes) -> bytes:
    """A SEQUENCE."""
    return tlv(0x30, *parts)


def set_of(*parts: bytes, tag: int = 0x31) -> bytes:
    """A SET OF, in order."""
    return tlv(tag, *sorted(parts))


def integer(value: int) -> bytes:
    """An INTEGER."""
    size = value.bit_length() // 8 + 1
    return tlv(0x02, value.to_bytes(size, "big", signed=True))


def oid(dotted: str) -> bytes:
    """An OBJECT IDENTIFIER."""
    first, second, *rest = map(int, dotted.split("."))
    return tlv(0x06, *(_arc(arc) for arc in (40 * first + second, *rest)))


def _arc(value: int) -> bytes:
    digits = [value & 0x7F]
    while value := value >> 7:
        digits.append(value & 0x7F | 0x80)
    return bytes(reversed(digits))


def octets(data: bytes) -> bytes:
    """An OCTET STRING."""
    return tlv(0x04, data)


def bits(data: bytes, unused: int = 0) -> bytes:
    """A BIT STRING."""
    return tlv(0x03, bytes([unused]), data)


def utc_time(time: dt.datetime) -> bytes:
    """A UTCTime."""
    return tlv(0x17, f"{time:%y%m%d%H%M%SZ}".encode())


def generalized_time(time: dt.datetime, fraction: str = "") -> bytes:
    """A GeneralizedTime; the fraction with its point."""
    return tlv(0x18, f"{time.year:04d}{time:%m%d%H%M%S}{fraction}Z".encode())


NULL = tlv(0x05)
