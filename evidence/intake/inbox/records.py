"""The records of a CSV file (RFC 4180) with their places, in bounded memory and whatever stands in them."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import BinaryIO

from evidence.intake.inbox.model import Row

LONGEST = 64 * 1024
"""Longest record that is read, in bytes."""

_BOM = b"\xef\xbb\xbf"
_WIDE = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class Record:
    """One record as it stands in the file.

    Attributes:
        offset: where it begins, in bytes.
        line: number of its first line, from 1.
        data: its bytes with the line end.
        problem: ``long``, ``quote`` (one that is never closed) or ``torn`` (the file ends within it); empty
            for most.
    """

    offset: int
    line: int
    data: bytes
    problem: str = ""

    def placed(self) -> Row:
        """Where it is, to be read again."""
        return Row(self.offset, len(self.data), self.line, sha256(self.data).digest())


def records(file: BinaryIO, *, is_growing: bool, is_quoted: bool = True) -> Iterator[Record]:
    """The records of a file in their order; empty lines and a byte order mark are passed over.

    A quote that isn't closed within LONGEST bytes spoils its own line only: reading goes on in the next one.
    Everything is read about twice at most.

    Args:
        file: at its beginning.
        is_growing: whether somebody still writes to it, so that its end may be the beginning of a record.
        is_quoted: whether quotes hold lines together; else each line is a record.
    """
    start = len(_BOM) if file.read(len(_BOM)) == _BOM else 0
    file.seek(start)
    offset, line = start, 1
    while data := file.readline(LONGEST + 1):
        if len(data) > LONGEST:
            length = len(data) + _skip_line(file, data)
            yield Record(offset, line, data[:LONGEST], "long")
            offset, line = offset + length, line + 1
            continue
        first = len(data)
        problem = ""
        if is_quoted and data.count(b'"') % 2:
            data, problem = _closed(file, data, is_growing=is_growing)
        elif is_growing and not data.endswith(b"\n"):
            problem = "torn"
        if problem == "quote":
            data = data[:first]
            file.seek(offset + first)
        if problem or data.strip(b"\r\n"):
            yield Record(offset, line, data, problem)
        offset, line = offset + len(data), line + data.count(b"\n")


def is_wide(file: BinaryIO) -> bool:
    """Whether a file is UTF-16, which isn't read; it stands at its beginning again afterwards."""
    mark = file.read(2)
    file.seek(0)
    return mark in _WIDE


def cells(data: bytes, encoding: str, delimiter: str) -> list[str]:
    """The cells of a record; bytes that aren't in the encoding become lone surrogates (PEP 383).

    Raises:
        ValueError: quotes stand where they can't.
    """
    text = data.decode(encoding, "surrogateescape").rstrip("\r\n")
    try:
        return next(csv.reader([text], delimiter=delimiter, strict=True), [])
    except csv.Error as error:
        raise ValueError(str(error)) from error


def _closed(file: BinaryIO, data: bytes, *, is_growing: bool) -> tuple[bytes, str]:
    """A record whose first line leaves a quote open, with the lines that close it."""
    parts, length, odd = [data], len(data), True
    while odd:
        more = file.readline(LONGEST + 1)
        length += len(more)
        if length > LONGEST or not (more or is_growing):
            return data, "quote"
        if not more:
            return b"".join(parts), "torn"
        parts.append(more)
        odd = odd != bool(more.count(b'"') % 2)
    return b"".join(parts), "torn" if is_growing and not more.endswith(b"\n") else ""


def _skip_line(file: BinaryIO, data: bytes) -> int:
    """Read on to the end of a line that is too long; returns how many bytes that were."""
    length = 0
    while data and not data.endswith(b"\n"):
        data = file.readline(1024 * 1024)
        length += len(data)
    return length
