"""The records of an archive, made of an incident folder (schemas/record.v1; FORMAT.md, "Records")."""

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from evidence import canonical
from evidence.entropy import Entropy
from evidence.intake import times
from evidence.intake.documents import INCIDENT, MARKERS
from evidence.intake.folder import IncidentFolder
from evidence.intake.roles import NOTICE
from evidence.model.acquisition import Acquisition, Measure
from evidence.model.incident import Call, Incident, NoticeStatement
from evidence.model.markers import Marker
from evidence.model.receipt import ReceiptEvidence, linked, told
from evidence.model.records import MAX_TEXT, ExhibitFacts

_SALT = 32
_ID = 4
_HEAD = 512
"""Bytes of salt, kind and id, of an archive's id that is replaced, and some more."""
_FEW = 40
"""Records that leave room for others whatever they hold."""
BY_NAME = "from the recording's name"
"""End of the source of a time that rests on a file name alone (FORMAT.md, \"Records\")."""

Document = dict[str, Any]


def build_records(
    folder: IncidentFolder,
    exhibits: Sequence[ExhibitFacts],
    entropy: Entropy,
    receipts: Sequence[ReceiptEvidence] = (),
    further: Sequence[tuple[str, Any]] = (),
    *,
    is_draft: bool = False,
) -> Iterator[tuple[str, Document]]:
    """Yield id and document of each record, in the order of the ids, which are random and so say nothing.

    There is one record of the incident, one of the notice, and one of each exhibit, marker, acquisition,
    measure and receipt, and the further ones. They are made one by one: only one paper exhibit at a time is
    held as base64.

    Args:
        folder: with its uid.
        exhibits: the facts of every file in ``folder.files``.
        entropy: source of ids and salts.
        receipts: those that may speak of the exhibits, oldest first.
        further: kinds and subjects of further records; each subject's ``to_document`` gives the fields.
        is_draft: for looking at only; the folder needs no uid then.

    Raises:
        ValueError: the folder has no uid, or the exhibits aren't those of the folder.
    """
    if not folder.uid and not is_draft:
        raise ValueError("the folder has no uid yet")
    if [(e.id, e.name) for e in exhibits] != [(f.id, f.name) for f in folder.files]:
        raise ValueError("the exhibits aren't those of the folder")
    links = [("receipt", link) for link in told(linked(exhibits, receipts))]
    return _records(folder, {exhibit.name: exhibit for exhibit in exhibits}, (*links, *further), entropy)


def measured(
    folder: IncidentFolder,
    exhibits: Sequence[ExhibitFacts],
    receipts: Sequence[ReceiptEvidence] = (),
    further: Sequence[tuple[str, Any]] = (),
) -> tuple[int, int]:
    """How many records ``build_records`` would make of the same, and at most how many bytes without files.

    Only where there are many are they looked at one by one; a few leave room even at their full length.
    """
    links = [("receipt", link) for link in told(linked(exhibits, receipts))]
    by_name = {exhibit.name: dataclasses.replace(exhibit, data=None) for exhibit in exhibits}
    subjects = _subjects(folder, by_name, (*links, *further))
    if len(subjects) <= _FEW:
        return len(subjects), len(subjects) * MAX_TEXT
    fields = (_fields(subject, folder, by_name) for _, subject in subjects)
    return len(subjects), sum(len(canonical.encode(each)) + _HEAD for each in fields)


def _records(
    folder: IncidentFolder,
    exhibits: Mapping[str, ExhibitFacts],
    further: Sequence[tuple[str, Any]],
    entropy: Entropy,
) -> Iterator[tuple[str, Document]]:
    subjects = _subjects(folder, exhibits, further)
    for record_id, (kind, subject) in sorted(_with_ids(subjects, entropy).items()):
        head = {"salt": entropy(_SALT).hex(), "kind": kind, "id": record_id}
        yield record_id, head | _fields(subject, folder, exhibits)


def _subjects(
    folder: IncidentFolder, exhibits: Mapping[str, ExhibitFacts], further: Sequence[tuple[str, Any]]
) -> list[tuple[str, Any]]:
    """What there are records of, with their kinds."""
    return [
        ("incident", folder.incident),
        ("notice", folder.incident.notice),
        *(("exhibit", exhibit) for exhibit in exhibits.values()),
        *(("marker", numbered) for numbered in enumerate(folder.markers, 1)),
        *(("acquisition", acquisition) for acquisition in folder.incident.acquisitions),
        *(("measure", measure) for measure in folder.incident.measures),
        *further,
    ]


def _with_ids(subjects: Sequence[tuple[str, Any]], entropy: Entropy) -> dict[str, tuple[str, Any]]:
    found: dict[str, tuple[str, Any]] = {}
    for subject in subjects:
        record_id = f"r-{entropy(_ID).hex()}"
        while record_id in found:
            record_id = f"r-{entropy(_ID).hex()}"
        found[record_id] = subject
    return found


def _fields(subject: Any, folder: IncidentFolder, exhibits: Mapping[str, ExhibitFacts]) -> Document:
    incident, uid = folder.incident, folder.uid
    match subject:
        case Incident():
            return _incident(subject, uid, exhibits)
        case NoticeStatement():
            return _notice(subject, folder, exhibits)
        case int() as number, Marker() as marker:
            return _marker(marker, number, exhibits[marker.recording])
        case Acquisition():
            return _acquisition(subject, exhibits)
        case Measure():
            return _measure(subject, incident, exhibits)
    fields: Document = subject.to_document()
    return fields


def _given(**fields: Any) -> Document:
    """The fields without those that were left out."""
    return {key: value for key, value in fields.items() if value not in (None, "", (), [], {})}


