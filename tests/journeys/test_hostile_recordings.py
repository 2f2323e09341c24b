"""Recordings made to hurt: they are archived as they are, and nobody claims to know how long they last."""

import os
import shutil
import struct

import pytest

from tests.journeys.hostile import DONE, NUMBER, STORE, UNKNOWN, Ground, shapes

SOUND = """3gp aac aif aifc aiff al alaw amr au awb caf flac g722 g723 g726 g729 gsm m4a mka mp2 mp3 mp4 oga ogg
    opus pcma pcmu ra sln sln16 sln32 sln48 snd spx ul ulaw vox wav wav49 wave weba webm wma wv"""
GARBAGE = bytes(range(256)) * 9 + b"\x1b[2J\x00\xff"


def chunk(name: bytes, data: bytes, size: int | None = None) -> bytes:
    """A RIFF chunk, whose size may be a lie."""
    return name + struct.pack("<I", len(data) if size is None else size) + data


def fmt(*, tag: int = 1, channels: int = 1, rate: int = 8000, align: int = 2, bits: int = 16) -> bytes:
    """A format chunk."""
    return chunk(b"fmt ", struct.pack("<HHIIHH", tag, channels, rate, (rate * align) % 2**32, align, bits))


def riff(*chunks: bytes, size: int | None = None, kind: bytes = b"RIFF") -> bytes:
    """A WAVE file, whose size may be a lie."""
    return chunk(kind, b"WAVE" + b"".join(chunks), size)


SAMPLES = chunk(b"data", b"\0\1" * 800)
WHOLE = riff(fmt(), SAMPLES)
BROKEN = {
    "empty": b"",
    "one byte": b"R",
    "only its name": b"RIFF",
    "only RIFF": riff(),
    "no format": riff(SAMPLES),
    "format of no bytes": riff(chunk(b"fmt ", b""), SAMPLES),
    "format of one byte": riff(chunk(b"fmt ", b"\1"), SAMPLES),
    "no channels": riff(fmt(channels=0), SAMPLES),
    "65535 channels": riff(fmt(channels=65535), SAMPLES),
    "rate of 0": riff(fmt(rate=0), SAMPLES),
    "highest rate": riff(fmt(rate=2**32 - 1), SAMPLES),
    "block of 0": riff(fmt(align=0), SAMPLES),
    "block of 65535": riff(fmt(align=65535), SAMPLES),
    "samples of 0 bits": riff(fmt(bits=0), SAMPLES),
    "samples of 65535 bits": riff(fmt(bits=65535), SAMPLES),
    "unknown coding": riff(fmt(tag=0xBEEF), SAMPLES),
    "extensible without extension": riff(fmt(tag=0xFFFE), SAMPLES),
    "mp3 inside": riff(fmt(tag=0x55), SAMPLES),
    "size of the crashed": riff(fmt(), chunk(b"data", b"\0" * 99, 0xFFFFFFFF), size=0xFFFFFFFF),
    "sizes of 0": riff(fmt(), chunk(b"data", b"\0" * 99, 0), size=0),
    "no data": riff(fmt()),
    "data first": riff(SAMPLES, fmt()),
    "two formats": riff(fmt(), fmt(rate=1), SAMPLES),
    "two datas": riff(fmt(), SAMPLES, SAMPLES),
    "a chunk beyond the end": riff(fmt(), chunk(b"LIST", b"x", 2**31), SAMPLES),
    "ten thousand chunks": riff(fmt(), chunk(b"junk", b"") * 10_000, SAMPLES),
    "big-endian": riff(fmt(), SAMPLES, kind=b"RIFX"),
    "RF64 without sizes": riff(fmt(), SAMPLES, kind=b"RF64", size=0xFFFFFFFF),
    "chunk name of escapes": riff(chunk(b"\x1b[2J", b"x"), fmt(), SAMPLES),
    "hostile tags": riff(fmt(), chunk(b"LIST", b"INFO" + chunk(b"INAM", b"\x1b]0;x\x07\xff\n")), SAMPLES),
    "cut in its header": WHOLE[:30],
    "cut in its data": WHOLE[:-777],
    "something behind": WHOLE + GARBAGE,
}
OTHERS = {
    "RIFF in mp3": ("x.mp3", WHOLE),
    "playlist": ("x.mp3", b"#EXTM3U\nfile:///etc/passwd\nhttp://169.254.169.254/\n"),
    "playlist as wav": ("x.wav", b"#EXTM3U\nconcat:/etc/passwd|/etc/shadow\n"),
    "stream list": ("x.m4a", b"#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:0\n#EXTINF:1,\n/dev/zero\n"),
    "ffconcat": ("x.ogg", b"ffconcat version 1.0\nfile /etc/passwd\n"),
    "zip": ("x.wav", b"PK\5\6" + bytes(18)),
    "pdf": ("x.wav", b"%PDF-1.7\n1 0 obj<</OpenAction<</S/JavaScript>>>>\n%%EOF"),
    "html": ("x.wav", b"<html><script>alert(1)</script>"),
    "program": ("x.wav", b"\x7fELF" + bytes(60)),
    "gzip": ("x.ogg", b"\x1f\x8b\x08" + bytes(40)),
    "entities": ("x.wma", b'<!DOCTYPE a [<!ENTITY b "&b;&b;">]><a>&b;</a>'),
    "endless mp3 tag": ("x.mp3", b"ID3\4\0\0\x7f\x7f\x7f\x7f" + bytes(100)),
    "ogg page of nothing": ("x.ogg", b"OggS" + bytes(23)),
    "atom of itself": ("x.mp4", b"\0\0\0\x08moov" * 500),
    "atom of 2^63 bytes": ("x.m4a", b"\0\0\0\1mdat\x7f" + b"\xff" * 7),
    "flac without frames": ("x.flac", b"fLaC\x80\0\0\x22" + b"\xff" * 34),
    "polyglot": ("x.wav", WHOLE + b"%PDF-1.7 PK\3\4"),
}


