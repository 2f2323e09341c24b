"""The pages' own text functions say what Python's say."""

import sys
import unicodedata
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any

import pytest

from evidence import messages, text
from tests.browser.node import ran

SOURCES = "import { visible } from './src/visible'; import { Speech } from './src/texts';"


def test_hidden_characters_are_written_out_as_in_python() -> None:
    """Every character that Python's own table knows; later versions of Unicode assign some of the rest."""
    known = [chr(c) for c in range(sys.maxunicode + 1) if unicodedata.category(chr(c)) != "Cn"]
    kept = [c for c in known if not 0xD800 <= ord(c) < 0xE000]
    shown = ran(f"{SOURCES} export default (all) => [...all].map(visible)", "".join(kept))
    assert [c for c, there in zip(kept, shown, strict=True) if text.visible(c) != there] == []
    assert sum(there != c for c, there in zip(kept, shown, strict=True)) > 1000


def test_half_a_character_and_unassigned_ones_are_written_out() -> None:
    halves = ["\ud800", "a\udfffb", "\U000e0fff", "\u0378", "x\\y", "one line\nor two", "\u00a0"]
    found = ran(f"{SOURCES} export default (all) => all.map(visible)", halves)
    assert found == [text.visible(half) for half in halves]


@cache
def catalogues() -> dict[str, Any]:
    folder = Path(messages.__file__).parent
    areas = sorted(path.stem for path in (folder / "en").glob("*.json"))
    return {of: {area: messages.catalogue(of, area) for area in areas} for of in messages.LANGUAGES}


def every_message(n: int) -> list[tuple[str, str, dict[str, str | int]]]:
    """Every message of every catalogue, with values that look like placeholders themselves."""
    asked = []
    for language, areas in catalogues().items():
        for area, texts in areas.items():
            for key, template in texts.items():
                values: dict[str, str | int] = {
                    name: "{x} $& $1" for name in fields(template) if name and name != "n"
                }
                asked.append((language, f"{area}.{key}", {**values, "n": n}))
    return asked


def fields(template: str | dict[str, str]) -> set[str]:
    forms = [template] if isinstance(template, str) else template.values()
    return {name for form in forms for _, name, _, _ in Formatter().parse(form) if name}


@pytest.mark.parametrize("n", [0, 1, 2, 5, 11, 12, 21, 22, 111, 112, 121])
def test_every_message_is_said_as_in_python(n: int) -> None:
    asked = every_message(n)
    there = ran(
        f"{SOURCES} export default ([texts, plurals, asked]) => "
        "asked.map(([l, name, v]) => new Speech(l, {texts, plurals}).t(name, v))",
        [catalogues(), {of: messages.plural_rule(of) for of in messages.LANGUAGES}, asked],
    )
    for (language, name, values), said in zip(asked, there, strict=True):
        messages.set_language(language)
        assert said == messages.t(name, **values), name


def test_every_plural_rule_is_pythons() -> None:
    forms = {form: f"{form} {{n}}" for form in ("one", "few", "many", "other")}
    rules = list(messages.PLURAL_RULES)
    there = ran(
        f"{SOURCES} export default ([forms, rules]) => rules.map((rule) => Array.from({{length: 1000}}, (_, n) => "
        "new Speech('xx', {texts: {xx: {a: {b: forms}}}, plurals: {xx: rule}}).t('a.b', {n})))",
        [forms, rules],
    )
    for rule, said in zip(rules, there, strict=True):
        assert said == [f"{messages.PLURAL_RULES[rule](n)} {n}" for n in range(1000)], rule
