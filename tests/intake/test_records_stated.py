"""The records of what people state and what names and logs claim: acquisition, measures, calls, markers."""

from pathlib import Path

from evidence import canonical, resources
from evidence.intake.checks import MOST_OF_CORRECTIONS
from evidence.model.records import MAX_TEXT
from tests.intake.folders import call, make, marker
from tests.intake.recordbuilding import build, of_kind


def stated_time(utc: str, text: str) -> dict[str, str]:
    return {"utc": utc, "text": text, "source": "incident.json"}


def test_acquisition_records(tmp_path: Path) -> None:
    taken = {"taken_by": "Левко", "taken_at": "2026-11-05T10:40:00.25+02:00"}
    clock = {"offset_ms": 0, "uncertainty_ms": 0, "known_by": "NTP", "checked_at": "2026-11-05T08:39:00Z"}
    make(
        tmp_path,
        recordings=("b.wav", "a.wav", "notice.wav"),
        acquisitions=[
            {"files": ["notice.wav", "a.wav"], **taken, "system": "", "clock": clock, "note": "ч/з SFTP"},
            {
                "files": ["b.wav"],
                **taken,
                "copied_from": "/mnt/pbx",
                "authority": "наказ",
                "original": "диск",
            },
        ],
    )
    records = {tuple(r["exhibits"]): r for r in of_kind(build(tmp_path), "acquisition")}
    at = stated_time("2026-11-05T08:40:00.250Z", "2026-11-05T10:40:00.25+02:00")
    for record in records.values():
        assert resources.problem("record.v1", record) == ""
        for name in ("salt", "kind", "id"):
            del record[name]
    assert records == {
        ("E3", "E1"): {
            "exhibits": ["E3", "E1"],
            "taken_by": "Левко",
            "taken_at": at,
            "clock": {
                "offset_ms": 0,
                "uncertainty_ms": 0,
                "known_by": "NTP",
                "checked_at": stated_time("2026-11-05T08:39:00.000Z", "2026-11-05T08:39:00Z"),
            },
            "note": "ч/з SFTP",
        },
        ("E2",): {
            "exhibits": ["E2"],
            "taken_by": "Левко",
            "taken_at": at,
            "authority": "наказ",
            "original": "диск",
            "copied_from": "/mnt/pbx",
        },
    }


def test_measure_records(tmp_path: Path) -> None:
    at = "2026-11-05T10:15:13+02:00"
    heard = {"recording": "call.wav", "at_milliseconds": 0}
    make(
        tmp_path,
        measures=[
            {"kind": "warning", "at": at, "by": "204", "basis": "п. 7.4", **heard},
            {"kind": "other", "at": at, "by": "204", "note": "лист", "basis": ""},
        ],
    )
    records = build(tmp_path)
    (sound,) = (r for r in of_kind(records, "exhibit") if r["exhibit"] == "E1")
    measures = {record["measure"]: record for record in of_kind(records, "measure")}
    for record in measures.values():
        assert resources.problem("record.v1", record) == ""
        for name in ("salt", "kind", "id"):
            del record[name]
    stated = {"at": stated_time("2026-11-05T08:15:13.000Z", at), "by": "204"}
    assert measures == {
        "warning": {
            "measure": "warning",
            **stated,
            "basis": "п. 7.4",
            "exhibit": "E1",
            "recording_sha256": sound["sha256"],
            "at_milliseconds": 0,
        },
        "other": {"measure": "other", **stated, "note": "лист"},
    }


def test_what_a_name_claims_is_told_from_what_a_person_states(tmp_path: Path) -> None:
    corrects = {"archive_id": "3f0e8a52-6b1d-4c7e-9a40-d2c5b8e17f63", "identity": "ab" * 32, "reason": "ім'я"}
    make(
        tmp_path,
        recordings=("a.wav", "call.wav"),
        calls=[
            call(from_name=["id", "started"], id="1.2", caller="1", callee="2", queue="q"),
            call("a.wav", started="2026-11-05T10:20:00+02:00", from_name=["id"], id="1.3"),
        ],
        legal_basis=[{"kind": "law", "reference": "ст. 1", "note": ""}],
        corrects=corrects,
    )
    (incident,) = of_kind(build(tmp_path), "incident")
    assert resources.problem("record.v1", incident) == ""
    first, second = incident["calls"]
    assert first["started"]["source"] == "incident.json, from the recording's name"
    assert second["started"]["source"] == "incident.json"
    assert (first["caller"], first["callee"], first["queue"]) == ("1", "2", "q")
    assert first["from_name"] == ["id", "started"]
    assert incident["legal_basis"] == [{"kind": "law", "reference": "ст. 1"}]
    assert incident["corrects"] == corrects


def test_what_a_log_claims_names_file_and_line(tmp_path: Path) -> None:
    logged = {"started": "cdr.csv, line 3", "ended": "cel.csv, line 9", "queue": "queue_log, line 1"}
    reckoned = {"recording": "call.wav", "at_milliseconds": 1000, "kind": "warning", "by": "204"}
    make(
        tmp_path,
        calls=[call(ended="2026-11-05T10:16:02+02:00", queue="q", from_log=logged)],
        agent={"id": "101", "from_log": {"id": "cdr.csv, line 3"}},
        measures=[
            {**reckoned, "at": "2026-11-05T10:15:03.000+02:00"},
            {**reckoned, "at": "2026-11-05T10:15:03+02:00"},
        ],
    )
    records = build(tmp_path)
    (incident,) = of_kind(records, "incident")
    assert resources.problem("record.v1", incident) == ""
    (made,) = incident["calls"]
    assert (made["started"]["source"], made["ended"]["source"]) == ("cdr.csv, line 3", "cel.csv, line 9")
    assert made["from_log"] == logged
    assert incident["agent"] == {"id": "101", "from_log": {"id": "cdr.csv, line 3"}}
    sources = {measure["at"]["text"]: measure["at"]["source"] for measure in of_kind(records, "measure")}
    assert sources == {
        "2026-11-05T10:15:03.000+02:00": "cdr.csv, line 3",
        "2026-11-05T10:15:03+02:00": "incident.json",
    }


def test_the_longest_marker_that_is_taken_has_room_in_a_record(tmp_path: Path) -> None:
    """Every text as long as its schema allows, of the characters that take the most bytes."""
    text, at = "\x01" * 4000, "2026-11-05T10:48:12.000000000000000000+02:00"
    was = {"was": {"words": text[:200], "confidence": None}}
    correction = {"at": at, "by": "\x01" * 10, **was}
    places = {"class": "insult", "start_ms": 1, "end_ms": 2}
    suggested = {
        **places,
        "words": text,
        "entry": text[:300],
        "lexicon_sha256": "ab" * 32,
        "transcript": text[:255],
        "transcript_sha256": "ab" * 32,
        "transcribed_by": text[:300],
    }
    longest = marker(
        how="transcript_confirmed",
        words=text,
        note=text,
        source=text[:300],
        asserted_by=text[:300],
        withdrawn={"at": at, "by": text[:300], "reason": text},
        suggestion=suggested,
        corrections=[correction] * 96,
    )
    assert len(canonical.encode(longest["corrections"])) > 0.99 * MOST_OF_CORRECTIONS
    (record,) = of_kind(build(make(tmp_path, markers=[longest])), "marker")
    assert not resources.problem("record.v1", record)
    assert len(canonical.encode(record)) <= MAX_TEXT
