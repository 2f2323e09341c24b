"""The lexicon as the rest of the program uses it."""

import pkgutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from evidence import canonical, digests
from evidence.lexicon import rows
from evidence.lexicon.compiling import Compiled, compiled
from evidence.lexicon.disguise import Disguises
from evidence.lexicon.matching import Match, matches
from evidence.lexicon.runs import Letters
from evidence.lexicon.tokens import Tokens
from evidence.lexicon.units import LETTER, Part, Units

VERSION = "1"
"""Version of the tables that are shipped, and of the rules by which words are compared."""

TABLES = (
    "sets",
    "endings",
    "contexts",
    "profanity",
    "insult",
    "discrimination",
    "threat",
    "harassment",
    "calls",
    "english",
)
_PURPOSE = "evidence-archiver: lexicon"
_MOST_KEPT = 100_000
_LONGEST_KEPT = 64
_UKRAINIAN = frozenset("іїєґ")
_RUSSIAN = frozenset("ыэёъ")


@dataclass(frozen=True, slots=True)
class Hit:
    """Words that may be worth a marker.

    Attributes:
        first: index of the first word.
        last: index of the last word.
        text: the words from the first to the last, as they stand; untrusted.
        entry: the lexicon's entry.
        marker_class: its class.
        severity: from 1 (mild) to 3.
        language: BCP 47 code of the words' language; empty when it isn't clear.
        rule: how they were recognised: ``plain``, ``phrase`` (several words), or the disguise: ``masked``,
            ``lookalike``, ``stretched``, ``spaced``, ``latin``.
    """

    first: int
    last: int
    text: str
    entry: str
    marker_class: str
    severity: int
    language: str
    rule: str


class Lexicon:
    """Tables to find words and phrases with.

    Attributes:
        sha256: names the tables (FORMAT.md, "Lexicon"): 64 hexadecimal digits.
        version: that of the shipped tables.
    """

    def __init__(self, tables: Compiled, sha256: str) -> None:
        self.sha256 = sha256
        self.version = VERSION
        self._tables = tables
        disguises = Disguises(tables.vocabulary, tables.maskable.__contains__, tables.coarse.__contains__)
        self._tokens = Tokens(tables.vocabulary, disguises, tables.patterns.__contains__)
        self._letters = Letters(self._tokens.word, tables.patterns.__contains__)
        self._known: dict[str, Sequence[Part]] = {}

    def find(self, words: Sequence[str]) -> list[Hit]:
        """What may be worth a marker among the words of one cue.

        Args:
            words: the words in their order, each with the punctuation that clings to it; untrusted.

        Returns:
            The hits in the order of their first words. Two hits never share a word unless one stands in a gap
            of the other.
        """
        units = self._units(words)
        if not any(element in self._tables.patterns for some in units.elements for element in some):
            return []
        found = matches(units, self._tables)
        return [_hit(some, units, words) for some in _together(found, units)]

    def _units(self, words: Sequence[str]) -> Units:
        units, known = Units(), self._known
        letters = 0
        for at, word in enumerate(words):
            parts = known.get(word)
            if parts is None:
                parts = self._new(word)
            for part in parts:
                units.add(part, at, at)
                letters += part.flags & LETTER
        return self._letters.joined(units) if letters > LETTER else units

    def _new(self, word: str) -> Sequence[Part]:
        parts = self._tokens.parts(word)
        if len(word) <= _LONGEST_KEPT:
            if len(self._known) >= _MOST_KEPT:
                self._known.clear()
            self._known[word] = parts
        return parts


def load(extra: Sequence[tuple[str, bytes]] = ()) -> Lexicon:
    """The shipped lexicon with a vault's own tables.

    Args:
        extra: name and bytes of each table of the vault, in the order in which they count.

    Raises:
        FormatError: one of them isn't a table of a lexicon; says file, line and what to do.
    """
    tables = [(f"{name}.tsv", _shipped(name)) for name in TABLES]
    named = [[f"shipped/{name}", digests.sha256_hex(data)] for name, data in tables]
    named += [[f"vault/{name}", digests.sha256_hex(data)] for name, data in extra]
    digest = digests.sha256_hex(canonical.encode([_PURPOSE, VERSION, named]))
    every = (row for name, data in (*tables, *extra) for row in rows.read(name, data))
    return Lexicon(compiled(every), digest)


def _shipped(name: str) -> bytes:
    data = pkgutil.get_data("evidence.lexicon", f"data/{name}.tsv")
    if data is None:
        raise FileNotFoundError(name)
    return data


def _together(found: Iterable[Match], units: Units) -> Iterable[list[Match]]:
    """Matches of the same class whose words follow one another without punctuation, as one."""
    some: list[Match] = []
    for match in found:
        if some and not _follows(some[-1], match, units):
            yield some
            some = []
        some.append(match)
    if some:
        yield some


def _follows(one: Match, other: Match, units: Units) -> bool:
    return (
        one.pattern.row.marker_class == other.pattern.row.marker_class
        and other.places[0] == one.places[-1] + 1
        and not units.is_break(one.places[-1], near=True)
    )


def _hit(some: list[Match], units: Units, words: Sequence[str]) -> Hit:
    places = [place for match in some for place in match.places]
    first = min(units.spans[place][0] for place in places)
    last = max(units.spans[place][1] for place in places)
    row = max((match.pattern.row for match in some), key=lambda row: row.severity)
    text = " ".join(words[first : last + 1])
    disguise = next((units.rules[place] for place in places if units.rules[place]), "")
    rule = disguise or ("phrase" if len(some[0].places) > 1 else "plain")
    return Hit(
        first, last, text, row.entry, row.marker_class, row.severity, _language(row.language, words), rule
    )


def _language(known: str, words: Sequence[str]) -> str:
    """The one language of an entry, or the one of whose letters some stand in the cue."""
    if " " not in known:
        return known
    letters = {letter for word in words[:_LONGEST_KEPT] for letter in word[:_LONGEST_KEPT].lower()}
    if letters & _UKRAINIAN and not letters & _RUSSIAN:
        return "uk" if "uk" in known else ""
    return "ru" if letters & _RUSSIAN and not letters & _UKRAINIAN and "ru" in known else ""
