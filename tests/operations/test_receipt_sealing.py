"""Receipts and the archives of their recordings: which go with which, and what the archive then holds."""

import base64
import hashlib
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from evidence.model.receipt import MOST, ReceiptEvidence, linked, told
from evidence.model.records import ExhibitFacts
from evidence.operations import reindex
from evidence.operations.receipts import unsealed_receipts
from evidence.operations.seams import Seams
from evidence.vault import receipts
from evidence.vault.vault import Vault
from tests.operations.receive_scene import documents, enter, entries, make_recordings, receive, rows
from tests.operations.scene import make_incident, make_vault, seal


def receipt_records(archive: Path) -> list[dict[str, Any]]:
    """The receipt records in an archive, as Python's own zipfile and json read them."""
    with zipfile.ZipFile(archive) as opened:
        found = [json.loads(opened.read(n)) for n in opened.namelist() if n.startswith("records/")]
    return [record for record in found if record["kind"] == "receipt"]


def root_of(record: dict[str, Any]) -> bytes:
    """The root to which a proof leads, by RFC 9162 section 2.1.3.2 written down once more."""
    head, note = record["proof"].split("\n\n", 1)
    lines = head.split("\n")
    index, size = int(lines[1].removeprefix("index ")), int(note.split("\n")[1])
    found, last = hashlib.sha256(b"\0" + record["entry"].encode()).digest(), size - 1
    for line in lines[2:]:
        sibling = base64.b64decode(line)
        if index & 1 or index == last:
            found = hashlib.sha256(b"\1" + sibling + found).digest()
            while not index & 1 and index:
                index, last = index >> 1, last >> 1
        else:
            found = hashlib.sha256(b"\1" + found + sibling).digest()
        index, last = index >> 1, last >> 1
    return found


def test_the_archive_holds_receipt_entry_and_proof(tmp_path: Path) -> None:
    vault, incident = make_vault(tmp_path / "vault"), make_incident(tmp_path / "incident")
    others = make_recordings(tmp_path / "calls", *(f"{n}.wav" for n in range(4)))
    receive(vault, *others, incident / "call.wav")
    ((received_id, _),) = [
        item for item in documents(vault / "spool").items() if item[1]["facts"]["name"] == "call.wav"
    ]
    enter(vault)
    original = (vault / "received" / f"{received_id}.json").read_bytes()
    (record,) = receipt_records(seal(vault, incident).archive)
    sound = hashlib.sha256((incident / "call.wav").read_bytes()).hexdigest()
    assert record["recording_sha256"] == sound == json.loads(record["document"])["facts"]["sha256"]
    assert record["document"].encode() == original
    assert json.loads(record["entry"]) == entries(vault)[received_id]
    assert hashlib.sha256(original).hexdigest() == json.loads(record["entry"])["custody_sha256"]
    note = record["proof"].split("\n\n", 1)[1]
    ((kept,),) = rows(vault, "SELECT note FROM checkpoints WHERE size = 6")
    assert note.encode() == kept
    assert root_of(record) == base64.b64decode(note.split("\n")[2])
    assert "token" not in record
    assert (vault / "custody" / f"{received_id}.json").read_bytes() == original
    assert len(documents(vault / "received")) == len(others)


def test_a_token_over_a_later_checkpoint_goes_along(tmp_path: Path) -> None:
    """Whoever stamps checkpoints keeps tokens in a table; the oldest above the entry is taken."""
    vault, incident = make_vault(tmp_path / "vault"), make_incident(tmp_path / "incident")
    receive(vault, incident / "call.wav")
    enter(vault)
    receive(vault, *make_recordings(tmp_path / "calls", "other.wav"))
    enter(vault)
    opened = Vault(vault, Seams().durable, Seams().user)
    with opened.store.transaction() as connection:
        connection.execute("CREATE TABLE stamps (size INTEGER PRIMARY KEY, nonce BLOB, token BLOB)")
        connection.executemany(
            "INSERT INTO stamps VALUES (?, ?, ?)", [(1, b"n", b"t1"), (2, b"n", b"t2"), (3, b"n", None)]
        )
    opened.close()
    (record,) = receipt_records(seal(vault, incident).archive)
    assert base64.b64decode(record["token"]) == b"t2"
    assert record["proof"].split("\n\n", 1)[1].split("\n")[1] == "2"


