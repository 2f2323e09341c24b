"""Walking along a register, entry by entry: is the chain whole, and what does it say of some archives.

Facts only, in memory that doesn't grow with the register; what follows from them is decided elsewhere. For
an archive whose entry stands at ``index``, proven against an authentic checkpoint of ``size`` and ``root``:

- ``covers`` says whether a signed checkpoint commits to exactly these entries; where it doesn't, this copy of
  the register is damaged or isn't what was signed, and nothing below can be held against the register;
- ``problem`` is the first place where the chain is broken;
- ``size`` smaller than the archive's: rolled back or cut off, or only older than the archive;
- ``roots[size]`` other than ``root``, or ``entries[index]`` other than the archive's entry: a fork;
- ``index in voids``: the archive was voided, by the entry given there;
- ``standing(archive_id, identity)`` at another index than the archive's: entered twice.

See FORMAT.md, "Register entry" and "Verification".
"""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from evidence.model.entry import Entry
from evidence.register import entries
from evidence.register.checkpoint import Checkpoint
from evidence.register.merkle import EMPTY_ROOT, Frontier, leaf_hash

MAX_NAMED = 10_000
"""Entries naming a watched archive that are kept; a register with more is refused."""


@dataclass(frozen=True, slots=True)
class Watch:
    """What shall be kept; everything else passes by.

    Attributes:
        sizes: tree sizes whose roots are wanted.
        indexes: places whose entries are wanted.
        archive_ids: archives whose entries are wanted, by id …
        identities: … or by identity, 32 bytes each.
    """

    sizes: AbstractSet[int] = frozenset()
    indexes: AbstractSet[int] = frozenset()
    archive_ids: AbstractSet[str] = frozenset()
    identities: AbstractSet[bytes] = frozenset()


@dataclass(frozen=True, slots=True)
class Located:
    """A valid entry and where it stands.

    Attributes:
        index: its place, counted from 0; equals ``entry.sequence`` in a whole chain.
        entry: what it says.
        data: its bytes.
    """

    index: int
    entry: Entry
    data: bytes


@dataclass(frozen=True, slots=True)
class ChainProblem:
    """The first place where the chain is broken.

    Attributes:
        index: the entry's place, counted from 0.
        code: ``canonical`` (not a valid entry in its canonical form), ``origin`` (of another register than
            entry 0), ``sequence`` (gap, double or reorder), ``previous`` (doesn't link to the entry before)
            or ``void`` (voids a watched entry by another leaf hash than it has).
        detail: technical reason, in English; holds untrusted text.
    """

    index: int
    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class ChainFacts:
    """What a register says, as far as it was watched. Nothing in it is authenticated.

    Attributes:
        size: number of entries.
        root: root of the tree over all of them.
        roots: root at each watched size that was reached; larger ones are missing.
        problem: the first broken place; None where the chain is whole.
        created: entry 0 (origin and register key); None where it isn't a valid one.
        entries: the bytes at each watched index that was reached, valid or not.
        named: every valid entry with a watched archive id or identity, of whatever type, in order.
        voids: the first void of each watched or named entry, by the index of the entry it voids.
    """

    size: int
    root: bytes
    roots: Mapping[int, bytes]
    problem: ChainProblem | None
    created: Entry | None
    entries: Mapping[int, bytes]
    named: tuple[Located, ...]
    voids: Mapping[int, Located]

    def covers(self, checkpoint: Checkpoint) -> bool:
        """Whether that checkpoint commits to exactly these entries."""
        return (checkpoint.size, checkpoint.root) == (self.size, self.root)

    def standing(self, archive_id: str, identity: bytes) -> tuple[Located, ...]:
        """The ``sealed`` entries with that id or that identity (both watched) which no entry voids."""
        return tuple(
            located
            for located in self.named
            if located.entry.type == entries.SEALED
            and located.index not in self.voids
            and (
                located.entry.text("archive_id") == archive_id
                or located.entry.text("identity") == identity.hex()
            )
        )


class ChainScanner:
    """Takes the entries of a register in order; ``facts`` says what they were.

    A broken place is no reason to stop: the first is reported, and hashing goes on.
    """

    def __init__(self, watch: Watch) -> None:
        self._watch = watch
        self._identities = {identity.hex() for identity in watch.identities}
        self._frontier = Frontier()
        self._previous: bytes | None = None
        self._first: Entry | None = None
        self._problem: ChainProblem | None = None
        self._roots = {0: EMPTY_ROOT} if 0 in watch.sizes else {}
        self._entries: dict[int, bytes] = {}
        self._named: list[Located] = []
        self._voids: dict[int, Located] = {}
        self._leaves: dict[int, bytes] = {}

    def take(self, data: bytes) -> Entry | None:
        """Go on to the next entry.

        Returns:
            What it says; None where it isn't a valid one.

        Raises:
            ValueError: more than MAX_NAMED entries name what is watched.
        """
        index, leaf = self._frontier.size, leaf_hash(data)
        if index in self._watch.indexes:
            self._entries[index] = data
            self._leaves[index] = leaf
        entry: Entry | None = None
        try:
            entry = entries.parse(data)
        except ValueError as error:
            self._report(index, "canonical", str(error))
        else:
            self._check(index, entry)
            self._keep(Located(index, entry, data), leaf)
        self._previous = leaf
        self._frontier.append(leaf)
        if self._frontier.size in self._watch.sizes:
            self._roots[self._frontier.size] = self._frontier.root()
        return entry

    def facts(self) -> ChainFacts:
        """What the entries taken so far say."""
        return ChainFacts(
            size=self._frontier.size,
            root=self._frontier.root(),
            roots=dict(self._roots),
            problem=self._problem,
            created=self._first if self._first and self._first.type == entries.CREATED else None,
            entries=dict(self._entries),
            named=tuple(self._named),
            voids=dict(self._voids),
        )

    def _report(self, index: int, code: str, detail: str) -> None:
        if self._problem is None:
            self._problem = ChainProblem(index, code, detail)

    def _check(self, index: int, entry: Entry) -> None:
        """Origin, place and link; an invalid entry 0 was reported, so its origin needn't be known."""
        if index == 0:
            self._first = entry
        if self._first and entry.origin != self._first.origin:
            self._report(index, "origin", f"of {entry.origin}, not of {self._first.origin}")
        if entry.sequence != index:
            self._report(index, "sequence", f"says it is entry {entry.sequence}")
        if entry.previous != self._previous:
            self._report(index, "previous", "doesn't link to the entry before it")

    def _keep(self, located: Located, leaf: bytes) -> None:
        """Remember an entry that names what is watched, or voids what was remembered."""
        entry = located.entry
        if entry.text("archive_id") in self._watch.archive_ids or entry.text("identity") in self._identities:
            if len(self._named) == MAX_NAMED:
                raise ValueError(f"more than {MAX_NAMED} entries name what is looked for")
            self._named.append(located)
            self._leaves[located.index] = leaf
        if entry.type == entries.VOID:
            self._void(located)

    def _void(self, located: Located) -> None:
        voids = located.entry.fields["voids"]
        leaf = self._leaves.get(voids["sequence"])
        if leaf is None:
            return
        if leaf.hex() == voids["leaf"]:
            self._voids.setdefault(voids["sequence"], located)
        else:
            self._report(located.index, "void", f"voids entry {voids['sequence']} by another leaf hash")
