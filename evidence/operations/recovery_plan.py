"""What a register lacks, what can be brought back, and whether that is all of it. Nothing is changed.

Entries are taken in their order; each must link to the one before, and the tree over them must have the root
of every signed head that was found anywhere. An entry is *proven* when a signed head covers it: by an
archive's inclusion proof, or because the entries of its source have that head's root. Two proven entries of
one place, or a proven one that doesn't fit a signed head, show a fork, which is never recovered; anything
else that doesn't fit counts as not found.
"""

import copy
import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from evidence.model.entry import Entry
from evidence.operations.recovery_sources import Source
from evidence.register import entries
from evidence.register.checkpoint import Checkpoint
from evidence.register.merkle import Frontier, leaf_hash
from evidence.vault import heads
from evidence.vault.register_store import RegisterStore


@dataclass(frozen=True, slots=True)
class Seen:
    """An authentic head of the register, and where it was seen."""

    head: Checkpoint
    note: bytes
    place: str


@dataclass(frozen=True, slots=True)
class Fork:
    """Two registers were signed with one key.

    Attributes:
        size: they differ within their first entries of that number.
        one, other: where they were seen; visible text.
    """

    size: int
    one: str
    other: str


@dataclass(frozen=True, slots=True)
class Chain:
    """What could be put together.

    Attributes:
        start: entries that the register has and keeps; 0 where it is made anew.
        documents: what follows them, byte for byte.
        notes: signed checkpoints over the register as it then is, by size.
        newest: the newest head that was seen anywhere; None where none was.
        missing: first and last place of each row of entries that were found nowhere.
        fork: two contradicting histories; None where there is one.
    """

    start: int
    documents: list[bytes]
    notes: dict[int, bytes]
    newest: Seen | None
    missing: list[tuple[int, int]] = field(default_factory=list)
    fork: Fork | None = None

    @property
    def size(self) -> int:
        """Entries of the register when the chain is put in."""
        return self.start + len(self.documents)


def seen(sources: Iterable[Source], key: str, origin: str) -> list[Seen]:
    """The authentic heads that sources hold, the smallest first; each root of a size once."""
    found: dict[tuple[int, bytes], Seen] = {}
    for source in sources:
        for note in dict.fromkeys(source.notes):
            head = heads.authentic(note, key, origin)
            if head is not None and head.size > 0:
                found.setdefault((head.size, head.root), Seen(head, note, source.name))
    return sorted(found.values(), key=lambda item: item.head.size)


def assemble(store: RegisterStore | None, own: Source, sources: Sequence[Source], known: list[Seen]) -> Chain:
    """Put together what follows the entries of a sound register, or a whole register where there is none.

    Args:
        store: the register, if it is sound (vault.salvage.is_sound).
        own: what is called the register itself.
        sources: where entries were found, its own too where it isn't sound.
        known: the authentic heads, as ``seen`` gives them.
    """
    start = store.size() if store is not None else 0
    fork = _contradicting(known) or _older_fork(store, own, known, sources)
    newest = known[-1] if known else None
    if fork or newest is None or newest.head.size <= start:
        return Chain(start, [], {}, newest, fork=fork)
    builder = _Builder(store, own.name, [(s, _proven(s, known)) for s in sources], known)
    builder.build(newest.head.size)
    return Chain(start, builder.documents, builder.notes, newest, builder.missing, builder.fork)


def _contradicting(known: Sequence[Seen]) -> Fork | None:
    """The first two heads of one size that have different roots."""
    for before, after in itertools.pairwise(known):
        if before.head.size == after.head.size:
            return Fork(after.head.size, before.place, after.place)
    return None


def _older_fork(
    store: RegisterStore | None, own: Source, known: Sequence[Seen], sources: Sequence[Source]
) -> Fork | None:
    """Where a sound register contradicts a head, or an entry that an archive proves, within its own size."""
    if store is None:
        return None
    for item in known:
        if item.head.size <= store.size() and store.root(item.head.size) != item.head.root:
            return Fork(item.head.size, own.name, item.place)
    for source in sources:
        for place, document in source.entries.items() if source.is_proven else ():
            if place < store.size() and store.leaf(place) != leaf_hash(document):
                return Fork(place + 1, own.name, source.name)
    return None


def _proven(source: Source, known: Sequence[Seen]) -> int:
    """How many entries of a source, from its first on, a signed head covers."""
    roots = {(item.head.size, item.head.root) for item in known}
    frontier, proven = Frontier(), 0
    while frontier.size in source.entries:
        frontier.append(leaf_hash(source.entries[frontier.size]))
        if (frontier.size, frontier.root()) in roots:
            proven = frontier.size
    return proven


