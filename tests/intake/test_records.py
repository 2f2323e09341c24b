"""The records of an archive: what they say, and that nothing else can be learnt from them."""

import base64
import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence import canonical, resources
from evidence.digests import sha256
from evidence.entropy import Entropy, system_entropy
from evidence.errors import FormatError
from evidence.intake.checks import MOST_OF_CORRECTIONS
from evidence.intake.folder import IncidentFolder, ensure_uid, open_exhibit, read_folder, read_paper
from evidence.intake.plan import FolderFile
from evidence.intake.records import build_records
from evidence.model import names
from evidence.model.recording import RecordingFacts, RecordingTrack
from evidence.model.records import MAX_TEXT, ExhibitFacts
from tests.entropy import counting
from tests.intake.folders import call, make, marker, write

RECORDING = RecordingFacts("wav", "mulaw", 8000, 2, 16_000, "frames", {"header_samples": 99}, ("truncated",))
TEXT = st.text(st.characters(exclude_categories=["Cs"]))


def facts(folder: IncidentFolder, file: FolderFile) -> ExhibitFacts:
    with open_exhibit(folder, file) as source:
        data = source.read()
    inside = read_paper(folder, file) if file.member is None else None
    sound = RECORDING if file.is_sound else None
    return ExhibitFacts(
        file.id, file.member, file.name, file.role, len(data), sha256(data), sound, inside, file.title
    )


def build(path: Path, entropy: Entropy = system_entropy) -> list[tuple[str, dict[str, Any]]]:
    folder = ensure_uid(read_folder(path), entropy)
    return list(build_records(folder, [facts(folder, file) for file in folder.files], entropy))


def of_kind(records: list[tuple[str, dict[str, Any]]], kind: str) -> list[dict[str, Any]]:
    return [record for _, record in records if record["kind"] == kind]


def full(path: Path) -> Path:
    make(
        path,
        recordings=("call.wav", "second.gsm", "notice.wav"),
        title="Образи",
        summary="",
        subscriber={"name": "Приходько", "phone": "", "account": "4400217"},
        agent={},
        calls=[call("second.gsm", ended="2026-11-05T10:16:00.5+02:00"), call(channels=["caller", "agent"])],
        notice={"grade": "in_recording", "recording": "call.wav", "channel": 0, "at_milliseconds": 0},
        exhibits=[{"file": "card.txt", "role": "card", "title": "Картка"}],
        markers=[marker(start_ms=0, end_ms=0, channel=0), marker(channel="caller", words="=cmd()", note="")],
    )
    (path / "card.txt").write_bytes(b"card")
    return path


def test_every_record_holds_and_has_a_canonical_form(tmp_path: Path) -> None:
    records = build(full(tmp_path))
    for record_id, record in records:
        assert resources.problem("record.v1", record) == ""
        assert canonical.decode(canonical.encode(record), 1 << 20) == record
        assert record["id"] == record_id
    assert len(records) == 1 + 1 + 6 + 2


def test_order_is_that_of_random_ids(tmp_path: Path) -> None:
    full(tmp_path)
    orders = set()
    for seed in ("a", "b", "c"):
        records = build(tmp_path, counting(seed))
        ids = [record_id for record_id, _ in records]
        assert ids == sorted(set(ids))
        orders.add(tuple(record.get("exhibit", record["kind"]) for _, record in records))
    assert len(orders) == 3


def test_salts_are_fresh(tmp_path: Path) -> None:
    records = build(full(tmp_path)) + build(tmp_path)
    assert len({record["salt"] for _, record in records}) == len(records)


def test_same_randomness_same_records(tmp_path: Path) -> None:
    full(tmp_path)
    (tmp_path / "incident.uid").write_text("0c6d1c5e-3d0b-4b0a-9c55-6c1e2a7f9d10\n")
    assert build(tmp_path, counting()) == build(tmp_path, counting())


def test_an_id_drawn_twice_is_drawn_again(tmp_path: Path) -> None:
    make(tmp_path, uid="0c6d1c5e-3d0b-4b0a-9c55-6c1e2a7f9d10")
    answers = iter(
        [b"\0\0\0\1", b"\0\0\0\1", b"\0\0\0\1", b"\0\0\0\2", b"\0\0\0\3", b"\0\0\0\3", b"\0\0\0\0"]
    )
    records = build(tmp_path, lambda size: next(answers) if size == 4 else bytes(size))
    assert [record_id for record_id, _ in records] == ["r-00000000", "r-00000001", "r-00000002", "r-00000003"]


