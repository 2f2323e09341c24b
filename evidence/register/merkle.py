"""The register's Merkle tree, as RFC 6962 section 2.1 and RFC 9162 section 2.1 define it.

A *leaf* is the leaf hash of an entry; every hash is 32 bytes of SHA-256. A *node* ``(level, index)`` is the
root of the perfect subtree over the leaves ``index << level`` up to ``(index + 1) << level``, so the leaves
are the nodes of level 0. Hashes are computed from nodes on demand: the incomplete right edge of a tree is
never stored. See FORMAT.md, "Register".
"""

from collections.abc import Callable, Sequence
from typing import Self

from evidence.digests import sha256

HASH_SIZE = 32
EMPTY_ROOT = sha256(b"")
"""The root of the tree without leaves."""

NodeReader = Callable[[int, int], bytes]
"""Gives the hash of the perfect subtree at (level, index); asked only for complete ones."""

Node = tuple[int, int, bytes]
"""Level, index and hash of a perfect subtree."""


def leaf_hash(entry: bytes) -> bytes:
    """The leaf of an entry's bytes: SHA-256(0x00 ‖ entry)."""
    return sha256(b"\x00" + entry)


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash over two subtrees: SHA-256(0x01 ‖ left ‖ right)."""
    return sha256(b"\x01" + left + right)


def root(leaves: Sequence[bytes]) -> bytes:
    """The root of the tree over these leaves (leaf hashes, not entries)."""
    frontier = Frontier()
    for leaf in leaves:
        frontier.append(leaf)
    return frontier.root()


class Frontier:
    """A tree to which leaves are appended, kept as the roots of its perfect subtrees: O(log n) state."""

    def __init__(self) -> None:
        self._size = 0
        self._peaks: list[bytes] = []

    @classmethod
    def at(cls, size: int, node: NodeReader) -> Self:
        """The frontier of a stored tree of that size; reads at most one node a level."""
        frontier = cls()
        frontier._size = size
        frontier._peaks = [node(level, index) for level, index in _perfect(0, size)]
        return frontier

    @property
    def size(self) -> int:
        """The number of leaves."""
        return self._size

    def append(self, leaf: bytes) -> list[Node]:
        """Append a leaf.

        Returns:
            Every node this leaf completes, the leaf itself first, then upwards.
        """
        index = self._size
        self._size = index + 1
        peaks = self._peaks
        completed = [(0, index, leaf)]
        level = 0
        while index & 1:
            leaf = node_hash(peaks.pop(), leaf)
            index >>= 1
            level += 1
            completed.append((level, index, leaf))
        peaks.append(leaf)
        return completed

    def root(self) -> bytes:
        """The root of the tree so far; EMPTY_ROOT without leaves."""
        return _joined(self._peaks)


def _joined(peaks: Sequence[bytes]) -> bytes:
    """The root over perfect subtrees that stand side by side, the largest first."""
    if not peaks:
        return EMPTY_ROOT
    joined = peaks[-1]
    for peak in peaks[-2::-1]:
        joined = node_hash(peak, joined)
    return joined


def _perfect(begin: int, end: int) -> list[tuple[int, int]]:
    """The perfect subtrees (level, index) over leaves begin to end, from the left, the largest first.

    ``begin`` is a multiple of the largest power of two that is at most ``end - begin``.
    """
    found = []
    while begin < end:
        level = (end - begin).bit_length() - 1
        found.append((level, begin >> level))
        begin += 1 << level
    return found


def _subtree(begin: int, end: int, node: NodeReader) -> bytes:
    return _joined([node(level, index) for level, index in _perfect(begin, end)])


def _split(size: int) -> int:
    """The largest power of two smaller than ``size``: where a tree of that size divides."""
    return 1 << ((size - 1).bit_length() - 1)


def inclusion_proof(index: int, size: int, node: NodeReader) -> list[bytes]:
    """The audit path of a leaf in the tree of that size (RFC 6962 section 2.1.1), from its sibling upwards.

    Raises:
        ValueError: the tree has no leaf of that index.
    """
    if not 0 <= index < size:
        raise ValueError("no leaf of that index in a tree of that size")
    path = []
    begin, end = 0, size
    while end - begin > 1:
        middle = begin + _split(end - begin)
        if index < middle:
            path.append(_subtree(middle, end, node))
            end = middle
        else:
            path.append(_subtree(begin, middle, node))
            begin = middle
    return path[::-1]


def consistency_proof(old: int, new: int, node: NodeReader) -> list[bytes]:
    """The proof that the tree of size ``new`` continues the one of size ``old`` (RFC 6962 section 2.1.2).

    Empty when ``old`` is 0 or equals ``new``: then there is nothing to prove.

    Raises:
        ValueError: ``old`` is larger than ``new``, or negative.
    """
    if not 0 <= old <= new:
        raise ValueError("the older tree must not be larger")
    if old in {0, new}:
        return []
    path = []
    begin, end = 0, new
    while old != end:
        middle = begin + _split(end - begin)
        if old <= middle:
            path.append(_subtree(middle, end, node))
            end = middle
        else:
            path.append(_subtree(begin, middle, node))
            begin = middle
    if begin:
        path.append(_subtree(begin, end, node))
    return path[::-1]


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether the proof shows that leaf at that index of the tree of that size and root.

    The algorithm of RFC 9162 section 2.1.3.2. An index outside the tree, a proof of another length than the
    position needs and hashes of another size are refused.
    """
    if not (0 <= index < size and _are_hashes((leaf, root, *proof))):
        return False
    fn, sn, computed = index, size - 1, leaf
    for sibling in proof:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            computed = node_hash(sibling, computed)
            skip = _trailing_zeros(fn)
            fn >>= skip
            sn >>= skip
        else:
            computed = node_hash(computed, sibling)
        fn >>= 1
        sn >>= 1
    return sn == 0 and computed == root


