"""Writes archives (FORMAT.md, "Container"): members one after another, then the central directory."""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from typing import BinaryIO, Self

from isal.isal_zlib import crc32

from evidence.container.names import is_valid
from evidence.container.zipformat import MAX_MEMBERS, Member, central_header, end_records, local_header


class SourceChanged(ValueError):
    """A source gave more or fewer bytes than its size said when the member was begun."""


class ArchiveWriter:
    """Writes an archive into a file; the caller flushes and syncs it.

    What stands behind ``position`` is no part of the archive: a member whose source failed leaves bytes
    there, which the next member overwrites and ``finish`` cuts off.

    Args:
        out: a seekable file, opened ``w+b``, empty.
    """

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self._members: list[Member] = []
        self._names: set[str] = set()
        self._position = 0
        self._finished = False

    @classmethod
    def resume(cls, out: BinaryIO, members: Sequence[Member]) -> Self:
        """A writer that goes on behind members which the file holds already.

        Args:
            out: a seekable file, opened ``r+b``, cut off behind the last of the members.
            members: all members in the file, in its order.

        Raises:
            ValueError: the members don't follow one another from 0 to the end of the file.
        """
        writer = cls(out)
        for member in members:
            writer._check_name(member.name)
            if member != Member.at(writer._position, member.name, member.size, member.crc32):
                raise ValueError(f"{member.name} doesn't follow the member before it")
            writer._append(member)
        if out.seek(0, 2) != writer._position:
            raise ValueError("the file doesn't end behind its last member")
        return writer

    @property
    def members(self) -> tuple[Member, ...]:
        """The members written so far."""
        return tuple(self._members)

    @property
    def position(self) -> int:
        """Where the next member begins: the length of the file as far as it is written."""
        return self._position

    def add(self, name: str, data: bytes) -> Member:
        """Writes a member that is in memory.

        Raises:
            ValueError: the name is invalid or taken, or the archive is finished or full.
        """
        self._check_name(name)
        member = Member.at(self._position, name, len(data), crc32(data))
        self._out.seek(self._position)
        self._write(local_header(member))
        self._write(data)
        return self._append(member)

    def add_stream(self, name: str, size: int, chunks: Iterable[bytes | memoryview]) -> tuple[Member, bytes]:
        """Writes a member of ``size`` bytes as they come, and returns it with their SHA-256.

        The digests are of the very bytes written; a chunk may be reused after the next one is asked for.

        Raises:
            SourceChanged: the chunks hold more or fewer bytes than ``size``.
            ValueError: the name is invalid or taken, or the archive is finished or full.
        """
        self._check_name(name)
        start = self._position
        self._out.seek(start)
        self._write(local_header(Member.at(start, name, size, 0)))
        crc, digest = self._copy(size, chunks)
        member = Member.at(start, name, size, crc)
        self._out.seek(start)
        self._write(local_header(member))
        return self._append(member), digest

    def add_copied(self, name: str, size: int, copy: Callable[[int], int]) -> Member:
        """Writes a member whose data somebody else puts into the file, past this writer's buffer.

        Args:
            name: the member's name.
            size: bytes of its data.
            copy: called with the offset of the data once everything before it is flushed; puts exactly
                ``size`` bytes there and returns their CRC-32.

        Raises:
            ValueError: the name is invalid or taken, or the archive is finished or full.
        """
        self._check_name(name)
        member = Member.at(self._position, name, size, 0)
        self._out.seek(self._position)
        self._write(local_header(member))
        self._out.flush()
        member = Member.at(self._position, name, size, copy(member.data_offset))
        self._out.seek(self._position)
        self._write(local_header(member))
        return self._append(member)

    def finish(self) -> int:
        """Writes the central directory and the end record; returns the length of the file in bytes.

        Raises:
            ValueError: the archive is finished already.
        """
        self._check_open()
        self._out.seek(self._position)
        self._write(central_directory(self._members, self._position))
        self._finished = True
        return self._out.truncate()

    def _copy(self, size: int, chunks: Iterable[bytes | memoryview]) -> tuple[int, bytes]:
        crc = 0
        sha = hashlib.sha256()
        left = size
        for chunk in chunks:
            left -= len(chunk)
            if left < 0:
                raise SourceChanged(f"the source holds more than {size} bytes")
            sha.update(chunk)
            crc = crc32(chunk, crc)
            self._write(chunk)
        if left:
            raise SourceChanged(f"the source ended {left} bytes before its {size} bytes")
        return crc, sha.digest()

    def _write(self, data: bytes | memoryview) -> None:
        written = self._out.write(data)
        while written < len(data):  # only a file without a buffer takes less than it is given
            data = memoryview(data)[written:]
            written = self._out.write(data)

    def _append(self, member: Member) -> Member:
        self._members.append(member)
        self._names.add(member.name.lower())
        self._position = member.end
        return member

    def _check_open(self) -> None:
        if self._finished:
            raise ValueError("the archive is finished")

    def _check_name(self, name: str) -> None:
        self._check_open()
        if not is_valid(name):
            raise ValueError("not a name that a member may have")
        if name.lower() in self._names:
            raise ValueError(f"{name} is in the archive already")
        if len(self._members) >= MAX_MEMBERS:
            raise ValueError(f"more than {MAX_MEMBERS} members")


def central_directory(members: Sequence[Member], offset: int) -> bytes:
    """Everything behind the last member: the central directory and the end records.

    The last member ends and the directory begins at ``offset``.
    An archive is its members' bytes from 0 to ``offset``, then these bytes.
    """
    directory = b"".join(map(central_header, members))
    return directory + end_records(len(members), len(directory), offset)
