"""The lexicon: loading it, and finding words in the cues of a transcript."""

import time
from collections.abc import Callable, Iterator, Sequence
from itertools import product
from pathlib import Path
from statistics import median

from evidence.lexicon.lexicon import Lexicon, load
from tests.benchmarks.measure import Bench, Row
from tests.lexicon import measuring

_SENTENCES = Path(__file__).parents[1] / "lexicon" / "tuning.tsv"
_LETTERS = "абвгдежзиклмнопрстуфхцчшщьюя"
_GOAL = 1e6 / 15_000
"""Microseconds a word, for 15,000 words a second."""


def rows(bench: Bench) -> Iterator[Row]:
    """Each figure beside a pass over the same words that only looks each of them up in a dictionary."""
    before = time.process_time()
    lexicon = load()
    yield Row("lexicon, load, CPU", (time.process_time() - before) * 1000, 100, "ms", "its tables as text")
    cues = [sentence.text.split() for sentence in measuring.read(_SENTENCES)] * bench.amount(50, 1)
    yield from _found("sentences that come back", lexicon, cues)
    yield from _found("every word a new one", load(), _unknown(bench.amount(100_000, 1000)))


def _unknown(count: int) -> list[list[str]]:
    """Cues of ten words none of which is like another."""
    made = ("".join(letters) for letters in product(_LETTERS, repeat=6))
    words = [word for word, _ in zip(made, range(count), strict=False)]
    return [words[at : at + 10] for at in range(0, count, 10)]


def _found(name: str, lexicon: Lexicon, cues: Sequence[Sequence[str]]) -> Iterator[Row]:
    count = sum(map(len, cues))
    known = dict.fromkeys(("сука", "дурень"), 1)

    def look_up() -> None:
        for cue in cues:
            for word in " ".join(cue).split():
                known.get(word)

    def find() -> None:
        for cue in cues:
            lexicon.find(cue)

    mine, theirs = _spent(find), median(_spent(look_up) for _ in range(3))
    each = mine / count * 1e6
    yield Row(f"lexicon, {name}, CPU a word", each, _GOAL, "us", f"{count / mine:,.0f} words a second")
    yield Row(f"lexicon, {name} / split and dict.get, CPU", mine / theirs, 400, "x", f"{count} words")


def _spent(work: Callable[[], None]) -> float:
    before = time.process_time()
    work()
    return time.process_time() - before
