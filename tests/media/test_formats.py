"""Every recorder format, made of real speech of a known length by other programs' encoders.

What can't be encoded here is made by hand from frames of the length that its specification says, and is so
marked (``handmade``): it tests that frames are counted, not that they would sound.
"""

import struct
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from evidence.media.probe import MediaProcess
from tests.media import speech, wav
from tests.media.speech import RATE, SAMPLES

Maker = Callable[[Path, int], object]


def by_ffmpeg(*options: str) -> Maker:
    return lambda path, channels: speech.ffmpeg(path, channels, *options)


def by_sox(*options: str) -> Maker:
    return lambda path, channels: speech.sox(path, channels, *options)


def handmade(data: bytes) -> Maker:
    return lambda path, _: path.write_bytes(data)


class Kind(NamedTuple):
    """A format: the file's name, its maker, what is to be found, and where that isn't the speech's length.

    ``frame`` is the codec's frame in samples, ``more`` what its encoder adds and nothing in the file tells,
    ``decode`` are ffmpeg's options for a second opinion (None where it has none).
    """

    name: str
    make: Maker
    container: str
    codec: str
    method: str = "packets"
    rate: int = RATE
    channels: int = 1
    frame: int = 0
    more: int = 0
    length: int = SAMPLES * 1000 // RATE
    decode: tuple[str, ...] | None = ()
    problems: tuple[str, ...] = ()


RAW = ("headerless",)
FRAMES = "frames"
TIMES = "timestamps"
OPUS = ("-c:a", "libopus")
AAC = ("-c:a", "aac", "-b:a", "32k")
MP3 = ("-c:a", "libmp3lame", "-b:a", "24k")
SECOND = 1000
AU_G726 = b".snd" + struct.pack(">IIIII", 24, 5000, 26, 8000, 1) + bytes(5000)


def g726_wav(bits: int) -> Kind:
    make = by_ffmpeg("-c:a", "g726", "-b:a", f"{8 * bits}k")
    return Kind(f"g726-{bits}.wav", make, "wav", "g726", FRAMES, frame=8)


def raw_g726(bits: int) -> Kind:
    make = by_ffmpeg("-c:a", "g726", "-b:a", f"{8 * bits}k", "-f", "g726")
    decode = ("-f", "g726", "-ar", "8000", "-code_size", str(bits))
    return Kind(f"call.g726-{8 * bits}", make, "raw", "g726", FRAMES, frame=8, problems=RAW, decode=decode)


def raw_pcm(ending: str, rate: int) -> Kind:
    make = by_ffmpeg("-ar", str(rate), "-f", "s16le")
    decode = ("-f", "s16le", "-ar", str(rate))
    return Kind(f"call.{ending}", make, "raw", "pcm_s16le", FRAMES, rate, problems=RAW, decode=decode)


def raw_g711(ending: str, codec: str) -> Kind:
    return Kind(
        f"call.{ending}",
        by_ffmpeg("-f", codec),
        "raw",
        codec,
        FRAMES,
        problems=RAW,
        decode=("-f", codec, "-ar", "8000"),
    )


def raw_handmade(ending: str, codec: str, frame: bytes, milliseconds: int, rate: int = RATE) -> Kind:
    """50 frames; ffmpeg isn't asked: it knows most of them, but their bytes mean nothing."""
    return Kind(
        f"call.{ending}",
        handmade(frame * 50),
        "raw",
        codec,
        FRAMES,
        rate,
        length=50 * milliseconds,
        problems=RAW,
        decode=None,
    )


def in_wav(tag: int, align: int, bits: int, sound: bytes, rate: int = RATE) -> Maker:
    form = wav.chunk(b"fmt ", struct.pack("<HHIIHHH", tag, 1, rate, 1000, align, bits, 0))
    return handmade(wav.riff(form, wav.chunk(b"data", sound)))


