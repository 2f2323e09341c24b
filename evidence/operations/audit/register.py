"""The register itself: every entry, link, leaf, tree node and checkpoint, in one pass.

FORMAT.md, "Register". Memory doesn't grow with the register; what later steps need of its entries goes into
the audit's own store. One damage is one finding: what stands in rows that are altered or missing isn't
counted again as a broken chain, tree or checkpoint.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from evidence.findings import Finding
from evidence.model.entry import Entry
from evidence.operations.audit.findings import Found
from evidence.operations.audit.heads import signed_checkpoint
from evidence.operations.audit.times import Newest
from evidence.register import entries
from evidence.register.chain import ChainScanner, Watch
from evidence.register.merkle import EMPTY_ROOT, Frontier, Node, leaf_hash
from evidence.vault.audit_store import AuditStore
from evidence.vault.reading import RegisterReader


@dataclass(slots=True)
class Walked:
    """What the walk learnt.

    Attributes:
        size: number of entries.
        whole: whether nothing was found.
        newest: claimed times of its newest entries.
        broken: places whose entries are missing or altered.
        signed: size of the largest checkpoint that was seen, in the database or outside.
    """

    size: int = 0
    whole: bool = True
    newest: Newest = field(default_factory=Newest)
    signed: int = 0
    broken: set[int] = field(default_factory=set)

    def lacks(self, sequence: int) -> bool:
        """Whether an entry is missing or altered, or was cut off; which was told."""
        return sequence in self.broken or self.size <= sequence < self.signed


MAX_BROKEN = 10_000
"""Broken places that are remembered one by one."""


def walk(reader: RegisterReader, store: AuditStore, found: Found, progress: Callable[[int], None]) -> Walked:
    """Check the register, inside a snapshot.

    Args:
        reader: the register.
        store: takes the ``sealed`` entries.
        found: takes findings.
        progress: told the bytes of entries that were checked.

    Raises:
        StoreError: the database can't be read.
    """
    walker = _Walker(reader, store)
    for sequence, document, leaf in reader.stored():
        walker.take(sequence, document, leaf)
        progress(len(document))
    findings = walker.finish()
    for finding in findings:
        found(finding)
    for first, second in store.doubled_entries():
        found(Finding("REGISTER_DOUBLE", "", {"sequence": second, "other": first}))
        walker.walked.whole = False
    return walker.walked


def take_void(store: AuditStore, sequence: int, entry: Entry) -> None:
    """Take what a ``void`` entry voids out of force; other entries do nothing."""
    if entry.type == entries.VOID:
        voids = entry.fields["voids"]
        if store.void(voids["sequence"], bytes.fromhex(voids["leaf"]), sequence):
            store.add_void_record(voids["sequence"], bytes.fromhex(entry.text("custody_sha256")))


class _Walker:
    """The state of the walk."""

    def __init__(self, reader: RegisterReader, store: AuditStore) -> None:
        self.walked = Walked()
        self._store = store
        self._key = reader.register_key()
        self._scanner = ChainScanner(Watch())
        self._frontier = Frontier()
        self._rows: list[Finding] = []
        self._tree = _Tree(reader)
        self._heads = _Checkpoints(reader.checkpoints(), self._key)

    def take(self, sequence: int, document: bytes, leaf: bytes) -> None:
        """The next row."""
        expected = self.walked.size
        if sequence != expected:
            self._broken("REGISTER_GAP", range(expected, sequence))
        self.walked.size = sequence + 1
        entry = self._scanner.take(document)
        computed = leaf_hash(document)
        if leaf != computed or entry is None:
            self._broken("REGISTER_ALTERED", range(sequence, sequence + 1))
        self._tree.check(self._frontier.append(computed))
        self._heads.check(self._frontier)
        if entry is not None:
            self._keep(sequence, computed, entry)

    def _broken(self, code: str, places: range) -> None:
        if not any(finding.code == code for finding in self._rows):
            self._rows.append(Finding(code, "", {"sequence": places[0]}))
        room = MAX_BROKEN - len(self.walked.broken)
        self.walked.broken.update(places[: max(room, 0)])

    def _keep(self, sequence: int, leaf: bytes, entry: Entry) -> None:
        is_sealed = entry.type == entries.SEALED
        before = self.walked.newest
        self.walked.newest = Newest(
            before.created or entry.claimed_time,
            entry.claimed_time if is_sealed else before.sealed,
            max(before.latest, entry.claimed_time),
        )
        if is_sealed:
            self._store.add_entry(
                sequence,
                leaf,
                (
                    *(entry.text("archive_id"), entry.text("identity"), entry.claimed_time),
                    bytes.fromhex(entry.text("custody_sha256")),
                ),
            )
        elif entry.type == entries.NOTICE:
            self._store.add_notice(entry.text("notice_id"), bytes.fromhex(entry.text("custody_sha256")))
        else:
            take_void(self._store, sequence, entry)

    def finish(self) -> list[Finding]:
        """The findings of the first kind that there is: rows, chain, tree, checkpoints."""
        chain = self._scanner.facts().problem
        self._tree.finish()
        self._heads.finish(self.walked.size)
        self.walked.signed = self._heads.largest
        found = self._rows
        if not found and chain is not None:
            found = [Finding("REGISTER_CHAIN", "", {"sequence": chain.index, "reason": chain.detail})]
            self.walked.broken |= {chain.index - 1, chain.index}  # either may be the changed one
        if not found and self._heads.largest > self.walked.size:
            found = [self._heads.rollback(self.walked.size)]
        found = found or self._tree.findings or self._heads.findings
        self.walked.whole = not found
        return found


class _Tree:
    """Compares stored tree nodes with computed ones, level by level; keeps the first that differs."""

    def __init__(self, reader: RegisterReader) -> None:
        self._levels = {
            level: reader.nodes_of(level) for level in range(1, min(reader.highest_level(), 62) + 1)
        }
        self.findings: list[Finding] = []

    def check(self, completed: list[Node]) -> None:
        """Compare the nodes that an entry completed; leaves are compared with the rows."""
        for level, position, value in completed[1:]:
            stored = next(self._levels.get(level, iter(())), None)
            if stored != (position, value):
                self._differs(level, position)

    def finish(self) -> None:
        """No node may be left over."""
        for level, nodes in self._levels.items():
            if (extra := next(nodes, None)) is not None:
                self._differs(level, extra[0])

    def _differs(self, level: int, position: int) -> None:
        if not self.findings:
            self.findings.append(Finding("REGISTER_TREE", "", {"level": level, "position": position}))


class _Checkpoints:
    """Compares every checkpoint with the tree at its size; keeps the first that differs."""

    def __init__(self, checkpoints: Iterator[tuple[int, bytes]], key: str) -> None:
        self._checkpoints = checkpoints
        self._key = key
        self._next = next(checkpoints, None)
        self.largest = 0
        self.findings: list[Finding] = []

    def check(self, frontier: Frontier) -> None:
        """Compare the checkpoints of the tree's size and those that were passed over."""
        while self._next is not None and self._next[0] <= frontier.size:
            size, note = self._next
            root = frontier.root() if size == frontier.size else EMPTY_ROOT
            self._compare(size, note, root)
            self._next = next(self._checkpoints, None)

    def finish(self, size: int) -> None:
        """The newest checkpoint covers the whole register."""
        while self._next is not None:
            self.largest = max(self.largest, self._next[0])
            self._next = next(self._checkpoints, None)
        if self.largest < size:
            self._differs(size, "the newest entries stand under no checkpoint")

    def rollback(self, size: int) -> Finding:
        """A checkpoint in the database is larger than the register."""
        return Finding("REGISTER_ROLLBACK", "register.sqlite", {"size": size, "seen": self.largest})

    def _compare(self, size: int, note: bytes, root: bytes) -> None:
        self.largest = max(self.largest, size)
        try:
            signed = signed_checkpoint(note, self._key)
        except ValueError as error:
            self._differs(size, str(error))
            return
        if (signed.size, signed.root) != (size, root):
            self._differs(size, "it isn't the head of these entries")

    def _differs(self, size: int, reason: str) -> None:
        if not self.findings:
            self.findings.append(Finding("REGISTER_CHECKPOINT", "", {"size": size, "reason": reason}))
