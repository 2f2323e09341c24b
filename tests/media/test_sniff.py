"""What a file is by its first bytes, against what other formats look like."""

import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.media import sniff, worker
from evidence.media.headerless import HEADERLESS, hint_of
from evidence.media.probe import MediaProcess
from tests.media import speech

OTHER = {
    "pdf": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n",
    "zip": b"PK\x03\x04\x14\0\0\0",
    "png": b"\x89PNG\r\n\x1a\n" + bytes(20),
    "jpeg": b"\xff\xd8\xff\xe0\0\x10JFIF\0" + bytes(40),
    "gif": b"GIF89a" + bytes(20),
    "webp": b"RIFF\x10\0\0\0WEBPVP8 " + bytes(20),
    "heic": b"\0\0\0\x18ftypheic" + bytes(20),
    "elf": b"\x7fELF\2\1\1" + bytes(40),
    "exe": b"MZ" + bytes(100),
    "sqlite": b"SQLite format 3\0" + bytes(40),
    "gzip": b"\x1f\x8b\x08\0" + bytes(40),
    "json": b'{"format": 1, "number": "INC-1"}',
    "html": "<!doctype html><title>Виклик</title>".encode(),
    "utf16": "\ufeffвиклик, абонент".encode("utf-16-le"),
    "latin text": "sec. 5: call held".encode("utf-16"),
    "m3u": b"#EXTM3U\n#EXT-X-VERSION:3\n/etc/passwd\n",
    "concat": b"ffconcat version 1.0\nfile /etc/passwd\n",
    "sdp": b"v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=x\r\nm=audio 5004 RTP/AVP 0\r\n",
}
LOCKED = {
    "age": b"age-encryption.org/v1\n-> X25519 abc\n",
    "armoured age": b"-----BEGIN AGE ENCRYPTED FILE-----\n",
    "armoured pgp": b"-----BEGIN PGP MESSAGE-----\n\n",
    "openssl": b"Salted__" + bytes(range(8, 40)),
    "pgp to a key": bytes.fromhex("85020c03") + bytes(range(100, 180)),
    "pgp with a passphrase": bytes.fromhex("8c0d04090302") + bytes(range(100, 180)),
}


@pytest.mark.parametrize("name", OTHER)
@pytest.mark.parametrize("ending", ["mp3", "wav", "opus"])
def test_other_files(name: str, ending: str, tmp_path: Path, media: MediaProcess) -> None:
    path = tmp_path / f"call.{ending}"
    path.write_bytes(OTHER[name])
    facts = media.probe(path)
    assert (facts.container, facts.milliseconds, facts.problems) == ("unknown", None, ("not_audio",))
    assert facts.claims == {}


@pytest.mark.parametrize("name", LOCKED)
def test_encrypted_files(name: str, tmp_path: Path, media: MediaProcess) -> None:
    path = tmp_path / "call.wav"
    path.write_bytes(LOCKED[name])
    facts = media.probe(path)
    assert (facts.container, facts.milliseconds, facts.problems) == ("unknown", None, ("encrypted",))


@pytest.mark.parametrize("name", ["call.ulaw", "call.sln16", "call.g729"])
def test_content_with_a_mark_wins_over_the_name(name: str, tmp_path: Path, media: MediaProcess) -> None:
    path = tmp_path / name
    path.write_bytes(OTHER["pdf"])
    assert media.probe(path).problems == ("not_audio",)
    path.write_bytes(speech.ffmpeg(tmp_path / "a.flac", 1).read_bytes())
    assert media.probe(path).samples == speech.SAMPLES
    path.write_bytes(OTHER["html"])
    assert media.probe(path).problems == ("not_audio",)


@pytest.mark.parametrize("silence", [b"\xff", b"\x7f", b"\xd5", b"\x55", b"\0"])
@pytest.mark.parametrize("name", ["call.ulaw", "call.alaw"])
def test_silence_is_sound(silence: bytes, name: str, tmp_path: Path, media: MediaProcess) -> None:
    path = tmp_path / name
    path.write_bytes(silence * 8000)
    facts = media.probe(path)
    assert (facts.milliseconds, facts.problems) == (1000, ("headerless",))


@pytest.mark.parametrize(
    ("name", "sound"),
    [
        ("call.alaw", bytes(0x50 + i % 16 for i in range(8000))),  # faint noise below zero
        ("call.sln", b"\0\1\0\0\0\0\xff\xff" * 2000),
        ("call.ulaw", b"\xff\xfb\x90\x64" * 2000),  # as MP3 begins
        ("call.gsm", b"\xd0" + b"\x8c\x0d\x04\x09" * 8),
    ],
)
def test_sound_that_looks_like_something_else(
    name: str, sound: bytes, tmp_path: Path, media: MediaProcess
) -> None:
    path = tmp_path / name
    path.write_bytes(sound)
    facts = media.probe(path)
    assert (facts.container, facts.problems) == ("raw", ("headerless",))


def test_gsm_is_checked(tmp_path: Path, media: MediaProcess) -> None:
    path = speech.sox(tmp_path / "call.gsm", 1, "-t", "gsm")
    data = bytearray(path.read_bytes())
    whole = len(data) // 33 * 160
    data[33 * 7] ^= 0x40
    path.write_bytes(data)
    facts = media.probe(path)
    assert (facts.samples, facts.problems) == (whole, ("headerless", "damaged"))
    path.write_bytes(speech.pcm())
    facts = media.probe(path)
    assert (facts.codec, facts.samples, facts.problems) == ("unknown", None, ("not_what_its_name_says",))
    path.write_bytes(data[:-7])
    facts = media.probe(path)
    assert (facts.samples, facts.problems) == (whole - 160, ("headerless", "damaged", "partial_frame"))


def test_names_of_headerless_sound() -> None:
    expected = {
        "in.ULAW": "mulaw",
        "20261101-1.g726-24": "g726_24",
        "x.sln44": "pcm44100",
        "x.wav": "",
        "x.WAV49": "",
        "ulaw": "",
        ".gsm": "",
        "gsm.d/x": "",
        "": "",
        "x.sln7": "",
    }
    assert {name: hint_of(name) for name in expected} == expected


@given(st.text())
def test_a_hint_is_from_a_closed_set(name: str) -> None:
    assert hint_of(name) in {"", *HEADERLESS}


kinds = {*worker.READERS, *worker.DEMUXERS, "not_audio", "encrypted", "unknown"}
beginnings = st.sampled_from(
    [*OTHER.values(), *LOCKED.values(), b"ID3\4\0\0\0\0\0\5", b"\xff\xfb\x90\0", b""]
)


@given(beginnings, st.binary(max_size=300), st.booleans())
def test_every_file_has_a_kind(beginning: bytes, rest: bytes, strong_only: bool) -> None:  # noqa: FBT001
    data = beginning + rest
    assert sniff.kind(io.BytesIO(data), len(data), strong_only=strong_only) in kinds
