"""Whole archives made of simple parts, independently of the product's own seal operation.

The pieces are put together one by one, so that a test can change any of them and have everything after it
signed, registered and packed again: ``seal`` makes the body, ``Register`` enters it, ``members`` and ``pack``
make the file. Keys, clock and salts are fixed: the same calls give the same bytes.
"""

import base64
import datetime as dt
import hashlib
import io
import json
import struct
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from zlib import crc32

from evidence import canonical
from evidence.container import asic, sums
from evidence.container.names import (
    ASIC_MANIFEST,
    ENTRY,
    MANIFEST,
    MIMETYPE,
    MIMETYPE_NAME,
    SIGNATURE,
    SUMS,
    VERIFY_TXT,
    proof_name,
)
from evidence.container.writer import ArchiveWriter, central_directory
from evidence.container.zipformat import Member, local_header
from evidence.crypto import cades, keys
from evidence.digests import sha256, sha256_hex
from evidence.model.manifest import Listed, Manifest
from evidence.model.sealed import SealedFacts
from evidence.register import entries, export, proof
from evidence.register.checkpoint import Checkpoint, sign
from evidence.register.merkle import Frontier, NodeReader, inclusion_proof, leaf_hash, root

SOURCES = Path(__file__).parent / "vectors" / "sources"
ORIGIN = "evidence.example.ua/test"
CLAIMED = "2026-03-02T18:40:02.517Z"
RECEIVED = "2026-03-02T18:15:00.000Z"
SIGNED = dt.datetime(2026, 3, 2, 18, 40, 1, tzinfo=dt.UTC)
NOW = dt.datetime(2027, 1, 15, 9, 0, tzinfo=dt.UTC)
RECORDING = "exhibits/E1.wav"

Members = list[tuple[str, bytes]]
Document = dict[str, Any]


@cache
def sealer(name: str = "sealer") -> keys.SealingKey:
    """A sealing key with its certificate from the vectors' sources."""
    key, chain = (SOURCES / f"{name}{suffix}" for suffix in ("-key.pem", ".pem"))
    return keys.load_sealing_key(key.read_bytes(), chain.read_bytes(), None)


@cache
def register_key(name: str = "register") -> keys.RegisterKey:
    """A register key from the vectors' sources, under the name ORIGIN."""
    return keys.load_register_key((SOURCES / f"{name}-key.pem").read_bytes(), ORIGIN, None)


def salt(text: str) -> str:
    """32 bytes in hexadecimal that depend on the text alone."""
    return hashlib.sha256(f"salt of {text}".encode()).hexdigest()


def archive_id(number: int) -> str:
    """The id of the archive of that number."""
    return f"00000000-0000-4000-8000-{number:012d}"


def recording(number: int) -> bytes:
    """A tenth of a second of µ-law noise in a WAV file, another for each number."""
    state, samples = number, bytearray()
    for _ in range(800):
        state = (state * 1103515245 + 12345) % 2**31
        samples.append(state >> 16 & 0xFF)
    form = struct.pack("<HHIIHHH", 7, 1, 8000, 8000, 1, 8, 0)
    body = b"WAVE" + b"fmt " + struct.pack("<I", len(form)) + form
    body += b"fact" + struct.pack("<II", 4, len(samples)) + b"data" + struct.pack("<I", len(samples))
    return b"RIFF" + struct.pack("<I", len(body) + len(samples)) + body + bytes(samples)


def time(utc: str = CLAIMED) -> Document:
    """A stated time as records have it."""
    return {"utc": utc, "text": utc, "source": "incident.json"}


