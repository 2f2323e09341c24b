"""Files that are still being written: real recorders, headers, clocks that are wrong."""

import datetime as dt
import os
import signal
import struct
import subprocess
import sys
import time
from pathlib import Path

import pytest

from evidence.intake.inbox.headers import is_unfinished
from evidence.intake.inbox.rules import Rules
from evidence.intake.inbox.scanning import scan
from evidence.intake.inbox.settling import is_open_for_writing
from tests.intake.inbox.boxes import HOUR, NOW, aged, look, only, put, wav
from tests.requirements import need

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="leases are Linux's")


def judged(path: Path) -> bool:
    with path.open("rb") as file:
        return is_unfinished(file.fileno(), path.stat().st_size)


def wait_for(path: Path, size: int) -> None:
    end = time.monotonic() + 20
    while not path.exists() or path.stat().st_size <= size:
        assert time.monotonic() < end
        time.sleep(0.02)


# Real recorders


@pytest.mark.parametrize(
    "arguments",
    [
        ["-c:a", "pcm_s16le", "-flush_packets", "1", "call.wav"],
        ["-c:a", "pcm_s16le", "-rf64", "always", "-flush_packets", "1", "call.wav"],
        ["-c:a", "aac", "-flush_packets", "1", "call.m4a"],
        ["-c:a", "pcm_mulaw", "-flush_packets", "1", "call.au"],
    ],
)
def test_a_recording_that_ffmpeg_is_writing_is_left_until_it_has_ended(
    tmp_path: Path, arguments: list[str]
) -> None:
    *options, name = arguments
    path = tmp_path / name
    source = ["-re", "-f", "lavfi", "-i", "sine=duration=60:sample_rate=8000"]
    command = [need("ffmpeg"), "-loglevel", "error", *source, *options, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as recorder:
        wait_for(path, 1000 if name != "call.m4a" else 30)
        aged(path, HOUR)
        found = scan(tmp_path, Rules(), NOW)
        assert found.items == ()
        assert {left.code for left in found.left} <= {"open", "unfinished", "writing"}
        assert judged(path)
        recorder.communicate(b"q")
    assert recorder.returncode == 0
    aged(path, HOUR)
    assert not judged(path)
    assert only(look(tmp_path)).key == name


def test_a_recording_whose_recorder_was_killed_is_taken_as_it_is_after_some_hours(tmp_path: Path) -> None:
    path = tmp_path / "call.wav"
    command = [
        need("sox"),
        "-q",
        "-t",
        "raw",
        "-r",
        "8000",
        "-b",
        "16",
        "-e",
        "signed",
        "-c",
        "1",
        "-",
        str(path),
    ]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as recorder:
        assert recorder.stdin is not None
        recorder.stdin.write(bytes(400_000))
        recorder.stdin.flush()
        wait_for(path, 10_000)
        recorder.send_signal(signal.SIGKILL)
    aged(path, 5 * HOUR)
    assert [left.code for left in look(tmp_path).left] == ["unfinished"]
    aged(path, 6 * HOUR)
    assert only(look(tmp_path)).key == "call.wav"


@LINUX
def test_a_file_that_a_process_holds_open_is_left_however_quiet_it_is(tmp_path: Path) -> None:
    path = put(tmp_path, "call.ulaw", b"\xff" * 800, age=HOUR)
    hold = "import sys; f = open(sys.argv[1], 'r+b'); print(flush=True); sys.stdin.read()"
    command = [sys.executable, "-c", hold, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        assert [left.code for left in look(tmp_path).left] == ["open"]
        holder.communicate()
    assert only(look(tmp_path)).key == "call.ulaw"


@LINUX
def test_asking_harms_nobody(tmp_path: Path) -> None:
    """A lease that is broken sends a signal that ends a process which isn't prepared for it."""
    path = put(tmp_path, "call.wav")
    ask = (
        "import sys\nfrom evidence.intake.inbox.settling import is_open_for_writing\n"
        "with open(sys.argv[1], 'rb') as f:\n    print(flush=True)\n"
        "    print(sum(is_open_for_writing(f.fileno()) for _ in range(20000)) < 20000)\n"
    )
    with subprocess.Popen([sys.executable, "-c", ask, str(path)], stdout=subprocess.PIPE) as asker:
        assert asker.stdout is not None
        asker.stdout.readline()
        written = 0
        while asker.poll() is None:
            with path.open("ab"):
                written += 1
        assert asker.stdout.read() == b"True\n"
    assert asker.returncode == 0
    assert written > 10
    with path.open("rb") as file:
        assert not is_open_for_writing(file.fileno())
        with path.open("ab"):
            assert is_open_for_writing(file.fileno())


# Headers


def riff(size: int, data: int, mark: bytes = b"RIFF", before: bytes = b"") -> bytes:
    form = struct.pack("<HHIIHH", 1, 1, 8000, 16000, 2, 16)
    body = b"WAVE" + before + b"fmt " + struct.pack("<I", 16) + form + b"data" + struct.pack("<I", data)
    return mark + struct.pack("<I", size) + body


DS64 = b"ds64" + struct.pack("<IQQQI", 28, 200, 160, 80, 0)
HEADERS = [
    ("a.wav", wav(), False),
    ("a.wav", wav(80, 0), True),
    ("a.wav", wav(80, 0xFFFFFFFF), True),
    ("a.wav", wav(80, 161), True),
    ("a.wav", wav(80, 159), False),
    ("a.wav", wav(0), True),
    ("a.wav", wav()[:30], True),
    ("a.wav", b"", True),
    ("a.wav", riff(0xFFFFFFFF, 0xFFFFFFFF, b"RF64", DS64) + bytes(160), False),
    ("a.wav", riff(0xFFFFFFFF, 0xFFFFFFFF, b"RF64", DS64) + bytes(159), True),
    ("a.wav", riff(200, 160, before=b"LIST" + struct.pack("<I", 5) + b"INFO\0\0") + bytes(160), False),
    ("a.wav", b"RIFF" + bytes(4) + b"AVI " + bytes(100), False),
    ("a.au", b".snd" + struct.pack(">5I", 24, 0xFFFFFFFF, 1, 8000, 1) + bytes(80), True),
    ("a.au", b".snd" + struct.pack(">5I", 24, 80, 1, 8000, 1) + bytes(80), False),
    ("a.aiff", b"FORM" + struct.pack(">I", 50) + b"AIFF" + bytes(46), False),
    ("a.aiff", b"FORM" + struct.pack(">I", 51) + b"AIFF" + bytes(46), True),
    ("a.flac", b"fLaC" + bytes(4) + bytes(10) + bytes(8) + bytes(16), True),
    ("a.flac", b"fLaC" + bytes(4) + bytes(10) + (8000 << 44 | 4711).to_bytes(8, "big") + bytes(16), False),
    ("a.m4a", struct.pack(">I", 16) + b"ftypM4A " + bytes(4) + struct.pack(">I", 0) + b"mdat", True),
    ("a.m4a", struct.pack(">I", 16) + b"ftypM4A " + bytes(4) + struct.pack(">I", 8) + b"moov", False),
    ("a.mp3", b"\xff\xfb\x90\x00" * 20, False),
    ("a.gsm", b"\xd2" * 33, False),
]


@pytest.mark.parametrize(("name", "data", "expected"), HEADERS)
def test_headers(tmp_path: Path, name: str, data: bytes, *, expected: bool) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    assert judged(path) is expected
    aged(path, HOUR)
    assert [left.code for left in look(tmp_path).left] == (["unfinished"] if expected else [])
    aged(path, 7 * HOUR)
    assert only(look(tmp_path)).key == name


@pytest.mark.parametrize(
    "mark", [b"RIFF????WAVE", b"\0\0\0\1ftyp", b"FORM????AIFF", b".snd", b"fLaC", b"RF64????WAVE"]
)
@pytest.mark.parametrize("fill", [0, 1, 0x7F, 0xFF])
def test_hostile_headers_never_crash_or_take_long(tmp_path: Path, mark: bytes, fill: int) -> None:
    path = tmp_path / "a.wav"
    path.write_bytes(mark.replace(b"?", bytes([fill])) + bytes([fill]) * 5000)
    assert judged(path) in {True, False}


# Clocks


def test_the_quiet_time(tmp_path: Path) -> None:
    path = put(tmp_path, "call.wav", age=119)
    assert [left.code for left in look(tmp_path).left] == ["writing"]
    aged(path, 121)
    assert only(look(tmp_path)).key == "call.wav"
    assert [left.code for left in look(tmp_path, quiet_seconds=122).left] == ["writing"]


def test_a_time_in_the_future_makes_nothing_wait_for_ever(tmp_path: Path) -> None:
    path = put(tmp_path, "call.wav")
    os.utime(path, (2**32, 2**32))  # in 2106: only when the host saw the change can be right
    seen = dt.datetime.fromtimestamp(path.stat().st_ctime, dt.UTC)
    assert only(scan(tmp_path, Rules(), seen + dt.timedelta(seconds=125))).key == "call.wav"
    assert [left.code for left in scan(tmp_path, Rules(), seen + dt.timedelta(seconds=5)).left] == ["writing"]
    assert only(scan(tmp_path, Rules(), seen - dt.timedelta(days=9000))).key == "call.wav"


def test_a_small_difference_of_clocks_is_waited_for(tmp_path: Path) -> None:
    put(tmp_path, "call.wav", age=-60)
    assert [left.code for left in look(tmp_path).left] == ["writing"]
