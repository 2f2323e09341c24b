"""Words as they are compared: in lower case, with one spelling for what people and programs spell in several.

Ukrainian, Russian and the mixture of both write the same words with і, и, ы, й or ї, with е, є, ё, ьо or йо,
with г or ґ; speech recognition drops soft signs and apostrophes. All of these become one letter or none.
"""

import re
import unicodedata

LONGEST = 40
"""Longest word that is compared, in letters."""

_CUT = 4 * LONGEST
_LETTERS = str.maketrans(
    {
        "ё": "е",
        "є": "е",
        "э": "е",
        "і": "и",
        "ї": "и",
        "й": "и",
        "ы": "и",
        "ґ": "г",
        "ь": None,
        "ъ": None,
        "'": None,
        "’": None,
        "ʼ": None,
        "‘": None,
        "`": None,
        "´": None,
        "′": None,
    }
)
_IO = re.compile("[йь]о")
_LONG_RUN = re.compile(r"(.)\1{3,}")
_MARKS = {"Mn", "Me", "Cf", "Cc", "Co", "Cs"}
_KEPT = {"\u0306", "\u0308"}
"""What makes й of и, ї of і and ё of е."""


def fold(text: str) -> str:
    """A word, or a text of the lexicon, with one spelling for each sound; signs that aren't letters stay."""
    return _IO.sub("е", text).translate(_LETTERS)


def clean(token: str) -> str:
    """A token in lower case, composed, without stress marks, invisible characters and endless repetitions.

    Whatever its length, at most a bounded part of it is looked at: 160 characters after a letter that is
    repeated more than three times in a row stands three times.
    """
    short = _LONG_RUN.sub(r"\1\1\1", token[: _CUT * 8])[:_CUT]
    if short.isascii():
        return short.lower()
    return _LONG_RUN.sub(r"\1\1\1", _composed(short))[:_CUT]


def _composed(text: str) -> str:
    if text.isalpha():
        return text.lower()
    plain = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", text)[:_CUT])
    kept = "".join(c for c in plain if c in _KEPT or unicodedata.category(c) not in _MARKS)
    return unicodedata.normalize("NFC", kept).lower()