def records(number: int, sound: bytes) -> dict[str, Document]:
    """The records of a small incident, by id: incident, notice, a recording, a paper, a marker."""
    paper = f"Statement no. {number}.\n".encode()
    documents: list[Document] = [
        {
            "kind": "incident",
            "number": f"INC-2026-{number:06d}",
            "uid": archive_id(900 + number),
            "calls": [{"started": time("2026-03-02T18:12:00.000Z"), "exhibit": "E1"}],
        },
        {"kind": "notice", "grade": "none", "exhibits": []},
        {
            "kind": "exhibit",
            "exhibit": "E1",
            "role": "recording",
            "name": "in-203-380441234567-20260302-201200-1772475120.41.wav",
            "size": len(sound),
            "sha256": sha256_hex(sound),
            "member": RECORDING,
            "recording": {
                "container": "wav",
                "codec": "mulaw",
                "sample_rate": 8000,
                "channels": 1,
                "samples": 800,
                "method": "frames",
                "claims": {"header_samples": 800},
                "problems": [],
            },
        },
        {
            "kind": "exhibit",
            "exhibit": "E2",
            "role": "statement",
            "name": "statement.txt",
            "size": len(paper),
            "sha256": sha256_hex(paper),
            "bytes": base64.b64encode(paper).decode(),
        },
        {
            "kind": "marker",
            "exhibit": "E1",
            "recording_sha256": sha256_hex(sound),
            "start_ms": 20,
            "end_ms": 80,
            "class": "insult",
            "words": "…",
            "asserted_by": "Agent 203",
            "asserted_at": time(),
            "how": "hot_key",
        },
    ]
    found = {}
    for place, document in enumerate(documents):
        record_id = f"r-{number:04x}{place:04x}"
        found[record_id] = {"salt": salt(record_id), "id": record_id, **document}
    return found


def receipt(number: int = 1, **changes: Any) -> bytes:
    """The receipt of the recording of that number, 9 h 40 min before it is sealed; changes come last."""
    sound = recording(number)
    document = {
        "salt": salt(f"receipt {number}"),
        "kind": "custody",
        "event": "received",
        "received_id": archive_id(500 + number),
        "claimed_time": "2026-03-02T09:00:00.250Z",
        "facts": {
            "name": "in-203-380441234567-20260302-201200-1772475120.41.wav",
            "path": "/var/spool/asterisk/monitor/in-203-380441234567-20260302-201200-1772475120.41.wav",
            "size": str(len(sound)),
            "sha256": sha256_hex(sound),
            "operator": "asterisk",
            "host": "pbx1",
            "software": "0.2.0",
        },
    }
    return canonical.encode({**document, **changes})


def receipt_record(register: "Register", index: int, document: bytes, size: int | None = None) -> Document:
    """The record of a receipt for E1, but for salt and id."""
    return {
        "kind": "receipt",
        "exhibit": "E1",
        "recording_sha256": json.loads(document)["facts"]["sha256"],
        "document": document.decode(),
        "entry": register.chain[index].decode(),
        "proof": register.proof(index, size).decode(),
    }


def notice(number: int = 1, **changes: Any) -> bytes:
    """The notice.json of a version whose sound is the recording of that number; changes come last."""
    sound = recording(number)
    facts = {
        "container": "wav",
        "codec": "mulaw",
        "sample_rate": 8000,
        "channels": 1,
        "samples": 800,
        "method": "frames",
        "claims": {"header_samples": 800},
        "problems": [],
    }
    document = {
        "format": 1,
        "salt": salt(f"notice {number}"),
        "kind": "notice_version",
        "notice_id": archive_id(700 + number),
        "title": "Welcome",
        "language": "uk",
        "text": "Розмова записується.",
        "key_clause": {"start_ms": 20, "end_ms": 90},
        "valid_from": {"utc": "2026-01-09T22:00:00.000Z", "text": "2026-01-10", "source": "notice add"},
        "approved_by": "Order 7",
        "sound": {
            "name": "welcome.wav",
            "file": "sound.wav",
            "size": len(sound),
            "sha256": sha256_hex(sound),
            "recording": facts,
        },
        "added": {
            "claimed_time": "2026-01-09T10:00:00.000Z",
            "operator": "olena",
            "host": "seal1",
            "software": "0.2.0",
        },
    }
    return canonical.encode({**document, **changes})


def announcement_record(
    register: "Register", index: int, document: bytes, size: int | None = None
) -> Document:
    """The record of a version without its sound, but for salt and id."""
    return {
        "kind": "announcement",
        "version": json.loads(document)["notice_id"],
        "document": document.decode(),
        "entry": register.chain[index].decode(),
        "proof": register.proof(index, size).decode(),
    }


