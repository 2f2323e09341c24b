"""Suggestions from transcripts, from the file to the sealed archive."""

import json
import subprocess
from hashlib import sha256
from pathlib import Path

import pytest

from evidence import resources
from tests.journeys.desk import NAME, NUMBER, Desk, recording
from tests.journeys.suggested import a_suggestion, document, suggest
from tests.media.asr.real import english
from tests.requirements import need

VTT = """WEBVTT

00:00:01.000 --> 00:00:02.500
<v caller>Доброго дня, у мене знову не працює інтернет.

00:00:03.000 --> 00:00:05.000
<v caller>Ти що, ідіотка?

00:00:05.500 --> 00:00:07.000
<v caller>Я приїду і переламаю тобі ноги!
"""
WHISPER = {
    "text": " Ти дебіл.",
    "language": "uk",
    "segments": [
        {
            "id": 0,
            "start": 2.0,
            "end": 3.5,
            "text": " Ти дебіл.",
            "words": [
                {"word": " Ти", "start": 2.0, "end": 2.3, "probability": 0.98},
                {"word": " дебіл.", "start": 2.4, "end": 3.1, "probability": 0.75},
            ],
        }
    ],
}


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    found = Desk(tmp_path)
    found.do("new", recording(found.pbx), "--channels", "caller,agent")
    return found


def a_file(desk: Desk, name: str, text: str) -> Path:
    path = desk.pbx / name
    path.write_text(text, encoding="utf-8")
    return path


def test_from_a_transcript_to_the_archive(desk: Desk) -> None:
    desk.do("add", NUMBER, a_file(desk, "transcript.vtt", VTT))
    told = desk.do("mark", "suggest", NUMBER, "--channel", "caller")
    assert "“ідіотка?”" in told
    assert "insult 1, threat 1" in told
    kept = document(desk, "suggestions")
    assert [one["class"] for one in kept] == ["insult", "threat"]
    digest = sha256(VTT.encode()).hexdigest()
    for one in kept:
        assert (one["recording"], one["channel"], one["timing"]) == (NAME, "caller", "cue")
        assert (one["transcript"], one["transcript_sha256"]) == ("transcript.vtt", digest)
    assert (kept[0]["start_ms"], kept[0]["end_ms"], kept[0]["line"]) == (3000, 5000, 6)
    (checked,) = desk.json("seal", "--check", NUMBER)
    assert "suggestions_left" in {gap["code"] for gap in checked["gaps"]}
    desk.do("mark", "accept", NUMBER, "1")
    assert "nothing new was found" in desk.do("mark", "suggest", NUMBER, "--channel", "caller")
    desk.do("seal", NUMBER)
    records = desk.records()
    (marker,) = records["marker"]
    assert (marker["how"], marker["asserted_by"], marker["words"]) == (
        "transcript_confirmed",
        "Левко",
        "ідіотка?",
    )
    assert marker["suggestion"]["transcript_sha256"] == digest
    assert marker["suggestion"]["lexicon_sha256"] == kept[0]["lexicon_sha256"]
    assert "suggestions.json" not in {exhibit["name"] for exhibit in records["exhibit"]}


def test_times_of_words_and_their_probability(desk: Desk) -> None:
    path = a_file(desk, "whisper.json", json.dumps(WHISPER))
    (told,) = desk.json("mark", "suggest", NUMBER, path, "--channel", "0")
    assert (told["n"], told["start_ms"], told["end_ms"], told["timing"]) == (1, 2400, 3100, "word")
    assert (told["probability"], told["context"], told["transcript"]) == (750, "Ти дебіл.", "whisper.json")
    assert (
        resources.problem("suggestions.v1", {"format": 1, "suggestions": document(desk, "suggestions")}) == ""
    )


def test_severity_leaves_out_what_is_milder(desk: Desk) -> None:
    path = a_file(desk, "t.vtt", VTT)
    everything = desk.json("mark", "suggest", NUMBER, path, "--channel", "0")
    other = desk.json("mark", "suggest", NUMBER, path, "--channel", "1", "--severity", "3")
    assert len(other) == sum(one["severity"] == 3 for one in everything) < len(everything)


