"""Cosignatures of witnesses on checkpoints: C2SP tlog-cosignature, Ed25519 (FORMAT.md, "Cosignature")."""

import hashlib
from dataclasses import dataclass

from evidence import strict
from evidence.crypto import ed25519, notes
from evidence.crypto.notes import NoteBroken, NoteUnsigned, SignatureLine, SignedNote

COSIGNATURE = 0x04
"""The signature type of a witness's key."""

_TIME = 8
_SIGNATURE = 64


@dataclass(frozen=True, slots=True)
class WitnessKey:
    """A witness's public key.

    Attributes:
        name: the witness's name.
        key_id: 4 bytes.
        public_key: 32 bytes, Ed25519.
    """

    name: str
    key_id: bytes
    public_key: bytes


def parse_vkey(text: str) -> WitnessKey:
    """A witness's verifier key from its text form, ``NAME+KEYID+BASE64`` of type 0x04.

    Raises:
        ValueError: not a verifier key, of another type, or a key id that isn't its own.
    """
    parts = text.split("+", 2)
    if len(parts) != 3:
        raise ValueError("not a verifier key of the form NAME+KEYID+BASE64")
    name, key_id, data = parts[0], strict.hexadecimal(parts[1], 4), strict.base64_bytes(parts[2])
    if not name or any(c.isspace() or not c.isprintable() for c in name):
        raise ValueError("not a key name")
    if data[:1] != bytes([COSIGNATURE]) or len(data) != 33:
        raise ValueError("not a verifier key of a witness (type 0x04, Ed25519)")
    if hashlib.sha256(name.encode() + b"\n" + data).digest()[:4] != key_id:
        raise ValueError("the key id isn't that of the name and the key")
    return WitnessKey(name, key_id, data[1:])


def verify(note: SignedNote, key: WitnessKey) -> tuple[SignatureLine, int]:
    """The one cosignature of that witness on a note, verified, and its time in seconds since 1970.

    Raises:
        NoteUnsigned: no line has the key's name and id.
        NoteBroken: two lines have, or the cosignature doesn't fit.
    """
    lines = [line for line in note.lines if (line.name, line.key_id) == (key.name, key.key_id)]
    if not lines:
        raise NoteUnsigned("no cosignature of that witness")
    if len(lines) > 1:
        raise NoteBroken("two cosignatures of one witness")
    line = lines[0]
    if len(line.signature) != _TIME + _SIGNATURE:
        raise NoteBroken("not a cosignature with its time")
    seconds = int.from_bytes(line.signature[:_TIME])
    message = f"cosignature/v1\ntime {seconds}\n{note.text}".encode()
    if not ed25519.is_signed(key.public_key, line.signature[_TIME:], message):
        raise NoteBroken("the cosignature doesn't fit the checkpoint")
    return line, seconds


def added(note: bytes, lines: bytes, key: WitnessKey) -> SignatureLine:
    """The verified line of a witness in what it answered for a note.

    Args:
        note: the signed checkpoint that was sent.
        lines: the answer's body: signature lines, each with its newline.
        key: the witness's.

    Raises:
        ValueError: not signature lines, or no good cosignature of that witness among them.
    """
    if not lines.startswith("\u2014 ".encode()):
        raise notes.NoteMalformed("not signature lines")
    return verify(notes.parse(note + lines), key)[0]
