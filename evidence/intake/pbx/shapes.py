"""Which log a table is, told by its header or by what stands in its first rows."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from evidence.intake.inbox import records
from evidence.intake.pbx import asterisk_cdr, asterisk_cel, freeswitch_cdr, mapped, queue_log
from evidence.intake.pbx.draft import Draft
from evidence.intake.pbx.rules import PbxMapping
from evidence.model import pbxlog

_MOST_COLUMNS = 1000
_TIME = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}:[0-9]{2}\S{0,12}|[0-9]{9,10}\.[0-9]{1,6}"
)
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_QUEUE_LINE = re.compile(
    rb"[0-9]{9,11}(?:\.[0-9]{1,6})?\|[^|\r\n]*\|[^|\r\n]*\|[^|\r\n]*\|[A-Z_]{3,40}(?:\||\s*$)"
)

Maker = Callable[[Mapping[str, str], int, int], Draft]


class Unreadable(ValueError):
    """A record that can't be read; its text is the code of the problem."""


@dataclass(frozen=True, slots=True)
class Shape:
    """How the records of a table are read.

    Attributes:
        format: one of evidence.model.pbxlog.FORMATS.
        columns: their names by place; empty for one that isn't known.
        least: how many cells a record must have.
        make: makes a draft of the cells by column.
        delimiter: what stands between cells.
        encoding: of the text.
        header: line of the record that names the columns; 0 when none does.
        is_quoted: whether quotes mean anything; in a queue_log they stand for themselves.
    """

    format: str
    columns: tuple[str, ...]
    least: int
    make: Maker
    delimiter: str = ","
    encoding: str = "utf-8"
    header: int = 0
    is_quoted: bool = True

    def draft(self, record: records.Record) -> Draft:
        """What a record says.

        Raises:
            Unreadable: ``quote``, ``columns`` or ``torn`` (it ends in the middle).
        """
        found = self.cells(record.data)
        if not self.least <= len(found) <= _MOST_COLUMNS:
            raise Unreadable("columns" if record.data.endswith(b"\n") else "torn")
        named = {name: cell for name, cell in zip(self.columns, found, strict=False) if name}
        last = record.line + max(record.data.count(b"\n") - record.data.endswith(b"\n"), 0)
        return self.make(named, record.line, last)

    def cells(self, data: bytes) -> list[str]:
        r"""The cells of a record; bytes that aren't in the encoding become ``\xNN``.

        Raises:
            Unreadable: ``quote``.
        """
        if not self.is_quoted:
            text = data.decode(self.encoding, "backslashreplace")
            return text.rstrip("\r\n").split(self.delimiter)
        return [_text(cell, self.encoding) for cell in _cells(data, self.encoding, self.delimiter)]


def _cells(data: bytes, encoding: str, delimiter: str) -> list[str]:
    try:
        return records.cells(data, encoding, delimiter)
    except ValueError as error:
        raise Unreadable("quote") from error


def _text(cell: str, encoding: str) -> str:
    """A cell in which no byte is left that the encoding doesn't know."""
    if cell.isascii() or not any("\ud800" <= character <= "\udfff" for character in cell):
        return cell
    try:
        text = cell.encode(encoding, "surrogateescape").decode(encoding, "backslashreplace")
    except UnicodeError:
        text = cell
    return text.encode("utf-8", "backslashreplace").decode("utf-8")  # some encodings know surrogates


def shape_of(record: records.Record, mapping: PbxMapping | None) -> Shape | None:
    """The shape of the table in which a record stands among the first; None when it tells none."""
    if record.problem:
        return None
    if mapping is not None:
        return _mapped(mapping, record)
    if _QUEUE_LINE.match(record.data):
        return Shape(pbxlog.QUEUE_LOG, queue_log.COLUMNS, 5, queue_log.draft, delimiter="|", is_quoted=False)
    for delimiter in (",", ";", "\t"):
        try:
            found = _cells(record.data, "utf-8", delimiter)
        except Unreadable:
            continue
        if shape := _by_header(found, delimiter, record.line):
            return shape
        if shape := _by_place(found, delimiter):
            return shape
    return None


