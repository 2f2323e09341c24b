"""Ed25519 at its edges (FORMAT.md, "Checkpoint"), against plain arithmetic of RFC 8032."""

import pytest

from evidence.crypto import ed25519
from tests.crypto import edwards

CASES = edwards.cases()


def test_there_are_cases_of_either_kind() -> None:
    assert len(edwards.small_order()) == len(set(edwards.small_order())) == 8
    mixed = [case.is_good for case in CASES if "key with a part" in case.what]
    assert mixed.count(True) > 5
    assert mixed.count(False) > 5


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.what)
def test_a_signature_counts_as_the_format_says(case: edwards.Case) -> None:
    assert ed25519.is_signed(case.key, case.signature, case.message) is case.is_good
