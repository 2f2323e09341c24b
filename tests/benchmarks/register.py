"""The register: appending to its tree, and proofs out of a large one."""

import sqlite3
import time
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path

from evidence.register import merkle
from evidence.register.merkle import Frontier
from evidence.register.proof import Proof, encode
from evidence.vault.durable import Durable
from evidence.vault.register_store import RegisterStore
from tests.benchmarks.measure import Bench, Row

_ENTRY = b"." * 580
"""As long as an entry of an archive."""
_PIECE = 100_000
_PROOFS = 200


def rows(bench: Bench) -> Iterator[Row]:
    """A million leaves in memory; then proofs against ten million in SQLite, as sealing makes them."""
    yield _appends(bench.amount(1_000_000, 10_000))
    yield from _proofs(bench.work / "register.sqlite", bench.amount(10_000_000, 20_000))


def _appends(count: int) -> Row:
    frontier, before = Frontier(), time.process_time()
    for place in range(count):
        frontier.append(merkle.leaf_hash(b"%d%b" % (place, _ENTRY)))
    spent = time.process_time() - before
    return Row(
        f"register, {count} appends, hash-only, CPU", spent, 4, "s", f"{spent / count * 1e6:.2f} us each"
    )


def _proofs(path: Path, count: int) -> Iterator[Row]:
    begin = time.process_time()
    _fill(path, count)
    built = time.process_time() - begin
    note = b"o\n1\n\n\xe2\x80\x94 o AAAAAA==\n"
    store = RegisterStore(path, Durable())
    try:
        head = store.root(count)
        step, longest, before = max(1, count // _PROOFS), 0, time.process_time()
        places = range(0, count, step)
        for place in places:
            proof = merkle.inclusion_proof(place, count, store.node)
            longest = max(longest, len(encode(Proof(place, tuple(proof), note))) - len(note))
        spent = (time.process_time() - before) / len(places)
        assert merkle.verify_inclusion(store.leaf(place), place, count, proof, head)
    finally:
        store.close()
    detail = f"{path.stat().st_size / 1e9:.2f} GB without the entries' bytes; filled in {built:.0f} s CPU"
    yield Row(f"register, proof against {count} entries, CPU", spent * 1000, 5, "ms", detail)
    yield Row(f"register, proof against {count} entries, text", longest, 1024, "bytes", "without the head")
    path.unlink()


def _fill(path: Path, count: int) -> None:
    """A register store with so many leaves; its entries are empty."""
    store = RegisterStore.create(path, Durable())
    store.close()
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.execute("PRAGMA synchronous = OFF")
        frontier = Frontier()
        for begin in range(0, count, _PIECE):
            database.execute("BEGIN")
            added = list(_nodes(frontier, range(begin, min(begin + _PIECE, count))))
            leaves = ((place, b"", leaf) for level, place, leaf in added if level == 0)
            database.executemany("INSERT INTO entries VALUES (?, ?, ?)", leaves)
            database.executemany("INSERT INTO nodes VALUES (?, ?, ?)", (node for node in added if node[0]))
            database.execute("COMMIT")


def _nodes(frontier: Frontier, places: Iterable[int]) -> Iterator[merkle.Node]:
    for place in places:
        yield from frontier.append(merkle.leaf_hash(place.to_bytes(8, "big")))
