"""Recordings that state two things at once: joined ones, containers against their codec, time stamps that lie.

What is to be found follows from how each was made: from speech of a known length, then joined or changed.
"""

import struct
from pathlib import Path

import pytest

from evidence.media.probe import MediaProcess
from evidence.model.recording import RecordingFacts
from tests.media import speech, wav
from tests.media.speech import RATE, SAMPLES

AAC = ("-c:a", "aac")
MP3 = ("-c:a", "libmp3lame")
FLAC = ("-c:a", "flac")
VORBIS = ("-c:a", "libvorbis")
FREQUENCY = b"\xb5\x88"
"""SamplingFrequency of eight bytes (RFC 9559 section 5.1.4.1.29.1)."""


def seconds(facts: RecordingFacts) -> float:
    assert facts.samples is not None
    assert facts.sample_rate is not None
    return facts.samples / facts.sample_rate


def changed(data: bytes, mark: bytes, new: bytes, skip: int = 0) -> bytes:
    """The bytes that stand so far behind the first such mark, replaced."""
    at = data.index(mark) + len(mark) + skip
    return data[:at] + new + data[at + len(new) :]


# Two recordings in one file


@pytest.mark.parametrize(("ending", "codec"), [("aac", AAC), ("mp3", (*MP3, "-id3v2_version", "0"))])
def test_a_rate_that_changes_in_mid_stream(
    ending: str, codec: tuple[str, ...], tmp_path: Path, media: MediaProcess
) -> None:
    """Each frame states its own rate; samples of two rates have no common duration."""
    slow = speech.ffmpeg(tmp_path / f"16.{ending}", 1, "-ar", "16000", *codec).read_bytes()
    fast = speech.ffmpeg(tmp_path / f"48.{ending}", 1, "-ar", "48000", *codec).read_bytes()
    path = tmp_path / f"both.{ending}"
    for data in (slow + fast, fast + slow):
        path.write_bytes(data)
        facts = media.probe(path)
        assert facts.samples is None
        assert "contradictory_format" in facts.problems
        assert "unsupported_codec" not in facts.problems
    path.write_bytes(slow + slow)
    facts = media.probe(path)
    assert facts.sample_rate == 16000
    assert facts.samples is not None
    assert abs(facts.samples - speech.decoded(path, 1)) <= 2 * 1152


@pytest.mark.parametrize(("ending", "codec"), [("aac", AAC), ("mp3", (*MP3, "-id3v2_version", "0"))])
def test_channels_that_change_in_mid_stream(
    ending: str, codec: tuple[str, ...], tmp_path: Path, media: MediaProcess
) -> None:
    one = speech.ffmpeg(tmp_path / f"1.{ending}", 1, *codec, "-ar", "16000").read_bytes()
    two = speech.ffmpeg(tmp_path / f"2.{ending}", 2, *codec, "-ar", "16000").read_bytes()
    path = tmp_path / f"both.{ending}"
    path.write_bytes(one + two)
    facts = media.probe(path)
    assert facts.samples is None
    assert "contradictory_format" in facts.problems


def test_one_wav_behind_another(tmp_path: Path, media: MediaProcess) -> None:
    one = wav.riff(wav.form(), wav.chunk(b"data", wav.noise(16000)))
    form = speech.ffmpeg(tmp_path / "a.aiff", 1).read_bytes()
    for other in (one, form):
        (tmp_path / "a.wav").write_bytes(one + other)
        facts = media.probe(tmp_path / "a.wav")
        assert (facts.samples, facts.problems) == (8000, ("trailing_bytes",))
        assert facts.claims["trailing_bytes"] == len(other)


def test_one_aiff_behind_another(tmp_path: Path, media: MediaProcess) -> None:
    path = speech.ffmpeg(tmp_path / "a.aiff", 1)
    data = path.read_bytes()
    path.write_bytes(data + data)
    facts = media.probe(path)
    assert (facts.samples, facts.problems) == (SAMPLES, ("trailing_bytes",))
    assert facts.claims["trailing_bytes"] == len(data)


