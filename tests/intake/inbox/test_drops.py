"""Recordings dropped into an inbox, with sidecars and without."""

import hashlib
import json
import pickle
import uuid
from pathlib import Path
from typing import Any

import pytest

from evidence.errors import EvidenceError, FormatError, StateError
from evidence.intake.folder import IncidentFolder, ensure_uid, open_exhibit, read_paper, refreshed
from evidence.intake.inbox.identity import uid_of
from evidence.intake.inbox.model import DROP, Item, Unsettled
from evidence.intake.inbox.reading import read
from evidence.intake.inbox.rules import Rules
from evidence.intake.inbox.scanning import scan
from evidence.operations.examine import digests_of
from tests.entropy import counting
from tests.intake.inbox.boxes import (
    FREEPBX,
    HOUR,
    KYIV,
    NOW,
    STARTED,
    aged,
    data_of,
    look,
    mapping,
    only,
    put,
    wav,
)

OURS = {"format": 1, "number": "INC-7", "calls": [{"started": STARTED}]}


def bytes_of(folder: IncidentFolder) -> dict[str, bytes]:
    """The bytes of all exhibits, as sealing would read them."""
    found = {}
    for file in folder.files:
        if file.member is None:
            found[file.name] = read_paper(folder, file)
        else:
            with open_exhibit(folder, file) as source:
                found[file.name] = source.read()
    return found


def refused(item: Item, kind: type[EvidenceError]) -> str:
    with pytest.raises(EvidenceError) as caught:
        read(item)
    assert type(caught.value) is kind
    assert caught.value.hint
    return caught.value.message


# Which files belong together


@pytest.mark.parametrize("sidecar", ["call.json", "call.wav.json"])
def test_a_recording_and_its_sidecar_are_one_incident(tmp_path: Path, sidecar: str) -> None:
    recording = put(tmp_path, "call.wav")
    beside = put(tmp_path, sidecar, OURS)
    item = only(look(tmp_path))
    assert (item.kind, item.key, item.sizes, item.size) == (DROP, "call.wav", (204,), 204)
    assert set(item.originals) == {recording, beside}
    folder = read(pickle.loads(pickle.dumps(item)))  # noqa: S301  our own
    assert folder.incident.number == "INC-7"
    roles = {f.name: f.role for f in folder.files}
    assert roles == {"call.wav": "recording", sidecar: "other", "incident.json": "incident"}
    assert folder.files[0].name == "call.wav"
    found = bytes_of(folder)
    assert found["call.wav"] == wav()
    assert found[sidecar] == beside.read_bytes()
    assert data_of(folder, "incident.json")["calls"] == [{"started": STARTED, "recording": "call.wav"}]
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(["call.wav", sidecar])


def test_two_recordings_are_one_incident_if_the_sidecar_names_them(tmp_path: Path) -> None:
    put(tmp_path, "X-in.wav")
    put(tmp_path, "X-out.wav")
    calls = [{"started": STARTED, "recording": "X-in.wav"}]
    exhibits = [{"file": "X-out.wav", "role": "recording", "title": "what was played to the caller"}]
    put(tmp_path, "X.json", {"format": 1, "calls": calls, "exhibits": exhibits})
    item = only(look(tmp_path))
    assert [path.name for path in item.originals] == ["X-in.wav", "X-out.wav", "X.json"]
    folder = read(item)
    assert folder.incident.number == "X"
    assert [f.name for f in folder.files if f.role == "recording"] == ["X-in.wav", "X-out.wav"]


def test_two_recordings_that_no_sidecar_names_are_two_incidents(tmp_path: Path) -> None:
    put(tmp_path, "X-in.wav", age=10 * HOUR)
    put(tmp_path, "X-out.wav", age=11 * HOUR)
    assert [item.key for item in look(tmp_path).items] == ["X-out.wav", "X-in.wav"]


