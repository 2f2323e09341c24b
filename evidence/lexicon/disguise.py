"""Words behind a disguise: letters that were masked, or replaced by signs that look like them."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from evidence.lexicon.fold import LONGEST
from evidence.lexicon.vocabulary import ANY, NOTHING, Vocabulary

MASKS = frozenset("*#@$€•●×…")
"""Signs that stand for any letter, or for a few."""

_RUNS = frozenset("*#…•●")
"""Masks of which one may stand for several letters, or several for one."""
_MOST_STEPS = 4000
_FEWEST = 2
_FEWEST_SIGNS = 3
_CUT_SHORT = 3
"""Longest beginning of a word that a single mask stands behind, in letters."""


def _table(text: str) -> Mapping[str, str]:
    """What each sign can stand for: ``aа`` means а for a, ``bвб`` в or б for b."""
    return {part[0]: part[1:] for part in text.split()}


_CYRILLIC = _table(
    "aа bвб cс dд eе fф gгд hнх iи jи kк lл mмт nпни oо pрп rгр sс tт uиуц vв wшщв xх yуи zз"
    " 0о 1ил 3зе 4ча 5с 6б 7т 8в @а $с €е !и |и ıи öо äа ëе üуи áа àа éе èе óо íи"
)
_TWINS = _table("aа bв cс eе hн iи kк mм oо pр tт xх yу 0о 3з 4ч 6б @а")
"""The signs by which a word in Latin letters alone is read as a Cyrillic one."""

_LATIN = _table("аa вb сc еe нh иiu кk мm оo рp тt уy хx пn гr 0o 1il 3e 4a 5s 7t @a $s !i |il ıi +t")
_LOOKALIKES = frozenset("0134567@$€!|")


@dataclass(slots=True)
class _Node:
    inner: "dict[str, _Node]" = field(default_factory=dict)
    ends: list[tuple[str, int]] = field(default_factory=list)


class Disguises:
    """Finds the words of a vocabulary that a disguised word can be.

    Args:
        vocabulary: the words.
        is_maskable: whether a masked word may be a form of the element of a number.
        is_coarse: the same for words of which but one letter is left.
    """

    def __init__(
        self, vocabulary: Vocabulary, is_maskable: Callable[[int], bool], is_coarse: Callable[[int], bool]
    ) -> None:
        self._vocabulary = vocabulary
        self._is_maskable = is_maskable
        self._is_coarse = is_coarse
        self._root: _Node | None = None

    def find(self, word: str) -> tuple[frozenset[int], str]:
        """The elements that a folded word with masks or look-alikes can be a form of, and the disguise.

        The rule is ``masked`` or ``lookalike``, or empty when nothing was found. The work is bounded by a
        number of steps.
        """
        if not 1 < len(word) <= LONGEST:
            return NOTHING, ""
        is_mixed = any(map(_is_cyrillic, word))
        for table, is_own in ((_CYRILLIC if is_mixed else _TWINS, _is_cyrillic), (_LATIN, _is_latin)):
            if any(map(is_own, word)) or all(sign in table or sign in MASKS for sign in word):
                classes = [sign if is_own(sign) else table.get(sign, "") for sign in word]
                found, rule = self._read(word, classes)
                if found:
                    return found, rule
        return NOTHING, ""

    def _read(self, word: str, classes: list[str]) -> tuple[frozenset[int], str]:
        if all(classes):
            found = _Walk(self, classes).found()
            if found:
                return found, "lookalike"
        visible = sum(sign not in MASKS for sign in word)
        if visible == len(word) or _is_unreadable(word, classes, visible):
            return NOTHING, ""
        allowed = self._is_maskable if visible >= _FEWEST else self._is_coarse
        masked = ["" if sign in MASKS else choice for sign, choice in zip(word, classes, strict=True)]
        for several in _lengths(word, masked):
            found = frozenset(
                number for signs in several for number in _Walk(self, signs).found() if allowed(number)
            )
            if found:
                return found, "masked"
        return NOTHING, ""

    def root(self) -> _Node:
        """The tree of all words by their letters; made when the first disguised word is met."""
        if self._root is None:
            self._root = _Node()
            for form, numbers in self._vocabulary.exact():
                _grow(self._root, form).ends.extend(("", number) for number in numbers)
            for stem, tails in self._vocabulary.beginnings.items():
                _grow(self._root, stem).ends.extend(tails)
        return self._root

    def fits(self, rest: list[str], paradigm: str) -> bool:
        """Whether what is left of a word can be an ending of a paradigm; an empty choice is any letter."""
        if paradigm == ANY:
            return True
        if not paradigm:
            return not rest
        return any(
            len(ending) == len(rest)
            and all(not choice or letter in choice for letter, choice in zip(ending, rest, strict=True))
            for ending in self._vocabulary.endings[paradigm]
        )


class _Walk:
    """One way through the tree for each word that a disguised one can be.

    Args:
        words: where to look.
        classes: of each of its signs the letters that it can be; empty for any.
    """

    def __init__(self, words: Disguises, classes: list[str]) -> None:
        self._words = words
        self._classes = classes
        self._steps = 0

    def found(self) -> frozenset[int]:
        """The elements of all words at the ends of the ways."""
        found: set[int] = set()
        ways = [(self._words.root(), 0)]
        while ways and self._steps < _MOST_STEPS:
            node, at = ways.pop()
            self._steps += 1
            for paradigm, number in node.ends:
                if number not in found and self._words.fits(self._classes[at:], paradigm):
                    found.add(number)
            ways += self._further(node, at)
        return frozenset(found)

    def _further(self, node: _Node, at: int) -> list[tuple[_Node, int]]:
        if at == len(self._classes):
            return []
        choice = self._classes[at]
        if choice:
            return [(node.inner[letter], at + 1) for letter in choice if letter in node.inner]
        return [(inner, at + 1) for inner in node.inner.values()]


def _lengths(word: str, classes: list[str]) -> Iterator[list[list[str]]]:
    """A masked word with as many letters as it has signs or one less, then with others behind its masks."""
    begin = next((at for at, sign in enumerate(word) if sign in _RUNS), None)
    if begin is None:
        yield [classes]
        return
    size = next((at for at in range(begin, len(word)) if word[at] not in _RUNS), len(word)) - begin
    for sizes in ((size, size - 1), (size + 1,), (size - 2,), (size + 2,)):
        yield [[*classes[:begin], *[""] * other, *classes[begin + size :]] for other in sizes if other > 0]


def is_readable(word: str) -> bool:
    """Whether every sign of a word can be a letter."""
    return all(sign in _CYRILLIC or _is_cyrillic(sign) or _is_latin(sign) or sign in MASKS for sign in word)


def is_disguised(word: str) -> bool:
    """Whether a word holds masks, or letters of several scripts or digits between letters."""
    return any(sign in MASKS or sign in _LOOKALIKES for sign in word) or (
        any(map(_is_cyrillic, word)) and any(map(_is_latin, word))
    )


def _is_cyrillic(sign: str) -> bool:
    return "а" <= sign <= "я"


def _is_latin(sign: str) -> bool:
    return "a" <= sign <= "z"


def _is_unreadable(word: str, classes: list[str], visible: int) -> bool:
    """Whether a word with masks says too little, holds other signs, or only bears the star of a footnote."""
    if any(not choice and sign not in MASKS for sign, choice in zip(word, classes, strict=True)):
        return True
    if word[0] in MASKS and (visible < len(word) - 1 or visible < _FEWEST_SIGNS or not _is_cyrillic(word[1])):
        return True
    if visible < _FEWEST and len(word) < _FEWEST_SIGNS:
        return True
    return word[-1] in MASKS and word[-2] not in MASKS and visible > _CUT_SHORT


def _grow(node: _Node, word: str) -> _Node:
    for letter in word:
        node = node.inner.setdefault(letter, _Node())
    return node
