"""A PBX's list of calls (CDR) as CSV, read row by row: which calls there were, and what recorded them.

A tiny reader for one question of `evidence audit`. It knows Asterisk's Master.csv (the fixed columns of
cdr_csv, without a header) and CSV with a header that names ``billsec`` and ``uniqueid`` or
``recordingfile``, as FreePBX exports it. Values are untrusted.
"""

import csv
import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from zoneinfo import ZoneInfo

from evidence.errors import FormatError
from evidence.intake.calltimes import known_zone
from evidence.messages import t
from evidence.text import visible

_MASTER = {"start": 9, "end": 11, "duration": 12, "billsec": 13, "uniqueid": 16}
_ALIASES = {
    "start": ("start", "calldate", "date"),
    "end": ("end",),
    "duration": ("duration",),
    "billsec": ("billsec",),
    "uniqueid": ("uniqueid",),
    "recording": ("recordingfile", "recording"),
}
_LONGEST_ROW = 64 * 1024
_YEARS = range(1970, 2101)
_TIMES = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%d.%m.%Y %H:%M:%S")


@dataclass(frozen=True, slots=True)
class Call:
    """One row.

    Attributes:
        line: its number in the file, from 1.
        call_id: the PBX's id; empty where the row has none.
        recording: name of the recording without folders; empty where the row names none.
        ended: when the call was over, aware.
    """

    line: int
    call_id: str
    recording: str
    ended: dt.datetime


def answered(path: Path, zone: str) -> Iterator[Call | int]:
    """The calls that were answered, in the order of the file; of a row that can't be read its number.

    Calls without a recording are left out where the list says which ones were recorded. A last row without
    its end of line is still being written, and left out.

    Args:
        path: the file.
        zone: IANA name of the zone in which the list's times are meant; empty for UTC. In the hour that
            exists twice the later one is taken, so that nothing is called late too early.

    Raises:
        FormatError: it isn't such a list.
        UsageError: there is no such zone.
        OSError: it can't be read.
    """
    where = ZoneInfo(known_zone(zone)) if zone else ZoneInfo("UTC")
    with path.open("rb") as file:
        rows = _rows(file)
        first = next(rows, None)
        if first is None:
            return
        columns = _columns(path, first[1])
        if not _is_header(first[1]):
            yield from _call(first, columns, where)
        for row in rows:
            yield from _call(row, columns, where)


def _lines(file: BinaryIO) -> Iterator[str]:
    """Whole lines; one that is too long becomes an empty one."""
    while line := file.readline(_LONGEST_ROW):
        if line.endswith(b"\n"):
            yield line.decode("utf-8-sig", "replace")
            continue
        if len(line) < _LONGEST_ROW:
            return
        while (rest := file.readline(_LONGEST_ROW)) and not rest.endswith(b"\n"):
            pass
        yield "\n"


def _rows(file: BinaryIO) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(_lines(file))
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error:
            row = []
        yield reader.line_num, row


def _is_header(row: list[str]) -> bool:
    return "billsec" in (cell.strip().lower() for cell in row)


def _columns(path: Path, first: list[str]) -> dict[str, int]:
    if _is_header(first):
        cells = [cell.strip().lower() for cell in first]
        named = {key: cells.index(name) for key, names in _ALIASES.items() for name in names if name in cells}
        if "start" in named and {"uniqueid", "recording"} & named.keys():
            return named
    elif len(first) > _MASTER["uniqueid"]:
        return _MASTER
    raise FormatError(t("audit.cdr_unknown", path=visible(str(path))), t("audit.cdr_unknown_hint"))


def _call(row: tuple[int, list[str]], columns: dict[str, int], zone: ZoneInfo) -> Iterator[Call | int]:
    line, cells = row
    if not any(cells):
        if cells == []:
            yield line
        return
    try:
        value = {key: cells[place].strip() for key, place in columns.items()}
        seconds = _number(value["billsec"])
        ended = _time(value, zone)
    except (IndexError, ValueError, OverflowError):
        yield line
        return
    recording = value.get("recording", "").replace("\\", "/").rpartition("/")[2]
    unrecorded = "recording" in columns and not recording
    if seconds > 0 and not unrecorded and (recording or value.get("uniqueid")):
        yield Call(line, value.get("uniqueid", ""), recording, ended)


def _number(text: str) -> int:
    if not text.isdecimal() or len(text) > 9:
        raise ValueError("not a number of seconds")
    return int(text)


def _time(value: dict[str, str], zone: ZoneInfo) -> dt.datetime:
    """When the call was over: its end, or its beginning and length."""
    if value.get("end"):
        return _parsed(value["end"], zone)
    length = _number(value.get("duration") or value["billsec"])
    return _parsed(value["start"], zone) + dt.timedelta(seconds=length)


def _parsed(text: str, zone: ZoneInfo) -> dt.datetime:
    for form in _TIMES:
        try:
            local = dt.datetime.strptime(text, form)  # noqa: DTZ007  the zone follows
        except ValueError:
            continue
        if local.year not in _YEARS:
            break
        return local.replace(tzinfo=zone, fold=1).astimezone(dt.UTC)
    raise ValueError("not a time")
