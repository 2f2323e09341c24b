"""One log of a folder, as drafts of those of its lines that can matter; read anew for each pass."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from hashlib import sha256
from typing import BinaryIO, Protocol

from evidence.intake.inbox import records
from evidence.intake.pbx import shapes
from evidence.intake.pbx.asterisk_cel import PLAYED
from evidence.intake.pbx.draft import Draft
from evidence.intake.pbx.pieces import Holds, Pieces
from evidence.intake.pbx.rules import PbxMapping
from evidence.intake.pbx.shapes import Shape, Unreadable
from evidence.intake.pbx.telling import Problems
from evidence.model import pbxlog

Open = Callable[[], BinaryIO]
"""Opens a log for reading from its beginning."""

_TRIES = 5
"""Records that are looked at to tell what a table without header is."""


class Source(Protocol):
    """A log.

    Attributes:
        format: one of evidence.model.pbxlog.FORMATS; empty when it couldn't be told.
        lines: how many lines it has; known after the first pass.
        logs_playback: as of PbxLog; known after the first pass.
        is_read: whether anything could be read of it.
    """

    format: str
    lines: int
    logs_playback: bool | None
    is_read: bool

    def drafts(self, holds: Holds) -> Iterator[Draft]:
        """What the lines say for which ``holds`` is true; once through the file."""
        ...


class Table:
    """A log that is a table.

    Args:
        opened: opens it.
        mapping: how it is read, if the configuration says so; checked.
        problems: gets what is wrong with it.
    """

    def __init__(self, opened: Open, mapping: PbxMapping | None, problems: Problems) -> None:
        self._open = opened
        self._problems = problems
        self._shape = self._recognised(mapping)
        self.format = self._shape.format if self._shape else ""
        self.lines = 0
        self.is_read = self._shape is not None
        is_cel = self.format == pbxlog.ASTERISK_CEL
        self.logs_playback: bool | None = False if is_cel else None

    def _recognised(self, mapping: PbxMapping | None) -> Shape | None:
        with self._open() as file:
            if records.is_wide(file):
                self._problems.add(0, "wide")
                return None
            is_empty = True
            for number, record in enumerate(records.records(file, is_growing=False)):
                is_empty = False
                shape = shapes.shape_of(record, mapping)
                if shape is not None or number == _TRIES or (mapping is not None and mapping.header):
                    break
            if is_empty:
                self._problems.add(0, "empty")
                return None
        if shape is None:
            self._problems.add(0, "mapping_columns" if mapping else "unknown_format")
        return shape

    def drafts(self, holds: Holds) -> Iterator[Draft]:
        """What the lines say for which ``holds`` is true; once through the file."""
        if self._shape is None:
            return
        with self._open() as file:
            pieces = Pieces(file, self._wanted(holds), is_quoted=self._shape.is_quoted)
            for record in pieces:
                draft = self._draft(record, self._shape, holds)
                if draft is not None:
                    yield draft
            self.lines = pieces.lines

    def _wanted(self, holds: Holds) -> Holds:
        """Until a played sound has been seen in an event log, what may be one is looked at, too."""
        if self.format != pbxlog.ASTERISK_CEL:
            return holds
        return lambda data: holds(data) or (not self.logs_playback and PLAYED.search(data) is not None)

    def _draft(self, record: records.Record, shape: Shape, holds: Holds) -> Draft | None:
        if record.line == shape.header:
            return None
        is_wanted = holds(record.data)
        try:
            if record.problem:
                raise Unreadable(record.problem)  # noqa: TRY301  told like every other
            draft = shape.draft(record)
        except Unreadable as problem:
            if is_wanted or record.problem:
                self._problems.add(record.line, str(problem))
            return None
        if draft.kind == pbxlog.PLAYBACK:
            self.logs_playback = True
        if not is_wanted:
            return None
        self._check_encoding(record, shape)
        return replace(draft, digest=sha256(record.data.rstrip(b"\r\n")).digest())

    def _check_encoding(self, record: records.Record, shape: Shape) -> None:
        try:
            record.data.decode(shape.encoding)
        except UnicodeError:
            self._problems.add(record.line, "encoding")