def test_au_that_goes_on_behind_its_end(tmp_path: Path, media: MediaProcess) -> None:
    header = b".snd" + struct.pack(">IIIII", 24, 4000, 1, 8000, 1)
    (tmp_path / "a.au").write_bytes(header + bytes(12000))
    facts = media.probe(tmp_path / "a.au")
    assert (facts.samples, facts.problems) == (4000, ("trailing_bytes",))
    assert facts.claims["trailing_bytes"] == 8000


@pytest.mark.parametrize(("name", "at"), [("a.flac", 8), ("a.mka", None)])
def test_flac_header_that_cannot_be(name: str, at: int | None, tmp_path: Path, media: MediaProcess) -> None:
    """Blocks of at most 3 samples (RFC 9639 section 8.2 allows no less than 16)."""
    path = speech.ffmpeg(tmp_path / name, 1, *FLAC)
    data = path.read_bytes()
    at = data.index(b"fLaC") + 8 if at is None else at
    path.write_bytes(data[:at] + struct.pack(">HH", 3, 3) + data[at + 4 :])
    assert "damaged" in media.probe(path).problems


# The container against the codec


@pytest.mark.parametrize(
    ("name", "codec"),
    [("a.mka", AAC), ("f.mka", FLAC), ("v.mka", VORBIS), ("l.mka", ("-c:a", "alac"))],
)
@pytest.mark.parametrize("rate", [4000, 12000, 96000])
def test_matroska_of_another_rate(
    name: str, codec: tuple[str, ...], rate: int, tmp_path: Path, media: MediaProcess
) -> None:
    path = speech.ffmpeg(tmp_path / name, 1, *codec)
    path.write_bytes(changed(path.read_bytes(), FREQUENCY, struct.pack(">d", rate)))
    facts = media.probe(path)
    assert facts.samples is None
    assert "contradictory_format" in facts.problems


def test_mp3_in_matroska_of_another_rate(tmp_path: Path, media: MediaProcess) -> None:
    """Its frames say what it is, and FFmpeg believes them."""
    path = speech.ffmpeg(tmp_path / "a.mka", 1, *MP3)
    path.write_bytes(changed(path.read_bytes(), FREQUENCY, struct.pack(">d", 4000)))
    facts = media.probe(path)
    assert facts.sample_rate == RATE
    assert abs(seconds(facts) * RATE - SAMPLES) <= 1105 + 576


def test_twice_the_rate_may_be_band_replication(tmp_path: Path, media: MediaProcess) -> None:
    """Then a frame has twice as many samples, so that it lasts as long."""
    path = speech.ffmpeg(tmp_path / "a.mka", 1, *AAC)
    path.write_bytes(changed(path.read_bytes(), FREQUENCY, struct.pack(">d", 2 * RATE)))
    facts = media.probe(path)
    assert facts.sample_rate == 2 * RATE
    assert abs(seconds(facts) - SAMPLES / RATE) < 0.4


@pytest.mark.parametrize("codec", [AAC, FLAC, ("-c:a", "alac")])
def test_mp4_of_another_rate(codec: tuple[str, ...], tmp_path: Path, media: MediaProcess) -> None:
    """The sample description's rate is the codec's or nothing: never another duration."""
    path = speech.ffmpeg(tmp_path / "a.mp4", 1, *codec, "-strict", "-2")
    data = path.read_bytes()
    path.write_bytes(changed(data, b"stsd", struct.pack(">I", 44100 << 16), 40))
    assert path.read_bytes() != data
    facts = media.probe(path)
    if facts.samples is None:
        assert "contradictory_format" in facts.problems
    else:
        assert (facts.sample_rate, facts.samples) == (RATE, SAMPLES)


def test_wav_that_says_another_rate_than_its_mp3(tmp_path: Path, media: MediaProcess) -> None:
    path = speech.ffmpeg(tmp_path / "a.wav", 1, *MP3)
    path.write_bytes(changed(path.read_bytes(), b"fmt ", struct.pack("<I", 44100), 8))
    facts = media.probe(path)
    assert facts.samples is None
    assert "contradictory_format" in facts.problems


# Time stamps that lie


