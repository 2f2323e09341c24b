"""Every catalogue of messages: the same in each language, complete for the code, and nothing left over."""

import ast
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any

import pytest

from evidence import messages
from evidence.cli import explanation
from evidence.verify.rules import RULES

PACKAGE = Path(messages.__file__).parents[1]
FOLDER = PACKAGE / "messages"
AREAS = sorted({path.stem for path in FOLDER.glob("*/*.json")})
PLURALS = {"en": {"one", "other"}, "uk": {"one", "few", "many"}}

Catalogue = dict[str, str | dict[str, str]]


def no_key_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    assert len(dict(pairs)) == len(pairs), pairs
    return dict(pairs)


@cache
def catalogue(language: str, area: str) -> Catalogue:
    text = (FOLDER / language / f"{area}.json").read_text(encoding="utf-8")
    loaded: Catalogue = json.loads(text, object_pairs_hook=no_key_twice)
    return loaded


def forms(message: str | dict[str, str]) -> list[str]:
    return [message] if isinstance(message, str) else list(message.values())


def placeholders(text: str) -> set[str]:
    return {field for _literal, field, _spec, _conversion in Formatter().parse(text) if field is not None}


def names() -> set[str]:
    return {f"{area}.{key}" for area in AREAS for key in catalogue("en", area)}


# What the code asks for


def literals(tree: ast.AST) -> Iterator[str]:
    """Strings written as they are, which f-strings' pieces aren't."""
    pieces = {
        id(piece) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for piece in node.values
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in pieces:
            yield node.value


def pattern(node: ast.expr) -> str:
    """The regular expression of what an expression can be, as far as its text shows."""
    match node:
        case ast.Constant(value=str(text)):
            return re.escape(text)
        case ast.JoinedStr(values=values):
            return "".join(pattern(value) for value in values)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return pattern(left) + pattern(right)
        case _:
            return "[A-Za-z0-9_.]+"


def composed(tree: ast.AST) -> Iterator[str]:
    """Patterns of strings put together from pieces, the first of which names an area."""
    areas = "|".join(AREAS)
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr | ast.BinOp):
            found = pattern(node)
            if re.match(rf"(?:{areas})\\\.", found):
                yield found


def suffixes(tree: ast.AST) -> Iterator[str]:
    """Ends of names whose beginning is a name by itself: ``t(f"{reason}_hint")``."""
    for call in calls(tree):
        match call.args[0]:
            case ast.JoinedStr(values=[ast.FormattedValue(), ast.Constant(value=str(text))]):
                yield text


def calls(tree: ast.AST) -> Iterator[ast.Call]:
    """Calls of ``t``, ``words`` and ``has`` of messages."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args:
            match node.func:
                case ast.Name(id="t" | "words" | "has"):
                    yield node
                case ast.Attribute(value=ast.Name(id="messages" | "console"), attr="t" | "words" | "has"):
                    yield node


@cache
def trees() -> dict[Path, ast.AST]:
    return {path: ast.parse(path.read_text(encoding="utf-8")) for path in sorted(PACKAGE.rglob("*.py"))}


def chosen(node: ast.expr) -> Iterator[str]:
    """The literal names that an argument can be."""
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.IfExp(body=body, orelse=orelse):
            yield from chosen(body)
            yield from chosen(orelse)


def asked() -> Iterator[tuple[Path, str]]:
    for path, tree in trees().items():
        for call in calls(tree):
            for text in chosen(call.args[0]):
                yield path, text


# What the pages ask for: TypeScript names messages in plain strings and in templates, and nowhere else


@cache
def page_strings() -> dict[Path, list[str]]:
    """Strings of the pages' sources that look like names; what a template puts in is any word."""
    areas = "|".join(AREAS)
    string = re.compile(rf'"((?:{areas})\.[A-Za-z0-9_]+)"|`((?:{areas})\.(?:[A-Za-z0-9_]|\$\{{[^}}]*\}})+)`')
    hole = re.compile(r"\$\{[^}]*\}")
    return {
        path: [
            re.escape(plain) or "[A-Za-z0-9_]+".join(map(re.escape, hole.split(template)))
            for plain, template in string.findall(path.read_text(encoding="utf-8"))
        ]
        for path in sorted((PACKAGE / "reporting" / "web" / "src").rglob("*.ts"))
    }


def of_pages() -> set[str]:
    """Every pattern of a name in the pages' sources."""
    return {name for found in page_strings().values() for name in found}


# The languages agree


def test_every_language_has_the_same_catalogues() -> None:
    for language in messages.LANGUAGES:
        assert sorted(path.stem for path in (FOLDER / language).glob("*.json")) == AREAS
    assert {path.parent.name for path in FOLDER.glob("*/*.json")} == set(messages.LANGUAGES)


