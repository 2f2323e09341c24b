"""What the names say that PBXs give to recordings: claims of the PBX about the call, never facts.

Known are, each with an extension and nothing else around:

- FreePBX and Issabel (dialplan ``sub-record-check``): ``TYPE-DIALLED-CALLER-YYYYMMDD-HHMMSS-UNIQUEID``;
- FreePBX before 2.11 (``recordingcheck``): ``OUT101-YYYYMMDD-HHMMSS-UNIQUEID``, likewise IN, q and g;
- Asterisk's one-touch recording (features automon and automixmon): ``auto-SECONDS-CALLER-CALLEE``;
- Asterisk's MixMonitor and Monitor with ``${UNIQUEID}`` as name;
- the two legs that Monitor writes when it doesn't mix: any of these with ``-in`` or ``-out`` behind it;
- FreeSWITCH: ``${uuid}``, and ``YYYY-MM-DD-HH-MM-SS_DIALLED_CALLER`` of its example dialplan.

The caller chooses his number, so a name that doesn't fit a pattern exactly says nothing at all, and no part
may hold the mark that stands between the parts.
"""

import datetime as dt
import re
from dataclasses import dataclass, replace

from evidence.intake import times

TOLERANCE_MS = 120_000
"""How far the creation of the channel and the stated time may lie apart and still agree."""

_LONGEST = 255
_HOUR_MS = 3_600_000
_PARTY = r"\+?[0-9A-Za-z*#.]{1,40}"
_CALENDAR = r"[0-9]{8}-[0-9]{6}"
_UNIQUE = r"(?P<unique>(?:[A-Za-z][0-9A-Za-z_.]{0,59}-)?(?P<seconds>[0-9]{9,10})\.[0-9]{1,10})"
_END = r"(?:-(?P<leg>in|out))?\.[0-9A-Za-z]{2,5}"
_UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_PARTIES = rf"(?P<callee>{_PARTY})-(?P<caller>{_PARTY})"
_TYPES = "in|out|internal|external|exten|q|rg|ivr|conf|force|generic|parked|page"
_PATTERNS = {
    "freepbx": rf"(?P<type>{_TYPES})-{_PARTIES}-(?P<time>{_CALENDAR})-{_UNIQUE}",
    "freepbx_out": rf"(?P<type>OUT|IN|q|g)(?P<callee>[0-9*#]{{1,40}})-(?P<time>{_CALENDAR})-{_UNIQUE}",
    "asterisk_automon": rf"auto-(?P<seconds>[0-9]{{9,10}})-(?P<caller>{_PARTY})-(?P<callee>{_PARTY})",
    "asterisk": _UNIQUE,
    "freeswitch_uuid": rf"(?P<unique>{_UUID})",
    "freeswitch": rf"(?P<time>[0-9]{{4}}(?:-[0-9]{{2}}){{5}})_(?P<callee>{_PARTY})_(?P<caller>{_PARTY})",
}
_COMPILED = {pattern: re.compile(text + _END, re.ASCII) for pattern, text in _PATTERNS.items()}
_DIRECTIONS = {
    "in": "inbound",
    "external": "inbound",
    "IN": "inbound",
    "out": "outbound",
    "OUT": "outbound",
    "internal": "internal",
}
_NOBODY = {"s", "unknown", "anonymous", "restricted", "unavailable", "withheld", "private"}


@dataclass(frozen=True, slots=True)
class NameClaims:
    """What a recording's name claims about its call; empty or None where it says nothing.

    Attributes:
        pattern: which PBX's habit the name follows: ``freepbx``, ``freepbx_out``, ``asterisk_automon``,
            ``asterisk``, ``asterisk_monitor`` (one leg), ``freeswitch_uuid`` or ``freeswitch``.
        direction: ``inbound``, ``outbound`` or ``internal``.
        caller: number or name of who called.
        callee: number or name of who was called, as dialled.
        queue: the queue or ring group that was called.
        local_time: ``2026-11-05 10:15:02`` on the PBX's clock, in a zone that the name doesn't tell.
        unique_id: the PBX's id of the channel.
        epoch_ms: when the channel was created (of ``asterisk_automon``: when recording began) on the PBX's
            clock, in milliseconds since 1970 UTC.
        leg: ``in`` or ``out`` of a recording that holds one direction only, as seen from the PBX.
    """

    pattern: str
    direction: str = ""
    caller: str = ""
    callee: str = ""
    queue: str = ""
    local_time: str = ""
    unique_id: str = ""
    epoch_ms: int | None = None
    leg: str = ""


