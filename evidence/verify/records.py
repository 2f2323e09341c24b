"""Step 6 of FORMAT.md, "Verification": every record by itself, and what records say of one another.

Records are read one by one; the bytes of files inside them are checked and let go.
"""

from collections.abc import Iterator
from typing import Any

from evidence import canonical, resources, strict
from evidence.digests import sha256_hex
from evidence.model.manifest import Listed, Manifest
from evidence.verify.state import State

MAX_RECORD = 16 * 1024 * 1024
MAX_FILE = 11_184_812
"""Characters of the longest file in a record, 8 MiB in base64; also in the schema."""
SCHEMA = "record.v1"

Record = dict[str, Any]


def check(state: State) -> None:
    """Step 6; keeps what the records say for those who show it."""
    if state.manifest is None or state.listed is None:
        return
    for listed in state.manifest.records:
        state.checks[6] += 1
        record = _read(state, listed)
        if record is not None:
            state.records[listed.id] = record
    if len(state.records) == len(state.manifest.records):
        _compare(state, state.manifest)
        state.finished.add(6)


def _read(state: State, listed: Listed) -> Record | None:
    data = state.read_verified(listed.member, MAX_RECORD, "RECORD_MALFORMED")
    if data is None:
        return None
    try:
        record = canonical.decode(data, MAX_RECORD)
        del data  # it may be large
        return _checked(record, listed.id)
    except ValueError as error:
        state.find("RECORD_MALFORMED", listed.member, reason=str(error))
        return None


def _checked(record: Any, record_id: str) -> Record:
    file = _detach_file(record)
    problem = resources.problem(SCHEMA, record)
    if problem:
        raise ValueError(problem)
    if record["id"] != record_id:
        raise ValueError("its id isn't the one in its name")
    for time in _times(record):
        strict.timestamp(time)
    if file is not None:
        del record["bytes"]
        if file != (record["size"], record["sha256"]):
            raise ValueError("size or sha256 isn't that of the bytes in it")
    return dict(record)


def _detach_file(record: Any) -> tuple[int, str] | None:
    """Size and digest of the file that an exhibit's record holds, which is let go before all else.

    An empty text stays in its place, so that the schema judges everything but the length.
    """
    if not isinstance(record, dict) or record.get("kind") != "exhibit":
        return None
    text = record.get("bytes")
    if not isinstance(text, str):
        return None
    if len(text) > MAX_FILE:
        raise ValueError(f"a file of more than {MAX_FILE} characters in base64")
    record["bytes"] = ""
    file = strict.base64_bytes(text)
    return len(file), sha256_hex(file)


def _times(record: Record) -> Iterator[str]:
    """The times that a record of a known kind states."""
    match record["kind"]:
        case "incident":
            stated = [record, *record["calls"]]
            found = (item.get(name) for item in stated for name in ("started", "ended", "prepared_at"))
            yield from (time["utc"] for time in found if time is not None)
        case "marker":
            yield record["asserted_at"]["utc"]


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
        case "marker":
            yield record["exhibit"], record["recording_sha256"]
        case "notice":
            yield from ((exhibit_id, "") for exhibit_id in record["exhibits"])
            if "exhibit" in record:
                yield record["exhibit"], record["recording_sha256"]
