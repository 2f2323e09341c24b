"""Receipts of the spool are entered in the register, all under one checkpoint, each exactly once.

First a receipt is copied into the vault, durable and owned by it, and leaves the spool; then everything in
the vault that the register doesn't know is entered in one transaction. After a crash both are done again:
what was copied is recognised, and what was entered isn't entered again.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from evidence.crypto.keys import RegisterKey
from evidence.digests import sha256
from evidence.messages import t
from evidence.model.receipt import MAX_RECEIPT, Receipt
from evidence.operations.commit import Taken, enter_receipts
from evidence.operations.refused_receipts import Refused, set_aside
from evidence.operations.seams import Seams
from evidence.register import receipts as documents
from evidence.text import visible
from evidence.vault import locks, receipts, spool
from evidence.vault.durable import save
from evidence.vault.regular import read_regular
from evidence.vault.vault import Vault


@dataclass(frozen=True, slots=True)
class Entered:
    """What became of a spool.

    Attributes:
        sequences: places in the register of the receipts that were entered now.
        refused: what was set aside, because it isn't a receipt.
        left: what couldn't be read or taken in, and why; the next run tries again.
    """

    sequences: tuple[int, ...]
    refused: tuple[Refused, ...]
    left: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Unsealed:
    """A receipt whose recording isn't sealed.

    Attributes:
        received_id: its id.
        claimed_time: when it came in, by the host's clock, in the format's form of a time.
        name: the recording's name (evidence.model.names); untrusted.
        is_entered: whether it is in the register.
    """

    received_id: str
    claimed_time: str
    name: str
    is_entered: bool


def are_waiting(vault: Vault) -> bool:
    """Whether there is anything to enter, or to set aside."""
    return any(spool.listing(vault.layout.spool)) or bool(_unentered(vault))


def enter_all(vault: Vault, key: Callable[[], RegisterKey], seams: Seams) -> Entered:
    """Enter every receipt of the spool in the register; what isn't a receipt is set aside.

    Args:
        vault: an open vault.
        key: gives the register's key; called only when there is something to enter.
        seams: clock, randomness and file system.

    Raises:
        StateError: the register was rolled back.
        CryptoError: the key can't be used.
        StoreError, OSError: the disk or the register store failed; nothing is lost.
    """
    with locks.held(vault.layout.receipts_lock):
        vault.check_heads()
        spool.sweep(vault.layout.spool, seams.clock().timestamp(), seams.durable)
        taking = _Taking(vault, seams)
        for path in spool.listing(vault.layout.spool):
            taking.take(path)
        waiting = taking.waiting()
        places = enter_receipts(vault, key(), waiting, seams.clock) if waiting else []
    return Entered(tuple(places), tuple(taking.refused), tuple(taking.left))


def complaints(found: Entered) -> Iterator[tuple[str, str]]:
    """What a person should look at: a sentence and a hint for each, in the user's language."""
    for refused in found.refused:
        values = {
            "name": visible(refused.name),
            "reason": refused.reason,
            "folder": visible(str(refused.folder)),
        }
        yield t("receive.refused", **values), t("receive.refused_hint")
    for name, reason in found.left:
        yield t("receive.left", name=visible(name), reason=visible(reason)), t("receive.left_hint")


class _Taking:
    """Takes receipts out of the spool, one by one. The caller holds the lock for receipts."""

    def __init__(self, vault: Vault, seams: Seams) -> None:
        self._vault = vault
        self._durable = seams.durable
        self._seams = seams
        self.refused: list[Refused] = []
        self.left: list[tuple[str, str]] = []

    def take(self, path: Path) -> None:
        """Copy one receipt into the vault, then remove it from the spool.

        Raises:
            StoreError, OSError: the vault can't be written.
        """
        try:
            data = read_regular(path, MAX_RECEIPT)
            receipt = _checked(data, path.name)
            self._refuse_double(receipt, data)
        except ValueError as error:
            self._set_aside(path, str(error))
            return
        except OSError as error:
            self._leave(path, error)
            return
        target = receipts.path_of(self._vault, receipt.received_id)
        if not target.exists() and not receipts.is_entered(self._vault.store, receipt.received_id):
            if not target.parent.is_dir():
                self._durable.make_directory(target.parent)
            save(self._durable, target, data)
        self._durable.remove(path)

    def waiting(self) -> list[Taken]:
        """What is to be entered: everything in the vault that the register doesn't know."""
        found = []
        for received_id in _unentered(self._vault):
            path = receipts.path_of(self._vault, received_id)
            try:
                data = read_regular(path, MAX_RECEIPT)
                receipt = _checked(data, path.name)
            except ValueError as error:
                self.left.append((path.name, str(error)))
            else:
                found.append(Taken(received_id, receipt.size, sha256(data)))
        return found

    def _refuse_double(self, receipt: Receipt, data: bytes) -> None:
        """Refuse another receipt under an id that is known: whoever can write to the spool may try that."""
        known = receipts.document(self._vault, receipt.received_id)
        if known is None and receipts.is_entered(self._vault.store, receipt.received_id):
            raise ValueError("a receipt of this id is in the register")
        if known not in {None, data}:
            raise ValueError("another receipt of this id was taken in before")

    def _set_aside(self, path: Path, reason: str) -> None:
        try:
            self.refused.append(set_aside(self._vault, path, reason, self._seams))
        except (FileNotFoundError, PermissionError) as error:
            self._leave(path, error)

    def _leave(self, path: Path, error: OSError) -> None:
        if not isinstance(error, FileNotFoundError):  # which its owner took away
            self.left.append((path.name, error.strerror or str(error)))


def unsealed_receipts(vault: Vault) -> list[Unsealed]:
    """The receipts whose recordings aren't sealed, in the register or still in the spool, oldest first.

    What can't be read is left out; `enter_all` tells of it.
    """
    waiting = receipts.waiting(vault.store)
    paths = [(receipts.path_of(vault, received_id), True) for received_id in waiting]
    paths += [(receipts.path_of(vault, received_id), False) for received_id in _unentered(vault)]
    paths += [(path, False) for path in spool.listing(vault.layout.spool)]
    found = []
    for path, is_entered in paths:
        try:
            receipt = _checked(read_regular(path, MAX_RECEIPT), path.name)
        except (OSError, ValueError):
            continue
        found.append(Unsealed(receipt.received_id, receipt.claimed_time, receipt.name, is_entered))
    return sorted(found, key=lambda receipt: (receipt.claimed_time, receipt.received_id))


def _checked(data: bytes, name: str) -> Receipt:
    receipt = documents.parse(data)
    if receipt.received_id != spool.received_id(name):
        raise ValueError("its id isn't the one in its file's name")
    return receipt


def _unentered(vault: Vault) -> list[str]:
    """The ids of receipts that were taken in and aren't in the register."""
    known = receipts.entered(vault.store)
    lying = (spool.received_id(path.name) for path in spool.listing(vault.layout.received))
    return [received_id for received_id in lying if received_id and received_id not in known]
