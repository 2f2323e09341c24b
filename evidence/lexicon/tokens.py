"""Tokens of a cue taken apart into words, and each word looked up, behind a disguise if need be."""

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby, product

from evidence.lexicon import disguise, latin
from evidence.lexicon.disguise import Disguises
from evidence.lexicon.fold import LONGEST, clean, fold
from evidence.lexicon.units import CAPITAL, COMMA, LETTER, QUOTED, STOP, Part
from evidence.lexicon.vocabulary import NOTHING, Vocabulary

_EMPHASIS = "*_"
_MARKED = frozenset(_EMPHASIS)
_AROUND = " \t\r\n.,;:!?…\"'’ʼ‘`«»“”„()[]{}<>–—-/\\|~=+"
_ADDRESS = re.compile(r"://|www\.|[\w.-]@[\w-]+\.\w|^[!-~]*[a-z0-9][.-][!-~]*@|@[!-~]*[a-z]-[a-z]|\w[({]\w")
_BETWEEN = re.compile(r"[_.,;:!?\"«»“”„()\[\]{}<>/\\~=+|]+|…(?![^\W\d_]+$)")
_HYPHENS = re.compile(r"[-‐‑–—.·_]+")
_INSIDE = re.compile(r"\w[!|$]+\w")
_CODE = re.compile(r"-\d+$|^\d+-")
_WRITTEN = frozenset({"masked", "lookalike"})
_DOTS = re.compile(r"([^\W\d_]{1,4})(?:…|\.{2,4})([^\W\d_]{1,4})")
_DOTTED = re.compile(r"[!-~]*[a-z]{2,}[._][a-z]{2,}[!-~]*")
_TRIPLE = re.compile(r"(.)\1\1")
_LETTERS = re.compile(r"[^\W\d_]")
_QUOTES = '«"“„'
_UNQUOTES = '»"”“'
_MOST_PARTS = 64
_MOST_RUNS = 4
_SHORT = 4
_MERGED = frozenset("ие")
"""Two of these in a row are often two letters that are compared as one: ``приймати``."""

Found = tuple[frozenset[int], str]


class Tokens:
    """Takes tokens apart.

    Args:
        vocabulary: the words.
        disguises: finds disguised words.
        counts: whether the elements of a disguised word matter by themselves; common words don't.
    """

    def __init__(self, vocabulary: Vocabulary, disguises: Disguises, counts: Callable[[int], bool]) -> None:
        self._vocabulary = vocabulary
        self._disguises = disguises
        self._counts = counts

    def parts(self, token: str) -> Sequence[Part]:
        """The words of a token; one without words an empty word, if it parts its neighbours."""
        lower = clean(token)
        flags = _flags(token, lower)
        core = lower.strip(_AROUND)
        if core[:1] in _MARKED and core[-1:] == core[:1]:
            core = core.strip(_EMPHASIS).strip(_AROUND)
        if core.isalpha():
            found = self.word(core)
            return (Part(fold(core), *found, flags | (LETTER if len(core) == 1 else 0)),)
        if not _LETTERS.search(core) or len(core) > 4 * LONGEST or _is_address(core):
            return (Part("", NOTHING, "", flags),) if flags & (COMMA | STOP) or core else ()
        return self._several(core, flags)

    def _several(self, core: str, flags: int) -> Sequence[Part]:
        """The words of a token that holds more than letters."""
        whole = self._joined(core) or self._whole(core) or self._left_out(core)
        if whole is not None:
            return (Part(*whole, flags),)
        pieces = [piece for piece in _BETWEEN.split(core) if piece]
        if len(pieces) > 1:
            short = _squeezed(fold("".join(pieces)))
            if min(map(len, pieces)) == 1 and len(pieces) <= _MOST_RUNS:
                found = self._matter(self._vocabulary.elements(short))
                if found:
                    return (Part(short, found, "spaced", flags),)
        parts = [part for piece in pieces[:_MOST_PARTS] for part in self._piece(piece.strip(_AROUND))]
        if any(piece.isdigit() for piece in pieces) or _CODE.search(core):
            parts = [part for part in parts if part.rule not in _WRITTEN]
        last = len(parts) - 1
        return [
            Part(part.word, part.elements, part.rule, flags if at == last else (flags & CAPITAL) | part.flags)
            for at, part in enumerate(parts)
        ]

    def _piece(self, piece: str) -> Iterator[Part]:
        """The words of a piece without punctuation: whole, or what stands between its hyphens."""
        if not piece:
            return
        if "-" in piece:
            joined = self._joined(piece)
            if joined is not None:
                yield Part(*joined, 0)
                return
            for half in piece.split("-"):
                if half:
                    yield Part(fold(half), *self.word(half), 0)
            return
        yield Part(fold(piece), *self.word(piece), COMMA)

    def _joined(self, core: str) -> tuple[str, frozenset[int], str] | None:
        """A word whose letters or syllables were parted; None when it isn't one."""
        pieces = [piece for piece in _HYPHENS.split(core) if piece]
        if len(pieces) < 2 or not all(piece.isalpha() for piece in pieces):
            return None
        are_letters = all(len(piece) == 1 for piece in pieces)
        if not are_letters and min(map(len, pieces)) > _SHORT:
            return None
        joined = "".join(map(fold, pieces))
        for word in (*_spellings(joined), _squeezed(joined)):
            found = self._vocabulary.elements(word)
            if self._matter(found) or (are_letters and found):
                return word, found, "spaced"
        return None

    def _whole(self, core: str) -> tuple[str, frozenset[int], str] | None:
        """A word in which marks of punctuation stand for letters; None when it isn't one."""
        folded = fold(core)
        if not _INSIDE.search(folded) or not disguise.is_readable(folded):
            return None
        found, rule = self._disguised(folded)
        return (folded, found, rule) if found else None

    def _left_out(self, core: str) -> tuple[str, frozenset[int], str] | None:
        """A short word in which dots stand for letters; None when it isn't one."""
        found = _DOTS.fullmatch(core)
        if not found:
            return None
        word = fold(f"{found[1]}*{found[2]}")
        elements, rule = self._disguised(word)
        return (word, elements, rule) if elements else None

    def word(self, word: str) -> Found:
        """The elements of a word in small letters."""
        folded = fold(word)
        known = self._vocabulary.elements(folded)
        if len(folded) > LONGEST * 2 or (known and not _TRIPLE.search(folded)):
            return known, ""
        for short in _shortened(folded):
            found = self._matter(self._vocabulary.elements(short))
            if found:
                return found, "stretched"
        if known:
            return known, ""
        if disguise.is_disguised(folded):
            return self._disguised(folded)
        return self._by_sound(word)

    def _disguised(self, folded: str) -> Found:
        if not _is_mixed(folded):
            return NOTHING, ""
        for word in (folded, *_shortened(folded)):
            found, rule = self._disguises.find(word)
            found = self._matter(found)
            if found:
                return found, rule
        return NOTHING, ""

    def _by_sound(self, word: str) -> Found:
        if not word.isascii():
            return NOTHING, ""
        for reading in latin.readings(word):
            for candidate in (reading, *_shortened(reading)):
                found = self._matter(self._vocabulary.elements(candidate))
                if found:
                    return found, "latin"
        if len(word) >= 3:
            found, rule = self._disguises.find(word)
            found = self._matter(found) if rule == "lookalike" else NOTHING
            return found, rule if found else ""
        return NOTHING, ""

    def _matter(self, found: frozenset[int]) -> frozenset[int]:
        return found if any(map(self._counts, found)) else NOTHING


