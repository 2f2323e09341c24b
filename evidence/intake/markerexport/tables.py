"""Markers as a CSV table (RFC 4180) that spreadsheets open and evidence.intake.markerfiles.tables reads.

It begins with a byte order mark, without which Excel takes it for Windows-1251. A cell that a spreadsheet
would take for a formula begins with an apostrophe, which reading takes off again.
"""

import codecs
import csv
import io
import re
from collections.abc import Mapping, Sequence
from typing import Any

from evidence.errors import UsageError
from evidence.intake.markerexport.texts import harmless
from evidence.messages import t
from evidence.model import names
from evidence.text import visible

COLUMNS = (
    *("recording", "channel", "start_ms", "end_ms", "class", "words", "language", "confidence"),
    *("asserted_by", "asserted_at", "how", "reviewed_by", "reviewed_at"),
    *("withdrawn_by", "withdrawn_at", "withdrawn_reason", "note", "source"),
)
"""The columns, in their order."""

_FORMULA = re.compile(r"'*[=+\-@\t\r]")


def write(markers: Sequence[Mapping[str, Any]]) -> bytes:
    """The table: a header and a marker a row.

    Raises:
        UsageError: the name of a recording isn't UTF-8.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows([_cell(_value(marker, column)) for column in COLUMNS] for marker in markers)
    return codecs.BOM_UTF8 + text.getvalue().encode("utf-8")


def _value(marker: Mapping[str, Any], column: str) -> str:
    if column == "recording":
        return _recording(marker)
    if column.startswith("withdrawn_"):
        withdrawn: Mapping[str, str] = marker.get("withdrawn", {})
        return withdrawn.get(column.removeprefix("withdrawn_"), "")
    return str(marker.get(column, ""))


def _recording(marker: Mapping[str, Any]) -> str:
    name = names.from_document(marker["recording"])
    if not isinstance(marker["recording"], str):
        message = t("markerfiles.name_bytes", file=visible(name))
        raise UsageError(message, t("markerfiles.name_bytes_hint"))
    return name


def _cell(text: str) -> str:
    shown = harmless(text).strip()
    return f"'{shown}" if _FORMULA.match(shown) else shown
