"""Tables of a vault that mean harm to whoever reads them."""

import pytest

from evidence.errors import FormatError
from evidence.lexicon.lexicon import load

HEADER = "entry\tclass\tseverity\tforms"


def table(*rows: str) -> list[tuple[str, bytes]]:
    return [("own.tsv", "\n".join([HEADER, *rows]).encode())]


@pytest.mark.parametrize("deep", [40, 3000])
def test_sets_that_hold_sets_without_end_are_refused(deep: int) -> None:
    chain = [f"s{n}\twords\t\t{{s{n + 1}}}" for n in range(deep)]
    with pytest.raises(FormatError) as caught:
        load(table(*chain, f"s{deep}\twords\t\tслово", "знайди\tinsult\t2\t{s0}"))
    assert "own.tsv" in caught.value.message


def test_a_few_sets_in_sets_are_read() -> None:
    chain = [f"s{n}\twords\t\t{{s{n + 1}}}" for n in range(8)]
    lexicon = load(table(*chain, "s8\twords\t\tбарабулька", "знайди\tinsult\t2\t{s0}"))
    assert [hit.entry for hit in lexicon.find(["ти", "барабулька"])] == ["знайди"]
