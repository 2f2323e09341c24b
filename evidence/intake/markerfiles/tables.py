"""CSV tables of markers: a header of known columns in English or Ukrainian, then a marker a row."""

import csv
import io
import re
from collections.abc import Iterator

from evidence.intake.markerfiles import classes, row
from evidence.intake.markerfiles.classes import OwnClasses
from evidence.intake.markerfiles.drafts import Draft, wrong
from evidence.messages import language

COLUMNS = {
    "start": "початок",
    "end": "кінець",
    "start_ms": "start_ms",
    "end_ms": "end_ms",
    "class": "клас",
    "words": "слова",
    "recording": "запис",
    "channel": "канал",
    "asserted_by": "хто",
    "asserted_at": "коли",
    "how": "як",
    "language": "мова",
    "note": "примітка",
    "confidence": "певність",
    "reviewed_by": "хто перевірив",
    "reviewed_at": "коли перевірив",
    "withdrawn_by": "хто відкликав",
    "withdrawn_at": "коли відкликав",
    "withdrawn_reason": "чому відкликав",
    "source": "джерело",
}
"""The columns, and their names in Ukrainian."""

DISARMED = re.compile(r"'+[=+\-@\t\r]")
"""A cell that a spreadsheet would take for a formula, but for the apostrophes before it."""

_BY_NAME = {classes.plain(name): column for column, own in COLUMNS.items() for name in (column, own)}
_DELIMITERS = ",;\t"
_SEPARATOR_LINE = re.compile(r"sep=([,;\t])", re.IGNORECASE)
_FIRST_LINE = re.compile(r"\S[^\r\n]{0,4000}")


def looks_like_one(text: str) -> bool:
    """Whether the first line of a text names the column in which a marker begins."""
    return any({"start", "start_ms"} & set(_known(_first_line(text), mark)) for mark in _DELIMITERS)


def read(file: str, text: str, own: OwnClasses, zone: str | None = None) -> Iterator[Draft]:
    """The rows of the table; empty rows are passed over. Comma, semicolon or tab stands between the cells.

    Args:
        file: name of the file.
        text: the table; what Excel writes as first line, ``sep=;``, may stand in it.
        own: the vault's own classes.
        zone: IANA zone of the times that have no offset.

    Raises:
        FormatError: an unknown, missing or repeated column, or a cell that can't be read.
    """
    rows = _rows(file, text, _delimiter(text))
    if _SEPARATOR_LINE.fullmatch(_first_line(text)):
        next(rows, None)
    line, cells = next(rows, (1, []))
    columns = _header(file, line, cells)
    for line, cells in rows:
        yield row.draft(file, line, _given(file, line, columns, cells), zone, own)


def _first_line(text: str) -> str:
    found = _FIRST_LINE.search(text)
    return found[0] if found else ""


def _known(line: str, mark: str) -> list[str]:
    """The known columns that a header names when that mark stands between its cells."""
    names = (classes.plain(cell.strip('"')) for cell in line.split(mark))
    return [_BY_NAME[name] for name in names if name in _BY_NAME]


def _delimiter(text: str) -> str:
    first = _first_line(text)
    if told := _SEPARATOR_LINE.fullmatch(first):
        return told[1]
    return max(_DELIMITERS, key=lambda mark: (len(_known(first, mark)), first.count(mark)))


def _rows(file: str, text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """The rows that aren't empty, each with the number of its first line."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise wrong(file, line, "markerfiles.broken_row") from error
        if cells is None:
            return
        cells = [cell.strip() for cell in cells]
        if any(cells):
            yield line, cells


def _header(file: str, line: int, cells: list[str]) -> list[str]:
    """The columns in their order."""
    columns: list[str] = []
    while cells and not cells[-1]:
        cells.pop()
    for cell in cells:
        column = _BY_NAME.get(classes.plain(cell))
        if column is None:
            raise wrong(file, line, "markerfiles.unknown_column", cell, list=_names())
        if column.removesuffix("_ms") in {known.removesuffix("_ms") for known in columns}:
            raise wrong(file, line, "markerfiles.column_twice", cell)
        columns.append(column)
    if not {"start", "start_ms"} & set(columns):
        raise wrong(file, line, "markerfiles.no_start_column")
    return columns


def _names() -> str:
    return ", ".join(COLUMNS if language() == "en" else dict.fromkeys(COLUMNS.values()))


def _given(file: str, line: int, columns: list[str], cells: list[str]) -> dict[str, str]:
    """What a row says, by column; a row may end early."""
    extra = next(filter(None, cells[len(columns) :]), None)
    if extra is not None:
        raise wrong(file, line, "markerfiles.cell_too_many", extra)
    return {column: _armed(cell) for column, cell in zip(columns, cells, strict=False) if cell}


def _armed(cell: str) -> str:
    """A cell without the apostrophe that keeps a spreadsheet from taking it for a formula."""
    return cell[1:] if DISARMED.match(cell) else cell
