"""Messages in the user's language; codes, names of commands and documents stay untranslated.

A message is named ``area.name``; its text stands in ``LANGUAGE/area.json`` beside this file. A text is a
``str.format`` template, or an object of plural forms chosen by the parameter ``n``: ``one, other`` in
English, ``one, few, many`` in Ukrainian (CLDR, whole numbers).

The program speaks LANGUAGES. Reports can be had in further languages, each of which is one file
``LANGUAGE.json`` beside this one: an object of areas, with the name of its plural rule (PLURAL_RULES) as
``"plurals"``. What it lacks is said in English.
"""

import json
import pkgutil
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

LANGUAGES = ("en", "uk")

_VALUE = re.compile(r"\{(\w+)")


def _two(n: int) -> str:
    return "one" if n == 1 else "other"


def _three(n: int) -> str:
    if n % 10 == 1 and n % 100 != 11:
        return "one"
    return "few" if 2 <= n % 10 <= 4 and not 12 <= n % 100 <= 14 else "many"


def _polish(n: int) -> str:
    return "one" if n == 1 else "few" if 2 <= n % 10 <= 4 and not 12 <= n % 100 <= 14 else "many"


def _zero_too(n: int) -> str:
    return "one" if n in {0, 1} else "other"


def _single(n: int) -> str:  # noqa: ARG001  the number doesn't matter there
    return "other"


PLURAL_RULES: dict[str, Callable[[int], str]] = {
    "english": _two,
    "french": _zero_too,
    "polish": _polish,
    "ukrainian": _three,
    "none": _single,
}
"""Rules by which plural forms are chosen, by the name that a language's file gives (CLDR, whole numbers)."""

_current = ["en"]


def set_language(language: str) -> None:
    """Choose the language of every later message; unknown ones become English."""
    _current[0] = language if language in LANGUAGES else "en"


def language() -> str:
    """The current language: one of LANGUAGES, or within ``speaking`` one of ``report_languages``."""
    return _current[0]


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Say every message in that language within the block; one of ``report_languages``."""
    before = _current[0]
    _current[0] = language
    try:
        yield
    finally:
        _current[0] = before


def report_languages() -> tuple[str, ...]:
    """The languages that a report can be had in: LANGUAGES, and those with a file of their own."""
    further = sorted(path.stem for path in Path(__file__).parent.glob("*.json"))
    return (*LANGUAGES, *further)


def from_environment(environment: "dict[str, str]") -> str:
    """The language asked for by LC_ALL, LC_MESSAGES or LANG, in POSIX order; English if none is known."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        value = environment.get(name, "")
        if value:
            return value[:2] if value[:2] in LANGUAGES else "en"
    return "en"


@cache
def catalogue(of: str, area: str) -> dict[str, Any]:
    """The messages of an area in a language: name to text, or to its plural forms; nobody changes it."""
    if of not in LANGUAGES:
        english = catalogue("en", area)
        return {**english, **_single_file(of).get(area, {})}
    return _loaded(f"{of}/{area}.json")


@cache
def _single_file(of: str) -> dict[str, Any]:
    return _loaded(f"{of}.json")


def _loaded(name: str) -> dict[str, Any]:
    # not importlib.resources: it takes longer to import than everything else `--help` needs but click
    source = pkgutil.get_data(__name__, name)
    loaded: dict[str, Any] = json.loads(source or b"{}")
    return loaded


def has(name: str, *given: str) -> bool:
    """Whether there is a message of that name that needs no other values than those given.

    Names may end in codes out of an archive, which can say anything: also how another message is called.
    """
    area, _, key = name.partition(".")
    template = catalogue(_current[0], area).get(key)
    if template is None:
        return False
    forms = ["{n}", *template.values()] if isinstance(template, dict) else [template]
    return {name for form in forms for name in _VALUE.findall(form.replace("{{", ""))} <= set(given)


def t(name: str, /, **values: str | int) -> str:
    """The message ``area.name`` in the current language, with its values filled in.

    Values are put in as they are: untrusted text must have gone through ``text.visible`` before it is shown.
    """
    area, _, key = name.partition(".")
    template = catalogue(_current[0], area)[key]
    if isinstance(template, dict):
        template = _form(template, _rule(_current[0]), int(values["n"]))
    return str(template).format(**values)


def plural_rule(of: str) -> str:
    """Name of a language's rule in PLURAL_RULES."""
    return {"en": "english", "uk": "ukrainian"}.get(of) or str(_single_file(of)["plurals"])


def _rule(of: str) -> Callable[[int], str]:
    return PLURAL_RULES[plural_rule(of)]


def _form(forms: dict[str, str], rule: Callable[[int], str], n: int) -> str:
    """The form for a number; by the English rule where the text is English for want of another."""
    return forms.get(rule(n)) or forms[_two(n)]
