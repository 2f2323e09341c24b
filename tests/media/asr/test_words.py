"""What a real model hears in real voices: Asterisk's English prompts, beside the texts that were read out.

The texts are the sound package's own list of what its prompts say. The model is the smallest there is, so
some words are wrong: the limit of wrong words is well above what Whisper's authors measured for it on clean
speech, and far below what any mistake in decoding, channels or times would leave.
"""

import gzip
import math
import re
import subprocess
import wave
from functools import cache
from pathlib import Path

import pytest

from evidence.media.asr import modelfolder
from evidence.media.asr.process import RecognisingProcess
from evidence.model.recognition import Recognition
from evidence.model.transcript import Transcript
from tests.requirements import SOUNDS, need, need_file

PACKAGE = "asterisk-core-sounds-en-wav"
FOLDER = SOUNDS / "en_US_f_Allison"
PROMPTS = ("demo-echotest", "demo-abouttotry", "tt-weasels", "conf-now-recording")
MOST_WRONG = 0.15
OFF = 800
"""Milliseconds by which the smallest model may be wrong about where a word begins or ends beside silence."""


def prompt(name: str) -> Path:
    return need_file(FOLDER / f"{name}.wav", PACKAGE)


@cache
def texts() -> dict[str, str]:
    """What each prompt says, by its name."""
    listed = need_file(Path("/usr/share/doc/asterisk-core-sounds-en/core-sounds-en.txt.gz"), PACKAGE)
    lines = gzip.decompress(listed.read_bytes()).decode("utf-8", "replace").splitlines()
    return dict(line.split(": ", 1) for line in lines if ": " in line and not line.startswith(";"))


def plain(text: str) -> list[str]:
    """Words without case and punctuation."""
    return re.findall(r"[a-z0-9']+", text.lower().replace("-", " "))


def wrong(heard: list[str], said: list[str]) -> int:
    """Words to be changed, left out or added (Levenshtein)."""
    row = [*range(len(said) + 1)]
    for at, word in enumerate(heard, 1):
        before, row[0] = row[0], at
        for place, other in enumerate(said, 1):
            before, row[place] = row[place], min(row[place] + 1, row[place - 1] + 1, before + (word != other))
    return int(row[-1])


def seconds(path: Path) -> float:
    with wave.open(str(path)) as file:
        return float(file.getnframes() / file.getframerate())


def sox(*arguments: "str | float | Path") -> None:
    subprocess.run([need("sox"), *map(str, arguments)], check=True)


def hear(process: RecognisingProcess, path: Path, **wanted: "str | tuple[int, ...]") -> Recognition:
    with path.open("rb") as file:
        return process.transcribe(file, None, path.name, **wanted)  # type: ignore[arg-type]


def text(transcript: Transcript) -> str:
    return " ".join(cue.text for cue in transcript.cues)


def is_about(transcript: Transcript, name: str) -> bool:
    said = plain(texts()[name])
    return wrong(plain(text(transcript)), said) <= max(1, MOST_WRONG * len(said))


def test_most_words_are_right(recogniser: RecognisingProcess) -> None:
    mistakes = total = 0
    for name in PROMPTS:
        found = hear(recogniser, prompt(name), language="en")
        assert (found.channels, found.is_whole, found.problems) == (1, True, ())
        [(number, transcript)] = found.transcripts
        assert (number, transcript.form, transcript.language) == (0, "asr", "en")
        assert transcript.made_by.endswith(", model, sha256 1a5afae06a4d")
        said = plain(texts()[name])
        mistakes += wrong(plain(text(transcript)), said)
        total += len(said)
    assert mistakes / total <= MOST_WRONG


def test_times_are_those_of_the_words(recogniser: RecognisingProcess, tmp_path: Path) -> None:
    """Silence of known length before, between and behind: nothing is heard there, and the rest where it is."""
    one, two = prompt("tt-weasels"), prompt("vm-goodbye")
    silence, pause, path = tmp_path / "s.wav", tmp_path / "p.wav", tmp_path / "call.wav"
    sox("-n", "-r", 8000, "-c", 1, "-b", 16, silence, "trim", 0, 10)
    sox("-n", "-r", 8000, "-c", 1, "-b", 16, pause, "trim", 0, 5.5)
    sox(silence, one, pause, two, silence, path)
    found = hear(recogniser, path, language="en")
    [(_, transcript)] = found.transcripts
    assert abs(found.length_ms - seconds(path) * 1000) <= 1
    words = [word for cue in transcript.cues for word in cue.words]
    first = 10_000, 10_000 + seconds(one) * 1000
    second = first[1] + 5_500, first[1] + 5_500 + seconds(two) * 1000
    assert plain(words[0].text) == ["weasels"]
    assert plain(words[-1].text) in (["goodbye"], ["bye"])
    for start, end, part in ((*first, words[:-1]), (*second, words[-1:])):
        for word in part:
            assert start - OFF <= word.start_ms <= word.end_ms <= end + OFF, word
    assert [word.start_ms for word in words] == sorted(word.start_ms for word in words)
    for cue in transcript.cues:
        assert cue.start_ms <= cue.words[0].start_ms
        assert cue.words[-1].end_ms <= cue.end_ms


