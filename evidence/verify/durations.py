"""Lengths of time in words, as people say them, and places in a recording."""

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


def clock(milliseconds: int) -> str:
    """A time in a recording: ``1:02:03.456`` or ``2:03.456``."""
    seconds, rest = divmod(milliseconds, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return (
        f"{hours}:{minutes:02d}:{seconds:02d}.{rest:03d}" if hours else f"{minutes}:{seconds:02d}.{rest:03d}"
    )


def plain_seconds(milliseconds: int) -> str:
    """Milliseconds, not below zero, as seconds: ``2.1``, ``0.045``, ``120``."""
    whole, rest = divmod(milliseconds, 1000)
    return f"{whole}.{rest:03d}".rstrip("0").rstrip(".") if rest else str(whole)
