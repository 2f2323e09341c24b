"""The times of a log's lines, and what can't be told about them."""

import re

from evidence import strict
from evidence.errors import UsageError
from evidence.intake import callnames, calltimes, times
from evidence.intake.inbox import moments
from evidence.intake.pbx.draft import Draft
from evidence.intake.pbx.telling import Problems
from evidence.model.notice import StatedTime
from evidence.model.pbxlog import PbxEvent
from evidence.text import visible

_EPOCH = re.compile(r"[0-9]{9,10}(?:\.[0-9]{1,9})?", re.ASCII)
_OFFSET = re.compile(r"(?:[Zz]|[+-][0-9]{2}:[0-9]{2})\Z")
_EPOCH_MICRO = re.compile(r"[0-9]{15,16}", re.ASCII)
_NAME_SHOWN = 60
_LONGEST = 64
_NEVER = {"", "0", "0000-00-00 00:00:00", "NULL", r"\N"}
"""What a PBX writes for a time that never came."""


class Clock:
    """Understands the times of one log.

    Args:
        name: of its file; untrusted.
        zone: IANA zone of local times; empty when nobody said.
        problems: gets what can't be told.
    """

    def __init__(self, name: str, zone: str, problems: Problems) -> None:
        self._name = visible(name[:_NAME_SHOWN])
        self._zone = zone
        self._problems = problems

    def event(self, draft: Draft) -> PbxEvent:
        """The event that a draft tells of."""
        channel = draft.values.get("id", "")
        at = self.time(draft, draft.at, channel)
        if at is not None and draft.is_creation:
            self._compare(draft, channel, at)
        until = self._until(draft, at)
        return PbxEvent(draft.line, draft.last_line, draft.kind, at, until, draft.values)

    def time(self, draft: Draft, text: str, channel: str = "") -> StatedTime | None:
        """A time of a line; None, and a problem, when it can't be told; None alone when it never came.

        Args:
            draft: the line.
            text: the time as it stands there.
            channel: id of the channel that was created about then, which tells one of two hours.
        """
        try:
            return self._told(draft, text.strip(), channel)
        except _Untold as problem:
            self._problems.add(draft.line, str(problem))
            return None

    def _told(self, draft: Draft, text: str, channel: str) -> StatedTime | None:
        if text in _NEVER:
            return None
        zone = draft.zone or self._zone
        plain = _plain(text, draft.form)
        found = _parsed(plain, zone, channel)
        source = f"{self._name}, line {draft.line}"
        if zone and not _OFFSET.search(plain):
            source = f"{source}, {zone}"
        return StatedTime(strict.format_timestamp(times.parse(found)), text[:_LONGEST], source)

    def _until(self, draft: Draft, at: StatedTime | None) -> StatedTime | None:
        """The end as it is written; where clocks are set back in between, the length tells it."""
        length = draft.length.strip() if at is not None else ""
        if not length:
            return self._in_order(draft, at, self.time(draft, draft.until))
        try:
            found = self._told(draft, draft.until.strip(), "")
        except _Untold as problem:
            if str(problem) != "ambiguous_time":
                self._problems.add(draft.line, str(problem))
            found = None
        return self._in_order(draft, at, found or self._after(draft, at, length))

    def _after(self, draft: Draft, at: StatedTime | None, length: str) -> StatedTime | None:
        if at is None:
            return None
        try:
            ended = times.parse(moments.after(at.utc, length))
        except (ValueError, OverflowError):
            self._problems.add(draft.line, "bad_length")
            return None
        return StatedTime(strict.format_timestamp(ended), f"{at.text} + {length} s", at.source)

    def _in_order(self, draft: Draft, at: StatedTime | None, until: StatedTime | None) -> StatedTime | None:
        if at is not None and until is not None and until.utc < at.utc:
            self._problems.add(draft.line, "ends_before")
            return None
        return until

    def _compare(self, draft: Draft, channel: str, at: StatedTime) -> None:
        """An id of Asterisk holds the time of the channel's creation, in no zone but UTC."""
        said = callnames.claims(f"{channel}.wav") if channel else None
        hours = callnames.hours_off(said, at.utc) if said else None
        if hours:
            self._problems.add(draft.line, "zone_differs", f"{hours:+d}")


class _Untold(ValueError):
    """A time that can't be told; its text is the code of the problem."""


def _plain(text: str, form: str) -> str:
    """The text in a form that evidence.intake.calltimes reads."""
    if len(text) > _LONGEST or not text.isascii():
        raise _Untold("bad_time")
    try:
        return moments.plain(*_formed(text, form))
    except (ValueError, OverflowError) as error:
        raise _Untold("bad_time") from error


def _parsed(plain: str, zone: str, channel: str) -> str:
    """A time as RFC 3339 text."""
    try:
        return calltimes.parse(plain, zone or None)
    except calltimes.Ambiguous as error:
        return _folded(channel, error)
    except UsageError as error:
        raise _Untold(_why(plain, zone)) from error


def _formed(text: str, form: str) -> tuple[str, str]:
    """The text and its form in words of evidence.intake.inbox.moments."""
    if form != "auto":
        return text, form
    if _EPOCH.fullmatch(text):
        return text, "epoch"
    if _EPOCH_MICRO.fullmatch(text):
        return f"{text[:-6]}.{text[-6:]}", "epoch"
    return text, "iso"


def _folded(channel: str, error: calltimes.Ambiguous) -> str:
    """The one of two times that the channel's id speaks for."""
    said = callnames.claims(f"{channel}.wav") if channel else None
    fold = callnames.fold_suggested(said, error.candidates) if said else None
    if fold is None:
        raise _Untold("ambiguous_time") from error
    return error.candidates[calltimes.FOLDS.index(fold)]


def _why(plain: str, zone: str) -> str:
    """Why a text isn't a time: it may be one elsewhere."""
    try:
        calltimes.parse(plain, "Etc/UTC")
    except UsageError:
        return "bad_time"
    return "skipped_time" if zone else "no_zone"