def test_a_recording_that_is_sealed_again_has_its_receipt_again(tmp_path: Path) -> None:
    """As in an archive that corrects another; the receipt lies among the custody records by then."""
    vault, incident = make_vault(tmp_path / "vault"), make_incident(tmp_path / "incident")
    receive(vault, incident / "call.wav")
    enter(vault)
    first = receipt_records(seal(vault, incident).archive)
    other = make_incident(tmp_path / "other", "INC-2")
    second = receipt_records(seal(vault, other).archive)
    assert [record["document"] for record in second] == [record["document"] for record in first]
    (custody,) = documents(vault / "custody")
    (vault / "custody" / f"{custody}.json").unlink()  # erased
    third = make_incident(tmp_path / "third", "INC-3")
    assert receipt_records(seal(vault, third).archive) == []


def test_a_receipt_that_is_not_registered_is_not_sealed(tmp_path: Path) -> None:
    vault, incident = make_vault(tmp_path / "vault"), make_incident(tmp_path / "incident")
    receive(vault, incident / "call.wav")
    assert receipt_records(seal(vault, incident).archive) == []
    enter(vault)
    assert len(documents(vault / "received")) == 1


def test_a_receipt_that_was_altered_in_the_vault_is_left_out(tmp_path: Path) -> None:
    vault, incident = make_vault(tmp_path / "vault"), make_incident(tmp_path / "incident")
    receive(vault, incident / "call.wav")
    enter(vault)
    (path,) = (vault / "received").glob("*.json")
    path.write_bytes(path.read_bytes().replace(b"call.wav", b"call.WAV"))
    assert receipt_records(seal(vault, incident).archive) == []


def test_the_index_can_be_made_anew(tmp_path: Path) -> None:
    vault, incident = make_vault(tmp_path / "vault"), make_incident(tmp_path / "incident")
    receive(vault, incident / "call.wav", *make_recordings(tmp_path / "calls", "other.wav"))
    enter(vault)
    seal(vault, incident)
    statement = "SELECT received_id, sequence, size, state > 0 FROM receipts ORDER BY sequence"
    before = rows(vault, statement)
    opened = Vault(vault, Seams().durable, Seams().user)
    with opened.store.transaction() as connection:
        connection.execute("DROP TABLE receipts")
        for document in list(opened.store.documents()):  # as when entries are brought back
            reindex.index(opened.store, document)
    receipts.fill(opened)
    assert [receipt.name for receipt in unsealed_receipts(opened)] == ["other.wav"]
    opened.close()
    assert rows(vault, statement) == before
    assert enter(vault).sequences == ()


SOUND, OTHER = b"s" * 32, b"o" * 32


def evidence(received_id: str, name: str, sha256: bytes = SOUND) -> ReceiptEvidence:
    return ReceiptEvidence(received_id, name, 5, sha256, "{}", "{}", "")


def exhibit(name: str, size: int = 5) -> ExhibitFacts:
    return ExhibitFacts("E1", "exhibits/E1.wav", name, "recording", size, SOUND)


@pytest.mark.parametrize(
    ("given", "name", "size", "expected"),
    [
        ([("1", "a.wav"), ("2", "b.wav"), ("3", "a.wav")], "a.wav", 5, ["1", "3"]),
        ([("1", "x.wav"), ("2", "y.wav")], "a.wav", 5, ["1"]),
        ([("1", "x.wav"), ("2", "y.wav")], "a.wav", 0, []),
        ([("1", "a.wav")], "a.wav", 0, ["1"]),
        ([], "a.wav", 5, []),
    ],
)
def test_which_receipts_speak_of_an_exhibit(
    given: list[tuple[str, str]], name: str, size: int, expected: list[str]
) -> None:
    known = [evidence("0", name, OTHER), *(evidence(*item) for item in given)]
    assert [link.receipt.received_id for link in linked([exhibit(name, size)], known)] == expected


def test_an_archive_holds_eight_receipts_of_a_recording_at_most(tmp_path: Path) -> None:
    links = linked([exhibit("a.wav")], [evidence(str(n), "a.wav") for n in range(20)])
    assert [link.receipt.received_id for link in told(links)] == [str(n) for n in range(8)]
    assert MOST == 8
    vault, incident = make_vault(tmp_path / "vault"), make_incident(tmp_path / "incident")
    receive(vault, *[incident / "call.wav"] * 10)
    enter(vault)
    assert len(receipt_records(seal(vault, incident).archive)) == 8
    assert documents(vault / "received") == {}
    assert len(documents(vault / "custody")) == 10
