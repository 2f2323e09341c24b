"""The columns of a table, and what a row says of its recording: whether it counts, and where it is."""

import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from evidence.errors import FormatError
from evidence.intake.documents import INCIDENT, MARKERS
from evidence.intake.inbox import records
from evidence.intake.inbox.rules import DATES, PLACEHOLDER, InboxMapping
from evidence.intake.roles import NO_EXHIBITS
from evidence.messages import t
from evidence.text import visible

CDR = "cdr.csv"
"""Name under which a call's rows become an exhibit."""

_RESERVED = {INCIDENT, MARKERS, *NO_EXHIBITS, CDR}
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
        found = dict(zip(self.names, cells, strict=False))
        return found if len(found) == len(self.names) else {**dict.fromkeys(self.names, ""), **found}


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
    return all(values[column].strip() in wanted for column, wanted in mapping.where)


class Pattern:
    """The pattern by which rows name their recordings.

    Args:
        mapping: how the table is read.
        directory: where the recordings are; whole paths in cells may begin with it.
    """

    def __init__(self, mapping: InboxMapping, directory: Path) -> None:
        self._pieces = PLACEHOLDER.split(mapping.recording)  # text and names in turn
        self._names = [name for name in self._pieces[1::2] if name not in DATES]
        self._has_date = len(self._names) < len(self._pieces) // 2
        self._started = mapping.source("started")
        self._directory = f"{str(directory).rstrip('/')}/"

    def path(self, values: Mapping[str, str]) -> str:
        """Path of a row's recording below the directory; empty when the row names none.

        Raises:
            RowProblem: ``path`` (it leads elsewhere, or no file can be called so) or ``date``.
        """
        known = {name: values[name].strip() for name in self._names}
        if not all(known.values()):
            return ""
        last = known[self._names[-1]] if self._names else ""
        if last.startswith("/"):  # a cell that holds the whole path needs no pattern
            return _checked(last.removeprefix(self._directory))
        if self._has_date:
            known |= _dates(values[self._started])
        pieces = self._pieces[:]
        pieces[1::2] = [known[name] for name in pieces[1::2]]
        return _checked("".join(pieces))


def _checked(path: str) -> str:
    parts = [part for part in path.split("/") if part not in {"", "."}]
    if not parts or path.startswith("/") or ".." in parts or "\0" in path or parts[-1] in _RESERVED:
        raise RowProblem("path")
    if not path.isascii() or len(path) > _LONGEST_NAME:
        _check_lengths(parts)
    return "/".join(parts)


def _check_lengths(parts: Sequence[str]) -> None:
    try:
        lengths = [len(os.fsencode(part)) for part in parts]
    except UnicodeEncodeError as error:
        raise RowProblem("path") from error
    if max(lengths) > _LONGEST_NAME or sum(lengths) > _LONGEST_PATH:
        raise RowProblem("path")


_DAY = re.compile(r"\s*([0-9]{4})-([0-9]{2})-([0-9]{2})")


def _dates(started: str) -> dict[str, str]:
    """Year, month and day as the PBX writes them: its folders follow its own clock."""
    found = _DAY.match(started)
    if found is None:
        raise RowProblem("date")
    return dict(zip(DATES, found.groups(), strict=True))