def test_more_than_one_piece(recogniser: RecognisingProcess, tmp_path: Path) -> None:
    """Speech on both sides of the place where long sound is cut keeps its times."""
    one, path = prompt("tt-weasels"), tmp_path / "call.wav"
    sox("-n", "-r", 8000, "-c", 1, "-b", 16, tmp_path / "s.wav", "trim", 0, 200)
    sox(one, tmp_path / "s.wav", one, tmp_path / "s.wav", one, path)
    [(_, transcript)] = hear(recogniser, path, language="en").transcripts
    starts = [cue.start_ms for cue in transcript.cues]
    length = seconds(one) * 1000
    assert len(starts) == 3
    for start, expected in zip(starts, (0, length + 200_000, 2 * length + 400_000), strict=True):
        assert abs(start - expected) <= OFF
    assert {text(transcript).count("phone system"), len({cue.text for cue in transcript.cues})} == {3, 1}


def test_each_channel_by_itself(recogniser: RecognisingProcess, tmp_path: Path) -> None:
    path = tmp_path / "call.wav"
    sox("-M", prompt("tt-weasels"), prompt("conf-now-recording"), path)
    found = hear(recogniser, path, language="en")
    assert found.channels == 2
    (left, first), (right, second) = found.transcripts
    assert (left, right) == (0, 1)
    assert is_about(first, "tt-weasels")
    assert is_about(second, "conf-now-recording")
    assert hear(recogniser, path, language="en", channels=(1,)).transcripts == ((1, second),)


def test_channels_that_are_alike_are_heard_once(recogniser: RecognisingProcess, tmp_path: Path) -> None:
    path = tmp_path / "call.wav"
    one, other = prompt("tt-weasels"), prompt("conf-now-recording")
    sox("-M", one, other, one, path)
    found = hear(recogniser, path, language="en")
    assert [number for number, _ in found.transcripts] == [0, 1]
    assert found.channels == 3
    assert [number for number, _ in hear(recogniser, path, channels=(1, 2)).transcripts] == [1, 2]


@pytest.mark.parametrize(
    "arguments",
    [("-e", "u-law"), ("-r", "16000"), ("-r", "48000", "-b", "24"), ("-e", "gsm-full-rate")],
    ids=["u-law", "16 kHz", "48 kHz", "GSM"],
)
def test_forms_of_sound(arguments: tuple[str, ...], recogniser: RecognisingProcess, tmp_path: Path) -> None:
    path = tmp_path / "call.wav"
    sox(prompt("tt-weasels"), *arguments, path)
    [(_, transcript)] = hear(recogniser, path, language="en").transcripts
    assert is_about(transcript, "tt-weasels")


def test_the_same_each_time(english: Path, recogniser: RecognisingProcess) -> None:
    path = prompt("tt-weasels")
    first = hear(recogniser, path)
    assert hear(recogniser, path) == first
    with RecognisingProcess(modelfolder.look(english)) as another:
        assert hear(another, path) == first


def test_nobody_speaks(recogniser: RecognisingProcess, tmp_path: Path) -> None:
    silence, tone = tmp_path / "silence.wav", tmp_path / "tone.wav"
    sox("-n", "-r", 8000, "-c", 1, "-b", 16, silence, "trim", 0, 40)
    sox("-n", "-r", 8000, "-c", 1, "-b", 16, tone, "synth", 40, "sine", 425, "gain", -10)
    for path in (silence, tone):
        for language in ("", "en"):
            found = hear(recogniser, path, language=language)
            [(number, transcript)] = found.transcripts
            assert (number, transcript.cues, transcript.language) == (0, (), "")
            assert (found.length_ms, found.is_whole) == (40_000, True)


def test_progress_goes_up_to_the_end(recogniser: RecognisingProcess) -> None:
    path = prompt("demo-echotest")
    told: list[tuple[float, float]] = []
    with path.open("rb") as file:
        recogniser.transcribe(file, None, path.name, progress=lambda *said: told.append(said))
    length = math.floor(seconds(path) * 1000) / 1000
    assert {total for _, total in told} == {length}
    assert [done for done, _ in told] == sorted({done for done, _ in told})
    assert (told[0][0], told[-1][0]) == (0, length)
    assert len(told) > 3


def test_a_model_for_english_alone(recogniser: RecognisingProcess) -> None:
    for language in ("uk", "xx", "../..", "EN"):
        assert hear(recogniser, prompt("tt-weasels"), language=language).problems == ("language_unknown",)
    assert hear(recogniser, prompt("tt-weasels"), language="en").problems == ()
