"""AIFF and AU in process: headers as nobody should write them, and whatever bytes follow."""

import io
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.media import aiff, answers, au
from evidence.media.frames import Frames
from evidence.media.link import encode

RATE_8000 = bytes.fromhex("400bfa00000000000000")
"""8000 as an 80-bit number: 2 ** 12 * 1.953125."""


def chunk(name: bytes, data: bytes, size: int | None = None) -> bytes:
    return name + struct.pack(">I", len(data) if size is None else size) + data + b"\0" * (len(data) % 2)


def common(
    channels: int = 1, count: int = 400, bits: int = 16, rate: bytes = RATE_8000, kind: bytes = b""
) -> bytes:
    return chunk(b"COMM", struct.pack(">hIh", channels, count, bits) + rate + kind)


def sound(count: int, size: int | None = None, offset: int = 0) -> bytes:
    return chunk(b"SSND", struct.pack(">II", offset, 0) + bytes(count), size)


def of_aiff(*parts: bytes) -> Frames:
    body = b"AIFF" + b"".join(parts)
    data = chunk(b"FORM", body)
    return aiff.frames(io.BytesIO(data), len(data))


def of_au(header: bytes, count: int) -> Frames:
    data = b".snd" + header + bytes(count)
    return au.frames(io.BytesIO(data), len(data))


def test_plain_files() -> None:
    assert of_aiff(common(), sound(800)) == Frames("aiff", "pcm_s16be", 8000, 1, 400, {"header_samples": 400})
    header = struct.pack(">IIIII", 24, 800, 3, 8000, 1)
    assert of_au(header, 800) == Frames("au", "pcm_s16be", 8000, 1, 400, {"header_samples": 400})


@pytest.mark.parametrize(
    ("parts", "samples", "problems"),
    [
        ((common(), sound(800, size=80000)), 400, ("truncated",)),
        ((common(count=40000), sound(800)), 400, ("header_length_differs",)),
        ((common(), sound(800, size=0)), 400, ("unfinished_header",)),
        ((common(), sound(800, offset=400)), 200, ()),
        ((common(), sound(801)), 400, ("partial_frame",)),
        ((common(count=0), sound(0)), 0, ("empty",)),
        ((common(),), None, ("no_data",)),
        ((sound(800),), None, ("no_format",)),
        ((chunk(b"COMM", bytes(17)), sound(800)), None, ("no_format",)),
        ((common(), common(2), common(3), sound(800), sound(9)), 400, ("ambiguous_chunks",)),
        ((common(channels=0), sound(800)), None, ("contradictory_format",)),
        ((common(channels=-1), sound(800)), None, ("contradictory_format",)),
        ((common(rate=bytes(10)), sound(800)), None, ("contradictory_format",)),
        ((common(rate=b"\x7f" * 10), sound(800)), None, ("contradictory_format",)),
        ((common(kind=b"MAC6"), sound(800)), None, ("unsupported_codec",)),
        ((common(bits=64), sound(800)), None, ("unsupported_codec",)),
    ],
)
def test_odd_aiff(parts: tuple[bytes, ...], samples: int | None, problems: tuple[str, ...]) -> None:
    found = of_aiff(*parts)
    assert (found.samples, found.problems) == (samples, problems)


@pytest.mark.parametrize(
    ("fields", "samples", "problems"),
    [
        ((24, 0xFFFFFFFF, 1, 8000, 1), 800, ()),
        ((24, 0, 1, 8000, 1), 800, ("unfinished_header",)),
        ((24, 80000, 1, 8000, 1), 800, ("truncated", "header_length_differs")),
        ((24, 800, 2, 8000, 3), 266, ("partial_frame",)),
        ((20, 800, 1, 8000, 1), None, ("no_data",)),
        ((9999, 800, 1, 8000, 1), None, ("no_data",)),
        ((24, 800, 99, 8000, 1), None, ("unsupported_codec",)),
        ((24, 800, 1, 0, 1), None, ("contradictory_format",)),
        ((24, 800, 1, 8000, 70000), None, ("contradictory_format",)),
        ((24, 800, 23, 8000, 2), None, ("contradictory_format",)),
    ],
)
def test_odd_au(fields: tuple[int, ...], samples: int | None, problems: tuple[str, ...]) -> None:
    found = of_au(struct.pack(">IIIII", *fields), 800)
    assert (found.samples, found.problems) == (samples, problems)


def test_others_are_refused() -> None:
    for reader in (aiff.frames, au.frames):
        with pytest.raises(ValueError):
            reader(io.BytesIO(b"RIFF\0\0\0\0WAVE"), 12)
    assert of_au(bytes(3), 0).problems == ("no_format",)


pieces = st.lists(
    st.builds(
        chunk,
        st.sampled_from([b"COMM", b"SSND", b"NAME"]),
        st.binary(max_size=40),
        st.none() | st.integers(0, 2**32 - 1),
    ),
    max_size=6,
)
commons = st.builds(
    common,
    st.integers(-2, 300),
    st.integers(0, 2**32 - 1),
    st.integers(-1, 70),
    st.binary(min_size=10, max_size=10) | st.just(RATE_8000),
    st.sampled_from([b"", b"NONE", b"sowt", b"ima4", b"GSM ", b"fl32", b"ulaw"]),
)


@given(st.lists(commons, max_size=2).map(b"".join), pieces.map(b"".join))
def test_any_aiff_is_an_answer(first: bytes, rest: bytes) -> None:
    accepted(of_aiff(first, rest))


@given(st.lists(st.integers(0, 2**32 - 1) | st.integers(0, 30), min_size=5, max_size=5), st.integers(0, 50))
def test_any_au_is_an_answer(fields: list[int], count: int) -> None:
    accepted(of_au(struct.pack(">IIIII", *fields), count))


def accepted(found: Frames) -> None:
    """The parent takes what the child found."""
    line = encode({"n": 1, **found.to_message()}).rstrip(b"\n")
    assert answers.frames(line, 1) == found
