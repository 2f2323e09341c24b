"""Archives whose records are broken (FORMAT.md, "Verification", step 6)."""

import base64
import copy
import json
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from evidence import canonical
from evidence.digests import sha256_hex
from tests import builder
from tests.browser.both import Given
from tests.browser.broken import Case, values
from tests.builder import Changes, Document, Members
from tests.vectors import archives
from tests.vectors.archives import ANNOUNCEMENT, NOTICE_EVIDENCE, RECEIPT, SEARCH, world

Documents = dict[str, Document]
E1 = {"exhibit": "E1", "recording_sha256": sha256_hex(builder.recording(1))}
WAVEFORM = "r-000100f0"


def archives_of(documents: Documents) -> Callable[[], Given]:
    """The archive of PASSED with these records."""
    return lambda: Given(world(Changes(records=lambda _old: documents)).file)


def cases() -> Iterator[Case]:
    """Names and archives."""
    yield from _changed()
    yield from _written()
    yield from _together()
    yield from _enclosed()


def full() -> Documents:
    """The records of PASSED with all that a marker can tell, a waveform, a measure, an acquisition and a log."""
    documents = archives.pressed(builder.records(1, builder.recording(1)))
    more: list[Document] = [
        {
            "kind": "waveform",
            **E1,
            "algorithm": "evidence_peaks_1",
            "column_ms": 20,
            "channels": ["AQID/w==", "AAAAAA=="],
            "problems": [],
        },
        {
            "kind": "acquisition",
            "exhibits": ["E1", "E2"],
            "taken_by": "Agent 203",
            "taken_at": builder.time(),
            "clock": {"offset_ms": 5, "known_by": "NTP", "checked_at": builder.time()},
        },
        {"kind": "measure", "measure": "warning", "at": builder.time(), "by": "Agent 203", **E1},
        {
            "kind": "pbx",
            "exhibit": "E2",
            "format": "asterisk_cel",
            "zone": "Europe/Kyiv",
            "lines": 2,
            "events": [
                {
                    "line": 1,
                    "last_line": 1,
                    "kind": "start",
                    "at": builder.time(),
                    "values": {"utc": "no time"},
                }
            ],
            "is_cut": False,
            "problems": [],
        },
        {"kind": "later_kind", "anything": [1]},
    ]
    for number, document in enumerate(more):
        record_id = f"r-000100f{number}"
        documents[record_id] = {"salt": builder.salt(record_id), "id": record_id, **document}
    return documents


def _changed() -> Iterator[Case]:
    """Every value of every record exchanged."""
    documents = full()
    for record_id, document in documents.items():
        for name, made in values.changed(document):
            yield f"{document['kind']} {name}", archives_of({**documents, record_id: made})


def _written() -> Iterator[Case]:
    """A record of a later kind, which may hold anything, written otherwise; and files in records."""
    base = {"id": "r-0001ffff", "kind": "later_kind", "salt": builder.salt("later")}
    data = canonical.encode(base)
    for name, text in values.texts(data):
        yield f"text {name}", _with("records/r-0001ffff.json", text)
    for size in (255, 256, 257):
        padding = b',"zz":"' + b"x" * (size * 1024 - len(data) - 8) + b'"}'
        yield f"{size} KiB", _with("records/r-0001ffff.json", data[:-1] + padding)
    file = b'{"bytes":"' + b"AAAA" * 100_000 + b'",' + data[1:]
    yield "file of a later kind", _with("records/r-0001ffff.json", file)
    yield "file that isn't base64", _with("records/r-0001ffff.json", file.replace(b"AAAA", b"AA-A", 1))
    for name, paper in papers():
        documents = builder.records(1, builder.recording(1))
        documents["r-00010003"] |= paper
        yield f"paper {name}", archives_of(documents)


