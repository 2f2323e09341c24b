"""Lengths of time in words, as people say them: the two largest units."""

from evidence.messages import t

_MINUTE, _HOUR, _DAY = 60, 3600, 86400


def duration(seconds: int) -> str:
    """A length of time, cut off below its last unit: ``3 days 4 h``, ``9 h 40 min``, ``5 min``, ``12 s``."""
    if seconds >= _DAY:
        return t("receive.days", n=seconds // _DAY, hours=seconds % _DAY // _HOUR)
    if seconds >= _HOUR:
        return t("receive.hours", hours=seconds // _HOUR, minutes=seconds % _HOUR // _MINUTE)
    if seconds >= _MINUTE:
        return t("receive.minutes", minutes=seconds // _MINUTE)
    return t("receive.seconds", seconds=seconds)
