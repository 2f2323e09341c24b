"""Receipts of recordings: what contradicts is FAILED, what isn't proven is only claimed, what holds is told."""

import base64
import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from evidence import canonical
from evidence.crypto import certificates
from evidence.crypto.trust import Anchors
from evidence.register import entries
from evidence.register.merkle import leaf_hash
from evidence.verify.results import Verification
from tests import builder
from tests.builder import Changes, Document, Register
from tests.requirements import need
from tests.tsa import Authority
from tests.vectors import archives
from tests.vectors.archives import RECEIPT, World, received
from tests.verify.case import FAILED, PASSED, check, codes, notes

Change = Callable[[Document], Document]
MEMBER = f"records/{RECEIPT}.json"


def with_facts(**facts: Any) -> bytes:
    """The receipt with other facts; None takes one out."""
    document = json.loads(builder.receipt())
    kept = {**document["facts"], **facts}
    return canonical.encode({**document, "facts": {k: v for k, v in kept.items() if v is not None}})


def put(**values: Any) -> Change:
    return lambda record: {**record, **values}


def in_entry(**values: Any) -> Change:
    """The entry in the record with other values."""
    return lambda record: {
        **record,
        "entry": canonical.encode({**json.loads(record["entry"]), **values}).decode(),
    }


def note(verification: Verification, code: str) -> Any:
    """The one note of that code."""
    (found,) = [item for item in verification.notes if item.code == code]
    return found


def test_a_receipt_is_told_with_the_time_that_passed() -> None:
    found = check(received().file)
    assert found.verdict is PASSED
    told = note(found, "RECEIVED")
    assert told.subject == MEMBER
    seconds = 9 * 3600 + 40 * 60 + 2  # from 09:00:00.250 to 18:40:02.517, cut off
    assert told.params == {
        "exhibit": "E1",
        "at": "2026-03-02T09:00:00.250Z",
        "sequence": 1,
        "seconds": seconds,
    }
    (receipt,) = found.received
    assert (receipt.exhibit, receipt.sequence, receipt.is_proven) == ("E1", 1, True)
    assert receipt.received_id == builder.archive_id(501)
    assert receipt.entered.isoformat() == "2026-03-02T18:15:00+00:00"
    assert receipt.proven is None


def test_an_archive_without_receipts_says_nothing_of_them() -> None:
    found = check(archives.world().file)
    assert found.received == ()
    assert not {"RECEIVED", "RECEIPT_MISSING", "RECEIPT_UNPROVEN"} & set(notes(found))


@pytest.mark.parametrize(
    "change",
    [
        put(document="{}"),
        put(document=builder.receipt().decode() + "\n"),
        put(document=builder.receipt(event="sealed").decode()),
        put(document=builder.receipt(salt="00" * 32).decode()),
        put(document=builder.receipt(claimed_time="2026-02-30T09:00:00.250Z").decode()),
        put(entry="{}"),
        in_entry(type="notice", notice_id=builder.archive_id(501)),
        in_entry(received_id=builder.archive_id(502)),
        in_entry(custody_sha256="00" * 32),
        in_entry(sequence=0),
        put(token="AB=="),
        put(surplus=1),
    ],
)
def test_a_receipt_that_contradicts_itself_is_malformed(change: Change) -> None:
    found = check(received(change).file)
    assert codes(found) == ["RECORD_MALFORMED"]
    assert found.verdict is FAILED
    assert found.received == ()
    assert "RECEIVED" not in notes(found)


def other_origin(record: Document) -> Document:
    return in_entry(origin="evidence.example.ua/other")(record)


def test_a_registered_receipt_with_a_day_that_does_not_exist_is_malformed() -> None:
    found = check(received(document=with_facts(mtime="2026-02-30T08:59:00.000Z")).file)
    assert (found.verdict, codes(found)) == (FAILED, ["RECORD_MALFORMED"])
    found = check(received(document=with_facts(mtime="2026-02-28T08:59:00.000Z")).file)
    assert found.verdict is PASSED


@pytest.mark.parametrize(
    ("change", "document"),
    [
        (put(exhibit="E7"), builder.receipt()),
        (put(exhibit="E2"), builder.receipt()),
        (put(recording_sha256="00" * 32), builder.receipt()),
        (put(), with_facts(size="1")),
        (put(recording_sha256=hashlib.sha256(builder.recording(1)).hexdigest()), builder.receipt(2)),
        (other_origin, builder.receipt()),
    ],
)
def test_a_receipt_of_something_else_disagrees(change: Change, document: bytes) -> None:
    found = check(received(change, document).file)
    assert codes(found) == ["RECORD_DISAGREES"]
    assert found.verdict is FAILED
    assert "RECEIVED" not in notes(found)


def later_checkpoint(record: Document) -> Document:
    """The proof under a head that holds an entry at the archive's own place."""
    register = Register()
    document = record["document"].encode()
    register.receive(document)
    register.receive(builder.receipt(2))
    return {**record, "proof": register.proof(1, 3).decode()}


def younger_checkpoint(record: Document) -> Document:
    """The proof under a head that is larger than the archive's own: it can't have been there before."""
    register = Register()
    for document in (record["document"].encode(), *map(builder.receipt, (2, 3))):
        register.receive(document)
    return {**record, "proof": register.proof(1, 4).decode()}