def verify_consistency(
    old_size: int, new_size: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]
) -> bool:
    """Whether the proof shows that the new tree has the old one as its beginning.

    The algorithm of RFC 9162 section 2.1.4.2. Trees of equal size need equal roots and no proof; every tree
    continues the empty one, whose root is EMPTY_ROOT.
    """
    if not (0 <= old_size <= new_size and _are_hashes((old_root, new_root, *proof))):
        return False
    if old_size == new_size:
        return not proof and old_root == new_root and (old_size > 0 or old_root == EMPTY_ROOT)
    if old_size == 0:
        return not proof and old_root == EMPTY_ROOT
    return _continues(old_size, new_size, (old_root, new_root), proof)


def _continues(old_size: int, new_size: int, roots: tuple[bytes, bytes], proof: Sequence[bytes]) -> bool:
    """Steps 2 to 8 of RFC 9162 section 2.1.4.2, for 0 < old_size < new_size."""
    path = list(proof)
    if old_size & (old_size - 1) == 0:
        path.insert(0, roots[0])
    if not path:
        return False
    skip = _trailing_zeros(~(old_size - 1))
    fn, sn = (old_size - 1) >> skip, (new_size - 1) >> skip
    old = new = path[0]
    for sibling in path[1:]:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            old = node_hash(sibling, old)
            new = node_hash(sibling, new)
            skip = _trailing_zeros(fn)
            fn >>= skip
            sn >>= skip
        else:
            new = node_hash(new, sibling)
        fn >>= 1
        sn >>= 1
    return sn == 0 and (old, new) == roots


def _trailing_zeros(number: int) -> int:
    """How often a number can be halved; 0 for the number 0."""
    return (number & -number).bit_length() - 1 if number else 0


def _are_hashes(values: Sequence[bytes]) -> bool:
    return all(len(value) == HASH_SIZE for value in values)
