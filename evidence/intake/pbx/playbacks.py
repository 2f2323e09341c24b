"""Where a log says that the notice was played. It never says that anybody heard it.

An announcement that Queue() or Dial() names is no such place: those are played to the agent.
"""

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass

from evidence.intake.dialplan.sounds import Names
from evidence.model.notice import StatedTime
from evidence.model.pbxlog import PLAYBACK, PbxEvent, PbxLog

_RATE = re.compile(r"(?:^|(?<=/))(?:8000|16000|32000|48000)/")
"""Folders in which FreeSWITCH keeps its sounds by their rates."""
_LIST = "file_string://"


@dataclass(frozen=True, slots=True)
class Playback:
    """One playback of a sound that is a version of the notice.

    Attributes:
        event: what the log says.
        played: the file's name as it stands there; untrusted.
        at: when the application was started; None when that can't be told.
        until: when it was over; None when the log doesn't say.
        channel: the channel in which it was played; untrusted.
        is_first: whether it was played first; else other sounds came before it, and it began later.
        reached_clause: whether the playback lasted until the end of the notice's key clause; None when that
            can't be told.
    """

    event: PbxEvent
    played: str
    at: StatedTime | None
    until: StatedTime | None
    channel: str
    is_first: bool
    reached_clause: bool | None = None


def playbacks(log: PbxLog, played_as: Iterable[str], clause_end_ms: int | None = None) -> list[Playback]:
    """The playbacks of the notice among a log's events.

    Args:
        log: as reading.read_logs read it.
        played_as: names by which the PBX plays the notice, e.g. ``custom/record-notice``. Letter case counts;
            the directory of sounds, a folder of a language, and the extension of a sound don't.
        clause_end_ms: where the notice's key clause ends, in milliseconds; None when nobody marked it.
    """
    wanted = Names(tuple(_RATE.sub("", name) for name in played_as))
    found = []
    for event in log.events:
        if event.kind != PLAYBACK:
            continue
        for number, name in enumerate(_files(event.value("file"))):
            if wanted.find(_RATE.sub("", name)) is not None:
                found.append(_playback(event, name, clause_end_ms, is_first=number == 0))
    return found


def _playback(event: PbxEvent, name: str, clause_end_ms: int | None, *, is_first: bool) -> Playback:
    reached = None
    if is_first and clause_end_ms is not None and event.at is not None and event.until is not None:
        lasted = event.until.time - event.at.time
        reached = lasted >= dt.timedelta(milliseconds=clause_end_ms)
    channel = event.value("channel") or event.value("id")
    return Playback(event, name, event.at, event.until, channel, is_first, reached)


def _files(played: str) -> list[str]:
    """The names of sounds that are played one after the other."""
    if played.startswith(_LIST):
        return [name for name in played.removeprefix(_LIST).split("!") if name]
    return [name for name in played.split("&") if name]
