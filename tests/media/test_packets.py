"""Counting packets: what a packet says by itself, by hand from the specifications; and when PyAV isn't there."""

import errno
import io
import os
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

import av
import mutagen
import pytest
from hypothesis import given
from hypothesis import strategies as st

import evidence
from evidence.media import packets, packetsizes, worker
from evidence.media.mpegaudio import Frame, adts_frame, announced_samples, mpeg_frame
from evidence.media.ownheaders import Coding
from evidence.media.section import Section
from tests.media import speech

OPUS_HEAD = b"OpusHead\1\2" + (3840).to_bytes(2, "little") + bytes(7)


def samples(codec: str, packet: bytes, setup: bytes = b"", rate: int = 8000, channels: int = 1) -> int | None:
    measure = packetsizes.measure_of(Coding(codec, rate, channels, setup))
    assert measure is not None
    return measure(memoryview(packet))


@pytest.mark.parametrize(
    ("toc", "more", "milliseconds"),
    [
        (0 << 3 | 0, b"", 10),  # SILK
        (3 << 3 | 0, b"", 60),
        (1 << 3 | 1, b"", 40),
        (12 << 3 | 0, b"", 10),  # hybrid
        (13 << 3 | 2, b"\1", 40),
        (16 << 3 | 0, b"", 2.5),  # CELT
        (31 << 3 | 0, b"", 20),
        (31 << 3 | 3, b"\6", 120),
        (1 << 3 | 3, b"\x85", 100),
    ],
)
def test_opus_packets(toc: int, more: bytes, milliseconds: float) -> None:
    """RFC 6716 section 3.1, tables 2 and 3."""
    assert samples("opus", bytes([toc]) + more) == 48 * milliseconds


@pytest.mark.parametrize("packet", [b"", b"\xfb", b"\xfb\0", b"\xfb\7", b"\x1b\3"])
def test_opus_packets_that_are_none(packet: bytes) -> None:
    """No frame at all, or more than 120 ms."""
    assert samples("opus", packet) is None


def test_amr_packets() -> None:
    """RFC 4867 section 5.3: several frames with their headers, those of silence too."""
    assert samples("amr_nb", b"\x3c" + bytes(31)) == 160
    assert samples("amr_nb", b"\x3c" + bytes(31) + b"\x44" + bytes(5) + b"\x7c") == 480
    assert samples("amr_wb", b"\x44" + bytes(60) + b"\x4c" + bytes(5) + b"\x7c") == 960
    assert samples("amr_nb", b"\x3c" + bytes(30)) == 0
    assert samples("amr_nb", b"\x64" + bytes(5)) is None
    assert samples("amr_nb", b"\xff" + bytes(5)) is None


@pytest.mark.parametrize(
    ("setup", "rate", "expected"),
    [
        (0b00010_1011_0001_000.to_bytes(2, "big"), 8000, 1024),
        (0b00010_1011_0001_100.to_bytes(2, "big"), 8000, 960),
        ((0b00101_1011_0001_1000_00010_000 << 7).to_bytes(4, "big"), 16000, 2048),  # with SBR
        (((0b00010_1111 << 24 | 8000) << 7 | 0b0001_100).to_bytes(5, "big"), 8000, 960),
    ],
)
def test_aac_packets(setup: bytes, rate: int, expected: int) -> None:
    """AudioSpecificConfig (ISO/IEC 14496-3 section 1.6.2.1)."""
    assert samples("aac", bytes(100), setup, rate) == expected


def test_pcm_packets() -> None:
    assert samples("pcm_s24be", bytes(60), channels=2) == 10
    assert samples("mulaw", bytes(60), channels=2) == 30


@pytest.mark.parametrize(
    ("header", "frame"),
    [
        ("fffb9064", Frame(417, 1152, 44100, 2, 3)),  # MPEG-1, 128 kbit/s
        ("fff380c4", Frame(208, 576, 22050, 1, 3)),  # MPEG-2, 64 kbit/s
        ("ffe318c4", Frame(72, 576, 8000, 1, 3)),  # MPEG-2.5, 8 kbit/s
        ("fffd8404", Frame(384, 1152, 48000, 2, 2)),
        ("ffff10c0", Frame(32, 384, 44100, 1, 1)),
    ],
)
def test_headers_of_mpeg_audio(header: str, frame: Frame) -> None:
    assert mpeg_frame(bytes.fromhex(header)) == frame


@pytest.mark.parametrize(
    "header", ["fffb", "fffbf064", "fffb0064", "fffb9c64", "ffeb9064", "fff99064", "fefb9064"]
)
def test_no_headers_of_mpeg_audio(header: str) -> None:
    """Too short, a bit rate or a sample rate, a version or a layer that doesn't exist, no sync word."""
    assert mpeg_frame(bytes.fromhex(header)) is None


def test_what_xing_and_vbri_announce() -> None:
    first = bytes.fromhex("fffb9064") + bytes(32)
    assert announced_samples(first + b"Xing\0\0\0\1\0\0\1\0" + bytes(100)) == 256 * 1152
    assert announced_samples(first + b"Xing\0\0\0\2\0\0\1\0" + bytes(100)) is None
    assert announced_samples(first + b"VBRI" + bytes(10) + b"\0\0\0\2" + bytes(100)) == 2 * 1152
    assert announced_samples(first + bytes(100)) is None


def test_adts_headers() -> None:
    """16 kHz, one channel, 300 bytes, one raw data block."""
    assert adts_frame(bytes.fromhex("fff160402583fc")) == Frame(300, 1024, 16000, 1, 0)
    assert adts_frame(bytes.fromhex("fff16040258ffc")[:6]) is None


