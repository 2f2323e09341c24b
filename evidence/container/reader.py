"""Reads archives strictly: every byte of the file is accounted for (FORMAT.md, "Container").

Each header is made again from the values it states and compared byte by byte with what stands in the file;
members follow one another without gap, then the central directory in the same order, then the end record.
Digests, names' meanings and the order of kinds are judged elsewhere.
"""

from collections.abc import Callable, Iterator
from typing import BinaryIO, Protocol, cast

from isal.isal_zlib import crc32

from evidence.container.names import MAX_NAME, MIMETYPE, MIMETYPE_NAME, is_valid
from evidence.container.zipformat import (
    CENTRAL_FIELDS,
    CENTRAL_SIGNATURE,
    END64_SIZE,
    END_SIGNATURE,
    END_SIZE,
    LOCAL_FIELDS,
    MAX_MEMBERS,
    EndRecord,
    Member,
    central_header,
    difference,
    end_records,
    local_header,
    parse_central,
    parse_end,
)
from evidence.digests import CHUNK, sha256_and_crc32

TRUNCATED = "CONTAINER_TRUNCATED"
MALFORMED = "CONTAINER_MALFORMED"
NAME = "MEMBER_NAME"
DUPLICATE = "MEMBER_DUPLICATE"

MAX_DIRECTORY = 8 * 1024 * 1024
"""Bytes of the largest central directory that is read."""
_MAX_COMMENT = 0xFFFF


class _Readable(Protocol):
    def seek(self, offset: int, whence: int = 0, /) -> int: ...
    def read(self, size: int, /) -> bytes: ...
    def readinto(self, buffer: memoryview, /) -> int | None: ...


class NotAnArchive(ValueError):
    """The file doesn't begin with the exact mimetype member of an archive."""


