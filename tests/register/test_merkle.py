"""The tree against RFC 6962: published answers, the RFC's definitions over pymerkle, and its laws."""

from collections.abc import Callable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pymerkle import InmemoryTree

from evidence.register import merkle
from tests.register.chains import LAWS, nodes_of

# The leaf set of the certificate-transparency project's reference tests, and its published hashes.
INPUTS = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
NODE = {
    (0, 0): "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    (0, 1): "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
    (0, 4): "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    (0, 6): "b08693ec2e721597130641e8211e7eedccb4c26413963eee6c1e2ed16ffb1a5f",
    (1, 0): "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    (1, 1): "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
    (1, 2): "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
    (1, 3): "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
    (2, 0): "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    (2, 1): "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
}
MOST = 64
ENTRIES = [f"entry {number}".encode() for number in range(MOST)]
LEAVES = [merkle.leaf_hash(entry) for entry in ENTRIES]
NODES = nodes_of(LEAVES)
TREE_ROOTS = [merkle.root(LEAVES[:size]) for size in range(MOST + 1)]


def known(*positions: tuple[int, int]) -> list[bytes]:
    return [bytes.fromhex(NODE[position]) for position in positions]


def complete_only(size: int) -> merkle.NodeReader:
    """The nodes of the tree of that size; one that isn't complete in it must not be asked for."""

    def read(level: int, index: int) -> bytes:
        assert (index + 1) << level <= size
        return NODES(level, index)

    return read


def flipped(data: bytes, bit: int) -> bytes:
    changed = bytearray(data)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


@pytest.fixture(scope="module")
def oracle() -> Callable[[int, int], bytes]:
    """Pymerkle's root over the leaves from begin to end: the MTH of RFC 6962 section 2.1."""
    tree = InmemoryTree()
    tree.append_entries(ENTRIES)

    def mth(begin: int, end: int) -> bytes:
        value: bytes = tree._get_root(begin, end)
        return value

    return mth


@pytest.mark.parametrize("size", range(9))
def test_published_roots(size: int) -> None:
    leaves = [merkle.leaf_hash(data) for data in INPUTS[:size]]
    assert merkle.root(leaves).hex() == ROOTS[size]


@pytest.mark.parametrize(
    ("index", "size", "path"),
    [
        (0, 1, known()),
        (0, 8, known((0, 1), (1, 1), (2, 1))),
        (5, 8, known((0, 4), (1, 3), (2, 0))),
        (2, 3, known((1, 0))),
        (1, 5, known((0, 0), (1, 1), (0, 4))),
    ],
)
def test_published_inclusion_proofs(index: int, size: int, path: list[bytes]) -> None:
    leaves = [merkle.leaf_hash(data) for data in INPUTS]
    assert merkle.inclusion_proof(index, size, nodes_of(leaves)) == path
    assert merkle.verify_inclusion(leaves[index], index, size, path, bytes.fromhex(ROOTS[size]))


@pytest.mark.parametrize(
    ("old", "new", "path"),
    [
        (1, 1, known()),
        (1, 8, known((0, 1), (1, 1), (2, 1))),
        (6, 8, known((1, 2), (1, 3), (2, 0))),
        (2, 5, known((1, 1), (0, 4))),
        (6, 7, known((1, 2), (0, 6), (2, 0))),
    ],
)
def test_published_consistency_proofs(old: int, new: int, path: list[bytes]) -> None:
    leaves = [merkle.leaf_hash(data) for data in INPUTS]
    roots = (bytes.fromhex(ROOTS[old]), bytes.fromhex(ROOTS[new]))
    assert merkle.consistency_proof(old, new, nodes_of(leaves)) == path
    assert merkle.verify_consistency(old, new, *roots, path)


def test_roots_as_pymerkle(oracle: Callable[[int, int], bytes]) -> None:
    assert [oracle(0, size) for size in range(MOST + 1)] == TREE_ROOTS


def test_frontier_completes_the_nodes_of_pymerkle(oracle: Callable[[int, int], bytes]) -> None:
    frontier = merkle.Frontier()
    completed = [node for leaf in LEAVES for node in frontier.append(leaf)]
    assert len(completed) == 2 * MOST - 1
    for level, index, value in completed:
        assert value == oracle(index << level, (index + 1) << level)


def test_inclusion_proofs_as_pymerkle() -> None:
    tree = InmemoryTree()
    tree.append_entries(ENTRIES)
    for size in range(1, MOST + 1):
        for index in range(size):
            path = tree.prove_inclusion(index + 1, size).path
            assert merkle.inclusion_proof(index, size, complete_only(size)) == path[1:]


