"""What a court will ask for and an incident doesn't say: who the parties are, how everything came here.

Nobody is hindered from sealing without it; it is told while it can still be found.
"""

from collections.abc import Iterator, Mapping, Sequence

from evidence.intake import place, roles
from evidence.intake.documents import MARKERS
from evidence.intake.folder import IncidentFolder
from evidence.intake.gap import Gap
from evidence.messages import t
from evidence.model.incident import GRADE_NONE, Incident
from evidence.model.noticeevidence import NoticeEvidence
from evidence.model.pbxlog import PbxLog
from evidence.model.recording import RecordingFacts
from evidence.model.records import ExhibitFacts

_IMPORTABLE = ("csv", "txt", "vtt")


def missing(
    folder: IncidentFolder,
    exhibits: Sequence[ExhibitFacts],
    facts: Mapping[str, RecordingFacts],
    logs: Sequence[PbxLog] = (),
    notice: Mapping[str, NoticeEvidence] | None = None,
) -> Iterator[Gap]:
    """What is left out, the most important first.

    Args:
        folder: as read_folder read it.
        exhibits: the facts of its files.
        facts: those of its recordings, by name.
        logs: those of its logs that were read.
        notice: as of gaps.gaps.
    """
    incident = folder.incident
    recordings = [exhibit.name for exhibit in exhibits if exhibit.role == roles.RECORDING]
    if not recordings:
        yield Gap("no_recording")
    yield from _notice(incident, exhibits) if notice is None else _shown(incident, exhibits, notice)
    yield from _calls(incident, recordings)
    yield from _pbx(exhibits, logs, recordings)
    yield from _acquisitions(incident, recordings)
    if not incident.legal_basis:
        yield Gap("no_legal_basis")
    yield from _persons(incident)
    yield from _channels(incident, facts)
    yield from _markers(folder)


def _notice(incident: Incident, exhibits: Sequence[ExhibitFacts]) -> Iterator[Gap]:
    if incident.notice.grade == GRADE_NONE:
        yield Gap("no_notice")
    elif not _has_announcement(incident, exhibits):
        yield Gap("no_announcement")


def _has_announcement(incident: Incident, exhibits: Sequence[ExhibitFacts]) -> bool:
    return bool(incident.notice.text) or any(exhibit.role == roles.NOTICE for exhibit in exhibits)


def _shown(
    incident: Incident, exhibits: Sequence[ExhibitFacts], notice: Mapping[str, NoticeEvidence]
) -> Iterator[Gap]:
    """The recordings of which nothing at all shows that the notice was played; a notice that nobody knows."""
    bare = [e.name for e in exhibits if e.id in notice and notice[e.id].grade == GRADE_NONE]
    if len(bare) == len(notice):
        yield Gap("no_notice")
        return
    for name in bare:
        yield Gap("no_notice_in", {"file": place.key(name)})
    is_known = any("NO_VERSION" not in {item.code for item in told.unseen} for told in notice.values())
    if not (is_known or _has_announcement(incident, exhibits)):
        yield Gap("no_announcement")


def _calls(incident: Incident, recordings: Sequence[str]) -> Iterator[Gap]:
    """Of an incident without any call that is told once."""
    if not incident.calls:
        if recordings:
            yield Gap("no_calls")
        return
    for name in recordings:
        if incident.call_of(name) is None:
            yield Gap("recording_without_call", {"file": place.key(name)})
    for call in incident.calls:
        if call.from_name:
            fields = ", ".join(t(f"show.call_{name}") for name in call.from_name)
            yield Gap("from_name", {"file": place.key(call.recording), "fields": fields})


def _pbx(
    exhibits: Sequence[ExhibitFacts], logs: Sequence[PbxLog], recordings: Sequence[str]
) -> Iterator[Gap]:
    """Whether the PBX's records are there, and of use."""
    if recordings and not any(exhibit.role == "pbx" for exhibit in exhibits):
        yield Gap("no_pbx_records")
    for log in logs:
        if not log.events:
            code = next((problem.code for problem in log.problems if problem.line == 0), "no_relation")
            yield Gap("pbx_unread", {"file": place.key(log.name), "problem": t(f"pbx.problem_{code}")})


def _acquisitions(incident: Incident, recordings: Sequence[str]) -> Iterator[Gap]:
    known = {name: acquisition for acquisition in incident.acquisitions for name in acquisition.files}
    for name in recordings:
        if name not in known:
            yield Gap("no_acquisition", {"file": place.key(name)})
    stated = [known[name] for name in recordings if name in known]
    if any(acquisition.clock is None for acquisition in stated):
        yield Gap("no_clock")
    if not all(acquisition.system for acquisition in stated):
        yield Gap("no_system")
    if not all(acquisition.authority for acquisition in stated):
        yield Gap("no_authority")
    if not all(acquisition.original for acquisition in stated):
        yield Gap("no_original")


def _persons(incident: Incident) -> Iterator[Gap]:
    subscriber, agent = incident.subscriber, incident.agent
    if not any(map(str.strip, (subscriber.name, subscriber.phone, subscriber.account))):
        yield Gap("no_subscriber")
    if not any(map(str.strip, (agent.name, agent.id))):
        yield Gap("no_agent")


def _channels(incident: Incident, facts: Mapping[str, RecordingFacts]) -> Iterator[Gap]:
    for call in incident.calls:
        recording = facts.get(call.recording)
        if recording is not None and (recording.all_channels or 0) > 1 and not call.channels:
            there = recording.all_channels or 0
            yield Gap("no_channels", {"file": place.key(call.recording), "there": there})


def _markers(folder: IncidentFolder) -> Iterator[Gap]:
    there = [file.name for file in folder.files]
    if MARKERS in there and any(marker.withdrawn is None for marker in folder.markers):
        return
    almost = roles.misnamed(MARKERS, there)
    others = [f"markers.{ending}" for ending in _IMPORTABLE if f"markers.{ending}" in there]
    if others:
        yield Gap("unread_markers", {"file": others[0]})
    elif almost and MARKERS not in there:
        yield Gap("misnamed_markers", {"file": place.key(almost)})
    else:
        yield Gap("no_markers")
