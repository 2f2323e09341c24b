"""The strict reading of answers: anything but a plausible one is a ValueError."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.media import answers
from evidence.media.frames import MAX_TRACKS, Frames, Track

GOOD: dict[str, Any] = {
    "n": 3,
    "container": "wav",
    "codec": "gsm",
    "sample_rate": 8000,
    "channels": 1,
    "samples": 320,
    "claims": {"header_samples": 320},
    "problems": ["empty"],
    "method": "packets",
    "tracks": [{"codec": "aac", "sample_rate": 16000, "channels": 2, "samples": None}],
}
TRACK = GOOD["tracks"][0]


def line(**changes: object) -> bytes:
    return json.dumps({**GOOD, **changes}).encode()


def test_good_answer() -> None:
    assert answers.frames(line(), 3) == Frames(
        "wav",
        "gsm",
        8000,
        1,
        320,
        {"header_samples": 320},
        ("empty",),
        "packets",
        (Track("aac", 16000, 2, None),),
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"n": 4},
        {"n": "3"},
        {"container": ["wav"]},
        {"container": "WAV"},
        {"codec": None},
        {"codec": {}},
        {"codec": "unknown"},
        {"sample_rate": 0},
        {"sample_rate": None},
        {"sample_rate": 2**32},
        {"channels": 2**16},
        {"channels": False},
        {"samples": "320"},
        {"claims": []},
        {"claims": {"tag_TIT2": "x"}},
        {"claims": {"header_samples": "320"}},
        {"claims": {"header_samples": True}},
        {"claims": {"header_samples": -1}},
        {"problems": "empty"},
        {"problems": ["nothing"]},
        {"problems": [["empty"]]},
        {"problems": ["empty", "empty"]},
        {"more": 1},
        {"method": "guess"},
        {"method": ["frames"]},
        {"tracks": {}},
        {"tracks": [None]},
        {"tracks": [{}]},
        {"tracks": [TRACK] * MAX_TRACKS},
        {"tracks": [{**TRACK, "codec": "AAC"}]},
        {"tracks": [{**TRACK, "codec": "unknown", "samples": 1}]},
        {"tracks": [{**TRACK, "channels": 0}]},
        {"tracks": [{**TRACK, "more": 0}]},
    ],
)
def test_implausible_frames(changes: dict[str, object]) -> None:
    with pytest.raises(ValueError):
        answers.frames(line(**changes), 3)


@pytest.mark.parametrize(
    "data", [b"", b"null", b"[]", b'{"ready":false}', b'{"ready":1.0}', b'{"ready":true,"x":1}']
)
def test_not_ready(data: bytes) -> None:
    with pytest.raises(ValueError):
        answers.ready(data)


@given(
    st.binary(max_size=200)
    | st.recursive(st.none() | st.integers() | st.text(), st.lists).map(lambda v: json.dumps(v).encode())
)
def test_any_line_is_an_answer_or_a_value_error(data: bytes) -> None:
    for read in (answers.frames, answers.claims):
        with pytest.raises(ValueError):
            read(data, 3)
