"""A register as the disk holds it, read with sqlite3 and json, its signatures checked by openssl."""

import base64
import json
import shutil
import sqlite3
import subprocess
import tempfile
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.drills import tree

_ED25519 = bytes.fromhex("302a300506032b6570032100")
"""What stands before the key in a SubjectPublicKeyInfo (RFC 8410)."""


@dataclass(frozen=True)
class Register:
    """What the database holds: entries as bytes, notes by size, and the states of the journal."""

    documents: list[bytes]
    notes: dict[int, bytes]
    states: list[str]

    @property
    def entries(self) -> list[dict[str, Any]]:
        """The entries, parsed."""
        return [json.loads(document) for document in self.documents]

    @property
    def leaves(self) -> list[bytes]:
        """The leaf hashes."""
        return [tree.leaf(document) for document in self.documents]


def load(vault: Path) -> Register:
    """Read a copy, so that a killed writer's journal stays for the program to find."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "register"
        shutil.copytree(vault / "register", copy)
        with closing(sqlite3.connect(copy / "register.sqlite")) as database:
            assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            rows = database.execute("SELECT sequence, document FROM entries ORDER BY sequence").fetchall()
            assert [row[0] for row in rows] == list(range(len(rows))), "the register has a gap"
            notes = dict(database.execute("SELECT size, note FROM checkpoints").fetchall())
            states = [row[0] for row in database.execute("SELECT state FROM claims").fetchall()]
    return Register([row[1] for row in rows], notes, states)


def check(register: Register) -> None:
    """Entries follow each other without gap or fork, and every signed head is a head of them."""
    previous = None
    for place, (entry, leaf) in enumerate(zip(register.entries, register.leaves, strict=True)):
        assert entry["sequence"] == place, f"entry {place} says it is {entry['sequence']}"
        assert entry["previous"] == previous, f"entry {place} doesn't follow the one before"
        previous = leaf.hex()
    for name in ("archive_id", "identity"):
        values = [e[name] for e in register.entries if e["type"] == "sealed"]
        assert len(set(values)) == len(values), f"a double {name}"
    assert register.notes, "no signed head"
    assert max(register.notes) == len(register.documents), "the newest head doesn't cover the newest entry"
    for size, note in register.notes.items():
        check_note(register, note, size)


def check_note(register: Register, note: bytes, size: int | None = None) -> int:
    """A signed head is one of this register's; returns its size."""
    text, separator, signatures = note.partition(b"\n\n")
    assert separator, "no signature"
    origin, count, head = text.decode().split("\n")
    key = register.entries[0]["register_key"]
    assert origin == register.entries[0]["origin"]
    assert size in (None, int(count))
    assert int(count) <= len(register.documents), "a head ahead of its register"
    assert base64.b64decode(head) == tree.root(register.leaves[: int(count)]), (
        f"another head of {count} entries"
    )
    line = signatures.decode().split("\n")[0]
    assert line.startswith(f"— {origin} ")
    raw = base64.b64decode(line.rpartition(" ")[2])
    check_ed25519(base64.b64decode(key.split("+", 2)[2])[1:], text + b"\n", raw[4:])
    return int(count)


def check_ed25519(key: bytes, text: bytes, signature: bytes) -> None:
    """Openssl accepts the signature."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "key").write_bytes(_ED25519 + key)
        (folder / "text").write_bytes(text)
        (folder / "signature").write_bytes(signature)
        command = ["openssl", "pkeyutl", "-verify", "-pubin", "-keyform", "DER", "-inkey", "key", "-rawin"]
        done = subprocess.run(
            [*command, "-in", "text", "-sigfile", "signature"], cwd=folder, capture_output=True, check=False
        )
    assert done.returncode == 0, done.stdout + done.stderr
