"""Transcripts made to hurt: read or refused with their place, and the incident stays as it was when refused."""

import json
import os

import pytest

from tests.intake.folders import at_once
from tests.journeys.hostile import BY, DONE, MALFORMED, NUMBER, USAGE, Ground, Said

CUE = b"1\n00:00:01,000 --> 00:00:02,000\nx\n\n"


def segments(*rows: object) -> bytes:
    return json.dumps({"segments": rows}).encode()


def segment(**fields: object) -> dict[str, object]:
    return {"id": 0, "start": 1.0, "end": 2.0, "text": "x", **fields}


def raw(text: str) -> bytes:
    """A segment whose start is what no JSON writer writes."""
    return b'{"segments":[{"id":0,"start":' + text.encode() + b',"end":2.0,"text":"x"}]}'


REFUSED = {
    "empty.vtt": b"",
    "spaces.srt": b" \n \n",
    "nul.srt": b"\0" * 100,
    "utf-16.srt": CUE.decode().encode("utf-16"),
    "not-text.srt": CUE + b"\xff\xfe\x80",
    "binary.json": bytes(range(256)) * 100,
    "elf.vtt": b"\x7fELF" + bytes(100),
    "open.json": b'{"segments":[',
    "deep.json": b"[" * 100_000,
    "deep-object.json": b'{"a":' * 100_000,
    "list.json": b"[1,2,3]",
    "number.json": b"1",
    "nan.json": raw("NaN"),
    "infinity.json": raw("Infinity"),
    "minus-infinity.json": raw("-Infinity"),
    "huge.json": raw("1e400"),
    "large.json": raw("9" * 5000),
    "negative.json": raw("-1.0"),
    "true.json": raw("true"),
    "text.json": raw('"1"'),
    "null.json": raw("null"),
    "object.json": raw("{}"),
    "no-text.json": segments({"start": 1.0, "end": 2.0}),
    "text-is-a-list.json": segments(segment(text=["x"])),
    "word-nan.json": b'{"segments":[{"start":1,"end":2,"text":"x","words":[{"word":"x","start":NaN,"end":2}]}]}',
    "reversed.srt": b"1\n00:00:03,000 --> 00:00:02,000\nx\n",
    "no-times.srt": b"1\nx\n",
    "late.srt": b"1\n999999:00:00,000 --> 999999:00:01,000\nx\n",
    "million.srt": CUE * 1_000_000,
    "long.vtt": b"WEBVTT\n\n00:01.000 --> 00:02.000\n" + b"x" * 200_000 + b"\n",
}
TAKEN = {
    "words-are-text.json": segments(segment(words="x")),
    "bidi.srt": CUE + "2\n00:00:02,000 --> 00:00:03,000\nти \u202eдебіл\u202c\u2066\n".encode(),
    "escape.srt": CUE + b"2\n00:00:02,000 --> 00:00:03,000\n\x1b[2J\x07 you idiot \x1b]0;x\x07\n",
    "combining.srt": CUE + ("2\n00:00:02,000 --> 00:00:03,000\nи" + "\u0301" * 3000 + "\n").encode(),
    "stars.srt": CUE + b"2\n00:00:02,000 --> 00:00:03,000\n" + b"*" * 3900 + b"\n",
    "letters.srt": CUE + ("2\n00:00:02,000 --> 00:00:03,000\n" + "а " * 1900 + "\n").encode(),
    "overlapping.srt": b"".join(
        b"%d\n00:00:0%d,000 --> 00:00:09,000\nyou idiot\n\n" % (n, n % 9) for n in range(500)
    ),
    "backwards.srt": b"".join(
        b"%d\n00:00:0%d,000 --> 00:00:0%d,500\nyou idiot\n\n" % (n, 9 - n, 9 - n) for n in range(9)
    ),
    "many.srt": b"".join(
        b"%d\n00:00:01,%03d --> 00:00:02,000\nyou idiot\n\n" % (n, n % 1000) for n in range(12_000)
    ),
    "point.srt": b"1\n00:00:01,000 --> 00:00:01,000\nyou idiot\n",
    "formula.srt": b'1\n00:00:01,000 --> 00:00:02,000\n=cmd|"/c calc"!A1 you idiot\n',
}


def suggest(ground: Ground, name: str, code: int) -> Said:
    options = ["--vault", str(ground.vault), "--json"]
    return ground.run("mark", "suggest", *options, NUMBER, name, code=code)


@pytest.mark.parametrize("name", REFUSED)
def test_files_that_cannot_be_read(ground: Ground, name: str) -> None:
    said = suggest(ground, ground.source(name, REFUSED[name]), MALFORMED)
    assert name in said.err


@pytest.mark.parametrize("name", TAKEN)
def test_files_that_are_read(ground: Ground, name: str) -> None:
    said = suggest(ground, ground.source(name, TAKEN[name]), DONE)
    assert len(said.lines) <= 10_000
    options = ["--vault", str(ground.vault), "--by", BY, "--json"]
    if said.lines:
        ground.run("mark", "accept", *options, NUMBER, "1", code=DONE)
    ground.run("mark", "suggestions", *options[:2], NUMBER, "--all", code=DONE)


def test_a_pipe_a_folder_and_a_link_are_refused_at_once(ground: Ground) -> None:
    os.mkfifo(ground.there / "pipe.vtt")
    (ground.there / "folder.vtt").mkdir()
    (ground.there / "link.vtt").symlink_to("/dev/zero")
    with at_once():
        for name in ("pipe.vtt", "folder.vtt", "link.vtt"):
            suggest(ground, name, MALFORMED)
    suggest(ground, "gone.vtt", USAGE)


@pytest.mark.parametrize(
    "document",
    [
        b"",
        b"{}",
        b"[]",
        b'{"format":1,"suggestions":{}}',
        b'{"format":2,"suggestions":[]}',
        b"\xff",
        b"[" * 99_999,
    ],
)
def test_suggestions_that_somebody_spoilt_hinder_nothing_but_themselves(
    ground: Ground, document: bytes
) -> None:
    (ground.incident / "suggestions.json").write_bytes(document)
    options = ["--vault", str(ground.vault)]
    ground.run("mark", "suggestions", *options, NUMBER, code=MALFORMED)
    ground.run("seal", "--check", *options, NUMBER, code=DONE)
    ground.run("seal", "--yes", *options, NUMBER, code=DONE)
