"""The text of a checkpoint: C2SP tlog-checkpoint (FORMAT.md, "Checkpoint").

Only the text; the signed note around it is evidence.crypto.notes' business.
"""

import base64
from collections.abc import Callable
from dataclasses import dataclass

from evidence import strict
from evidence.crypto.notes import MAX_SIZE
from evidence.register.merkle import HASH_SIZE

MAX_NOTE = MAX_SIZE
"""Bytes of the longest signed note that is read."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The head of a register at one size.

    Attributes:
        origin: the register's name, which is also the name of its key.
        size: number of entries.
        root: root of the Merkle tree over them, 32 bytes.
    """

    origin: str
    size: int
    root: bytes


def encode(checkpoint: Checkpoint) -> str:
    """The note text, three lines with a final newline. ``parse(encode(x)) == x``.

    Raises:
        ValueError: an origin that isn't one line, a size or root out of range.
    """
    text = f"{checkpoint.origin}\n{checkpoint.size}\n{base64.b64encode(checkpoint.root).decode('ascii')}\n"
    if parse(text) != checkpoint:
        raise ValueError("not the values of a checkpoint")
    return text


def parse(text: str) -> Checkpoint:
    """The checkpoint of a note's text; extension lines are ignored, as their authors can't rely on them.

    The origin may be any line, as C2SP forbids to assume more; whether it is the expected one is for the
    caller to compare.

    Raises:
        ValueError: not the text of a checkpoint.
    """
    lines = text.split("\n")
    if lines.pop() != "":
        raise ValueError("the last line doesn't end in a newline")
    if len(lines) < 3:
        raise ValueError("fewer than three lines")
    if not all(lines):
        raise ValueError("an empty line")
    if any(character < " " for line in lines for character in line):
        raise ValueError("a control character")
    root = strict.base64_bytes(lines[2])
    if len(root) != HASH_SIZE:
        raise ValueError(f"a root that isn't {HASH_SIZE} bytes long")
    return Checkpoint(lines[0], strict.decimal(lines[1]), root)


def sign(checkpoint: Checkpoint, sign_note: Callable[[str], bytes]) -> bytes:
    """The signed note of a checkpoint.

    Args:
        checkpoint: what is signed.
        sign_note: makes the whole signed note of a text, as crypto.keys.RegisterKey.sign_note does.
    """
    return sign_note(encode(checkpoint))
