"""The PBX's logs in an incident's folder, read: which of their lines concern it, and what those say."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO

from evidence.errors import UsageError
from evidence.intake import calltimes, roles
from evidence.intake.folder import IncidentFolder
from evidence.intake.pbx import relating
from evidence.intake.pbx.checking import check
from evidence.intake.pbx.collecting import Events
from evidence.intake.pbx.documents import Document, is_json
from evidence.intake.pbx.numbering import Numbers
from evidence.intake.pbx.pieces import Holds
from evidence.intake.pbx.relating import Relation
from evidence.intake.pbx.rules import PbxRules
from evidence.intake.pbx.sources import Source, Table
from evidence.intake.pbx.telling import Problems
from evidence.intake.pbx.timing import Clock
from evidence.intake.plan import FolderFile
from evidence.model import pbxlog
from evidence.model.incident import Incident
from evidence.model.pbxlog import PbxLog, PbxProblem

OpenExhibit = Callable[[IncidentFolder, FolderFile], BinaryIO]
"""Opens an exhibit for reading from its beginning, as evidence.intake.folder.open_exhibit does."""

MOST_LOGS = 50
"""Logs of one incident that are read, at most."""

_HEAD = 4096


@dataclass(slots=True)
class _Reading:
    """One log while it is read."""

    file: FolderFile
    zone: str
    problems: Problems
    source: Source
    picked: set[tuple[str, ...]] = field(default_factory=set)
    is_related: bool = False


def read_logs(folder: IncidentFolder, rules: PbxRules, open_exhibit: OpenExhibit) -> tuple[PbxLog, ...]:
    """The logs of a folder, in the order of its files; each is read from its file, twice, in bounded memory.

    What is wrong with a log is among its problems; it is never an error.

    Args:
        folder: as read_folder read it; its files of the role ``pbx`` are the logs.
        rules: the vault's; the incident's own zone counts before theirs.
        open_exhibit: opens a file.

    Raises:
        FormatError: a mapping of the configuration can't be used, or a file isn't one any more.
        StoreError: the file system refuses.
    """
    incident = folder.incident
    logs = [file for file in folder.files if file.role == "pbx"]
    readings = [_begun(folder, file, rules, open_exhibit) for file in logs[:MOST_LOGS]]
    recordings = [file.name for file in folder.files if file.role == roles.RECORDING]
    relation = Relation.of(incident, recordings)
    for reading in sorted(readings, key=_first):
        _relate(reading, relation)
    tokens = _by_number(readings, relation, incident)
    unread = (PbxLog(file.name, problems=(PbxProblem(0, "too_many_logs"),)) for file in logs[MOST_LOGS:])
    return (*(_read(reading, relation, tokens) for reading in readings), *unread)


def _begun(folder: IncidentFolder, file: FolderFile, rules: PbxRules, opened: OpenExhibit) -> _Reading:
    problems = Problems()
    mapping = rules.mapping(file.name)
    mapping = check(mapping) if mapping else None
    zone = (mapping.time_zone if mapping else "") or folder.incident.time_zone or rules.zone
    try:
        calltimes.known_zone(zone)
    except UsageError:
        problems.add(0, "unknown_zone")
        zone = ""

    def open_it() -> BinaryIO:
        return opened(folder, file)

    with open_it() as head:
        looks_json = is_json(head.read(_HEAD))
    is_document = mapping.kind == "json" if mapping else looks_json
    source: Source = (Document if is_document else Table)(open_it, mapping, problems)
    return _Reading(file, zone, problems, source)


def _first(reading: _Reading) -> int:
    """Event logs tie the channels of a call together, so they are looked at first."""
    order = (pbxlog.ASTERISK_CEL, pbxlog.FREESWITCH_JSON, pbxlog.QUEUE_LOG)
    return order.index(reading.source.format) if reading.source.format in order else len(order)


def _relate(reading: _Reading, relation: Relation) -> None:
    for draft in reading.source.drafts(relation.holds):
        if relation.takes(draft):
            reading.is_related = True
            relation.learn(draft)


def _by_number(readings: Sequence[_Reading], relation: Relation, incident: Incident) -> list[bytes]:
    """Tie what nothing else ties; returns what the lines hold that were tied so.

    Where ids have tied some log, only lines that have none are looked at in the others.
    """
    calls = relating.sought(incident)
    tokens = relating.number_tokens(calls)
    with_ids = not any(reading.is_related for reading in readings)
    for reading in readings if tokens else ():
        if not reading.is_related:
            clock = Clock(reading.file.name, reading.zone, Problems())
            numbers = Numbers(calls, clock, with_ids=with_ids)
            reading.picked = numbers.pick(reading.source, _holder(tokens), relation, reading.problems)
    return tokens


def _holder(tokens: Sequence[bytes]) -> Holds:
    return lambda data: any(token in data for token in tokens)


def _read(reading: _Reading, relation: Relation, tokens: Sequence[bytes]) -> PbxLog:
    source, problems = reading.source, reading.problems
    events = Events(Clock(reading.file.name, reading.zone, problems), problems)
    by_number = _holder(tokens if reading.picked else ())
    for draft in source.drafts(lambda data: relation.holds(data) or by_number(data)):
        if relation.takes(draft) or draft.key in reading.picked:
            events.add(draft)
    found = events.all()
    if not found and source.is_read:
        problems.add(0, "no_relation")
    if events.is_cut:
        problems.add(0, "cut", str(pbxlog.MOST_EVENTS))
    return PbxLog(
        name=reading.file.name,
        format=source.format if source.is_read else "",
        zone=reading.zone,
        lines=source.lines,
        events=found,
        is_cut=events.is_cut,
        logs_playback=source.logs_playback,
        problems=problems.all(),
    )
