"""The archive that passes, and what the vectors are made of (their list stands in cases)."""

import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from evidence import strict
from evidence.container.names import proof_name, token_name
from evidence.crypto import certificates
from evidence.crypto.trust import Anchors
from evidence.digests import sha256_hex
from evidence.verify.rules import RULES
from tests import builder
from tests.builder import Changes, Document, Members, Register, Sealed

PROOF = proof_name(1)
TOKEN = token_name(1, 1)
NOW = "2027-01-15T09:00:00.000Z"
LATE = "2031-01-01T00:00:00.000Z"


@dataclass(frozen=True)
class Case:
    """One vector.

    Attributes:
        made_by: how its archive, or what it is verified with, differs from PASSED.asice.
        archive: the file.
        trust, trust_tsa: files of certificates.
        now, at: the verifier's clock, and the time as of which to judge; empty for none.
        register, checkpoint: contents of the export and of the kept checkpoint; empty for none.
        require: ``complete``, or empty.
        sidecar: contents of the file beside it; empty for none.
        exit: the program's exit code.
    """

    made_by: str
    archive: bytes
    exit: int
    trust: tuple[str, ...] = ("sources/sealer.pem",)
    trust_tsa: tuple[str, ...] = ("sources/tsa.pem",)
    now: str = NOW
    at: str = ""
    register: bytes = b""
    checkpoint: bytes = b""
    require: str = ""
    sidecar: bytes = b""


@dataclass(frozen=True)
class World:
    """An archive that was entered in a register as entry 2 of 3."""

    sealed: Sealed
    register: Register
    index: int = 2

    def sealed_record(self, record_id: str) -> Document:
        """A record of the archive, by its id."""
        document: Document = json.loads(dict(self.sealed.body)[f"records/{record_id}.json"])
        return document

    @property
    def members(self) -> Members:
        return builder.members(self.sealed, self.register, self.index, size=3)

    @property
    def file(self) -> bytes:
        return builder.pack(self.members)


def world(
    changes: Changes = builder.UNCHANGED,
    *,
    time_policy: str = "none",
    claimed: str = builder.CLAIMED,
    then: Callable[[Sealed], Sealed] = lambda sealed: sealed,
    derived: Members = [],  # noqa: B006  never changed
) -> World:
    """The archive of PASSED, or a changed one, in the same register."""
    register = Register()
    register.seal(builder.seal(7).facts)
    sealed = then(builder.seal(1, changes, time_policy=time_policy, derived=derived))
    register.seal(sealed.facts, claimed)
    return World(sealed, register)


def pressed(documents: dict[str, Document]) -> dict[str, Document]:
    """The records of PASSED with a marker about which everything is told that can be."""
    at, started = "2026-03-02T18:12:01.723Z", "2026-03-02T18:12:00.000Z"
    documents["r-00010004"] |= {
        "class": "bribe_offer",
        "class_names": {"uk": "пропозиція хабаря", "en": "offer of a bribe"},
        "confidence": "probable",
        "reviewed_by": "Supervisor 7",
        "reviewed_at": builder.time(),
        "withdrawn": {"at": builder.time(), "by": "Agent 203", "reason": "…"},
        "pressed": {
            "at": {"utc": at, "text": at, "source": "markers.json"},
            "call_started": {"utc": started, "text": started, "source": "markers.json"},
            "offset_ms": 1640,
            "uncertainty_ms": 2000,
            "place_ms": 83,
        },
        "corrections": [
            {"at": builder.time(), "by": "Supervisor 7", "was": {"start_ms": 63, "end_ms": 83, "words": None}}
        ],
    }
    return documents


RECEIPT = "r-00010009"


def received(
    change: Callable[[Document], Document] = lambda record: record, document: bytes | None = None
) -> World:
    """The archive of PASSED with a receipt of its recording, which was entered before it as entry 1."""
    register = Register()
    document = builder.receipt() if document is None else document
    record = builder.receipt_record(register, register.receive(document), document)
    record = change({"salt": builder.salt(RECEIPT), "id": RECEIPT, **record})
    sealed = builder.seal(1, Changes(records=lambda documents: {**documents, RECEIPT: record}))
    register.seal(sealed.facts)
    return World(sealed, register)