def test_a_sidecar_that_could_be_of_two_is_bad_with_both(tmp_path: Path) -> None:
    put(tmp_path, "X.wav")
    put(tmp_path, "X.mp3", b"ID3")
    put(tmp_path, "X.json", OURS)
    found = look(tmp_path)
    (bad,) = found.bad
    assert sorted(path.name for path in bad.item.originals) == ["X.json", "X.mp3", "X.wav"]
    assert (found.items, type(bad.error)) == ((), StateError)


def test_two_sidecars_of_one_recording_are_bad_with_it(tmp_path: Path) -> None:
    for name, data in (("X.wav", b""), ("X.json", b"{}"), ("X.wav.json", b"{}")):
        put(tmp_path, name, data)
    found = look(tmp_path)
    # X.wav.json says by its name which it means, so X.json has no recording
    assert [(bad.item.key, type(bad.error)) for bad in found.bad] == [("X.json", StateError)]
    assert [item.key for item in found.items] == ["X.wav"]


def test_two_sidecars_that_claim_one_recording_are_bad_with_it(tmp_path: Path) -> None:
    for name in ("X.wav", "X.json", "X.JSON"):
        put(tmp_path, name, b"" if name == "X.wav" else json.dumps(OURS))
    found = look(tmp_path)
    (bad,) = found.bad
    assert sorted(path.name for path in bad.item.originals) == ["X.JSON", "X.json", "X.wav"]
    (tmp_path / "X.json").unlink()
    assert read(only(look(tmp_path))).incident.number == "INC-7"


def test_a_sidecar_with_a_recording_that_is_not_there_is_bad_after_the_quiet_time(tmp_path: Path) -> None:
    put(tmp_path, "X-in.wav")
    calls = [{"started": STARTED, "recording": name} for name in ("X-in.wav", "X-out.wav")]
    put(tmp_path, "X.json", {"format": 1, "calls": calls}, age=121)
    (bad,) = look(tmp_path).bad
    assert "X-out.wav" in bad.error.message
    assert {path.name for path in bad.item.originals} == {"X-in.wav", "X.json"}
    assert [left.code for left in look(tmp_path, quiet_seconds=122).left] == ["writing"]
    assert [left.code for left in look(tmp_path, sidecar_hours=1).left] == ["waits_recording"]


def test_a_sidecar_without_recording_waits_and_then_is_bad(tmp_path: Path) -> None:
    beside = put(tmp_path, "X.json", OURS, age=119)
    assert [(left.key, left.code) for left in look(tmp_path).left] == [("X.json", "writing")]
    aged(beside, 121)
    (bad,) = look(tmp_path).bad
    assert bad.item.originals == (beside,)
    put(tmp_path, "X.wav.part", b"RIFF", age=1)
    assert ("X.json", "waits_recording") in {(left.key, left.code) for left in look(tmp_path).left}


def test_a_recording_waits_for_its_sidecar_for_so_many_hours(tmp_path: Path) -> None:
    put(tmp_path, "X.wav", age=5 * HOUR)
    assert [left.code for left in look(tmp_path, sidecar_hours=6).left] == ["waits_sidecar"]
    assert only(look(tmp_path, sidecar_hours=4)).key == "X.wav"


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("notes.txt", "neither"),
        ("incident.json", "itself"),
        ("markers.json", "itself"),
        ("notice.wav", "neither"),
    ],
)
def test_what_is_no_drop_is_bad(tmp_path: Path, name: str, message: str) -> None:
    put(tmp_path, name, b"{}")
    (bad,) = look(tmp_path).bad
    assert message in bad.error.message
    assert bad.item.originals == (tmp_path / name,)


# What they say


def test_a_bare_recording_says_what_its_name_tells(tmp_path: Path) -> None:
    put(tmp_path, f"{FREEPBX}.wav")
    folder = read(only(look(tmp_path)))
    (call,) = folder.incident.calls
    assert (call.started, call.caller, call.callee) == (
        "2026-11-05T10:15:02+02:00",
        "0501234567",
        "0443900000",
    )
    assert set(call.from_name) == {"id", "started", "direction", "caller", "callee"}
    assert folder.incident.number == FREEPBX


