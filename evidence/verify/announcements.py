"""Announcements and what rests on them (FORMAT.md, "Verification"): records, step 6; the register, step 9.

An announcement that contradicts itself, or its sound, is a fault of the sealer's, like any other record. One
whose place in the register isn't proven is as good as stated by the archive alone.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from evidence import strict
from evidence.model.entry import Entry
from evidence.model.manifest import Listed, Manifest
from evidence.model.notice import Notice
from evidence.model.noticeevidence import GRADE_OF, NoticeEvidence
from evidence.model.noticesearch import NoticeSearch
from evidence.register import notices as documents
from evidence.verify import enclosed
from evidence.verify.state import Record, State

KIND = "announcement"
SEARCH = "notice_search"
EVIDENCE = "notice_evidence"
PBX = "pbx"
KINDS = frozenset({KIND, SEARCH, EVIDENCE, PBX})


@dataclass(frozen=True, slots=True)
class Read:
    """An announcement record, taken apart."""

    notice: Notice
    entry: Entry


def read(record: Record) -> Read:
    """The version and the entry in an announcement record that the schema accepts.

    Raises:
        ValueError: one of them isn't what it should be, or they don't belong together.
    """
    document = record["document"].encode("utf-8")
    notice = documents.parse(document)
    if notice.id != record["version"]:
        raise ValueError("its document is of another version")
    return Read(notice, documents.entry_of(record["entry"].encode("utf-8"), notice, document))


def require_readable(record: Record) -> None:
    """Check what a schema can't say of a record of one of KINDS.

    Raises:
        ValueError: base64 that isn't canonical, or an announcement that isn't one.
    """
    if record["kind"] == KIND:
        read(record)
    if record["kind"] == SEARCH:
        NoticeSearch.from_document({name: value for name, value in record.items() if name not in _HEAD})


_HEAD = {"salt", "kind", "id", "exhibit", "recording_sha256"}


def times(record: Record) -> Iterator[str]:
    """The times that a record of what shows the announcement states."""
    told = items(record) if record["kind"] == EVIDENCE else record.get("events", ())
    for name in ("at", "until"):
        yield from (item[name]["utc"] for item in told if name in item)


def items(record: Record) -> Iterator[Record]:
    """All items of a record of what shows the announcement."""
    for part in ("for", "against", "unseen"):
        yield from record[part]


def references(record: Record) -> Iterator[tuple[str, str]]:
    """Exhibit ids that a record of one of KINDS refers to, each with the digest it states, or empty."""
    if "exhibit" in record:
        yield record["exhibit"], record.get("recording_sha256", "")
    if record["kind"] == EVIDENCE:
        yield from ((item["exhibit"], "") for item in items(record) if "exhibit" in item)


def compare(state: State, manifest: Manifest) -> None:
    """Announcements are of the archive's register, with their own sound; what is named is there, once."""
    known: set[str] = set()
    for listed, record in _of(state, manifest, KIND):
        if record["version"] in known or not _agrees(record, manifest):
            state.find("RECORD_DISAGREES", listed.member, about=record["version"])
        known.add(record["version"])
    for kind in (SEARCH, EVIDENCE):
        seen: set[str] = set()
        for listed, record in _of(state, manifest, kind):
            for version in _versions(record):
                if version not in known:
                    state.find("RECORD_DISAGREES", listed.member, about=version)
            if record["exhibit"] in seen or not _is_graded(record):
                state.find("RECORD_DISAGREES", listed.member, about=record["exhibit"])
            seen.add(record["exhibit"])


def _agrees(record: Record, manifest: Manifest) -> bool:
    """Whether an announcement stands in the archive's own register, and its exhibit is its sound."""
    found = read(record)
    sound = found.notice.sound
    if "exhibit" in record and (sound is None or sound.sha256.hex() != record["recording_sha256"]):
        return False
    return found.entry.origin == manifest.origin


def _is_graded(record: Record) -> bool:
    """Whether the grade follows from what speaks for it; codes of later versions are their own business."""
    if record["kind"] != EVIDENCE or any(item["code"] not in GRADE_OF for item in record["for"]):
        return True
    return bool(record["grade"] == NoticeEvidence.from_document(record).grade)


def _versions(record: Record) -> list[str]:
    """The versions that a search or what rests on it names."""
    if record["kind"] == SEARCH:
        return [match["version"] for match in record["matches"]]
    return [item["version"] for item in items(record) if "version" in item]


def _of(state: State, manifest: Manifest, kind: str) -> list[tuple[Listed, Record]]:
    found = ((listed, state.records[listed.id]) for listed in manifest.records)
    return [(listed, record) for listed, record in found if record["kind"] == kind]


def check(state: State) -> None:
    """Judge every announcement's place in the register (step 9)."""
    if state.manifest is None or 6 not in state.finished:
        return
    for listed, record in _of(state, state.manifest, KIND):
        if not state.is_blamed(listed.member):
            _judge(state, state.manifest, listed, record)


def _judge(state: State, manifest: Manifest, listed: Listed, record: Record) -> None:
    made = read(record)
    told: Mapping[str, str | int] = {
        "version": made.notice.id,
        "at": strict.format_timestamp(strict.timestamp(made.entry.claimed_time)),
        "sequence": made.entry.sequence,
    }
    try:
        enclosed.prove(state, manifest, listed.member, record, made.entry)
    except ValueError as error:
        state.note("ANNOUNCEMENT_UNPROVEN", listed.member, reason=str(error), **told)
    else:
        state.note("ANNOUNCED", listed.member, **told)
