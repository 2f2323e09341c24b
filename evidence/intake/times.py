"""Times as people and PBXs write them: RFC 3339 with an offset, any number of fraction digits."""

import datetime as dt
import re

from evidence import strict

_RFC3339 = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:\.(\d{1,18}))?([Zz]|[+-]\d\d:\d\d)", re.ASCII
)


def parse(text: str) -> dt.datetime:
    """The time of an RFC 3339 text; aware, in UTC; what is finer than a microsecond is cut off.

    Raises:
        ValueError: another form, no such date, a leap second, or a time that UTC doesn't reach.
    """
    found = _RFC3339.fullmatch(text)
    if found is None:
        raise ValueError("not an RFC 3339 time with its offset from UTC")
    *whole, fraction, zone = found.groups()
    year, month, day, hour, minute, second = (int(part) for part in whole)
    microsecond = int((fraction or "0")[:6].ljust(6, "0"))
    try:
        local = dt.datetime(year, month, day, hour, minute, second, microsecond, tzinfo=_zone(zone))
        return local.astimezone(dt.UTC)
    except (ValueError, OverflowError) as error:
        raise ValueError("no such date or time of day") from error


def _zone(text: str) -> dt.timezone:
    if text in "Zz":
        return dt.UTC
    if int(text[4:]) > 59:
        raise ValueError("an offset of more than 59 minutes beside its hours")
    offset = dt.timedelta(hours=int(text[1:3]), minutes=int(text[4:]))
    return dt.timezone(-offset if text[0] == "-" else offset)


def to_document(text: str, source: str) -> dict[str, str]:
    """A time as records hold it: in UTC, as it was given, and where it was read (FORMAT.md, "Documents").

    Raises:
        ValueError: as parse.
    """
    return {"utc": strict.format_timestamp(parse(text)), "text": text, "source": source}


def in_its_zone(text: str) -> dt.datetime:
    """The time of an RFC 3339 text, aware, with the offset it was given with.

    Raises:
        ValueError: as parse.
    """
    zone = "Z" if text[-1] in "Zz" else text[-6:]
    return parse(text).astimezone(_zone(zone))


def at_place(started: str, milliseconds: int) -> str:
    """When a place in a recording was, whose beginning is an RFC 3339 text; in the same zone."""
    at = in_its_zone(started) + dt.timedelta(milliseconds=milliseconds)
    return at.isoformat(timespec="milliseconds")