def test_a_transcript_of_another_recording_is_refused(desk: Desk) -> None:
    late = VTT.replace("00:00:05.500 --> 00:00:07.000", "01:00:05.500 --> 01:00:07.000")
    path = a_file(desk, "t.vtt", late)
    refused = desk.refuse(2, "mark", "suggest", NUMBER, path)
    assert "after the end" in refused
    assert not (desk.folder() / "suggestions.json").exists()
    assert len(desk.json("mark", "suggest", NUMBER, path, "--beyond-end")) == 2


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "the incident has no transcript"),
        (("gone.vtt",), "there is no transcript gone.vtt"),
        (("--keep",), "--keep and --language belong to --model"),
        (("--model", "/nowhere", "x.vtt"), "--model transcribes the recording itself"),
        (("--channel", "7"), "7"),
        (("--recording", "other.wav"), "other.wav"),
    ],
)
def test_what_is_refused_says_why(desk: Desk, arguments: tuple[str, ...], said: str) -> None:
    assert said in desk.refuse(2, "mark", "suggest", NUMBER, *arguments)


def test_a_recording_is_transcribed_here(tmp_path: Path) -> None:
    """A synthetic voice in channel 1, and a real model that knows English."""
    model, name = english(), "call.wav"
    desk = Desk(tmp_path)
    said = "Hello. My internet does not work again. You are a stupid idiot."
    voice, quiet = desk.pbx / "voice.wav", desk.pbx / "quiet.wav"
    subprocess.run([need("espeak-ng"), "-v", "en-us", "-s", "130", "-w", voice, said], check=True)
    subprocess.run([need("sox"), voice, quiet, "vol", "0"], check=True)
    subprocess.run([need("sox"), "-M", quiet, voice, "-r", "8000", desk.pbx / name], check=True)
    desk.do("new", desk.pbx / name, "--started", "2026-11-05 10:15:02")
    (told,) = desk.json("mark", "suggest", NUMBER, "--model", model, "--keep")
    assert (told["class"], told["channel"], told["timing"]) == ("insult", 1, "word")
    assert "idiot" in told["words"]
    length = int(subprocess.check_output([need("soxi"), "-s", desk.pbx / name])) / 8
    assert length * 0.5 < told["start_ms"] < told["end_ms"] <= length + 20
    kept = desk.folder() / "transcript.call.wav.1.json"
    assert sha256(kept.read_bytes()).hexdigest() == told["transcript_sha256"]
    assert told["transcribed_by"].startswith("faster-whisper ")
    assert desk.json("mark", "suggest", NUMBER) == []  # the kept transcripts say channel and model, too
    assert len(document(desk, "suggestions")) == 1


def test_entries_of_the_vault(desk: Desk) -> None:
    path = a_file(desk, "t.vtt", VTT.replace("ідіотка", "хухлявко"))
    assert [one["class"] for one in desk.json("mark", "suggest", NUMBER, path)] == ["threat"]
    columns = ("entry", "language", "class", "severity", "forms", "when", "unless", "note")
    own = ("хухлявка", "uk", "insult", "2", "хухлявк(а|и|у|о)", "", "", "")
    rows = "".join("\t".join(row) + "\n" for row in (columns, own))
    (desk.vault / "lexicon").mkdir()
    (desk.vault / "lexicon" / "ours.tsv").write_text(rows, encoding="utf-8")
    (told,) = desk.json("mark", "suggest", NUMBER, path)
    assert (told["class"], told["entry"]) == ("insult", "хухлявка")
    (desk.vault / "lexicon" / "ours.tsv").write_text("not a table\n", encoding="utf-8")
    assert "ours.tsv" in desk.refuse(4, "mark", "suggest", NUMBER, path)


def test_what_finds_no_room_is_not_told_as_nothing_found(desk: Desk) -> None:
    full = [a_suggestion(n, n + 1, f"слово{n}") for n in range(10_000)]
    suggest(desk.folder(), tuple(full))
    assert desk.do("mark", "suggest", NUMBER, a_file(desk, "more.vtt", VTT)) == ""
