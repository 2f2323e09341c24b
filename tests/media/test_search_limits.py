"""The search process: what it may do, and what it costs."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from evidence.media.search import Announcement, SearchProcess
from evidence.model.noticesearch import FOUND, NOT_DETECTED
from tests.media import speech, wav
from tests.media.confinement import LINUX, confined, descriptors, resident
from tests.media.searching import PEAK, searched
from tests.media.test_landlock import version


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
