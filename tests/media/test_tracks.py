"""Several tracks, pictures beside the sound, edit lists, encryption: what containers hold besides one sound."""

import struct
from pathlib import Path

import pytest

from evidence.media.probe import MediaProcess
from evidence.model.recording import RecordingFacts, RecordingTrack
from tests.media import speech
from tests.media.speech import SAMPLES

TWO = ("-filter_complex", "[0:a]asplit=2[a][b];[b]atrim=end_sample=20000[c]", "-map", "[a]", "-map", "[c]")
PICTURE = ("-f", "lavfi", "-i", "testsrc=size=64x64:rate=5:duration=2", "-map", "0:a", "-map", "1:v")


@pytest.mark.parametrize(
    ("name", "options", "second"),
    [
        ("two.mka", ("-c:a:0", "pcm_s16le", "-c:a:1", "libopus", "-ar:a:1", "48000"), "opus"),
        ("two.m4a", ("-c:a:0", "alac", "-c:a:1", "aac"), "aac"),
        ("two.webm", ("-c:a", "libopus"), "opus"),
    ],
)
def test_several_tracks(
    name: str, options: tuple[str, ...], second: str, tmp_path: Path, media: MediaProcess
) -> None:
    facts = media.probe(speech.ffmpeg(tmp_path / name, 2, *TWO, *options))
    assert facts.problems == ("several_tracks",)
    assert facts.samples is not None
    assert facts.sample_rate is not None
    assert abs(facts.samples * speech.RATE // facts.sample_rate - SAMPLES) <= 160
    (track,) = facts.tracks
    assert (track.codec, track.channels) == (second, 2)
    assert track.samples is not None
    assert track.sample_rate is not None
    assert abs(track.samples * speech.RATE // track.sample_rate - 20000) <= 160
    assert facts.all_channels == 4


def test_channels_of_all_tracks() -> None:
    """They are numbered on, so one that isn't known leaves the number unknown."""
    assert RecordingFacts(channels=2).all_channels == 2
    assert RecordingFacts(channels=2, tracks=(RecordingTrack("aac", 8000, 1, 1),)).all_channels == 3
    assert RecordingFacts(channels=2, tracks=(RecordingTrack(),)).all_channels is None
    assert RecordingFacts().all_channels is None


@pytest.mark.parametrize("name", ["video.mp4", "video.mkv"])
def test_pictures_beside_the_sound(name: str, tmp_path: Path, media: MediaProcess) -> None:
    path = speech.ffmpeg(tmp_path / name, 1, *PICTURE, "-c:v", "mpeg4", "-c:a", "alac")
    facts = media.probe(path)
    assert (facts.codec, facts.problems) == ("alac", ("has_video",))
    assert facts.samples is not None
    assert 0 <= facts.samples - SAMPLES < (1 if name == "video.mp4" else 4096)  # Matroska: whole frames


def test_pictures_alone(tmp_path: Path, media: MediaProcess) -> None:
    path = speech.ffmpeg(tmp_path / "v.mp4", 1, *PICTURE[:4], "-map", "1:v", "-c:v", "mpeg4")
    facts = media.probe(path)
    assert (facts.container, facts.samples, facts.problems) == ("mp4", None, ("has_video", "no_data"))


def test_a_cover_is_no_video(tmp_path: Path, media: MediaProcess) -> None:
    cover = speech.ffmpeg(tmp_path / "cover.png", 1, *PICTURE[:4], "-map", "1:v", "-frames:v", "1")
    options = (
        "-i",
        str(cover),
        "-map",
        "0:a",
        "-map",
        "1:v",
        "-disposition:v",
        "attached_pic",
        "-c:a",
        "aac",
    )
    facts = media.probe(speech.ffmpeg(tmp_path / "a.m4a", 1, *options, "-c:v", "copy"))
    assert (facts.codec, facts.samples, facts.problems) == ("aac", SAMPLES, ())
    facts = media.probe(speech.ffmpeg(tmp_path / "a.mp3", 1, *options, "-c:a", "libmp3lame"))
    assert (facts.codec, facts.problems) == ("mp3", ())
    assert facts.samples is not None
    assert abs(facts.samples - SAMPLES) <= 160


def edited(data: bytes, length: int, start: int) -> bytes:
    """An M4A whose edit list (of one part, version 0) plays another part: in ms, from a sample."""
    at = data.index(b"elst") + 12
    return data[:at] + struct.pack(">Ii", length, start) + data[at + 8 :]


def test_an_edit_list_cannot_hide_sound(tmp_path: Path, media: MediaProcess) -> None:
    """Players leave out what it leaves out; it is in the file all the same."""
    path = speech.ffmpeg(tmp_path / "a.m4a", 1, "-c:a", "aac")
    data = path.read_bytes()
    for length, start in ((1000, 1024), (1000, 30000), (5402, 2**31 - 1)):
        path.write_bytes(edited(data, length, start))
        facts = media.probe(path)
        assert "hidden_sound" in facts.problems
        assert facts.samples is not None
        assert SAMPLES - 8 <= facts.samples <= SAMPLES + 1024  # the list counts in milliseconds


def test_encrypted_mp4(tmp_path: Path, media: MediaProcess) -> None:
    path = speech.ffmpeg(tmp_path / "a.m4a", 1, "-c:a", "aac")
    data = path.read_bytes()
    at = data.index(b"stsd") + 16
    assert data[at : at + 4] == b"mp4a"
    path.write_bytes(data[:at] + b"enca" + data[at + 4 :])
    facts = media.probe(path)
    assert (facts.container, facts.samples, facts.problems) == ("mp4", None, ("encrypted",))
    assert 5402 <= int(facts.claims["container_milliseconds"]) <= 5403


def test_encrypted_asf(tmp_path: Path, media: MediaProcess) -> None:
    """The Content Encryption Object (ASF specification, section 3.14) in place of the codec list."""
    path = speech.ffmpeg(tmp_path / "a.wma", 1, "-c:a", "wmav2")
    codec_list = bytes.fromhex("4052d1861d31d011a3a400a0c90348f6")
    encryption = bytes.fromhex("fbb3112223bdd211b4b700a0c955fc6e")
    data = path.read_bytes()
    assert data.count(codec_list) == 1
    path.write_bytes(data.replace(codec_list, encryption))
    facts = media.probe(path)
    assert (facts.container, facts.samples, facts.problems) == ("asf", None, ("encrypted",))


def element(name: int, data: bytes) -> bytes:
    """An EBML element with a size of 8 bytes."""
    return (
        name.to_bytes((name.bit_length() + 7) // 8, "big") + (1 << 56 | len(data)).to_bytes(8, "big") + data
    )


def test_encrypted_matroska(tmp_path: Path, media: MediaProcess) -> None:
    """ContentEncodings with a ContentEncryption (RFC 9559 section 5.1.4.1.31), by hand."""
    encryption = element(0x6D80, element(0x6240, element(0x5033, b"\1") + element(0x5035, b"")))
    track = element(0xAE, element(0xD7, b"\1") + element(0x83, b"\2") + element(0x86, b"A_OPUS") + encryption)
    head = element(0x1A45DFA3, element(0x4282, b"webm"))
    (tmp_path / "a.webm").write_bytes(head + element(0x18538067, element(0x1654AE6B, track)))
    facts = media.probe(tmp_path / "a.webm")
    assert (facts.container, facts.samples, facts.problems) == ("matroska", None, ("encrypted",))


def test_what_the_container_says(tmp_path: Path, media: MediaProcess) -> None:
    path = speech.ffmpeg(tmp_path / "a.mka", 1, "-c:a", "pcm_s16le")
    data = path.read_bytes()
    at = data.index(b"\x44\x89\x88") + 3
    assert struct.unpack(">d", data[at : at + 8]) == (5402.0,)
    path.write_bytes(data[:at] + struct.pack(">d", 60000.0) + data[at + 8 :])
    facts = media.probe(path)
    assert (facts.samples, facts.claims["container_milliseconds"]) == (SAMPLES, 60000)
    assert facts.problems == ("header_length_differs",)


def test_flac_of_another_length(tmp_path: Path, media: MediaProcess) -> None:
    path = speech.ffmpeg(tmp_path / "a.flac", 1)
    data = bytearray(path.read_bytes())
    data[25] ^= 0x80
    data[24] ^= 0x80  # 32,896 samples more or less
    path.write_bytes(data)
    facts = media.probe(path)
    assert (facts.samples, facts.problems) == (SAMPLES, ("header_length_differs",))


def test_ogg_without_its_end(tmp_path: Path, media: MediaProcess) -> None:
    path = speech.ffmpeg(tmp_path / "a.opus", 1, "-c:a", "libopus", "-page_duration", "200000")
    data = path.read_bytes()
    path.write_bytes(data[: data.rindex(b"OggS")])
    facts = media.probe(path)
    assert facts.problems == ("no_end_mark",)
    path.write_bytes(data[:-5])
    assert "truncated" in media.probe(path).problems
