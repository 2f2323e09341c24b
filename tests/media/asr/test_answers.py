"""What the recognising process may answer, and nothing else."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.media.asr import answers
from evidence.media.asr.answers import Answer
from evidence.model.recognition import FATAL, PROBLEMS, Recognition
from evidence.model.transcript import Cue, Transcript, Word

SURVEY = {"length": 5000, "channels": 2, "distinct": [0, 1]}
CUE: dict[str, Any] = {
    "start": 100,
    "end": 900,
    "text": "ти козел",
    "words": [["ти", 100, 400, 990], ["козел", 400, 900, 0]],
}
SAID = {"channel": 1, "cue": CUE}
LAST: dict[str, Any] = {"languages": ["", "uk"], "is_whole": True, "problems": []}
REFUSED = {"problems": ["model_unusable"], "detail": "no model"}


def lines(*said: Any, number: int = 3) -> Iterator[bytes]:
    yield from (json.dumps({"n": number} | each).encode() for each in said)
    raise EOFError


def read(*said: Any) -> Recognition:
    return Answer(3, "program").read(lines(*said))


def test_what_is_said() -> None:
    told: list[tuple[float, float]] = []
    answer = Answer(3, "program", lambda *said: told.append(said))
    found = answer.read(lines(SURVEY, {"done": 10}, SAID, {"done": 5000}, LAST))
    words = (Word("ти", 100, 400, 990), Word("козел", 400, 900, 0))
    cue = Cue(1, 100, 900, "ти козел", words)
    silent, spoken = Transcript("asr", (), "", "program"), Transcript("asr", (cue,), "uk", "program")
    assert found == Recognition(((0, silent), (1, spoken)), 2, 5000, is_whole=True)
    assert told == [(0.0, 5.0), (0.01, 5.0), (5.0, 5.0)]


@pytest.mark.parametrize("code", FATAL)
def test_refusals(code: str) -> None:
    assert read(REFUSED | {"problems": [code]}) == Recognition(problems=(code,), detail="no model")


def with_cue(**changed: Any) -> list[Any]:
    return [SURVEY, {"channel": 1, "cue": CUE | changed}, LAST]


def with_word(*word: Any) -> list[Any]:
    return with_cue(words=[[*word]])


@pytest.mark.parametrize(
    "said",
    [
        [LAST],
        [SAID],
        [SURVEY, SURVEY, LAST],
        [SURVEY | {"length": -1}, LAST],
        [SURVEY | {"length": 10**12}, LAST],
        [SURVEY | {"channels": 9}, LAST],
        [SURVEY | {"distinct": [1, 0]}, LAST],
        [SURVEY | {"distinct": [0, 0]}, LAST],
        [SURVEY | {"distinct": [2]}, LAST],
        [SURVEY | {"distinct": [0, 1, 2]}, LAST],
        [SURVEY, {"channel": 2, "cue": CUE}, LAST],
        [SURVEY, {"channel": True, "cue": CUE}, LAST],
        [SURVEY, {"done": 5001}, LAST],
        [SURVEY, {"done": 5}, {"done": 5}, LAST],
        [SURVEY, LAST | {"languages": ["uk"]}],
        [SURVEY, LAST | {"languages": ["", "UK"]}],
        [SURVEY, LAST | {"languages": ["", "\x1b"]}],
        [SURVEY, LAST | {"problems": ["fine"]}],
        [SURVEY, LAST | {"problems": ["damaged", "damaged"]}],
        [SURVEY, LAST | {"is_whole": 1}],
        [SURVEY, LAST | {"more": 1}],
        [{"unknown": 1}],
        [REFUSED | {"problems": []}],
        [REFUSED | {"problems": ["damaged"]}],
        [REFUSED | {"problems": ["crashed", "timeout"]}],
        [REFUSED | {"detail": "x" * 301}],
        [REFUSED | {"detail": 1}],
        with_cue(end=5001),
        with_cue(end=99),
        with_cue(start=-1),
        with_cue(start=1.5),
        with_cue(text=""),
        with_cue(text=" козел"),
        with_cue(text="ти\nкозел"),
        with_cue(text="x" * 20_001),
        with_cue(more=1),
        with_cue(words=[CUE["words"][0]] * 1001),
        with_word("козел", 0, 1),
        with_word("козел", 0, 1, 1001),
        with_word("козел", 2, 1, 5),
        with_word("", 0, 1, 5),
        with_word(5, 0, 1, 5),
        [[]],
    ],
)
def test_everything_else_is_refused(said: list[Any]) -> None:
    with pytest.raises(ValueError):
        Answer(3, "program").read(iter([json.dumps(e if e == [] else {"n": 3} | e).encode() for e in said]))


def test_another_requests_answer() -> None:
    with pytest.raises(ValueError, match="not the answer"):
        Answer(3, "program").read(lines(SURVEY, number=2))


def test_no_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not only at 200,000 cues, which take ten seconds to read."""
    monkeypatch.setattr(answers, "_MOST_CUES", 200)
    with pytest.raises(ValueError, match="too much"):
        Answer(3, "program").read(iter([_line(SURVEY), *[_line(SAID)] * 201]))
    with pytest.raises(ValueError, match="no answer"):
        Answer(3, "program").read(iter([_line(SURVEY), *[_line(SAID)] * 200]))


def _line(said: Any) -> bytes:
    return json.dumps({"n": 3} | said).encode()


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda x: st.lists(x, max_size=4)))
def test_any_cue(value: Any) -> None:
    with pytest.raises(ValueError):
        read(SURVEY, {"channel": 0, "cue": value}, LAST)


def test_codes_are_told_apart() -> None:
    assert len(set(PROBLEMS)) == len(PROBLEMS)
