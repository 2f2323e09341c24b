"""What the media process can't do with files where the kernel has Landlock: tried after its own confinement."""

import ctypes
import sys
from pathlib import Path

import pytest

from evidence.media import landlock
from tests.media import speech
from tests.media.confinement import BOTH, LINUX, confined

TRUNCATES = 3
"""The version of the interface from which it knows truncation (Linux 6.2)."""


def version() -> int:
    """The interface's version; -1 or 0 without it (system call 444 on every architecture, flag 1)."""
    return int(ctypes.CDLL(None).syscall(444, None, ctypes.c_size_t(0), 1)) if sys.platform == "linux" else 0


def needs(least: int) -> None:
    if version() < least:
        pytest.skip("this kernel has no such Landlock")


@LINUX
@pytest.mark.parametrize(
    "code",
    [
        "open({path!r})",
        "os.unlink({path!r})",
        "os.rename({path!r}, {path!r} + '.new')",
        "os.link({path!r}, {path!r} + '.new')",
        "os.mkdir({path!r} + '.new')",
        "os.listdir({folder!r})",
        "open('/proc/' + str(os.getppid()) + '/environ')",
        "open('/etc/passwd')",
    ],
)
@BOTH
def test_files_are_out_of_reach(before: str, code: str, tmp_path: Path) -> None:
    needs(1)
    path = tmp_path / "evidence.wav"
    path.write_bytes(b"sound")
    done = confined("import os; " + code.format(path=str(path), folder=str(tmp_path)), before)
    assert done.returncode == 1
    assert "PermissionError" in done.stderr or "cross-device" in done.stderr
    assert path.read_bytes() == b"sound"
    assert [*tmp_path.iterdir()] == [path]


@LINUX
@BOTH
def test_no_file_is_truncated(before: str, tmp_path: Path) -> None:
    needs(TRUNCATES)
    path = tmp_path / "evidence.wav"
    path.write_bytes(b"sound")
    done = confined(f"import os; os.truncate({str(path)!r}, 0)", before)
    assert "PermissionError" in done.stderr
    assert path.read_bytes() == b"sound"


@LINUX
def test_modules_are_still_found(tmp_path: Path) -> None:
    """Those that are imported on first need, with their libraries; the recording is open already."""
    path = speech.ffmpeg(tmp_path / "a.opus", 1, "-c:a", "libopus")
    code = f"""
from evidence.media import worker
found = worker.frames(file, {path.stat().st_size})
said = worker.claimed(file, {path.stat().st_size}, found)
print(found.codec, found.problems, *said["problems"])
"""
    opened = f"file = open({str(path)!r}, 'rb'); from evidence.media import confine; confine.confine()"
    done = confined(code, before=opened)
    assert (done.stdout, done.stderr) == ("opus ()\n", "")


def test_a_kernel_without_it_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "freebsd14")
    assert not landlock.restrict()
    assert [*Path("/").iterdir()]
