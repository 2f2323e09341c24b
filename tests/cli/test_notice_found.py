"""What a search found, shown: which part was searched, the drawing, the table."""

import io
import sys
from collections.abc import Iterator
from dataclasses import replace

import pytest

from evidence import messages
from evidence.cli.notice_found import About, print_search
from evidence.model.notice import Added, KeyClause, Notice, Sound, StatedTime
from evidence.model.noticesearch import (
    FOUND,
    MOST_CHANNELS,
    NOT_DETECTED,
    PARTIAL,
    PROBLEMS,
    RESULTS,
    SIMILAR,
    Match,
    NoticeSearch,
    Segment,
    Waveform,
)
from evidence.model.recording import RecordingFacts

ONE, TWO = "7a40ed4c-6a3c-4a51-9a0e-7f1d6e2c9b35", "0b7c1f7e-2a44-4d53-8a41-5f1b0c0de0aa"
TIME = StatedTime("2026-01-01T00:00:00.000Z", "2026-01-01", "test")
NOTICE = Notice(
    id=ONE,
    language="uk",
    key_clause=KeyClause(3000, 5000),
    valid_from=TIME,
    approved_by="Наказ 1",
    added=Added("2026-01-01T00:00:00.000Z", "olena", "seal1", "0.2.0"),
    title="Вітання",
    sound=Sound("a.wav", "sound.wav", 1, bytes(32), RecordingFacts("wav", "pcm_s16le", 8000, 1, 48_000)),
)
SEGMENTS = tuple(Segment(at, at + 1000, 990, 0, at != 1000) for at in range(0, 6000, 1000))
MATCH = Match(ONE, 0, FOUND, 20_000, 833, 1000, 900, 900, 5_000, SEGMENTS)
NOTHING = Match(ONE, 1, NOT_DETECTED)
SEARCH = NoticeSearch(
    "evidence-notice-search-1",
    120_000,
    False,
    2,
    (MATCH, NOTHING),
    Waveform(1000, (bytes([255] * 120), bytes([0] * 60 + [9] * 60))),
)
ABOUT = About({ONE: NOTICE}, ("caller", "agent"), 187_420)

