"""The catalogue of this area: complete in both languages, and nothing missing that the code asks for."""

import json
import re
import string
from pathlib import Path
from typing import Any

import evidence.cli
from evidence.cli.program import SECTIONS
from evidence.errors import ExitCode

MESSAGES = Path(evidence.cli.__file__).parents[1] / "messages"
ENGLISH: dict[str, Any] = json.loads((MESSAGES / "en" / "cli.json").read_text(encoding="utf-8"))
UKRAINIAN: dict[str, Any] = json.loads((MESSAGES / "uk" / "cli.json").read_text(encoding="utf-8"))
UNTRANSLATED = {"metavar_exhibit", "metavar_fingerprint", "metavar_notice"}


def forms(text: str | dict[str, str]) -> list[str]:
    return [text] if isinstance(text, str) else list(text.values())


def fields(text: str) -> set[str]:
    return {name for _literal, name, _spec, _conversion in string.Formatter().parse(text) if name}


def test_both_languages_have_the_same_messages() -> None:
    assert ENGLISH.keys() == UKRAINIAN.keys()


def test_a_message_takes_the_same_values_in_both_languages() -> None:
    for key, english in ENGLISH.items():
        texts = forms(english) + forms(UKRAINIAN[key])
        assert len({frozenset(fields(text)) for text in texts}) == 1, key


def test_every_plural_form_is_there() -> None:
    for key, english in ENGLISH.items():
        if isinstance(english, dict):
            assert english.keys() == {"one", "other"}, key
            assert UKRAINIAN[key].keys() == {"one", "few", "many"}, key


def test_every_word_is_translated() -> None:
    for key in ENGLISH.keys() - UNTRANSLATED:
        words = re.sub(r"\{\w+\}", "", forms(ENGLISH[key])[0])
        if re.search("[a-z]", words):
            assert all(re.search("[Ѐ-ӿ]", text) for text in forms(UKRAINIAN[key])), key


def test_english_needs_no_more_than_ascii() -> None:
    assert all(text.isascii() for value in ENGLISH.values() for text in forms(value))


def test_every_message_the_code_asks_for_exists() -> None:
    asked = set()
    for source in Path(evidence.cli.__file__).parent.glob("*.py"):
        asked |= set(re.findall(r'"cli\.([A-Za-z_0-9]+)"', source.read_text(encoding="utf-8")))
    asked.discard("py")  # the launcher of a checkout
    for code in ExitCode:
        asked.add(f"exit_{code.name}")
    for section, commands in SECTIONS.items():
        asked.add(f"section_{section}")
        asked |= {f"{name}_{what}" for name in commands for what in ("help", "short")}
    assert asked - ENGLISH.keys() == set()
