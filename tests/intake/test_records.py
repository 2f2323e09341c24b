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
from evidence.entropy import system_entropy
from evidence.errors import FormatError
from evidence.intake.folder import ensure_uid, read_folder
from evidence.intake.records import build_records
from evidence.model import names
from evidence.model.recording import RecordingFacts, RecordingTrack
from evidence.model.records import ExhibitFacts
from tests.entropy import counting
from tests.intake.folders import call, make, marker, write
from tests.intake.recordbuilding import build, facts, full, of_kind

TEXT = st.text(st.characters(exclude_categories=["Cs"]))


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
