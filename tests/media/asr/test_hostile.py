"""Models and recordings that are damaged, lie or attack: always an answer, within the limits."""

import json
import os
import random
import shutil
from pathlib import Path
from typing import Any

import pytest

from evidence.media.asr import modelfolder
from evidence.media.asr.process import Limits, RecognisingProcess
from evidence.model.recognition import Recognition
from tests.media import speech, wav
from tests.media.asr.test_babble import plausible, prompt
from tests.media.asr.test_words import hear, sox

FINE: frozenset[tuple[str, ...]] = frozenset(
    {(), ("model_unusable",), ("language_unknown",), ("out_of_memory",), ("crashed",)}
)


@pytest.fixture
def folder(many_languages: Path, tmp_path: Path) -> Path:
    return shutil.copytree(many_languages, tmp_path / "model")


def tried(folder: Path, recording: Path, limits: Limits | None = None) -> Recognition:
    with RecognisingProcess(modelfolder.look(folder), limits or Limits(seconds=60)) as process:
        found = hear(process, recording, language="uk")
    plausible(found)
    return found


@pytest.mark.parametrize("part", [0.0001, 0.3, 0.9999])
def test_weights_that_break_off(part: float, folder: Path) -> None:
    weights = folder / "model.bin"
    os.truncate(weights, max(1, int(weights.stat().st_size * part)))
    assert tried(folder, prompt("vm-intro")).problems == ("model_unusable",)


def test_weights_of_something_else(folder: Path) -> None:
    for data in (os.urandom(100_000), b"\0" * 100_000, b"\xff" * 100_000, b"PK\x03\x04" * 1000, b"{}"):
        (folder / "model.bin").write_bytes(data)
        found = tried(folder, prompt("vm-intro"))
        assert found.problems in {("model_unusable",), ("out_of_memory",)}, data[:4]


def test_weights_damaged_anywhere(folder: Path) -> None:
    """Sizes and counts at the beginning above all: whatever they say, the process holds its limits."""
    weights = folder / "model.bin"
    whole = weights.read_bytes()
    chance = random.Random(6)  # noqa: S311  the same damage each time
    for _ in range(4):
        data = bytearray(whole)
        for _ in range(chance.choice([1, 4, 40])):
            data[chance.randrange(chance.choice([60, 2000, len(data)]))] = chance.choice([0, 1, 0x7F, 0xFF])
        weights.write_bytes(data)
        assert tried(folder, prompt("vm-intro")).problems in FINE


def numbers(value: Any) -> bytes:
    return json.dumps(value).encode()


@pytest.mark.parametrize("name", ["config.json", "tokenizer.json", "vocabulary.json"])
@pytest.mark.parametrize(
    "data",
    [b"{", b"[]", b"null", b"\xff\xfe", b"[" * 100_000, b'{"a":' * 100_000, b'{"a": NaN}', b"\0"],
    ids=["open", "list", "null", "no UTF-8", "deep list", "deep object", "NaN", "zero"],
)
def test_files_that_are_no_such_thing(name: str, data: bytes, folder: Path) -> None:
    (folder / name).write_bytes(data)
    assert tried(folder, prompt("vm-intro")).problems in FINE


@pytest.mark.parametrize(
    "changed",
    [
        {"alignment_heads": [[99, 99]]},
        {"alignment_heads": [[-1, 0]]},
        {"alignment_heads": []},
        {"alignment_heads": "x"},
        {"lang_ids": [10**9]},
        {"lang_ids": []},
        {"suppress_ids": [10**9]},
        {"suppress_ids": list(range(51_865))},
    ],
    ids=str,
)
def test_settings_that_cannot_be(changed: dict[str, Any], folder: Path) -> None:
    config = json.loads((folder / "config.json").read_bytes())
    (folder / "config.json").write_bytes(numbers(config | changed)[: 2**20])
    assert tried(folder, prompt("vm-intro")).problems in FINE


@pytest.mark.parametrize(
    "settings",
    [
        {"feature_size": 10**9},
        {"feature_size": 128},
        {"feature_size": 0},
        {"hop_length": 0},
        {"hop_length": -5},
        {"sampling_rate": 0},
        {"sampling_rate": 1},
        {"n_fft": 10**9},
        {"chunk_length": 10**9},
        {"chunk_length": 0},
        {"n_fft": "x"},
        [],
    ],
    ids=str,
)
def test_a_preprocessor_that_cannot_be(settings: Any, folder: Path) -> None:
    (folder / "preprocessor_config.json").write_bytes(numbers(settings))
    found = tried(folder, prompt("vm-intro"), Limits(seconds=30, silence=20))
    assert found.problems in {*FINE, ("timeout",)}


def test_what_the_library_says_of_a_model_is_told(folder: Path) -> None:
    os.truncate(folder / "model.bin", 1000)
    found = tried(folder, prompt("vm-intro"))
    assert found.problems == ("model_unusable",)
    assert 0 < len(found.detail) <= 300


@pytest.mark.parametrize("name", ["empty.wav", "text.txt", "broken.mp3", "header.wav"])
def test_what_is_no_recording(name: str, babbler: RecognisingProcess, tmp_path: Path) -> None:
    path = tmp_path / name
    header = wav.riff(wav.form(), wav.chunk(b"data", b""))
    path.write_bytes(
        {"text.txt": b"words", "broken.mp3": b"\xff\xfb" * 99, "header.wav": header}.get(name, b"")
    )
    found = hear(babbler, path)
    assert found.transcripts == ()
    assert {*found.problems} & {"no_sound", "not_decodable"}


def test_recordings_damaged_anywhere(babbler: RecognisingProcess, tmp_path: Path) -> None:
    chance = random.Random(7)  # noqa: S311  the same damage each time
    for name, options in (("a.mp3", ("-b:a", "32k")), ("a.opus", ("-c:a", "libopus")), ("a.wav", ())):
        whole = speech.ffmpeg(tmp_path / name, 2, *options).read_bytes()
        for _ in range(3):
            data = bytearray(whole[: chance.choice([400, 4000, len(whole)])])
            for _ in range(chance.choice([1, 3, 30])):
                data[chance.randrange(chance.choice([64, 600, len(data)])) % len(data)] = chance.randrange(
                    256
                )
            (tmp_path / name).write_bytes(data)
            found = hear(babbler, tmp_path / name, language="uk")
            assert not {*found.problems} & {"crashed", "timeout", "model_unusable", "not_started"}
            plausible(found)


def test_sound_beyond_measure(babbler: RecognisingProcess, tmp_path: Path) -> None:
    """Full scale, noise, a constant, and a rate that nobody speaks at."""
    for number, effect in enumerate(
        [("synth", 5, "square", 300), ("synth", 5, "whitenoise"), ("synth", 5, "sine", 0), ("trim", 0, 5)]
    ):
        path = tmp_path / f"{number}.wav"
        sox("-n", "-r", 8000, "-c", 1, "-b", 16, path, *effect)
        found = hear(babbler, path, language="uk")
        assert (found.problems, found.length_ms) == ((), 5000)
        plausible(found)
    path = tmp_path / "fast.wav"
    path.write_bytes(wav.riff(wav.form(rate=768_000), wav.chunk(b"data", wav.noise(2 * 768_000))))
    assert hear(babbler, path).length_ms == 1000
