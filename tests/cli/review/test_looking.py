"""What the screen shows, at every size, without colour, of whatever words."""

import asyncio
import json
import os
from collections.abc import Iterator

import pytest
from rich.cells import cell_len
from textual.pilot import Pilot

from evidence import messages
from evidence.cli.review.items import EVERYTHING
from tests.cli.review.scene import LARGE, SMALL, press, review, screen_of, screen_rows, text_of, told
from tests.journeys.desk import NUMBER, Desk
from tests.journeys.suggested import a_suggestion, suggest


@pytest.fixture(autouse=True)
def language() -> Iterator[None]:
    yield
    messages.set_language("en")


async def drawn(pilot: Pilot[None]) -> None:
    """Wait until the sound was decoded."""
    screen = screen_of(pilot)
    for _ in range(200):
        if any(wave.waveform for wave in screen._waves.values()):
            await pilot.pause()
            return
        await pilot.pause(0.05)
    raise AssertionError(text_of(pilot))


@pytest.mark.parametrize("size", [SMALL, LARGE])
@pytest.mark.parametrize("language_of", ["en", "uk"])
def test_everything_has_its_place(desk: Desk, size: tuple[int, int], language_of: str) -> None:
    messages.set_language(language_of)

    async def act(pilot: Pilot[None]) -> None:
        await drawn(pilot)
        await press(pilot, "j", "j")
        rows = screen_rows(pilot)
        assert len(rows) == size[1]
        assert {cell_len(row) for row in rows} == {size[0]}
        assert NUMBER in rows[0]
        assert "Левко" in rows[0]
        for channel in ("caller", "agent"):
            assert sum(row.startswith(channel) for row in rows) == 1
        chosen = [row for row in rows if row.startswith(">")]
        assert len(chosen) == 1
        assert "0:05.000-0:06.000" in chosen[0]
        assert "Я вас знайду" in chosen[0]
        assert messages.t("review.keys") in rows[-1]
        assert "漢字" in text_of(pilot)

    review(desk, act, size=size)


def test_a_suggestion_never_looks_like_a_marker(desk: Desk) -> None:
    async def act(pilot: Pilot[None]) -> None:
        rows = screen_rows(pilot)
        listed = {row[2:7].strip(): row for row in rows if row[2:3] in {"M", "?"} and row[3:4].isdigit()}
        assert sorted(listed) == ["?1", "?2", "?3", "M1", "M2"]
        assert all("?" in listed[number][25:40] for number in ("?1", "?2", "?3"))
        assert not any("?" in listed[number][25:40] for number in ("M1", "M2"))
        markers = next(row for row in rows if row.startswith("markers"))
        suggested = next(row for row in rows if row.startswith("suggested"))
        assert set(markers[11:]) <= {" ", "█"}
        assert set(suggested[11:]) <= {" ", "?"}
        assert "nobody's word yet" in text_of(pilot)
        events = next(row for row in rows if row.startswith("events"))
        # 69 columns of 10.935 s: the notice at 0.3 s, the warning at 9 s
        assert events[11:].rstrip() == " N" + " " * 54 + "!"

    review(desk, act)


@pytest.mark.parametrize("size", [(1, 1), (10, 3), (30, 8), (79, 23), (500, 200)])
def test_no_size_is_too_odd(desk: Desk, size: tuple[int, int]) -> None:
    async def act(pilot: Pilot[None]) -> None:
        await press(pilot, "j", "plus", "plus", "minus", "e", "escape", "question_mark", "escape", "end", "l")
        assert screen_of(pilot).state.selected is not None

    review(desk, act, size=size)


def test_the_screen_follows_the_size_of_the_terminal(desk: Desk) -> None:
    async def act(pilot: Pilot[None]) -> None:
        await drawn(pilot)
        low = len([row for row in screen_rows(pilot) if set(row[11:]) & set("▁▂▃▄▅▆▇")])
        await pilot.resize_terminal(*LARGE)
        await pilot.pause()
        high = len([row for row in screen_rows(pilot) if set(row[11:]) & set("▁▂▃▄▅▆▇")])
        assert high > low >= 2

    review(desk, act)


def test_hostile_words_are_harmless(desk: Desk) -> None:
    words = "\x1b[2J\u202eтовслив\u2066 [red]x[/red] \\ \x9b\x07 שלום"
    hostile = a_suggestion(500, 900, words, context=words * 3, entry=words, transcribed_by="\x1b]0;x\x07")
    suggest(desk.folder(), (hostile,))

    async def act(pilot: Pilot[None]) -> None:
        text = text_of(pilot)
        assert not {"\x1b", "\u202e", "\u2066", "\x9b", "\x07"} & set(text)
        assert "\\u{202e}" in text
        assert "[red]" in text
        await press(pilot, "e")
        text = text_of(pilot)
        assert not {"\x1b", "\u202e", "\u2066", "\x9b", "\x07"} & set(text)
        await press(pilot, "tab", "tab", "tab", "type:x", "enter")
        assert "can't be corrected in one line" in told(pilot)

    review(desk, act)


