"""The search process: what it finds in whole recordings, what becomes of one that misbehaves, what it may do."""

import importlib.util
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from evidence import digests
from evidence.media import child
from evidence.media.search import Announcement, Heard, SearchProcess, words
from evidence.model.noticesearch import FOUND, NOT_DETECTED, PROBLEMS, NoticeSearch
from evidence.model.waveform import Drawing
from tests.media import speech, wav
from tests.media.test_landlock import version
from tests.media.test_probe import BAD, LINUX, confined, descriptors, gone, resident
from tests.requirements import SOUNDS, need, need_file

CALL = wav.riff(wav.form(), wav.chunk(b"data", wav.noise(16000)))
AT = 2.1
"""Seconds into the call at which the announcement begins."""
PEAK = 200 * 2**20


@pytest.fixture(scope="module")
def searcher() -> Iterator[SearchProcess]:
    with SearchProcess() as process:
        yield process


@pytest.fixture(scope="module")
def notice(tmp_path_factory: pytest.TempPathFactory) -> Announcement:
    """A true notice that calls are recorded; all of it is the key clause."""
    folder = need_file(SOUNDS / "ru_RU_f_IvrvoiceRU", "asterisk-core-sounds-ru-wav")
    path = tmp_path_factory.mktemp("notices") / "notice.wav"
    path.write_bytes((folder / "conf-now-recording.wav").read_bytes())
    return announcement(path, 0, 2000)


def announcement(path: Path, start: int = 0, end: int = 1000, name: str = "v1") -> Announcement:
    return Announcement(name, path, digests.sha256(path.read_bytes()), start, end)


def samples(path: Path) -> NDArray[np.int16]:
    """Of a WAV file, by sox."""
    command = [need("sox"), str(path), "-t", "raw", "-e", "signed", "-b", "16", "-r", "8000", "-"]
    return np.frombuffer(subprocess.run(command, check=True, capture_output=True).stdout, np.int16)