ANNOUNCEMENT, SEARCH, NOTICE_EVIDENCE = "r-0001000a", "r-0001000b", "r-0001000c"


def notice_records(register: Register, document: bytes) -> dict[str, Document]:
    """The records that speak of an announcement, which they enter in the register, by their ids.

    Its sound is that of another recording, and not in the archive.
    """
    announced = builder.announcement_record(register, register.announce(document), document)
    sound = {"exhibit": "E1", "recording_sha256": sha256_hex(builder.recording(1))}
    version = announced["version"]
    match = {
        "version": version,
        "channel": 0,
        "result": "found",
        "at_ms": -10,
        "coverage": 930,
        "clause_coverage": 1000,
        "correlation": 870,
        "similarity": 910,
        "speed_ppm": -120,
        "segments": [[0, 50, 940, 0, 1], [50, 100, 300, -3, 0]],
    }
    search = {
        "kind": "notice_search",
        **sound,
        "algorithm": "evidence-notice-search-1",
        "searched_ms": 100,
        "is_whole": True,
        "channels": 1,
        "matches": [match],
        "waveform": {"column_ms": 25, "channels": ["AH//gA=="]},
        "problems": [],
    }
    place = {"channel": 0, "at_ms": -10, "coverage": 930, "clause_coverage": 1000}
    evidence = {
        "kind": "notice_evidence",
        **sound,
        "grade": "in_recording",
        "for": [
            {"code": "FOUND", "version": version, **place},
            {"code": "OPERATOR_STATED", "exhibit": "E2", "at": builder.time(), "text": "Agent 203"},
        ],
        "against": [],
        "unseen": [{"code": "NO_PBX_RECORDS"}],
    }
    documents = {ANNOUNCEMENT: announced, SEARCH: search, NOTICE_EVIDENCE: evidence}
    return {name: {"salt": builder.salt(name), "id": name, **record} for name, record in documents.items()}


def announced(
    change: Callable[[dict[str, Document]], dict[str, Document]] = lambda records: records,
    document: bytes | None = None,
) -> World:
    """The archive of PASSED with an announcement, which was entered before it as entry 1, and what rests on it."""
    register = Register()
    records = notice_records(register, builder.notice(3) if document is None else document)
    sealed = builder.seal(1, Changes(records=lambda documents: {**documents, **change(records)}))
    register.seal(sealed.facts)
    return World(sealed, register)


def with_token_note() -> bytes:
    """What the token of PASSED_WITH_TOKEN stamps."""
    return world(time_policy="expected").register.checkpoint(3)


def claimed_late_note() -> bytes:
    """What the token of TIME_ORDER stamps."""
    return world(time_policy="expected", claimed=LATE).register.checkpoint(3)


def source(name: str) -> bytes:
    """A file of the sources."""
    return (builder.SOURCES / name).read_bytes()


def inserted(parts: Members, before: str, *new: tuple[str, bytes]) -> Members:
    """The members with further ones before a given one."""
    place = [name for name, _data in parts].index(before)
    return [*parts[:place], *new, *parts[place:]]


def with_token(token: str = "token.tsr") -> Members:  # noqa: S107  a file's name
    """The members of PASSED_WITH_TOKEN, or with another token from the sources."""
    return [*world(time_policy="expected").members, (TOKEN, source(token))]


def code_of(name: str) -> str:
    """The code that a vector of that name shows, which stands before a hyphen; empty for PASSED and its like."""
    code = name.partition("-")[0]
    return code if code in RULES else ""


def options(case: Case) -> dict[str, Any]:
    """What a vector is verified with, in the names of evidence.verify.results.Options."""
    return {
        "anchors": _anchors(case.trust),
        "tsa_anchors": _anchors(case.trust_tsa),
        "now": strict.timestamp(case.now),
        "at": strict.timestamp(case.at) if case.at else None,
        "register_export": io.BytesIO(case.register) if case.register else None,
        "checkpoint": case.checkpoint or None,
        "require_complete": case.require == "complete",
        "sidecar": case.sidecar or None,
    }


def _anchors(trust: tuple[str, ...]) -> Anchors:
    folder = builder.SOURCES.parent
    return Anchors(
        tuple(der for file in trust for der in certificates.pem_to_der((folder / file).read_bytes()))
    )
