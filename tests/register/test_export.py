"""Exports, and what a walk along their entries finds: whole, broken, forked, rolled back, doubled, voided."""

import io
import tracemalloc
from collections.abc import Callable, Iterator
from typing import BinaryIO, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.model.entry import Entry
from evidence.register import chain as chains
from evidence.register import entries, export
from evidence.register.chain import Watch
from evidence.register.checkpoint import MAX_NOTE
from evidence.register.export import ExportMalformed, ExportScan
from evidence.register.merkle import EMPTY_ROOT, Frontier, leaf_hash, root
from tests.register.chains import (
    KEY,
    LAWS,
    ORIGIN,
    TIME,
    archive_id,
    digest,
    facts,
    head,
    register,
    sealed,
    void,
)

NOTE = "the note\n\n— of the checkpoint\n".encode()
WHOLE = register(9)
NOTHING = Watch()


def exported(chain: list[bytes], note: bytes = NOTE) -> bytes:
    out = io.BytesIO()
    export.write(out, chain, note)
    return out.getvalue()


def scanned(chain: list[bytes], watch: Watch = NOTHING) -> chains.ChainFacts:
    return export.scan(io.BytesIO(exported(chain)), watch).chain


def of(number: int) -> Watch:
    """All that is watched for the archive of that number, whose entry stands at that place."""
    return Watch(indexes={number}, archive_ids={archive_id(number)}, identities={facts(number).identity})


def standing(facts_found: chains.ChainFacts, number: int) -> list[int]:
    found = facts_found.standing(archive_id(number), facts(number).identity)
    return [located.index for located in found]


def test_the_form_of_an_export() -> None:
    first, second = WHOLE[:2]
    assert exported([first, second]) == b"evidence-register@v1\n" + first + b"\n" + second + b"\n\n" + NOTE


def test_a_whole_register() -> None:
    found = scanned(WHOLE, Watch(sizes={0, 1, 5, 9, 10}, indexes={0, 3, 9}))
    leaves = [leaf_hash(entry) for entry in WHOLE]
    assert found.problem is None
    assert (found.size, found.root) == (9, root(leaves))
    assert found.roots == {0: EMPTY_ROOT, 1: leaves[0], 5: root(leaves[:5]), 9: root(leaves)}
    assert found.entries == {0: WHOLE[0], 3: WHOLE[3]}
    assert found.created == entries.parse(WHOLE[0])
    assert found.covers(head(WHOLE))
    assert not found.named
    assert not found.voids


@LAWS
@given(st.lists(st.binary(min_size=1, max_size=40).filter(lambda line: b"\n" not in line), max_size=20))
def test_what_is_written_is_read(lines: list[bytes]) -> None:
    data = exported(lines)
    scan = export.scan(io.BytesIO(data), Watch(indexes=set(range(len(lines)))))
    assert scan.checkpoint == NOTE
    assert list(scan.chain.entries.values()) == lines
    assert scan.chain.root == root([leaf_hash(line) for line in lines])
    assert exported(list(scan.chain.entries.values()), scan.checkpoint) == data


def test_an_export_without_entries() -> None:
    found = scanned([], Watch(sizes={0, 1}))
    assert (found.size, found.root, found.roots) == (0, EMPTY_ROOT, {0: EMPTY_ROOT})
    assert found.created is None
    assert found.problem is None


@LAWS
@given(st.lists(st.integers(0, 8), max_size=12))
def test_only_the_same_entries_are_covered(picked: list[int]) -> None:
    chain = [WHOLE[number] for number in picked]
    found = scanned(chain)
    assert found.covers(head(WHOLE)) == (picked == list(range(9)))
    assert (found.problem is None) == (picked == list(range(len(picked))))


def altered(chain: list[bytes]) -> list[bytes]:
    return [*chain[:4], chain[4].replace(b"40:02.517Z", b"40:02.518Z"), *chain[5:]]


def relinked(chain: list[bytes]) -> list[bytes]:
    return [*chain[:4], entries.make_sealed(ORIGIN, 4, TIME, bytes(32), facts(4)), *chain[5:]]


def of_another_register(chain: list[bytes]) -> list[bytes]:
    return [*chain[:4], sealed(chain[:4], 4, "register.test/two")]


def of_a_later_format(chain: list[bytes]) -> list[bytes]:
    return [*chain[:4], chain[4].replace(b'"format":1', b'"format":2'), *chain[5:]]


def not_linked_to_the_first(chain: list[bytes]) -> list[bytes]:
    other = entries.make_created(ORIGIN, KEY, "2026-03-02T00:00:00.000Z")
    return [other, *chain[1:]]


