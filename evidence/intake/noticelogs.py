"""What the PBX's logs and kept configurations say of the notice in one call."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from evidence.intake import callnames
from evidence.intake.dialplan.announcements import CALLER, Mention
from evidence.intake.dialplan.snapshots import is_dialplan, snapshots
from evidence.intake.noticegrades import Configured, Logged, Logs
from evidence.intake.pbx import recordings
from evidence.intake.pbx.playbacks import Playback, playbacks
from evidence.model.incident import Call, Incident
from evidence.model.notice import Notice
from evidence.model.pbxlog import PbxEvent, PbxLog


@dataclass(frozen=True, slots=True)
class Kept:
    """A log that is an exhibit.

    Attributes:
        exhibit: id of the exhibit.
        log: what was read in it.
    """

    exhibit: str
    log: PbxLog


def logs_of(
    kept: Sequence[Kept],
    incident: Incident,
    recording: str,
    wanted: Iterable[Notice],
    *,
    is_only: bool = True,
) -> Logs:
    """What logs say of the call that a recording holds.

    Args:
        kept: the logs of the incident.
        incident: what its incident.json says.
        recording: name of the recording's file.
        wanted: the versions of the notice that were in force.
        is_only: whether the incident has no other recording.
    """
    concerning = [(each.exhibit, _of_call(each.log, incident, recording, is_only=is_only)) for each in kept]
    concerning = [(exhibit, log) for exhibit, log in concerning if log.events]
    call = incident.call_of(recording)
    return Logs(
        exhibits=tuple(exhibit for exhibit, _log in concerning),
        showing=tuple(exhibit for exhibit, log in concerning if log.logs_playback and not log.is_cut),
        by_number=tuple(exhibit for exhibit, log in concerning if _is_by_number(log)),
        silent=tuple(exhibit for exhibit, log in concerning if log.logs_playback is False),
        played=tuple(
            logged
            for exhibit, log in concerning
            for notice in wanted
            for logged in _played(exhibit, log, notice, call.direction if call else "")
        ),
    )


def _is_by_number(log: PbxLog) -> bool:
    """Whether lines of a log were tied to the call by its number and time alone."""
    return any(problem.code == "by_number" for problem in log.problems)


def _played(exhibit: str, log: PbxLog, notice: Notice, direction: str) -> Iterator[Logged]:
    end = notice.key_clause.end
    begun = recordings.begun(log, direction)
    for playback in playbacks(log, notice.played_as, end):
        if direction == "inbound" and _is_other_leg(playback.event):
            continue  # played to the agent, who isn't the one to be told
        missed = [recordings.misses(recording, playback) for recording in begun]
        yield Logged(
            version=notice.id,
            exhibit=exhibit,
            line=playback.event.line,
            name=playback.played,
            at=playback.at,
            cut_ms=_lasted(playback) if playback.reached_clause is False else None,
            is_recorded=False if missed and all(missed) else None,
        )


def _is_other_leg(event: PbxEvent) -> bool:
    """Whether an event isn't of the call's first channel, which of a call that came in is the caller's."""
    linked = event.value("linked_id")
    return bool(linked and event.value("id")) and event.value("id") != linked


def _lasted(playback: Playback) -> int | None:
    if playback.at is None or playback.until is None:
        return None
    return max(0, int((playback.until.time - playback.at.time).total_seconds() * 1000))


def _of_call(log: PbxLog, incident: Incident, recording: str, *, is_only: bool) -> PbxLog:
    """A log with the events of one call alone; of an incident with a single call all of them.

    Beside other recordings, one whose call nobody stated has only the lines that its name is tied to: the
    others may be about another call.
    """
    call = incident.call_of(recording)
    if len(incident.calls) < 2 and (call is not None or is_only):
        return log
    ids = _ids(call, recording)
    linked = {event.value("linked_id") for event in log.events if _names(event) & ids} - {""}
    known = ids | linked
    return replace(log, events=tuple(event for event in log.events if _names(event) & known))


def _ids(call: Call | None, recording: str) -> set[str]:
    said = callnames.claims(recording)
    return {call.id if call else "", said.unique_id if said else ""} - {""}


def _names(event: PbxEvent) -> set[str]:
    return {event.value(name) for name in ("id", "linked_id", "peer_id")} - {""}


def configured_in(exhibit: str, name: str, data: bytes, wanted: Iterable[Notice]) -> Iterator[Configured]:
    """Where a kept configuration plays one of the versions to the caller.

    Args:
        exhibit: id of the exhibit.
        name: name of its file.
        data: its bytes.
        wanted: the versions of the notice that were in force.
    """
    if not is_dialplan(name):
        return
    found: dict[tuple[str, ...], tuple[Mention, ...]] = {}  # most versions are played by the same names
    for notice in wanted:
        if notice.played_as not in found:
            found[notice.played_as] = snapshots(name, data, notice.played_as)
        for mention in found[notice.played_as]:
            if mention.side == CALLER:
                yield Configured(notice.id, exhibit, mention.line, mention.name)