def claims(name: str) -> NameClaims | None:
    """What the name of a file claims; None when it follows no known pattern exactly.

    Args:
        name: without folders; any text, also with lone surrogates.
    """
    if len(name) > _LONGEST:
        return None
    for pattern, compiled in _COMPILED.items():
        if found := compiled.fullmatch(name):
            return _claims(pattern, {key: value or "" for key, value in found.groupdict().items()})
    return None


def _claims(pattern: str, parts: dict[str, str]) -> NameClaims | None:
    local_time = _local_time(parts.get("time", ""))
    if local_time is None:
        return None
    kind, callee, leg = parts.get("type", ""), _party(parts.get("callee", "")), parts["leg"]
    said = NameClaims(
        pattern=f"{pattern}_monitor" if pattern == "asterisk" and leg else pattern,
        direction=_DIRECTIONS.get(kind, ""),
        caller=_party(parts.get("caller", "")),
        callee=callee,
        local_time=local_time,
        unique_id=parts.get("unique", ""),
        epoch_ms=int(parts["seconds"]) * 1000 if "seconds" in parts else None,
        leg=leg,
    )
    if kind in {"q", "rg", "g"}:
        return replace(said, callee="", queue=callee)
    # the old names hold the extension, which is the caller of what goes out
    return replace(said, caller=callee, callee="") if kind == "OUT" else said


def _party(text: str) -> str:
    return "" if text.lower() in _NOBODY else text


def _local_time(text: str) -> str | None:
    """The time of a name, written as people do; None when there is no such time."""
    digits = text.replace("-", "")
    if not digits:
        return ""
    try:
        found = dt.datetime.strptime(digits, "%Y%m%d%H%M%S")  # noqa: DTZ007
    except ValueError:
        return None
    return found.isoformat(" ") if 1970 <= found.year <= 2100 else None


# The name's two clocks


def agrees(said: NameClaims, text: str) -> bool | None:
    """Whether a stated time is within TOLERANCE_MS of the channel's creation; None when the name has none.

    A later time may be right all the same: a caller who waits, or a recording begun by hand.

    Args:
        said: what the name claims.
        text: RFC 3339 text, as evidence.intake.calltimes.parse returns it.
    """
    off = _off_ms(said, text)
    return None if off is None else abs(off) <= TOLERANCE_MS


def hours_off(said: NameClaims, text: str) -> int | None:
    """By how many whole hours a stated time is off, give or take TOLERANCE_MS: probably a wrong zone.

    Returns:
        A positive number when the stated time is too late; 0 when it agrees; None when the name doesn't tell
        the channel's creation, or the difference looks like no difference of zones.
    """
    off = _off_ms(said, text)
    if off is None:
        return None
    hours = (off + _HOUR_MS // 2) // _HOUR_MS
    return hours if abs(off - hours * _HOUR_MS) <= TOLERANCE_MS and abs(hours) <= 26 else None


def fold_suggested(said: NameClaims, candidates: tuple[str, str]) -> str | None:
    """Which of two times the name speaks for, ``first`` or ``second``; None when for neither or both.

    Args:
        said: what the name claims.
        candidates: as evidence.intake.calltimes.Ambiguous tells them.
    """
    match [agrees(said, candidate) for candidate in candidates]:
        case [True, False]:
            return "first"
        case [False, True]:
            return "second"
    return None


def _off_ms(said: NameClaims, text: str) -> int | None:
    if said.epoch_ms is None:
        return None
    since = times.parse(text) - dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
    return since // dt.timedelta(milliseconds=1) - said.epoch_ms
