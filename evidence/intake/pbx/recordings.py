"""How a PBX began its recordings: what its log says of their beginning, their options and their channels.

As of Asterisk's documentation of MixMonitor: ``b`` records only while the channel is bridged, so that what
the caller heard before isn't in it; ``D`` writes two channels, first what comes from the recorded channel and
then what goes to it; ``r(FILE)`` and ``t(FILE)`` write the two directions into files of their own. FreeSWITCH
writes the caller's side left when RECORD_STEREO is set, and right with RECORD_STEREO_SWAP.
"""

import re
from dataclasses import dataclass

from evidence.intake.pbx.playbacks import Playback
from evidence.model.notice import StatedTime
from evidence.model.pbxlog import FREESWITCH_JSON, RECORDING, PbxEvent, PbxLog

_BRACKETS = re.compile(r"([A-Za-z])\(([^()]*)\)")


@dataclass(frozen=True, slots=True)
class Begun:
    """A recording that was begun.

    Attributes:
        event: what the log says.
        file: its name as it stands there; untrusted.
        at: when the application was started; the sound begins then or later.
        is_bridged_only: whether it holds only what was said while two channels were connected.
        is_stereo: whether it has a channel for each direction.
        channels: who is probably in which channel, ``caller`` and ``agent``; empty when it can't be told.
        received: file that holds only what came from the channel; empty for most.
        sent: file that holds only what went to it; empty for most.
    """

    event: PbxEvent
    file: str
    at: StatedTime | None
    is_bridged_only: bool = False
    is_stereo: bool = False
    channels: tuple[str, ...] = ()
    received: str = ""
    sent: str = ""


def begun(log: PbxLog, direction: str) -> list[Begun]:
    """The recordings that a log tells of.

    Args:
        log: as reading.read_logs read it.
        direction: of the call: ``inbound``, ``outbound`` or something else.
    """
    read = _freeswitch if log.format == FREESWITCH_JSON else _asterisk
    return [read(event, log, direction) for event in log.events if event.kind == RECORDING]


def misses(recording: Begun, playback: Playback) -> bool | None:
    """Whether a recording can't hold a playback from its beginning; None when the log doesn't tell.

    It can't when it was begun later, or holds only what was said while channels were connected: sounds are
    played to a caller before that.
    """
    if recording.is_bridged_only:
        return True
    if recording.at is None or playback.at is None or not playback.is_first:
        return None
    return recording.at.time > playback.at.time


def _asterisk(event: PbxEvent, _log: PbxLog, direction: str) -> Begun:
    options = event.value("options")
    files = dict(_BRACKETS.findall(options))
    flags = _BRACKETS.sub("", options)
    is_stereo = "D" in flags
    of_caller = _is_callers(event, direction)
    channels = ("caller", "agent") if of_caller else ("agent", "caller")
    return Begun(
        event,
        event.value("file"),
        event.at,
        is_bridged_only="b" in flags,
        is_stereo=is_stereo,
        channels=channels if is_stereo and of_caller is not None else (),
        received=files.get("r", ""),
        sent=files.get("t", ""),
    )


def _is_callers(event: PbxEvent, direction: str) -> bool | None:
    """Whether the recorded channel is that of the outside caller: the first of a call that came in."""
    if not event.value("linked_id") or direction not in {"inbound", "outbound"}:
        return None
    is_first = event.value("id") == event.value("linked_id")
    return is_first == (direction == "inbound")


def _freeswitch(event: PbxEvent, log: PbxLog, direction: str) -> Begun:
    settings = {
        other.value("data").partition("=")[0].strip().upper(): other.value("data").partition("=")[2].strip()
        for other in log.events
        if other.value("application") == "set" and other.value("id") == event.value("id")
    }
    is_stereo = settings.get("RECORD_STEREO", "").lower() == "true"
    is_swapped = settings.get("RECORD_STEREO_SWAP", "").lower() == "true"
    channels = ("agent", "caller") if is_swapped != (direction == "outbound") else ("caller", "agent")
    return Begun(
        event,
        event.value("file"),
        event.at,
        is_stereo=is_stereo,
        channels=channels if is_stereo and direction in {"inbound", "outbound"} else (),
    )
