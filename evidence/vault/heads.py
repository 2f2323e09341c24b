"""The register's head outside its database: written before anything leaves, compared on opening."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from evidence.crypto import notes
from evidence.errors import StateError
from evidence.messages import t
from evidence.register import checkpoint
from evidence.register.checkpoint import Checkpoint
from evidence.vault.register_store import RegisterStore


class Standing(Enum):
    """How a checkpoint seen elsewhere stands to a register."""

    OLDER = "older"
    SAME = "same"
    AHEAD = "ahead"
    CONTRADICTS = "contradicts"
    FORMER = "former"
    FORMER_AHEAD = "former_ahead"
    FOREIGN = "foreign"


@dataclass(frozen=True, slots=True)
class Comparison:
    """A checkpoint compared with a register.

    Attributes:
        standing: FORMER is one of the register that this one continues, FORMER_AHEAD one that the entry which
            says so doesn't cover; FOREIGN is anything that no key of this register signed.
        size: the size it states; -1 where it is FOREIGN.
    """

    standing: Standing
    size: int = -1


def check(store: RegisterStore, seen: Iterable[bytes]) -> None:
    """Compare the register with heads of it that were seen elsewhere.

    Raises:
        StateError: the register is behind one of them, or isn't a continuation of it.
    """
    for note in dict.fromkeys(seen):
        found = compare(store, note)
        if found.standing in {Standing.FOREIGN, Standing.FORMER, Standing.FORMER_AHEAD}:
            raise StateError(t("vault.head_unreadable"), t("vault.rollback_hint"))
        _refuse(store, found)


def check_kept(store: RegisterStore, note: bytes) -> None:
    """Compare the register with what a place outside the vault holds, whoever wrote it there.

    Raises:
        StateError: the register is behind it or isn't a continuation of it, or the register that this one
            continues went on.
    """
    _refuse(store, compare(store, note))


def compare(store: RegisterStore, note: bytes) -> Comparison:
    """How a signed note from elsewhere stands to the register; only authentic ones can be ahead."""
    head = authentic(note, store.register_key(), store.origin())
    if head is not None:
        return Comparison(_standing(store, head), head.size)
    former = store.continued()
    if former is None:
        return Comparison(Standing.FOREIGN)
    head = authentic(note, former.text("former_key"), former.text("former_origin"))
    if head is None:
        return Comparison(Standing.FOREIGN)
    size, root = former.fields["former_size"], bytes.fromhex(former.text("former_root"))
    covered = head.size < size or (head.size, head.root) == (size, root)
    return Comparison(Standing.FORMER if covered else Standing.FORMER_AHEAD, head.size)


def authentic(note: bytes, vkey: str, origin: str) -> Checkpoint | None:
    """The checkpoint in a note that a register's key signed; None where it isn't one of that register."""
    try:
        parsed = notes.parse(note)
        notes.verify(parsed, notes.parse_vkey(vkey))
        head = checkpoint.parse(parsed.text)
    except ValueError:
        return None
    return head if head.origin == origin else None


def size_of(note: bytes) -> int:
    """The size a checkpoint states; -1 when it can't be read. Nothing is verified."""
    try:
        return checkpoint.parse(notes.parse(note).text).size
    except ValueError:
        return -1


def _standing(store: RegisterStore, head: Checkpoint) -> Standing:
    size = store.size()
    if head.size > size:
        return Standing.AHEAD
    if store.root(head.size) != head.root:
        return Standing.CONTRADICTS
    return Standing.SAME if head.size == size else Standing.OLDER


def _refuse(store: RegisterStore, found: Comparison) -> None:
    if found.standing is Standing.AHEAD:
        message = t("vault.rollback", size=store.size(), seen=found.size)
        raise StateError(message, t("vault.rollback_hint"))
    if found.standing is Standing.CONTRADICTS:
        raise StateError(t("vault.fork", seen=found.size), t("vault.fork_hint"))
    if found.standing is Standing.FORMER_AHEAD:
        raise StateError(t("vault.former_ahead", seen=found.size), t("vault.fork_hint"))
