"""The ZIP records of an archive: the one way in which each is written (FORMAT.md, "Container").

Everything is stored, dated 1980-01-01 and without comments; ZIP64 fields stand exactly where a value doesn't
fit (APPNOTE.TXT 6.3.10, sections 4.3 and 4.5.3). The writer writes these bytes; the reader makes them again
from what it read and compares, so no field needs a check of its own. Names aren't checked here.
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

MAX_16 = 0xFFFE
"""Greatest number that a field of 16 bits holds; 0xFFFF says "see ZIP64"."""
MAX_32 = 0xFFFFFFFE
"""Greatest number that a field of 32 bits holds; 0xFFFFFFFF says "see ZIP64"."""
MAX_MEMBERS = 20_000
"""Members in the largest archive of format version 1."""

CENTRAL_SIGNATURE = b"PK\x01\x02"
END_SIGNATURE = b"PK\x05\x06"
LOCATOR_SIGNATURE = b"PK\x06\x07"
END_SIZE = 22
END64_SIZE = 56 + 20 + END_SIZE
"""Bytes from the ZIP64 end record to the end of the file."""

_LOCAL_SIGNATURE = b"PK\x03\x04"
_END64_SIGNATURE = b"PK\x06\x06"
_VERSION = 20
_VERSION_64 = 45
_UNIX = 3 << 8
_DATE = 0x0021  # 1980-01-01
_ATTRIBUTES = 0o100644 << 16
_ZIP64_EXTRA = 1

_LOCAL = struct.Struct("<4s5H3I2H")
_CENTRAL = struct.Struct("<4s6H3I5H2I")
_END = struct.Struct("<4s4H2IH")
_END64 = struct.Struct("<4sQ2H2I4Q")
_LOCATOR = struct.Struct("<4sIQI")

_COMMON_FIELDS = (
    ("version needed", 2),
    ("flags", 2),
    ("compression method", 2),
    ("time", 2),
    ("date", 2),
    ("CRC", 4),
    ("compressed size", 4),
    ("size", 4),
    ("length of the name", 2),
    ("length of the extra field", 2),
)
LOCAL_FIELDS = (("signature", 4), *_COMMON_FIELDS)
CENTRAL_FIELDS = (
    ("signature", 4),
    ("version made by", 2),
    *_COMMON_FIELDS,
    ("length of the comment", 2),
    ("disk", 2),
    ("internal attributes", 2),
    ("external attributes", 4),
    ("offset", 4),
)


@dataclass(frozen=True, slots=True)
class Member:
    """One member and where it stands.

    Attributes:
        name: its name in the archive.
        header_offset: where its local header begins, in bytes from the start of the file.
        data_offset: where its data begins.
        size: bytes of data.
        crc32: CRC-32 of the data (ISO 3309), as the headers state it.
    """

    name: str
    header_offset: int
    data_offset: int
    size: int
    crc32: int

    @classmethod
    def at(cls, header_offset: int, name: str, size: int, crc32: int) -> Self:
        """The member of that name whose local header begins there."""
        extra = 20 if size > MAX_32 else 0
        return cls(
            name, header_offset, header_offset + _LOCAL.size + len(_encoded(name)) + extra, size, crc32
        )

    @property
    def end(self) -> int:
        """Where the next member, or the central directory, begins."""
        return self.data_offset + self.size


@dataclass(frozen=True, slots=True)
class CentralRecord:
    """What a central header says, as far as the rest doesn't follow from it.

    Attributes:
        name: the name's bytes, whatever they are.
        length: bytes of the whole record, by its own account.
    """

    name: bytes
    offset: int
    size: int
    crc32: int
    length: int


@dataclass(frozen=True, slots=True)
class EndRecord:
    """What the end records say: members, bytes and place of the central directory."""

    count: int
    size: int
    offset: int


def _encoded(name: str) -> bytes:
    return name.encode("utf-8")


def _zip64_extra(values: Sequence[int]) -> bytes:
    wide = [value for value in values if value > MAX_32]
    return struct.pack(f"<2H{len(wide)}Q", _ZIP64_EXTRA, 8 * len(wide), *wide) if wide else b""


def _narrow(value: int) -> int:
    return min(value, 0xFFFFFFFF)


def local_header(member: Member) -> bytes:
    """The local file header (APPNOTE.TXT 4.3.7) of a member, its name and extra field included."""
    name = _encoded(member.name)
    extra = _zip64_extra((member.size, member.size))
    size = _narrow(member.size)
    version = _VERSION_64 if extra else _VERSION
    fixed = _LOCAL.pack(
        _LOCAL_SIGNATURE, version, 0, 0, 0, _DATE, member.crc32, size, size, len(name), len(extra)
    )
    return fixed + name + extra


def central_header(member: Member) -> bytes:
    """The central directory's header (APPNOTE.TXT 4.3.12) of a member, its name and extra field included."""
    name = _encoded(member.name)
    extra = _zip64_extra((member.size, member.size, member.header_offset))
    size = _narrow(member.size)
    version = _VERSION_64 if extra else _VERSION
    fixed = _CENTRAL.pack(
        *(CENTRAL_SIGNATURE, _UNIX | version, version, 0, 0, 0, _DATE, member.crc32, size, size),
        *(len(name), len(extra), 0, 0, 0, _ATTRIBUTES, _narrow(member.header_offset)),
    )
    return fixed + name + extra