def brought_in(ground: Ground, name: str, data: bytes) -> int | None:
    """A hostile recording brought in; its duration in milliseconds, if anybody says it."""
    return said_of(ground, name, data)[0]


def said_of(ground: Ground, name: str, data: bytes) -> tuple[int | None, list[str]]:
    """A hostile recording brought in; its duration in milliseconds, and what is odd about it."""
    (found,) = ground.new("--number", "N", *UNKNOWN, ground.source(name, data)).lines
    assert (ground.incidents / "N" / name).read_bytes() == data
    (recording,) = found["recordings"]
    return recording["milliseconds"], recording["problems"]


@pytest.mark.parametrize("extension", SOUND.split())
def test_garbage_is_kept_under_every_name_of_sound(ground: Ground, extension: str) -> None:
    milliseconds, problems = said_of(ground, f"x.{extension}", GARBAGE)
    assert problems
    assert milliseconds is None or "headerless" in problems


@pytest.mark.parametrize("data", BROKEN.values(), ids=BROKEN)
def test_broken_wave_files_are_kept(ground: Ground, data: bytes) -> None:
    milliseconds = brought_in(ground, "x.wav", data)
    assert milliseconds is None or 0 <= milliseconds <= len(data) * 1000


@pytest.mark.parametrize(("name", "data"), OTHERS.values(), ids=OTHERS)
def test_what_is_no_recording_is_kept_and_never_run_or_followed(
    ground: Ground, name: str, data: bytes
) -> None:
    milliseconds = brought_in(ground, name, data)
    assert milliseconds is None or data.startswith(WHOLE)


def test_all_of_them_can_be_sealed(ground: Ground) -> None:
    folder = ground.script_made({f"{n}.wav": data for n, data in enumerate(BROKEN.values())})
    ground.on_vault("seal", "--check", folder.name, code=DONE)
    before = shapes(folder)
    (sealed, _other) = ground.on_vault("seal", folder.name, NUMBER, code=DONE).lines
    assert len(before) + 1 == len(shapes(folder))  # incident.uid
    assert before.items() <= shapes(folder).items()
    ground.run("verify", sealed["archive"], "--trust", ground.vault / "keys" / "sealing.crt", code=DONE)


@pytest.mark.skipif(shutil.disk_usage("/tmp").free > 2**40, reason="the disk has room for a tebibyte")
def test_a_file_of_a_tebibyte_fills_no_disk(ground: Ground) -> None:
    """It is nothing but a hole: it takes no room itself, and its copy would take all there is."""
    source = ground.source("huge.wav", WHOLE)
    os.truncate(source, 2**40)
    ground.add(source, *UNKNOWN, code=STORE)
    folder = ground.script_made({})
    (ground.there / source).rename(folder / "huge.wav")
    ground.on_vault("seal", "--check", folder.name, code=DONE)
    ground.on_vault("seal", folder.name, code=STORE)
    assert not list((ground.vault / "staging").iterdir())
