"""How fast the lexicon looks through words."""

import math
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from evidence.lexicon.lexicon import load
from tests.benchmarks.measure import Bench, Row
from tests.lexicon import measuring

_SENTENCES = Path(measuring.__file__).parent / "tuning.tsv"


def rows(bench: Bench) -> Iterator[Row]:
    """Against splitting the same text and looking each word up in a dictionary, in the same process."""
    begin = time.process_time()
    lexicon = load()
    loading = time.process_time() - begin
    texts = [sentence.text for sentence in measuring.read(_SENTENCES)] * bench.amount(20, 1)
    count = sum(len(text.split()) for text in texts)
    known = {word: word for text in texts for word in text.split()}
    plain = _seconds(lambda: [[known.get(word) for word in text.split()] for text in texts])
    first = _seconds(lambda: [load().find(text.split()) for text in texts[:1]])
    ours = _seconds(lambda: [lexicon.find(text.split()) for text in texts])
    yield Row("lexicon, loading, CPU", loading * 1000, 100, "ms", "tables read and compiled")
    detail = f"{count} words of angry callers, {count / ours:.0f} a second"
    yield Row("lexicon / split and dict.get, CPU", ours / plain, math.inf, "x", detail)
    yield Row("lexicon, 15,000 words, CPU", 15_000 * ours / count, 1.0, "s", f"first utterance {first:.2f} s")


def _seconds(work: Callable[[], object]) -> float:
    begin = time.process_time()
    work()
    return time.process_time() - begin