@pytest.mark.parametrize(
    ("change", "index", "code"),
    [
        (lambda chain: [*chain[:4], *chain[5:]], 4, "sequence"),
        (lambda chain: chain[1:], 0, "sequence"),
        (lambda chain: [*chain[:4], chain[5], chain[4], *chain[6:]], 4, "sequence"),
        (lambda chain: [*chain[:5], *chain[4:]], 5, "sequence"),
        (lambda chain: [*chain, chain[0]], 9, "sequence"),
        (lambda chain: [*chain[:4], chain[4] + b" ", *chain[5:]], 4, "canonical"),
        (lambda chain: [*chain[:4], chain[4] + b"\r", *chain[5:]], 4, "canonical"),
        (lambda chain: [b"{}", *chain[1:]], 0, "canonical"),
        (lambda chain: [*chain[:8], b"\xff"], 8, "canonical"),
        (of_a_later_format, 4, "canonical"),
        (altered, 5, "previous"),
        (relinked, 4, "previous"),
        (not_linked_to_the_first, 1, "previous"),
        (of_another_register, 4, "origin"),
    ],
)
def test_the_first_broken_place_is_reported(
    change: Callable[[list[bytes]], list[bytes]], index: int, code: str
) -> None:
    chain = change(WHOLE)
    found = scanned(chain)
    assert found.problem is not None
    assert (found.problem.index, found.problem.code) == (index, code)
    assert found.problem.detail
    assert found.size == len(chain)
    assert found.root == root([leaf_hash(line) for line in chain])
    assert not found.covers(head(WHOLE))


def test_a_register_whose_first_entry_is_gone_has_no_key() -> None:
    assert scanned(WHOLE[1:]).created is None
    assert scanned([b"{}", *WHOLE[1:]]).created is None


def test_an_altered_last_entry_shows_in_the_root_alone() -> None:
    chain = [*WHOLE[:8], WHOLE[8].replace(b"40:02.517Z", b"40:02.518Z")]
    found = scanned(chain)
    assert found.problem is None
    assert not found.covers(head(WHOLE))


def test_a_fork_shows_at_the_size_of_the_checkpoint() -> None:
    fork = register(3)
    while len(fork) < 9:
        fork.append(sealed(fork, 100 + len(fork)))
    found = scanned(fork, Watch(sizes={3, 6}, indexes={2, 5}))
    assert found.problem is None
    assert found.roots[3] == head(WHOLE[:3]).root
    assert found.roots[6] != head(WHOLE[:6]).root
    assert found.entries[2] == WHOLE[2]
    assert found.entries[5] != WHOLE[5]


def test_a_rollback_leaves_the_size_unreached() -> None:
    found = scanned(WHOLE[:4], Watch(sizes={6}, indexes={5}))
    assert found.problem is None
    assert found.size == 4
    assert found.roots == {}
    assert found.entries == {}


def test_an_archive_entered_once() -> None:
    found = scanned(WHOLE, of(5))
    assert [located.data for located in found.named] == [WHOLE[5]]
    assert standing(found, 5) == [5]


@pytest.mark.parametrize("same", ["archive_id", "identity"])
def test_an_archive_entered_twice(same: str) -> None:
    chain = list(WHOLE)
    fields = dict(entries.parse(sealed(chain, 50)).fields)
    fields[same] = archive_id(5) if same == "archive_id" else facts(5).identity.hex()
    chain.append(entries.encode(Entry("sealed", ORIGIN, 9, TIME, leaf_hash(chain[-1]), fields)))
    found = scanned(chain, of(5))
    assert found.problem is None
    assert standing(found, 5) == [5, 9]
    assert standing(found, 4) == []


def test_a_voided_double_stands_once() -> None:
    chain = list(WHOLE)
    chain.append(sealed(chain, 5))
    chain.append(void(chain, 9))
    found = scanned(chain, of(5))
    assert [located.index for located in found.named] == [5, 9]
    assert standing(found, 5) == [5]
    assert found.voids.keys() == {9}


def test_a_voided_archive_and_the_entry_that_voids_it() -> None:
    chain = list(WHOLE)
    chain.append(void(chain, 5, "body_lost"))
    chain.append(void(chain, 4))
    chain.append(void(chain, 5, "withdrawn"))
    found = scanned(chain, of(5))
    assert found.problem is None
    assert found.voids.keys() == {5}
    assert found.voids[5].index == 9
    assert found.voids[5].entry.fields["reason"] == "body_lost"
    assert standing(found, 5) == []
    assert scanned(chain).voids == {}
    assert scanned(chain, Watch(indexes={4})).voids.keys() == {4}


def test_a_void_by_another_leaf_hash_voids_nothing() -> None:
    wrong = entries.make_void(
        ORIGIN, 9, TIME, leaf_hash(WHOLE[8]), 5, leaf_hash(WHOLE[4]), "body_lost", digest("custody")
    )
    found = scanned([*WHOLE, wrong], of(5))
    assert found.voids == {}
    assert found.problem is not None
    assert (found.problem.index, found.problem.code) == (9, "void")


