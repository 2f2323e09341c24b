"""Waveforms of whole recordings, against samples counted one by one and against ffmpeg."""

import io
import struct
import subprocess
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from evidence.media.columns import Columns, TrackPeaks, drawing
from evidence.media.decode import Sound
from evidence.media.headerless import hint_of
from evidence.model.waveform import MOST_COLUMNS, Drawing
from tests.media import speech, wav
from tests.media.test_formats import KINDS, Kind
from tests.requirements import need

KNOWN = [kind for kind in KINDS if kind.decode is not None]
SAMPLES = st.integers(-32768, 32767)


def drawn(data: bytes, name: str = "") -> tuple[Drawing, list[str]]:
    """A recording's waveform, and what kept from drawing all of it."""
    sound = Sound(io.BytesIO(data), len(data), hint_of(name), 0, draws=True)
    for block in sound.blocks():
        assert not block.samples.size
    return sound.drawing(), sound.problems


def slowly(samples: NDArray[Any], rate: int, together: int) -> bytes:
    """The peaks in columns of so many hundredths of a second, by whole numbers."""
    found: dict[int, int] = {}
    for number, sample in enumerate(samples.tolist()):
        column = number * 100 // rate // together
        found[column] = max(found.get(column, 0), abs(sample))
    return bytes(int(found[column] * 255 / 32768 + 0.5) for column in range(len(found)))