@pytest.mark.parametrize(
    "codec",
    [AAC, FLAC, ("-c:a", "alac"), ("-c:a", "libopus")],
)
@pytest.mark.parametrize("factor", [3, 10])
def test_mp4_times_are_not_believed(
    codec: tuple[str, ...], factor: int, tmp_path: Path, media: MediaProcess
) -> None:
    """All durations of the table multiplied: the packets hold what they held."""
    path = speech.ffmpeg(tmp_path / "a.mp4", 1, *codec, "-strict", "-2")
    data = bytearray(path.read_bytes())
    at = data.index(b"stts") + 8
    for entry in range(int.from_bytes(data[at : at + 4], "big")):
        place = at + 8 + 8 * entry
        step = int.from_bytes(data[place : place + 4], "big") * factor
        data[place : place + 4] = step.to_bytes(4, "big")
    path.write_bytes(data)
    facts = media.probe(path)
    assert facts.method == "packets"
    assert -8 <= seconds(facts) * RATE - SAMPLES <= 1024


@pytest.mark.parametrize(
    ("codec", "frame"),
    [
        (AAC, 1024),
        (FLAC, 0),
        (MP3, 1152),
        (("-c:a", "alac"), 0),
        (("-c:a", "libopus"), 160),
        (("-c:a", "pcm_alaw"), 0),
    ],
)
def test_matroska_times_are_not_believed(
    codec: tuple[str, ...], frame: int, tmp_path: Path, media: MediaProcess
) -> None:
    """TimestampScale ten times what it was: the packets hold what they held, and the header says otherwise."""
    path = speech.ffmpeg(tmp_path / "a.mka", 1, *codec)
    path.write_bytes(changed(path.read_bytes(), b"\x2a\xd7\xb1\x83", (10**7).to_bytes(3, "big")))
    facts = media.probe(path)
    assert facts.method == "packets"
    assert abs(seconds(facts) * RATE - SAMPLES) <= 2 * frame + 160
    assert "header_length_differs" in facts.problems


@pytest.mark.parametrize(
    ("name", "codec"), [("v.mka", VORBIS), ("v.ogg", VORBIS), ("a.wma", ("-c:a", "wmav2"))]
)
def test_what_only_times_tell_is_not_called_counted(
    name: str, codec: tuple[str, ...], tmp_path: Path, media: MediaProcess
) -> None:
    facts = media.probe(speech.ffmpeg(tmp_path / name, 1, *codec))
    assert facts.method == "timestamps"
    assert abs(seconds(facts) - SAMPLES / RATE) < 0.2


def test_a_speex_granule_is_not_believed(tmp_path: Path, media: MediaProcess) -> None:
    """Frames of 160 samples, one a packet, as its header says."""
    path = speech.ffmpeg(tmp_path / "a.spx", 1, "-c:a", "libspeex")
    data = bytearray(path.read_bytes())
    at = data.rindex(b"OggS")
    data[at + 6 : at + 14] = (RATE * 3600).to_bytes(8, "little")
    path.write_bytes(data)
    assert "damaged" in media.probe(path).problems
    data[at + 22 : at + 26] = bytes(4)
    data[at + 22 : at + 26] = checksum(bytes(data[at:])).to_bytes(4, "little")
    path.write_bytes(data)
    facts = media.probe(path)
    assert (facts.method, facts.problems) == ("packets", ("header_length_differs",))
    assert abs(seconds(facts) * RATE - SAMPLES) <= 3 * 160


def checksum(page: bytes) -> int:
    """RFC 3533 section 6: polynomial 0x04C11DB7, bit by bit."""
    value = 0
    for byte in page:
        value ^= byte << 24
        for _ in range(8):
            value = (value << 1 ^ (0x04C11DB7 if value >> 31 else 0)) & 0xFFFFFFFF
    return value


def test_a_page_of_ogg_that_was_changed(tmp_path: Path, media: MediaProcess) -> None:
    """FFmpeg skips it without a word."""
    path = speech.ffmpeg(tmp_path / "a.opus", 1, "-c:a", "libopus")
    data = bytearray(path.read_bytes())
    assert media.probe(path).problems == ()
    data[data.rindex(b"OggS") + 60] ^= 1
    path.write_bytes(data)
    assert "damaged" in media.probe(path).problems


# Edit lists


