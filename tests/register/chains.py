"""Small registers for the tests: entries that link, and the tree over them."""

import hashlib
from collections.abc import Iterable, Sequence

from hypothesis import HealthCheck, settings

from evidence.model.sealed import SealedFacts
from evidence.register import entries
from evidence.register.checkpoint import Checkpoint
from evidence.register.merkle import Frontier, NodeReader, leaf_hash, root

ORIGIN = "register.test/one"
KEY = f"{ORIGIN}+00000000+AQ{'A' * 42}"
TIME = "2026-03-02T18:40:02.517Z"


LAWS = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""For every law: the first example pays for reading a schema or Unicode's tables."""


def digest(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


def archive_id(number: int) -> str:
    return f"00000000-0000-4000-8000-{number:012d}"


def facts(number: int) -> SealedFacts:
    parts = (digest(f"{part} {number}") for part in ("identity", "signature", "certificate", "custody"))
    return SealedFacts(archive_id(number), *parts)


def sealed(chain: Sequence[bytes], number: int, origin: str = ORIGIN) -> bytes:
    return entries.make_sealed(origin, len(chain), TIME, leaf_hash(chain[-1]), facts(number))


def void(chain: Sequence[bytes], voided: int, reason: str = "withdrawn") -> bytes:
    return entries.make_void(
        ORIGIN,
        len(chain),
        TIME,
        leaf_hash(chain[-1]),
        voided,
        leaf_hash(chain[voided]),
        reason,
        digest("custody"),
    )


def register(count: int) -> list[bytes]:
    """A whole register: ``created``, then ``sealed`` entries whose archives are numbered as they stand."""
    chain = [entries.make_created(ORIGIN, KEY, TIME)]
    while len(chain) < count:
        chain.append(sealed(chain, len(chain)))
    return chain


def head(chain: Iterable[bytes]) -> Checkpoint:
    leaves = [leaf_hash(entry) for entry in chain]
    return Checkpoint(ORIGIN, len(leaves), root(leaves))


def nodes_of(leaves: Sequence[bytes]) -> NodeReader:
    """The stored nodes of a tree over these leaves: KeyError for one that isn't complete."""
    frontier = Frontier()
    stored = {(level, index): value for leaf in leaves for level, index, value in frontier.append(leaf)}
    return lambda level, index: stored[level, index]
