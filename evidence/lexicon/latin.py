"""Cyrillic words written in Latin letters by their sound."""

from collections.abc import Iterator

from evidence.lexicon.fold import fold

_SEVERAL = {
    "shch": "щ",
    "sch": "щ",
    "zh": "ж",
    "kh": "х",
    "ts": "ц",
    "ch": "ч",
    "sh": "ш",
    "ya": "я",
    "ja": "я",
    "ia": "я",
    "yu": "ю",
    "ju": "ю",
    "iu": "ю",
    "yo": "е",
    "jo": "е",
    "io": "е",
    "ye": "е",
    "je": "е",
    "ie": "е",
}
_ONE = dict(zip("abcdefghijklmnopqrstuvwxyz", "абцдефгхииклмнопкрстувшхиз", strict=True))
_LONGEST = 24


def readings(word: str) -> Iterator[str]:
    """The folded Cyrillic words that a word in small Latin letters can be; two at most."""
    if len(word) > _LONGEST or not (word.isascii() and word.isalpha()):
        return
    first = fold(_by_sound(word, _ONE))
    yield first
    other = fold(_by_sound(word, _ONE | {"c": "с", "h": "г", "w": "в", "x": "кс", "y": "у"}))
    if other != first:
        yield other


def _by_sound(word: str, letters: dict[str, str]) -> str:
    found, at = [], 0
    while at < len(word):
        size = next((size for size in (4, 3, 2) if word[at : at + size] in _SEVERAL), 1)
        piece = word[at : at + size]
        found.append(_SEVERAL[piece] if size > 1 else letters[piece])
        at += size
    return "".join(found)
