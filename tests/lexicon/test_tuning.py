"""The lexicon on the half that may be tuned for: floors of precision and recall."""

from pathlib import Path

import pytest

from evidence.lexicon.lexicon import load
from tests.lexicon import measuring
from tests.lexicon.measuring import Found, Score

SENTENCES = Path(__file__).with_name("tuning.tsv")


@pytest.fixture(scope="module")
def found() -> list[Found]:
    return measuring.measure(load(), measuring.read(SENTENCES))


def test_the_half_is_whole(found: list[Found]) -> None:
    assert len(found) == 360
    assert {one.sentence.language for one in found} == {"uk", "ru", "surzhyk", "en"}


def test_all_classes_together(found: list[Found]) -> None:
    score = measuring.by_pairs(found)
    assert score.precision >= 0.95
    assert score.recall >= 0.95


@pytest.mark.parametrize("marker_class", measuring.CLASSES)
def test_each_class(found: list[Found], marker_class: str) -> None:
    score = measuring.by_pairs(found, (marker_class,))
    assert score.precision >= 0.9
    assert score.recall >= 0.9


@pytest.mark.parametrize("form", ["plain", "asr", "obfuscated"])
def test_each_form(found: list[Found], form: str) -> None:
    score = measuring.by_pairs(one for one in found if one.sentence.form == form)
    assert score.precision >= 0.9
    assert score.recall >= 0.9


def test_innocent_utterances_are_left_alone(found: list[Found]) -> None:
    suggested = [one.sentence.id for one in found if one.sentence.kind == "innocent" and one.hits]
    assert len(suggested) <= 3


def test_the_words_are_those_that_were_marked(found: list[Found]) -> None:
    met, marks, right, hits = measuring.marks_met(found)
    assert met >= 0.93 * marks
    assert right >= 0.9 * hits


def test_what_a_score_is() -> None:
    assert Score(3, 4, 6).precision == 0.75
    assert Score(3, 4, 6).recall == 0.5


def test_the_words_of_a_mark() -> None:
    assert measuring.span("Ну ти й козел, пане", "козел") == range(3, 4)
    assert measuring.span("Ну ти й козел, пане", "ти й") == range(1, 3)