def _flags(token: str, lower: str) -> int:
    """What the marks around a token say."""
    flags = 0
    if not lower.strip("–—- "):
        return flags
    head, tail = token[:8].lstrip("«\"“„([*'"), lower[-6:].rstrip("»\"”“)]*'")
    if head[:1].isupper() and not token[:40].isupper():
        flags |= CAPITAL
    if tail[-1:] in tuple(".!?…"):
        flags |= STOP
    elif tail[-1:] in tuple(",;:"):
        flags |= COMMA
    inner = token[:80].strip(".,;:!?")
    if len(inner) > 2 and inner[0] in _QUOTES and inner[-1] in _UNQUOTES:
        flags |= QUOTED
    return flags


def _is_address(core: str) -> bool:
    """Whether it looks like an address of mail or a site rather than a word."""
    return bool(_ADDRESS.search(core) or _DOTTED.fullmatch(core))


def _is_mixed(word: str) -> bool:
    """Whether it can be a disguised word rather than a code: a digit doesn't end it."""
    if any(sign.isdigit() for sign in word[-1:]):
        return False
    digits = sum(sign.isdigit() for sign in word)
    return digits * 2 <= len(word)


def _shortened(word: str) -> Iterator[str]:
    """The word with letters that are repeated once or twice each standing once or twice; few ways."""
    runs = [(letter, len(list(group))) for letter, group in groupby(word)]
    long = [run for run in runs if run[1] > (2 if run[0] in _MERGED else 1)]
    if not long or (max(size for _, size in long) == 2 and len(long) > 2):
        return
    if len(long) > _MOST_RUNS:
        yield "".join(letter for letter, _ in runs)
        return
    ways = product(*((1, 2) if run in long else (min(run[1], 2),) for run in runs))
    for sizes in ways:
        short = "".join(letter * size for (letter, _), size in zip(runs, sizes, strict=True))
        if short != word:
            yield short


def _spellings(word: str) -> Iterator[str]:
    """The word, unless a letter stands in it three times in a row, and what it is a longer form of."""
    if not _TRIPLE.search(word):
        yield word
    yield from _shortened(word)


def _squeezed(word: str) -> str:
    """The word without any repeated letters."""
    return "".join(letter for letter, _ in groupby(word))
