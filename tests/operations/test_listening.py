"""The player: which one, what it is given, and that nothing of it stays."""

import io
import os
import stat
import sys
import threading
import time
import wave
from pathlib import Path

import pytest

from evidence.operations.listening import Player, Playing, find_player


def sound(seconds: float = 0.1) -> bytes:
    """A WAV file."""
    written = io.BytesIO()
    with wave.open(written, "wb") as file:
        file.setparams((1, 2, 8000, 0, "NONE", ""))
        file.writeframes(bytes(int(seconds * 16_000)))
    return written.getvalue()


def programs(folder: Path, *names: str) -> dict[str, str]:
    """An environment in which these programs are there."""
    for name in names:
        (folder / name).write_text("#!/bin/sh\n", encoding="utf-8")
        (folder / name).chmod(0o755)
    return {"PATH": str(folder)}


def test_a_player_is_found_in_order(tmp_path: Path) -> None:
    assert find_player(programs(tmp_path)) is None
    for name in ("afplay", "paplay", "aplay", "play", "mpv", "ffplay"):
        found = find_player(programs(tmp_path, name))
        assert found is not None
        assert found.path == str(tmp_path / name)
        assert bool(found.arguments) == (name not in {"afplay", "paplay"})


@pytest.mark.parametrize("name", ["SSH_CONNECTION", "SSH_TTY"])
def test_over_ssh_nobody_would_hear_it(tmp_path: Path, name: str) -> None:
    environment = programs(tmp_path, "ffplay")
    assert find_player({**environment, name: "10.0.0.1 22"}) is None
    assert find_player({**environment, name: ""}) is not None


def keeping(folder: Path, code: str) -> tuple[str, ...]:
    """Arguments of a Python that runs this with the name of a file to write."""
    return ("-c", f"import sys; kept = open(sys.argv[1], 'wb'); {code}", str(folder / "kept"))


def test_the_sound_comes_by_standard_input(tmp_path: Path) -> None:
    code = "import time; kept.write(sys.stdin.buffer.read()); time.sleep(0.1)"
    with Playing(Player(sys.executable, keeping(tmp_path, code)), sound()) as playing:
        assert playing.wait()
    assert (tmp_path / "kept").read_bytes() == sound()


def test_a_private_file_goes_when_the_sound_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A player without arguments gets the name of a file."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "private"))
    (tmp_path / "private").mkdir()
    script = tmp_path / "player"
    seen = tmp_path / "seen"
    script.write_text(f'#!/bin/sh\ncp "$1" {seen}; stat -c %a "$(dirname "$1")" > {seen}.mode; sleep 0.1\n')
    script.chmod(0o755)
    with Playing(Player(str(script)), sound()) as playing:
        assert playing.wait()
    assert seen.read_bytes() == sound()
    assert seen.with_suffix(".mode").read_text().strip() == "700"
    assert list((tmp_path / "private").iterdir()) == []


@pytest.mark.parametrize("code", ["sys.exit(1)", "pass", "sys.stdin.close()", "import os; os.abort()"])
def test_a_player_that_fails_or_ends_too_soon_is_told(tmp_path: Path, code: str) -> None:
    with Playing(Player(sys.executable, keeping(tmp_path, code)), sound(20)) as playing:
        assert not playing.wait()


def test_a_player_that_is_not_there_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with pytest.raises(OSError, match="gone"):
        Playing(Player(str(tmp_path / "gone")), sound())
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("is_deaf", [False, True])
def test_it_is_stopped_from_another_thread(tmp_path: Path, is_deaf: bool) -> None:  # noqa: FBT001
    deaf = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN);" if is_deaf else ""
    code = f"import time; {deaf} kept.write(b'x'); kept.flush(); time.sleep(600)"
    with Playing(Player(sys.executable, keeping(tmp_path, code)), sound()) as playing:
        waiting = threading.Thread(target=playing.wait)
        waiting.start()
        until = time.monotonic() + 30
        while not (tmp_path / "kept").exists() or not (tmp_path / "kept").stat().st_size:
            assert time.monotonic() < until
            time.sleep(0.02)
        playing.stop()
        waiting.join(30)
        assert not waiting.is_alive()


def test_nothing_else_is_inherited(tmp_path: Path) -> None:
    code = "import os, time; kept.write(repr(sorted(os.listdir('/proc/self/fd'))).encode()); time.sleep(0.1)"
    if sys.platform != "linux":
        pytest.skip("descriptors are listed on Linux only")
    reading, writing = os.pipe()
    os.set_inheritable(writing, True)
    try:
        with Playing(Player(sys.executable, keeping(tmp_path, code)), sound()) as playing:
            assert playing.wait()
    finally:
        os.close(reading)
        os.close(writing)
    assert stat.S_ISREG((tmp_path / "kept").stat().st_mode)
    assert (tmp_path / "kept").read_bytes() == b"['0', '1', '2', '3', '4']"  # 3: kept, 4: the listing itself