@dataclass(frozen=True)
class Sealed:
    """The body of an archive: what its signature closes, and the signature."""

    archive_id: str
    body: Members
    asic: bytes
    signature: bytes
    certificate: bytes

    @property
    def facts(self) -> SealedFacts:
        """What its register entry says."""
        return SealedFacts(
            archive_id=self.archive_id,
            identity=sha256(self.asic),
            signature_sha256=sha256(self.signature),
            certificate_sha256=sha256(self.certificate),
            custody_sha256=sha256(b"custody of " + self.archive_id.encode()),
        )


def _same(value: Any) -> Any:
    return value


@dataclass(frozen=True)
class Changes:
    """What is done to each part before the next is made of it; each takes the part and returns it changed."""

    records: Callable[[dict[str, Document]], dict[str, Document]] = _same
    record_bytes: Callable[[Members], Members] = _same
    manifest: Callable[[Document], Document] = _same
    manifest_bytes: Callable[[bytes], bytes] = _same
    sums: Callable[[bytes], bytes] = _same
    listed: Callable[[Members], Members] = _same
    asic: Callable[[bytes], bytes] = _same
    signature: Callable[[bytes], bytes] = _same


UNCHANGED = Changes()


def seal(
    number: int = 1,
    changes: Changes = UNCHANGED,
    *,
    time_policy: str = "none",
    key: keys.SealingKey | None = None,
    signing_time: dt.datetime = SIGNED,
    sound: bytes | None = None,
    extra: Members = [],  # noqa: B006  never changed
    derived: Members = [],  # noqa: B006  likewise
) -> Sealed:
    """The body of the archive of that number, signed."""
    key = key or sealer()
    exhibits = [(RECORDING, recording(number) if sound is None else sound), *extra]
    documents = changes.records(records(number, exhibits[0][1]))
    written = [(f"records/{name}.json", canonical.encode(document)) for name, document in documents.items()]
    written = changes.record_bytes(written)
    manifest = Manifest(
        archive_id=archive_id(number),
        origin=ORIGIN,
        register_key=register_key().vkey,
        time_policy=time_policy,
        records=tuple(Listed(name[8:-5], name, sha256(data)) for name, data in written),
        exhibits=tuple(Listed(name[9:-4], name, sha256(data)) for name, data in exhibits),
    )
    document = canonical.encode(changes.manifest(manifest.to_document()))
    body = [*exhibits, *written, *derived, (MANIFEST, changes.manifest_bytes(document))]
    verify_txt = (
        VERIFY_TXT,
        b"A test vector. How to check an archive by hand is said in schemas/VERIFY.txt.\n",
    )
    lines = sums.build([(name, sha256(data)) for name, data in [*body, verify_txt]])
    body = changes.listed([*body, (SUMS, changes.sums(lines)), verify_txt])
    listed = changes.asic(asic.build([(name, sha256(data)) for name, data in body]))
    signature = changes.signature(cades.sign(listed, key, signing_time))
    return Sealed(archive_id(number), body, listed, signature, key.chain[0])