@pytest.mark.parametrize("rate", [8000, 11025, 16000, 22050, 44100, 48000])
@pytest.mark.parametrize("channels", [1, 2, 7, 8])
def test_plain_samples(rate: int, channels: int) -> None:
    chance = np.random.default_rng(rate + channels)
    loudness = np.repeat(chance.integers(1, 32768, 7), rate // 5 + 3)[:, None]
    samples = (chance.uniform(-1, 1, (loudness.size, channels)) * loudness).astype("<i2")
    samples[0, 0], samples[-1, -1] = -32768, 32767
    data = wav.riff(wav.form(channels=channels, rate=rate), wav.chunk(b"data", samples.tobytes()))
    found, problems = drawn(data)
    assert (found.column_ms, problems) == (10, [])
    assert found.channels == tuple(slowly(samples[:, number], rate, 1) for number in range(channels))
    assert found.channels[0][0] == found.channels[-1][-1] == 255


@pytest.mark.parametrize(
    ("tag", "width", "kind", "full"),
    [(wav.PCM, 1, "u1", 128), (wav.PCM, 4, "<i4", 2**31), (wav.FLOAT, 4, "<f4", 1), (wav.FLOAT, 8, "<f8", 1)],
)
def test_samples_of_other_widths(tag: int, width: int, kind: str, full: int) -> None:
    """255 is full scale in each; what is louder, as floats can be, is full scale."""
    shape = np.repeat(np.array([0.0, 0.25, 0.5, -0.5, -1.0, 0.125]), 80)
    samples = (shape * full + (128 if kind == "u1" else 0)).astype(kind)
    data = wav.riff(wav.form(tag, width=width), wav.chunk(b"data", samples.tobytes()))
    assert drawn(data)[0].channels == (bytes([0, 64, 128, 128, 255, 32]),)
    if tag == wav.FLOAT:
        loud = wav.riff(wav.form(tag, width=width), wav.chunk(b"data", (9 * samples).tobytes()))
        assert drawn(loud)[0].channels == (bytes([0, 255, 255, 255, 255, 255]),)


@pytest.mark.parametrize("kind", KNOWN, ids=[kind.name for kind in KNOWN])
def test_every_format_is_as_loud_as_ffmpeg_hears_it(kind: Kind, recording_of: Callable[[Kind], Path]) -> None:
    """In tenths of a second; a codec's delay may move a peak into the next."""
    path = recording_of(kind)
    found, problems = drawn(path.read_bytes(), kind.name)
    options = kind.decode or ()
    options = ("-f", "g726le", *options[2:]) if options[:2] == ("-f", "g726") else options
    command = [need("ffmpeg"), "-v", "error", *options, "-i", str(path), "-map", "0:a:0"]
    raw = subprocess.run(
        [*command, "-ar", str(kind.rate), "-f", "s16le", "-"], check=True, capture_output=True
    )
    theirs = np.frombuffer(raw.stdout, "<i2").reshape(-1, kind.channels)
    assert (len(found.channels) >= kind.channels, problems) == (True, [])
    for number, ours in enumerate(found.channels[: kind.channels]):
        other = slowly(theirs[:, number], kind.rate, 1)
        assert abs(len(ours) - len(other)) <= 5
        assert abs(max(ours) - max(other)) <= 2
        for at in range(0, min(len(ours), len(other)) - 20, 10):
            assert max(ours[at : at + 10]) <= max(other[max(0, at - 5) : at + 15]) + 3
            assert max(ours[max(0, at - 5) : at + 15]) + 3 >= max(other[at : at + 10])


def test_loudness_above_what_telephones_pass(tmp_path: Path) -> None:
    """A tone of 12 kHz that a recording resampled to 8 kHz would lack."""
    path = tmp_path / "a.flac"
    tone = ["-f", "lavfi", "-i", "aevalsrc=0.5*sin(2*PI*12000*t):s=44100:d=1", "-sample_fmt", "s16"]
    subprocess.run([need("ffmpeg"), "-v", "error", *tone, str(path)], check=True)
    found, _ = drawn(path.read_bytes())
    assert found.columns == 100
    assert set(found.channels[0]) <= {126, 127, 128}


def test_tracks_and_their_channels_side_by_side(tmp_path: Path) -> None:
    """A track that is shorter is silent at its end."""
    one, two = speech.ffmpeg(tmp_path / "a.wav", 1), speech.ffmpeg(tmp_path / "b.wav", 2)
    path = tmp_path / "both.mka"
    command = [need("ffmpeg"), "-v", "error", "-i", str(two), "-t", "1", "-i", str(one)]
    subprocess.run([*command, "-map", "0", "-map", "1", "-c", "copy", str(path)], check=True)
    found, problems = drawn(path.read_bytes())
    assert (len(found.channels), problems) == (3, [])
    (alone,) = drawn(one.read_bytes())[0].channels
    played = found.channels[2].rstrip(b"\0")
    assert alone.startswith(played[:-1])
    assert 90 <= len(played) <= 130 < found.columns


@given(
    st.lists(SAMPLES, min_size=1, max_size=3000),
    st.lists(st.integers(0, 3000), max_size=6),
    st.sampled_from([1000, 8000, 11025, 44100]),
)
def test_however_the_sound_comes(samples: list[int], cuts: list[int], rate: int) -> None:
    sound = np.array(samples, np.int16)
    peaks = TrackPeaks(1, 8)
    for part in np.split(sound, sorted(min(cut, sound.size) for cut in cuts)):
        if part.size:
            peaks.hear(_frame(part, rate))
    assert drawing([peaks]).channels == (slowly(sound, rate, 1),)


@given(st.lists(st.tuples(st.sampled_from([1000, 8000, 16000]), st.integers(1, 400)), min_size=1, max_size=6))
def test_rates_that_change(parts: list[tuple[int, int]]) -> None:
    """Each part lies where the parts before it end, in time; between them there may be silence."""
    peaks = TrackPeaks(0, 8)
    at = Fraction()
    places = []
    for number, (rate, hundredths) in enumerate(parts):
        level = 32767 if number % 2 == 0 else 16384
        peaks.hear(_frame(np.full(rate * hundredths // 100, level, np.int16), rate))
        places.append((at, at + hundredths, 255 if number % 2 == 0 else 128))
        at += hundredths
        peaks.skip(0.25, rate)
        at += 25
    found = drawing([peaks])
    assert found.columns * found.column_ms == 10 * int(at)
    for begin, end, level in places:
        assert set(found.channels[0][int(begin) : int(end)]) == {level}
        assert set(found.channels[0][int(end) : int(end) + 25]) <= {0}


@settings(max_examples=50)
@given(st.lists(st.tuples(st.integers(0, 400_000), st.binary(min_size=1, max_size=900)), max_size=12))
def test_columns_that_grow_longer_keep_every_peak(pieces: list[tuple[int, bytes]]) -> None:
    """However often they were joined on the way, each holds the highest of those it joins."""
    columns, whole = Columns(), np.zeros(401_000, np.uint8)
    for first, peaks in pieces:
        part = np.frombuffer(peaks, np.uint8)
        columns.put(first, part)
        np.maximum(whole[first : first + part.size], part, out=whole[first : first + part.size])
    columns.coarsen(4)
    together = 1 << columns.level
    padded = np.pad(whole, (0, -whole.size % together)).reshape(-1, together).max(1)
    assert columns.first(padded.size, 1) == padded.tobytes()


@given(st.lists(st.binary(min_size=1, max_size=1), min_size=1, max_size=400), st.integers(1, 500))
def test_a_drawing_within_fewer_columns(peaks: list[bytes], most: int) -> None:
    whole = Drawing("a", 10, (b"".join(peaks), b"".join(reversed(peaks))))
    less = whole.within(most)
    together = less.column_ms // 10
    assert less.columns <= most
    assert together == 1 or -(-whole.columns // (together - 1)) > most
    for channel, other in zip(less.channels, whole.channels, strict=True):
        assert [*channel] == [max(other[at : at + together]) for at in range(0, len(other), together)]
    assert less.within(most) == less


@pytest.mark.parametrize("seconds", [0.01, 29.99, 30, 30.01, 600, 36_000])
def test_at_most_so_many_columns(seconds: float) -> None:
    peaks = TrackPeaks(1, 8)
    for _ in range(10):
        peaks.skip(seconds / 10, 8000)
    found = drawing([peaks])
    assert found.columns <= MOST_COLUMNS
    assert found.columns > MOST_COLUMNS / 2 or found.column_ms == 10
    assert 0 <= found.columns * found.column_ms - seconds * 1000 < found.column_ms


def test_no_sound_is_no_drawing() -> None:
    assert drawing([]) == drawing([TrackPeaks(2, 8)]) == Drawing()
    assert drawn(b"") == (Drawing(), ["no_sound"])
    assert drawn(b"%PDF-1.7") == (Drawing(), ["not_decodable"])
    assert drawn(wav.riff(wav.form(), wav.chunk(b"data", b""))) == (Drawing(), ["no_sound"])


def test_no_more_than_eight_channels() -> None:
    samples = np.tile(np.arange(9, dtype="<i2") * 3000, 800)
    form = wav.chunk(b"fmt ", struct.pack("<HHIIHH", 1, 9, 8000, 8000 * 18, 18, 16))
    found, problems = drawn(wav.riff(form, wav.chunk(b"data", samples.tobytes())))
    assert [channel[0] for channel in found.channels] == [round(3000 * n * 255 / 32768) for n in range(8)]
    assert problems == ["too_many_channels"]


def _frame(samples: NDArray[np.int16], rate: int) -> Any:
    import av  # noqa: PLC0415  as where it is used

    frame = av.AudioFrame.from_ndarray(samples[None], format="s16", layout="mono")
    frame.sample_rate = rate
    return frame
