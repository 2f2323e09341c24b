"""Decoding: each channel of each format as ffmpeg or sox hear it, and what is damaged, huge or nonsense."""

import io
import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from evidence.media import decoders
from evidence.media.decode import Sound
from evidence.media.probe import MediaProcess
from tests.media import sounding, speech, wav
from tests.media.sounding import heard
from tests.media.speech import SAMPLES
from tests.media.test_formats import KINDS, TIMES, Kind
from tests.media.test_tracks import TWO

TEN_MS = 80
KNOWN = [kind for kind in KINDS if kind.decode is not None]
UNKNOWN = [kind for kind in KINDS if kind.decode is None]
SILENT_THERE = {"siren7", "siren14"}
"""Codecs that nothing here decodes."""


def oracle(kind: Kind) -> tuple[str, ...]:
    """Options of ffmpeg; G.726 without a header is Asterisk's, in the order of RFC 3551 section 4.5.4."""
    options = kind.decode or ()
    return ("-f", "g726le", *options[2:]) if options[:2] == ("-f", "g726") else options


@pytest.mark.parametrize("kind", KNOWN, ids=[kind.name for kind in KNOWN])
def test_every_format_sounds_as_it_should(kind: Kind, recording_of: Callable[[Kind], Path]) -> None:
    path = recording_of(kind)
    channels, sound = heard(path.read_bytes(), kind.name)
    theirs = sounding.by_ffmpeg(path, kind.channels, *oracle(kind))
    assert (len(channels), sound.problems, sound.is_whole) == (kind.channels, [], True)
    for ours, other in zip(channels, theirs, strict=True):
        likeness, lag = sounding.alike(ours, other)
        assert likeness > 0.96
        assert abs(lag) <= TEN_MS
        assert abs(ours.size - other.size) <= 2 * TEN_MS


@pytest.mark.parametrize("kind", KNOWN, ids=[kind.name for kind in KNOWN])
def test_it_is_as_long_as_the_facts_say(
    kind: Kind, recording_of: Callable[[Kind], Path], media: MediaProcess
) -> None:
    path = recording_of(kind)
    facts = media.probe(path)
    assert facts.milliseconds is not None
    channels, _ = heard(path.read_bytes(), kind.name)
    frame = 2048 if kind.method == TIMES or kind.codec in {"aac", "mp3"} else kind.frame * 8000 // kind.rate
    frame = max(frame, 2 * TEN_MS)  # and no less than a packet of Opus, whose padding FFmpeg keeps in MP4
    assert abs(channels[0].size - facts.milliseconds * 8) <= frame


@pytest.mark.parametrize("kind", UNKNOWN, ids=[kind.name for kind in UNKNOWN])
def test_what_no_other_program_here_decodes(kind: Kind, tmp_path: Path) -> None:
    path = tmp_path / kind.name
    kind.make(path, 1)
    channels, sound = heard(path.read_bytes(), kind.name)
    if kind.codec in SILENT_THERE:
        assert ([channel.size for channel in channels], sound.problems) == ([0], ["not_decodable"])
    else:
        assert (len(channels), sound.problems) == (1, [])
        assert abs(channels[0].size - kind.length * 8) <= 240


def test_dialogic_vox(tmp_path: Path) -> None:
    path = speech.sox(tmp_path / "a.vox", 1, "-t", "vox")
    channels, _ = heard(path.read_bytes(), path.name)
    likeness, lag = sounding.alike(channels[0], sounding.by_sox(path, "-t", "vox", "-r", "8000")[0])
    assert likeness > 0.99
    assert abs(lag) <= 1


@pytest.mark.parametrize("count", [1, 2, 3, 7, 8])
def test_plain_samples_come_out_as_they_went_in(count: int) -> None:
    data = speech.channels(count)
    form = wav.form(channels=count)
    channels, sound = heard(wav.riff(form, wav.chunk(b"data", data)))
    expected = np.frombuffer(data, "<i2").reshape(-1, count).T
    assert np.array_equal(channels, expected)
    assert (sound.channels, sound.is_whole) == (count, True)


