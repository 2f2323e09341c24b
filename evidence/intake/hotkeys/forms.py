"""Events in lines of text: JSON objects, a CSV table with a header, or ``TIME CLASS words``.

The first line that can be read decides for all of them. Each line stands for itself, so a bad one takes no
other along; a quoted cell can't go over several lines.
"""

import csv
import re

from evidence.intake.hotkeys import event
from evidence.intake.hotkeys.event import Event, Unusable, unusable
from evidence.intake.markerfiles import classes
from evidence.intake.markerfiles.classes import OwnClasses
from evidence.intake.markerfiles.drafts import shown

COLUMNS = {
    "at": ("time", "at", "час", "коли"),
    "agent": ("agent", "оператор", "агент", "хто"),
    "class": ("class", "клас"),
    "call_id": ("call id", "дзвінок", "ід дзвінка", "id дзвінка"),
    "phone": ("phone", "телефон", "номер"),
    "words": ("words", "слова"),
    "note": ("note", "примітка"),
    "id": ("id", "ід"),
}
"""The columns of a table: their names in documents, and what a header may call them."""

_BY_NAME = {classes.plain(name): key for key, names in COLUMNS.items() for name in (key, *names)}
_DELIMITERS = ",;\t"
_SEPARATOR_LINE = re.compile(r"sep=([,;\t])", re.IGNORECASE)
_CLOCK = r"[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]{1,18})?)?"
_PLAIN = re.compile(
    rf"([0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}[Tt ]{_CLOCK}(?:[Zz]|[+-][0-9]{{2}}:[0-9]{{2}})?"
    rf"|[0-9]{{1,2}}\.[0-9]{{1,2}}\.[0-9]{{4}},? {_CLOCK})(?:\s+(.*))?"
)
_WORDS = re.compile(r"\S+")
_MOST_CLASS_WORDS = 8
_BOM = b"\xef\xbb\xbf"


class Lines:
    """Reads the lines of one source, in their order.

    Args:
        own: the vault's own classes.
        zone: IANA zone of times without offset; None: such times can't be read.
        fold: which of two times is meant in an hour that the clocks repeat.
    """

    def __init__(self, own: OwnClasses, zone: str | None = None, fold: str | None = None) -> None:
        self._own = own
        self._zone = zone
        self._fold = fold
        self._form = ""
        self._delimiter = ""
        self._columns: list[str | None] = []

    def read(self, data: bytes) -> Event | None:
        """The event of the next line; None for one that holds none: empty, or a table's header.

        Args:
            data: the line, with or without its end.

        Raises:
            Unusable: it can't be read. The next one may.
        """
        text = self._decoded(data).rstrip("\r\n")
        if not text.strip():
            return None
        return self._event(text) if self._form else self._first(text)

    def _decoded(self, data: bytes) -> str:
        if not self._form:
            data = data.removeprefix(_BOM)
        if len(data.rstrip(b"\r\n")) > event.MAX_BYTES:
            raise unusable("long_line", limit=event.MAX_BYTES)
        if b"\0" in data:
            raise unusable("utf16")
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError as error:
            raise unusable("encoding") from error

    def _first(self, text: str) -> Event | None:
        """The first line that is any of these says what all of them are; that of a table is its header."""
        if told := _SEPARATOR_LINE.fullmatch(text):  # as Excel writes it
            self._delimiter = told[1]
            return None
        self._form = _form(text, self._delimiter)
        if not self._form:
            raise unusable("no_line", text=shown(text.strip()))
        if self._form != "csv":
            return self._event(text)
        if not self._delimiter:
            self._delimiter = max(_DELIMITERS, key=lambda mark: len(_known(text, mark)))
        self._header(text)
        return None

    def _header(self, text: str) -> None:
        cells = self._cells(text)
        self._columns = [_BY_NAME.get(classes.plain(cell)) for cell in cells]
        strange = [cell for cell, key in zip(cells, self._columns, strict=True) if key is None and cell]
        if strange:
            names = ", ".join(next(iter(names)) for names in COLUMNS.values())
            raise unusable("unknown_column", text=shown(strange[0]), list=names)
        known = [key for key in self._columns if key]
        if len(known) != len(set(known)):
            raise unusable("column_twice")

    def _event(self, text: str) -> Event | None:
        """The event of a line; None for a row without any cell, as spreadsheets leave them."""
        if self._form == "json":
            return event.of_json(text.encode("utf-8"), self._own, self._zone, self._fold)
        told = self._row(text) if self._form == "csv" else self._plain(text.strip())
        return event.made(told, self._own, self._zone, self._fold) if told else None

    def _cells(self, text: str) -> list[str]:
        try:
            (row,) = csv.reader([text], delimiter=self._delimiter, strict=True)
        except (csv.Error, ValueError) as error:
            raise unusable("broken_row") from error
        return [cell.strip() for cell in row]

    def _row(self, text: str) -> dict[str, str]:
        """What a row tells, by the names of documents; cells of unknown columns are passed over."""
        cells = self._cells(text)
        if any(cells[len(self._columns) :]):
            raise unusable("many_cells", n=len(self._columns))
        return {key: cell for key, cell in zip(self._columns, cells, strict=False) if key and cell}

    def _plain(self, text: str) -> dict[str, str]:
        """``TIME``, ``TIME CLASS``, ``TIME CLASS words`` or ``TIME CLASS: words``."""
        found = _PLAIN.fullmatch(text)
        if found is None:
            raise unusable("no_line", text=shown(text))
        at, rest = found[1], found[2] or ""
        if not rest:
            return {"at": at}
        code, words = self._class(rest)
        return {"at": at, "class": code, "words": words}

    def _class(self, text: str) -> tuple[str, str]:
        """The class at the beginning, the longest name that fits, and what follows it."""
        code, words = classes.split(text, self._own)
        if code:
            return code, words
        ends = [word.end() for word, _ in zip(_WORDS.finditer(text), range(_MOST_CLASS_WORDS), strict=False)]
        for end in reversed(ends):
            found = classes.classes(text[:end].rstrip(":"), self._own)
            if found is not None:
                return found, text[end:].strip()
        raise unusable("no_class_first", text=shown(text), list=", ".join((*classes.CODES, *self._own)))


def _form(text: str, delimiter: str) -> str:
    if text.lstrip().startswith("{"):
        return "json"
    if _PLAIN.match(text.lstrip()):
        return "plain"
    return "csv" if any(_known(text, mark) for mark in delimiter or _DELIMITERS) else ""


def _known(text: str, mark: str) -> list[str]:
    """The known columns that a header names when that mark stands between its cells."""
    names = (classes.plain(cell.strip().strip('"')) for cell in text.split(mark))
    return [_BY_NAME[name] for name in names if name in _BY_NAME]


__all__ = ["COLUMNS", "Lines", "Unusable"]
