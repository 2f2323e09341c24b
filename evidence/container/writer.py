"""Writes archives (FORMAT.md, "Container"): members one after another, then the central directory."""

from collections.abc import Callable, Sequence
from typing import BinaryIO

from isal.isal_zlib import crc32

from evidence.container.names import is_valid
from evidence.container.zipformat import MAX_MEMBERS, Member, central_header, end_records, local_header


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
