"""How well the lexicon finds what people marked in annotated sentences (README.md beside this file).

The unit of precision and recall is a pair of utterance and class. A mark counts as met when a hit of its class
shares a word with it.
"""

import argparse
import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from evidence.lexicon.lexicon import Hit, Lexicon, load

CLASSES = ("insult", "profanity", "threat", "discrimination", "sexual_harassment", "malicious_call")


@dataclass(frozen=True, slots=True)
class Sentence:
    """One annotated utterance; ``marks`` are class and words."""

    id: str
    language: str
    kind: str
    form: str
    text: str
    marks: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Found:
    """An utterance with what the lexicon found in it."""

    sentence: Sentence
    hits: tuple[Hit, ...]

    @property
    def expected(self) -> set[str]:
        return {marker_class for marker_class, _words in self.sentence.marks}

    @property
    def suggested(self) -> set[str]:
        return {hit.marker_class for hit in self.hits}


@dataclass(frozen=True, slots=True)
class Score:
    """Counts of pairs of utterance and class, or of marks."""

    right: int
    suggested: int
    expected: int

    @property
    def precision(self) -> float:
        return self.right / self.suggested if self.suggested else 1.0

    @property
    def recall(self) -> float:
        return self.right / self.expected if self.expected else 1.0

    def __str__(self) -> str:
        numbers = f"{self.right:4} {self.suggested:4} {self.expected:4}"
        return (
            f"precision {self.precision:6.1%}  recall {self.recall:6.1%}  (right, found, marked: {numbers})"
        )


def read(path: Path) -> list[Sentence]:
    """The sentences of a file."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [_sentence(row) for row in rows]


def _sentence(row: dict[str, str]) -> Sentence:
    marks = [mark.partition("=") for mark in (row["marks"] or "").split(" | ") if mark]
    pairs = tuple((marker_class, words) for marker_class, _, words in marks)
    return Sentence(row["id"], row["language"], row["kind"], row["form"], row["text"], pairs)


def measure(lexicon: Lexicon, sentences: Iterable[Sentence]) -> list[Found]:
    """What the lexicon finds in each."""
    return [Found(sentence, tuple(lexicon.find(sentence.text.split()))) for sentence in sentences]


def by_pairs(found: Iterable[Found], only: Sequence[str] = CLASSES) -> Score:
    """Pairs of utterance and class."""
    right = suggested = expected = 0
    for one in found:
        mine, theirs = one.suggested & set(only), one.expected & set(only)
        right, suggested, expected = (
            right + len(mine & theirs),
            suggested + len(mine),
            expected + len(theirs),
        )
    return Score(right, suggested, expected)


def span(text: str, words: str) -> range:
    """The numbers of the words of a text that hold a part of it."""
    begin = text.index(words)
    first = len(text[:begin].split(" ")) - 1
    return range(first, first + len(words.split(" ")))


def _meets(hit: Hit, marker_class: str, words: range) -> bool:
    return hit.marker_class == marker_class and hit.first < words.stop and words.start <= hit.last


def table(found: Sequence[Found]) -> Iterator[str]:
    """The figures, line by line."""
    yield f"{'all':18} {by_pairs(found)}"
    for name in CLASSES:
        yield f"{name:18} {by_pairs(found, (name,))}"
    for part in ("language", "form"):
        for value in dict.fromkeys(getattr(one.sentence, part) for one in found):
            yield f"{value:18} {by_pairs([one for one in found if getattr(one.sentence, part) == value])}"
    marks = marks_met(found)
    yield f"marks met by a hit of their class: {marks[0]} of {marks[1]}; hits that meet a mark: {marks[2]} of {marks[3]}"
    innocent = [one for one in found if one.sentence.kind == "innocent"]
    yield f"innocent utterances with a suggestion: {sum(bool(one.hits) for one in innocent)} of {len(innocent)}"


def marks_met(found: Iterable[Found]) -> tuple[int, int, int, int]:
    """Marks met, marks, hits that meet one, hits."""
    met = marks = right = hits = 0
    for one in found:
        spans = [(marker_class, span(one.sentence.text, words)) for marker_class, words in one.sentence.marks]
        marks += len(spans)
        met += sum(any(_meets(hit, *mark) for hit in one.hits) for mark in spans)
        hits += len(one.hits)
        right += sum(any(_meets(hit, *mark) for mark in spans) for hit in one.hits)
    return met, marks, right, hits


def mistakes(found: Iterable[Found]) -> Iterator[str]:
    """What was missed and what was suggested without being marked, utterance by utterance."""
    for one in found:
        missed = sorted(one.expected - one.suggested)
        extra = sorted(
            f"{hit.marker_class}={hit.text}" for hit in one.hits if hit.marker_class not in one.expected
        )
        if missed or extra:
            yield f"{one.sentence.id} missed {missed} extra {extra}: {one.sentence.text}"


def main(arguments: Sequence[str], folder: Path) -> int:
    """Measure on a file and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.lexicon")
    parser.add_argument("file", type=Path)
    parser.add_argument("--list", action="store_true", help="list misses and false hits")
    chosen = parser.parse_args(arguments)
    found = measure(load(), read(folder / chosen.file))
    for line in table(found):
        print(line)
    for line in mistakes(found) if chosen.list else ():
        print(line)
    return 0
