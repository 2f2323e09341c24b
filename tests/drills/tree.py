"""RFC 6962's tree, written down from the RFC for the checker alone; quick enough for some thousand leaves."""

import hashlib
from collections.abc import Sequence


def leaf(data: bytes) -> bytes:
    """Section 2.1: the hash of a leaf."""
    return hashlib.sha256(b"\x00" + data).digest()


def root(leaves: Sequence[bytes]) -> bytes:
    """Section 2.1: MTH over leaf hashes."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return hashlib.sha256(b"\x01" + root(leaves[:split]) + root(leaves[split:])).digest()


def is_included(place: int, size: int, leaf_hash: bytes, path: Sequence[bytes], head: bytes) -> bool:
    """RFC 9162, section 2.1.3.2: whether the audit path leads from the leaf to the head."""
    if place >= size:
        return False
    first, last, found = place, size - 1, leaf_hash
    for step in path:
        if last == 0:
            return False
        if first % 2 or first == last:
            found = hashlib.sha256(b"\x01" + step + found).digest()
            while first % 2 == 0 and first:
                first, last = first // 2, last // 2
        else:
            found = hashlib.sha256(b"\x01" + found + step).digest()
        first, last = first // 2, last // 2
    return last == 0 and found == head