def test_g711_by_the_book() -> None:
    """ITU-T G.711: the largest and smallest values, by codes, scaled to 16 bits."""
    codes = {0x00: -32124, 0x80: 32124, 0x7F: 0, 0xFF: 0, 0x0F: -16764, 0x70: -120}
    channels, _ = heard(bytes(codes), "a.ulaw")
    assert channels[0].tolist() == list(codes.values())
    codes = {0x55: -8, 0xD5: 8, 0x2A: -32256, 0xAA: 32256}
    channels, _ = heard(bytes(codes), "a.alaw")
    assert channels[0].tolist() == list(codes.values())


@pytest.mark.parametrize(("name", "options"), [("a.opus", ("-c:a", "libopus")), ("a.mp3", ("-ar", "44100"))])
def test_channels_are_never_mixed(name: str, options: tuple[str, ...], tmp_path: Path) -> None:
    """Speech in one channel and silence in the other, coded each by itself."""
    pcm = memoryview(speech.pcm()).cast("h").tolist()
    data = b"".join(struct.pack("<hh", sample, 0) for sample in pcm)
    source = tmp_path / "source.wav"
    source.write_bytes(wav.riff(wav.form(channels=2), wav.chunk(b"data", data)))
    separate = ("-joint_stereo", "0", "-b:a", "128k") if name == "a.mp3" else ("-mapping_family", "255")
    command = ["-i", str(source), "-map", "1:a", *options, *separate]
    channels, _ = heard(speech.ffmpeg(tmp_path / name, 1, *command).read_bytes())
    assert np.abs(channels[0]).max() > 3000
    assert np.abs(channels[1]).max() < 300


# How much


@pytest.mark.parametrize("name", ["a.wav", "a.opus", "a.mp3", "a.m4a"])
@pytest.mark.parametrize("seconds", [1, 5])
def test_no_more_than_was_asked_for(name: str, seconds: int, tmp_path: Path) -> None:
    data = speech.ffmpeg(tmp_path / name, 2).read_bytes()
    channels, sound = heard(data, seconds=seconds)
    whole, _ = heard(data)
    assert [channel.size for channel in channels] == [seconds * 8000] * 2
    assert np.array_equal(channels[0], whole[0][: seconds * 8000])
    assert (sound.is_whole, sound.problems) == (False, [])
    assert heard(data, seconds=6)[1].is_whole


def test_as_much_as_was_asked_for_is_whole() -> None:
    data = wav.riff(wav.form(), wav.chunk(b"data", bytes(16000)))
    assert heard(data, seconds=1)[1].is_whole
    assert not heard(wav.riff(wav.form(), wav.chunk(b"data", bytes(16002))), seconds=1)[1].is_whole


# Tracks and channels


@pytest.mark.parametrize("name", ["two.mka", "two.m4a"])
def test_tracks_one_after_the_other(name: str, tmp_path: Path) -> None:
    path = speech.ffmpeg(tmp_path / name, 2, *TWO, "-c:a:0", "alac", "-c:a:1", "aac")
    channels, sound = heard(path.read_bytes())
    assert (len(channels), sound.problems, sound.is_whole) == (4, [], True)
    theirs = [*sounding.by_ffmpeg(path, 2), *sounding.by_ffmpeg(path, 2, track=1)]
    for ours, other in zip(channels, theirs, strict=True):
        assert sounding.alike(ours, other)[0] > 0.99
    assert channels[0].size > 2 * channels[2].size
    assert heard(path.read_bytes(), seconds=4)[1].is_whole is False


def test_a_hundred_channels() -> None:
    rows = np.arange(800, dtype="<i2").repeat(100).reshape(800, 100) + np.arange(100, dtype="<i2")
    channels, sound = heard(wav.riff(wav.form(channels=100), wav.chunk(b"data", rows.tobytes())))
    assert np.array_equal(channels, rows.T[:8])
    assert sound.problems == ["too_many_channels"]


