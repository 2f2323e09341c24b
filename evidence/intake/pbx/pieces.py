"""The records of a huge table that can matter: what surely doesn't is passed over without being parsed."""

import io
from collections.abc import Callable, Generator, Iterator
from dataclasses import replace
from typing import BinaryIO

from evidence.intake.inbox.records import LONGEST, Record, records

PIECE = 256 * 1024
"""Bytes that are looked at in one go."""

_BOM = b"\xef\xbb\xbf"
Holds = Callable[[bytes], bool]
"""Whether bytes hold something that is looked for."""


class Pieces:
    """The records of a table for which ``holds`` is true, or in which quotes or lengths are odd.

    A record is the same here as in evidence.intake.inbox.records, also where it spans lines.

    Args:
        file: at its beginning.
        holds: judges pieces and records.
        is_quoted: whether quotes hold lines together.
    """

    def __init__(self, file: BinaryIO, holds: Holds, *, is_quoted: bool = True) -> None:
        self._file = file
        self._holds = holds
        self._is_quoted = is_quoted
        self.lines = 0
        """Lines so far; when all is read, those of the file."""

    def __iter__(self) -> Iterator[Record]:
        rest = self._file.read(len(_BOM))
        rest = b"" if rest == _BOM else rest
        while block := self._file.read(PIECE):
            data = rest + block
            cut = data.rfind(b"\n") + 1
            if cut:
                torn = yield from self._piece(data[:cut], is_last=False)
                rest = torn + data[cut:]
            elif len(data) > LONGEST:
                yield Record(0, self.lines + 1, data[:LONGEST], "long")
                rest = self._skip_line()
            else:
                rest = data
        if rest:
            yield from self._piece(rest, is_last=True)

    def _piece(self, data: bytes, *, is_last: bool) -> Generator[Record, None, bytes]:
        """The records of whole lines; returns the beginning of one that goes on behind them."""
        is_whole = not self._is_quoted or data.count(b'"') % 2 == 0
        if is_whole and not self._holds(data):
            self.lines += _lines(data)
            return b""
        before = self.lines
        for record in records(io.BytesIO(data), is_growing=not is_last, is_quoted=self._is_quoted):
            if record.problem == "torn":
                self.lines += _lines(data[: record.offset])
                return data[record.offset :]
            if record.problem or self._holds(record.data):
                yield replace(record, line=before + record.line)
        self.lines += _lines(data)
        return b""

    def _skip_line(self) -> bytes:
        """Pass over the rest of a line that is too long; returns what stands behind it in its block."""
        self.lines += 1
        while block := self._file.read(PIECE):
            end = block.find(b"\n") + 1
            if end:
                return block[end:]
        return b""


def _lines(data: bytes) -> int:
    """How many lines begin in the data, which begins with one."""
    return data.count(b"\n") + (not data.endswith(b"\n") and bool(data))
