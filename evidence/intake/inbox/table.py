"""The columns of a table, and what a row says of its recording: whether it counts, and where it is."""

import os
import re
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
from typing import NamedTuple

from evidence.errors import FormatError
from evidence.intake.documents import INCIDENT, MARKERS
from evidence.intake.inbox import records
from evidence.intake.inbox.rules import DATES, PLACEHOLDER, InboxMapping
from evidence.intake.roles import UID_FILE
from evidence.messages import t
from evidence.text import visible

CDR = "cdr.csv"
"""Name under which a call's rows become an exhibit."""

_RESERVED = {INCIDENT, MARKERS, UID_FILE, CDR}
_LONGEST_NAME = 255
_LONGEST_PATH = 1024
_MOST_COLUMNS = 1000
_NAMES_SHOWN = 20


class RowProblem(ValueError):
    """A row that can't be read; its text is the code of the problem."""


class Columns(NamedTuple):
    """The columns of a table and how many of the last may be missing."""

    names: tuple[str, ...]
    optional: int

    def values(self, cells: Sequence[str]) -> Mapping[str, str]:
        """The cells by column.

        Raises:
            RowProblem: too few or too many.
        """
        if not len(self.names) - self.optional <= len(cells) <= len(self.names):
            raise RowProblem("columns")
        return dict(zip(self.names, (*cells, *("",) * self.optional), strict=False))


def columns(mapping: InboxMapping, header: bytes | None) -> Columns:
    """The columns of a table.

    Args:
        mapping: how it is read.
        header: its first record, if that names the columns.

    Raises:
        FormatError: a column that is needed isn't there, or stands there twice.
    """
    if header is None:
        return Columns(mapping.columns, mapping.optional)
    try:
        found = records.cells(header, mapping.encoding, mapping.delimiter)
    except ValueError:
        found = []
    names = tuple(name.strip() for name in found)
    shown = ", ".join(visible(name[:40]) for name in names[:_NAMES_SHOWN])
    for column in mapping.needed():
        if names.count(column) != 1 or len(names) > _MOST_COLUMNS:
            said = {"column": visible(column), "name": visible(mapping.name)}
            raise FormatError(t("inbox.header", **said, list=shown), t("inbox.header_hint", **said))
    return Columns(names, 0)


def read(mapping: InboxMapping, columns: Columns, data: bytes) -> Mapping[str, str]:
    """The values of a row by column.

    Raises:
        RowProblem: ``quote`` or ``columns``.
    """
    try:
        cells = records.cells(data, mapping.encoding, mapping.delimiter)
    except ValueError as error:
        raise RowProblem("quote") from error
    return columns.values(cells)


def counts(mapping: InboxMapping, values: Mapping[str, str]) -> bool:
    """Whether a row is one of those that the configuration asks for."""
    return all(values.get(column, "").strip() in wanted for column, wanted in mapping.where)


def recording_of(mapping: InboxMapping, directory: str, values: Mapping[str, str]) -> str:
    """Path of a row's recording below the directory; empty when the row names none.

    Raises:
        RowProblem: ``path`` (it leads elsewhere, or no file can be called so) or ``date``.
    """
    placed = PLACEHOLDER.findall(mapping.recording)
    if any(not values.get(name, "").strip() for name in placed if name not in DATES):
        return ""
    cell = values[placed[-1]].strip() if placed and placed[-1] not in DATES else ""
    if cell.startswith("/"):  # a cell that holds the whole path needs no pattern
        found = cell.removeprefix(f"{directory.rstrip('/')}/")
    else:
        dates = _dates(values.get(mapping.source("started"), "")) if set(placed) & set(DATES) else {}
        known = {name: value.strip() for name, value in values.items()} | dates
        found = PLACEHOLDER.sub(lambda match: known[match[1]], mapping.recording)
    return _checked(PurePosixPath(found).parts)


def _checked(parts: Sequence[str]) -> str:
    path = "/".join(parts)
    is_below = bool(parts) and not set(parts) & {"..", "/"} and "\0" not in path
    try:
        raw = os.fsencode(path)
    except UnicodeEncodeError as error:
        raise RowProblem("path") from error
    longest = max((len(os.fsencode(part)) for part in parts), default=0)
    is_long = len(raw) > _LONGEST_PATH or longest > _LONGEST_NAME
    if not is_below or is_long or parts[-1] in _RESERVED or path.startswith("/"):
        raise RowProblem("path")
    return path


_DAY = re.compile(r"\s*([0-9]{4})-([0-9]{2})-([0-9]{2})")


def _dates(started: str) -> dict[str, str]:
    """Year, month and day as the PBX writes them: its folders follow its own clock."""
    found = _DAY.match(started)
    if found is None:
        raise RowProblem("date")
    return dict(zip(DATES, found.groups(), strict=True))
