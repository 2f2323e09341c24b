"""The tables of the lexicon, read strictly: each row is checked as an object of the schema lexicon.v1."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass

from evidence import resources
from evidence.errors import FormatError
from evidence.messages import t
from evidence.text import visible

COLUMNS = ("entry", "language", "class", "severity", "forms", "when", "unless", "note")
MAX_BYTES = 4 * 1024 * 1024
MAX_ROWS = 20_000
_SHOWN = 60
_KINDS = ("words", "endings", "context", "off")


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table.

    Attributes:
        file: the table's name, for messages; visible text.
        line: its line, from 1.
        entry: the lemma, or the name of a set, paradigm or context.
        marker_class: the class of what is found; or ``words``, ``endings``, ``context``, ``off``.
        forms: patterns apart by `` / ``.
        when: contexts of which one must hold; empty when it always counts.
        unless: contexts of which none may hold.
        language: BCP 47 codes apart by spaces, perhaps none.
        severity: from 1 to 3; 0 where it has none.
    """

    file: str
    line: int
    entry: str
    marker_class: str
    forms: str
    when: str = ""
    unless: str = ""
    language: str = ""
    severity: int = 0

    @property
    def is_entry(self) -> bool:
        """Whether it names something to find, rather than something that other rows use."""
        return self.marker_class not in _KINDS


def read(file: str, data: bytes) -> Iterator[Row]:
    """The rows of a table: UTF-8, tab between the cells, a header of known columns, ``#`` begins a remark.

    Args:
        file: its name; untrusted.
        data: its bytes.

    Raises:
        FormatError: not such a table, or a row that the schema doesn't allow.
    """
    name = visible(file)
    if len(data) > MAX_BYTES:
        raise FormatError(t("lexicon.too_long", file=name, limit=MAX_BYTES), t("lexicon.too_long_hint"))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FormatError(t("lexicon.encoding", file=name), t("lexicon.encoding_hint")) from error
    lines = _cells(name, text)
    line, header = next(lines, (1, []))
    unknown = [column for column in header if column not in COLUMNS]
    if unknown or len(set(header)) != len(header) or not {"entry", "class"} <= set(header):
        raise wrong(name, line, "lexicon.header", list=", ".join(COLUMNS))
    for count, (line, cells) in enumerate(lines):
        if count >= MAX_ROWS:
            raise wrong(name, line, "lexicon.too_many", n=MAX_ROWS)
        yield _row(name, line, header, cells)


def wrong(file: str, line: int, message: str, **values: str | int) -> FormatError:
    """The error of a line; the message's hint is named ``…_hint``.

    Args:
        file: visible name of the table.
        line: from 1.
        message: name of the message.
        values: for message and hint, visible text.
    """
    reason = t(message, **values)
    return FormatError(
        t("lexicon.at_line", file=file, line=line, reason=reason), t(f"{message}_hint", **values)
    )


def shown(text: str) -> str:
    """Untrusted text as it stands in messages: visible and short."""
    return visible(text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…")


def _cells(file: str, text: str) -> Iterator[tuple[int, list[str]]]:
    """The lines that hold something, each with its number."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter="\t", strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise wrong(file, line, "lexicon.broken_row") from error
        if cells is None:
            return
        cells = [cell.strip() for cell in cells]
        if any(cells) and not cells[0].startswith("#"):
            yield line, cells


def _row(file: str, line: int, header: list[str], cells: list[str]) -> Row:
    if any(cells[len(header) :]):
        raise wrong(file, line, "lexicon.too_many_cells")
    document: dict[str, str | int] = {
        column: cell for column, cell in zip(header, cells, strict=False) if cell
    }
    severity = str(document.get("severity", ""))
    if severity in {"1", "2", "3"}:
        document["severity"] = int(severity)
    problem = resources.find("lexicon.v1", document)
    if problem is not None:
        field = str(problem.path[0] if problem.path else problem.expected)
        raise wrong(file, line, "lexicon.row", field=shown(field), reason=problem.reason)
    return Row(
        file=file,
        line=line,
        entry=str(document["entry"]),
        marker_class=str(document["class"]),
        forms=str(document.get("forms", "")),
        when=str(document.get("when", "")),
        unless=str(document.get("unless", "")),
        language=str(document.get("language", "")),
        severity=int(document.get("severity", 0)),
    )