class Malformed(ValueError):
    """The file begins as an archive and isn't one.

    Attributes:
        code: TRUNCATED, MALFORMED, NAME or DUPLICATE.
        subject: name of the member it is about, or empty; untrusted text, at most 128 characters.
        reason: what is wrong, in English; holds no untrusted text.
    """

    def __init__(self, code: str, subject: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.subject = subject
        self.reason = reason


class MemberTooLarge(ValueError):
    """A member holds more bytes than its kind may have."""


class Container:
    """An archive whose structure is sound; ``open_archive`` makes it.

    Args:
        file: the file, which stays the caller's and must stay open.
        members: its members in their order; the first is the mimetype.
    """

    def __init__(self, file: BinaryIO, members: tuple[Member, ...]) -> None:
        self._file = cast("_Readable", file)
        self.members = members
        self._by_name = {member.name: member for member in members}

    def find(self, name: str) -> Member | None:
        """The member of exactly that name, or None."""
        return self._by_name.get(name)

    def chunks(self, member: Member) -> Iterator[memoryview]:
        """The member's data in pieces of at most CHUNK bytes.

        Every piece is a view of **one buffer that the next piece overwrites**: use it up, or copy it. Several
        members may be read in turns.

        Raises:
            Malformed: TRUNCATED: the file ended before the member did.
        """
        position = member.data_offset
        view = memoryview(bytearray(min(CHUNK, member.size)))
        while left := member.end - position:
            self._file.seek(position)
            count = self._file.readinto(view[:left])
            if not count:
                raise Malformed(TRUNCATED, member.name, "the file ended while the member was read")
            position += count
            yield view[:count]

    def digest(self, member: Member, advance: Callable[[int], None] | None = None) -> tuple[bytes, int]:
        """SHA-256 (32 bytes) and CRC-32 of the data that stands in the file, both found in one pass.

        Args:
            member: one of the members.
            advance: told the length of each piece that was read.

        Raises:
            Malformed: TRUNCATED: the file ended before the member did.
        """
        return sha256_and_crc32(self._told(member, advance), member.size)

    def _told(self, member: Member, advance: Callable[[int], None] | None) -> Iterator[memoryview]:
        for chunk in self.chunks(member):
            yield chunk
            if advance is not None:
                advance(len(chunk))

    def read(self, member: Member, limit: int) -> bytes:
        """The whole data of a member of at most ``limit`` bytes.

        Raises:
            MemberTooLarge: it holds more.
            Malformed: TRUNCATED: the file ended before the member did.
        """
        if member.size > limit:
            raise MemberTooLarge(f"{member.size} bytes, more than {limit}")
        return b"".join(map(bytes, self.chunks(member)))


def open_archive(file: BinaryIO, mimetype: bytes = MIMETYPE) -> Container:
    """Checks the structure of a whole file and returns its members; reads headers, no data.

    Args:
        file: a seekable binary file with ``readinto``, as ``open(path, "rb")`` gives it.
        mimetype: content of the first member, by which archives and sidecars are told apart.

    Raises:
        NotAnArchive: it doesn't begin with the exact mimetype member.
        Malformed: it begins so, and any byte of its structure isn't as the format has it.
        OSError: it can't be read.
    """
    _check_beginning(file, mimetype)
    length = file.seek(0, 2)
    end = _find_end(file, length)
    directory = _read_at(file, end.offset, end.size)
    members = _parse_directory(directory, end.count)
    _check_headers(file, directory, members, end.offset)
    if members[-1].end != end.offset:
        raise _malformed(members[-1].name, "the central directory doesn't begin where the last member ends")
    return Container(file, members)


def _malformed(subject: str, reason: str) -> Malformed:
    return Malformed(MALFORMED, subject, reason)


def _read_at(file: BinaryIO, position: int, size: int) -> bytes:
    file.seek(position)
    data = file.read(size)
    if len(data) != size:
        raise Malformed(TRUNCATED, "", "the file ended while it was read")
    return data


def _check_beginning(file: BinaryIO, mimetype: bytes) -> None:
    expected = local_header(Member.at(0, MIMETYPE_NAME, len(mimetype), crc32(mimetype))) + mimetype
    file.seek(0)
    if file.read(len(expected)) != expected:
        raise NotAnArchive("the file doesn't begin with the mimetype of an evidence archive")


def _find_end(file: BinaryIO, length: int) -> EndRecord:
    """The end record, which stands at the very end and says where the bytes before it are."""
    size = min(length, END64_SIZE)
    tail = _read_at(file, length - size, size)
    if not tail.startswith(END_SIGNATURE, size - END_SIZE):
        raise _no_end(file, length)
    end = parse_end(tail)
    if end.offset + end.size > length:
        raise _malformed("", "the end record points beyond the end of the file")
    expected = end_records(end.count, end.size, end.offset)
    if not tail.endswith(expected):
        raise _malformed("", "the end record isn't written as the format has it")
    if end.offset + end.size + len(expected) != length:
        raise _malformed("", "the central directory doesn't end where the end record begins")
    if not 0 < end.count <= MAX_MEMBERS or end.size > MAX_DIRECTORY:
        raise _malformed(
            "", f"the central directory has {end.count} members in {end.size} bytes: out of bounds"
        )
    return end


def _no_end(file: BinaryIO, length: int) -> Malformed:
    """Tells a file with bytes behind its end record from one whose end is gone."""
    start = max(0, length - _MAX_COMMENT - END64_SIZE)
    tail = _read_at(file, start, length - start)
    found = tail.rfind(END_SIGNATURE)
    while found >= 0:
        if len(tail) - found >= END_SIZE and _belongs(file, tail[: found + END_SIZE], start + found):
            return _malformed("", f"{len(tail) - found - END_SIZE} bytes stand behind the end record")
        found = tail.rfind(END_SIGNATURE, 0, found)
    return Malformed(TRUNCATED, "", "no end record: the file was cut off")


def _belongs(file: BinaryIO, tail: bytes, position: int) -> bool:
    """Whether an end record is this file's, not that of an archive kept inside as an exhibit."""
    end = parse_end(tail[-END64_SIZE:])
    if end.offset + end.size not in {position, position + END_SIZE - END64_SIZE}:
        return False
    file.seek(end.offset)
    return file.read(len(CENTRAL_SIGNATURE)) == CENTRAL_SIGNATURE


def _parse_directory(directory: bytes, count: int) -> tuple[Member, ...]:
    members: list[Member] = []
    seen: set[str] = set()
    position = 0
    while position < len(directory):
        if len(members) == count:
            raise _malformed("", f"the central directory holds more than the {count} members it states")
        try:
            record = parse_central(directory, position)
        except ValueError as error:
            raise _malformed("", str(error)) from error
        name = _checked_name(record.name, seen)
        members.append(Member.at(record.offset, name, record.size, record.crc32))
        position += record.length
    if len(members) != count:
        raise _malformed("", f"the central directory holds {len(members)} members and states {count}")
    return tuple(members)


def _checked_name(raw: bytes, seen: set[str]) -> str:
    name = raw.decode("utf-8", "backslashreplace")
    if not is_valid(name):
        raise Malformed(NAME, name[:MAX_NAME], "not a name that a member may have")
    if name.lower() in seen:
        raise Malformed(DUPLICATE, name, "the name stands there twice (upper and lower case are the same)")
    seen.add(name.lower())
    return name


def _check_headers(file: BinaryIO, directory: bytes, members: tuple[Member, ...], limit: int) -> None:
    in_directory = 0
    in_file = 0
    for member in members:
        central = central_header(member)
        found = directory[in_directory : in_directory + len(central)]
        if found != central:
            reason = difference(CENTRAL_FIELDS, found, central)
            raise _malformed(member.name, f"central header: {reason}")
        if member.header_offset != in_file:
            reason = f"begins at {member.header_offset} instead of {in_file}: a gap or an overlap"
            raise _malformed(member.name, reason)
        if member.end > limit:
            raise _malformed(member.name, "reaches into the central directory")
        local = local_header(member)
        found = _read_at(file, in_file, len(local))
        if found != local:
            raise _malformed(member.name, f"local header: {difference(LOCAL_FIELDS, found, local)}")
        in_directory += len(central)
        in_file = member.end
