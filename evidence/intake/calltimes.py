"""Times of calls as people type them, made into RFC 3339 texts.

Read are RFC 3339 times with their offset, and local times ``2026-11-05 10:15:02``, ``2026-11-05T10:15`` and
``05.11.2026 10:15`` (day, month, year), each with or without seconds and fractions of them, for which a zone
of the IANA database is needed. In the hour that a clock change repeats, a local time means two times, and
somebody must say which: nothing is guessed.
"""

import datetime as dt
import difflib
import os
import pkgutil
import re
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from evidence.errors import UsageError
from evidence.intake import times
from evidence.messages import t
from evidence.text import visible

FIRST_YEAR = 1970
LAST_YEAR = 2100
FOLDS = ("first", "second")
"""What says which of two times is meant."""

_LONGEST = 64
_SHOWN = 40
_LOCALTIME = Path("/etc/localtime")
_CLOCK = r"([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:[.,]([0-9]{1,18}))?)?"
_BIG_END_FIRST = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})[Tt ]" + _CLOCK)
_DAY_FIRST = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4}),? " + _CLOCK)
_OFFSET = re.compile(r"([Zz]|[+-][0-9]{2}:[0-9]{2})$")


class Ambiguous(UsageError):
    """A local time in the hour that a clock change repeats.

    Attributes:
        candidates: the first and the second time that it can mean, as RFC 3339 texts.
    """

    def __init__(self, message: str, hint: str, candidates: tuple[str, str]) -> None:
        super().__init__(message, hint)
        self.candidates = candidates


def parse(text: str, zone: str | None = None, fold: str | None = None) -> str:
    """The time as an RFC 3339 text: T and Z in capitals, seconds always, fractions as they were typed.

    Args:
        text: what was typed; an offset in it is kept as it is.
        zone: name of the IANA zone of a local time; not used when the text has an offset.
        fold: one of FOLDS, for a local time that exists twice; not used for others.

    Raises:
        Ambiguous: the local time exists twice, and fold doesn't say which is meant.
        UsageError: another form, no such date or time, a year before FIRST_YEAR or after LAST_YEAR, a local
            time without zone, an unknown zone, or a local time that a clock change skips.
    """
    if len(text) > _LONGEST:
        raise _refused("calltimes.no_time", text)
    if _OFFSET.search(text) is not None:
        return _with_offset(text)
    local, fraction = _local(text)
    if zone is None:
        raise _refused("calltimes.no_zone", text)
    first, second = (_at(local.replace(fold=number), zone, fraction) for number in (0, 1))
    if first == second:
        return first
    known = _zone(zone)
    before, after = (local.replace(tzinfo=known, fold=number).utcoffset() for number in (0, 1))
    if before is not None and after is not None and before < after:
        raise _skipped(local, known, before, after)
    if fold in FOLDS:
        return (first, second)[FOLDS.index(fold)]
    message = t("calltimes.twice", text=visible(text), zone=zone, first=first, second=second)
    raise Ambiguous(message, t("calltimes.twice_hint"), (first, second))


def known_zone(name: str) -> str:
    """The name of a zone, which exists; an empty one stays empty.

    Raises:
        UsageError: there is no such zone.
    """
    return _zone(name).key if name else ""


def zone_of_machine() -> str | None:
    """The IANA zone this computer is set to, as a suggestion; None when it can't be told.

    It is read from TZ, or from where /etc/localtime leads.
    """
    setting = os.environ.get("TZ")
    if setting is None:
        try:
            setting = _LOCALTIME.readlink().as_posix()
        except (OSError, ValueError):
            return None
    name = setting.removeprefix(":").rpartition("zoneinfo/")[2]
    return name if name in _zones() else None


# Times with an offset


def _with_offset(text: str) -> str:
    try:
        times.parse(text)
    except ValueError as error:
        raise _refused("calltimes.no_time", text) from error
    _check_year(int(text[:4]), text)
    return text.upper().replace(" ", "T")


def _check_year(year: int, text: str) -> None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise _refused("calltimes.year", text)


def _refused(message: str, text: str) -> UsageError:
    shown = visible(text[:_SHOWN])
    return UsageError(t(message, text=shown, first=FIRST_YEAR, last=LAST_YEAR), t(f"{message}_hint"))


# Local times


def _local(text: str) -> tuple[dt.datetime, str]:
    """The local time in whole seconds, and the digits of the fraction."""
    if found := _BIG_END_FIRST.fullmatch(text):
        year, month, day, *clock, fraction = found.groups()
    elif found := _DAY_FIRST.fullmatch(text):
        day, month, year, *clock, fraction = found.groups()
    else:
        raise _refused("calltimes.no_time", text)
    _check_year(int(year), text)
    hour, minute, second = (int(part or 0) for part in clock)
    try:
        return dt.datetime(int(year), int(month), int(day), hour, minute, second), fraction or ""  # noqa: DTZ001
    except ValueError as error:
        raise _refused("calltimes.no_time", text) from error


def _at(local: dt.datetime, zone: str, fraction: str) -> str:
    """The RFC 3339 text of a local time in a zone; its fold says which of two offsets."""
    whole = local.replace(tzinfo=_zone(zone)).isoformat()
    if whole.count(":") != 3:
        # RFC 3339 has no offsets with seconds; Liberia had one until 1972
        message = t("calltimes.odd_offset", text=f"{local:%Y-%m-%d %H:%M}", zone=zone)
        raise UsageError(message, t("calltimes.odd_offset_hint"))
    return f"{whole[:19]}.{fraction}{whole[19:]}" if fraction else whole


def _skipped(local: dt.datetime, zone: ZoneInfo, before: dt.timedelta, after: dt.timedelta) -> UsageError:
    """What to raise for a local time that doesn't exist because the clocks went forward."""
    reached, not_yet = ((local - offset).replace(tzinfo=dt.UTC) for offset in (before, after))
    while reached - not_yet > dt.timedelta(seconds=1):
        middle = not_yet + (reached - not_yet) // 2
        middle = middle.replace(microsecond=0)
        if middle.astimezone(zone).utcoffset() == before:
            not_yet = middle
        else:
            reached = middle
    change = reached.replace(tzinfo=None)
    message = t(
        "calltimes.skipped",
        text=local.isoformat(" "),
        zone=zone.key,
        start=(change + before).isoformat(" ", "minutes"),
        end=(change + after).isoformat(" ", "minutes"),
    )
    return UsageError(message, t("calltimes.skipped_hint"))


# Zones


@cache
def _zones() -> frozenset[str]:
    """The names of the IANA database's zones, without those that only say "not set"."""
    listed = (pkgutil.get_data("tzdata", "zones") or b"").decode("ascii").split()
    return frozenset(listed) - {"Factory", "localtime"}


def _zone(name: str) -> ZoneInfo:
    if name not in _zones():
        message = t("calltimes.unknown_zone", zone=visible(name[:_SHOWN]))
        meant = _like(name[:_SHOWN])
        raise UsageError(message, t("calltimes.unknown_zone_hint", list=", ".join(meant)))
    return ZoneInfo(name)


def _like(name: str) -> list[str]:
    """Up to three zones that were probably meant; Kyiv's when none looks like it."""
    wanted = name.lower().replace(" ", "_")
    by_name: dict[str, str] = {}
    for zone in sorted(_zones()):
        by_name.setdefault(zone.lower().rpartition("/")[2], zone)
        by_name[zone.lower()] = zone
    meant = (by_name[found] for found in difflib.get_close_matches(wanted, by_name, 5))
    return list(dict.fromkeys(meant))[:3] or ["Europe/Kyiv"]
