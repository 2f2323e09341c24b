"""What logs say of an incident's calls where nobody stated anything: proposals with the lines that say so."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from evidence.intake import callnames, drafting, times
from evidence.intake.pbx.agents import agent_of
from evidence.intake.pbx.recordings import begun
from evidence.intake.pbx.relating import stem
from evidence.model import names, pbxlog
from evidence.model.notice import StatedTime
from evidence.model.pbxlog import PbxEvent, PbxLog
from evidence.text import visible

_LONGEST = {"name": 300}
_LONGEST_USUAL = 128
_NAME_SHOWN = 300
_ORDER = (
    *(pbxlog.ASTERISK_CDR, pbxlog.FREESWITCH_JSON, pbxlog.FREESWITCH_CDR, pbxlog.MAPPED),
    *(pbxlog.ASTERISK_CEL, pbxlog.QUEUE_LOG),
)
"""The formats, those first that say most about whole calls."""

_BEGINNINGS = {pbxlog.CALL, pbxlog.START}
_OF_CALLS = ("caller", "callee", "direction")


@dataclass(frozen=True, slots=True)
class Line:
    """One event of one log."""

    log: PbxLog
    event: PbxEvent

    @property
    def place(self) -> str:
        """The file and the line, as a statement names them."""
        return f"{visible(self.log.name)[:_NAME_SHOWN]}, line {self.event.line}"

    @property
    def ids(self) -> set[str]:
        """The ids of channels and calls that it names."""
        return {self.event.value(name) for name in ("id", "linked_id", "peer_id")} - {""}


@dataclass(frozen=True, slots=True)
class Filled:
    """A field that was filled in.

    Attributes:
        recording: name of the call's recording; empty for a call without one, and for the agent.
        part: ``call`` or ``agent``.
        field: its name.
        value: what it is now.
        place: file and line.
    """

    recording: str
    part: str
    field: str
    value: str
    place: str


Proposal = dict[str, tuple[Any, str]]
"""For each field its value, and the place that says so."""


def fill(document: drafting.Document, recordings: Iterable[str], logs: Sequence[PbxLog]) -> list[Filled]:
    """Fill in what logs say and nobody stated; what is there already stays.

    Args:
        document: an incident.json; it holds.
        recordings: names of its recordings.
        logs: its logs, read.

    Returns:
        what was filled in.
    """
    lines = [Line(log, event) for log in _sorted(logs) for event in log.events]
    filled: list[Filled] = []
    known = {
        names.from_document(call["recording"]): call
        for call in document.get("calls", ())
        if "recording" in call
    }
    for name in dict.fromkeys([*known, *recordings]):
        call = known.get(name, {"recording": names.to_document(name)})
        proposal = _of_call(_tied(lines, call, name, is_only=len({*known, *recordings}) == 1), call, name)
        new = _put(call, proposal, name, "call") if "started" in {**call, **proposal} else []
        if new and name not in known:
            document.setdefault("calls", []).append(call)
        filled += new
    if document.get("calls"):
        document["calls"].sort(key=lambda item: times.parse(item["started"]))
    agent = document.get("agent", {})
    filled += _put(agent, _of_agent(lines, document) if not agent else {}, "", "agent")
    drafting.put(document, {"agent": agent})
    return filled


def _sorted(logs: Sequence[PbxLog]) -> list[PbxLog]:
    return sorted(logs, key=lambda log: _ORDER.index(log.format) if log.format in _ORDER else len(_ORDER))


def _put(target: drafting.Document, proposal: Proposal, recording: str, part: str) -> list[Filled]:
    values = {field: value for field, (value, _) in proposal.items()}
    places = {field: place for field, (_, place) in proposal.items()}
    new = drafting.fill(target, values, places)
    shown = {
        field: ", ".join(values[field]) if isinstance(values[field], list) else values[field] for field in new
    }
    return [Filled(recording, part, field, shown[field], places[field]) for field in new]


# which lines


def _tied(lines: Sequence[Line], call: drafting.Document, name: str, *, is_only: bool) -> list[Line]:
    """The lines about one call: all of them when there is but one recording."""
    if is_only:
        return list(lines)
    said = callnames.claims(name)
    ids = {call.get("id", ""), said.unique_id if said else ""} - {""}
    named = {place for place, line in enumerate(lines) if _names(line, name)}
    for place in named:
        ids |= lines[place].ids
    while new := {place for place, line in enumerate(lines) if not line.ids.isdisjoint(ids)} - named:
        named |= new
        for place in new:
            ids |= lines[place].ids
    return [lines[place] for place in sorted(named)]


def _names(line: Line, recording: str) -> bool:
    file = line.event.value("file")
    return line.event.kind in {pbxlog.CALL, pbxlog.RECORDING} and bool(file) and stem(file) == stem(recording)


# what they say


def _of_call(lines: Sequence[Line], call: drafting.Document, recording: str) -> Proposal:
    found: Proposal = {}
    for line in lines:
        event = line.event
        _propose(found, "id", event.value("linked_id") or event.value("id"), line)
        _propose(found, "queue", event.value("queue"), line)
        if event.kind in _BEGINNINGS:
            for name in _OF_CALLS:
                _propose(found, name, event.value(name), line)
    found |= _times(lines, call)
    direction = call.get("direction") or found.get("direction", ("", ""))[0]
    for log in dict.fromkeys(line.log.name for line in lines):
        found |= _channels([line for line in lines if line.log.name == log], recording, direction)
    return found


def _propose(found: Proposal, field: str, value: str, line: Line) -> None:
    """The first that says something; nothing that no incident can hold."""
    is_text = 0 < len(value) <= _LONGEST.get(field, _LONGEST_USUAL) and value.isprintable()
    if is_text and field not in found:
        found[field] = (value, line.place)


def _times(lines: Sequence[Line], call: drafting.Document) -> Proposal:
    """When the call began and ended, by the first log whose zone isn't in doubt."""
    found: Proposal = {}
    for log in dict.fromkeys(line.log.name for line in lines):
        own = [line for line in lines if line.log.name == log and not _is_doubtful(line)]
        starts = [(line.event.at, line) for line in own if line.event.kind in _BEGINNINGS and line.event.at]
        ends = list(_ends(own))
        if starts and "started" not in found:
            time, line = min(starts, key=lambda item: item[0].utc)
            found["started"] = (_local(time, line.log.zone), line.place)
        if ends and "ended" not in found:
            time, line = max(ends, key=lambda item: item[0].utc)
            found["ended"] = (_local(time, line.log.zone), line.place)
    started = call.get("started") or found.get("started", ("", ""))[0]
    if "ended" in found and (not started or times.parse(found["ended"][0]) < times.parse(started)):
        del found["ended"]
    return found


