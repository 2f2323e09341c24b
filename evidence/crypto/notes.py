"""Signed notes as C2SP signed-note defines them, with Ed25519 keys (FORMAT.md, "Checkpoint").

A note is text of whole lines, an empty line, and at least one signature line
``— NAME BASE64(key id, 4 bytes ‖ signature)``. The key id tells keys of one name apart; it proves nothing.
"""

import base64
import hashlib
import re
from dataclasses import dataclass

from evidence import strict
from evidence.crypto import ed25519

MAX_SIZE = 64 * 1024
"""Bytes of a note."""
MAX_LINES = 64
"""Signature lines of a note."""
ED25519 = 0x01
"""The signature type of a note's own key."""

_DASH = "\u2014 "
_KEY_ID = 4
_PUBLIC_KEY = 32


class NoteMalformed(ValueError):
    """The bytes aren't a signed note."""


class NoteUnsigned(ValueError):
    """The note has no signature line of that key."""


class NoteBroken(ValueError):
    """A signature line of that key doesn't fit the text, or the key stands there twice."""


_NOT_PLAIN = re.compile(r"[\x00-\x09\x0b-\x1f\ud800-\udfff]")
_NOT_IN_NAME = re.compile(r"[\x00-\x20+\s\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A public key that signs notes.

    Attributes:
        name: the key's name; for a register its origin.
        key_id: 4 bytes.
        public_key: 32 bytes.
        algorithm: the signature type, always ED25519 here.
    """

    name: str
    key_id: bytes
    public_key: bytes
    algorithm: int = ED25519


@dataclass(frozen=True, slots=True)
class SignatureLine:
    """One signature line; ``raw`` is the line without its newline. Untrusted until verified."""

    name: str
    key_id: bytes
    signature: bytes
    raw: str


@dataclass(frozen=True, slots=True)
class SignedNote:
    """A note taken apart, not verified; ``text`` ends with a newline."""

    text: str
    lines: tuple[SignatureLine, ...]


def vkey(name: str, public_key: bytes) -> str:
    """The text form of an Ed25519 verifier key, ``NAME+KEYID+BASE64``. ``parse_vkey`` reads it back.

    Raises:
        ValueError: the name can't be a key's, or the key isn't 32 bytes.
    """
    _check_name(name)
    if len(public_key) != _PUBLIC_KEY:
        raise ValueError("an Ed25519 key has 32 bytes")
    encoded = base64.b64encode(bytes([ED25519]) + public_key).decode()
    return f"{name}+{_key_id(name, public_key).hex()}+{encoded}"


def parse_vkey(text: str) -> VerifierKey:
    """A verifier key from its text form.

    Raises:
        ValueError: not a verifier key, not Ed25519, or a key id that isn't its own.
    """
    parts = text.split("+", 2)
    if len(parts) != 3:
        raise ValueError("not a verifier key of the form NAME+KEYID+BASE64")
    name, key_id, data = (
        _check_name(parts[0]),
        strict.hexadecimal(parts[1], _KEY_ID),
        strict.base64_bytes(parts[2]),
    )
    if data[:1] != bytes([ED25519]) or len(data) != 1 + _PUBLIC_KEY:
        raise ValueError("not an Ed25519 verifier key")
    if _key_id(name, data[1:]) != key_id:
        raise ValueError("the key id isn't that of the name and the key")
    return VerifierKey(name=name, key_id=key_id, public_key=data[1:])


def check_text(text: str) -> str:
    """The text unchanged, if it can be a note's.

    Raises:
        ValueError: no final newline, a control character, or a lone surrogate.
    """
    if not text.endswith("\n") or _NOT_PLAIN.search(text):
        raise ValueError("not lines of plain text")
    return text


def write(text: str, key: str, signature: bytes) -> bytes:
    """The bytes of a note with one signature line.

    Args:
        text: the text that was signed, with its final newline.
        key: the text form of the verifier key.
        signature: of the key over the text in UTF-8.

    Raises:
        ValueError: the text can't be a note's, or ``key`` isn't a verifier key.
    """
    of = parse_vkey(key)
    line = f"{_DASH}{of.name} {base64.b64encode(of.key_id + signature).decode()}"
    return f"{check_text(text)}\n{line}\n".encode()


def parse(data: bytes) -> SignedNote:
    """Take a note apart; ``text + newline + each raw line with its newline`` is the note again.

    Raises:
        NoteMalformed: not UTF-8, a control character, too long, no or more than MAX_LINES signature lines, or
            a line that isn't one, whoever's it is.
    """
    try:
        return _parse(data)
    except ValueError as error:
        raise NoteMalformed(str(error)) from error


def verify(note: SignedNote, key: VerifierKey) -> SignatureLine:
    """The one signature line of that key, verified; other keys' are ignored (FORMAT.md, "Checkpoint").

    Raises:
        NoteUnsigned: no line has the key's name and id.
        NoteBroken: two lines have, or the signature doesn't fit.
    """
    lines = [line for line in note.lines if (line.name, line.key_id) == (key.name, key.key_id)]
    if not lines:
        raise NoteUnsigned("no signature line of that key")
    if len(lines) > 1:
        raise NoteBroken("two signature lines of one key")
    if not ed25519.is_signed(key.public_key, lines[0].signature, note.text.encode()):
        raise NoteBroken("the signature doesn't fit the text")
    return lines[0]


def committed(note: SignedNote, line: SignatureLine) -> bytes:
    """The note as the register committed it: text, empty line, its one line. This is what a token stamps."""
    return f"{note.text}\n{line.raw}\n".encode()


def _key_id(name: str, public_key: bytes) -> bytes:
    return hashlib.sha256(name.encode() + b"\n" + bytes([ED25519]) + public_key).digest()[:_KEY_ID]


def _check_name(name: str) -> str:
    if not name or _NOT_IN_NAME.search(name):
        raise ValueError("not a key name")
    return name


def _parse(data: bytes) -> SignedNote:
    if len(data) > MAX_SIZE:
        raise ValueError(f"longer than {MAX_SIZE} bytes")
    whole = check_text(data.decode("utf-8"))
    text, blank, signatures = whole.rpartition("\n\n")
    lines = signatures.removesuffix("\n").split("\n")
    if not blank or not signatures or len(lines) > MAX_LINES:
        raise ValueError(f"not text, an empty line and 1 to {MAX_LINES} signature lines")
    return SignedNote(text=f"{text}\n", lines=tuple(_line(line) for line in lines))


def _line(raw: str) -> SignatureLine:
    name, space, encoded = raw.removeprefix(_DASH).partition(" ")
    if not raw.startswith(_DASH) or not space:
        raise ValueError("a signature line that isn't one")
    data = strict.base64_bytes(encoded)
    if len(data) <= _KEY_ID:
        raise ValueError("a signature line without a signature")
    return SignatureLine(name=_check_name(name), key_id=data[:_KEY_ID], signature=data[_KEY_ID:], raw=raw)