def by_successor(record: Document) -> Document:
    register = Register(builder.register_key("successor"))
    register.receive(record["document"].encode())
    return {**record, "proof": register.proof(1).decode()}


def other_path(record: Document) -> Document:
    lines = record["proof"].split("\n")
    return {**record, "proof": "\n".join([*lines[:2], base64.b64encode(bytes(32)).decode(), *lines[3:]])}


@pytest.mark.parametrize(
    "change",
    [
        put(proof="x"),
        put(proof="c2sp.org/tlog-proof@v1\nindex 1\n\nx\n"),
        by_successor,
        other_path,
        younger_checkpoint,
    ],
)
def test_a_proof_that_does_not_hold_is_as_good_as_absent(change: Change) -> None:
    found = check(received(change).file)
    assert codes(found) == []
    assert found.verdict is PASSED
    assert note(found, "RECEIPT_UNPROVEN").params["exhibit"] == "E1"
    assert "RECEIVED" not in notes(found)
    assert [receipt.is_proven for receipt in found.received] == [False]


def test_a_head_beside_the_archives_own_is_a_fork() -> None:
    """Both are signed with the register's key and have another root at one size."""
    found = check(received(later_checkpoint).file)
    assert codes(found) == ["REGISTER_FORK"]
    assert found.verdict is FAILED


def test_a_fork_below_the_archive_is_found_with_an_export() -> None:
    """The receipt was proven under a head that the register, as exported, never had."""
    world = received()
    register = Register(world.register.key, [world.register.chain[0]])
    register.receive(builder.receipt(3))
    sealed = world.sealed
    register.seal(sealed.facts)
    forged = World(sealed, register)
    assert codes(check(forged.file)) == []
    assert codes(check(forged.file, register_export=register.export())) == ["REGISTER_FORK"]
    assert codes(check(world.file, register_export=world.register.export())) == []


def two_recordings(*, with_second: bool) -> World:
    """An archive of two recordings, of which the first has a receipt, and the second perhaps."""
    register, document = Register(), builder.receipt()
    record = builder.receipt_record(register, register.receive(document), document)
    records = [record, {**record, "exhibit": "E3"}] if with_second else [record]

    def change(documents: dict[str, Document]) -> dict[str, Document]:
        second = {**documents["r-00010002"], "exhibit": "E3", "member": "exhibits/E3.wav"}
        added = [second, *records]
        made = {f"r-0001001{n}": {**r, "id": f"r-0001001{n}", "salt": "ab" * 32} for n, r in enumerate(added)}
        return {**documents, **made}

    sealed = builder.seal(1, Changes(records=change), extra=[("exhibits/E3.wav", builder.recording(1))])
    register.seal(sealed.facts)
    return World(sealed, register)


def test_a_recording_without_receipt_is_told_only_beside_others() -> None:
    found = check(two_recordings(with_second=False).file)
    assert found.verdict is PASSED
    assert note(found, "RECEIPT_MISSING").params == {"exhibit": "E3"}
    assert "RECEIPT_MISSING" not in notes(check(two_recordings(with_second=True).file))


def test_a_token_over_the_receipts_checkpoint_proves_its_time(tmp_path: Path) -> None:
    need("openssl")
    authority = Authority(tmp_path)
    register = Register()
    register.receive(builder.receipt())
    token = base64.b64encode(authority.stamp(register.checkpoint())).decode()
    file = received(put(token=token)).file
    trusted = Anchors(certificates.pem_to_der(authority.root.pem))
    found = check(file, tsa_anchors=trusted)
    assert found.verdict is PASSED
    assert note(found, "RECEIPT_PROVEN").params["exhibit"] == "E1"
    assert found.received[0].proven is not None
    assert found.proven is None  # it dates the receipt, not the archive
    unknown = check(file)
    assert unknown.verdict is PASSED
    assert {"RECEIVED", "TOKEN_UNKNOWN_IGNORED"} <= set(notes(unknown))
    other = received(put(token=base64.b64encode(authority.stamp(b"something else")).decode())).file
    found = check(other, tsa_anchors=trusted)
    assert found.verdict is PASSED
    assert {"RECEIVED", "TOKEN_UNKNOWN_IGNORED"} <= set(notes(found))


def test_the_entry_is_the_leaf_that_the_proof_leads_from() -> None:
    """An independent look at the vector: SHA-256 of the texts as they stand."""
    record = received().sealed_record(RECEIPT)
    entry = json.loads(record["entry"])
    assert hashlib.sha256(record["document"].encode()).hexdigest() == entry["custody_sha256"]
    hashes = [base64.b64decode(line) for line in record["proof"].split("\n\n")[0].split("\n")[2:]]
    head = record["proof"].split("\n\n", 1)[1].split("\n")
    leaf = hashlib.sha256(b"\0" + record["entry"].encode()).digest()
    assert head[1] == "2"
    assert base64.b64decode(head[2]) == hashlib.sha256(b"\1" + hashes[0] + leaf).digest()
    assert entries.parse(record["entry"].encode()).sequence == 1
    assert leaf_hash(record["entry"].encode()) == leaf
