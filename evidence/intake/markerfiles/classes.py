"""Classes of markers by the names that people give them, in English, Ukrainian and Russian."""

import re
import unicodedata
from collections.abc import Mapping
from types import MappingProxyType

_LONGEST = 64
_BETWEEN = re.compile(r"[\s_-]+")
_NAMES = {
    "insult": "insult",
    "profanity": "profanity",
    "threat": "threat",
    "discrimination": "discrimination",
    "sexual harassment": "sexual_harassment",
    "malicious call": "malicious_call",
    "other": "other",
    "образа": "insult",
    "лайка": "profanity",
    "погроза": "threat",
    "дискримінація": "discrimination",
    "сексуальне домагання": "sexual_harassment",
    "сексуальні домагання": "sexual_harassment",
    "зловмисний виклик": "malicious_call",
    "зловмисний дзвінок": "malicious_call",
    "інше": "other",
    "оскорбление": "insult",
    "ругань": "profanity",
    "брань": "profanity",
    "угроза": "threat",
    "дискриминация": "discrimination",
    "сексуальное домогательство": "sexual_harassment",
    "сексуальные домогательства": "sexual_harassment",
    "злонамеренный вызов": "malicious_call",
    "злонамеренный звонок": "malicious_call",
    "другое": "other",
    "иное": "other",
}
OwnClasses = Mapping[str, Mapping[str, str]]
"""A vault's own classes (``[marker_class.CODE]`` of evidence.toml): their names by language, by code."""

NONE: OwnClasses = MappingProxyType({})
"""No classes of one's own."""

CODES = tuple(dict.fromkeys(_NAMES.values()))
"""The codes, in the order of schemas/markers.v1.schema.json."""


def classes(text: str, own: OwnClasses = NONE) -> str | None:
    """The code of the class that a text names, by its code or its name in any of the languages.

    Letter case, and whether words stand apart by spaces, hyphens or underscores, don't count.
    """
    said = plain(text)
    for code, names in own.items():
        if said and said in {plain(code), *map(plain, names.values())}:
            return code
    return _NAMES.get(said)


def split(text: str, own: OwnClasses = NONE) -> tuple[str, str]:
    """The class and the words of a label: ``insult: …``, ``образа: …``, or a class alone.

    Returns:
        The code, empty when no class stands at the beginning, and the rest of the text.
    """
    alone = classes(text, own)
    if alone is not None:
        return alone, ""
    before, colon, rest = text.partition(":")
    named = classes(before, own) if colon else None
    return (named, rest.strip()) if named else ("", text)


def plain(text: str) -> str:
    """A name as it is compared: composed, in lower case, its words apart by one space; empty when too long.

    Composing takes time that grows with the square of the length.
    """
    if len(text) > _LONGEST:
        return ""
    return _BETWEEN.sub(" ", unicodedata.normalize("NFC", text).casefold()).strip()
