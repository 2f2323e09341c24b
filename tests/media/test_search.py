"""The search process: what it finds in whole recordings, and what becomes of one that misbehaves."""

import importlib.util
import os
import signal
import subprocess
import time
from pathlib import Path

import numpy as np
import pytest

from evidence.media import child
from evidence.media.search import Announcement, SearchProcess, words
from evidence.model.noticesearch import FOUND, NOT_DETECTED, PROBLEMS, NoticeSearch
from tests.media import speech, wav
from tests.media.confinement import BAD, gone, resident
from tests.media.searching import AT, PEAK, announcement, samples, searched
from tests.requirements import need

CALL = wav.riff(wav.form(), wav.chunk(b"data", wav.noise(16000)))


# What it finds


CODED: dict[str, tuple[str, ...]] = {
    "call.wav": (),
    "mulaw.wav": ("-c:a", "pcm_mulaw"),
    "call.opus": ("-c:a", "libopus", "-mapping_family", "255"),
    "call.mp3": ("-b:a", "64k", "-joint_stereo", "0"),
    "call.m4a": ("-c:a", "aac", "-b:a", "64k"),
}


@pytest.mark.parametrize("name", CODED)
def test_the_notice_in_its_channel(
    name: str,
    call: Path,
    notice: Announcement,
    tmp_path: Path,
    searcher: SearchProcess,
) -> None:
    path = tmp_path / name
    subprocess.run([need("ffmpeg"), "-v", "error", "-i", call, *CODED[name], path], check=True)
    found = searched(searcher, path, notice)
    first, second = found.matches
    assert (first.version, first.channel, first.result) == ("v1", 0, NOT_DETECTED)
    assert (second.version, second.channel, second.result) == ("v1", 1, FOUND)
    assert second.at_ms is not None
    assert abs(second.at_ms - 1000 * AT) <= 10
    assert (found.channels, found.is_whole, found.problems) == (2, True, ())
    assert abs(found.searched_ms - (call.stat().st_size - 44) // 32) <= 130
    assert found.algorithm.startswith("evidence-")


def test_waveform_of_both_channels(call: Path, searcher: SearchProcess) -> None:
    found = searched(searcher, call)
    assert (found.channels, found.matches, found.problems) == (2, (), ())
    assert found.waveform is not None
    columns = [round(AT * 1000) // found.waveform.column_ms]
    assert set(found.waveform.channels[1][: columns[0]]) == {0}
    assert max(found.waveform.channels[1][columns[0] :]) > 50
    assert max(found.waveform.channels[0][: columns[0]]) > 50


def test_only_the_beginning(call: Path, notice: Announcement, searcher: SearchProcess) -> None:
    found = searched(searcher, call, notice, seconds=2)
    assert (found.searched_ms, found.is_whole, found.problems) == (2000, False, ())
    assert found.matches[1].result != FOUND
    with call.open("rb") as file:
        short = searcher.search(file.fileno(), 44 + 32000, "", [])
    assert (short.searched_ms, short.is_whole) == (1000, True)


def test_versions_in_the_order_asked_for(
    call: Path, notice: Announcement, tmp_path: Path, searcher: SearchProcess
) -> None:
    other = tmp_path / "other.sln"
    other.write_bytes(speech.pcm()[:48000])
    found = searched(searcher, call, announcement(other, 100, 900, "v0"), notice)
    places = [(match.version, match.channel) for match in found.matches]
    assert places == [("v0", 0), ("v0", 1), ("v1", 0), ("v1", 1)]
    assert [match.result for match in found.matches if match.channel == 0] == [FOUND, NOT_DETECTED]
    assert found.matches[3].result == FOUND


def test_progress_is_told(tmp_path: Path, notice: Announcement, searcher: SearchProcess) -> None:
    path = tmp_path / "long.wav"
    path.write_bytes(wav.riff(wav.form(), wav.chunk(b"data", bytes(2 * 8000 * 120))))
    told: list[float] = []
    with path.open("rb") as file:
        searcher.search(file, None, path.name, [notice], None, progress=told.append)
    assert len(told) > 3
    assert told == sorted(set(told))
    assert 0 < told[0] < 0.5 < told[-1] <= 1


# Announcements that can't be used


def test_unusable_announcements(
    call: Path, notice: Announcement, tmp_path: Path, searcher: SearchProcess
) -> None:
    """The others are searched for all the same."""
    text = tmp_path / "text.wav"
    text.write_text("This call is recorded.")
    link = tmp_path / "link.wav"
    link.symlink_to(notice.path)
    unusable = [
        Announcement("a", notice.path, bytes(32), 0, 1000),
        Announcement("b", tmp_path / "missing.wav", bytes(32), 0, 1000),
        announcement(text, name="c"),
        announcement(link, name="d"),
        announcement(notice.path, 60_000, 61_000, "e"),
        announcement(notice.path, 1000, 1000, "f"),
        announcement(notice.path, -5, 1000, "g"),
    ]
    for one in unusable:
        found = searched(searcher, call, one, notice)
        assert found.problems == ("announcement_unreadable",), one
        assert [match.version for match in found.matches] == ["v1", "v1"]
        assert found.matches[1].result == FOUND


def test_announcements_are_handed_over_once(call: Path, notice: Announcement, tmp_path: Path) -> None:
    """The process goes on with the bytes whose digest was right; a new one doesn't get others."""
    copy = tmp_path / "copy.wav"
    copy.write_bytes(notice.path.read_bytes())
    one = announcement(copy, 0, 2000)
    with SearchProcess() as process:
        assert searched(process, call, one).matches[1].result == FOUND
        copy.write_bytes(CALL)
        assert searched(process, call, one).matches[1].result == FOUND
        assert searched(process, call, notice).problems == ()
        assert searched(process, call, one).problems == ("announcement_unreadable",)


# Recordings that can't be searched


def test_what_is_no_recording(tmp_path: Path, notice: Announcement, searcher: SearchProcess) -> None:
    for data, problem in ((b"", "no_sound"), (b"%PDF-1.7 and so on", "not_decodable")):
        path = tmp_path / "a.wav"
        path.write_bytes(data)
        found = searched(searcher, path, notice)
        assert (found.channels, found.matches, found.waveform, found.problems) == (0, (), None, (problem,))
    reading, writing = os.pipe()
    try:
        assert searcher.search(reading, None, "", [notice]).problems == ("unreadable",)
    finally:
        os.close(reading)
        os.close(writing)
    assert searcher.search(reading, None, "", [notice]).problems == ("unreadable",)


def test_a_name_says_what_has_no_header(
    tmp_path: Path, notice: Announcement, searcher: SearchProcess
) -> None:
    path = tmp_path / "call.sln"
    path.write_bytes(np.concatenate([np.zeros(800, np.int16), samples(notice.path)]).astype("<i2").tobytes())
    (match,) = searched(searcher, path, notice).matches
    assert match.result == FOUND
    assert match.at_ms is not None
    assert abs(match.at_ms - 100) <= 10


@pytest.mark.parametrize("seconds", [120, None])
def test_hours_in_a_small_file(seconds: int | None, tmp_path: Path, notice: Announcement) -> None:
    """Two hours of nothing in a FLAC of some hundred kilobytes: as much as there is time for."""
    path = tmp_path / "bomb.flac"
    source = ["-f", "lavfi", "-i", "anullsrc=r=8000:cl=mono", "-t", "7200", "-frame_size", "32768"]
    subprocess.run([need("ffmpeg"), "-v", "error", *source, path], check=True)
    assert path.stat().st_size < 2**20
    started = time.monotonic()
    with SearchProcess(timeout=6) as process:
        found = searched(process, path, notice, seconds=seconds)
        assert time.monotonic() - started < 8
        assert resident(process.process_id) < PEAK
    assert not found.is_whole
    if seconds:
        assert (found.searched_ms, found.problems) == (120_000, ())
    else:
        assert found.searched_ms > 120_000
        assert found.problems == ("timeout",)
        assert len(found.matches) == 1


def test_without_the_extra(call: Path, notice: Announcement, monkeypatch: pytest.MonkeyPatch) -> None:
    """No process is started where there is nothing that it could decode with."""
    real = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "av" else real(name))
    with SearchProcess() as process:
        process.start()
        assert process.process_id is None
        assert searched(process, call, notice) == NoticeSearch(problems=("no_media",))
        assert process.process_id is None


def test_each_problem_has_words() -> None:
    assert len({words(problem) for problem in PROBLEMS}) == len(PROBLEMS)


# What misbehaves


def bad(mode: str, timeout: float = 10.0) -> SearchProcess:
    command = child.worker_command()
    return SearchProcess(timeout, [*command[:3], str(BAD), mode, *command[6:]])


@pytest.mark.parametrize(
    ("mode", "problem"),
    [
        ("crash", "crashed"),
        ("cpu_limit", "timeout"),
        ("alarm", "timeout"),
        ("not_json", "crashed"),
        ("wrong_number", "crashed"),
        ("other_version", "crashed"),
        ("too_few", "crashed"),
        ("endless", "crashed"),
        ("unlearned", "crashed"),
        ("flood", "crashed"),
        ("deaf", "crashed"),
        ("no_start", "not_started"),
    ],
)
def test_misbehaviour_is_a_finding(mode: str, problem: str, call: Path, notice: Announcement) -> None:
    with bad(mode) as process:
        assert searched(process, call, notice) == NoticeSearch(problems=(problem,))
        assert process.process_id is None


@pytest.mark.parametrize(("mode", "problem"), [("hang", "timeout"), ("unready", "not_started")])
def test_hang_is_a_finding(mode: str, problem: str, call: Path, notice: Announcement) -> None:
    started = time.monotonic()
    with bad(mode, timeout=0.4) as process:
        process.start()
        pid = process.process_id
        assert searched(process, call, notice).problems == (problem,)
    assert time.monotonic() - started < 3
    assert pid is not None
    assert gone(pid)


def test_no_process_to_be_had(call: Path, notice: Announcement) -> None:
    with SearchProcess(command=["/nonexistent"]) as process:
        assert searched(process, call, notice).problems == ("not_started",)


def test_the_next_recording_gets_another_process(call: Path, notice: Announcement) -> None:
    """Which is taught the announcements again."""
    with SearchProcess() as process:
        assert searched(process, call, notice).matches[1].result == FOUND
        first = process.process_id
        assert first is not None
        os.kill(first, signal.SIGKILL)
        os.waitid(os.P_PID, first, os.WEXITED | os.WNOWAIT)
        assert searched(process, call, notice).matches[1].result == FOUND
        assert process.process_id not in {None, first}