def test_entries_of_later_types_that_name_an_archive_are_kept_and_are_no_doubles() -> None:
    fields = {"archive_id": archive_id(5), "identity": 7}
    later = entries.encode(Entry("verified", ORIGIN, 9, TIME, leaf_hash(WHOLE[8]), fields))
    found = scanned([*WHOLE, later], of(5))
    assert found.problem is None
    assert [(located.index, located.entry.type) for located in found.named] == [
        (5, "sealed"),
        (9, "verified"),
    ]
    assert standing(found, 5) == [5]


def test_every_truncation_is_seen() -> None:
    data = exported(WHOLE[:3])
    for length in range(len(data)):
        try:
            scan = export.scan(io.BytesIO(data[:length]), NOTHING)
        except ExportMalformed:
            assert length <= len(data) - len(NOTE)
        else:
            assert scan.checkpoint == NOTE[: length - len(data)]
            assert scan.chain.covers(head(WHOLE[:3]))


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "first line"),
        (b"evidence-register@v1", "first line"),
        (b"evidence-register@v2\n\n" + NOTE, "first line"),
        (b"evidence-register@v1\r\n\n" + NOTE, "first line"),
        (b"evidence-register@v1 \n\n" + NOTE, "first line"),
        (b"\xef\xbb\xbfevidence-register@v1\n\n" + NOTE, "first line"),
        (b"PK\x03\x04" + bytes(100), "first line"),
        (b"evidence-register@v1\n", "ends before the empty line"),
        (b"evidence-register@v1\n{}\n", "ends before the empty line"),
        (b"evidence-register@v1\n{}\n{}", "ends before the empty line"),
        (b"evidence-register@v1\n{}\n" + b"x" * 4097 + b"\n\n" + NOTE, "longer than 4096"),
        (b"evidence-register@v1\n\n", "a checkpoint that isn't 1 to 65536"),
        (b"evidence-register@v1\n\n" + b"x" * (MAX_NOTE + 1), "a checkpoint that isn't 1 to 65536"),
    ],
)
def test_other_files_are_no_exports(data: bytes, reason: str) -> None:
    with pytest.raises(ExportMalformed, match=reason):
        export.scan(io.BytesIO(data), NOTHING)


def test_the_longest_lines_are_read() -> None:
    data = exported([b"x" * entries.MAX_ENTRY], b"y" * MAX_NOTE)
    scan: ExportScan = export.scan(io.BytesIO(data), NOTHING)
    assert scan.chain.size == 1
    assert scan.checkpoint == b"y" * MAX_NOTE


@pytest.mark.parametrize(
    ("lines", "note"),
    [([b""], NOTE), ([b"a\nb"], NOTE), ([b"x" * 4097], NOTE), ([], b""), ([], b"x" * (MAX_NOTE + 1))],
)
def test_nothing_is_written_that_would_not_be_read(lines: list[bytes], note: bytes) -> None:
    with pytest.raises(ValueError):
        export.write(io.BytesIO(), lines, note)


def test_a_flood_of_entries_for_one_archive_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chains, "MAX_NAMED", 3)
    chain = register(2)
    while len(chain) < 4:
        chain.append(sealed(chain, 1))
    assert len(scanned(chain, of(1)).named) == 3
    chain.append(sealed(chain, 1))
    with pytest.raises(ExportMalformed, match="more than 3"):
        scanned(chain, of(1))


class Endless(io.RawIOBase):
    """An export of that many entries that exists only while it is read."""

    def __init__(self, count: int) -> None:
        super().__init__()
        self._rest = b""
        self._lines = self._made(count)

    @staticmethod
    def _made(count: int) -> Iterator[bytes]:
        yield export.HEADER
        last = WHOLE[0]
        for number in range(1, count + 1):
            yield last + b"\n"
            last = sealed_at(number, last)
        yield b"\n" + NOTE

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        while not self._rest:
            self._rest = next(self._lines, b"")
            if not self._rest:
                return 0
        taken, self._rest = self._rest[: len(buffer)], self._rest[len(buffer) :]
        buffer[: len(taken)] = taken
        return len(taken)


def sealed_at(number: int, last: bytes) -> bytes:
    return entries.make_sealed(ORIGIN, number, TIME, leaf_hash(last), facts(number))


def peak(count: int) -> int:
    source = cast("BinaryIO", io.BufferedReader(Endless(count)))
    tracemalloc.start()
    try:
        found = export.scan(source, of(5)).chain
        used = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert (found.size, found.problem) == (count, None)
    return used


def test_memory_does_not_grow_with_the_register() -> None:
    peak(10)
    assert peak(3000) < peak(300) + 200_000


def test_a_frontier_and_a_scan_agree() -> None:
    frontier = Frontier()
    for entry in WHOLE:
        frontier.append(leaf_hash(entry))
    assert scanned(WHOLE).covers(head(WHOLE))
    assert frontier.root() == scanned(WHOLE).root
