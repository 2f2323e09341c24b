"""The words of a cue as the matcher sees them: several in one token, or one of several tokens."""

from dataclasses import dataclass, field

CAPITAL = 1
QUOTED = 2
COMMA = 4
"""Punctuation stands behind it that parts a sentence."""
STOP = 8
"""Punctuation stands behind it that ends a sentence."""
LETTER = 16
"""A single letter."""


@dataclass(frozen=True, slots=True)
class Part:
    """A word inside a token.

    Attributes:
        word: folded.
        elements: elements of which it is a form.
        rule: the disguise that was seen through; empty for none.
        flags: CAPITAL and so on.
    """

    word: str
    elements: frozenset[int]
    rule: str
    flags: int


@dataclass(slots=True)
class Units:
    """The words of a cue; lists of the same length.

    Attributes:
        elements: of each word the elements of which it is a form.
        rules: the disguise of each, or empty.
        flags: of each.
        spans: the tokens in which each stands, first and last.
        words: folded.
    """

    elements: list[frozenset[int]] = field(default_factory=list)
    rules: list[str] = field(default_factory=list)
    flags: list[int] = field(default_factory=list)
    spans: list[tuple[int, int]] = field(default_factory=list)
    words: list[str] = field(default_factory=list)

    def add(self, part: Part, first: int, last: int) -> None:
        """One word more, of the tokens from ``first`` to ``last``."""
        self.elements.append(part.elements)
        self.rules.append(part.rule)
        self.flags.append(part.flags)
        self.spans.append((first, last))
        self.words.append(part.word)

    def is_break(self, at: int, *, near: bool) -> bool:
        """Whether a sentence ends behind a word; with ``near``, whether there is any mark of punctuation."""
        return bool(self.flags[at] & (COMMA | STOP if near else STOP))

    def is_capital(self, at: int) -> bool:
        """Whether the word begins with a capital and goes on with small letters."""
        return bool(self.flags[at] & CAPITAL)

    def is_quoted(self, at: int) -> bool:
        """Whether the word alone stands in quotation marks."""
        return bool(self.flags[at] & QUOTED)
