"""Transcripts that are too much: read or refused at once, and in bounded memory."""

import subprocess
import sys
from collections.abc import Callable

import pytest

from evidence.intake.transcripts import reading
from evidence.intake.transcripts.source import MAX_BYTES
from tests.intake.folders import at_once
from tests.intake.transcripts.reading import refused

SEGMENT = b'{"start":1.5,"end":2.0,"text":"x"}'
MILLION: dict[str, Callable[[], bytes]] = {
    "m.srt": lambda: b"00:00:01,000 --> 00:00:02,000\nx\n\n" * 10**6,
    "m.vtt": lambda: b"WEBVTT\n\n" + b"00:01.000 --> 00:02.000\nx\n\n" * 10**6,
    "m.tsv": lambda: b"start\tend\ttext\n" + b"1\t2\tx\n" * 10**6,
    "m.json": lambda: b'{"segments":[' + b",".join([SEGMENT] * 10**6) + b"]}",
    "lists.json": lambda: b"[" + b"[]," * 20_000_000 + b"[]]",
    "numbers.json": lambda: b'{"segments":[' + b"1," * 20_000_000 + b"1]}",
    "cues.json": lambda: b'{"segments":[' + b",".join([SEGMENT] * 200_001) + b"]}",
    "lines.srt": lambda: b"\n" * (MAX_BYTES - 1) + b"x",
    "tags.srt": lambda: b"00:01,0 --> 00:02,0\n" + b"<v " * 20_000_000,
    "brackets.srt": lambda: b"00:01,0 --> 00:02,0\n" + b"{\\" * 20_000_000,
    "voices.vtt": lambda: b"WEBVTT\n\n00:01.000 --> 00:02.000\n" + b"<v " * 20_000_000,
    "spaces.srt": lambda: b"00:01,0" + b" " * (MAX_BYTES - 20) + b"-->",
    "open.json": lambda: b'{"segments":"' + b"a" * (MAX_BYTES - 20),
    "long.txt": lambda: b" " * (MAX_BYTES + 1),
}


@pytest.mark.parametrize("name", MILLION)
def test_too_much_is_refused_at_once(name: str) -> None:
    data = MILLION[name]()
    assert len(data) <= MAX_BYTES or name == "long.txt"
    with at_once():
        assert refused(name, data).startswith(name)


def test_the_most_cues_are_read() -> None:
    found = reading.read("m.tsv", b"start\tend\ttext\n" + b"1\t2\tx\n" * 200_000)
    assert len(found.cues) == 200_000
    assert "200000 cues" in refused("m.tsv", b"start\tend\ttext\n" + b"1\t2\tx\n" * 200_001)


@pytest.mark.parametrize("space", [" ", "\t", "\n"])
def test_a_voice_that_never_ends(space: str) -> None:
    """As long as one cue's text may be before its tags are taken out."""
    text = "WEBVTT\n\n00:01.000 --> 00:02.000\n<v" + (space * 60_000 if space != "\n" else " \n" * 100)
    with at_once():
        (cue,) = reading.read("t.vtt", text.encode()).cues
    assert cue.text == ""


MEMORY = """
from evidence.errors import FormatError
from evidence.intake.transcripts import reading
data = b'{"segments":[' + b",".join(
    [b'{"start":1,"end":2,"text":"x","words":[{"word":" x","start":1,"end":2}]}'] * 190_000) + b"]}"
print(len(reading.read("m.json", data).cues))
status = open("/proc/self/status").read()
print(int(status.partition("VmHWM:")[2].split()[0]) // 1024)
"""


def test_the_most_segments_take_bounded_memory() -> None:
    done = subprocess.run([sys.executable, "-c", MEMORY], check=True, capture_output=True, text=True)
    count, mebibytes = map(int, done.stdout.split())
    assert count == 190_000
    assert mebibytes < 600
