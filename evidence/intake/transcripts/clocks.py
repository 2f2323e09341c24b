"""Times as subtitles write them: ``[hours:]minutes:seconds`` and thousandths behind a comma or a point."""

import re

_TIME = r"(?:([0-9]{1,4}):)?([0-9]{1,2}):([0-9]{1,2})(?:[.,]([0-9]{1,9}))?"
_TIMING = re.compile(rf"[ \t]*{_TIME}[ \t]*-->[ \t]*{_TIME}(?:[ \t].*)?")
_ALONE = re.compile(_TIME)


def timing(line: str) -> tuple[int, int] | None:
    """Both ends of a line of times, in milliseconds; None when it is none. What follows is passed over."""
    found = _TIMING.fullmatch(line)
    if found is None:
        return None
    groups = found.groups()
    start, end = _milliseconds(*groups[:4]), _milliseconds(*groups[4:])
    return None if start is None or end is None else (start, end)


def time(text: str) -> int | None:
    """One time, in milliseconds; None when it is none."""
    found = _ALONE.fullmatch(text)
    return _milliseconds(*found.groups()) if found else None


def _milliseconds(hours: str | None, minutes: str, seconds: str, fraction: str | None) -> int | None:
    if int(minutes) > 59 or int(seconds) > 59:
        return None
    whole = (int(hours or 0) * 60 + int(minutes)) * 60 + int(seconds)
    return whole * 1000 + int((fraction or "0")[:3].ljust(3, "0"))