@pytest.mark.parametrize("ours", [{"format": 1}, {"format": 1, "title": "лайка"}])
def test_our_sidecar_needs_no_number(tmp_path: Path, ours: dict[str, Any]) -> None:
    put(tmp_path, f"{FREEPBX}.wav")
    put(tmp_path, f"{FREEPBX}.json", ours)
    folder = read(only(look(tmp_path)))
    assert folder.incident.number == FREEPBX
    assert folder.incident.title == ours.get("title", "")
    assert folder.incident.calls[0].started == STARTED


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ("{", "too early"),
        ("[]", "{ … }"),
        ('{"format": 1, "numer": "x"}', "numer"),
        (
            '{"format": 1, "calls": [{"started": "2026-11-05T10:15:02+02:00", "recording": "other.wav"}]}',
            "other.wav",
        ),
        ('{"format": 1, "notice": {"grade": "none", "file": "notice.txt"}}', "notice.txt"),
    ],
)
def test_a_wrong_sidecar_is_refused_when_read(tmp_path: Path, data: str, words: str) -> None:
    put(tmp_path, "X.wav")
    put(tmp_path, "X.json", data)
    assert words in refused(only(look(tmp_path)), FormatError)


CRM = {
    "call": {"id": 1793866502.4711, "from": "+380501234567", "dir": "IN", "begin": "05.11.2026 10:15:02"},
    "agents": [{"name": "Агент 7"}],
    "number": 42,
    "secs": 187,
}
FIELDS = {
    "id": "/call/id",
    "caller": "/call/from",
    "direction": "/call/dir",
    "started": "/call/begin",
    "agent": "/agents/0/name",
    "number": "/number",
    "duration": "/secs",
}


def test_another_programs_sidecar_is_read_through_its_mapping(tmp_path: Path) -> None:
    put(tmp_path, "X.wav")
    text = json.dumps(CRM)
    put(tmp_path, "X.json", text)
    folder = read(only(look(tmp_path, mapping("crm", kind="json", fields=FIELDS))))
    incident = data_of(folder, "incident.json")
    assert incident["number"] == "42"
    assert incident["agent"] == {"name": "Агент 7"}
    assert incident["calls"] == [
        {
            "started": STARTED,
            "ended": "2026-11-05T10:18:09+02:00",
            "direction": "inbound",
            "id": "1793866502.4711",
            "caller": "+380501234567",
            "recording": "X.wav",
        }
    ]
    assert bytes_of(folder)["X.json"] == text.encode()
    assert [f.role for f in folder.files if f.name == "X.json"] == ["pbx"]


def test_the_first_mapping_whose_pattern_fits_reads_a_sidecar(tmp_path: Path) -> None:
    for name in ("a-1", "b-1"):
        put(tmp_path, f"{name}.wav")
        put(tmp_path, f"{name}.json", {"t1": "2026-11-05 10:15:02", "t2": "2026-11-06 10:15:02"})
    first = mapping("a", kind="json", files=["a-*.json"], fields={"started": "/t1"})
    second = mapping("b", kind="json", fields={"started": "/t2"})
    found = {
        item.key: read(item).incident.calls[0].started[:10] for item in look(tmp_path, first, second).items
    }
    assert found == {"a-1.wav": "2026-11-05", "b-1.wav": "2026-11-06"}


def test_our_own_sidecars_are_known_where_there_is_a_mapping(tmp_path: Path) -> None:
    put(tmp_path, "X.wav")
    put(
        tmp_path,
        "X.json",
        {"format": 1, "notice": {"grade": "in_recording", "recording": "X.wav", "at_milliseconds": 5}},
    )
    folder = read(only(look(tmp_path, mapping("crm", kind="json", fields=FIELDS))))
    assert folder.incident.notice.at_milliseconds == 5


