"""Drawings of sound: every column is where it belongs, whatever the width and the length."""

import io
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.cli import waveform
from evidence.cli.waveform import Mark, Style

PLAIN = Style("12345678", "-", "=", "_")
widths = st.integers(20, 250)
lengths = st.integers(1, 604_800_000)
places = st.integers(-604_800_000, 604_800_000)


def test_levels_rise_with_the_peak() -> None:
    row = waveform.loudness(bytes(range(256)), 256, PLAIN.levels)
    assert row[0] == " "
    assert list(row[1:]) == sorted(row[1:])
    assert set(row[1:]) == set("12345678")
    assert row[-1] == "8"


def test_the_loudest_of_a_column_counts() -> None:
    peaks = bytearray(600)
    peaks[599] = 255
    assert waveform.loudness(bytes(peaks), 60, PLAIN.levels) == " " * 59 + "8"
    assert waveform.loudness(b"\xff\x00", 6, PLAIN.levels) == "888   "


@given(st.binary(min_size=1, max_size=700), widths)
def test_every_column_is_drawn_and_no_peak_is_lost(peaks: bytes, width: int) -> None:
    row = waveform.loudness(peaks, width, PLAIN.levels)
    assert len(row) == width
    highest = waveform.loudness(bytes([max(peaks)]), 1, PLAIN.levels)
    assert max(row, key=" 12345678".index) == highest


def test_a_mark_lies_under_its_place() -> None:
    mark = Mark(10_000, 20_000, 14_000, 18_000, "0:10")
    assert waveform.marked(mark, 100_000, 100, PLAIN) == " " * 10 + "----====-- 0:10"


def test_a_mark_at_the_edge_has_its_label_before_it() -> None:
    mark = Mark(90_000, 100_000, 95_000, 96_000, "x")
    assert waveform.marked(mark, 100_000, 50, PLAIN) == " " * 43 + "x --=--"


def test_what_began_before_the_recording_is_cut_off_there() -> None:
    mark = Mark(-4000, 2000, 0, 1000)
    assert waveform.marked(mark, 10_000, 20, PLAIN) == "==--"


@given(places, places, places, places, lengths, widths, st.text("абв", max_size=40))
def test_any_mark_fits(  # noqa: PLR0917
    begin: int, end: int, clause: int, clause_end: int, length: int, width: int, label: str
) -> None:
    row = waveform.marked(Mark(begin, end, clause, clause_end, label), length, width, PLAIN)
    assert len(row) <= width
    assert "=" in row


def test_the_axis_of_two_minutes() -> None:
    row = waveform.axis(120_000, 72)
    assert row.split() == ["0:00", "0:20", "0:40", "1:00", "1:20", "1:40"]
    assert [row.index(time) for time in row.split()] == [0, 12, 24, 36, 48, 60]


@given(lengths, widths)
def test_every_time_on_the_axis_stands_below_its_moment(length: int, width: int) -> None:
    row = waveform.axis(length, width)
    assert len(row) <= width
    assert row.startswith("0:00")
    times = row.split()
    assert len(times) >= 2 or length < 1200 or width < 40  # 0:01 needs room behind its moment
    column = 0
    for time in times:
        column = row.index(time, column)
        seconds = 0
        for part in time.split(":"):
            seconds = seconds * 60 + int(part)
        assert column == seconds * 1000 * width // length


def test_pieces_show_what_was_heard_and_the_clause() -> None:
    scores = [
        (1000, True, False),
        (310, False, False),
        (600, True, True),
        (700, True, True),
        (990, True, False),
    ]
    assert waveform.pieces(scores, 40, PLAIN) == "8_[56]8"


def test_a_clause_at_the_end_is_closed() -> None:
    assert waveform.pieces([(0, True, True)], 40, PLAIN) == "[1]"
    assert waveform.pieces([], 40, PLAIN) == ""


@given(st.lists(st.tuples(st.integers(0, 1000), st.booleans(), st.booleans()), max_size=1300), widths)
def test_many_pieces_fit_and_the_worst_is_seen(scores: list[tuple[int, bool, bool]], width: int) -> None:
    clause = [(score, heard, 3 <= place < 9) for place, (score, heard, _part) in enumerate(scores)]
    row = waveform.pieces(clause, width, PLAIN)
    assert len(row) <= width
    assert ("_" in row) == any(not heard for _score, heard, _part in scores)


@pytest.mark.parametrize(("encoding", "loudest"), [("utf-8", "█"), ("ascii", "@"), ("cp1251", "@")])
def test_characters_are_those_that_the_output_has(
    encoding: str, loudest: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(io.BytesIO(), encoding))
    chosen = waveform.style()
    assert chosen.levels[-1] == loudest
    assert len(set(chosen.levels)) == 8
    f"{chosen.levels}{chosen.whole}{chosen.clause}{chosen.missing}".encode(encoding)


def test_scores_that_no_program_finds_are_drawn_at_the_ends() -> None:
    scores = [(-604_800_000, True, True), (604_800_000, True, True)]
    assert waveform.pieces(scores, 40, PLAIN) == "[18]"
