"""The lock that tells who holds it, with real processes: held, killed, forked text, read-only and odd files."""

import getpass
import json
import os
import platform
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from evidence.errors import StateError
from evidence.messages import set_language
from evidence.vault.locks import NamedLock

HOLD = """
import sys
from pathlib import Path
from evidence.vault.locks import NamedLock
with NamedLock(Path(sys.argv[1]), "batch"):
    print("held", flush=True)
    sys.stdin.read()
"""


@contextmanager
def holding(path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A process that holds the lock until its input ends."""
    command = [sys.executable, "-c", HOLD, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"held\n"
        yield process


def refusal(path: Path) -> StateError:
    with pytest.raises(StateError) as caught, NamedLock(path, "batch"):
        pass
    return caught.value


def test_the_holder_is_told(tmp_path: Path) -> None:
    path = tmp_path / "batch.lock"
    with holding(path) as process:
        written = json.loads(path.read_bytes())
        error = refusal(path)
    assert int(error.exit_code) == 5
    assert written["pid"] == process.pid
    assert (written["account"], written["host"]) == (getpass.getuser(), platform.node())
    assert f"account {getpass.getuser()}, process {process.pid} on {platform.node()}" in error.message
    assert re.search(r"since \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC$", error.message)
    assert error.hint
    assert path.stat().st_mode & 0o777 == 0o600


def test_the_holder_is_told_in_ukrainian(tmp_path: Path) -> None:
    with holding(tmp_path / "batch.lock") as process:
        set_language("uk")
        assert f"процес {process.pid} на {platform.node()}" in refusal(tmp_path / "batch.lock").message


def test_a_released_lock_can_be_taken_and_names_nobody(tmp_path: Path) -> None:
    path = tmp_path / "batch.lock"
    with holding(path):
        pass
    assert path.read_bytes() == b""
    with NamedLock(path, "batch"):
        assert json.loads(path.read_bytes())["pid"] == os.getpid()
    with NamedLock(path, "batch"):
        pass


def test_a_killed_holder_hinders_nobody(tmp_path: Path) -> None:
    path = tmp_path / "batch.lock"
    with holding(path) as process:
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert json.loads(path.read_bytes())["pid"] == process.pid
    with NamedLock(path, "batch"):
        assert json.loads(path.read_bytes())["pid"] == os.getpid()


def test_started_programs_do_not_keep_the_lock(tmp_path: Path) -> None:
    path = tmp_path / "batch.lock"
    with NamedLock(path, "batch"):
        child = subprocess.Popen(["sleep", "30"], close_fds=False)
    try:
        with NamedLock(path, "batch"):
            pass
    finally:
        child.kill()
        child.wait()


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"\0\xff garbage",
        b"[" * 4000,
        b'{"pid": true}',
        b'{"pid": 1, "host": 2, "account": "a", "command": "batch", "since": "2026-11-22T02:00:00.000Z"}',
        b'{"pid": 0, "host": "h", "account": "a", "command": "batch", "since": "2026-11-22T02:00:00.000Z"}',
        b'{"pid": 1, "host": "h", "account": "a", "command": "batch", "since": "yesterday"}',
        b'{"pid": 1, "host": "' + b"h" * 5000,
    ],
)
def test_garbage_is_no_holder(tmp_path: Path, text: bytes) -> None:
    path = tmp_path / "batch.lock"
    path.write_bytes(text)
    with holding(path):
        path.write_bytes(text)
        assert "doesn't say which process" in refusal(path).message
    with NamedLock(path, "batch"):
        pass


def dead() -> int:
    """The number of a process that has ended."""
    process = subprocess.Popen(["true"])
    process.wait()
    return process.pid


@pytest.mark.parametrize(("host", "is_believed"), [(platform.node(), False), ("another-host", True)])
def test_a_dead_owner_of_this_machine_is_not_named(tmp_path: Path, host: str, *, is_believed: bool) -> None:
    path = tmp_path / "batch.lock"
    left = {"pid": dead(), "host": host, "account": "night", "command": "batch"}
    with holding(path):
        path.write_text(json.dumps(left | {"since": "2026-11-22T02:00:00.000Z"}), encoding="utf-8")
        assert ("account night" in refusal(path).message) is is_believed


def test_hostile_words_in_the_file_are_made_visible(tmp_path: Path) -> None:
    path = tmp_path / "batch.lock"
    left = {"pid": 1, "host": "\x1b[2J", "account": "a\u202eb", "command": "batch\n"}
    with holding(path):
        path.write_text(json.dumps(left | {"since": "2026-11-22T02:00:00.000Z"}), encoding="utf-8")
        message = refusal(path).message
    assert message.isprintable()
    assert "\\u{1b}[2J" in message


def test_a_removed_file_is_another_lock(tmp_path: Path) -> None:
    path = tmp_path / "batch.lock"
    with holding(path):
        path.unlink()
        with NamedLock(path, "batch"):
            assert "process" in refusal(path).message


@pytest.fixture
def shared() -> Iterator[Path]:
    """A folder that every account can read."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


def test_a_read_only_file_still_locks(shared: Path) -> None:
    path = shared / "batch.lock"
    path.write_text("somebody's", encoding="utf-8")
    path.chmod(0o444)
    # root may write to every file: the holder becomes nobody once everything is imported
    script = HOLD.replace("with NamedLock", "import os, pwd\nos.getuid() or os.setuid(65534)\nwith NamedLock")
    command = [sys.executable, "-c", script, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"held\n"
        assert "doesn't say which process" in refusal(path).message
    assert path.read_text(encoding="utf-8") == "somebody's"


def link(path: Path) -> None:
    path.symlink_to("elsewhere")


@pytest.mark.parametrize("make", [link, Path.mkdir, os.mkfifo])
def test_what_is_no_file_is_refused_by_the_system_error(tmp_path: Path, make: Callable[[Path], None]) -> None:
    path = tmp_path / "batch.lock"
    make(path)
    with pytest.raises(OSError, match=re.escape(str(path))), NamedLock(path, "batch"):
        pass
    assert not (tmp_path / "elsewhere").exists()
