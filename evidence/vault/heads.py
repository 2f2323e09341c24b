"""The register's head outside its database: written before anything leaves, compared on opening."""

from collections.abc import Iterable

from evidence.crypto import notes
from evidence.errors import StateError
from evidence.messages import t
from evidence.register import checkpoint
from evidence.vault.register_store import RegisterStore


def check(store: RegisterStore, seen: Iterable[bytes]) -> None:
    """Compare the register with heads of it that were seen elsewhere.

    Raises:
        StateError: the register is behind one of them, or isn't a continuation of it.
    """
    for note in dict.fromkeys(seen):
        _check(store, note)


def size_of(note: bytes) -> int:
    """The size a checkpoint states; -1 when it can't be read. Nothing is verified."""
    try:
        return checkpoint.parse(notes.parse(note).text).size
    except ValueError:
        return -1


def _check(store: RegisterStore, note: bytes) -> None:
    size = store.size()
    try:
        parsed = notes.parse(note)
        notes.verify(parsed, notes.parse_vkey(store.register_key()))
        head = checkpoint.parse(parsed.text)
    except ValueError as error:
        raise StateError(t("vault.head_unreadable"), t("vault.rollback_hint")) from error
    if head.size > size:
        raise StateError(t("vault.rollback", size=size, seen=head.size), t("vault.rollback_hint"))
    if store.root(head.size) != head.root:
        raise StateError(t("vault.fork", seen=head.size), t("vault.rollback_hint"))