def _ends(lines: Iterable[Line]) -> Iterator[tuple[StatedTime, Line]]:
    for line in lines:
        event = line.event
        if event.kind == pbxlog.CALL and event.until:
            yield event.until, line
        elif event.kind == pbxlog.HANGUP and event.at and line.log.format == pbxlog.ASTERISK_CEL:
            yield event.at, line


def _is_doubtful(line: Line) -> bool:
    return any(problem.code == "zone_differs" for problem in line.log.problems)


def _local(time: StatedTime, zone: str) -> str:
    """A time as an incident states it: with the offset of the log's zone."""
    local = time.time.astimezone(ZoneInfo(zone) if zone else dt.UTC)
    return local.isoformat(timespec="milliseconds" if local.microsecond else "seconds")


def _channels(lines: Sequence[Line], recording: str, direction: str) -> Proposal:
    """Who is in which channel, where the log says how this very recording was begun."""
    for line in lines:
        if line.event.kind == pbxlog.RECORDING and stem(line.event.value("file")) == stem(recording):
            for item in begun(line.log, direction):
                if item.event == line.event and item.channels:
                    return {"channels": (list(item.channels), line.place)}
    return {}


def _of_agent(lines: Sequence[Line], document: drafting.Document) -> Proposal:
    """The one employee who took the calls; nobody where there are several."""
    by_id = {call.get("id"): call.get("direction", "") for call in document.get("calls", ())}
    direction = next(iter(by_id.values()), "") if len(by_id) == 1 else ""
    said = [(agent_of(line.event, direction), line) for line in lines]
    known = [(field, value, line) for (field, value), line in said if value]
    found: Proposal = {}
    for field in ("id", "name"):
        values = {value for own, value, _ in known if own == field}
        if len(values) == 1:
            line = next(line for own, _, line in known if own == field)
            _propose(found, field, values.pop(), line)
    return found
