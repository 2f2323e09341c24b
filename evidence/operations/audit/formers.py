"""Registers that this one continues: their archives stay what they are (FORMAT.md, "Continued register").

Which registers these are say ``continues`` entries: this register's own, and those of retired registers that
are still kept, as far as they stand under a head that the key signed which a later register cites.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from typing import Self

from evidence.errors import EvidenceError
from evidence.findings import Finding
from evidence.model.entry import Entry
from evidence.register import merkle
from evidence.register.checkpoint import Checkpoint
from evidence.vault.durable import Durable
from evidence.vault.heads import authentic
from evidence.vault.reading import RegisterReader
from evidence.vault.vault import Vault
from evidence.verify.results import Verification

_KEPT = "register-retired-*/register/register.sqlite"


@dataclass(frozen=True, slots=True)
class Former:
    """A register that ended.

    Attributes:
        origin: its name.
        key: its verifier key.
        size: entries of its newest head that was seen when it ended.
        root: that head's root.
        kept: its databases in the vault; there may be none, or several of a chain that was damaged.
    """

    origin: str
    key: str
    size: int
    root: bytes
    kept: tuple[RegisterReader, ...] = ()

    def wrong(self, shown: str, size: int, root: bytes) -> Finding | None:
        """What is wrong with a head that this register's key signed.

        Args:
            shown: where it stands.
            size: the entries it covers.
            root: its root.

        Returns:
            None where it is one of the register as it ended.
        """
        if any(_contradicts(store, self, size, root) for store in self.kept):
            return Finding("ARCHIVE_FORK", shown, {"size": size})
        if size > self.size or (size == self.size and root != self.root):
            return Finding("REGISTER_FORMER_AHEAD", shown, {"seen": size})
        return None


@dataclass(frozen=True, slots=True)
class Formers:
    """All registers that one continues, the last one first."""

    each: tuple[Former, ...] = ()

    @classmethod
    def of(cls, own: RegisterReader, kept: list[RegisterReader]) -> Self:
        """Follow the ``continues`` entries."""
        found: list[Former] = []
        cited = own.continued()
        while cited is not None and not any(one.key == cited.text("former_key") for one in found):
            former = _former(cited, kept)
            found.append(former)
            proven = (_proven(store, former) for store in former.kept)
            cited = next(filter(None, proven), None)
        return cls(tuple(found))

    def owner(self, found: Verification) -> Former | None:
        """The register in which an archive's place was verified; None where it is none of these."""
        if found.contents is None or found.position is None:
            return None
        manifest = found.contents.manifest
        named = (manifest.origin, manifest.register_key)
        return next((one for one in self.each if (one.origin, one.key) == named), None)


@contextmanager
def opened(vault: Vault, own: RegisterReader, durable: Durable) -> Iterator[Formers]:
    """The former registers of a vault, as long as they are looked at.

    Args:
        vault: an open vault.
        own: its register.
        durable: as for every register store.
    """
    with ExitStack() as stack:
        kept: list[RegisterReader] = []
        for path in sorted(vault.layout.root.glob(_KEPT)) if own.continued() else ():
            with suppress(EvidenceError, OSError):  # a register that ended may be damaged
                kept.append(RegisterReader(path, durable))
                stack.callback(kept[-1].close)
        yield Formers.of(own, kept)


def _former(cited: Entry, kept: list[RegisterReader]) -> Former:
    key, origin = cited.text("former_key"), cited.text("former_origin")
    stores = tuple(store for store in kept if _is_of(store, key, origin))
    return Former(origin, key, cited.fields["former_size"], bytes.fromhex(cited.text("former_root")), stores)


def _is_of(store: RegisterReader, key: str, origin: str) -> bool:
    try:
        return (store.register_key(), store.origin()) == (key, origin)
    except EvidenceError:
        return False


def _proven(store: RegisterReader, former: Former) -> Entry | None:
    """The ``continues`` entry of a kept register, where it stands under a head that its key signed."""
    with suppress(EvidenceError, ValueError):
        entry, head = store.continued(), _signed(store.checkpoint(), former)
        if entry is not None and head is not None:
            leaf, path = merkle.leaf_hash(store.entry(1)), merkle.inclusion_proof(1, head.size, store.node)
            if merkle.verify_inclusion(leaf, 1, head.size, path, head.root):
                return entry
    return None


def _contradicts(store: RegisterReader, former: Former, size: int, root: bytes) -> bool:
    """Whether the register's key signed another head of that size; rows that are damaged prove nothing."""
    with suppress(EvidenceError, OverflowError):
        head = _signed(store.note(size), former)
        return head is not None and head.size == size and head.root != root
    return False


def _signed(note: bytes, former: Former) -> Checkpoint | None:
    return authentic(note, former.key, former.origin)