@dataclass
class Register:
    """A register whose every head was signed; entry 0 is there from the beginning."""

    key: keys.RegisterKey = field(default_factory=register_key)
    chain: list[bytes] = field(default_factory=list)

    def __post_init__(self) -> None:
        if not self.chain:
            self.chain.append(entries.make_created(ORIGIN, self.key.vkey, "2026-01-05T08:00:00.000Z"))

    def copy(self) -> "Register":
        """Another one with the same entries."""
        return Register(self.key, list(self.chain))

    def seal(self, facts: SealedFacts, claimed: str = CLAIMED) -> int:
        """Enter an archive; returns where it stands."""
        entry = entries.make_sealed(ORIGIN, len(self.chain), claimed, leaf_hash(self.chain[-1]), facts)
        self.chain.append(entry)
        return len(self.chain) - 1

    def receive(self, document: bytes) -> int:
        """Enter a receipt; returns where it stands."""
        told, last = json.loads(document), leaf_hash(self.chain[-1])
        entry = entries.make_received(
            ORIGIN, len(self.chain), RECEIVED, last, told["received_id"], sha256(document)
        )
        self.chain.append(entry)
        return len(self.chain) - 1

    def announce(self, document: bytes) -> int:
        """Enter a version of the notice; returns where it stands."""
        told, last = json.loads(document), leaf_hash(self.chain[-1])
        entry = entries.make_notice(
            ORIGIN, len(self.chain), RECEIVED, last, told["notice_id"], sha256(document)
        )
        self.chain.append(entry)
        return len(self.chain) - 1

    def void(self, index: int, reason: str = "withdrawn") -> int:
        """Declare an entry void; returns where that stands."""
        last, voided = leaf_hash(self.chain[-1]), leaf_hash(self.chain[index])
        size = len(self.chain)
        entry = entries.make_void(
            ORIGIN, size, CLAIMED, last, index, voided, reason, sha256(b"custody of void")
        )
        self.chain.append(entry)
        return size

    def head(self, size: int | None = None) -> Checkpoint:
        """The head at that size, or now."""
        leaves = [leaf_hash(entry) for entry in self.chain[:size]]
        return Checkpoint(ORIGIN, len(leaves), root(leaves))

    def checkpoint(self, size: int | None = None, key: keys.RegisterKey | None = None) -> bytes:
        """The signed head at that size, or now."""
        return sign(self.head(size), (key or self.key).sign_note)

    def hashes(self, index: int, size: int | None = None) -> tuple[bytes, ...]:
        """The audit path of an entry."""
        leaves = [leaf_hash(entry) for entry in self.chain[:size]]
        return tuple(inclusion_proof(index, len(leaves), _nodes(leaves)))

    def proof(self, index: int, size: int | None = None, note: bytes | None = None) -> bytes:
        """The inclusion proof of an entry, with the checkpoint or another note."""
        note = self.checkpoint(size) if note is None else note
        return proof.encode(proof.Proof(index, self.hashes(index, size), note))

    def export(self, size: int | None = None) -> bytes:
        """The export at that size, or now."""
        out = io.BytesIO()
        export.write(out, self.chain[:size], self.checkpoint(size))
        return out.getvalue()


def _nodes(leaves: Sequence[bytes]) -> NodeReader:
    frontier = Frontier()
    stored = {(level, index): value for leaf in leaves for level, index, value in frontier.append(leaf)}
    return lambda level, index: stored[level, index]


def members(sealed: Sealed, register: Register, index: int, *, size: int | None = None) -> Members:
    """Every member of an archive, with one proof against the register's head at that size, or now."""
    return [
        (MIMETYPE_NAME, MIMETYPE),
        *sealed.body,
        (ASIC_MANIFEST, sealed.asic),
        (SIGNATURE, sealed.signature),
        (ENTRY, register.chain[index]),
        (proof_name(1), register.proof(index, size)),
    ]


def pack(parts: Members) -> bytes:
    """The archive of these members."""
    out = io.BytesIO()
    writer = ArchiveWriter(out)
    for name, data in parts:
        writer.add(name, data)
    writer.finish()
    return out.getvalue()


def pack_anyhow(parts: Members, checksums: Mapping[str, int] | None = None) -> bytes:
    """The same without any check of names, and with other checksums in the headers where they are given."""
    pieces, written, position = [], [], 0
    for name, data in parts:
        member = Member.at(position, name, len(data), (checksums or {}).get(name, crc32(data)))
        pieces += [local_header(member), data]
        written.append(member)
        position = member.end
    return b"".join([*pieces, central_directory(written, position)])


def changed(parts: Members, name: str, data: bytes | Callable[[bytes], bytes] | None) -> Members:
    """The members with one of them exchanged, changed by a function, or left out."""
    if not any(member == name for member, _data in parts):
        raise KeyError(name)
    found: Members = []
    for member, old in parts:
        if member != name:
            found.append((member, old))
        elif data is not None:
            found.append((member, data(old) if callable(data) else data))
    return found


def flipped(data: bytes, place: int = 0, mask: int = 1) -> bytes:
    """The bytes with one of them changed."""
    return data[:place] + bytes([data[place] ^ mask]) + data[place + 1 :]