def test_consistency_proofs_as_the_rfc_defines_them(oracle: Callable[[int, int], bytes]) -> None:
    """RFC 6962 section 2.1.2 literally, over pymerkle's hashes (its own proofs have another form)."""

    def subproof(old: int, begin: int, end: int, *, known_root: bool) -> list[bytes]:
        if old == end - begin:
            return [] if known_root else [oracle(begin, end)]
        k = 1
        while 2 * k < end - begin:
            k *= 2
        if old <= k:
            path = subproof(old, begin, begin + k, known_root=known_root)
            return [*path, oracle(begin + k, end)]
        return [*subproof(old - k, begin + k, end, known_root=False), oracle(begin, begin + k)]

    for new in range(1, MOST + 1):
        for old in range(1, new + 1):
            expected = subproof(old, 0, new, known_root=True)
            assert merkle.consistency_proof(old, new, complete_only(new)) == expected


def test_every_inclusion_proof_verifies_and_no_changed_one() -> None:
    for size in range(1, MOST + 1):
        tree_root = TREE_ROOTS[size]
        for index in range(size):
            leaf = LEAVES[index]
            path = merkle.inclusion_proof(index, size, NODES)
            assert merkle.verify_inclusion(leaf, index, size, path, tree_root)
            for wrong in damaged(path, bit=(7 * index + size) % 256):
                assert not merkle.verify_inclusion(leaf, index, size, wrong, tree_root)
            for other in range(MOST):
                assert other == index or not merkle.verify_inclusion(leaf, other, size, path, tree_root)
                assert other == size or not merkle.verify_inclusion(
                    leaf, index, other, path, TREE_ROOTS[other]
                )


def test_every_consistency_proof_verifies_and_no_changed_one() -> None:
    for new in range(1, MOST + 1):
        for old in range(1, new):
            roots = (TREE_ROOTS[old], TREE_ROOTS[new])
            path = merkle.consistency_proof(old, new, NODES)
            assert merkle.verify_consistency(old, new, *roots, path)
            assert not merkle.verify_consistency(old, new, *roots[::-1], path)
            for wrong in damaged(path, bit=(7 * old + new) % 256):
                assert not merkle.verify_consistency(old, new, *roots, wrong)
            for other in range(MOST + 1):
                assert other == old or not merkle.verify_consistency(
                    other, new, TREE_ROOTS[other], TREE_ROOTS[new], path
                )


def damaged(path: Sequence[bytes], bit: int) -> list[list[bytes]]:
    """Every proof of another length, and with one bit of one hash flipped."""
    found = [[*path, bytes(32)], [bytes(32), *path], [*path, b""]]
    if path:
        found += [
            list(path[1:]),
            list(path[:-1]),
            [*path[:-1], path[-1][:-1]],
            [*path[:-1], path[-1] + b"\0"],
        ]
    for number, value in enumerate(path):
        found.append([*path[:number], flipped(value, bit), *path[number + 1 :]])
    return found


@LAWS
@given(data=st.data(), size=st.integers(1, MOST))
def test_no_bit_of_a_proof_can_be_flipped(data: st.DataObject, size: int) -> None:
    index = data.draw(st.integers(0, size - 1))
    path = merkle.inclusion_proof(index, size, NODES)
    values = [LEAVES[index], TREE_ROOTS[size], *path]
    place = data.draw(st.integers(0, len(values) - 1))
    values[place] = flipped(values[place], data.draw(st.integers(0, 255)))
    leaf, tree_root, *changed = values
    assert not merkle.verify_inclusion(leaf, index, size, changed, tree_root)


@LAWS
@given(data=st.data(), new=st.integers(2, MOST))
def test_no_bit_of_a_consistency_proof_can_be_flipped(data: st.DataObject, new: int) -> None:
    old = data.draw(st.integers(1, new - 1))
    values = [TREE_ROOTS[old], TREE_ROOTS[new], *merkle.consistency_proof(old, new, NODES)]
    place = data.draw(st.integers(0, len(values) - 1))
    values[place] = flipped(values[place], data.draw(st.integers(0, 255)))
    old_root, new_root, *changed = values
    assert not merkle.verify_consistency(old, new, old_root, new_root, changed)


def uniform(level: int, _index: int) -> bytes:
    """The nodes of an endless tree of equal leaves."""
    value = LEAVES[0]
    for _ in range(level):
        value = merkle.node_hash(value, value)
    return value