class _Builder:
    """Takes entry after entry as long as they are found."""

    def __init__(
        self,
        store: RegisterStore | None,
        own: str,
        sources: Sequence[tuple[Source, int]],
        known: Sequence[Seen],
    ) -> None:
        start = store.size() if store is not None else 0
        self.documents: list[bytes] = []
        self.notes: dict[int, bytes] = {}
        self.missing: list[tuple[int, int]] = []
        self.fork: Fork | None = None
        self._sources = sources
        self._origin = known[-1].head.origin
        self._known = {item.head.size: item for item in known}
        self._frontier = Frontier.at(start, store.node) if store is not None else Frontier()
        self._last = store.leaf(start - 1) if store is not None and start else None
        self._place = own
        self._sound = start

    def build(self, target: int) -> None:
        """Go on until the target size, a gap, or a fork."""
        is_proven = True
        while self._frontier.size < target and self.fork is None:
            found = self._next(is_last_proven=is_proven)
            if found is None:
                break
            document, self._place, is_proven = found
            self._last = leaf_hash(document)
            self._frontier.append(self._last)
            self.documents.append(document)
            if not self._fits_head(is_proven=is_proven):
                break
        if self._sound < target and self.fork is None:
            self._tell_missing(target)

    def _next(self, *, is_last_proven: bool) -> tuple[bytes, str, bool] | None:
        """The next entry, where it was found, and whether it is proven there."""
        place = self._frontier.size
        linking: list[tuple[bytes, str, bool]] = []
        for document, name, is_proven in self._at(place):
            if self._links(document, place):
                linking.append((document, name, is_proven))
            elif is_proven and is_last_proven:
                self.fork = Fork(place + 1, self._place, name)
                return None
        certain = [item for item in linking if item[2]]
        if len({item[0] for item in certain}) > 1:
            other = next(item for item in certain if item[0] != certain[0][0])
            self.fork = Fork(place + 1, certain[0][1], other[1])
            return None
        return certain[0] if certain else self._likely(linking, place)

    def _likely(self, linking: list[tuple[bytes, str, bool]], place: int) -> tuple[bytes, str, bool] | None:
        """Of several entries that nothing proves yet, the one that a head or the entry after it asks for."""
        after = {entry.previous for entry in map(_parsed, (d for d, _, _ in self._at(place + 1))) if entry}
        head = self._known.get(place + 1)

        def weight(item: tuple[bytes, str, bool]) -> tuple[bool, bool]:
            leaf = leaf_hash(item[0])
            return head is not None and self._root_with(leaf) == head.head.root, leaf in after

        return max(linking, key=weight, default=None)

    def _root_with(self, leaf: bytes) -> bytes:
        frontier = copy.deepcopy(self._frontier)
        frontier.append(leaf)
        return frontier.root()

    def _at(self, place: int) -> list[tuple[bytes, str, bool]]:
        """What was found for a place: bytes, where, and whether they are proven."""
        return [
            (source.entries[place], source.name, source.is_proven or place < proven)
            for source, proven in self._sources
            if place in source.entries
        ]

    def _links(self, document: bytes, place: int) -> bool:
        entry = _parsed(document)
        if entry is None:
            return False
        return (entry.origin, entry.sequence, entry.previous) == (self._origin, place, self._last)

    def _fits_head(self, *, is_proven: bool) -> bool:
        """Whether the entries so far have the root of the head of their size, if one was seen."""
        item = self._known.get(self._frontier.size)
        if item is None:
            return True
        if item.head.root == self._frontier.root():
            self.notes[item.head.size] = item.note
            self._sound = item.head.size
            return True
        if is_proven:
            self.fork = Fork(item.head.size, self._place, item.place)
        return False

    def _tell_missing(self, target: int) -> None:
        """Places from the last fitting head on for which nothing that fits was found."""
        got = range(self._sound, self._frontier.size)
        fits = self._known.get(self._frontier.size)
        is_wrong = fits is not None and fits.head.root != self._frontier.root()
        for place in range(self._sound, target):
            is_first = place == self._frontier.size
            has_one = place in got or any(_parsed(document) for document, _, _ in self._at(place))
            if has_one and not is_first and not (is_wrong and place in got):
                continue
            if self.missing and self.missing[-1][1] == place - 1:
                self.missing[-1] = (self.missing[-1][0], place)
            else:
                self.missing.append((place, place))


def _parsed(document: bytes) -> Entry | None:
    try:
        return entries.parse(document)
    except ValueError:
        return None
