"""Drawings: from a waveform, else from the search, else a bare line; shares and ticks."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.reporting import waves
from evidence.reporting.content.documents import full
from evidence.reporting.content.recordings import _labels
from tests.reporting import archives


def heights(svg: str) -> list[int]:
    """How high each column is drawn, of 48."""
    points = re.findall(r"(\d+) (\d+)", svg.partition('d="')[2])
    half = len(points) // 2
    return [50 - int(y) for _x, y in points[:half]]


def test_the_waveform_comes_before_the_search_and_that_before_a_line() -> None:
    waveform = {"channels": ["/wAA"], "column_ms": 100}
    search = {"waveform": {"channels": ["AAD/"], "column_ms": 100}}
    assert waves.chosen(waveform, search, 300, 0) == waves.Wave(300, (b"\xff\0\0",))
    assert waves.chosen(None, search, 300, 0) == waves.Wave(300, (b"\0\0\xff",), is_search=True)
    assert waves.chosen(None, None, 300, 0) == waves.Wave(300)
    assert waves.chosen(None, {"matches": []}, None, 0) == waves.Wave(1)


def test_a_part_that_was_not_searched_is_drawn_as_silence() -> None:
    search = {"waveform": {"channels": ["////"], "column_ms": 100}}
    assert waves.chosen(None, search, 600, 0).channels == (b"\xff\xff\xff\0\0\0",)


def test_a_marker_behind_the_end_makes_the_line_longer() -> None:
    assert waves.chosen(None, None, 1000, 5000).milliseconds == 5000


@given(st.binary(min_size=1, max_size=3000))
def test_the_loudest_column_is_drawn_and_columns_are_few(peaks: bytes) -> None:
    drawn = heights(waves.path(peaks))
    assert max(drawn) == max(peaks) * 48 // 255
    assert len(drawn) == min(len(peaks), waves.COLUMNS)


def test_no_peaks_no_drawing() -> None:
    assert waves.path(b"") == ""


@given(st.integers(1, 604_800_000))
def test_ticks_are_few_in_order_and_within(milliseconds: int) -> None:
    found = waves.ticks(milliseconds)
    places = [place for place, _text in found]
    assert places == sorted(set(places))
    assert 0 <= places[0] <= places[-1] <= 10_000
    assert 1 <= len(found) <= 74


@pytest.mark.parametrize(
    ("milliseconds", "last"), [(9000, "0:09"), (90_000, "1:30"), (3_600_000, "1:00:00"), (1, "0:00")]
)
def test_ticks_say_minutes_and_seconds(milliseconds: int, last: str) -> None:
    assert waves.ticks(milliseconds)[-1][1] == last


@given(st.integers(-10_000, 10**9), st.integers(1, 10**9))
def test_shares_are_within(at: int, whole: int) -> None:
    assert 0 <= waves.share(at, whole) <= 10_000


def test_neighbours_share_a_label() -> None:
    near = [(number, {"start_ms": number * 10}) for number in range(1, 9)]
    assert [text for _at, text in _labels(near, 100_000)] == ["1–8"]
    odd = [(number, {"start_ms": 0}) for number in (2, 5, 9, 30)]
    assert [text for _at, text in _labels(odd, 100_000)] == ["2… (4)"]
    apart = [(1, {"start_ms": 0}), (2, {"start_ms": 50_000}), (3, {"start_ms": 100_000})]
    assert [text for _at, text in _labels(apart, 100_000)] == ["1", "2", "3"]


def drawn() -> list[dict[str, object]]:
    sections = full(archives.fullest())["sections"]
    return [block for section in sections for block in section["blocks"] if block["b"] == "wave"]


def test_channels_have_the_notice_the_markers_and_the_measures() -> None:
    """E1: the announcement is found in channel 0 at 1.24 s of 187.42 s; marker 41 is in the agent's channel."""
    first: Any = drawn()[0]
    caller, agent = first["channels"]
    assert [span[0] for span in caller["notices"]] == [1240 * 10_000 // 187_420]
    assert agent["notices"] == []
    assert [span[0] for span in agent["spans"]] == [61_500 * 10_000 // 187_420]
    assert agent["spans"][0][2] is True
    assert first["measures"] == [102_000 * 10_000 // 187_420]


def test_a_recording_without_waveform_has_its_search_or_a_line() -> None:
    assert "search" in str(drawn()[1]["legend"])
    sections = full(archives.small())["sections"]
    bare = [block for section in sections for block in section["blocks"] if block["b"] == "wave"]
    assert [channel["svg"] for channel in bare[0]["channels"]] == [""]