def test_more_channels_than_are_taken_in_packets(tmp_path: Path) -> None:
    options = ("-filter_complex", "[0:a]asplit=12[a0]" + "".join(f"[a{n}]" for n in range(1, 12)))
    maps = [part for n in range(12) for part in ("-map", f"[a{n}]")]
    path = speech.ffmpeg(tmp_path / "a.mka", 1, *options, *maps, "-c:a", "flac")
    channels, sound = heard(path.read_bytes())
    assert len(channels) == 8
    assert sound.problems == ["too_many_channels"]
    assert len({channel.size for channel in channels}) == 1


def test_a_track_that_cannot_be_decoded_keeps_its_number(tmp_path: Path) -> None:
    options = ("-filter_complex", "[0:a]asplit[a][b]", "-map", "[a]", "-map", "[b]")
    path = speech.ffmpeg(
        tmp_path / "a.mka", 1, *options, "-c:a:0", "ac3", "-ar:a:0", "48000", "-c:a:1", "flac"
    )
    channels, sound = heard(path.read_bytes())
    assert [channel.size for channel in channels] == [0, SAMPLES]
    assert "not_decodable" in sound.problems


# Where


def test_silence_that_was_not_written_is_there(tmp_path: Path) -> None:
    """Two seconds of speech, three seconds that Matroska's time stamps pass over, and the rest."""
    gap = "asetpts=N+if(gt(T\\,2)\\,24000\\,0)"
    path = speech.ffmpeg(tmp_path / "a.mka", 1, "-af", gap, "-c:a", "pcm_s16le", "-fps_mode", "passthrough")
    channels, sound = heard(path.read_bytes())
    one = np.frombuffer(speech.pcm(), "<i2").astype(np.float64)
    assert abs(channels[0].size - SAMPLES - 24000) <= TEN_MS
    assert np.array_equal(channels[0][:16000], one[:16000])
    assert abs(sounding.alike(channels[0][36000:], one[20000:])[1] + 36000 - 20000 - 24000 + 8000) <= 8000
    assert np.array_equal(channels[0][-16000:], one[-16000:])
    assert sound.problems == []


@pytest.mark.parametrize("name", ["late.mka", "late.m4a"])
def test_a_recording_that_does_not_begin_at_nought(name: str, tmp_path: Path) -> None:
    path = speech.ffmpeg(tmp_path / name, 1, "-c:a", "alac", "-output_ts_offset", "5")
    channels, _ = heard(path.read_bytes())
    likeness, lag = sounding.alike(channels[0], np.frombuffer(speech.pcm(), "<i2").astype(np.float64))
    assert likeness > 0.99
    assert abs(lag) <= TEN_MS or name == "late.m4a"


# What isn't as it should be


@pytest.mark.parametrize("announced", [0, 0xFFFFFFFF, 10**6])
def test_the_length_in_a_header_is_not_believed(announced: int) -> None:
    data = speech.pcm()
    channels, sound = heard(wav.riff(wav.form(), wav.chunk(b"data", data, announced)))
    assert np.array_equal(channels[0], np.frombuffer(data, "<i2"))
    assert (sound.problems, sound.is_whole) == ([], True)


def many_channels(kind: bytes, channels: int) -> bytes:
    """An AIFF-C of so many channels, with sound for one block of 64 samples each."""
    rate = struct.pack(">HQ", 16383 + 12, 8000 << 51)
    common = struct.pack(">hIH", channels, 1, 16) + rate + kind + b"\0\0"
    sound = bytes(8 + 34 * channels)
    parts = ((b"COMM", common), (b"SSND", sound))
    return b"FORM\0\0\0\0AIFC" + b"".join(name + struct.pack(">I", len(d)) + d for name, d in parts)


