"""Listening copies: every sample and every place of the recording, the same bytes each time."""

import base64
import io
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator

import numpy as np
import pytest
from numpy.typing import NDArray

from evidence.media.access import AccessCopy, AccessProcess, TooLarge, Wanted
from tests.media import wav
from tests.requirements import need

RATE = 8000
SAYS = f"""
import json, socket, sys
sys.path += {sys.path!r}
link = socket.socket(fileno=0)
link.sendall(b'{{"ready": true}}\\n')
socket.recv_fds(link, 4096, 1)
for line in json.loads(sys.argv[1]):
    link.sendall(json.dumps({{"n": 1, **line}}).encode() + b"\\n")
link.recv(1)
"""


@pytest.fixture(scope="module")
def process() -> Iterator[AccessProcess]:
    with AccessProcess() as found:
        yield found


def noise(seconds: float, channels: int) -> NDArray[np.int16]:
    """Other noise in each channel, (n, channels)."""
    return np.random.default_rng(3).integers(-9000, 9000, (int(seconds * RATE), channels), np.int16)


def pcm(samples: NDArray[np.int16]) -> bytes:
    data = wav.chunk(b"data", samples.astype("<i2").tobytes())
    return wav.riff(wav.form(channels=samples.shape[1]), data)


def copied(
    process: AccessProcess, data: bytes, wanted: Wanted, name: str = "a.wav"
) -> tuple[AccessCopy, bytes]:
    """What became of a recording, and the copy."""
    with tempfile.TemporaryFile() as file, tempfile.TemporaryFile() as out:
        file.write(data)
        file.flush()
        made = process.copy(file, name, wanted, out)
        out.seek(0)
        return made, out.read()


def wanted(channels: int = 1, most: int = 1 << 30, rate: int = RATE) -> Wanted:
    return Wanted.of(rate, channels, 10_000, most)


def heard(flac: bytes, channels: int, rate: int = RATE) -> NDArray[np.int16]:
    """What ffmpeg, which is another program, makes of a copy: (n, channels)."""
    command = [need("ffmpeg"), "-v", "error", "-i", "pipe:0", "-f", "s16le", "-ar", str(rate), "pipe:1"]
    found = subprocess.run(command, input=flac, capture_output=True, check=True).stdout
    return np.frombuffer(found, "<i2").reshape(-1, channels)


@pytest.mark.parametrize("channels", [1, 2, 3, 4, 5])
def test_it_holds_every_sample_of_every_channel(process: AccessProcess, channels: int) -> None:
    samples = noise(9.3, channels)
    made, flac = copied(process, pcm(samples), wanted(channels))
    assert made == AccessCopy(len(flac), is_whole=True)
    assert np.array_equal(heard(flac, channels), samples)


def test_it_is_the_same_each_time(process: AccessProcess) -> None:
    data = pcm(noise(3, 2))
    with AccessProcess() as other:
        assert copied(process, data, wanted(2)) == copied(other, data, wanted(2))


def test_it_names_neither_program_nor_time(process: AccessProcess) -> None:
    _, flac = copied(process, pcm(noise(1, 1)), wanted())
    assert b"Lavf" not in flac
    assert b"encoder" not in flac