def test_a_caller_with_an_odd_name_does_not_keep_his_call_out(tmp_path: Path) -> None:
    put(tmp_path, "X.wav")
    put(tmp_path, "X.json", {"t": STARTED, "who": "б" * 129})
    crm = mapping("crm", kind="json", fields={"started": "/t", "caller": "/who"})
    folder = read(only(look(tmp_path, crm)))
    assert folder.incident.calls[0].caller == ""
    assert "caller" in folder.incident.summary


# Sealing them


def test_the_uid_is_made_of_names_and_digests_of_the_recordings_alone(tmp_path: Path) -> None:
    put(tmp_path, "X.wav")
    bare = read(only(look(tmp_path)))
    put(tmp_path, "X.json", {**OURS, "uid": "0c6d1c5e-3d0b-4b0a-9c55-6c1e2a7f9d10"})
    full = read(only(look(tmp_path)))
    listed = [["X.wav", hashlib.sha256(wav()).hexdigest()]]
    text = json.dumps(["evidence-archiver: uid of dropped recordings", listed], separators=(",", ":"))
    raw = hashlib.sha256(text.encode()).hexdigest()[:32]
    expected = f"{raw[:8]}-{raw[8:12]}-8{raw[13:16]}-{'89ab'[int(raw[16], 16) % 4]}{raw[17:20]}-{raw[20:]}"
    assert uid_of(bare, digests_of(bare)) == uid_of(full, digests_of(full)) == expected
    assert uuid.UUID(expected).version == 8
    with pytest.raises(ValueError, match="digest"):
        uid_of(bare, [])
    with pytest.raises(ValueError, match="virtual"):
        ensure_uid(bare, counting("x"))


def test_the_same_input_makes_the_same_incident(tmp_path: Path) -> None:
    put(tmp_path, f"{FREEPBX}.wav")
    put(tmp_path, f"{FREEPBX}.json", {"format": 1})
    first, second = (read(only(look(tmp_path))) for _ in range(2))
    assert first == second


def test_what_changes_after_the_scan_is_left(tmp_path: Path) -> None:
    recording = put(tmp_path, "X.wav")
    put(tmp_path, "X.json", OURS)
    item = only(look(tmp_path))
    with recording.open("ab") as file:
        file.write(b"..")
    refused(item, Unsettled)
    recording.unlink()
    refused(item, Unsettled)


def test_what_changes_after_it_was_read_is_refused_before_it_is_sealed(tmp_path: Path) -> None:
    put(tmp_path, "X.wav")
    beside = put(tmp_path, "X.json", OURS)
    folder = read(only(look(tmp_path)))
    assert refreshed(folder) is folder
    beside.write_bytes(beside.read_bytes() + b" ")
    with pytest.raises(StateError):
        refreshed(folder)


def test_the_fingerprint_changes_with_what_is_there_and_with_nothing_else(tmp_path: Path) -> None:
    recording = put(tmp_path, "X.wav")
    first = only(look(tmp_path)).fingerprint
    assert only(scan(tmp_path, Rules(), NOW)).fingerprint == first
    aged(recording, 13 * HOUR)
    second = only(look(tmp_path)).fingerprint
    put(tmp_path, "X.json", OURS)
    third = only(look(tmp_path)).fingerprint
    assert len({first, second, third}) == 3


def test_the_zone_is_that_of_the_configuration(tmp_path: Path) -> None:
    put(tmp_path, f"{FREEPBX}.wav")
    (item,) = scan(tmp_path, Rules(zone="America/New_York"), NOW).items
    assert read(item).incident.calls[0].started == "2026-11-05T10:15:02-05:00"
    (item,) = scan(tmp_path, Rules(), NOW).items
    folder = read(item)
    assert folder.incident.calls == ()
    assert "zone" in folder.incident.summary
    assert KYIV not in folder.incident.summary
