"""Places of the announcement in a recording, in the reader's language."""

from evidence.messages import t
from evidence.verify.durations import clock, plain_seconds

_MINUTE = 60_000

_NAMED = ("caller", "agent")
"""Names of channels that have words of their own."""


def place(channel: str, at: int | None) -> str:
    """Where something is, as a part of a sentence.

    Args:
        channel: what ``where`` says.
        at: milliseconds from the recording's beginning; below zero when it began before that.
    """
    if at is None:
        return channel
    if at < 0:
        return f"{channel} {t('noticeevidence.at_before', seconds=plain_seconds(-at))}"
    if at < _MINUTE:
        return f"{channel} {t('noticeevidence.at_seconds', seconds=plain_seconds(at))}"
    return f"{channel} {t('noticeevidence.at_clock', clock=clock(at))}"


def where(channel: int | None, name: str) -> str:
    """In which channel, as a part of a sentence.

    Args:
        channel: its number from 0; None where no channel is named.
        name: who is said to be heard in it, harmless already; may be empty.
    """
    if channel is None:
        return t("noticeevidence.in_recording")
    if not name:
        return t("noticeevidence.in_channel", channel=str(channel))
    if name in _NAMED:
        return t(f"noticeevidence.in_{name}", channel=str(channel))
    return t("noticeevidence.in_named", name=name, channel=str(channel))


def seconds(milliseconds: int) -> str:
    """A length of time in seconds, with their unit."""
    return t("noticeevidence.seconds", seconds=plain_seconds(milliseconds))
