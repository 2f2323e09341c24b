"""The frame arithmetic, in process: headers as recorders leave them and as nobody should write them."""

import io
import struct
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from evidence.media import answers, chunks, riff
from evidence.media.frames import PROBLEMS, Frames
from evidence.media.link import encode
from tests.media import wav

SECOND = wav.noise(16000)


def frames(data: bytes) -> Frames:
    return riff.frames(io.BytesIO(data), len(data))


def test_plain_file() -> None:
    found = frames(wav.riff(wav.form(), wav.chunk(b"data", SECOND)))
    assert found == Frames("wav", "pcm_s16le", 8000, 1, 8000, {"header_samples": 8000}, ())


@pytest.mark.parametrize(
    ("form", "codec", "frame"),
    [
        (wav.form(width=1), "pcm_u8", 1),
        (wav.form(width=2, channels=2), "pcm_s16le", 4),
        (wav.form(width=2, bits=12), "pcm_s16le", 2),
        (wav.form(width=3), "pcm_s24le", 3),
        (wav.form(width=4, channels=2), "pcm_s32le", 8),
        (wav.form(wav.FLOAT, width=4), "pcm_f32le", 4),
        (wav.form(wav.FLOAT, width=8), "pcm_f64le", 8),
        (wav.form(wav.MULAW, width=1, channels=2), "mulaw", 2),
        (wav.form(wav.ALAW, width=1), "alaw", 1),
    ],
)
def test_bytes_of_a_frame(form: bytes, codec: str, frame: int) -> None:
    found = frames(wav.riff(form, wav.chunk(b"data", wav.noise(24 * 100))))
    assert (found.codec, found.samples, found.problems) == (codec, 2400 // frame, ())


def test_gsm_counts_blocks() -> None:
    found = frames(wav.riff(wav.form(wav.GSM), wav.chunk(b"data", wav.noise(65 * 50))))
    assert (found.codec, found.samples, found.problems) == ("gsm", 16000, ())


def test_gsm_with_the_padding_byte_counted_as_sound() -> None:
    data = wav.riff(wav.form(wav.GSM), wav.chunk(b"data", wav.noise(65 * 51) + b"\0"))
    found = frames(data)
    assert (found.samples, found.problems) == (51 * 320, ())


def extensible(guid_tail: bytes = bytes.fromhex("000000001000800000aa00389b71"), tag: int = 1) -> bytes:
    base = struct.pack("<HHIIHH", 0xFFFE, 2, 8000, 32000, 4, 16)
    return wav.chunk(b"fmt ", base + struct.pack("<HHIH", 22, 16, 3, tag) + guid_tail)


def test_extensible() -> None:
    found = frames(wav.riff(extensible(), wav.chunk(b"data", SECOND)))
    assert (found.codec, found.channels, found.samples, found.problems) == ("pcm_s16le", 2, 4000, ())


@pytest.mark.parametrize("form", [extensible(bytes(14)), extensible()[:-10], extensible(tag=0xFFFE)])
def test_extensible_of_another_kind(form: bytes) -> None:
    form = wav.chunk(b"fmt ", form[8:])
    found = frames(wav.riff(form, wav.chunk(b"data", SECOND)))
    assert (found.samples, found.problems) == (None, ("unsupported_codec",))
    assert found.claims == {"format_tag": 0xFFFE}


def test_other_codec_is_named_by_its_tag() -> None:
    truespeech = wav.chunk(b"fmt ", struct.pack("<HHIIHHHH", 0x22, 1, 8000, 1067, 32, 1, 2, 240))
    found = frames(wav.riff(truespeech, wav.chunk(b"data", SECOND)))
    assert (found.container, found.codec, found.samples) == ("wav", "unknown", None)
    assert (found.claims, found.problems) == ({"format_tag": 0x22}, ("unsupported_codec",))


@pytest.mark.parametrize(
    "form",
    [
        wav.form(channels=0),
        wav.form(rate=0),
        wav.form(bits=0),
        wav.form(bits=24),
        wav.form(wav.MULAW, width=2),
        wav.form(wav.GSM, channels=2),
        wav.form(wav.FLOAT, width=4, bits=25),
        wav.chunk(b"fmt ", struct.pack("<HHIIHH", 1, 2, 8000, 32000, 3, 16)),
        wav.chunk(b"fmt ", struct.pack("<HHIIHHHH", 0x31, 1, 8000, 1625, 65, 0, 2, 160)),
        wav.chunk(b"fmt ", b"\1\0\1\0"),
    ],
)
def test_contradictory_format_leaves_the_duration_unknown(form: bytes) -> None:
    found = frames(wav.riff(form, wav.chunk(b"data", SECOND)))
    assert found.samples is None
    assert "contradictory_format" in found.problems


@pytest.mark.parametrize(
    "others",
    [
        [wav.chunk(b"LIST", b"INFOISFT\x0e\0\0\0Lavf59.27.100\0")],
        [wav.chunk(b"bext", bytes(603))],  # odd: a padding byte follows
        [wav.chunk(b"JUNK", b""), wav.chunk(b"fact", struct.pack("<I", 8000))],
    ],
)
def test_chunks_before_and_after_the_sound(others: list[bytes]) -> None:
    sound = wav.chunk(b"data", SECOND)
    before = frames(wav.riff(wav.form(), *others, sound))
    after = frames(wav.riff(wav.form(), sound, *others))
    assert before == after
    assert (before.samples, before.problems) == (8000, ())


def test_format_after_the_sound() -> None:
    found = frames(wav.riff(wav.chunk(b"data", SECOND), wav.form()))
    assert (found.samples, found.problems) == (8000, ())


@pytest.mark.parametrize("padding", [b"\0", b""])
def test_odd_sound_with_and_without_its_padding_byte(padding: bytes) -> None:
    sound = b"data" + struct.pack("<I", 8001) + wav.noise(8001) + padding
    found = frames(wav.riff(wav.form(width=1), sound, wav.chunk(b"LIST", b"INFO")))
    assert (found.samples, found.problems) == (8001, ())


def test_odd_sound_at_the_very_end() -> None:
    found = frames(wav.riff(wav.form(width=1), b"data" + struct.pack("<I", 8001) + wav.noise(8001)))
    assert (found.samples, found.problems) == (8001, ())


@pytest.mark.parametrize("size", [0, 0xFFFFFFFF, 0x7FFFFFFF, 0x7FFFF000, 0x80000000])
def test_header_nobody_finished(size: int) -> None:
    found = frames(wav.riff(wav.form(), wav.chunk(b"data", SECOND, size)))
    assert found.samples == 8000
    assert found.problems == ("unfinished_header", "header_length_differs")
    assert found.claims == {"header_samples": size // 2}


def test_placeholder_that_is_the_truth(tmp_path: Path) -> None:
    path = tmp_path / "two-gigabytes.wav"
    with path.open("wb") as out:
        head = b"RIFF\0\0\0\0WAVE" + wav.form() + b"data" + struct.pack("<I", 0x7FFFF000)
        out.write(head)
        out.truncate(len(head) + 0x7FFFF000)
    with path.open("rb") as file:
        found = riff.frames(file, path.stat().st_size)
    assert (found.samples, found.problems) == (0x7FFFF000 // 2, ())


def test_no_sound_before_other_chunks_is_no_unfinished_header() -> None:
    found = frames(wav.riff(wav.form(), wav.chunk(b"data", b""), wav.chunk(b"LIST", b"INFO")))
    assert (found.samples, found.problems) == (0, ("empty",))


def test_nothing_but_a_header() -> None:
    found = frames(wav.riff(wav.form(), wav.chunk(b"data", b"")))
    assert (found.samples, found.problems) == (0, ("empty",))


def test_broken_off() -> None:
    whole = wav.riff(wav.form(), wav.chunk(b"data", wav.noise(160000)))
    found = frames(whole[: 44 + 20001])
    assert found.samples == 10000
    assert found.problems == ("truncated", "header_length_differs")
    assert found.claims == {"header_samples": 80000}


def test_broken_off_by_less_than_half_a_second() -> None:
    whole = wav.riff(wav.form(), wav.chunk(b"data", wav.noise(160000)))
    assert frames(whole[: 44 + 160000 - 8000]).problems == ("truncated",)
    assert frames(whole[: 44 + 160000 - 8002]).problems == ("truncated", "header_length_differs")


def test_size_smaller_than_the_rest() -> None:
    data = wav.riff(wav.form(), wav.chunk(b"data", wav.noise(160000), 16000))
    found = frames(data)
    assert (found.samples, found.problems) == (8000, ("trailing_bytes",))
    assert found.claims == {"header_samples": 8000, "trailing_bytes": 144000}


def test_partial_frame() -> None:
    found = frames(wav.riff(wav.form(channels=2), wav.chunk(b"data", wav.noise(16002))))
    assert (found.samples, found.problems) == (4000, ("partial_frame",))


def test_fact_chunk_that_says_otherwise() -> None:
    fact = wav.chunk(b"fact", struct.pack("<I", 80000))
    found = frames(wav.riff(wav.form(wav.MULAW, width=1), fact, wav.chunk(b"data", wav.noise(8000))))
    assert (found.samples, found.problems) == (8000, ("header_length_differs",))
    assert found.claims == {"header_samples": 8000, "fact_samples": 80000}


def test_two_sounds_and_two_formats() -> None:
    sound, other = wav.chunk(b"data", SECOND), wav.chunk(b"data", wav.noise(320))
    assert frames(wav.riff(wav.form(), sound, other))[4:7] == (
        8000,
        {"header_samples": 8000},
        ("ambiguous_chunks",),
    )
    two = frames(wav.riff(wav.form(), wav.form(rate=16000), sound))
    assert (two.sample_rate, two.problems) == (8000, ("ambiguous_chunks",))


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (wav.riff(wav.form()), "no_data"),
        (wav.riff(wav.chunk(b"data", SECOND)), "no_format"),
        (wav.riff(), "no_format"),
        (wav.riff(wav.form())[:30], "no_format"),
        (wav.riff(wav.form(), wav.chunk(b"LIST", b"INFO", 2**31), wav.chunk(b"data", SECOND)), "no_data"),
    ],
)
def test_missing_parts(data: bytes, problem: str) -> None:
    assert (frames(data).samples, frames(data).problems) == (None, (problem,))


@pytest.mark.parametrize(
    "data", [b"", b"RIFF", b"RIFX\0\0\0\0WAVE", b"RIFF\0\0\0\0AVI ", b"OggS", bytes(100)]
)
def test_other_files(data: bytes) -> None:
    with pytest.raises(ValueError, match="not a WAV file"):
        frames(data)


@pytest.mark.parametrize("magic", [b"RF64", b"BW64"])
def test_wide_sizes(magic: bytes, tmp_path: Path) -> None:
    size = 5 * 2**30
    table = ((b"axml", 2**16),)
    parts = wav.ds64(size, size // 2, table) + wav.form() + wav.chunk(b"axml", bytes(2**16), 0xFFFFFFFF)
    head = magic + b"\xff\xff\xff\xffWAVE" + parts + b"data\xff\xff\xff\xff"
    path = tmp_path / "wide.wav"
    with path.open("wb") as out:
        out.write(head)
        out.truncate(len(head) + size)
    with path.open("rb") as file:
        found = riff.frames(file, len(head) + size)
        cut = riff.frames(file, len(head) + 2**30)
    claims = {"header_samples": size // 2, "fact_samples": size // 2}
    assert found == Frames("wav", "pcm_s16le", 8000, 1, size // 2, claims, ())
    assert (cut.samples, cut.problems) == (2**29, ("truncated", "header_length_differs"))


@pytest.mark.parametrize("size", [0, 2**64 - 1])
def test_wide_header_nobody_finished(size: int) -> None:
    sound = wav.chunk(b"data", SECOND, 0xFFFFFFFF)
    found = frames(wav.riff(wav.ds64(size), wav.form(), sound, magic=b"RF64"))
    assert found.samples == 8000
    assert found.problems == ("unfinished_header", "header_length_differs")
    assert found.claims["header_samples"] == min(size // 2, 2**53 - 1)


def test_wide_sizes_mean_nothing_in_a_plain_file() -> None:
    found = frames(wav.riff(wav.ds64(100), wav.form(), wav.chunk(b"data", SECOND, 0xFFFFFFFF)))
    assert (found.samples, found.claims) == (8000, {"header_samples": 0xFFFFFFFF // 2})


class CountingFile(io.BytesIO):
    reads = 0
    most = 0

    def read(self, size: int | None = -1, /) -> bytes:
        self.reads += 1
        data = super().read(size)
        self.most = max(self.most, len(data))
        return data


@pytest.mark.parametrize(
    "tiny", [b"junk\0\0\0\0", b"odd \1\0\0\0x\0", b"odd \1\0\0\0x", b"data\0\0\0\0", b"fmt \0\0\0\0"]
)
@pytest.mark.parametrize(
    "first", [b"", wav.form() + wav.chunk(b"data", b""), wav.form() + wav.chunk(b"data", SECOND)]
)
def test_a_hundred_thousand_chunks_cost_a_thousand_reads(tiny: bytes, first: bytes) -> None:
    data = wav.riff(first, tiny * 100_000)
    file = CountingFile(data)
    found = riff.frames(file, len(data))
    assert "too_many_chunks" in found.problems
    assert file.reads <= 2 * chunks.MAX_CHUNKS + 10
    assert file.most <= 400


pieces = st.one_of(
    st.binary(max_size=20),
    st.builds(
        wav.form,
        st.sampled_from([1, 3, 6, 7, 0x31, 0xFFFE, 0x11]),
        st.integers(0, 3),
        st.sampled_from([0, 1, 8000]),
        st.integers(0, 9),
    ),
    st.builds(
        wav.form,
        st.sampled_from(
            [2, 0x11, 0x10, 0x14, 0x40, 0x45, 0x64, 0x42, 0x65, 0x83, 0x133, 0x28F, 0xA100, 0x22]
        ),
        st.integers(0, 2),
        st.sampled_from([0, 1, 8000]),
        st.integers(0, 300),
        st.integers(0, 9),
    ),
    st.builds(
        wav.chunk,
        st.sampled_from([b"data", b"fact", b"ds64", b"LIST", b"fmt ", b"id3 "]),
        st.binary(max_size=60),
        st.one_of(st.none(), st.integers(0, 100), st.sampled_from([2**31, 2**32 - 1, 0x7FFFF000])),
    ),
    st.builds(wav.ds64, st.sampled_from([0, 7, 100, 2**40, 2**64 - 1]), st.sampled_from([0, 3, 2**64 - 1])),
)


@given(st.lists(pieces, max_size=8), st.sampled_from([b"RIFF", b"RF64", b"BW64"]), st.integers(0, 400))
@example([wav.form(), wav.chunk(b"data", b"", 0)], b"RF64", 400)
def test_no_header_gives_more_sound_than_bytes(parts: list[bytes], magic: bytes, cut: int) -> None:
    """Any file: only ValueError, no more samples than its bytes can hold, and an answer the parent accepts."""
    data = wav.riff(*parts, magic=magic)[:cut]
    try:
        found = frames(data)
    except ValueError:
        assert cut < 12
        return
    if found.samples is not None:
        assert 0 <= found.samples <= len(data) * 240  # a frame of G.723.1 may be a byte
    assert set(found.problems) <= set(PROBLEMS)
    message = answers_round_trip(found)
    assert message == found


@given(st.binary(max_size=300), st.integers(0, 60), st.binary(min_size=1, max_size=4))
def test_flipped_header_bytes(tail: bytes, place: int, value: bytes) -> None:
    data = bytearray(wav.riff(wav.form(), wav.chunk(b"fact", b"\1\0\0\0"), wav.chunk(b"data", tail)))
    data[place : place + len(value)] = value
    try:
        found = frames(bytes(data))
    except ValueError:
        assert place < 12
        return
    assert answers_round_trip(found) == found


def answers_round_trip(found: Frames) -> Frames:
    """What the parent makes of it when the worker says it."""
    return answers.frames(encode({"n": 5, **found.to_message()}).rstrip(b"\n"), 5)


def adpcm(tag: int, align: int, per_block: int, channels: int = 1, bits: int = 4) -> bytes:
    fields = struct.pack("<HHIIHHHH", tag, channels, 8000, 4000, align, bits, 2, per_block)
    return wav.chunk(b"fmt ", fields)


@pytest.mark.parametrize(
    ("form", "sound", "samples", "problems"),
    [
        (adpcm(0x11, 256, 505), 512, 1010, ()),
        (adpcm(0x11, 256, 505), 512 + 4, 1011, ("partial_frame",)),  # a block's first sample
        (adpcm(0x11, 256, 505), 512 + 12, 1027, ("partial_frame",)),
        (adpcm(0x11, 512, 505, channels=2), 512, 505, ()),
        (adpcm(0x11, 256, 0), 256, 505, ()),
        (adpcm(0x11, 256, 504), 256, None, ("contradictory_format",)),
        (adpcm(0x11, 4, 1), 256, None, ("contradictory_format",)),
        (adpcm(0x11, 256, 505, bits=3), 256, None, ("contradictory_format",)),
        (adpcm(2, 256, 500), 512, 1000, ()),
        (adpcm(2, 256, 500), 256 + 10, 508, ("partial_frame",)),
        (adpcm(2, 256, 244, channels=2), 256, 244, ()),
        (adpcm(0x45, 1, 0, bits=2), 100, 400, ()),
        (adpcm(0x45, 1, 0, bits=3), 100, 266, ()),
        (adpcm(0x45, 1, 0, bits=6), 100, None, ("contradictory_format",)),
        (adpcm(0x45, 1, 0, bits=0), 100, 200, ()),  # 4,000 bytes a second
        (adpcm(0x45, 1, 0, channels=2), 100, None, ("contradictory_format",)),
        (adpcm(0x83, 10, 0), 25, 160, ("partial_frame",)),
        (adpcm(0x83, 12, 0), 24, None, ("contradictory_format",)),
    ],
)
def test_adpcm_and_its_kin(form: bytes, sound: int, samples: int | None, problems: tuple[str, ...]) -> None:
    """Blocks of IMA ADPCM hold 1 + 8 samples in 4 bytes, Microsoft's 2 + 2 a byte, behind 4 and 7 bytes."""
    found = frames(wav.riff(form, wav.chunk(b"data", wav.noise(sound))))
    assert (found.samples, found.problems) == (samples, problems)


def test_g723_counts_frames_of_four_lengths() -> None:
    """The two lowest bits of a frame say 24, 20, 4 or 1 byte (RFC 3551, section 4.5.3)."""
    sound = b"\0" + bytes(23) + b"\1" + bytes(19) + b"\2" + bytes(3) + b"\3"
    found = frames(wav.riff(adpcm(0x42, 24, 0), wav.chunk(b"data", sound)))
    assert (found.codec, found.samples, found.problems) == ("g723_1", 4 * 240, ())
    found = frames(wav.riff(adpcm(0x42, 24, 0), wav.chunk(b"data", sound + b"\0")))
    assert (found.samples, found.problems) == (4 * 240, ("partial_frame",))
