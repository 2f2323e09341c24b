"""Heads of the register that were seen elsewhere, against the register as it is."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from evidence.crypto import notes
from evidence.errors import StoreError
from evidence.findings import Finding
from evidence.operations.audit.findings import Found
from evidence.operations.audit.places import open_regular
from evidence.register import checkpoint
from evidence.vault import heads as standings
from evidence.vault import places
from evidence.vault.heads import Standing
from evidence.vault.vault import Vault


@dataclass(frozen=True, slots=True)
class Seen:
    """A head that was kept outside the database.

    Attributes:
        where: which one, for people.
        note: the signed checkpoint; None where there is none.
        problem: why it can't be read; empty when it can, or isn't there.
        must_be: whether every vault has it.
        is_second: whether it is a second place, which may lag behind and is told of when it is written.
    """

    where: str
    note: bytes | None
    problem: str = ""
    must_be: bool = True
    is_second: bool = False


def read(vault: Vault) -> list[Seen]:
    """The heads outside the database; read them *before* the register.

    A head is written after its entries are committed, so one that was read first is never ahead.
    """
    layout = vault.layout
    files = [
        _kept(path, path.relative_to(layout.root).as_posix(), _own)
        for path in (layout.head, layout.head_copy)
    ]
    where = str(vault.user.state)
    try:
        remembered = Seen(where, vault.user.head(vault.store.register_key()), must_be=False)
    except OSError as error:
        remembered = Seen(where, None, error.strerror or str(error), must_be=False)
    seconds = [
        _kept(path, str(path), places.read, is_second=True) for path in vault.config.second_place.files
    ]
    return [*files, remembered, *_cosigned(vault), *seconds]


def _kept(path: Path, where: str, read_: Callable[[Path], bytes], *, is_second: bool = False) -> Seen:
    """The head in a file."""
    try:
        return Seen(where, read_(path), must_be=not is_second, is_second=is_second)
    except FileNotFoundError:
        return Seen(where, None, must_be=not is_second, is_second=is_second)
    except OSError as error:
        return Seen(where, None, error.strerror or str(error), is_second=is_second)


def _own(path: Path) -> bytes:
    """A head of the vault's own, where a link is as good as none."""
    with open_regular(path) as file:
        return file.read(checkpoint.MAX_NOTE + 1)


def _cosigned(vault: Vault) -> list[Seen]:
    """The newest checkpoint that a witness cosigned."""
    where = vault.layout.cosigned.relative_to(vault.layout.root).as_posix()
    try:
        return [Seen(where, note, must_be=False) for note in places.cosigned(vault.layout)[-1:]]
    except OSError as error:
        return [Seen(where, None, error.strerror or str(error), must_be=False)]


def check(vault: Vault, seen: Sequence[Seen], size: int, *, whole: bool, found: Found) -> int:
    """Compare heads with a register of that size.

    Args:
        vault: with the register.
        seen: what `read` gave.
        size: entries of the register when it was checked.
        whole: whether the register itself is in order; else only its length is compared.
        found: takes findings; a rollback is told once, with the largest head.

    Returns:
        the size of the largest head, or ``size``.
    """
    ahead: tuple[int, str] = (size, "")
    for head in seen:
        if head.note is None or (head.is_second and not head.note):
            _tell_unread(head, found)
            continue
        try:
            signed = signed_checkpoint(head.note, vault.store.register_key())
        except ValueError as error:
            _tell_foreign(vault, head, str(error), found)
            continue
        if signed.size > size:
            ahead = max(ahead, (signed.size, head.where))
        elif whole and not _is_root(vault, signed):
            found(Finding("REGISTER_FORK", head.where, {"seen": signed.size}))
    if ahead[1]:
        found(Finding("REGISTER_ROLLBACK", ahead[1], {"size": size, "seen": ahead[0]}))
    return ahead[0]


def _tell_unread(head: Seen, found: Found) -> None:
    """A second place that can't be read is told by whoever writes it; an empty one a crash may have left."""
    if head.is_second:
        return
    if head.problem:
        found(Finding("REGISTER_HEAD_UNREADABLE", head.where, {"reason": head.problem}))
    elif head.must_be:
        found(Finding("REGISTER_HEAD_MISSING", head.where))


def _tell_foreign(vault: Vault, head: Seen, reason: str, found: Found) -> None:
    """A second place may still hold a checkpoint of the register that this one continues."""
    compared = standings.compare(vault.store, head.note or b"") if head.is_second else None
    if compared is not None and compared.standing is Standing.FORMER:
        return
    if compared is not None and compared.standing is Standing.FORMER_AHEAD:
        found(Finding("REGISTER_FORMER_AHEAD", head.where, {"seen": compared.size}))
        return
    found(Finding("REGISTER_HEAD_UNREADABLE", head.where, {"reason": reason}))


def signed_checkpoint(note: bytes, register_key: str) -> checkpoint.Checkpoint:
    """The checkpoint in a note that the register's key signed.

    Raises:
        ValueError: it isn't one.
    """
    parsed = notes.parse(note)
    key = notes.parse_vkey(register_key)
    notes.verify(parsed, key)
    found = checkpoint.parse(parsed.text)
    if found.origin != key.name:
        raise ValueError("a checkpoint of another register")
    return found


def _is_root(vault: Vault, signed: checkpoint.Checkpoint) -> bool:
    try:
        return vault.store.root(signed.size) == signed.root
    except StoreError:
        return False
