"""Classes of markers by the names that people give them, in English and Ukrainian."""

import re
import unicodedata

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
}
CODES = tuple(dict.fromkeys(_NAMES.values()))
"""The codes, in the order of schemas/markers.v1.schema.json."""


def classes(text: str) -> str | None:
    """The code of the class that a text names, by its code or its English or Ukrainian name.

    Letter case, and whether words stand apart by spaces, hyphens or underscores, don't count.
    """
    return _NAMES.get(plain(text))


def split(text: str) -> tuple[str, str]:
    """The class and the words of a label: ``insult: …``, ``образа: …``, or a class alone.

    Returns:
        The code, empty when no class stands at the beginning, and the rest of the text.
    """
    alone = classes(text)
    if alone is not None:
        return alone, ""
    before, colon, rest = text.partition(":")
    named = classes(before) if colon else None
    return (named, rest.strip()) if named else ("", text)


def plain(text: str) -> str:
    """A name as it is compared: composed, in lower case, its words apart by one space; empty when too long.

    Composing takes time that grows with the square of the length.
    """
    if len(text) > _LONGEST:
        return ""
    return _BETWEEN.sub(" ", unicodedata.normalize("NFC", text).casefold()).strip()