WAV = [
    Kind("pcm.wav", by_ffmpeg(), "wav", "pcm_s16le", FRAMES),
    Kind("pcm2.wav", by_ffmpeg(), "wav", "pcm_s16le", FRAMES, channels=2),
    Kind("mulaw.wav", by_ffmpeg("-c:a", "pcm_mulaw"), "wav", "mulaw", FRAMES),
    Kind("alaw2.wav", by_sox("-e", "a-law"), "wav", "alaw", FRAMES, channels=2),
    Kind("gsm.wav", by_sox("-e", "gsm-full-rate"), "wav", "gsm", FRAMES, frame=320),
    Kind("gsm.WAV", by_ffmpeg("-c:a", "gsm_ms", "-f", "wav"), "wav", "gsm", FRAMES, frame=320),
    Kind("ima-sox.wav", by_sox("-e", "ima-adpcm"), "wav", "adpcm_ima", FRAMES, frame=505),
    Kind("ima.wav", by_ffmpeg("-c:a", "adpcm_ima_wav"), "wav", "adpcm_ima", FRAMES, frame=2041),
    Kind("ima2.wav", by_ffmpeg("-c:a", "adpcm_ima_wav"), "wav", "adpcm_ima", FRAMES, channels=2, frame=1017),
    Kind("ms-sox.wav", by_sox("-e", "ms-adpcm"), "wav", "adpcm_ms", FRAMES, frame=500),
    Kind("ms.wav", by_ffmpeg("-c:a", "adpcm_ms"), "wav", "adpcm_ms", FRAMES, frame=2036),
    Kind("ms2.wav", by_ffmpeg("-c:a", "adpcm_ms"), "wav", "adpcm_ms", FRAMES, channels=2, frame=1012),
    *(g726_wav(bits) for bits in (2, 3, 4, 5)),
    Kind("g722.wav", by_ffmpeg("-ar", "16000", "-c:a", "g722"), "wav", "g722", FRAMES, 16000, frame=2),
    Kind("g723.wav", by_ffmpeg("-c:a", "g723_1", "-b:a", "6300"), "wav", "g723_1", FRAMES, frame=240),
    Kind("mp3.wav", by_ffmpeg(*MP3), "wav", "mp3", frame=576, more=1105 + 288),
    Kind("mp2.wav", by_ffmpeg("-ar", "16000", "-c:a", "mp2"), "wav", "mp2", rate=16000, frame=1152),
    Kind("g729.wav", in_wav(0x83, 10, 0, bytes(1000)), "wav", "g729", FRAMES, length=SECOND, decode=None),
    Kind("g721.wav", in_wav(0x40, 64, 4, bytes(4000)), "wav", "g726", FRAMES, length=SECOND, decode=None),
    Kind("g723a.wav", in_wav(0x14, 48, 3, bytes(3000)), "wav", "g726", FRAMES, length=SECOND, decode=None),
    Kind("oki.wav", in_wav(0x10, 1, 4, bytes(4000)), "wav", "adpcm_vox", FRAMES, length=SECOND, decode=None),
]
HEADERLESS = [
    raw_g711("ulaw", "mulaw"),
    raw_g711("ul", "mulaw"),
    raw_g711("pcmu", "mulaw"),
    raw_g711("alaw", "alaw"),
    raw_g711("al", "alaw"),
    raw_g711("pcma", "alaw"),
    raw_pcm("sln", 8000),
    raw_pcm("raw", 8000),
    raw_pcm("slin", 8000),
    raw_pcm("sln12", 12000),
    raw_pcm("sln16", 16000),
    raw_pcm("sln24", 24000),
    raw_pcm("sln32", 32000),
    raw_pcm("sln44", 44100),
    raw_pcm("sln48", 48000),
    raw_pcm("sln96", 96000),
    raw_pcm("sln192", 192000),
    Kind(
        "call.gsm", by_sox("-t", "gsm"), "raw", "gsm", FRAMES, frame=160, problems=RAW, decode=("-f", "gsm")
    ),
    Kind(
        "call.g722",
        by_ffmpeg("-ar", "16000", "-c:a", "g722", "-f", "g722"),
        *("raw", "g722", FRAMES, 16000),
        frame=2,
        problems=RAW,
        decode=("-f", "g722"),
    ),
    Kind(
        "call.g723",
        by_ffmpeg("-c:a", "g723_1", "-b:a", "6300", "-f", "g723_1"),
        *("raw", "g723_1", FRAMES),
        frame=240,
        problems=RAW,
        decode=("-f", "g723_1"),
    ),
    *(raw_g726(bits) for bits in (2, 3, 4, 5)),
    Kind("call.vox", by_sox("-t", "vox"), "raw", "adpcm_vox", FRAMES, frame=2, problems=RAW, decode=None),
    raw_handmade("g729", "g729", bytes(10), 10),
    raw_handmade("ilbc", "ilbc", bytes(50), 30),
    raw_handmade("siren7", "siren7", bytes(80), 20, 16000),
    raw_handmade("siren14", "siren14", bytes(120), 20, 32000),
    Kind(
        "call.lbc",
        handmade(b"#!iLBC20\n" + bytes(38) * 50),
        *("ilbc", "ilbc", FRAMES),
        length=SECOND,
        decode=None,
    ),
]
MPEG = [
    Kind("cbr.mp3", by_ffmpeg(*MP3), "mp3", "mp3"),
    Kind("vbr.mp3", by_ffmpeg("-q:a", "6"), "mp3", "mp3"),
    Kind("stereo.mp3", by_ffmpeg("-ar", "44100", "-b:a", "64k"), "mp3", "mp3", rate=44100, channels=2),
    Kind("16k.mp3", by_ffmpeg("-ar", "16000", *MP3), "mp3", "mp3", rate=16000),
    Kind("bare.mp3", by_ffmpeg(*MP3, "-write_xing", "0"), "mp3", "mp3", frame=576, more=1105 + 288),
    Kind(
        "mp2.mp3", by_ffmpeg("-ar", "16000", "-c:a", "mp2", "-f", "mp2"), "mp3", "mp2", rate=16000, frame=1152
    ),
    Kind("a.aac", by_ffmpeg(*AAC), "adts", "aac", frame=1024, more=1024),
    Kind("stereo.aac", by_ffmpeg(*AAC), "adts", "aac", channels=2, frame=1024, more=1024),
]
OGG = [
    Kind("a.opus", by_ffmpeg(*OPUS), "ogg", "opus", rate=48000, frame=0),
    Kind("stereo.opus", by_ffmpeg(*OPUS, "-frame_duration", "60"), "ogg", "opus", rate=48000, channels=2),
    Kind("short.opus", by_ffmpeg(*OPUS, "-frame_duration", "2.5"), "ogg", "opus", rate=48000),
    Kind("vorbis.ogg", by_ffmpeg("-c:a", "libvorbis"), "ogg", "vorbis", TIMES),
    Kind(
        "vorbis2.ogg",
        by_ffmpeg("-c:a", "libvorbis", "-ar", "44100"),
        "ogg",
        "vorbis",
        TIMES,
        rate=44100,
        channels=2,
    ),
    Kind("speex.spx", by_ffmpeg("-c:a", "libspeex"), "ogg", "speex", frame=160),
    Kind(
        "wide.spx",
        by_ffmpeg("-ar", "16000", "-c:a", "libspeex", "-frames_per_packet", "3"),
        *("ogg", "speex"),
        rate=16000,
        channels=2,
        frame=960,
    ),
    Kind("flac.oga", by_ffmpeg("-c:a", "flac", "-f", "ogg"), "ogg", "flac"),
    Kind("flac2.oga", by_ffmpeg("-c:a", "flac", "-f", "ogg"), "ogg", "flac", channels=2),
    Kind("a.flac", by_ffmpeg(), "flac", "flac"),
    Kind("stereo.flac", by_ffmpeg(), "flac", "flac", channels=2),
]
MP4 = [
    Kind("a.m4a", by_ffmpeg(*AAC), "mp4", "aac"),
    Kind("stereo.m4a", by_ffmpeg(*AAC, "-movflags", "faststart"), "mp4", "aac", channels=2),
    Kind(
        "pieces.mp4",
        by_ffmpeg(*AAC, "-movflags", "frag_keyframe+empty_moov"),
        *("mp4", "aac"),
        frame=1024,
        more=1024,
    ),
    Kind("alac.m4a", by_ffmpeg("-c:a", "alac"), "mp4", "alac"),
    Kind("alac2.m4a", by_ffmpeg("-c:a", "alac"), "mp4", "alac", channels=2),
    Kind("aac.3gp", by_ffmpeg(*AAC), "mp4", "aac"),
    Kind("opus.mp4", by_ffmpeg(*OPUS), "mp4", "opus", rate=48000),
    Kind("mulaw.mov", by_ffmpeg("-c:a", "pcm_mulaw"), "mp4", "mulaw"),
    Kind("a.amr", by_sox("-t", "amr-nb"), "amr", "amr_nb", frame=160),
    Kind(
        "wide.awb",
        handmade(b"#!AMR-WB\n" + (b"\x44" + bytes(60)) * 40 + (b"\x4c" + bytes(5)) * 5 + b"\x7c" * 5),
        *("amr", "amr_wb"),
        rate=16000,
        length=SECOND,
        decode=None,
    ),
    Kind("a.wma", by_ffmpeg("-c:a", "wmav2"), "asf", "wmav2", TIMES, frame=512),
    Kind("old.wma", by_ffmpeg("-c:a", "wmav1"), "asf", "wmav1", TIMES, frame=512),
    Kind(
        "44.wma",
        by_ffmpeg("-c:a", "wmav2", "-ar", "44100"),
        "asf",
        "wmav2",
        TIMES,
        rate=44100,
        channels=2,
        frame=2048,
    ),
]
PLAIN = [
    Kind("a.aiff", by_ffmpeg(), "aiff", "pcm_s16be", FRAMES),
    Kind("8.aiff", by_sox("-b", "8"), "aiff", "pcm_s8", FRAMES, channels=2),
    Kind("24.aiff", by_sox("-b", "24"), "aiff", "pcm_s24be", FRAMES),
    Kind("32.aiff", by_sox("-b", "32"), "aiff", "pcm_s32be", FRAMES, channels=2),
    Kind("sowt.aifc", by_ffmpeg("-c:a", "pcm_s16le", "-f", "aiff"), "aiff", "pcm_s16le", FRAMES),
    Kind("mulaw.aifc", by_ffmpeg("-c:a", "pcm_mulaw", "-f", "aiff"), "aiff", "mulaw", FRAMES),
    Kind("alaw.aifc", by_ffmpeg("-c:a", "pcm_alaw", "-f", "aiff"), "aiff", "alaw", FRAMES, channels=2),
    Kind("float.aifc", by_ffmpeg("-c:a", "pcm_f32be", "-f", "aiff"), "aiff", "pcm_f32be", FRAMES),
    Kind("ima4.aifc", by_ffmpeg("-c:a", "adpcm_ima_qt", "-f", "aiff"), "aiff", "adpcm_ima", FRAMES, frame=64),
    Kind("a.au", by_ffmpeg("-c:a", "pcm_mulaw"), "au", "mulaw", FRAMES),
    Kind("alaw.au", by_ffmpeg("-c:a", "pcm_alaw"), "au", "alaw", FRAMES, channels=2),
    Kind("16.snd", by_sox("-t", "au", "-e", "signed", "-b", "16"), "au", "pcm_s16be", FRAMES),
    Kind("24.au", by_sox("-b", "24", "-e", "signed"), "au", "pcm_s24be", FRAMES, channels=2),
    Kind("float.au", by_sox("-e", "float", "-b", "64"), "au", "pcm_f64be", FRAMES),
    Kind("g722.au", by_ffmpeg("-ar", "16000", "-c:a", "g722"), "au", "g722", FRAMES, 16000, frame=2),
    Kind("g726.au", handmade(AU_G726), "au", "g726", FRAMES, length=SECOND, decode=None),
]
MATROSKA = [
    Kind("opus.webm", by_ffmpeg(*OPUS), "matroska", "opus", rate=48000),
    Kind("opus2.webm", by_ffmpeg(*OPUS), "matroska", "opus", rate=48000, channels=2),
    Kind("vorbis.webm", by_ffmpeg("-c:a", "libvorbis"), "matroska", "vorbis", TIMES, frame=256),
    Kind("aac.mka", by_ffmpeg(*AAC), "matroska", "aac", frame=1024, more=1024),
    Kind("mp3.mkv", by_ffmpeg(*MP3), "matroska", "mp3", frame=576, more=1105),
    Kind("pcm.mka", by_ffmpeg("-c:a", "pcm_s16le"), "matroska", "pcm_s16le", channels=2),
    Kind("mulaw.mka", by_ffmpeg("-c:a", "pcm_mulaw"), "matroska", "mulaw"),
    Kind("flac.mka", by_ffmpeg("-c:a", "flac", "-ar", "44100"), "matroska", "flac", rate=44100),
]
KINDS = [*WAV, *HEADERLESS, *MPEG, *OGG, *MP4, *PLAIN, *MATROSKA]