def test_without_colour_everything_is_told_by_characters(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")

    async def act(pilot: Pilot[None]) -> None:
        await press(pilot, "r", "enter", "j", "j", "[", "j", "j", "w", "type:x", "enter")
        styles = [
            segment.style
            for strip in pilot.app.screen._compositor.render_strips()
            for segment in strip
            if segment.style is not None
        ]
        assert all(style.color is None or style.color.is_default for style in styles)
        assert all(style.bgcolor is None or style.bgcolor.is_default for style in styles)
        text = text_of(pilot)
        for state in ("rejected", "undecided", "not saved", "withdrawn"):
            assert state in text
        assert "0:04.900-0:06.000*" in text

    try:
        review(desk, act)
    finally:
        os.environ.pop("NO_COLOR", None)


def test_filter_and_search_narrow_the_list(desk: Desk) -> None:
    async def act(pilot: Pilot[None]) -> None:
        screen = screen_of(pilot)
        counts = {}
        for _ in range(6):
            await press(pilot, "f")
            counts[screen.state.filter] = len(screen.state.shown)
        assert counts == {"open": 5, "markers": 2, "insult": 3, "profanity": 1, "threat": 1, EVERYTHING: 5}
        await press(pilot, "slash", "type:ДУРЕП", "enter")
        assert [item.number for item in screen.state.shown] == [2]
        await press(pilot, "slash", "clear", "type:немає такого", "enter")
        assert screen.state.selected is None
        assert "no markers and no suggestions here" in text_of(pilot)
        for key in ("a", "r", "e", "w", "c", "u", "space", "left_square_bracket", "enter", "j"):
            await press(pilot, key)
        await press(pilot, "slash", "clear", "enter")
        assert len(screen.state.shown) == 5

    review(desk, act)


def test_what_was_said_before_is_shown(desk: Desk) -> None:
    desk.do("mark", "edit", NUMBER, "1", "--words", "інше", "--reason", "краще чути")
    desk.do("mark", "confirm", NUMBER, "1", "--by", "Мирослава")

    async def act(pilot: Pilot[None]) -> None:
        await press(pilot, "j", "j")
        text = told(pilot)
        assert "before: words “Я вас знайду 漢字”; why: краще чути" in text
        assert "confirmed by Мирослава" in text

    review(desk, act)


def test_an_incident_of_thousands_stays_quick(desk: Desk) -> None:
    """A key is answered within half a second even with the most suggestions that there can be."""
    many = tuple(a_suggestion(number, number + 10, f"слово {number}") for number in range(10_000))
    suggest(desk.folder(), many)

    async def act(pilot: Pilot[None]) -> None:
        loop = asyncio.get_running_loop()
        begun = loop.time()
        for _ in range(10):
            await press(pilot, "j")
        assert (loop.time() - begun) / 10 < 0.5

    review(desk, act)


def test_no_recording_no_markers(desk: Desk) -> None:
    folder = desk.folder()
    for name in ("markers.json", "suggestions.json"):
        (folder / name).unlink()
    document = json.loads((folder / "incident.json").read_text(encoding="utf-8"))
    for recording in folder.glob("*.wav"):
        recording.unlink()
    for part in ("calls", "notice", "measures", "acquisitions", "exhibits"):
        document.pop(part, None)
    (folder / "incident.json").write_text(json.dumps(document), encoding="utf-8")

    async def act(pilot: Pilot[None]) -> None:
        assert "the incident holds no recording" in text_of(pilot)
        for key in ("n", "space", "o", "l", "plus", "tab", "f", "a", "end"):
            await press(pilot, key)

    review(desk, act)


def test_sound_that_cannot_be_decoded_leaves_the_rest(desk: Desk) -> None:
    (recording,) = desk.folder().glob("*.wav")
    recording.write_bytes(b"RIFF\x00\x00\x00\x00WAVEnothing of the kind")

    async def act(pilot: Pilot[None]) -> None:
        for _ in range(200):
            if "can't be drawn" in text_of(pilot):
                break
            await pilot.pause(0.05)
        assert "the sound can't be drawn: " in text_of(pilot)
        await press(pilot, "r", "enter")
        assert "rejected; u opens it again" in text_of(pilot)

    review(desk, act)
