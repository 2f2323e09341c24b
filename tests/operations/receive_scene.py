"""A vault whose recordings are noted, and what must hold of its receipts whatever happened."""

import hashlib
import json
import sqlite3
from pathlib import Path
from typing import Any

from evidence.operations.receipts import Entered, enter_all
from evidence.operations.receive import Receiver
from evidence.operations.seams import Seams
from evidence.vault.vault import Vault, load_keys


def make_recordings(folder: Path, *names: str) -> list[Path]:
    """Recordings of those names, each with contents of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        (folder / name).write_bytes(f"sound of {name}".encode() * 100)
    return [folder / name for name in names]


def receive(vault: Path, *recordings: Path, seams: Seams | None = None) -> None:
    """Note recordings, as the hook does."""
    seams = seams or Seams()
    receiver = Receiver(vault, seams.durable, seams.clock, seams.entropy)
    for recording in recordings:
        receiver.receive(str(recording))


def enter(vault_root: Path, seams: Seams | None = None) -> Entered:
    """Enter what waits in the spool, as `evidence receive --register` does."""
    seams = seams or Seams()
    vault = Vault(vault_root, seams.durable, seams.user)
    try:
        return enter_all(vault, lambda: load_keys(vault, lambda: b"")[1], seams)
    finally:
        vault.close()


def documents(folder: Path) -> dict[str, dict[str, Any]]:
    """The receipts that lie in a folder, by id; each whole and under its own name."""
    found: dict[str, dict[str, Any]] = {}
    if not folder.is_dir():
        return found
    for path in folder.glob("*.json"):
        document = json.loads(path.read_bytes())
        if document["event"] == "received":
            assert path.name == f"{document['received_id']}.json"
            found[document["received_id"]] = document
    return found


def rows(vault: Path, statement: str) -> list[Any]:
    """What SQLite itself says of the register's database."""
    with sqlite3.connect(vault / "register" / "register.sqlite") as connection:
        found = connection.execute(statement).fetchall()
    connection.close()
    return found


def entries(vault: Path) -> dict[str, dict[str, Any]]:
    """The register's entries of receipts, by the receipt's id; none twice, and linked one to the other."""
    found: dict[str, dict[str, Any]] = {}
    previous = None
    for (document,) in rows(vault, "SELECT document FROM entries ORDER BY sequence"):
        entry = json.loads(document)
        assert entry["previous"] == previous
        previous = hashlib.sha256(b"\0" + document).hexdigest()
        if entry["type"] == "received":
            assert entry["received_id"] not in found
            found[entry["received_id"]] = entry
    return found


def check_entered(vault: Path, recordings: list[Path]) -> None:
    """Each recording has one receipt in the register, whose file is the one that was entered."""
    lying = documents(vault / "received")
    entered = entries(vault)
    assert sorted(d["facts"]["name"] for d in lying.values()) == sorted(path.name for path in recordings)
    assert lying.keys() == entered.keys()
    assert documents(vault / "spool") == {}
    for received_id, entry in entered.items():
        data = (vault / "received" / f"{received_id}.json").read_bytes()
        assert hashlib.sha256(data).hexdigest() == entry["custody_sha256"]
    for path in recordings:
        (facts,) = [d["facts"] for d in lying.values() if d["facts"]["name"] == path.name]
        assert facts["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
        assert facts["size"] == str(path.stat().st_size)
    index = dict(rows(vault, "SELECT received_id, sequence FROM receipts"))
    assert index == {received_id: entry["sequence"] for received_id, entry in entered.items()}
