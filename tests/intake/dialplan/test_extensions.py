"""Patterns of extensions, as docs.asterisk.org describes them, and contexts that include others."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.intake.dialplan.extensions import includes, is_match, reached
from evidence.intake.dialplan.settings import items, sections


@pytest.mark.parametrize(
    ("extension", "number", "expected"),
    [
        ("100", "100", True),
        ("100", "1000", False),
        ("X00", "100", False),
        ("_X00", "100", True),
        ("_x00", "100", True),
        ("_NXX", "199", False),
        ("_NXX", "299", True),
        ("_Z", "0", False),
        ("_044.", "044", False),
        ("_044.", "0443900000", True),
        ("_044!", "044", True),
        ("_[13-5]X", "14", True),
        ("_[13-5]X", "24", False),
        ("_[13-5]X", "40", True),
        ("_[5-3]", "3", True),
        ("_[", "[", True),
        ("_044-390-XX-XX", "0443900000", True),
        ("_(a+)+$", "aaaa", False),
        ("_" + "." * 40 + "Z", "0" * 80, True),
        ("_" + "[0-9]" * 15 + "X", "0" * 80, False),
    ],
)
def test_patterns(extension: str, number: str, expected: bool) -> None:  # noqa: FBT001
    assert is_match(extension, number) is expected


@given(st.text(max_size=100), st.text(max_size=100))
def test_any_text_is_a_pattern(pattern: str, number: str) -> None:
    assert is_match(f"_{pattern}", number) in {True, False}


def test_includes() -> None:
    text = "[a]\ninclude => b\ninclude => c,9:00-18:00,*,*,*\n[b]\ninclude => a\ninclude=>d\n"
    found = includes(sections(items("f", text.encode())))
    assert found == {"a": ["b", "c"], "b": ["a", "d"]}
    assert reached("a", found) == ["a", "b", "c", "d"]
    assert reached("x", found) == ["x"]
    assert len(reached("0", {str(n): [str(n + 1)] for n in range(1000)})) == 50
