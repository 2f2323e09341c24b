"""visible: nothing that can move a cursor, turn the direction or hide gets through; nothing is lost."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence import text
from evidence.digests import groups


@given(st.text())
def test_visible_is_printable_and_can_be_read_back(given_text: str) -> None:
    shown = text.visible(given_text)
    assert all(
        c == " " or (c.isprintable() and unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Zl", "Zp"})
        for c in shown
    )
    back = re.sub(r"\\\\|\\u\{([0-9a-f]+)\}", lambda m: chr(int(m[1], 16)) if m[1] else "\\", shown)
    assert back == given_text


@pytest.mark.parametrize(
    "character", ["\x1b", "\x07", "\n", "\r", "\t", "\u202e", "\u2066", "\u200b", "\ufeff", "\x7f", "\x9b"]
)
def test_dangerous_characters_become_escapes(character: str) -> None:
    assert text.visible(f"a{character}b") == f"a\\u{{{ord(character):x}}}b"


def test_people_can_still_read_it() -> None:
    assert text.visible("Їжак [red] & <b>") == "Їжак [red] & <b>"


def test_groups_of_four() -> None:
    assert groups("0123456789ab") == "0123 4567 89ab"
