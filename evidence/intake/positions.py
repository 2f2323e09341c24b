"""Positions in a recording as people type them, as whole milliseconds.

Read are seconds (``83.5``, ``83.5s``), minutes and seconds (``1:23``, ``1:23.500``), with hours before them
(``01:02:03,250``), and milliseconds (``83500ms``); the decimal mark is a point or a comma. What is finer than
a millisecond is rounded half up. The arithmetic is on digits: no position ever goes through a float.
"""

import re

from evidence.errors import UsageError
from evidence.messages import t
from evidence.text import visible

MAX_MS = 604_800_000
"""Latest position that a marker can have (schemas/markers.v1.schema.json): a week."""

_LONGEST = 64
_SHOWN = 40
_MILLISECONDS = re.compile(r"([0-9]{1,12})ms")
_SECONDS = re.compile(r"([0-9]{1,12})(?:[.,]([0-9]{1,32}))?s?")
_CLOCK = re.compile(
    r"(?:([0-9]{1,4}):(?=[0-9]{2}:))?([0-9]{1,6}):([0-9]{2})(?:[.,]([0-9]{1,32}))?",
)
_BETWEEN = re.compile(r" ?(?:\.\.|[-–]) ?")


def parse(text: str) -> int:
    """The position in whole milliseconds from the beginning of the recording.

    Raises:
        UsageError: another form, more than 59 seconds beside minutes, or later than MAX_MS.
    """
    found = _milliseconds(text) if len(text) <= _LONGEST else None
    if found is None:
        message = t("markerfiles.no_position", text=visible(text[:_SHOWN]))
        raise UsageError(message, t("markerfiles.no_position_hint"))
    if found > MAX_MS:
        message = t("markerfiles.position_late", text=visible(text[:_SHOWN]))
        raise UsageError(message, t("markerfiles.position_late_hint"))
    return found


def parse_range(text: str) -> tuple[int, int]:
    """Both ends of ``1:23-1:27.5`` or ``1:23..1:27``, each as parse reads it; one space may stand around.

    Raises:
        UsageError: another form, or an end before its start.
    """
    parts = _BETWEEN.split(text[: 2 * _LONGEST + 5])
    if len(parts) != 2:
        message = t("markerfiles.no_range", text=visible(text[:_SHOWN]))
        raise UsageError(message, t("markerfiles.no_range_hint"))
    start, end = parse(parts[0]), parse(parts[1])
    if end < start:
        message = t("markerfiles.range_backwards", text=visible(text[:_SHOWN]))
        raise UsageError(message, t("markerfiles.range_backwards_hint"))
    return start, end


def _milliseconds(text: str) -> int | None:
    if whole := _MILLISECONDS.fullmatch(text):
        return int(whole[1])
    if plain := _SECONDS.fullmatch(text):
        return int(plain[1]) * 1000 + _fraction(plain[2])
    clock = _CLOCK.fullmatch(text)
    if clock is None:
        return None
    hours, minutes, seconds = int(clock[1] or 0), int(clock[2]), int(clock[3])
    if seconds > 59 or (clock[1] and minutes > 59):
        return None
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + _fraction(clock[4])


def _fraction(digits: str | None) -> int:
    """Milliseconds of the digits after the decimal mark, rounded half up."""
    if not digits:
        return 0
    return int(digits[:3].ljust(3, "0")) + (digits[3:4] >= "5")
