"""How long an entry may be, and how entries are linked."""

import pytest

from evidence.register import entries
from evidence.register.merkle import leaf_hash
from tests.register.chains import register
from tests.register.test_entries import LATER, written


def test_an_entry_has_at_most_4096_bytes() -> None:
    def sized(size: int) -> bytes:
        empty = written({**LATER, "note": ""})
        return written({**LATER, "note": "x" * (size - len(empty))})

    assert len(sized(4096)) == 4096
    assert entries.parse(sized(4096)).type == "countersigned"
    with pytest.raises(ValueError, match="longer than 4096"):
        entries.parse(sized(4097))


def test_a_chain_is_made_of_leaf_hashes() -> None:
    chain = register(5)
    assert [entries.parse(entry).previous for entry in chain[1:]] == [
        leaf_hash(entry) for entry in chain[:-1]
    ]