def test_such_a_file_is_read_at_all() -> None:
    channels, sound = heard(many_channels(b"ima4", 2))
    assert ([channel.size for channel in channels], sound.problems) == ([64, 64], [])


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", "no_sound"),
        (wav.riff(wav.form(), wav.chunk(b"data", b"")), "no_sound"),
        (wav.riff(wav.form()), "not_decodable"),
        (wav.riff(wav.form(rate=0), wav.chunk(b"data", bytes(800))), "not_decodable"),
        (wav.riff(wav.form(channels=0), wav.chunk(b"data", bytes(800))), "not_decodable"),
        (wav.riff(wav.form(rate=1), wav.chunk(b"data", bytes(800))), "not_decodable"),
        (wav.riff(wav.form(rate=2**32 - 1, width=1), wav.chunk(b"data", bytes(800))), "not_decodable"),
        (many_channels(b"ima4", 255), "not_decodable"),
        (many_channels(b"ima4", 5), "not_decodable"),
        (many_channels(b"ulaw", 0), "not_decodable"),
        (b"%PDF-1.7 of no sound at all", "not_decodable"),
        (b"fLaC" + bytes(100), "not_decodable"),
        (b"OggS" + bytes(100), "not_decodable"),
        (b"age-encryption.org/v1\n" + bytes(100), "not_decodable"),
    ],
)
def test_no_sound(data: bytes, problem: str) -> None:
    channels, sound = heard(data)
    assert sum(channel.size for channel in channels) == 0
    assert problem in sound.problems
    assert sound.is_whole == (problem == "no_sound")
    assert set(sound.problems) <= {problem, "damaged", "too_many_channels"}


@pytest.mark.parametrize("rate", [8000, 44100])
def test_numbers_that_are_none(rate: int) -> None:
    """Not a number, infinity and far too loud, in floating-point samples."""
    values = np.tile(np.array([np.nan, np.inf, -np.inf, 1e30, -1e30, 0.5], "<f4"), rate // 6)
    form = wav.form(wav.FLOAT, rate=rate, width=4)
    channels, sound = heard(wav.riff(form, wav.chunk(b"data", values.tobytes())))
    assert abs(channels[0].size - 8000) <= 10
    assert sound.problems == []


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("a.mp3", ()),
        ("a.opus", ()),
        ("a.flac", ()),
        ("a.m4a", ("-c:a", "alac")),
        ("a.aac", ()),
        ("a.mka", ("-c:a", "libopus")),
    ],
)
def test_what_is_damaged_is_left_out(name: str, options: tuple[str, ...], tmp_path: Path) -> None:
    """A tenth of the file overwritten; the end is where it was, or earlier by what was lost."""
    data = bytearray(speech.ffmpeg(tmp_path / name, 1, *options).read_bytes())
    size = len(data)
    data[size // 2 : size * 6 // 10] = b"\x55" * (size * 6 // 10 - size // 2)
    channels, sound = heard(bytes(data))
    whole = np.frombuffer(speech.pcm(), "<i2").astype(np.float64)
    assert 0.5 * SAMPLES <= channels[0].size <= SAMPLES + 4096
    assert sounding.alike(channels[0][:16000], whole[:16000])[0] > 0.9
    assert set(sound.problems) <= {"damaged"}


def test_a_disk_error_is_a_problem() -> None:
    class Unreadable(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            raise OSError(5, "Input/output error", size)

    sound = Sound(Unreadable(b"RIFF"), 4)
    assert [*sound.blocks()] == []
    assert (sound.problems, sound.is_whole) == (["unreadable"], False)


def test_encrypted_sound_is_not_decoded_as_noise(tmp_path: Path) -> None:
    data = speech.ffmpeg(tmp_path / "a.m4a", 1, "-c:a", "aac").read_bytes()
    assert heard(data.replace(b"mp4a", b"enca", 1))[1].problems == ["not_decodable"]


def test_packets_are_copies() -> None:
    """With the room behind them that decoders read into, which bytes of Python's haven't."""
    data = bytes(range(20))
    made = decoders.packet(data)
    assert bytes(made) == data
    assert made.buffer_ptr != np.frombuffer(data, np.uint8).ctypes.data