@pytest.fixture(scope="module")
def call(notice: Announcement, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Speech in the first channel; in the second the notice, from AT on, and then other speech."""
    heard = samples(notice.path)
    first = np.frombuffer(speech.pcm(), np.int16)
    second = np.concatenate([np.zeros(round(AT * 8000), np.int16), heard, first])
    both = np.zeros((second.size, 2), np.int16)
    both[: first.size, 0], both[:, 1] = first, second
    path = tmp_path_factory.mktemp("calls") / "call.wav"
    path.write_bytes(wav.riff(wav.form(channels=2), wav.chunk(b"data", both.astype("<i2").tobytes())))
    return path


def searched(
    process: SearchProcess, path: Path, *announcements: Announcement, seconds: int | None = 120
) -> NoticeSearch:
    with path.open("rb") as file:
        found = process.search(file, None, path.name, announcements, seconds)
        assert file.tell() == 0
    return found


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


# Drawing


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
    source = ["-f", "lavfi", "-i", "anullsrc=r=8000:cl=mono", "-t", "36000", "-frame_size", "32768"]
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


# What it may do


@LINUX
def test_what_it_holds_and_may(call: Path, notice: Announcement, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EVIDENCE_PASSPHRASE_FILE", "/run/secret-passphrase")
    with SearchProcess() as process:
        assert searched(process, call, notice).problems == ()
        folder = Path(f"/proc/{process.process_id}")
        assert {int(path.name) for path in (folder / "fd").iterdir()} == {0, 1, 2}
        assert (folder / "cwd").readlink() == Path("/")
        names = {
            entry.partition(b"=")[0] for entry in (folder / "environ").read_bytes().split(b"\0") if entry
        }
        assert names <= {b"OPENBLAS_NUM_THREADS", b"LD_LIBRARY_PATH", b"LC_CTYPE"}
        limits = (folder / "limits").read_text(encoding="ascii")
        status = (folder / "status").read_text(encoding="ascii")
        commands = (folder / "cmdline").read_bytes()
    rows = {line[:26].strip(): line[26:].split()[:2] for line in limits.splitlines()}
    assert rows["Max file size"] == rows["Max core file size"] == rows["Max processes"] == ["0", "0"]
    assert rows["Max address space"] == [str(512 * 2**20)] * 2
    assert rows["Max open files"] == ["16", "16"]
    assert "Threads:\t1\n" in status
    assert "NoNewPrivs:\t1\n" in status or version() < 1
    assert str(call).encode() not in commands
    assert b"secret" not in commands


@LINUX
@pytest.mark.parametrize("name", ["a.opus", "a.mp3", "a.m4a", "a.amr", "a.flac", "a.wav"])
def test_decoders_work_where_no_file_can_be_opened(name: str, tmp_path: Path, notice: Announcement) -> None:
    """Modules are imported on first need; what the confinement itself forbids is tested in test_landlock."""
    path = tmp_path / name
    _ = speech.sox(path, 1, "-t", "amr-nb") if name == "a.amr" else speech.ffmpeg(path, 1)
    code = f"""
from evidence.media.searchworker import Searcher
size = {path.stat().st_size}
request = {{"task": "announcement", "size": size, "hint": "", "place": 0, "start": 0, "end": 900}}
searcher = Searcher()
print(searcher.answer(request, file, print))
request = {{"task": "search", "size": size, "hint": "", "count": 1, "limit": 0, "budget": 60, "draws": 0}}
said = []
print(searcher.answer(request, file, said.append)["problems"], said[-1]["match"]["result"])
try:
    open({str(notice.path)!r})
except PermissionError:
    print("refused")
"""
    opened = f"file = open({str(path)!r}, 'rb'); from evidence.media import confine; confine.confine()"
    done = confined(code, before=opened)
    expected = "{'problems': []}\n[] found\n"
    assert done.stdout in {expected + "refused\n", expected}, done.stderr
    assert not done.stderr


# What it costs


@LINUX
def test_memory_of_a_long_search(notice: Announcement, tmp_path: Path) -> None:
    """Six minutes of two channels; more sound takes no more memory (see the benchmark of an hour)."""
    chance = np.random.default_rng(1)
    noise = chance.integers(-3000, 3000, 2 * 8000 * 360, np.int16).astype("<i2").tobytes()
    path = tmp_path / "long.wav"
    path.write_bytes(wav.riff(wav.form(channels=2), wav.chunk(b"data", noise)))
    with SearchProcess() as process:
        found = searched(process, path, notice, seconds=None)
        status = Path(f"/proc/{process.process_id}/status").read_text(encoding="ascii")
    assert (found.searched_ms, found.is_whole) == (360_000, True)
    assert {match.result for match in found.matches} == {NOT_DETECTED}
    assert int(status.partition("VmHWM:")[2].split()[0]) * 1024 < PEAK


@LINUX
def test_many_searches_leak_nothing(call: Path, notice: Announcement) -> None:
    with SearchProcess() as process:
        for _ in range(3):
            searched(process, call, notice)
        pid = process.process_id
        before = (resident(pid), descriptors(pid), descriptors(os.getpid()))
        for _ in range(12):
            assert searched(process, call, notice).matches[1].result == FOUND
        assert process.process_id == pid
        after = (resident(pid), descriptors(pid), descriptors(os.getpid()))
    assert before[1:] == after[1:]
    assert after[0] - before[0] < 4 * 2**20


def test_the_parent_imports_neither(call: Path) -> None:
    script = f"""
import sys
from evidence.media.search import SearchProcess
with SearchProcess() as process, open({str(call)!r}, "rb") as file:
    print(process.search(file, None, "", []).channels, "av" in sys.modules, "numpy" in sys.modules)
"""
    root = Path(str(importlib.util.find_spec("evidence").origin)).parents[1]  # type: ignore[union-attr]
    environment = {**os.environ, "PYTHONPATH": str(root)}
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False, env=environment
    )
    assert (done.stdout, done.stderr) == ("2 False False\n", "")
