"""The strict reading of what the search process answers."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.media import searchanswers
from evidence.model.noticesearch import Match, NoticeSearch, Segment, Waveform
from evidence.model.waveform import MOST_COLUMNS, Drawing

SEGMENT = [0, 500, 900, -10, 1]
MATCH: dict[str, Any] = {
    "version": 0,
    "channel": 0,
    "result": "found",
    "at_ms": -200,
    "coverage": 1000,
    "clause_coverage": 990,
    "correlation": 700,
    "similarity": 800,
    "speed_ppm": -3,
    "segments": [SEGMENT],
}
LAST: dict[str, Any] = {
    "algorithm": "a-1",
    "searched_ms": 1000,
    "is_whole": True,
    "channels": 1,
    "column_ms": 10,
    "peaks": ["AAE="],
    "problems": ["damaged"],
}


def read(*answers: dict[str, Any], versions: tuple[str, ...] = ("v1",)) -> NoticeSearch:
    lines = (json.dumps({"n": 7, **answer}).encode() for answer in answers)
    return searchanswers.search(lines, 7, versions, None)


def matched(**changes: object) -> dict[str, Any]:
    return {"match": {**MATCH, **changes}}


def test_good_answers() -> None:
    told: list[float] = []
    answers = [{"done": 0}, {"done": 500}, matched(), LAST]
    lines = (json.dumps({"n": 7, **answer}).encode() for answer in answers)
    assert searchanswers.search(lines, 7, ["v1"], told.append) == NoticeSearch(
        "a-1",
        1000,
        True,
        1,
        (Match("v1", 0, "found", -200, 1000, 990, 700, 800, -3, (Segment(0, 500, 900, -10, True),)),),
        Waveform(10, (b"\0\1",)),
        ("damaged",),
    )
    assert told == [0, 0.5]


def test_one_match_for_each_announcement_and_channel() -> None:
    pairs = [(version, channel) for version in (0, 1) for channel in (0, 1)]
    matches = [matched(version=version, channel=channel) for version, channel in pairs]
    last = {**LAST, "channels": 2, "peaks": ["AAE=", "AAA="]}
    assert len(read(*matches, last, versions=("a", "b")).matches) == 4
    for wrong in (matches[:3], [*matches, matches[0]], matches[::-1], [matches[0]] * 4, []):
        with pytest.raises(ValueError):
            read(*wrong, last, versions=("a", "b"))


def test_nothing_found() -> None:
    match = {key: value for key, value in MATCH.items() if key != "at_ms"} | {"result": "not_detected"}
    (found,) = read({"match": match}, LAST).matches
    assert found.at_ms is None


@pytest.mark.parametrize(
    "changes",
    [
        {"version": 1},
        {"version": -1},
        {"version": "v1"},
        {"version": True},
        {"channel": 8},
        {"channel": 1},
        {"result": "FOUND"},
        {"result": ["found"]},
        {"result": "not_detected"},
        {"at_ms": 1001},
        {"at_ms": None},
        {"at_ms": 1.5},
        {"at_ms": -(10**9)},
        {"coverage": 1001},
        {"clause_coverage": -1},
        {"correlation": "1"},
        {"similarity": None},
        {"speed_ppm": 10**9},
        {"segments": {}},
        {"segments": [SEGMENT] * 1201},
        {"segments": [[0, 500, 900, 0]]},
        {"segments": [[500, 500, 900, 0, 1]]},
        {"segments": [[0, 500, 900, 0, 2]]},
        {"segments": [[0, 500, 900, 0, True]]},
        {"segments": ["abcde"]},
        {"more": 1},
    ],
)
def test_matches_that_cannot_be(changes: dict[str, object]) -> None:
    with pytest.raises(ValueError):
        read(matched(**changes), LAST)


@pytest.mark.parametrize(
    "changes",
    [
        {"algorithm": ""},
        {"algorithm": "\x1b[31m"},
        {"algorithm": "a" * 65},
        {"algorithm": 1},
        {"searched_ms": -201},
        {"is_whole": 1},
        {"channels": 9},
        {"channels": 0},
        {"column_ms": 0},
        {"column_ms": -10},
        {"peaks": []},
        {"peaks": ["AAE=", "AAE="]},
        {"peaks": ["AAE"]},
        {"peaks": ["AB=="]},
        {"peaks": [1]},
        {"peaks": [""]},
        {"peaks": ["A" * 804]},
        {"problems": ["FINE"]},
        {"problems": ["damaged", "damaged"]},
        {"problems": "damaged"},
        {"n": 8},
        {"more": 1},
    ],
)
def test_summaries_that_cannot_be(changes: dict[str, object]) -> None:
    with pytest.raises(ValueError):
        read(matched(), {**LAST, **changes})


@pytest.mark.parametrize(
    "answers",
    [
        [{"done": 1001}],
        [{"done": 5}, {"done": 5}],
        [{"done": -1}],
        [{"done": 0.5}],
        [{"problems": []}],
        [{"problems": ["crashed"]}],
        [{"match": []}],
        [{}],
        [matched()] * 9,
    ],
)
def test_what_is_no_answer(answers: list[dict[str, Any]]) -> None:
    with pytest.raises(ValueError):
        read(*answers, *([LAST] if len(answers) < 9 else []))


def test_announcements() -> None:
    assert searchanswers.learnt(b'{"n":1,"problems":[]}', 1) == ()
    assert searchanswers.learnt(b'{"n":1,"problems":["out_of_memory"]}', 1) == ("out_of_memory",)
    for line in (b'{"n":2,"problems":[]}', b'{"n":1,"problems":["crashed"]}', b"[]", b'{"n":1}'):
        with pytest.raises(ValueError):
            searchanswers.learnt(line, 1)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from([*MATCH, *LAST]), inner, max_size=4)
    ),
    max_leaves=10,
)


@given(st.sampled_from([*MATCH, *LAST]), json_values)
def test_any_value_in_any_place(key: str, value: Any) -> None:
    """A search within its bounds, or ValueError."""
    match = matched(**{key: value}) if key in MATCH else matched()
    last = {**LAST, key: value} if key in LAST else LAST
    try:
        found = read(match, last)
    except ValueError:
        return
    assert all(0 <= m.coverage <= 1000 and m.version == "v1" for m in found.matches)
    assert found.searched_ms <= 100 * 3600 * 1000


DRAWN: dict[str, Any] = {
    "algorithm": "a_1",
    "column_ms": 10,
    "channels": ["AAE=", "AgM="],
    "problems": ["damaged"],
}


def drawing(**changes: object) -> Drawing:
    lines = iter(
        [json.dumps({"n": 7, "done": 900}).encode(), json.dumps({"n": 7, **DRAWN, **changes}).encode()]
    )
    return searchanswers.drawing(lines, 7, None)


def test_a_good_drawing() -> None:
    assert drawing() == Drawing("a_1", 10, (b"\0\1", b"\2\3"), ("damaged",))
    nothing = {"algorithm": "", "column_ms": 0, "channels": []}
    assert drawing(**nothing) == Drawing(problems=("damaged",))
    assert drawing(**nothing, problems=[]) == Drawing(problems=("no_sound",))
    refusal = json.dumps({"n": 7, "problems": ["out_of_memory"]}).encode()
    assert searchanswers.drawing(iter([refusal]), 7, None) == Drawing(problems=("out_of_memory",))


@pytest.mark.parametrize(
    "changes",
    [
        {"algorithm": "A-1"},
        {"algorithm": ""},
        {"column_ms": 0},
        {"column_ms": 604_800_001},
        {"column_ms": 1.5},
        {"channels": []},
        {"channels": ["AAE=", "AgM"]},
        {"channels": ["AAF=", "AgM="]},
        {"channels": ["AAE=", "AgME"]},
        {"channels": ["", ""]},
        {"channels": ["AAE="] * 9},
        {"channels": ["A" * (MOST_COLUMNS // 3 * 4 + 4)]},
        {"channels": [1]},
        {"problems": ["announcement_unreadable"]},
        {"problems": ["damaged", "damaged"]},
        {"n": 8},
        {"more": 1},
    ],
)
def test_nonsense_is_no_drawing(changes: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        drawing(**changes)


def test_no_drawing_at_all() -> None:
    with pytest.raises(ValueError):
        searchanswers.drawing(iter([]), 7, None)
