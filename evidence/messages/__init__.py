"""Messages in the user's language; codes, names of commands and documents stay untranslated.

A message is named ``area.name``; its text stands in ``LANGUAGE/area.json`` beside this file, so a further
language is one more folder. A text is a ``str.format`` template, or an object of plural forms chosen by the
parameter ``n``: ``one, other`` in English, ``one, few, many`` in Ukrainian (CLDR, whole numbers).
"""

import json
import pkgutil
from functools import cache
from typing import Any

LANGUAGES = ("en", "uk")

_current = ["en"]


def set_language(language: str) -> None:
    """Choose the language of every later message; unknown ones become English."""
    _current[0] = language if language in LANGUAGES else "en"


def language() -> str:
    """The current language, one of LANGUAGES."""
    return _current[0]


def from_environment(environment: "dict[str, str]") -> str:
    """The language asked for by LC_ALL, LC_MESSAGES or LANG, in POSIX order; English if none is known."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        value = environment.get(name, "")
        if value:
            return value[:2] if value[:2] in LANGUAGES else "en"
    return "en"


@cache
def _catalogue(of: str, area: str) -> dict[str, Any]:
    # not importlib.resources: it takes longer to import than everything else `--help` needs but click
    source = pkgutil.get_data(__name__, f"{of}/{area}.json")
    loaded: dict[str, Any] = json.loads(source or b"{}")
    return loaded


def has(name: str) -> bool:
    """Whether there is a message of that name."""
    area, _, key = name.partition(".")
    return key in _catalogue(_current[0], area)


def t(name: str, /, **values: str | int) -> str:
    """The message ``area.name`` in the current language, with its values filled in.

    Values are put in as they are: untrusted text must have gone through ``text.visible`` before it is shown.
    """
    area, _, key = name.partition(".")
    template = _catalogue(_current[0], area)[key]
    if isinstance(template, dict):
        template = template[_plural(_current[0], int(values["n"]))]
    return str(template).format(**values)


def _plural(of: str, n: int) -> str:
    if of == "uk":
        if n % 10 == 1 and n % 100 != 11:
            return "one"
        return "few" if 2 <= n % 10 <= 4 and not 12 <= n % 100 <= 14 else "many"
    return "one" if n == 1 else "other"