def papers() -> Iterator[tuple[str, Document]]:
    data = bytes(range(256)) * 40
    good: Document = {"bytes": base64.b64encode(data).decode(), "size": len(data), "sha256": sha256_hex(data)}
    yield "good", good
    yield "empty", {"bytes": "", "size": 0, "sha256": sha256_hex(b"")}
    yield "longer", {**good, "size": len(data) + 1}
    yield "other", {**good, "sha256": "0" * 64}
    yield "without padding", {**good, "bytes": good["bytes"].rstrip("=")}
    yield "with a bit too many", {"bytes": "AB==", "size": 1, "sha256": sha256_hex(b"\0")}
    yield "with a line feed", {**good, "bytes": f"{good['bytes'][:76]}\n{good['bytes'][76:]}"}
    yield "for URLs", {**good, "bytes": good["bytes"].replace("+", "-")}
    yield "and member", {**good, "member": builder.RECORDING}
    yield "name that isn't UTF-8", {**good, "name": {"name_base64": "/w=="}}
    yield "name with a bit too many", {**good, "name": {"name_base64": "/x=="}}


def _with(name: str, data: bytes) -> Callable[[], Given]:
    def more(members: Members) -> Members:
        return [*members, (name, data)]

    return lambda: Given(world(Changes(record_bytes=more)).file)


def _together() -> Iterator[Case]:
    """Records that don't fit one another."""
    documents = full()
    for record_id, document in documents.items():
        twin = {**copy.deepcopy(document), "id": "r-0001ffff"}
        yield f"{document['kind']} twice", archives_of({**documents, "r-0001ffff": twin})
        yield f"{document['kind']} gone", archives_of({k: v for k, v in documents.items() if k != record_id})
        yield f"{document['kind']} of another id", archives_of({**documents, record_id: twin})
        yield (
            f"{document['kind']} of a later kind",
            archives_of({**documents, record_id: {**document, "kind": "later_kind"}}),
        )
    uneven = {**documents[WAVEFORM], "channels": ["AQID/w==", "AAAA"]}
    yield "waveform of unequal length", archives_of({**documents, WAVEFORM: uneven})
    empty = {**documents[WAVEFORM], "channels": ["===="]}
    yield "waveform of padding", archives_of({**documents, WAVEFORM: empty})


def _enclosed() -> Iterator[Case]:
    """Receipts, announcements and what rests on them."""
    yield from _receipts()
    base = archives.announced()
    for record_id in (ANNOUNCEMENT, SEARCH, NOTICE_EVIDENCE):
        for name, made in values.changed(_record_of(base, record_id)):
            yield f"{record_id} {name}", _announced(partial(_exchanged, record_id, made))
    for name, made in values.changed(json.loads(builder.notice(3))):
        if isinstance(made.get("notice_id"), str):
            yield f"notice says {name}", partial(_of_notice, made)
    for grade in ("pbx_log", "none"):
        for codes in ([], ["LOGGED"], ["PART_FOUND"], ["NEW_CODE"], ["PART_FOUND", "LOGGED"]):
            yield f"{grade} by {codes}", _graded(grade, codes)


def _receipts() -> Iterator[Case]:
    good = _record_of(archives.received(), RECEIPT)
    for name, made in values.changed(good):
        yield f"receipt {name}", _received(made)
    for token in ("AA==", "AB==", "MAA=", "=", base64.b64encode(archives.source("token.tsr")).decode()):
        yield f"receipt token {token[:4]}", _received({**good, "token": token})
    for name, made in values.changed(json.loads(builder.receipt())):
        if "received_id" in made and isinstance(made.get("facts"), dict) and "sha256" in made["facts"]:
            yield f"receipt says {name}", partial(_of_receipt, made)


def _record_of(made: archives.World, record_id: str) -> Any:
    return made.sealed_record(record_id)


def _received(record: Document) -> Callable[[], Given]:
    return lambda: Given(archives.received(lambda _record: record).file)


def _of_receipt(document: Document) -> Given:
    return Given(archives.received(document=canonical.encode(document)).file)


def _of_notice(document: Document) -> Given:
    return Given(archives.announced(document=canonical.encode(document)).file)


def _exchanged(record_id: str, record: Document, documents: Documents) -> Documents:
    return {**documents, record_id: record}


def _announced(change: Callable[[Documents], Documents]) -> Callable[[], Given]:
    return lambda: Given(archives.announced(change).file)


def _graded(grade: str, codes: list[str]) -> Callable[[], Given]:
    def change(documents: Documents) -> Documents:
        evidence = documents[NOTICE_EVIDENCE] | {"grade": grade, "for": [{"code": code} for code in codes]}
        return {**documents, NOTICE_EVIDENCE: evidence}

    return _announced(change)