@pytest.mark.parametrize(
    "options",
    [
        ("-c:a", "libgsm_ms", "-f", "wav"),
        ("-c:a", "pcm_mulaw", "-f", "wav"),
        ("-c:a", "adpcm_ima_wav", "-f", "wav"),
        ("-c:a", "g722", "-ar", "16000", "-f", "wav"),
        ("-c:a", "libspeex", "-f", "ogg"),
    ],
    ids=lambda options: options[1],
)
def test_places_are_those_of_the_recording(process: AccessProcess, options: tuple[str, ...]) -> None:
    """A burst of speech-like noise lies in the copy where another program hears it in the recording."""
    samples = np.zeros((6 * RATE, 1), np.int16)
    at = 3 * RATE + 77
    burst = (noise(0.2, 1)[:, 0] * np.hanning(RATE // 5)).astype(np.int16)
    samples[at : at + burst.size, 0] = burst
    encoded = subprocess.run(
        [need("ffmpeg"), "-v", "error", "-i", "pipe:0", *options, "pipe:1"],
        input=pcm(samples),
        capture_output=True,
        check=True,
    ).stdout
    made, flac = copied(process, encoded, wanted(rate=16_000 if "g722" in options else RATE))
    assert made.size == len(flac) > 0
    own, others = heard(flac, 1)[:, 0].astype(float), heard(encoded, 1)[:, 0].astype(float)
    size = min(own.size, others.size)
    lags = np.arange(-400, 401)
    scores = [float(own[at - 2000 : at + 4000] @ others[at - 2000 + lag : at + 4000 + lag]) for lag in lags]
    assert abs(lags[int(np.argmax(scores))]) / RATE <= 0.005
    assert size > 5.9 * RATE


def test_channels_beyond_the_wanted_are_said_to_be_left_out(process: AccessProcess) -> None:
    samples = noise(1, 4)
    made, flac = copied(process, pcm(samples), wanted(2))
    assert not made.is_whole
    assert np.array_equal(heard(flac, 2), samples[:, :2])


def test_too_large_a_copy_is_refused(process: AccessProcess) -> None:
    with pytest.raises(TooLarge):
        copied(process, pcm(noise(5, 1)), wanted(most=20_000))
    assert copied(process, pcm(noise(1, 1)), wanted())[0].size


@pytest.mark.parametrize(
    "data", [b"", b"RIFF", b"no sound at all" * 99, b"OggS" + bytes(400), b"\x1a\x45\xdf\xa3" * 50]
)
def test_what_isnt_sound_has_no_copy(process: AccessProcess, data: bytes) -> None:
    made, _ = copied(process, data, wanted())
    assert made.size == 0
    assert made.problems


def test_what_is_wanted_fits_what_is_known() -> None:
    assert Wanted.of(None, None, None, 7) == Wanted(8000, 1, 0, 7)
    assert Wanted.of(8000, 2, 5, 7) == Wanted(8000, 2, 5, 7)
    assert Wanted.of(11_025, 99, 5, 7) == Wanted(16_000, 5, 5, 7)
    assert Wanted.of(192_000, 0, 5, 7) == Wanted(16_000, 1, 5, 7)


@pytest.mark.parametrize(
    "lines",
    [
        [],
        [{"at": 1, "data": "AAAA"}],
        [{"at": -1, "data": "AAAA"}],
        [{"at": 0, "data": 7}],
        [{"at": 0, "data": "A"}],
        [{"at": 0}],
        [{"channels": 1, "problems": ["no such problem"]}],
        [{"channels": 99, "problems": []}],
        [{"at": 0, "data": "AAAA"}, {"at": 9, "data": "AAAA"}],
    ],
)
def test_a_process_that_was_taken_over_gets_nothing_written(lines: list[object]) -> None:
    command = [sys.executable, "-c", SAYS, json.dumps(lines)]
    with AccessProcess(2.0, command) as process:
        made, out = copied(process, b"x", wanted())
    assert made.size == 0
    assert made.problems in {("crashed",), ("timeout",)}
    assert len(out) <= 3


def test_pieces_may_come_again_but_never_beyond_the_end() -> None:
    lines = [
        {"at": 0, "data": base64.b64encode(b"abcdef").decode()},
        {"at": 2, "data": base64.b64encode(b"XY").decode()},
        {"channels": 1, "problems": []},
    ]
    with AccessProcess(5.0, [sys.executable, "-c", SAYS, json.dumps(lines)]) as process:
        made, out = copied(process, b"x", wanted())
    assert (made, out) == (AccessCopy(6, is_whole=True), b"abXYef")


def test_a_pipe_is_no_recording(process: AccessProcess) -> None:
    reading, writing = os.pipe()
    try:
        made = process.copy(reading, "a.wav", wanted(), io.BytesIO())
    finally:
        os.close(reading)
        os.close(writing)
    assert made == AccessCopy(problems=("unreadable",))
