"""Every checkpoint that a register ever signed, as it can be found lying about, and whether they agree.

Independent of the program: notes are taken apart by hand, signatures checked with ``cryptography``, the tree is
RFC 6962 section 2.1 word for word over the lines of an export.
"""

import base64
import hashlib
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


@dataclass(frozen=True)
class Head:
    """One signed head."""

    origin: str
    size: int
    root: bytes


def read(note: bytes, vkey: str) -> Head:
    """A checkpoint, its first signature checked under a verifier key."""
    text, _, signatures = note.decode().partition("\n\n")
    name, _key_id, encoded = vkey.split("+", 2)
    line = signatures.split("\n")[0].removeprefix(f"\u2014 {name} ")
    public = Ed25519PublicKey.from_public_bytes(base64.b64decode(encoded)[1:])
    public.verify(base64.b64decode(line)[4:], f"{text}\n".encode())
    origin, size, root = text.split("\n")[:3]
    return Head(origin, int(size), base64.b64decode(root))


def root(entries: list[bytes]) -> bytes:
    """MTH of RFC 6962, section 2.1."""
    if not entries:
        return hashlib.sha256(b"").digest()
    if len(entries) == 1:
        return hashlib.sha256(b"\x00" + entries[0]).digest()
    middle = 1
    while middle * 2 < len(entries):
        middle *= 2
    return hashlib.sha256(b"\x01" + root(entries[:middle]) + root(entries[middle:])).digest()


def in_archives(vault: Path) -> list[bytes]:
    """The checkpoints in all archives of a vault."""
    found = []
    for path in vault.glob("archives/**/*.asice"):
        with zipfile.ZipFile(path) as archive:
            proof = archive.read("META-INF/register-001.tlog-proof")
        found.append(proof.partition(b"\n\n")[2])
    return found


def in_files(*paths: Path) -> list[bytes]:
    """The checkpoints in files, as far as they exist."""
    return [path.read_bytes() for path in paths if path.exists()]


def lying_about(vault: Path, *places: Path) -> list[bytes]:
    """All that a vault and places outside it hold at the moment."""
    heads = in_files(vault / "register" / "head", vault / "archives" / ".register-head", *places)
    return [*heads, *in_archives(vault)]


def exported(vault: Path) -> list[bytes]:
    """The entries that ``evidence register export`` writes."""
    command = [sys.executable, "-m", "evidence", "register", "export", "--vault", str(vault)]
    out = subprocess.run(command, check=True, capture_output=True).stdout
    lines = out.partition(b"\n\n")[0].split(b"\n")
    assert lines[0] == b"evidence-register@v1"
    return lines[1:]


def assert_consistent(notes: list[bytes], entries: list[bytes], vkey: str) -> None:
    """Each head is the root of the entries' beginning of its size: they are all of one history."""
    origin = vkey.split("+", maxsplit=1)[0]
    for note in set(notes):
        head = read(note, vkey)
        assert head.origin == origin
        assert head.size <= len(entries), (head.size, len(entries))
        assert head.root == root(entries[: head.size]), head.size
