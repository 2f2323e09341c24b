"""What the screen does besides what plain commands do: refusals, conflicts, moves that aren't saved, playing."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from textual.pilot import Pilot

from evidence.operations import incidents
from evidence.operations.listening import Player
from evidence.operations.opening import open_vault
from evidence.operations.seams import Seams
from tests.cli.review.scene import documents, press, pressed, review, screen_of, text_of, told
from tests.journeys.desk import NUMBER, Desk, snapshot


@contextmanager
def held(desk: Desk) -> Iterator[None]:
    """Another program is at work on the incident."""
    ready, done = threading.Event(), threading.Event()

    def work() -> None:
        seams = Seams()
        with open_vault(desk.vault, seams) as vault, incidents.editing(vault, desk.folder(), seams):
            ready.set()
            done.wait(60)

    thread = threading.Thread(target=work)
    thread.start()
    try:
        assert ready.wait(60)
        yield
    finally:
        done.set()
        thread.join()


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        (["j", "j", "a"], "this is a marker: e corrects it"),
        (["w"], "this is only a suggestion"),
        (["c"], "this is only a suggestion"),
        (["enter"], "nothing was moved"),
        (["u"], "only a move that isn't saved and a rejection can be undone"),
        (["r", "enter", "r", "enter"], "suggestion 1 was rejected already"),
        (["j", "j", "w", "enter"], "it isn't said why the marker is withdrawn"),
        (["j", "j", "w", "type:x", "enter", "["], "isn't moved"),
        (["j", "j", "w", "type:x", "enter", "e"], "is withdrawn (by Левко"),
        (["n", "enter"], "it isn't said what is asserted"),
        (["n", "clear", "type:9:00", "tab", "tab", "type:insult", "enter"], "after the end"),
        (["e", "clear", "type:x", "enter"], "is no position"),
        (["e", "tab", "clear", "type:0:01", "enter"], "would end before it starts"),
        (["e", "tab", "tab", "clear", "type:x", "enter"], "there is no class"),
        (["e", *["tab"] * 4, "clear", "type:9", "enter"], "has no channel 9"),
    ],
)
def test_what_cannot_be_is_told_and_changes_nothing(desk: Desk, keys: list[str], said: str) -> None:
    async def act(pilot: Pilot[None]) -> None:
        for key in keys[:-1]:
            await press(pilot, key)
        before = documents(desk)
        await press(pilot, keys[-1])
        assert said in told(pilot)
        assert documents(desk) == before

    review(desk, act)


@pytest.mark.parametrize(
    "keys", [["a"], ["r", "enter"], ["j", "j", "]", "enter"], ["j", "j", "w", "type:x", "enter"]]
)
def test_what_another_program_holds_is_left_alone(desk: Desk, keys: list[str]) -> None:
    async def act(pilot: Pilot[None]) -> None:
        await press(pilot, *keys[:-1])
        before = snapshot(desk.folder())
        with held(desk):
            await press(pilot, keys[-1])
            assert "another program is at work on the incident" in told(pilot)
        assert snapshot(desk.folder()) == before
        await press(pilot, keys[-1])
        assert "another program" not in told(pilot)
        assert snapshot(desk.folder()) != before

    review(desk, act)


def test_what_another_program_changed_is_shown_before_it_is_acted_on(desk: Desk) -> None:
    async def act(pilot: Pilot[None]) -> None:
        await press(pilot, "j", "j")
        desk.do("mark", "edit", NUMBER, "1", "--words", "зовсім інше")
        before = documents(desk)
        await press(pilot, "c")
        assert "another program has changed this meanwhile" in told(pilot)
        assert "зовсім інше" in text_of(pilot)
        assert documents(desk) == before
        await press(pilot, "c")
        assert documents(desk)["markers"]["markers"][0]["reviewed_by"] == "Левко"
        desk.do("mark", "reject", NUMBER, "2")
        await press(pilot, "j", "a")
        assert "another program has changed this meanwhile" in told(pilot)

    review(desk, act)


def test_an_incident_that_is_sealed_meanwhile_is_not_changed(desk: Desk) -> None:
    async def act(pilot: Pilot[None]) -> None:
        desk.do("seal", NUMBER)
        before = snapshot(desk.vault)
        await press(pilot, "a")
        assert "is sealed" in told(pilot)
        assert snapshot(desk.vault) == before

    review(desk, act)


def test_a_folder_that_is_broken_meanwhile_is_told(desk: Desk) -> None:
    async def act(pilot: Pilot[None]) -> None:
        (desk.folder() / "markers.json").write_text("{", encoding="utf-8")
        for keys in (["a"], ["r", "enter", "escape"], ["j", "j", "]", "enter"]):
            await press(pilot, *keys)
            assert "markers.json" in told(pilot)

    review(desk, act)


def test_moves_are_not_saved_until_they_are(desk: Desk) -> None:
    before = documents(desk)

    async def act(pilot: Pilot[None]) -> None:
        state = screen_of(pilot).state
        await press(pilot, "j", "j", "[", "[", "j", "[", "k")
        assert sorted(state.moved.values()) == [(4800, 6000), (7100, 9600)]
        assert documents(desk) == before
        await press(pilot, "q")
        assert "2 places were moved and aren't saved" in told(pilot)
        await press(pilot, "u")
        assert list(state.moved.values()) == [(7100, 9600)]
        await press(pilot, "q")
        assert pilot.app.is_running

    review(desk, act)
    assert documents(desk) == before


def test_many_moves_are_one_correction(desk: Desk) -> None:
    pressed(desk, "j", "j", *["]"] * 12, *["["] * 7, "enter")
    (correction,) = documents(desk)["markers"]["markers"][0]["corrections"]
    assert correction["was"] == {"start_ms": 5000, "end_ms": 6000}


def test_edges_stay_in_order_and_in_the_recording(desk: Desk) -> None:
    async def act(pilot: Pilot[None]) -> None:
        state = screen_of(pilot).state
        await press(pilot, "j", "j")
        item = state.selected
        assert item is not None
        await pilot.press(*["{"] * 15)
        assert state.edges(item) == (5900, 6000)
        await pilot.press(*["}"] * 15)
        assert state.edges(item) == (5900, 6000)
        state.move_edge(item, "start", -5850)
        await pilot.press("[")
        assert state.edges(item) == (0, 6000)
        state.move_edge(item, "end", 4900)
        await pilot.press("]")
        assert state.edges(item) == (0, 10_935)
        await press(pilot, "enter")
        assert documents(desk)["markers"]["markers"][0]["end_ms"] == 10_935

    review(desk, act)


def test_oneself_is_told_of_confirming_oneself(desk: Desk) -> None:
    async def act(pilot: Pilot[None]) -> None:
        await press(pilot, "end", "c")
        assert "another person's confirmation weighs more" in told(pilot)

    review(desk, act)


# Playing


def a_player(folder: Path, seconds: float = 0.0) -> tuple[Player, Path]:
    """A player that keeps what it is given to play, and takes its time."""
    heard = folder / "heard.wav"
    code = (
        "import sys, time; data = sys.stdin.buffer.read(); open(sys.argv[1], 'wb').write(data);"
        "time.sleep(float(sys.argv[2]))"
    )
    return Player(sys.executable, ("-c", code, str(heard), str(seconds))), heard


async def until(pilot: Pilot[None], words: str) -> None:
    """Wait for words on the screen."""
    for _ in range(400):
        if words in told(pilot):
            return
        await pilot.pause(0.05)
    raise AssertionError(text_of(pilot))


def test_the_chosen_one_is_played_from_a_second_ahead(desk: Desk, tmp_path: Path) -> None:
    player, heard = a_player(tmp_path, 2.0)

    async def act(pilot: Pilot[None]) -> None:
        await press(pilot, "j", "j", "space")
        assert "playing 0:04.000 0:06.000" in told(pilot)  # as told leaves it
        for _ in range(400):
            if not screen_of(pilot).sound.is_playing:
                break
            await pilot.pause(0.05)
        await pilot.pause()
        assert "playing" not in told(pilot)

    review(desk, act, player=player)
    assert heard.stat().st_size == 44 + 2 * 8000 * 2 * 2  # two seconds of two channels of 16 bits


def test_playing_is_stopped(desk: Desk, tmp_path: Path) -> None:
    player, heard = a_player(tmp_path, 600.0)

    async def act(pilot: Pilot[None]) -> None:
        await press(pilot, "o")
        for _ in range(400):
            if heard.exists() and heard.stat().st_size:
                break
            await pilot.pause(0.05)
        await press(pilot, "o")
        await until(pilot, "stopped")
        assert not screen_of(pilot).sound.is_playing
        await press(pilot, "p")

    review(desk, act, player=player)
    assert children() == []


def children() -> list[str]:
    """Processes that this one began and that still run."""
    listed = subprocess.run(
        ["ps", "--ppid", str(os.getpid()), "-o", "stat=,args="], capture_output=True, text=True, check=False
    )
    return [row for row in listed.stdout.splitlines() if "heard.wav" in row and not row.startswith("Z")]


def test_a_player_that_plays_nothing_is_no_proof_that_it_was_heard(desk: Desk, tmp_path: Path) -> None:
    player, _heard = a_player(tmp_path)

    async def act(pilot: Pilot[None]) -> None:
        await press(pilot, "end", "space")
        await until(pilot, "the player couldn't play it")
        assert "listen from 0:05.000 to 0:10.935" in told(pilot)

    review(desk, act, player=player)


def test_without_a_player_the_place_is_told(desk: Desk) -> None:
    async def act(pilot: Pilot[None]) -> None:
        await press(pilot, "space")
        assert "no player here listen from 0:00.240 to 0:01.690 in" in told(pilot)

    review(desk, act)
