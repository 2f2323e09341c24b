"""Step 6 of FORMAT.md, "Verification": every record by itself, and what records say of one another.

Records are read one by one; the bytes of files inside them are checked and let go.
"""

import re
from collections.abc import Iterator
from typing import Any

from evidence import canonical, resources, strict
from evidence.digests import sha256_hex
from evidence.model import names, waveform
from evidence.model.manifest import Manifest
from evidence.model.records import MAX_TEXT, MAX_TEXTS
from evidence.verify import announcements, markers, receipts, waveforms
from evidence.verify.state import Record, State

MAX_RECORD = 16 * 1024 * 1024
MAX_FILE = 11_184_812
"""Characters of the longest file in a record, 8 MiB in base64; also in the schema."""
SCHEMA = "record.v1"

_FILE = b'{"bytes":"'
_BASE64 = re.compile(rb"[A-Za-z0-9+/=]*")
_KEPT_OF_UNKNOWN = ("salt", "kind", "id")
_OWN = {"incident", "exhibit", "notice", "marker", "acquisition", "measure"}
_KNOWN = {*_OWN, receipts.KIND, waveform.KIND, *announcements.KINDS}


def check(state: State) -> None:
    """Step 6; keeps what the records say for those who show it."""
    if state.manifest is None or state.listed is None:
        return
    room = MAX_TEXTS
    for listed in state.manifest.records:
        state.checks[6] += 1
        data = state.read_verified(listed.member, MAX_RECORD, "RECORD_MALFORMED")
        if data is None:
            continue
        try:
            file, text = apart(data)
            del data  # it may be large
            record = canonical.decode(text, min(MAX_TEXT, room))
            room -= len(text)
            state.records[listed.id] = _checked(record, file, listed.id)
        except ValueError as error:
            state.find("RECORD_MALFORMED", listed.member, reason=str(error))
    if len(state.records) == len(state.manifest.records):
        _compare(state, state.manifest)
        state.finished.add(6)


def apart(data: bytes) -> tuple[bytes | None, bytes]:
    """The file inside a record, in base64, and the record with an empty one; the file never gets parsed.

    ``bytes`` is the first key of a canonical record that has it, and base64 holds no quotation mark.
    """
    end = data.find(b'"', len(_FILE)) if data.startswith(_FILE) else -1
    if end < 0 or not _BASE64.fullmatch(data, len(_FILE), end):
        return None, data
    if end - len(_FILE) > MAX_FILE:
        raise ValueError(f"a file of more than {MAX_FILE} characters in base64")
    return data[len(_FILE) : end], _FILE + data[end:]


def _checked(record: Any, file: bytes | None, record_id: str) -> Record:
    problem = resources.problem(SCHEMA, record)
    if problem:
        raise ValueError(problem)
    if record["id"] != record_id:
        raise ValueError("its id isn't the one in its name")
    if record["kind"] not in _KNOWN:
        return {name: record[name] for name in _KEPT_OF_UNKNOWN}
    for time in _times(record):
        strict.timestamp(time)
    _require_readable(record)
    if file is not None:
        del record["bytes"]
        data = strict.base64_bytes(file)
        if (len(data), sha256_hex(data)) != (record["size"], record["sha256"]):
            raise ValueError("size or sha256 isn't that of the bytes in it")
    return dict(record)


def _require_readable(record: Record) -> None:
    """Check what a schema can't say of a record of a known kind.

    Raises:
        ValueError: a part of it isn't what it should be.
    """
    match record["kind"]:
        case "exhibit":
            names.from_document(record["name"])
        case receipts.KIND:
            receipts.read(record)
        case waveform.KIND:
            waveforms.require_readable(record)
        case kind if kind in announcements.KINDS:
            announcements.require_readable(record)


def _times(record: Record) -> Iterator[str]:
    """The times that a record of a known kind states."""
    match record["kind"]:
        case "incident":
            stated = [record, *record["calls"], *record.get("changes", ())]
            found = (item.get(name) for item in stated for name in ("started", "ended", "prepared_at", "at"))
            yield from (time["utc"] for time in found if time is not None)
        case "marker":
            yield from markers.times(record)
        case "acquisition":
            yield record["taken_at"]["utc"]
            checked = record.get("clock", {}).get("checked_at")
            yield from [checked["utc"]] if checked else []
        case "measure":
            yield record["at"]["utc"]
        case _:
            yield from announcements.times(record)


def _compare(state: State, manifest: Manifest) -> None:
    """Exhibits and their records belong together one to one; what a record refers to is there."""
    exhibits: dict[str, Record] = {}
    for listed in manifest.records:
        record = state.records[listed.id]
        if record["kind"] != "exhibit":
            continue
        if record["exhibit"] in exhibits:
            state.find("RECORD_DISAGREES", listed.member, about=record["exhibit"])
        exhibits.setdefault(record["exhibit"], record)
        if not _fits(state, manifest, record):
            member = record.get("member", "")
            state.find("RECORD_DISAGREES", listed.member, member, about=record["exhibit"])
    for exhibit in manifest.exhibits:
        if exhibit.id not in exhibits:
            state.find("RECORD_DISAGREES", exhibit.member, about=exhibit.id)
    for listed in manifest.records:
        for exhibit_id, digest in _references(state.records[listed.id]):
            if exhibit_id not in exhibits or digest not in {"", exhibits[exhibit_id]["sha256"]}:
                state.find("RECORD_DISAGREES", listed.member, about=exhibit_id)
    _compare_receipts(state, manifest, exhibits)
    _compare_markers(state, manifest)
    announcements.compare(state, manifest)
    waveforms.compare(state, manifest)


def _compare_markers(state: State, manifest: Manifest) -> None:
    """A marker doesn't contradict itself."""
    for listed in manifest.records:
        record = state.records[listed.id]
        if record["kind"] == "marker" and not markers.agrees(record):
            state.find("RECORD_DISAGREES", listed.member, about=record["exhibit"])


def _compare_receipts(state: State, manifest: Manifest, exhibits: dict[str, Record]) -> None:
    """A receipt has the digest and length of its exhibit, and is of the archive's register."""
    for listed in manifest.records:
        record = state.records[listed.id]
        exhibit = exhibits.get(record["exhibit"]) if record["kind"] == receipts.KIND else None
        if exhibit is not None and not receipts.agrees(record, exhibit, manifest):
            state.find("RECORD_DISAGREES", listed.member, about=record["exhibit"])


def _fits(state: State, manifest: Manifest, record: Record) -> bool:
    """Whether an exhibit's record names its member, with that member's digest and size."""
    exhibit = next((e for e in manifest.exhibits if e.id == record["exhibit"]), None)
    if exhibit is None or "member" not in record:
        return exhibit is None and "member" not in record
    member, digest = state.container.find(exhibit.member), (state.listed or {}).get(exhibit.member, b"")
    told = (record["member"], record["sha256"], record["size"])
    return told == (exhibit.member, digest.hex(), member.size if member else -1)


def _references(record: Record) -> Iterator[tuple[str, str]]:
    """Exhibit ids that a record of a known kind refers to, each with the digest it states, or empty."""
    match record["kind"]:
        case "incident":
            yield from ((call["exhibit"], "") for call in record["calls"] if "exhibit" in call)
        case "marker" | receipts.KIND | waveform.KIND:
            yield record["exhibit"], record["recording_sha256"]
        case "notice" | "acquisition" | "measure":
            yield from ((exhibit_id, "") for exhibit_id in record.get("exhibits", ()))
            if "exhibit" in record:
                yield record["exhibit"], record["recording_sha256"]
        case kind if kind in announcements.KINDS:
            yield from announcements.references(record)
