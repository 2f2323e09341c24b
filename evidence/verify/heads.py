"""Checkpoints: which of them are this register's."""

from evidence.crypto import notes
from evidence.model.manifest import Manifest
from evidence.register import checkpoint
from evidence.register.checkpoint import Checkpoint


def authenticate(note: notes.SignedNote, manifest: Manifest) -> tuple[Checkpoint, notes.SignatureLine]:
    """The checkpoint of a note that the register named in manifest.json signed, and the line that says so.

    Raises:
        NoteUnsigned: no line of the register's key.
        NoteBroken: a bad line of that key, or a checkpoint of another origin.
        ValueError: the text isn't that of a checkpoint.
    """
    line = notes.verify(note, notes.parse_vkey(manifest.register_key))
    found = checkpoint.parse(note.text)
    if found.origin != manifest.origin:
        raise notes.NoteBroken("a checkpoint of another origin")
    return found, line


def of_note(data: bytes, manifest: Manifest) -> Checkpoint:
    """The checkpoint in a signed note from elsewhere.

    Raises:
        ValueError: it isn't one of this register.
    """
    found, _line = authenticate(notes.parse(data), manifest)
    return found