@pytest.mark.parametrize("area", AREAS)
def test_every_language_has_the_same_messages_with_the_same_values(area: str) -> None:
    english = catalogue("en", area)
    for language in messages.LANGUAGES:
        other = catalogue(language, area)
        assert list(other) == list(english)
        for key, message in english.items():
            assert isinstance(message, dict) == isinstance(other[key], dict), key
            expected = set.union(*(placeholders(text) for text in forms(message)))
            for text in (*forms(message), *forms(other[key])):
                assert placeholders(text) == expected, key


@pytest.mark.parametrize("area", AREAS)
@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_plurals_have_the_forms_of_their_language(language: str, area: str) -> None:
    for key, message in catalogue(language, area).items():
        if isinstance(message, dict):
            assert PLURALS[language] <= set(message) <= PLURALS[language] | {"other"}, key
            assert all("n" in placeholders(text) for text in message.values()), key


@pytest.mark.parametrize("n", [0, 1, 2, 4, 5, 11, 12, 14, 21, 22, 25, 100, 101, 111])
@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_every_number_finds_its_form(language: str, n: int) -> None:
    messages.set_language(language)
    assert messages.t("verify.checks", n=n).startswith(f"{n} ")


@pytest.mark.parametrize("area", AREAS)
@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_texts_are_clean(language: str, area: str) -> None:
    for key, message in catalogue(language, area).items():
        for text in forms(message):
            assert text, key
            assert all(field.isidentifier() for field in placeholders(text)), key
            assert text.replace("\n", "").isprintable(), key
            if language == "uk":
                assert not set(text.lower()) & set("ыэъё"), key


# The code and the catalogues agree


def test_every_message_the_code_asks_for_exists() -> None:
    known, found = names(), list(asked())
    assert len(found) > 200
    assert [(path.name, name) for path, name in found if name not in known] == []


def test_every_composed_name_has_a_message() -> None:
    for path, tree in trees().items():
        for name in composed(tree):
            assert any(re.fullmatch(name, known) for known in names()), (path, name)


def test_every_message_the_pages_ask_for_exists() -> None:
    assert len(of_pages()) > 100
    for path, found in page_strings().items():
        for name in found:
            assert any(re.fullmatch(name, known) for known in names()), (path.name, name)


def test_every_message_is_used() -> None:
    written = {text for tree in trees().values() for text in literals(tree)}
    made = {name for tree in trees().values() for name in composed(tree)}
    used = {n for n in names() if n in written or any(re.fullmatch(name, n) for name in made)}
    used |= {n for n in names() if any(re.fullmatch(name, n) for name in of_pages())}
    for suffix in {suffix for tree in trees().values() for suffix in suffixes(tree)}:
        used |= {n for n in names() if n.endswith(suffix) and n.removesuffix(suffix) in written}
    assert names() - used == set()


def test_what_the_verifier_says_is_what_it_can_find() -> None:
    source = "".join(path.read_text(encoding="utf-8") for path in (PACKAGE / "verify").glob("*.py"))
    noted = set(re.findall(r'\.note\(\s*"([A-Z_]+)"', source))
    codes = {key.removesuffix("_next") for key in catalogue("en", "verify") if key[0].isupper()}
    assert codes == set(RULES) | noted
    assert set(explanation.NOTES) == noted
    assert all(f"{code}_next" in catalogue("en", "verify") for code in codes)


def test_every_code_is_explained_and_no_other() -> None:
    keys = [key for key in catalogue("en", "explain") if key[0].isupper()]
    of_rules = [f"{code}_{part}" for code in RULES for part in ("what", "why")]
    others = [f"{code}_what" for code in (*explanation.NOTES, *explanation.WORDS)]
    assert [key for key in keys if not key.endswith("_next")] == of_rules + others
    assert {key.removesuffix("_next") for key in keys if key.endswith("_next")} <= set(RULES)


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_an_explanation_is_one_or_two_sentences_without_values(language: str) -> None:
    for key, text in catalogue(language, "explain").items():
        assert isinstance(text, str)
        if key[0].isupper():
            assert not placeholders(text), key
            assert text.endswith("."), key
            assert text.count(". ") <= 1, key


@pytest.mark.parametrize("area", AREAS)
def test_a_message_is_there_only_for_those_who_have_its_values(area: str) -> None:
    """Codes out of archives become ends of names: one that is called as another message finds none."""
    for key, message in catalogue("en", area).items():
        wanted = set().union(*map(placeholders, forms(message)), {"n"} if isinstance(message, dict) else ())
        assert messages.has(f"{area}.{key}", *wanted)
        assert all(not messages.has(f"{area}.{key}", *wanted - {each}) for each in wanted)
        assert messages.has(f"{area}.{key}") == (not wanted)
    assert not messages.has(f"{area}.no such message")
