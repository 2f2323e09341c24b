"""Searching and drawing in one decoding: neither disturbs the other, within limits of time and memory."""

import subprocess
import time
from pathlib import Path

import numpy as np
import pytest

from evidence.media.search import Announcement, Heard, SearchProcess
from evidence.model.noticesearch import NoticeSearch
from evidence.model.waveform import Drawing
from tests.media import wav
from tests.media.confinement import LINUX, resident
from tests.media.searching import PEAK, searched
from tests.media.test_search import bad
from tests.requirements import need


@pytest.mark.parametrize("seconds", [1, 120, None])
def test_one_decoding_for_both(
    seconds: int | None, call: Path, notice: Announcement, searcher: SearchProcess
) -> None:
    """The search finds what it finds without drawing; all of the recording is drawn, however much is searched."""
    told: list[float] = []
    with call.open("rb") as file:
        heard = searcher.hear(file, None, call.name, [notice], seconds, progress=told.append)
        alone = searcher.hear(file, None, call.name, None)
    assert heard.search == searched(searcher, call, notice, seconds=seconds)
    assert (alone.search, alone.drawing) == (None, heard.drawing)
    assert told == sorted(told)
    drawing = heard.drawing
    assert drawing is not None
    assert (drawing.algorithm, drawing.problems, len(drawing.channels)) == ("evidence_waveform_1", (), 2)
    both = np.frombuffer(call.read_bytes()[44:], "<i2").reshape(-1, 2)
    assert drawing.columns == -(-len(both) * 100 // 8000)
    for channel, sound in zip(drawing.channels, both.T, strict=True):
        assert max(channel) == int(int(np.abs(sound.astype(int)).max()) * 255 / 32768 + 0.5)


def test_what_becomes_of_the_drawing_leaves_the_search_alone(call: Path, notice: Announcement) -> None:
    modes = {"searched_only": "crashed", "drawn_oddly": "crashed", "drawn_twice": "crashed"}
    for mode, problem in {**modes, "hang_drawing": "timeout"}.items():
        with bad(mode, timeout=1) as process, call.open("rb") as file:
            heard = process.hear(file, None, call.name, [notice])
            assert heard.search == NoticeSearch("a-1", 1000, True), mode
            assert heard.drawing == Drawing(problems=(problem,)), mode
            assert process.process_id is None


def test_no_drawing_without_a_process(call: Path) -> None:
    with bad("no_start") as process, call.open("rb") as file:
        assert process.hear(file, None, call.name, None) == Heard(None, Drawing(problems=("not_started",)))


def test_hours_are_drawn_as_far_as_time_allows(tmp_path: Path) -> None:
    """What was found before stands."""
    path = tmp_path / "bomb.flac"
    source = ["-f", "lavfi", "-i", "anullsrc=r=8000:cl=7.1", "-t", "36000", "-frame_size", "32768"]
    subprocess.run([need("ffmpeg"), "-v", "error", *source, path], check=True)
    started = time.monotonic()
    with SearchProcess(timeout=0.7) as process, path.open("rb") as file:
        process.start()
        time.sleep(1)
        heard = process.hear(file, None, path.name, [], 10)
        assert time.monotonic() - started < 5
        assert resident(process.process_id) < PEAK
    assert (heard.search and (heard.search.searched_ms, heard.search.problems)) == (10_000, ())
    assert heard.drawing is not None
    assert heard.drawing.problems == ("timeout",)
    assert 10_000 < heard.drawing.columns * heard.drawing.column_ms < 36_000_000


@LINUX
def test_ten_hours_in_little_memory(tmp_path: Path) -> None:
    path = tmp_path / "long.wav"
    size = 10 * 3600 * 8000
    with path.open("wb") as file:
        file.write(wav.riff(wav.form(wav.MULAW, width=1), wav.chunk(b"data", b"", size)))
        file.truncate(file.tell() + size)  # byte 0 is the loudest there is
    with SearchProcess() as process, path.open("rb") as file:
        heard = process.hear(file, None, path.name, None)
        status = Path(f"/proc/{process.process_id}/status").read_text(encoding="ascii")
    assert heard.drawing is not None
    assert heard.drawing.columns * heard.drawing.column_ms - 36_000_000 in range(heard.drawing.column_ms)
    assert set(heard.drawing.channels[0]) == {250}  # -32124, G.711's loudest
    assert int(status.partition("VmHWM:")[2].split()[0]) * 1024 < PEAK
