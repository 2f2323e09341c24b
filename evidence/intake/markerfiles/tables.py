"""CSV tables of markers: a header of known columns in English or Ukrainian, then a marker a row."""

import csv
import io
import re
from collections.abc import Iterator, Mapping

from evidence import strict
from evidence.errors import UsageError
from evidence.intake import calltimes
from evidence.intake.markerfiles import classes
from evidence.intake.markerfiles.drafts import MAX_WORDS, Draft, passed_on, position, wrong
from evidence.intake.positions import MAX_MS
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
}
"""The columns, and their names in Ukrainian."""

_BY_NAME = {classes.plain(name): column for pair in COLUMNS.items() for column in pair[:1] for name in pair}
_HOW = {
    "hot key": "hot_key",
    "гаряча клавіша": "hot_key",
    "listened": "listened",
    "прослухано": "listened",
    "transcript confirmed": "transcript_confirmed",
    "підтверджено за стенограмою": "transcript_confirmed",
    "other": "other",
    "інше": "other",
}
_LIMITS = {"words": MAX_WORDS, "note": MAX_WORDS, "recording": 255, "channel": 64, "asserted_by": 300}
_LANGUAGE = re.compile(r"(?=.{2,35}$)[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
_LAST_CHANNEL = 31
_DELIMITERS = ",;\t"
_SEPARATOR_LINE = re.compile(r"sep=([,;\t])", re.IGNORECASE)
_FIRST_LINE = re.compile(r"\S[^\r\n]{0,4000}")


def looks_like_one(text: str) -> bool:
    """Whether the first line of a text names the column in which a marker begins."""
    return any({"start", "start_ms"} & set(_known(_first_line(text), mark)) for mark in _DELIMITERS)


def read(file: str, text: str, zone: str | None = None) -> Iterator[Draft]:
    """The rows of the table; empty rows are passed over. Comma, semicolon or tab stands between the cells.

    Args:
        file: name of the file.
        text: the table; what Excel writes as first line, ``sep=;``, may stand in it.
        zone: IANA zone of the times of assertion that have no offset.

    Raises:
        FormatError: an unknown, missing or repeated column, or a cell that can't be read.
    """
    rows = _rows(file, text, _delimiter(text))
    if _SEPARATOR_LINE.fullmatch(_first_line(text)):
        next(rows, None)
    line, cells = next(rows, (1, []))
    columns = _header(file, line, cells)
    for line, cells in rows:
        yield _draft(file, line, _given(file, line, columns, cells), zone)


# The table


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
    return {column: cell for column, cell in zip(columns, cells, strict=False) if cell}


# One row


def _draft(file: str, line: int, given: Mapping[str, str], zone: str | None) -> Draft:
    for column, limit in _LIMITS.items():
        if len(given.get(column, "")) > limit:
            raise wrong(file, line, "markerfiles.cell_too_long", given[column], limit=limit)
    end = "end" in given or "end_ms" in given
    return Draft(
        line=line,
        start_ms=_place(file, line, given, "start"),
        end_ms=_place(file, line, given, "end") if end else None,
        words=given.get("words", ""),
        recording=given.get("recording", ""),
        channel=_channel(file, line, given.get("channel", "")),
        marker_class=_class(file, line, given.get("class", "")),
        asserted_by=given.get("asserted_by", ""),
        asserted_at=_time(file, line, given.get("asserted_at", ""), zone),
        how=_how(file, line, given.get("how", "")),
        language=_language(file, line, given.get("language", "")),
        note=given.get("note", ""),
    )


def _place(file: str, line: int, given: Mapping[str, str], column: str) -> int:
    milliseconds = given.get(f"{column}_ms")
    if milliseconds is None:
        return position(file, line, given.get(column, ""))
    try:
        found = strict.decimal(milliseconds)
    except ValueError as error:
        raise wrong(file, line, "markerfiles.no_milliseconds", milliseconds) from error
    if found > MAX_MS:
        raise wrong(file, line, "markerfiles.position_late", milliseconds)
    return found


def _channel(file: str, line: int, text: str) -> int | str | None:
    if not (text.isascii() and text.isdecimal()):
        return text or None
    if len(text) > 2 or int(text) > _LAST_CHANNEL:
        raise wrong(file, line, "markerfiles.no_channel", text)
    return int(text)


def _class(file: str, line: int, text: str) -> str:
    found = classes.classes(text) if text else ""
    if found is None:
        raise wrong(file, line, "markerfiles.no_class", text, list=", ".join(classes.CODES))
    return found


def _time(file: str, line: int, text: str, zone: str | None) -> str:
    try:
        return calltimes.parse(text, zone) if text else ""
    except UsageError as error:
        raise passed_on(file, line, error) from error


def _how(file: str, line: int, text: str) -> str:
    found = _HOW.get(classes.plain(text)) if text else ""
    if found is None:
        raise wrong(file, line, "markerfiles.no_how", text)
    return found


def _language(file: str, line: int, text: str) -> str:
    if text and _LANGUAGE.fullmatch(text) is None:
        raise wrong(file, line, "markerfiles.no_language", text)
    return text