def edited(path: Path, length: int, start: int) -> None:
    """An edit list of one part (version 0): in milliseconds, from a sample of the track's time scale."""
    path.write_bytes(changed(path.read_bytes(), b"elst", struct.pack(">Ii", length, start), 8))


@pytest.mark.parametrize("codec", ["pcm_mulaw", "pcm_s16le", "alac"])
@pytest.mark.parametrize(("length", "start"), [(5000, 0), (5402, 400), (5402, 7000)])
def test_nothing_is_padding_where_no_codec_pads(
    codec: str, length: int, start: int, tmp_path: Path, media: MediaProcess
) -> None:
    path = speech.ffmpeg(tmp_path / "a.mov", 1, "-c:a", codec)
    edited(path, length, start)
    facts = media.probe(path)
    assert (facts.samples, facts.problems) == (SAMPLES, ("hidden_sound",))


@pytest.mark.parametrize(
    ("frames", "problems"), [(2, ()), (3, ()), (4, ("hidden_sound",)), (7, ("hidden_sound",))]
)
def test_padding_is_three_frames_at_most(
    frames: int,
    problems: tuple[str, ...],
    tmp_path: Path,
    media: MediaProcess,
) -> None:
    """Of AAC at its beginning; 1,024 samples were the encoder's own."""
    path = speech.ffmpeg(tmp_path / "a.m4a", 1, *AAC)
    edited(path, 5402, 1024 * frames)
    facts = media.probe(path)
    assert facts.problems == problems
    assert facts.samples is not None
    assert abs(facts.samples - (SAMPLES + 1024 * (1 if problems else 1 - frames))) <= 1024


def test_an_edit_list_anywhere_in_its_track(tmp_path: Path, media: MediaProcess) -> None:
    """The list at the end of the track or before its header."""
    path = speech.ffmpeg(tmp_path / "a.mov", 1, "-c:a", "pcm_mulaw")
    edited(path, 1000, 0)
    data = path.read_bytes()
    start = data.index(b"edts") - 4
    end = start + int.from_bytes(data[start : start + 4], "big")
    track = data.index(b"trak") + 4
    last = track - 8 + int.from_bytes(data[track - 8 : track - 4], "big")
    rest = data[track:start] + data[end:last]
    for moved in (data[start:end] + rest, rest + data[start:end]):
        path.write_bytes(data[:track] + moved + data[last:])
        facts = media.probe(path)
        assert (facts.samples, facts.problems) == (SAMPLES, ("hidden_sound",))


# Whole files one behind the other


def test_two_mp4(tmp_path: Path, media: MediaProcess) -> None:
    path = speech.ffmpeg(tmp_path / "a.m4a", 1, *AAC)
    path.write_bytes(path.read_bytes() * 2)
    facts = media.probe(path)
    assert (facts.samples, facts.problems) == (SAMPLES, ("ambiguous_chunks",))


def test_two_matroska(tmp_path: Path, media: MediaProcess) -> None:
    """The second has another rate, and its sound isn't the first one's."""
    first = speech.ffmpeg(tmp_path / "a.mka", 1, "-c:a", "pcm_s16le").read_bytes()
    second = speech.ffmpeg(tmp_path / "b.mka", 1, "-c:a", "pcm_s16le", "-ar", "48000").read_bytes()
    path = tmp_path / "both.mka"
    path.write_bytes(first + second)
    facts = media.probe(path)
    assert (facts.samples, facts.problems) == (SAMPLES, ("trailing_bytes",))
    assert facts.claims["trailing_bytes"] == len(second)


@pytest.mark.parametrize("codec", ["libspeex", "libvorbis"])
def test_links_of_ogg_with_other_headers(codec: str, tmp_path: Path, media: MediaProcess) -> None:
    first = speech.ffmpeg(tmp_path / "a.ogg", 1, "-c:a", codec).read_bytes()
    second = speech.ffmpeg(tmp_path / "b.ogg", 1, "-c:a", codec, "-ar", "16000").read_bytes()
    path = tmp_path / "both.ogg"
    path.write_bytes(first + second)
    facts = media.probe(path)
    assert facts.samples is None
    assert "contradictory_format" in facts.problems
    path.write_bytes(first + first)
    assert abs(seconds(media.probe(path)) - 2 * SAMPLES / RATE) < 0.2
