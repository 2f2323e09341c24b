"""Register entries as bytes: RFC 8785 JSON, one line (FORMAT.md, "Register entry")."""

from dataclasses import dataclass
from typing import Any

from evidence import canonical, resources, strict
from evidence.model.entry import Entry
from evidence.model.sealed import SealedFacts

FORMAT = 1
MAX_ENTRY = 4096
"""Bytes of the longest entry."""
SCHEMA = "register-entry.v1"
CREATED = "created"
SEALED = "sealed"
VOID = "void"
NOTICE = "notice"
RECEIVED = "received"
CONTINUES = "continues"


@dataclass(frozen=True, slots=True)
class Former:
    """A register that ended.

    Attributes:
        origin: its name.
        register_key: its C2SP verifier key.
        size: entries under the newest head of it that was seen.
        root: that head's root, 32 bytes.
        reason: ``entries_lost``, ``forked`` or ``given_up``.
    """

    origin: str
    register_key: str
    size: int
    root: bytes
    reason: str


_COMMON = ("format", "type", "origin", "sequence", "claimed_time", "previous")


def encode(entry: Entry) -> bytes:
    """The bytes of an entry, without newline. ``parse(encode(x)) == x``.

    Raises:
        ValueError: values that no entry of that type can hold.
    """
    if any(name in entry.fields for name in _COMMON):
        raise ValueError("a common field among the fields of the type")
    document = {
        "format": FORMAT,
        "type": entry.type,
        "origin": entry.origin,
        "sequence": entry.sequence,
        "claimed_time": entry.claimed_time,
        "previous": None if entry.previous is None else entry.previous.hex(),
        **entry.fields,
    }
    data = canonical.encode(document)
    parse(data)
    return data


def parse(data: bytes) -> Entry:
    """The entry in these bytes.

    Entries of a type this version doesn't know are valid when the common fields are; the types it knows hold
    exactly their fields.

    Raises:
        ValueError: longer than MAX_ENTRY, not canonical JSON, or not what the schema and FORMAT.md ask for.
    """
    document = canonical.decode(data, MAX_ENTRY)
    problem = resources.problem(SCHEMA, document)
    if problem:
        raise ValueError(problem)
    _check_beyond_schema(document)
    previous = document["previous"]
    return Entry(
        type=document["type"],
        origin=document["origin"],
        sequence=document["sequence"],
        claimed_time=document["claimed_time"],
        previous=None if previous is None else bytes.fromhex(previous),
        fields={name: value for name, value in document.items() if name not in _COMMON},
    )


def _check_beyond_schema(document: dict[str, Any]) -> None:
    """What JSON Schema can't say: a real date, the key's name, the order of a void and what it voids."""
    strict.timestamp(document["claimed_time"])
    if document["type"] == CREATED and not document["register_key"].startswith(document["origin"] + "+"):
        raise ValueError("a register key of another name than the origin")
    if document["type"] == CONTINUES:
        if not document["former_key"].startswith(document["former_origin"] + "+"):
            raise ValueError("a former key of another name than the former origin")
        if document["former_origin"] == document["origin"]:
            raise ValueError("a register that continues itself")
    if document["type"] == VOID and document["voids"]["sequence"] >= document["sequence"]:
        raise ValueError("a void of an entry that doesn't come before it")


def make_created(origin: str, register_key: str, claimed_time: str) -> bytes:
    """Entry 0 of a register.

    Args:
        origin: the register's name: 1 to 255 visible ASCII characters without plus.
        register_key: C2SP verifier key of that name.
        claimed_time: the host's clock, in the format's form of a time.
    """
    return encode(Entry(CREATED, origin, 0, claimed_time, None, {"register_key": register_key}))


def make_sealed(origin: str, sequence: int, claimed_time: str, previous: bytes, facts: SealedFacts) -> bytes:
    """The entry of a sealed archive; ``previous`` is the leaf hash of the entry before, 32 bytes."""
    fields = {
        "archive_id": facts.archive_id,
        "identity": facts.identity.hex(),
        "signature_sha256": facts.signature_sha256.hex(),
        "certificate_sha256": facts.certificate_sha256.hex(),
        "custody_sha256": facts.custody_sha256.hex(),
    }
    return encode(Entry(SEALED, origin, sequence, claimed_time, previous, fields))


def make_void(  # noqa: PLR0917  as many as the document has fields
    origin: str,
    sequence: int,
    claimed_time: str,
    previous: bytes,
    voided_sequence: int,
    voided_leaf: bytes,
    reason: str,
    custody_sha256: bytes,
) -> bytes:
    """The entry that takes an earlier entry out of force; digests and hashes are 32 bytes.

    Args:
        origin: the register's name.
        sequence: this entry's place.
        claimed_time: the host's clock, in the format's form of a time.
        previous: leaf hash of the entry before this one.
        voided_sequence: place of the entry that doesn't count any more; not entry 0.
        voided_leaf: its leaf hash.
        reason: ``body_lost``, ``body_altered`` or ``withdrawn``.
        custody_sha256: digest of the salted custody record.
    """
    fields = {
        "voids": {"sequence": voided_sequence, "leaf": voided_leaf.hex()},
        "reason": reason,
        "custody_sha256": custody_sha256.hex(),
    }
    return encode(Entry(VOID, origin, sequence, claimed_time, previous, fields))


def make_notice(  # noqa: PLR0917  as many as the document has fields
    origin: str, sequence: int, claimed_time: str, previous: bytes, notice_id: str, custody_sha256: bytes
) -> bytes:
    """The entry of a version of the recording notice; it concerns no archive.

    Args:
        origin: the register's name.
        sequence: this entry's place.
        claimed_time: the host's clock, in the format's form of a time.
        previous: leaf hash of the entry before this one, 32 bytes.
        notice_id: UUID of the version.
        custody_sha256: digest of its salted notice.json, 32 bytes.
    """
    fields = {"notice_id": notice_id, "custody_sha256": custody_sha256.hex()}
    return encode(Entry(NOTICE, origin, sequence, claimed_time, previous, fields))


def make_received(  # noqa: PLR0917  as many as the document has fields
    origin: str, sequence: int, claimed_time: str, previous: bytes, received_id: str, custody_sha256: bytes
) -> bytes:
    """The entry of a receipt; it concerns no archive yet.

    Args:
        origin: the register's name.
        sequence: this entry's place.
        claimed_time: the host's clock when it was entered, in the format's form of a time.
        previous: leaf hash of the entry before this one, 32 bytes.
        received_id: UUID of the receipt.
        custody_sha256: digest of the receipt, 32 bytes.
    """
    fields = {"received_id": received_id, "custody_sha256": custody_sha256.hex()}
    return encode(Entry(RECEIVED, origin, sequence, claimed_time, previous, fields))


def make_continues(
    origin: str, claimed_time: str, previous: bytes, former: Former, custody_sha256: bytes
) -> bytes:
    """Entry 1 of a register that takes the place of one that can't go on (FORMAT.md, "Continued register").

    Args:
        origin: this register's name.
        claimed_time: the host's clock, in the format's form of a time.
        previous: leaf hash of entry 0, 32 bytes.
        former: the register that ended, and how far it was seen.
        custody_sha256: digest of the salted custody record that says why, 32 bytes.
    """
    fields = {
        "former_origin": former.origin,
        "former_key": former.register_key,
        "former_size": former.size,
        "former_root": former.root.hex(),
        "reason": former.reason,
        "custody_sha256": custody_sha256.hex(),
    }
    return encode(Entry(CONTINUES, origin, 1, claimed_time, previous, fields))