# with a header

_HEADERS: tuple[tuple[str, Mapping[str, str], tuple[set[str], ...], Maker], ...] = (
    (pbxlog.ASTERISK_CEL, asterisk_cel.NAMES, ({"eventtype", "eventtime"},), asterisk_cel.draft),
    (pbxlog.QUEUE_LOG, queue_log.NAMES, ({"time", "callid", "queuename", "event"},), queue_log.draft),
    (pbxlog.FREESWITCH_CDR, {}, ({"start_stamp", "uuid"},), freeswitch_cdr.draft),
    (
        pbxlog.ASTERISK_CDR,
        asterisk_cdr.NAMES,
        ({"start", "src", "dst"}, {"start", "uniqueid"}, {"start", "recordingfile"}),
        asterisk_cdr.draft,
    ),
)


def _by_header(found: Sequence[str], delimiter: str, line: int) -> Shape | None:
    cells = [cell.strip().lower() for cell in found[:_MOST_COLUMNS]]
    for name, others, needed, make in _HEADERS:
        columns = tuple(others.get(cell, cell) for cell in cells)
        if any(wanted <= set(columns) for wanted in needed):
            columns = tuple(
                "" if column in columns[:place] else column for place, column in enumerate(columns)
            )
            least = 1 + max(columns.index(column) for column in _known(needed, columns))
            return Shape(name, columns, least, make, delimiter, header=line)
    return None


def _known(needed: tuple[set[str], ...], columns: Sequence[str]) -> set[str]:
    return next(wanted for wanted in needed if wanted <= set(columns))


# without one


def _by_place(found: Sequence[str], delimiter: str) -> Shape | None:
    cells = [cell.strip() for cell in found[:40]]
    if len(cells) < 12:
        return None
    if cells[0] in asterisk_cel.EVENTS:
        for columns in (asterisk_cel.CLASSIC, asterisk_cel.LITERAL, asterisk_cel.ADVANCED):
            if _has_time(cells, columns.index("eventtime")):
                least = columns.index("linkedid") + 1
                return Shape(pbxlog.ASTERISK_CEL, columns, least, asterisk_cel.draft, delimiter)
    if _has_time(cells, 4) and len(cells) > 10 and _UUID.fullmatch(cells[10]):
        return Shape(pbxlog.FREESWITCH_CDR, freeswitch_cdr.COLUMNS, 11, freeswitch_cdr.draft, delimiter)
    for order in (asterisk_cdr.CUSTOM, asterisk_cdr.MASTER):
        start = order.index("start")
        lasted = cells[start + 3] if len(cells) > start + 3 else ""
        if _has_time(cells, start) and lasted.isdecimal():
            return Shape(pbxlog.ASTERISK_CDR, order, start + 6, asterisk_cdr.draft, delimiter)
    return None


def _has_time(cells: Sequence[str], place: int) -> bool:
    return len(cells) > place and _TIME.fullmatch(cells[place]) is not None


# by a mapping


def _mapped(mapping: PbxMapping, record: records.Record) -> Shape | None:
    columns, header = mapping.columns, 0
    if mapping.header:
        try:
            found = _cells(record.data, mapping.encoding, mapping.delimiter)
        except Unreadable:
            return None
        columns, header = tuple(cell.strip() for cell in found), record.line
    sources = [source for _, source in mapping.fields]
    if any(columns.count(source) != 1 for source in sources) or len(columns) > _MOST_COLUMNS:
        return None

    def make(cells: Mapping[str, str], line: int, last_line: int) -> Draft:
        return mapped.draft(mapping, lambda field: cells.get(mapping.source(field), ""), line, last_line)

    least = 1 + max(columns.index(source) for source in sources)
    return Shape(pbxlog.MAPPED, columns, least, make, mapping.delimiter, mapping.encoding, header=header)
