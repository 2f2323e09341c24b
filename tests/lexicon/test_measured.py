"""What the lexicon finds in annotated sentences doesn't get worse; the figures stand in tests/benchmarks/RESULTS.md."""

from pathlib import Path

import pytest

from evidence.lexicon.lexicon import load
from tests.lexicon import measuring

HERE = Path(__file__).parent
FLOORS = {
    "tuning": {"all": (0.97, 0.97)},
    "untouched": {
        "all": (0.89, 0.80),
        "insult": (0.91, 0.83),
        "profanity": (0.79, 0.83),
        "threat": (0.95, 0.68),
        "discrimination": (0.88, 0.78),
        "sexual_harassment": (0.86, 0.68),
        "malicious_call": (0.75, 0.50),
    },
}
"""Least precision and recall."""


@pytest.mark.parametrize("half", FLOORS)
def test_precision_and_recall(half: str) -> None:
    sentences = measuring.read(HERE / f"{half}.tsv")
    assert len(sentences) == 360
    found = measuring.measure(load(), sentences)
    for name, (precision, recall) in FLOORS[half].items():
        score = measuring.by_pairs(found, measuring.CLASSES if name == "all" else (name,))
        assert score.precision >= precision, f"{name}: {score}"
        assert score.recall >= recall, f"{name}: {score}"
    innocent = [one for one in found if one.sentence.kind == "innocent"]
    assert sum(bool(one.hits) for one in innocent) <= 8


def test_the_measure_itself() -> None:
    """Two utterances counted by hand: a hit, a miss, and a false hit."""
    lexicon = load()
    rows = [("ти дебіл", (("insult", "дебіл"), ("threat", "ти"))), ("Ти дебіл!", ())]
    sentences = [measuring.Sentence("x", "uk", "insulting", "plain", text, marks) for text, marks in rows]
    score = measuring.by_pairs(measuring.measure(lexicon, sentences))
    assert (score.right, score.suggested, score.expected) == (1, 2, 2)
    assert measuring.marks_met(measuring.measure(lexicon, sentences)) == (1, 2, 1, 2)
    assert list(measuring.span("а ти дебіл", "ти дебіл")) == [1, 2]