codecs = st.sampled_from(["opus", "amr_nb", "amr_wb", "aac", "mp3", "mp2", "pcm_s16le", "mulaw"])


@given(codecs, st.binary(max_size=80), st.binary(max_size=20))
def test_any_packet_has_a_bounded_length(codec: str, packet: bytes, setup: bytes) -> None:
    measure = packetsizes.measure_of(Coding(codec, 8000, 1, setup))
    found = None if measure is None else measure(memoryview(packet))
    assert found is None or 0 <= found <= 5760 or found <= 320 * len(packet)


def test_pre_skip() -> None:
    assert packetsizes.pre_skip(Coding("opus", 48000, 2, OPUS_HEAD)) == 3840
    assert packetsizes.pre_skip(Coding("opus", 48000, 2, OPUS_HEAD[:11])) is None
    assert packetsizes.pre_skip(Coding("vorbis", 48000, 2, OPUS_HEAD)) is None


moves = st.lists(st.tuples(st.booleans(), st.integers(0, 80), st.sampled_from([0, 1, 2])), max_size=20)


@given(st.binary(max_size=60), st.integers(0, 70), st.integers(0, 70), moves)
def test_section_reads_as_a_file_of_that_part(
    data: bytes, start: int, size: int, steps: list[tuple[bool, int, int]]
) -> None:
    part = data[start : start + size]
    model, section = io.BytesIO(part.ljust(size, b"!")), Section(io.BytesIO(data), start, size)
    for reads, count, whence in steps:
        if reads:
            expected = model.read(count)
            got = section.read(count)
            assert expected.startswith(got)
            assert len(got) == len(expected) or section.tell() >= len(part)
            model.seek(section.tell())
        else:
            assert section.seek(count, whence) == model.seek(count, whence)


# Without PyAV, and when it fails


def probed_without_av(path: Path, folder: Path) -> str:
    """What is found where only this package and mutagen can be imported."""
    (folder / "evidence").symlink_to(Path(str(evidence.__file__)).parent)
    (folder / "mutagen").symlink_to(Path(str(mutagen.__file__)).parent)
    script = f"""
import sys
sys.path.insert(0, {str(folder)!r})
from evidence.media import worker
file = open({str(path)!r}, "rb")
found = worker.frames(file, {path.stat().st_size})
print(found.container, found.codec, found.samples, *found.problems, "av" in sys.modules)
"""
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", script], capture_output=True, text=True, check=False
    )
    assert not done.stderr
    return done.stdout.strip()


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("a.mp3", "mp3 unknown None analysis_not_installed False"),
        ("a.opus", "ogg unknown None analysis_not_installed False"),
        ("mp3.wav", "wav mp3 None analysis_not_installed False"),
        ("a.wav", "wav pcm_s16le 43217 False"),
    ],
)
def test_without_pyav(name: str, expected: str, tmp_path: Path) -> None:
    options = ("-c:a", "libmp3lame") if name == "mp3.wav" else ()
    path = speech.ffmpeg(tmp_path / name, 1, *options)
    (tmp_path / "only").mkdir()
    assert probed_without_av(path, tmp_path / "only") == expected


@pytest.mark.parametrize(
    ("error", "problem"),
    [
        (MemoryError(), "out_of_memory"),
        (av.FFmpegError(errno.ENOMEM, "Cannot allocate memory"), "out_of_memory"),
        (av.error.InvalidDataError(0x41444E49, "Invalid data"), "damaged"),
        (OSError(errno.EIO, "Input/output error"), "unreadable"),
        (UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid"), "damaged"),
    ],
)
def test_failures(error: Exception, problem: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def fail(*_: object, **__: object) -> NoReturn:
        raise error

    data = speech.ffmpeg(tmp_path / "a.flac", 1).read_bytes()
    monkeypatch.setattr(av, "open", fail)
    found = packets.count(io.BytesIO(data), (0, len(data)), "flac", "flac")
    assert found.problems[0] == problem
    assert found.samples is None


def test_demuxers_exist_and_open_nothing_else(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Each is named to FFmpeg, which never chooses one; what it would open besides is refused."""
    seen = []
    real = av.open

    def spy(file: object, **options: object) -> object:
        seen.append(options)
        return real(file, **options)  # type: ignore[call-overload]

    monkeypatch.setattr(av, "open", spy)
    data = speech.ffmpeg(tmp_path / "a.flac", 1).read_bytes()
    assert worker.frames(io.BytesIO(data), len(data)).samples == speech.SAMPLES
    (options,) = seen
    assert options["format"] == "flac"
    refuse = options["io_open"]
    assert callable(refuse)
    with pytest.raises(OSError, match="another file"):
        refuse("/etc/passwd", 1, {})
    for name in worker.DEMUXERS.values():
        assert av.ContainerFormat(name, "r").is_input


def test_only_recordings_that_need_it_import_pyav(tmp_path: Path) -> None:
    path = speech.ffmpeg(tmp_path / "a.wav", 1)
    script = f"""
import io, sys
from evidence.media import worker
data = open({str(path)!r}, "rb").read()
worker.frames(io.BytesIO(data), len(data))
print("av" in sys.modules, "mutagen" in sys.modules)
"""
    environment = {**os.environ, "PYTHONPATH": str(Path(str(evidence.__file__)).parents[1])}
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, env=environment
    )
    assert done.stdout == "False False\n"