def end_records(count: int, size: int, offset: int) -> bytes:
    """Everything behind a central directory of ``size`` bytes at ``offset`` (APPNOTE.TXT 4.3.14 to 4.3.16).

    The ZIP64 end record and its locator stand before the end record exactly when a number doesn't fit there.
    """
    narrow = min(count, 0xFFFF)
    end = _END.pack(END_SIGNATURE, 0, 0, narrow, narrow, _narrow(size), _narrow(offset), 0)
    if count <= MAX_16 and size <= MAX_32 and offset <= MAX_32:
        return end
    made_by = _UNIX | _VERSION_64
    numbers = (count, count, size, offset)
    end64 = _END64.pack(_END64_SIGNATURE, _END64.size - 12, made_by, _VERSION_64, 0, 0, *numbers)
    return end64 + _LOCATOR.pack(LOCATOR_SIGNATURE, 0, offset + size, 1) + end


def parse_central(directory: bytes, start: int) -> CentralRecord:
    """What the central header at ``start`` says; the caller makes it again and compares.

    Raises:
        ValueError: no whole central header stands there.
    """
    if len(directory) - start < _CENTRAL.size or not directory.startswith(CENTRAL_SIGNATURE, start):
        raise ValueError("the central directory holds something that isn't a member's header")
    fields = _CENTRAL.unpack_from(directory, start)
    crc32, packed, size, name_size, extra_size, comment_size = fields[7:13]
    name_end = start + _CENTRAL.size + name_size
    length = _CENTRAL.size + name_size + extra_size + comment_size
    if length > len(directory) - start:
        raise ValueError("the last header of the central directory is cut short")
    wide = _wide_values(directory[name_end : name_end + extra_size])
    size, _packed, offset = (
        wide.pop(0) if wide and value > MAX_32 else value for value in (size, packed, fields[16])
    )
    return CentralRecord(directory[start + _CENTRAL.size : name_end], offset, size, crc32, length)


def _wide_values(extra: bytes) -> list[int]:
    if len(extra) not in {12, 20, 28} or not extra.startswith(struct.pack("<H", _ZIP64_EXTRA)):
        return []
    return list(struct.unpack(f"<{len(extra) // 8}Q", extra[4:]))


def parse_end(tail: bytes) -> EndRecord:
    """What the end record in the last bytes of a file says; the caller makes it again and compares.

    Args:
        tail: the last END64_SIZE bytes, or all when there are fewer; at least END_SIZE.
    """
    _signature, _disk, _start_disk, _count, count, size, offset, _comment = _END.unpack(tail[-END_SIZE:])
    if len(tail) == END64_SIZE and tail.startswith(LOCATOR_SIGNATURE, _END64.size):
        count, size, offset = _END64.unpack_from(tail)[7:10]
    return EndRecord(count, size, offset)


def difference(fields: Sequence[tuple[str, int]], found: bytes, expected: bytes) -> str:
    """Names the first field of a header that isn't as it has to be, for a Malformed's reason."""
    start = 0
    for name, size in fields:
        is_, must = (int.from_bytes(data[start : start + size], "little") for data in (found, expected))
        if is_ != must:
            return f"{name} is {is_:#x} instead of {must:#x}"
        start += size
    return "the name or the extra field differs"
