"""What the schemas refuse, each made from an example that holds by one change."""

import copy
import json
from typing import Any

import pytest

from evidence import resources
from tests.schemas.test_schemas import SCHEMAS, load

REMOVED = "(removed)"
LONG = "я" * 30_000
SUGGESTION = {
    "class": "insult",
    "start_ms": 0,
    "end_ms": 1,
    "words": "x",
    "entry": "x",
    "lexicon_sha256": "00" * 32,
}
"""Of a marker that a person set: it wasn't suggested."""


def changed(document: Any, path: str, value: Any) -> Any:
    """A copy of a document with the value at a JSON pointer set or removed."""
    result = copy.deepcopy(document)
    *parents, last = [int(part) if part.isdigit() else part for part in path.strip("/").split("/")]
    target = result
    for part in parents:
        target = target[part]
    if value == REMOVED:
        del target[last]
    else:
        target[last] = value
    return result


CASES = [
    ("incident.v1.minimal", "/format", 2),
    ("incident.v1.minimal", "/format", REMOVED),
    ("incident.v1.minimal", "/format", True),
    ("incident.v1.minimal", "/number", REMOVED),
    ("incident.v1.minimal", "/number", ""),
    ("incident.v1.minimal", "/number", "INC 1"),
    ("incident.v1.minimal", "/number", "INC-1\n"),
    ("incident.v1.minimal", "/number", "../INC-1"),
    ("incident.v1.minimal", "/number", "ІНЦ"),
    ("incident.v1.minimal", "/number", "9" * 65),
    ("incident.v1.minimal", "/numer", "INC-1"),
    ("incident.v1.minimal", "/uid", "{0c6d1c5e-3d0b-4b0a-9c55-6c1e2a7f9d10}"),
    ("incident.v1.full", "/title", LONG),
    ("incident.v1.full", "/summary", LONG),
    ("incident.v1.full", "/summary", None),
    ("incident.v1.full", "/subscriber", "Приходько"),
    ("incident.v1.full", "/subscriber/passport", "000123456"),
    ("incident.v1.full", "/agent/name", 7),
    ("incident.v1.full", "/calls", {}),
    ("incident.v1.full", "/calls", [{"started": "2026-11-05T10:15:02Z"}] * 201),
    ("incident.v1.full", "/calls/0/started", REMOVED),
    ("incident.v1.full", "/calls/0/started", "2026-11-05T10:15:02"),
    ("incident.v1.full", "/calls/0/started", "05.11.2026 10:15:02"),
    ("incident.v1.full", "/calls/0/started", "2026-11-05T10:15:02+02:00\n"),
    ("incident.v1.full", "/calls/0/started", "٢٠٢٦-11-05T10:15:02+02:00"),
    ("incident.v1.full", "/calls/0/started", 1793866502),
    ("incident.v1.full", "/calls/0/direction", "in"),
    ("incident.v1.full", "/calls/0/recording", ""),
    ("incident.v1.full", "/calls/0/recording", {"name_base64": "a.wav"}),
    ("incident.v1.full", "/calls/0/recording", {}),
    ("incident.v1.full", "/calls/0/recording", ["a.wav"]),
    ("incident.v1.full", "/calls/0/channels", []),
    ("incident.v1.full", "/calls/0/channels", ["caller", "caller"]),
    ("incident.v1.full", "/calls/0/channels", "caller"),
    ("incident.v1.full", "/notice/grade", REMOVED),
    ("incident.v1.full", "/notice/grade", "played"),
    ("incident.v1.full", "/notice/grade", "pbx_log_"),
    ("incident.v1.full", "/notice/recording", REMOVED),
    ("incident.v1.full", "/notice/at_milliseconds", -1),
    ("incident.v1.full", "/notice/at_milliseconds", "1240"),
    ("incident.v1.full", "/notice/channel", 32),
    ("incident.v1.full", "/notice/channel", True),
    ("incident.v1.full", "/notice/language", "українська"),
    ("incident.v1.script", "/notice/source", REMOVED),
    ("incident.v1.full", "/exhibits/0/role", "proof"),
    ("incident.v1.full", "/exhibits/0/role", REMOVED),
    ("incident.v1.full", "/exhibits/0/file", REMOVED),
    ("incident.v1.full", "/time_zone", "Europe/Київ"),
    ("incident.v1.full", "/calls/0/from_name", ["started", "started"]),
    ("incident.v1.full", "/calls/0/from_name", ["recording"]),
    ("incident.v1.full", "/calls/0/from_log", {}),
    ("incident.v1.full", "/calls/0/from_log", {"recording": "cdr.csv, line 3"}),
    ("incident.v1.full", "/calls/0/from_log", {"started": ""}),
    ("incident.v1.full", "/agent/from_log", {"phone": "cdr.csv, line 3"}),
    ("config.v1.pbx", "/pbx/binotel/fields", {"began": "/startTime"}),
    ("config.v1.pbx", "/pbx/binotel/rows", "callDetails"),
    ("config.v1.pbx", "/pbx/binotel/kind", "xml"),
    ("config.v1.pbx", "/pbx/binotel/time_format", "epoch_us"),
    ("incident.v1.full", "/corrects/archive_id", REMOVED),
    ("incident.v1.full", "/corrects/archive_id", "3F0E8A52-6B1D-4C7E-9A40-D2C5B8E17F63"),
    ("incident.v1.full", "/corrects/identity", REMOVED),
    ("incident.v1.full", "/corrects/identity", "9b1f"),
    ("incident.v1.full", "/corrects/reason", ""),
    ("incident.v1.full", "/measures/0/kind", "revenge"),
    ("incident.v1.full", "/measures/0/kind", REMOVED),
    ("incident.v1.full", "/measures/0/at", REMOVED),
    ("incident.v1.full", "/measures/0/by", ""),
    ("incident.v1.full", "/measures/0/at_milliseconds", -1),
    ("incident.v1.full", "/legal_basis/0/kind", "custom"),
    ("incident.v1.full", "/legal_basis/0/reference", REMOVED),
    ("incident.v1.full", "/acquisitions/0/files", []),
    ("incident.v1.full", "/acquisitions/0/taken_by", REMOVED),
    ("incident.v1.full", "/acquisitions/0/taken_at", "2026-11-05"),
    ("incident.v1.full", "/acquisitions/0/clock/known_by", REMOVED),
    ("incident.v1.full", "/acquisitions/0/clock/offset_ms", "fast"),
    ("incident.v1.full", "/acquisitions/0/clock/uncertainty_ms", -1),
    ("incident.v1.full", "/acquisitions/0/sha256", "00"),
    ("markers.v1.full", "/markers/1/source", ""),
    ("markers.v1.full", "/format", REMOVED),
    ("markers.v1.full", "/markers", REMOVED),
    ("markers.v1.full", "/markers/0/recording", REMOVED),
    ("markers.v1.full", "/markers/0/start_ms", REMOVED),
    ("markers.v1.full", "/markers/0/start_ms", "61.480"),
    ("markers.v1.full", "/markers/0/end_ms", None),
    ("markers.v1.full", "/markers/0/class", "Very rude"),
    ("markers.v1.full", "/markers/0/class_names", {"uk": "образа", "en": "insult"}),
    ("markers.v1.full", "/markers/0/class", REMOVED),
    ("markers.v1.full", "/markers/0/suggestion", SUGGESTION),
    ("markers.v1.full", "/markers/0/reviewed_by", "204"),
    ("markers.v1.full", "/markers/0/confidence", 0.9),
    ("markers.v1.full", "/markers/1/reviewed_at", REMOVED),
    ("markers.v1.full", "/markers/1/how", "listened"),
    ("markers.v1.full", "/markers/1/pressed/uncertainty_ms", -1),
    ("markers.v1.full", "/markers/1/pressed/offset_ms", REMOVED),
    ("markers.v1.full", "/markers/1/corrections", []),
    ("markers.v1.full", "/markers/1/corrections/0/was", {}),
    ("markers.v1.full", "/markers/1/corrections/0/was/asserted_by", "205"),
    ("markers.v1.full", "/markers/2/suggestion/lexicon_sha256", "3B" * 32),
    ("markers.v1.full", "/markers/3/class_names/en", REMOVED),
    ("markers.v1.full", "/markers/3/withdrawn/reason", REMOVED),
    ("markers.v1.full", "/markers/3/withdrawn", True),
    ("suggestions.v1.transcript", "/suggestions/0/asserted_by", "204"),
    ("suggestions.v1.transcript", "/suggestions/0/severity", 4),
    ("suggestions.v1.transcript", "/suggestions/0/transcript_sha256", REMOVED),
    ("suggestions.v1.transcript", "/suggestions/0/decided/by", REMOVED),
    ("suggestions.v1.transcript", "/suggestions/1/timing", REMOVED),
    ("markers.v1.full", "/markers/0/asserted_by", ""),
    ("markers.v1.full", "/markers/0/asserted_by", REMOVED),
    ("markers.v1.full", "/markers/0/asserted_at", "yesterday"),
    ("markers.v1.full", "/markers/0/how", "suggested"),
    ("markers.v1.full", "/markers/0/severity", 3),
    ("markers.v1.full", "/markers/0/words", LONG),
    ("manifest.v1.sealed", "/time_policy", "required"),
    ("manifest.v1.sealed", "/origin", "with space"),
    ("manifest.v1.sealed", "/origin", "a+b"),
    ("manifest.v1.sealed", "/register_key", "zrazok"),
    ("manifest.v1.sealed", "/archive_id", "5698BA30-32FE-43F8-B0E4-52C4A1CB05F7"),
    ("manifest.v1.sealed", "/records", []),
    ("manifest.v1.sealed", "/records/0/id", "r-1401CED3"),
    ("manifest.v1.sealed", "/records/0/kind", "incident"),
    ("manifest.v1.sealed", "/exhibits/0/member", "exhibits/E1"),
    ("manifest.v1.sealed", "/exhibits/0/member", "../E1.wav"),
    ("manifest.v1.sealed", "/exhibits/0/id", "E0"),
    ("manifest.v1.sealed", "/exhibits/0/sha256", "ab"),
    ("manifest.v1.sealed", "/comment", ""),
    ("record.v1.later_kind", "/salt", REMOVED),
    ("record.v1.later_kind", "/salt", "00"),
    ("record.v1.later_kind", "/id", "r-1"),
    ("record.v1.later_kind", "/kind", REMOVED),
    ("record.v1.later_kind", "/kind", "Measure"),
    ("record.v1.incident", "/uid", REMOVED),
    ("record.v1.incident", "/severity", 1),
    ("record.v1.incident", "/calls/0/started", "2026-11-05T08:15:02.317Z"),
    ("record.v1.incident", "/calls/0/started/utc", "2026-11-05T08:15:02Z"),
    ("record.v1.incident", "/calls/0/started/source", REMOVED),
    ("record.v1.incident", "/calls/0/exhibit", "in.wav"),
    ("record.v1.incident", "/calls/0/recording", "in.wav"),
    ("record.v1.incident", "/title", ""),
    ("record.v1.incident", "/agent", {}),
    ("record.v1.exhibit_paper", "/bytes", REMOVED),
    ("record.v1.exhibit_paper", "/member", "exhibits/E6.bin"),
    ("record.v1.exhibit_paper", "/bytes", "не base64"),
    ("record.v1.exhibit_paper", "/size", -1),
    ("record.v1.exhibit_recording", "/recording/claims", {"header_samples": None}),
    ("record.v1.exhibit_recording", "/recording/problems", ["a b"]),
    ("record.v1.exhibit_recording", "/recording/samples", REMOVED),
    ("record.v1.exhibit_recording", "/recording/loudness", 3),
    ("record.v1.exhibit_recording", "/recording/tracks", []),
    ("record.v1.exhibit_recording", "/recording/tracks", [{"codec": "opus"}]),
    ("record.v1.exhibit_recording", "/role", "proof"),
    ("record.v1.notice", "/recording_sha256", REMOVED),
    ("record.v1.notice", "/exhibit", REMOVED),
    ("record.v1.notice", "/exhibits", ["E6", "E6"]),
    ("record.v1.notice", "/grade", "heard"),
    ("record.v1.marker", "/recording_sha256", REMOVED),
    ("record.v1.marker", "/verdict", "guilty"),
    ("record.v1.marker", "/class", "bribe_offer"),
    ("custody.v1.received", "/received_id", REMOVED),
    ("custody.v1.received", "/received_id", "822b6f79"),
    ("custody.v1.received", "/archive_id", "822b6f79-0cc4-451e-9403-1f7add422ab6"),
    ("custody.v1.received", "/event", "sealed"),
    ("custody.v1.received", "/facts/name", REMOVED),
    ("custody.v1.received", "/facts/name", ""),
    ("custody.v1.received", "/facts/name_base64", "/w=="),
    ("custody.v1.received", "/facts/size", REMOVED),
    ("custody.v1.received", "/facts/size", 3199404),
    ("custody.v1.received", "/facts/size", "01"),
    ("custody.v1.received", "/facts/size", "-1"),
    ("custody.v1.received", "/facts/sha256", REMOVED),
    ("custody.v1.received", "/facts/sha256", "AB" * 32),
    ("custody.v1.received", "/facts/mtime", "2026-03-05 10:02:18"),
    ("custody.v1.sealed", "/archive_id", REMOVED),
    ("custody.v1.sealed", "/received_id", "822b6f79-0cc4-451e-9403-1f7add422ab6"),
    ("record.v1.receipt", "/document", REMOVED),
    ("record.v1.receipt", "/document", {}),
    ("record.v1.receipt", "/entry", REMOVED),
    ("record.v1.receipt", "/proof", REMOVED),
    ("record.v1.receipt", "/proof", ""),
    ("record.v1.receipt", "/token", "не base64"),
    ("record.v1.receipt", "/recording_sha256", REMOVED),
    ("record.v1.receipt", "/received_at", "2026-03-05T10:02:18.000Z"),
    ("record.v1.acquisition", "/exhibits", []),
    ("record.v1.acquisition", "/exhibits", ["E1", "E1"]),
    ("record.v1.acquisition", "/taken_by", REMOVED),
    ("record.v1.acquisition", "/taken_at", "2026-11-05T08:40:25.000Z"),
    ("record.v1.acquisition", "/clock/known_by", REMOVED),
    ("record.v1.acquisition", "/files", ["a.wav"]),
    ("record.v1.measure", "/measure", "revenge"),
    ("record.v1.measure", "/at", REMOVED),
    ("record.v1.measure", "/by", REMOVED),
    ("record.v1.measure", "/recording_sha256", REMOVED),
    ("record.v1.measure", "/exhibit", REMOVED),
    ("record.v1.measure", "/legality", "lawful"),
    ("notice.v1.sound", "/salt", REMOVED),
    ("notice.v1.sound", "/kind", "notice"),
    ("notice.v1.sound", "/notice_id", "7A40ED4C-6A3C-4A51-9A0E-7F1D6E2C9B35"),
    ("notice.v1.sound", "/language", "українська"),
    ("notice.v1.sound", "/text", LONG),
    ("notice.v1.sound", "/text", ""),
    ("notice.v1.sound", "/key_clause", REMOVED),
    ("notice.v1.sound", "/key_clause", {}),
    ("notice.v1.sound", "/key_clause", {"text": "розмова записується"}),
    ("notice.v1.sound", "/key_clause/end_ms", REMOVED),
    ("notice.v1.sound", "/key_clause/start_ms", -1),
    ("notice.v1.sound", "/key_clause/start_ms", "3.12"),
    ("notice.v1.sound", "/valid_from", "2026-03-06"),
    ("notice.v1.sound", "/valid_from/source", REMOVED),
    ("notice.v1.sound", "/valid_to", None),
    ("notice.v1.sound", "/played_as", []),
    ("notice.v1.sound", "/played_as", "custom/notice"),
    ("notice.v1.sound", "/played_as", ["a", "a"]),
    ("notice.v1.sound", "/played_as", [f"a{i}" for i in range(21)]),
    ("notice.v1.sound", "/played_as/0", ""),
    ("notice.v1.sound", "/played_as/0", "a" * 201),
    ("notice.v1.sound", "/played_as/0", "a\nb"),
    ("notice.v1.sound", "/played_as/0", "a\x9bb"),
    ("notice.v1.sound", "/approved_by", ""),
    ("notice.v1.sound", "/replaces", "0b7c"),
    ("notice.v1.sound", "/sound/file", "../sound.wav"),
    ("notice.v1.sound", "/sound/file", "sound"),
    ("notice.v1.sound", "/sound/size", 0),
    ("notice.v1.sound", "/sound/size", 67108865),
    ("notice.v1.sound", "/sound/recording", REMOVED),
    ("notice.v1.sound", "/added/host", REMOVED),
    ("notice.v1.sound", "/comment", ""),
    ("notice.v1.wording", "/text", REMOVED),
    ("notice.v1.wording", "/key_clause", {"start_ms": 0, "end_ms": 1}),
    ("notice.v1.wording", "/key_clause/start_ms", 0),
    ("custody.v1.sealed", "/kind", "record"),
    ("custody.v1.sealed", "/salt", REMOVED),
    ("custody.v1.sealed", "/facts", {"number": 7}),
    ("custody.v1.sealed", "/facts", {"Number": "7"}),
    ("custody.v1.sealed", "/event", "Sealed"),
    ("custody.v1.sealed", "/claimed_time", "2026-11-05T09:05:31Z"),
    ("config.v1.vault", "/format", 2),
    ("config.v1.vault", "/organisation/name", ""),
    ("config.v1.vault", "/register/origin", "a b"),
    ("config.v1.vault", "/seal/time_policy", "always"),
    ("config.v1.vault", "/seal/timepolicy", "none"),
    ("config.v1.vault", "/tsa", {}),
    ("config.v1.inbox", "/batch/sidecar_hours", -1),
    ("config.v1.inbox", "/inbox/crm/kind", "xml"),
    ("config.v1.inbox", "/inbox/crm/kind", REMOVED),
    ("config.v1.inbox", "/inbox/crm/feilds", {}),
    ("config.v1.inbox", "/inbox/crm/fields/callerid", "/x"),
    ("config.v1.inbox", "/inbox/crm 2", {"kind": "json"}),
    ("config.v1.inbox", "/inbox/pbx1/preset", "3cx"),
    ("config.v1.inbox", "/inbox/pbx1/missing_hours", 0),
    ("config.v1.inbox", "/inbox/pbx1/since", "01.11.2026"),
    ("config.v1.inbox", "/inbox/pbx1/where/userfield", "insult"),
    ("config.v1.inbox", "/inbox/avaya/delimiter", "::"),
    ("config.v1.inbox", "/inbox/avaya/encoding", "utf 8"),
    ("config.v1.inbox", "/inbox/avaya/time_format", "DD/MM/YYYY"),
    ("config.v1.inbox", "/inbox/avaya/directions/E", "in"),
    ("config.v1.inbox", "/inbox/avaya/columns", []),
]


