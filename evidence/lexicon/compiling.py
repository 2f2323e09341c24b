"""Rows of tables made into what the matcher works with."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from evidence.lexicon.contexts import Context, Contexts
from evidence.lexicon.fold import fold
from evidence.lexicon.notation import Unreadable
from evidence.lexicon.patterns import Pattern, Sketch, parse
from evidence.lexicon.rows import Row, shown, wrong
from evidence.lexicon.vocabulary import Vocabulary

_BETWEEN = " / "
_USUAL = "usual"
_NONE = "-"
_UNDISGUISED = "undisguised"
_ENGLISH = "english"
_COARSE = 3
_SWEARING = "profanity"
_SHORT = 3
_PREPOSITION = 20
_MASKABLE = 2


@dataclass(frozen=True, slots=True)
class Compiled:
    """The tables, ready to be matched.

    Attributes:
        vocabulary: all words.
        patterns: the patterns by the number of the element by which they are looked for, with its place.
        maskable: elements of which a masked word may be a form.
        coarse: those of which all letters but one may be masked.
        undisguised: surroundings in which nobody disguises words but spells them.
    """

    vocabulary: Vocabulary
    patterns: Mapping[int, Sequence[tuple[Pattern, int]]]
    maskable: frozenset[int]
    coarse: frozenset[int]
    undisguised: tuple[Context, ...]


def compiled(rows: Iterable[Row]) -> Compiled:
    """The tables' rows; a later one with the same entry and class takes the place of earlier tables'.

    Raises:
        FormatError: forms or contexts that aren't written as they should be.
    """
    kept = _in_force(rows)
    endings = {
        fold(row.entry): frozenset(fold(row.forms.lower()).replace("0", "").split(" "))
        for row in kept
        if row.marker_class == "endings"
    }
    vocabulary = Vocabulary(_texts(kept, "words"), endings)
    contexts = Contexts(_texts(kept, "context"), vocabulary.element)
    found = _Patterns(vocabulary, contexts)
    for row in kept:
        found.add(row)
    return found.done()


def _texts(rows: Iterable[Row], kind: str) -> dict[str, str]:
    """The forms of all rows of a kind, by the entry; those of several rows together."""
    found: dict[str, str] = {}
    for row in rows:
        if row.marker_class == kind:
            name = fold(row.entry.lower())
            found[name] = f"{found.get(name, '')} {fold(row.forms.lower())}".strip()
    return found


def _in_force(rows: Iterable[Row]) -> list[Row]:
    """The rows that no later table replaces or switches off."""
    found: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        if row.marker_class == "off":
            for key in [key for key in found if key[0] == row.entry]:
                del found[key]
            continue
        same = found.setdefault((row.entry, row.marker_class), [])
        if same and same[0].file != row.file:
            same.clear()
        same.append(row)
    return [row for same in found.values() for row in same]


class _Patterns:
    def __init__(self, vocabulary: Vocabulary, contexts: Contexts) -> None:
        self._vocabulary = vocabulary
        self._contexts = contexts
        self._found: list[tuple[Sketch, Pattern]] = []
        self._uses: dict[str, int] = {}

    def add(self, row: Row) -> None:
        """The patterns of a row; of a set or a context, whether it can be read."""
        with _told(row):
            if row.marker_class == "words":
                self._vocabulary.forms(fold(row.entry.lower()))
            elif row.marker_class == "context":
                self._contexts.parse(fold(row.forms.lower()))
            elif row.is_entry:
                self._add(row)

    def done(self) -> Compiled:
        """All of it."""
        patterns: dict[int, list[tuple[Pattern, int]]] = {}
        maskable, coarse = set(), set()
        for sketch, pattern in self._found:
            place = self._anchor(sketch)
            anchor = pattern.elements[place]
            patterns.setdefault(anchor, []).append((pattern, place))
            if pattern.row.severity >= _MASKABLE:
                maskable.add(anchor)
            if pattern.row.severity >= _COARSE and pattern.row.marker_class == _SWEARING:
                coarse.add(anchor)
        if self._vocabulary.has_set(_ENGLISH):
            self._vocabulary.element(f"{{{_ENGLISH}}}")
        undisguised = self._contexts.parse_named(_UNDISGUISED)
        return Compiled(self._vocabulary, patterns, frozenset(maskable), frozenset(coarse), undisguised)

    def _add(self, row: Row) -> None:
        when = self._contexts.parse(fold(row.when.lower()))
        unless: tuple[Context, ...] = ()
        if row.unless != _NONE:
            named = self._contexts.parse_named(_USUAL)
            unless = self._contexts.parse(fold(row.unless.lower())) if row.unless else named
        element = self._vocabulary.element
        for text in fold(row.forms.lower()).split(_BETWEEN):
            for sketch in parse(text.strip()):
                numbers = tuple(map(element, sketch.elements))
                self._found.append((sketch, Pattern(row, numbers, sketch.gaps, sketch.stretch, when, unless)))
                for part in sketch.elements:
                    self._uses[part] = self._uses.get(part, 0) + 1

    def _anchor(self, sketch: Sketch) -> int:
        """The place of the element by which the pattern is looked for: the rarest, by its text."""
        return min(range(len(sketch.elements)), key=lambda at: self._commonness(sketch.elements[at]))

    def _commonness(self, element: str) -> tuple[int, int]:
        """Sets that many patterns use are pronouns and the like, short words are prepositions."""
        if element.startswith("{"):
            return self._uses[element], 0
        return (0 if len(element) > _SHORT else _PREPOSITION), -len(element)


@contextmanager
def _told(row: Row) -> Iterator[None]:
    """What can't be read is told with file and line."""
    try:
        yield
    except Unreadable as error:
        raise wrong(row.file, row.line, f"lexicon.unreadable_{error.code}", part=shown(error.part)) from error