def _time(text: str, source: str) -> dict[str, str] | None:
    return times.to_document(text, source) if text else None


def _incident(incident: Incident, uid: str, exhibits: Mapping[str, ExhibitFacts]) -> Document:
    calls = [_call(call, exhibits) for call in incident.calls]
    given = _given(
        title=incident.title,
        summary=incident.summary,
        subscriber=_given(
            name=incident.subscriber.name,
            phone=incident.subscriber.phone,
            account=incident.subscriber.account,
        ),
        agent=_given(name=incident.agent.name, id=incident.agent.id, from_log=dict(incident.agent.from_log)),
        time_zone=incident.time_zone,
        prepared_by=incident.prepared_by,
        prepared_at=_time(incident.prepared_at, INCIDENT),
        legal_basis=[_given(kind=b.kind, reference=b.reference, note=b.note) for b in incident.legal_basis],
        changes=[
            {"by": edit.by, "at": times.to_document(edit.at, INCIDENT), "about": list(edit.about)}
            for edit in incident.changes
        ],
        corrects=incident.corrects and _given(**dataclasses.asdict(incident.corrects)),
    )
    return {"number": incident.number, "uid": uid, "calls": calls, **given}


def _call(call: Call, exhibits: Mapping[str, ExhibitFacts]) -> Document:
    return _given(
        id=call.id,
        started=_time(call.started, _begun_by(call)),
        ended=_time(call.ended, call.from_log.get("ended", INCIDENT)),
        direction=call.direction,
        exhibit=exhibits[call.recording].id if call.recording else None,
        channels=list(call.channels),
        caller=call.caller,
        callee=call.callee,
        queue=call.queue,
        from_name=list(call.from_name),
        from_log=dict(call.from_log),
    )


def _begun_by(call: Call) -> str:
    """The source of a call's beginning: a person, else the recording's name or a log."""
    if "started" in call.from_log:
        return call.from_log["started"]
    return f"{INCIDENT}, {BY_NAME}" if "started" in call.from_name else INCIDENT


def _notice(
    notice: NoticeStatement, folder: IncidentFolder, exhibits: Mapping[str, ExhibitFacts]
) -> Document:
    heard_in = exhibits[notice.recording] if notice.recording else None
    given = _given(
        exhibit=heard_in and heard_in.id,
        recording_sha256=heard_in and heard_in.sha256.hex(),
        channel=notice.channel,
        at_milliseconds=notice.at_milliseconds,
        source=notice.source,
        language=notice.language,
        text=notice.text,
        version=notice.version,
    )
    own = {file.name for file in folder.files if file.is_own}
    announcements = [e.id for e in exhibits.values() if e.role == NOTICE and e.name not in own]
    return {"grade": notice.grade, "exhibits": announcements, **given}


def _marker(marker: Marker, number: int, recording: ExhibitFacts) -> Document:
    given = _given(
        class_names=dict(marker.class_names),
        confidence=marker.confidence,
        reviewed_by=marker.reviewed_by,
        reviewed_at=_time(marker.reviewed_at, MARKERS),
        withdrawn=_timed(marker.withdrawn, "at"),
        pressed=_timed(marker.pressed, "at", "call_started", "stated_at"),
        suggestion=dict(marker.suggestion or {}),
        corrections=[_timed(correction, "at") for correction in marker.corrections],
        channel=marker.channel,
        end_ms=marker.end_ms,
        words=marker.words,
        language=marker.language,
        note=marker.note,
        source=marker.source,
    )
    return {
        "exhibit": recording.id,
        "recording_sha256": recording.sha256.hex(),
        "number": number,
        "start_ms": marker.start_ms,
        "class": marker.marker_class,
        "asserted_by": marker.asserted_by,
        "asserted_at": times.to_document(marker.asserted_at, MARKERS),
        "how": marker.how,
        **given,
    }


def _timed(part: Mapping[str, Any] | None, *names: str) -> Document:
    """A part of a marker with these times as records hold them; empty without the part."""
    if part is None:
        return {}
    return {**part, **{name: times.to_document(part[name], MARKERS) for name in names if name in part}}


def _acquisition(acquisition: Acquisition, exhibits: Mapping[str, ExhibitFacts]) -> Document:
    clock = acquisition.clock
    given = _given(
        system=acquisition.system,
        authority=acquisition.authority,
        original=acquisition.original,
        copied_from=acquisition.copied_from,
        note=acquisition.note,
        clock=clock
        and _given(
            offset_ms=clock.offset_ms,
            uncertainty_ms=clock.uncertainty_ms,
            known_by=clock.known_by,
            checked_at=_time(clock.checked_at, INCIDENT),
        ),
    )
    return {
        "exhibits": [exhibits[name].id for name in acquisition.files],
        "taken_by": acquisition.taken_by,
        "taken_at": times.to_document(acquisition.taken_at, INCIDENT),
        **given,
    }


def _measure(measure: Measure, incident: Incident, exhibits: Mapping[str, ExhibitFacts]) -> Document:
    call = incident.call_of(measure.recording) if measure.recording else None
    place, source = measure.at_milliseconds, INCIDENT
    if call and place is not None and measure.at == times.at_place(call.started, place):
        source = _begun_by(call)
    heard_in = exhibits[measure.recording] if measure.recording else None
    given = _given(
        basis=measure.basis,
        exhibit=heard_in and heard_in.id,
        recording_sha256=heard_in and heard_in.sha256.hex(),
        at_milliseconds=measure.at_milliseconds,
        note=measure.note,
    )
    return {
        "measure": measure.kind,
        "at": times.to_document(measure.at, source),
        "by": measure.by,
        **given,
    }