@LAWS
@given(data=st.data(), new=st.integers(1, 2**53 - 1))
def test_proofs_of_any_size(data: st.DataObject, new: int) -> None:
    index = data.draw(st.integers(0, new - 1))
    old = data.draw(st.integers(1, new))
    old_root = merkle.Frontier.at(old, uniform).root()
    new_root = merkle.Frontier.at(new, uniform).root()
    inclusion = merkle.inclusion_proof(index, new, uniform)
    consistency = merkle.consistency_proof(old, new, uniform)
    assert merkle.verify_inclusion(LEAVES[0], index, new, inclusion, new_root)
    assert merkle.verify_consistency(old, new, old_root, new_root, consistency)
    assert len(inclusion) <= (new - 1).bit_length()
    assert len(consistency) <= (new - 1).bit_length() + 1


def test_a_proof_against_ten_million_entries_is_short() -> None:
    longest = max(len(merkle.inclusion_proof(i, 10**7, uniform)) for i in (0, 10**7 // 3, 10**7 - 1))
    assert 32 * longest <= 1000


@pytest.mark.parametrize("size", [0, 1, 2, 3, 7, 8, 63])
def test_a_stored_tree_goes_on(size: int) -> None:
    frontier = merkle.Frontier.at(size, complete_only(size))
    assert (frontier.size, frontier.root()) == (size, TREE_ROOTS[size])
    for leaf in LEAVES[size:]:
        frontier.append(leaf)
    assert (frontier.size, frontier.root()) == (MOST, TREE_ROOTS[MOST])


def test_the_empty_tree() -> None:
    assert merkle.Frontier().root() == merkle.root([]) == merkle.EMPTY_ROOT
    assert merkle.consistency_proof(0, 5, NODES) == []
    assert not merkle.verify_inclusion(LEAVES[0], 0, 0, [], merkle.EMPTY_ROOT)
    assert merkle.verify_consistency(0, 0, merkle.EMPTY_ROOT, merkle.EMPTY_ROOT, [])
    assert merkle.verify_consistency(0, 5, merkle.EMPTY_ROOT, TREE_ROOTS[5], [])
    assert not merkle.verify_consistency(0, 5, merkle.EMPTY_ROOT, TREE_ROOTS[5], [LEAVES[0]])
    assert not merkle.verify_consistency(0, 5, LEAVES[0], TREE_ROOTS[5], [])
    assert not merkle.verify_consistency(0, 0, LEAVES[0], LEAVES[0], [])
    assert not merkle.verify_consistency(0, 0, merkle.EMPTY_ROOT, LEAVES[0], [])


def test_a_tree_of_one_leaf() -> None:
    leaf = LEAVES[0]
    assert merkle.root([leaf]) == leaf
    assert merkle.inclusion_proof(0, 1, NODES) == []
    assert merkle.verify_inclusion(leaf, 0, 1, [], leaf)
    assert not merkle.verify_inclusion(leaf, 0, 1, [leaf], leaf)
    assert not merkle.verify_inclusion(leaf, 1, 1, [], leaf)


def test_equal_sizes_need_equal_roots_and_no_proof() -> None:
    assert merkle.verify_consistency(5, 5, TREE_ROOTS[5], TREE_ROOTS[5], [])
    assert not merkle.verify_consistency(5, 5, TREE_ROOTS[5], TREE_ROOTS[6], [])
    assert not merkle.verify_consistency(5, 5, TREE_ROOTS[5], TREE_ROOTS[5], [LEAVES[0]])


def test_a_larger_tree_never_comes_before_a_smaller_one() -> None:
    path = merkle.consistency_proof(3, 5, NODES)
    assert not merkle.verify_consistency(5, 3, TREE_ROOTS[5], TREE_ROOTS[3], path)
    assert not merkle.verify_consistency(-1, 3, TREE_ROOTS[3], TREE_ROOTS[3], [])


@pytest.mark.parametrize(("index", "size"), [(0, 0), (1, 1), (5, 5), (9, 5), (-1, 5)])
def test_no_proof_of_a_leaf_outside(index: int, size: int) -> None:
    with pytest.raises(ValueError, match="no leaf of that index"):
        merkle.inclusion_proof(index, size, NODES)
    assert not merkle.verify_inclusion(LEAVES[index], index, size, [], TREE_ROOTS[size])


@pytest.mark.parametrize(("old", "new"), [(-1, 3), (4, 3), (1, 0)])
def test_no_consistency_proof_backwards(old: int, new: int) -> None:
    with pytest.raises(ValueError, match="must not be larger"):
        merkle.consistency_proof(old, new, NODES)


def test_hashes_of_another_size_are_refused() -> None:
    leaf = LEAVES[0]
    assert not merkle.verify_inclusion(leaf[:31], 0, 1, [], leaf[:31])
    assert not merkle.verify_consistency(1, 1, leaf + b"\0", leaf + b"\0", [])