@pytest.mark.parametrize("kind", KINDS, ids=[kind.name for kind in KINDS])
def test_every_format(kind: Kind, recording_of: Callable[[Kind], Path], media: MediaProcess) -> None:
    path = recording_of(kind)
    facts = media.probe(path)
    assert (facts.container, facts.codec, facts.method) == (kind.container, kind.codec, kind.method)
    assert (facts.sample_rate, facts.channels, facts.problems) == (kind.rate, kind.channels, kind.problems)
    assert facts.samples is not None
    expected = kind.length * kind.rate // 1000 + kind.more
    assert abs(facts.samples - expected) <= max(kind.frame, kind.rate // 50)
    assert ("possible_padding" in facts.claims) == bool(kind.more or kind.codec == "mp2")
    if kind.decode is not None:
        # ffmpeg 5 leaves out the beginning of AAC in MP4, but not the end
        frame = max(kind.frame, kind.rate // 50, 1024 if kind.codec == "aac" else 0)
        assert abs(facts.samples - speech.decoded(path, kind.channels, *kind.decode)) <= frame + kind.more


def test_aac_in_wav_without_marks_between_its_frames(tmp_path: Path, media: MediaProcess) -> None:
    """Where a frame ends can't be told without decoding; tag 0xFF may also mean ADTS, which can be counted."""
    facts = media.probe(speech.ffmpeg(tmp_path / "aac.wav", 1, *AAC))
    assert (facts.codec, facts.samples, facts.problems) == ("aac", None, ("unsupported_codec",))
    sound = speech.ffmpeg(tmp_path / "a.aac", 1, *AAC).read_bytes()
    in_wav(0x1600, 1, 16, sound)(tmp_path / "adts.wav", 1)
    facts = media.probe(tmp_path / "adts.wav")
    assert (facts.codec, facts.method, facts.problems) == ("aac", "packets", ())
    assert facts.samples == media.probe(tmp_path / "a.aac").samples