def test_incident_record(tmp_path: Path) -> None:
    records = build(full(tmp_path))
    (incident,) = of_kind(records, "incident")
    assert incident["uid"] == read_folder(tmp_path).uid
    assert incident["subscriber"] == {"name": "Приходько", "account": "4400217"}
    assert not incident.keys() & {"agent", "summary", "time_zone", "prepared_at"}
    started = {
        "utc": "2026-11-05T08:15:02.000Z",
        "text": "2026-11-05T10:15:02+02:00",
        "source": "incident.json",
    }
    assert incident["calls"] == [
        {
            "started": started,
            "ended": {**started, "utc": "2026-11-05T08:16:00.500Z", "text": "2026-11-05T10:16:00.5+02:00"},
            "exhibit": "E1",
        },
        {"started": started, "exhibit": "E2", "channels": ["caller", "agent"]},
    ]


def test_exhibit_records(tmp_path: Path) -> None:
    exhibits = {record["exhibit"]: record for record in of_kind(build(full(tmp_path)), "exhibit")}
    assert sorted(exhibits) == ["E1", "E2", "E3", "E4", "E5", "E6"]
    assert exhibits["E1"]["member"] == "exhibits/E1.gsm"
    assert exhibits["E1"]["recording"]["samples"] == 16_000
    assert "bytes" not in exhibits["E1"]
    assert (exhibits["E4"]["title"], exhibits["E4"]["role"]) == ("Картка", "card")
    assert "member" not in exhibits["E4"]
    assert [exhibits[f"E{n}"]["role"] for n in (3, 5, 6)] == ["notice", "incident", "markers"]
    for number, name in {"E4": "card.txt", "E5": "incident.json", "E6": "markers.json"}.items():
        data = (tmp_path / name).read_bytes()
        assert base64.b64decode(exhibits[number]["bytes"]) == data
        assert exhibits[number]["sha256"] == sha256(data).hex()
        assert exhibits[number]["size"] == len(data)


def test_notice_record(tmp_path: Path) -> None:
    records = build(full(tmp_path))
    (notice,) = of_kind(records, "notice")
    digest = sha256((tmp_path / "call.wav").read_bytes()).hex()
    assert {key: notice[key] for key in notice if key not in {"salt", "id"}} == {
        "kind": "notice",
        "grade": "in_recording",
        "exhibits": ["E3"],
        "exhibit": "E2",
        "recording_sha256": digest,
        "channel": 0,
        "at_milliseconds": 0,
    }


def test_nothing_said_about_the_notice_is_grade_none(tmp_path: Path) -> None:
    (notice,) = of_kind(build(make(tmp_path)), "notice")
    assert (notice["grade"], notice["exhibits"]) == ("none", [])


def test_marker_records(tmp_path: Path) -> None:
    records = build(full(tmp_path))
    first, second = sorted(of_kind(records, "marker"), key=lambda record: record["start_ms"])
    assert (first["start_ms"], first["end_ms"], first["channel"]) == (0, 0, 0)
    assert (second["words"], second["channel"]) == ("=cmd()", "caller")
    assert not second.keys() & {"end_ms", "note", "language", "recording"}
    assert second["asserted_at"]["source"] == "markers.json"
    for record in (first, second):
        assert record["exhibit"] == "E2"
        assert record["recording_sha256"] == sha256((tmp_path / "call.wav").read_bytes()).hex()


def test_what_became_of_a_marker(tmp_path: Path) -> None:
    at, started = "2026-11-05T10:15:04.5004+02:00", "2026-11-05T10:15:02.5006+02:00"
    pressed = {"at": at, "call_started": started, "offset_ms": 250, "uncertainty_ms": 2000, "place_ms": 1750}
    fields = {
        "how": "hot_key",
        "pressed": pressed,
        "withdrawn": {"at": at, "by": "205", "reason": "Не те."},
        "reviewed_by": "205",
        "reviewed_at": at,
        "confidence": "possible",
        "corrections": [{"at": at, "by": "205", "was": {"start_ms": 1750, "words": None}}],
    }
    (record,) = of_kind(build(make(tmp_path, markers=[marker(**fields)])), "marker")
    time = {"utc": "2026-11-05T08:15:04.500Z", "text": at, "source": "markers.json"}
    began = {"utc": "2026-11-05T08:15:02.500Z", "text": started, "source": "markers.json"}
    assert record["pressed"] == {**pressed, "at": time, "call_started": began}
    assert record["withdrawn"] == {"at": time, "by": "205", "reason": "Не те."}
    assert (record["reviewed_by"], record["reviewed_at"], record["confidence"]) == ("205", time, "possible")
    assert record["corrections"] == [{"at": time, "by": "205", "was": {"start_ms": 1750, "words": None}}]
    assert resources.problem("record.v1", record) == ""


