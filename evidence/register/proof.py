"""Inclusion proof and checkpoint in one text: C2SP tlog-proof@v1 (FORMAT.md, "Proof")."""

import base64
from dataclasses import dataclass

from evidence import strict
from evidence.register.checkpoint import MAX_NOTE
from evidence.register.merkle import HASH_SIZE

HEADER = "c2sp.org/tlog-proof@v1"
MAX_HASHES = strict.MAX_INTEGER.bit_length()
"""The longest path in a tree of at most 2**53-1 leaves."""
MAX_PROOF = 64 * 1024
"""Bytes of the longest proof that is read."""


@dataclass(frozen=True, slots=True)
class Proof:
    """That an entry stands at a place of a register whose head was signed.

    Attributes:
        index: the entry's place, from 0.
        hashes: the audit path from the leaf's sibling upwards, 32 bytes each.
        checkpoint: the signed note, verbatim; not looked into here.
    """

    index: int
    hashes: tuple[bytes, ...]
    checkpoint: bytes


def encode(proof: Proof) -> bytes:
    """The text of a proof, without an ``extra`` line. ``parse(encode(x)) == x``.

    Raises:
        ValueError: an index, a hash or a note that no proof can hold.
    """
    lines = [HEADER, f"index {proof.index}", *(base64.b64encode(h).decode("ascii") for h in proof.hashes)]
    data = "\n".join([*lines, "", ""]).encode("ascii") + proof.checkpoint
    if parse(data) != proof:
        raise ValueError("not the values of a proof")
    return data


def parse(data: bytes) -> Proof:
    """The proof in these bytes; an ``extra`` line is checked for its form and ignored.

    Raises:
        ValueError: not a tlog-proof@v1.
    """
    if len(data) > MAX_PROOF:
        raise ValueError(f"longer than {MAX_PROOF} bytes")
    head, separator, note = data.partition(b"\n\n")
    if not separator or not note:
        raise ValueError("no checkpoint after an empty line")
    if len(note) > MAX_NOTE:
        raise ValueError(f"a checkpoint longer than {MAX_NOTE} bytes")
    lines = _ascii_lines(head)
    if lines.pop(0) != HEADER:
        raise ValueError(f"the first line isn't {HEADER}")
    if lines and lines[0].startswith("extra "):
        strict.base64_bytes(lines.pop(0).removeprefix("extra "))
    if not lines or not lines[0].startswith("index "):
        raise ValueError("no index line")
    index = strict.decimal(lines.pop(0).removeprefix("index "))
    return Proof(index, tuple(_hashes(lines)), note)


def _ascii_lines(head: bytes) -> list[str]:
    try:
        return head.decode("ascii").split("\n")
    except UnicodeDecodeError as error:
        raise ValueError("not ASCII before the checkpoint") from error


def _hashes(lines: list[str]) -> list[bytes]:
    if len(lines) > MAX_HASHES:
        raise ValueError(f"more than {MAX_HASHES} hashes")
    hashes = [strict.base64_bytes(line) for line in lines]
    if any(len(value) != HASH_SIZE for value in hashes):
        raise ValueError(f"a hash that isn't {HASH_SIZE} bytes long")
    return hashes
