"""A few seconds of a recording, decoded to be listened to: the same samples, every channel, nothing else."""

import base64
import io
import subprocess
import sys
import wave
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from evidence.media.excerpt import LONGEST_MS, Excerpt, ExcerptProcess
from evidence.model.noticesearch import PROBLEMS
from tests.media import wav
from tests.requirements import need

RATE = 8000


@pytest.fixture(scope="module")
def process() -> Iterator[ExcerptProcess]:
    with ExcerptProcess() as found:
        yield found


def stereo(seconds: float) -> NDArray[np.int16]:
    """Noise, other in each channel: (n, 2)."""
    generator = np.random.default_rng(7)
    return generator.integers(-9000, 9000, (int(seconds * RATE), 2), np.int16)


def written(path: Path, samples: NDArray[np.int16]) -> Path:
    """A WAV file of these samples."""
    data = wav.chunk(b"data", samples.astype("<i2").tobytes())
    path.write_bytes(wav.riff(wav.form(channels=samples.shape[1]), data))
    return path


def excerpt(process: ExcerptProcess, path: Path, start: int, end: int) -> Excerpt:
    with path.open("rb") as file:
        found = process.excerpt(file, path.name, start, end)
        assert file.tell() == 0
    return found


def samples_of(found: Excerpt) -> NDArray[np.int16]:
    """What the WAV file holds: (n, channels)."""
    with wave.open(io.BytesIO(found.wav)) as file:
        assert (file.getframerate(), file.getsampwidth()) == (RATE, 2)
        data = file.readframes(file.getnframes())
        return np.frombuffer(data, "<i2").reshape(-1, file.getnchannels())


@pytest.mark.parametrize(("start", "end"), [(0, 500), (250, 251), (1000, 9000), (8000, 20_000), (0, 0)])
def test_the_samples_are_those_of_the_place(
    process: ExcerptProcess, tmp_path: Path, start: int, end: int
) -> None:
    whole = stereo(10)
    found = excerpt(process, written(tmp_path / "call.wav", whole), start, end)
    assert found.problems == ()
    expected = whole[start * 8 : end * 8]
    if expected.size:
        assert np.array_equal(samples_of(found), expected)
    else:
        assert found.wav == b""


def test_other_codecs_are_decoded_as_sox_does(process: ExcerptProcess, tmp_path: Path) -> None:
    source = written(tmp_path / "call.wav", stereo(4))
    coded = tmp_path / "coded.wav"
    subprocess.run([need("sox"), source, "-e", "mu-law", coded], check=True)
    raw = subprocess.run(
        [need("sox"), coded, "-t", "raw", "-e", "signed", "-b", "16", "-", "trim", "1", "2"],
        check=True,
        capture_output=True,
    ).stdout
    found = samples_of(excerpt(process, coded, 1000, 3000))
    assert np.array_equal(found, np.frombuffer(raw, "<i2").reshape(-1, 2))


def test_behind_the_end_there_is_nothing(process: ExcerptProcess, tmp_path: Path) -> None:
    assert excerpt(process, written(tmp_path / "call.wav", stereo(1)), 5000, 6000).wav == b""


def test_never_more_than_two_minutes(process: ExcerptProcess, tmp_path: Path) -> None:
    path = written(tmp_path / "call.wav", np.zeros((130 * RATE, 1), np.int16))
    assert len(samples_of(excerpt(process, path, 1000, 900_000))) == LONGEST_MS * 8


@pytest.mark.parametrize(
    "data", [b"", b"RIFF", b"RIFF\xff\xff\xff\xffWAVEfmt ", b"<html>" * 99, b"\0" * 4096]
)
def test_what_is_no_sound_has_a_problem(process: ExcerptProcess, tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "call.wav"
    path.write_bytes(data)
    found = excerpt(process, path, 0, 1000)
    assert found.wav == b""
    assert found.problems
    assert set(found.problems) <= set(PROBLEMS)


def test_a_pipe_is_not_read(process: ExcerptProcess) -> None:
    child = subprocess.Popen(["sleep", "60"], stdout=subprocess.PIPE)
    with child:
        assert child.stdout is not None
        assert process.excerpt(child.stdout.fileno(), "x.wav", 0, 1000) == Excerpt(problems=("unreadable",))
        child.kill()


SAYS = {
    "nothing": "",
    "noise": "print('x' * 300_000)",
    "another channel": "say(channel=8, pcm='')",
    "no base64": "say(channel=0, pcm='??')",
    "half a sample": "say(channel=0, pcm='AA==')",
    "too much": f"[say(channel=0, pcm='{base64.b64encode(bytes(60_000)).decode()}') for _ in range(99)]",
    "no text": "say(channel=0, pcm=1)",
    "too many channels": "say(channels=9, problems=[])",
    "an unknown problem": "say(channels=1, problems=['fire'])",
    "another answer": "say(channels=1)",
    "another request": "say(n=7, channels=1, problems=[])",
}


@pytest.mark.parametrize("says", SAYS.values(), ids=SAYS)
def test_a_child_that_was_taken_over_gets_nothing_through(tmp_path: Path, says: str) -> None:
    code = (
        "import json, socket, os\n"
        "link = socket.socket(fileno=0)\n"
        "def print(text): link.sendall(text.encode() + b'\\n')\n"
        "def say(**said): print(json.dumps({'n': 1} | said))\n"
        "print(json.dumps({'ready': True}))\n"
        "link.recv(9999)\n"
        f"{says or 'pass'}\n"
    )
    path = written(tmp_path / "call.wav", stereo(1))
    with ExcerptProcess(5, [sys.executable, "-c", code]) as process:
        found = excerpt(process, path, 0, 1000)
        assert found.wav == b""
        assert found.problems == ("crashed",)
        assert process.process_id is None


def test_a_child_that_hangs_is_ended(tmp_path: Path) -> None:
    path = written(tmp_path / "call.wav", stereo(1))
    code = "import socket, time; link = socket.socket(fileno=0); link.sendall(b'{\"ready\":true}\\n'); time.sleep(99)"
    with ExcerptProcess(0.5, [sys.executable, "-c", code]) as process:
        assert excerpt(process, path, 0, 1000).problems == ("timeout",)
        assert process.process_id is None
