"""All words that the lexicon knows, each with the elements of patterns that it is a form of."""

from collections.abc import Iterable, Mapping

from evidence.lexicon import fold, notation
from evidence.lexicon.notation import Unreadable

ANY = "*"
NOTHING: frozenset[int] = frozenset()
_DEEPEST = 16
_MOST_FORMS = 1_000_000
_SHORTEST_BEGINNING = 2
_SHORTEST_BEFORE_ANY = 3


class Vocabulary:
    """Elements of patterns by number, and the numbers of the elements that a word is a form of.

    Forms aren't listed one by one: a word is cut into each of its beginnings and what is left, and both are
    looked up, so the work for a word is bounded by its length whatever the lexicon's size.

    Args:
        sets: the text of each set's forms, by the set's name; all of it folded.
        endings: the endings of each paradigm, by its name; folded.
    """

    def __init__(self, sets: Mapping[str, str], endings: Mapping[str, frozenset[str]]) -> None:
        self.beginnings: dict[str, list[tuple[str, int]]] = {}
        self.endings = endings
        self._sets = sets
        self._expanded: dict[str, list[str]] = {}
        self._open: set[str] = set()
        self._numbers: dict[str, int] = {}
        self._words: dict[str, list[int]] = {}
        self._forms = 0

    def element(self, text: str) -> int:
        """The number of an element, written as notation says; the same text has the same number.

        Raises:
            Unreadable: it isn't written so.
        """
        number = self._numbers.get(text)
        if number is None:
            number = self._numbers[text] = len(self._numbers)
            forms = notation.expand(text, self.forms)
            self._forms += len(forms)
            if self._forms > _MOST_FORMS:
                raise Unreadable("many", text)
            words = self._words
            for form in forms:
                if form.isalpha():
                    words.setdefault(form, []).append(number)
                else:
                    self._add(form, number)
        return number

    def elements(self, word: str) -> frozenset[int]:
        """The numbers of all elements that a folded word is a form of."""
        found = list(self._words.get(word, ()))
        for cut in range(_SHORTEST_BEGINNING, min(len(word), fold.LONGEST) + 1):
            for paradigm, number in self.beginnings.get(word[:cut], ()):
                rest = word[cut:]
                if (not rest or rest.isalpha()) if paradigm == ANY else rest in self.endings[paradigm]:
                    found.append(number)
        return frozenset(found) if found else NOTHING

    def has_set(self, name: str) -> bool:
        """Whether there is a set of that name."""
        return name in self._sets

    def forms(self, name: str) -> list[str]:
        """The forms of a set.

        Raises:
            Unreadable: there is none of that name, it holds itself, or isn't written as it should be.
        """
        known = self._expanded.get(name)
        if known is None:
            if name not in self._sets or name in self._open:
                raise Unreadable("set", name)
            if len(self._open) == _DEEPEST:
                raise Unreadable("deep", name)
            self._open.add(name)
            text = "|".join(notation.words(self._sets[name]))
            known = self._expanded[name] = notation.expand(text, self.forms)
            self._open.discard(name)
        return known

    def exact(self) -> Iterable[tuple[str, list[int]]]:
        """The forms that stand for themselves."""
        return self._words.items()

    def _add(self, form: str, number: int) -> None:
        stem, colon, paradigm = form.partition(":")
        if not colon and not form.endswith(ANY):
            self._words.setdefault(form, []).append(number)
            return
        if not colon:
            stem, paradigm = form[:-1], ANY
        elif paradigm not in self.endings:
            raise Unreadable("endings", form)
        shortest = _SHORTEST_BEFORE_ANY if paradigm == ANY else _SHORTEST_BEGINNING
        if len(stem) < shortest or ANY in stem:
            raise Unreadable("short", form)
        self.beginnings.setdefault(stem, []).append((paradigm, number))
