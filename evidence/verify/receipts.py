"""Receipts of recordings (FORMAT.md, "Verification"): what their records say, step 6; what is proven, step 9.

A receipt that contradicts itself or its recording is a fault of the sealer's, like any other record. One
whose place in the register isn't proven is as good as absent: it is claimed, and nothing more.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from evidence import strict
from evidence.crypto import certificates, tokens, trust
from evidence.digests import sha256
from evidence.model.entry import Entry
from evidence.model.manifest import Listed, Manifest
from evidence.model.receipt import Receipt
from evidence.register import receipts as documents
from evidence.strict import format_timestamp
from evidence.verify import enclosed
from evidence.verify.results import ProvenTime, Received
from evidence.verify.state import Record, State

KIND = "receipt"
_RECORDING = "recording"


@dataclass(frozen=True, slots=True)
class Read:
    """A receipt record, taken apart."""

    receipt: Receipt
    entry: Entry


def read(record: Record) -> Read:
    """The receipt and the entry in a record that the schema accepts.

    Raises:
        ValueError: one of them isn't what it should be, or they don't belong together.
    """
    document = record["document"].encode("utf-8")
    receipt = documents.parse(document)
    entry = documents.entry_of(record["entry"].encode("utf-8"), receipt, document)
    strict.base64_bytes(record.get("token", ""))
    return Read(receipt, entry)


def agrees(record: Record, exhibit: Record, manifest: Manifest) -> bool:
    """Whether a receipt speaks of that exhibit and stands in the archive's own register."""
    found = read(record)
    told = (found.receipt.sha256.hex(), found.receipt.size, found.entry.origin)
    return told == (exhibit["sha256"], exhibit["size"], manifest.origin)


def check(state: State) -> None:
    """Judge every receipt's place in the register, and its token; tell which recordings have none."""
    if state.manifest is None or 6 not in state.finished:
        return
    found = [(listed, state.records[listed.id]) for listed in state.manifest.records]
    receipts = [(listed, record) for listed, record in found if record["kind"] == KIND]
    for listed, record in sorted(receipts, key=lambda item: int(item[1]["exhibit"][1:])):
        if not state.is_blamed(listed.member):
            state.received.append(_judge(state, state.manifest, listed, record))
    if receipts:
        for exhibit in _without(found, {record["exhibit"] for _listed, record in receipts}):
            state.note("RECEIPT_MISSING", exhibit["member"], exhibit=exhibit["exhibit"])


def _without(found: list[tuple[Listed, Record]], having: set[str]) -> Iterator[Record]:
    """The recordings that have no receipt."""
    for _listed, record in found:
        is_recording = record["kind"] == "exhibit" and record["role"] == _RECORDING and "member" in record
        if is_recording and record["exhibit"] not in having:
            yield record


def _judge(state: State, manifest: Manifest, listed: Listed, record: Record) -> Received:
    made = read(record)
    receipt, entry = made.receipt, made.entry
    told = {"exhibit": record["exhibit"], "at": receipt.claimed_time, "sequence": entry.sequence}
    proven: ProvenTime | None = None
    try:
        committed = enclosed.prove(state, manifest, listed.member, record, entry)
    except ValueError as error:
        state.note("RECEIPT_UNPROVEN", listed.member, reason=str(error), **told)
        is_proven = False
    else:
        is_proven = True
        state.note("RECEIVED", listed.member, **told, **_later(state, receipt))
        if "token" in record:
            proven = _stamped(state, listed.member, record, committed)
    return Received(
        exhibit=record["exhibit"],
        received_id=receipt.received_id,
        claimed=strict.timestamp(receipt.claimed_time),
        entered=strict.timestamp(entry.claimed_time),
        sequence=entry.sequence,
        is_proven=is_proven,
        proven=proven,
    )


def _later(state: State, receipt: Receipt) -> dict[str, int]:
    """Seconds from the receipt to the seal, by their clocks; nothing where the seal's time isn't known."""
    if state.claimed.entry is None:
        return {}
    passed: dt.timedelta = state.claimed.entry - strict.timestamp(receipt.claimed_time)
    return {"seconds": int(passed.total_seconds())}


def _stamped(state: State, member: str, record: Record, committed: bytes) -> ProvenTime | None:
    """The time that a receipt's token proves; one that can't be relied on is noted and as good as absent."""
    reason = ""
    try:
        token = tokens.verify(strict.base64_bytes(record["token"]), sha256(committed))
        authority = certificates.facts(token.certificate).subject
        anchors = state.options.tsa_anchors
        judged = trust.check(token.certificate, token.others, anchors, token.gen_time, "timestamp")
        reason = "" if judged.status == "trusted" else authority
    except ValueError as error:
        reason = str(error)
    if reason:
        state.note("TOKEN_UNKNOWN_IGNORED", member, reason=reason)
        return None
    state.note(
        "RECEIPT_PROVEN",
        member,
        exhibit=record["exhibit"],
        proven=format_timestamp(token.gen_time),
        authority=authority,
    )
    return ProvenTime(token.gen_time, token.accuracy_ms, authority, member)