@pytest.mark.parametrize("field", ["at", "call_started", "offset_ms", "place_ms"])
def test_a_place_that_does_not_add_up_is_refused(tmp_path: Path, field: str) -> None:
    at, started = "2026-11-05T10:15:04+02:00", "2026-11-05T10:15:02+02:00"
    pressed: dict[str, Any] = {"at": at, "call_started": started, "offset_ms": 250, "place_ms": 1750}
    pressed[field] = "2026-11-05T10:15:03+02:00" if isinstance(pressed[field], str) else pressed[field] + 1
    fields = marker(how="hot_key", pressed={**pressed, "uncertainty_ms": 0})
    with pytest.raises(FormatError, match="isn't the place that the times and the offset give"):
        build(make(tmp_path, markers=[fields]))


def test_a_foreign_name_stands_as_base64(tmp_path: Path) -> None:
    raw = b"\xe4\xe7.wav"
    name = {"name_base64": base64.b64encode(raw).decode()}
    make(tmp_path, recordings=())
    write(tmp_path, "incident.json", {"format": 1, "number": "1", "calls": [{**call(), "recording": name}]})
    Path(str(tmp_path) + "/" + raw.decode("utf-8", "surrogateescape")).write_bytes(b"x")
    record = next(r for r in of_kind(build(tmp_path), "exhibit") if r["exhibit"] == "E1")
    assert record["name"] == name
    assert canonical.encode(record)


def test_one_paper_at_a_time(tmp_path: Path) -> None:
    folder = ensure_uid(read_folder(full(tmp_path)), system_entropy)
    exhibits = [facts(folder, file) for file in folder.files]
    drawn: list[int] = []

    def entropy(size: int) -> bytes:
        drawn.append(size)
        return system_entropy(size)

    records = build_records(folder, exhibits, entropy)
    next(records)
    assert drawn.count(32) == 1


def test_needs_the_uid_and_all_exhibits(tmp_path: Path) -> None:
    folder = read_folder(full(tmp_path))
    exhibits = [facts(folder, file) for file in folder.files]
    with pytest.raises(ValueError):
        build_records(folder, exhibits, system_entropy)
    folder = ensure_uid(folder, system_entropy)
    for wrong in (exhibits[1:], exhibits[::-1], [dataclasses.replace(exhibits[0], name="x"), *exhibits[1:]]):
        with pytest.raises(ValueError):
            build_records(folder, wrong, system_entropy)


@given(st.binary(max_size=60))
def test_names_from_bytes_and_back(raw: bytes) -> None:
    name = names.from_bytes(raw)
    assert names.to_bytes(name) == raw
    document = names.to_document(name)
    assert names.from_document(json.loads(canonical.encode(document))) == name


@given(
    st.builds(
        ExhibitFacts,
        id=st.just("E1"),
        member=st.none() | st.just("exhibits/E1.wav"),
        name=st.binary(min_size=1, max_size=20).map(names.from_bytes),
        role=st.sampled_from(["recording", "other"]),
        size=st.integers(0, 2**53 - 1),
        sha256=st.binary(min_size=32, max_size=32),
        recording=st.none()
        | st.builds(
            RecordingFacts,
            sample_rate=st.none() | st.integers(0, 400_000),
            samples=st.none() | st.integers(0, 2**53 - 1),
            claims=st.dictionaries(st.text("abc_", min_size=1), TEXT | st.integers(0, 2**53 - 1), max_size=5),
            problems=st.lists(st.sampled_from(["truncated", "empty"]), max_size=3).map(tuple),
            tracks=st.lists(
                st.builds(RecordingTrack, codec=st.just("opus"), channels=st.none() | st.integers(1, 9)),
                max_size=2,
            ).map(tuple),
        ),
        data=st.none() | st.binary(max_size=40),
        title=TEXT,
    )
)
def test_exhibit_to_document_and_back(exhibit: ExhibitFacts) -> None:
    document = json.loads(canonical.encode(exhibit.to_document()))
    assert ExhibitFacts.from_document(document) == exhibit


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
