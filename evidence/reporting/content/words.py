"""Words of the reports: messages, labels, times and numbers in the reader's language."""

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

from evidence import strict
from evidence.messages import has, t
from evidence.text import visible

Record = Mapping[str, Any]
_KEPT = "\ue000"
"""Stands for an apostrophe of untrusted text while those of our words are set; ``visible`` hides it."""

_GIVEN = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d:\d\d:\d\d)(?:[.,](\d{1,9}))?(Z|z|[+-]\d\d:?\d\d)", re.ASCII
)
_FIXED = "\u00a0"


def say(name: str, /, **values: str | int) -> str:
    """A message with typographic apostrophes; those in its values stay as they are."""
    kept = {
        key: value.replace("'", _KEPT) if isinstance(value, str) else value for key, value in values.items()
    }
    return t(name, **kept).replace("'", "’").replace(_KEPT, "'")


def label(name: str) -> str:
    """A message that stands at the beginning of a line or a cell."""
    text = say(name)
    return text[:1].upper() + text[1:]


def known(name: str, code: str) -> str:
    """The message for a code; the code itself, harmless, where it is one of a later version."""
    return say(name) if has(name) else visible(code)


def number(value: int) -> str:
    """A whole number with its digits in groups of three, which no line break parts."""
    return f"{value:,}".replace(",", _FIXED)


def size(count: int) -> str:
    """A number of bytes with its unit."""
    return say("show.bytes", n=count).replace(str(count), number(count), 1)


def day(year: int, month: int, of_month: int) -> str:
    """A date as people of the language write it."""
    told = say("report.day", day=str(of_month), month=say(f"report.month_{month}"), year=str(year))
    return told.replace(" ", _FIXED)


def moment(time: dt.datetime) -> str:
    """A time that a clock of ours or a service gave, in UTC; milliseconds where there are any."""
    utc = time.astimezone(dt.UTC)
    told = f"{utc:%H:%M:%S}" + (f".{utc.microsecond // 1000:03d}" if utc.microsecond else "")
    return _moment(day(utc.year, utc.month, utc.day), told, "UTC")


def _moment(date: str, time: str, zone: str) -> str:
    return say("report.moment", date=date, time=time, zone=zone).replace(" (", f"{_FIXED}(")


def stated(time: Record) -> str:
    """A stated time of a record, with the offset that was given.

    If what was written isn't a plain time, or isn't the instant that the record states beside it, which is
    the one that everything is reckoned with, both are shown.
    """
    found = _given(time)
    if found is None:
        at = moment(strict.timestamp(time["utc"]))
        return say("report.as_written", time=at, text=visible(time["text"].strip()))
    year, month, of_month, clock, fraction, offset = found.groups()
    told = clock + (f".{fraction}" if fraction else "")
    zone = "UTC" if offset in {"Z", "z"} else f"UTC{offset[:3]}:{offset[-2:]}"
    return _moment(day(int(year), int(month), int(of_month)), told, zone)


def local_day(time: Record) -> dt.date:
    """The date of a stated time where it was stated; in UTC where no offset was given, or another instant."""
    found = _given(time)
    return dt.date(*map(int, found.groups()[:3])) if found else strict.timestamp(time["utc"]).date()


def _given(time: Record) -> "re.Match[str] | None":
    """The parts of a time as it was written, if that is the stated instant: a record may say another one."""
    found = _GIVEN.fullmatch(time["text"].strip())
    if found is None:
        return None
    *date, clock, fraction, offset = found.groups()
    zone = "+00:00" if offset in {"Z", "z"} else f"{offset[:3]}:{offset[-2:]}"
    try:
        written = dt.datetime.fromisoformat(f"{'-'.join(date)}T{clock}.{(fraction or '')[:6]:0<6}{zone}")
    except ValueError:
        return None
    return found if abs(written - strict.timestamp(time["utc"])) < dt.timedelta(milliseconds=1) else None


def timestamp(text: str) -> str:
    """A time in the format's own form."""
    return moment(strict.timestamp(text))


def numbers(values: list[int]) -> str:
    """Numbers in order, runs of them as ranges: ``1–4, 7``."""
    runs: list[list[int]] = []
    for value in sorted(values):
        if runs and runs[-1][1] == value - 1:
            runs[-1][1] = value
        else:
            runs.append([value, value])
    return ", ".join(str(a) if a == b else f"{a}–{b}" if b > a + 1 else f"{a}, {b}" for a, b in runs)