Capture = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def _wide(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("COLUMNS", "124")
    yield
    messages.set_language("en")


def shown(search: NoticeSearch, capsys: Capture, about: About = ABOUT) -> list[str]:
    print_search(search, about)
    return capsys.readouterr().out.splitlines()


def test_the_place_is_marked_below_the_sound(capsys: Capture) -> None:
    """120 columns of a second each: the announcement from 20 s on, its key clause 3 s later."""
    rows = shown(SEARCH, capsys)
    begin = rows.index("    channel 0 caller")
    assert rows[begin + 1] == "    " + "█" * 120
    assert rows[begin + 2] == "    " + " " * 20 + "──━━━─ Вітання 0:20.000"
    assert rows[begin + 3] == "    channel 1 agent"
    assert rows[begin + 4] == "    " + " " * 60 + "▂" * 60
    assert rows[begin + 5].startswith("    0:00 ")
    assert rows[begin + 5].index("0:30") == 4 + 30


def test_the_table(capsys: Capture) -> None:
    rows = [row.split() for row in shown(SEARCH, capsys)]
    assert ["0", "caller", "found", "0:20.000", "83", "%", "100", "%", "+0.50", "%"] in rows
    assert ["1", "agent", "not", "detected", "-", "-", "-", "-"] in rows
    assert ["“Вітання”", "(7a40ed4c)"] in rows
    assert ["pieces,", "[key", "clause]:", "█·█[██]█"] in rows


def test_columns_of_the_table_stand_below_each_other(capsys: Capture) -> None:
    rows = shown(SEARCH, capsys)
    heading = next(row for row in rows if "key clause  speed" in row)
    found = next(row for row in rows if " found " in row)
    assert found.index("0:20.000") == heading.index("begins at")
    assert found.index("+0.50") == heading.index("speed")


@pytest.mark.parametrize(
    ("change", "length", "told"),
    [
        ({}, 187_420, "searched: the first 120 s of 187.42 s; the rest was not searched"),
        ({}, None, "searched: the first 120 s; the rest was not searched"),
        ({"is_whole": True}, 120_000, "searched: all of it, 120 s"),
        ({"searched_ms": 0, "matches": (), "waveform": None}, 5, "searched: nothing"),
    ],
)
def test_which_part_was_searched_is_said(
    change: dict[str, object], length: int | None, told: str, capsys: Capture
) -> None:
    search = replace(SEARCH, **change)  # type: ignore[arg-type]
    assert f"    {told}" in shown(search, capsys, replace(ABOUT, length=length))


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_what_is_not_detected_is_explained(language: str, capsys: Capture) -> None:
    messages.set_language(language)
    means = messages.t("noticesearch.not_detected_means")
    assert any(means in row for row in shown(SEARCH, capsys))
    assert not any(means in row for row in shown(replace(SEARCH, matches=(MATCH,)), capsys))


@pytest.mark.parametrize("language", messages.LANGUAGES)
@pytest.mark.parametrize("result", RESULTS)
def test_every_result_has_a_word(result: str, language: str, capsys: Capture) -> None:
    messages.set_language(language)
    rows = shown(replace(SEARCH, matches=(replace(MATCH, result=result),)), capsys)
    assert any(messages.t(f"noticesearch.result_{result}") in row for row in rows)


@pytest.mark.parametrize("problem", [*PROBLEMS, "of_a_later_version"])
def test_problems_are_told(problem: str, capsys: Capture) -> None:
    rows = shown(NoticeSearch(problems=(problem,)), capsys)
    words = messages.t(f"media.search_problem_{problem}") if problem in PROBLEMS else problem
    assert f"    problem: {words}" in rows


def test_every_version_has_its_table_and_its_mark(capsys: Capture) -> None:
    second = replace(NOTICE, id=TWO, title="Друге")
    other = replace(MATCH, version=TWO, result=SIMILAR, at_ms=90_000)
    part = replace(MATCH, version=TWO, channel=1, result=PARTIAL, at_ms=-2000)
    rows = shown(
        replace(SEARCH, matches=(MATCH, NOTHING, other, part)), capsys, About({ONE: NOTICE, TWO: second})
    )
    assert [row.strip() for row in rows if row.strip().startswith("“")] == [
        "“Вітання” (7a40ed4c)",
        "“Друге” (0b7c1f7e)",
    ]
    assert any("-0:02.000" in row and "in part" in row for row in rows)
    assert sum("─" in row and "Друге" in row for row in rows) == 2


def test_a_version_that_is_not_known_is_named_by_its_id(capsys: Capture) -> None:
    rows = shown(SEARCH, capsys, About({}))
    assert any("“7a40ed4c” (7a40ed4c)" in row for row in rows)


@pytest.mark.parametrize("width", ["40", "80", "200", "9999"])
def test_no_row_is_wider_than_the_terminal(
    width: str, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", width)
    legend = "the rest of the announcement"
    drawn = [row for row in shown(SEARCH, capsys) if any(sign in row for sign in "█▂━") and legend not in row]
    assert drawn
    assert max(map(len, drawn)) <= int(width)
    assert max(map(len, drawn)) <= 240


def test_plain_characters_where_the_output_has_no_others(monkeypatch: pytest.MonkeyPatch) -> None:
    out = io.TextIOWrapper(io.BytesIO(), encoding="ascii", errors="backslashreplace")
    monkeypatch.setattr(sys, "stdout", out)
    print_search(SEARCH, ABOUT)
    out.flush()
    rows = out.buffer.getvalue().decode("ascii").splitlines()
    assert "    " + "@" * 120 in rows
    assert any(row.strip().startswith("--===-") for row in rows)


def test_hostile_names_stay_in_their_place(capsys: Capture) -> None:
    hostile = "\x1b[2J\u202eA\n" + " " * 300 + "  PASSED"
    about = About({ONE: replace(NOTICE, title=hostile)}, (hostile, hostile))
    rows = shown(replace(SEARCH, algorithm="x"), capsys, about)
    assert all(row.isprintable() for row in rows)
    assert not any(row.strip().startswith("PASSED") for row in rows)
    assert max(map(len, rows)) < 200


@pytest.mark.parametrize("speed", [-200_000, 200_000])
@pytest.mark.parametrize("at", [-604_800_000, 0, 604_800_000])
def test_extreme_places_and_speeds_are_drawn(at: int, speed: int, capsys: Capture) -> None:
    search = replace(SEARCH, matches=(replace(MATCH, at_ms=at, speed_ppm=speed),))
    assert any("━" in row for row in shown(search, capsys))


def test_a_faster_announcement_is_drawn_shorter(capsys: Capture) -> None:
    slow = replace(SEARCH, matches=(replace(MATCH, at_ms=0, speed_ppm=0),))
    fast = replace(SEARCH, matches=(replace(MATCH, at_ms=0, speed_ppm=200_000),))
    marks = [
        next(row for row in shown(search, capsys) if "━" in row and "Вітання" in row)
        for search in (slow, fast)
    ]
    assert [mark.count("━") + mark.count("─") for mark in marks] == [6, 5]


def test_an_empty_waveform_is_not_drawn(capsys: Capture) -> None:
    for drawn in (None, Waveform(1000, ()), Waveform(1000, (b"", b""))):
        rows = shown(replace(SEARCH, waveform=drawn), capsys)
        assert not any("━" in row for row in rows)
    rows = shown(replace(SEARCH, waveform=Waveform(1, (b"", b"\xff"))), capsys)
    assert sum(row.startswith("    channel ") for row in rows) == 1


def test_as_many_channels_as_can_be(capsys: Capture) -> None:
    many = tuple(replace(NOTHING, channel=channel) for channel in range(MOST_CHANNELS))
    drawn = Waveform(1000, (b"\x80",) * MOST_CHANNELS)
    rows = shown(replace(SEARCH, matches=many, waveform=drawn), capsys)
    assert sum("not detected  -" in row for row in rows) == MOST_CHANNELS