@pytest.mark.parametrize(("example", "path", "value"), CASES, ids=lambda value: str(value)[:30])
def test_refused(example: str, path: str, value: Any) -> None:
    schema = ".".join(example.split(".")[:2])
    assert resources.problem(schema, changed(load(f"{example}.json"), path, value))


def test_problem_names_the_place_and_not_the_value() -> None:
    document = {"format": 1, "number": "INC-1", "calls": [{"started": "петренко 0990000123"}]}
    problem = resources.problem("incident.v1", document)
    assert problem.startswith("/calls/0/started: ")
    assert "0990000123" not in problem


def test_problem_is_short_and_visible() -> None:
    hostile = "\x1b[31m\u202e</script>\n" * 1000
    for document in ({hostile: 1}, {"format": hostile}, {"calls": [{hostile: hostile}]}, hostile, [hostile]):
        problem = resources.problem("incident.v1", document)
        assert 0 < len(problem) < 320
        assert problem.isprintable()


def test_problem_of_a_thousand_wrong_things_is_found_at_once() -> None:
    document = {"format": 1, "markers": [{}] * 200_000}
    assert resources.problem("markers.v1", document) == "/markers: the value has more than 2000 items"


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("/number", "INC 1", "/number: not as described: The company's own number of the incident"),
        ("/colour", 1, '/: unknown field "colour"; known here: $schema, format, number'),
        ("/exhibits/0/role", "proof", "screenshot, pbx, other"),
    ],
)
def test_problem_is_told_in_words(path: str, value: Any, said: str) -> None:
    assert said in resources.problem("incident.v1", changed(load("incident.v1.full.json"), path, value))


@pytest.mark.parametrize(("example", "path", "value"), CASES, ids=lambda value: str(value)[:30])
def test_find_tells_the_place_and_the_part_of_the_schema(example: str, path: str, value: Any) -> None:
    document = changed(load(f"{example}.json"), path, value)
    found = resources.find(".".join(example.split(".")[:2]), document)
    assert found is not None
    assert found.keyword in found.fragment
    for part in found.path:
        document = document[part]


def test_schema_files_are_indented_json() -> None:
    for path in SCHEMAS.glob("*.schema.json"):
        text = path.read_text(encoding="utf-8")
        assert json.loads(text)
        assert text.startswith('{\n  "$schema"')
        assert text.endswith("}\n")
