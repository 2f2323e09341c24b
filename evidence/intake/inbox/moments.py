"""Times as other programs write them; what a clock change makes ambiguous is told, never guessed."""

import datetime as dt
import re
from dataclasses import dataclass
from decimal import Decimal

from evidence.errors import UsageError
from evidence.intake import callnames, calltimes, times
from evidence.messages import t
from evidence.text import visible

_EPOCH = re.compile(r"[0-9]{1,11}(?:\.[0-9]{1,9})?", re.ASCII)
_EPOCH_MS = re.compile(r"[0-9]{1,14}", re.ASCII)
_LENGTH = re.compile(r"(?:(?:([0-9]{1,4}):)?([0-9]{1,4}):)?([0-9]{1,9})(?:[.,]([0-9]{1,9}))?", re.ASCII)
_LONGEST = 64
_LONGEST_CALL = dt.timedelta(days=31)


@dataclass(frozen=True, slots=True)
class Moment:
    """A time, or why it can't be told.

    Attributes:
        text: RFC 3339; empty when it can't be told.
        latest: the latest time it can be; None when it can't be told at all.
        note: one sentence about it for the incident; empty when there is nothing to say.
    """

    text: str = ""
    latest: dt.datetime | None = None
    note: str = ""


def moment(text: str, form: str, zone: str, channel: str = "") -> Moment:
    """The time that a text tells.

    Args:
        text: what was written; untrusted.
        form: ``iso`` (RFC 3339, and local times as evidence.intake.calltimes reads them), ``epoch`` (seconds
            since 1970 UTC), ``epoch_ms``, or a pattern of strptime.
        zone: IANA zone of a local time; empty when nobody said.
        channel: the PBX's id of the call, which may tell which of two times is meant.

    Raises:
        ValueError: it isn't a time of that form.
    """
    text = text.strip()
    if len(text) > _LONGEST or not text.isascii():
        raise ValueError("no time is written so")
    given = plain(text, form)
    try:
        found = calltimes.parse(given, zone or None)
    except calltimes.Ambiguous as error:
        return _twice(given, zone, channel, error.candidates)
    except UsageError as error:
        return _impossible(given, zone, error)
    return Moment(found, times.parse(found))


def plain(text: str, form: str) -> str:
    """The text in a form that evidence.intake.calltimes reads.

    Args:
        text: at most 64 characters of ASCII.
        form: as of moment.

    Raises:
        ValueError: it isn't a time of that form.
    """
    if form == "iso":
        return text
    if form in {"epoch", "epoch_ms"}:
        if not (_EPOCH if form == "epoch" else _EPOCH_MS).fullmatch(text):
            raise ValueError("not a number of seconds since 1970")
        microseconds = Decimal(text) * (1_000_000 if form == "epoch" else 1000)
        since = dt.timedelta(microseconds=int(microseconds))
        try:
            at = dt.datetime(1970, 1, 1, tzinfo=dt.UTC) + since
        except OverflowError as error:
            raise ValueError("no such time") from error
        return at.isoformat(timespec="microseconds" if since.microseconds else "seconds")
    found = dt.datetime.strptime(text, form)  # noqa: DTZ007  the zone is known later
    if found.tzinfo is not None and (found.utcoffset() or dt.timedelta()).seconds % 60:
        raise ValueError("an offset with seconds")
    return found.isoformat(" ")


def _twice(text: str, zone: str, channel: str, candidates: tuple[str, str]) -> Moment:
    said = callnames.claims(f"{channel}.wav") if channel else None
    fold = callnames.fold_suggested(said, candidates) if said else None
    if fold:
        found = candidates[calltimes.FOLDS.index(fold)]
        return Moment(found, times.parse(found), t("inbox.note_fold", text=visible(text), time=found))
    first, second = candidates
    values = {"text": visible(text), "zone": zone, "first": first, "second": second}
    return Moment("", times.parse(second), t("inbox.note_twice", **values))


def _impossible(text: str, zone: str, error: UsageError) -> Moment:
    """A time of the right form that can't be in the zone, or without one; else it is no time at all."""
    try:
        near = times.parse(calltimes.parse(text, "Etc/UTC"))
    except UsageError:
        raise ValueError(error.message) from error
    said = "inbox.note_impossible" if zone else "inbox.note_no_zone"
    return Moment("", near, t(said, text=visible(text), zone=zone))


def after(started: str, length: str) -> str:
    """When a call ended that lasted so long, as an RFC 3339 text in the zone of its beginning.

    Args:
        started: RFC 3339 text.
        length: seconds, or ``h:mm:ss`` or ``mm:ss``.

    Raises:
        ValueError: it is no length, or longer than 31 days.
    """
    found = _LENGTH.fullmatch(length.strip())
    if found is None:
        raise ValueError("not a length in seconds")
    hours, minutes, seconds, fraction = (part or "0" for part in found.groups())
    milliseconds = int(fraction[:3].ljust(3, "0")) if found[4] else 0
    lasted = dt.timedelta(
        hours=int(hours), minutes=int(minutes), seconds=int(seconds), milliseconds=milliseconds
    )
    if lasted > _LONGEST_CALL:
        raise ValueError("longer than a month")
    whole = milliseconds == 0 and "." not in started
    ended = times.in_its_zone(started) + lasted
    return ended.isoformat(timespec="seconds" if whole else "milliseconds")
