"""What a folder leaves open or can't be right about: each gap from a folder without any, by one change."""

import dataclasses
import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from evidence import messages
from evidence.intake import gap as wording
from evidence.intake import gaps
from evidence.intake.folder import read_folder
from evidence.intake.gap import Gap
from evidence.model.pbxlog import PbxEvent, PbxLog, PbxProblem
from evidence.model.recording import RecordingFacts
from evidence.model.records import ExhibitFacts
from tests.intake import folders
from tests.intake.folders import call, make

NOW = dt.datetime(2026, 11, 6, tzinfo=dt.UTC)
FACTS = RecordingFacts("wav", "pcm_s16le", 8000, 2, 8000 * 60, "frames")
CLOCK = {"offset_ms": 0, "known_by": "NTP"}
TAKEN: dict[str, Any] = {
    "files": ["call.wav"],
    "taken_by": "204",
    "taken_at": "2026-11-05T10:40:00+02:00",
    "system": "pbx1",
    "authority": "order 12",
    "original": "pbx1",
    "clock": CLOCK,
}
NOTICE = {"grade": "operator_statement", "source": "204", "text": "..."}
COMPLETE: dict[str, Any] = {
    "notice": NOTICE,
    "legal_basis": [{"kind": "contract", "reference": "7.3"}],
    "acquisitions": [TAKEN],
    "markers": [folders.marker(words="...", end_ms=2000)],
    "subscriber": {"phone": "+380990000123"},
    "agent": {"id": "204"},
    "calls": [call(ended="2026-11-05T10:16:02+02:00", channels=["caller", "agent"])],
}
READ = PbxLog("cdr.csv", "asterisk_cdr", lines=1, events=(PbxEvent(1, 1, "call"),))


def found(
    path: Path,
    facts: RecordingFacts | None = FACTS,
    now: dt.datetime = NOW,
    log: PbxLog | None = READ,
    **fields: Any,
) -> list[Gap]:
    """The gaps of a folder whose recordings all have these facts, and that holds a log."""
    made = make(path, **{**COMPLETE, **fields})
    if log is not None:
        (made / log.name).write_bytes(b"")
    folder = read_folder(made)
    exhibits = [
        ExhibitFacts(f.id, f.member, f.name, f.role, f.size, bytes(32), facts if f.is_sound else None)
        for f in folder.files
    ]
    result = gaps.gaps(folder, exhibits, now, () if log is None else (log,))
    for language in messages.LANGUAGES:
        messages.set_language(language)
        for gap in result:
            what, how = wording.message(gap, "INC-1")
            assert what.isprintable()
            assert how.isprintable()
            assert len(what) < 300
    messages.set_language("en")
    return result


def marker(**fields: Any) -> dict[str, Any]:
    """A marker that says what was said."""
    return folders.marker(**{"words": "...", **fields})


def heard(**fields: Any) -> dict[str, Any]:
    return {"grade": "in_recording", "recording": "call.wav", "text": "...", **fields}


def taken(**fields: Any) -> list[dict[str, Any]]:
    """The acquisition of COMPLETE with these fields; None takes one out."""
    return [{key: value for key, value in {**TAKEN, **fields}.items() if value is not None}]


LATE = taken(taken_at="2026-11-06T00:00:59Z")
"""Not in the future, and not before a call a minute later."""


WITHDRAWN = {"at": "2026-11-05T11:00:00+02:00", "by": "204", "reason": "Не те слово."}


def measure(**fields: Any) -> dict[str, Any]:
    return {"kind": "warning", "at": "2026-11-05T10:15:30+02:00", "by": "204", **fields}


def test_nothing_to_mend(tmp_path: Path) -> None:
    notice = heard(at_milliseconds=60_500, channel=1)
    assert found(tmp_path, markers=[marker(end_ms=60_500, channel="agent")], notice=notice) == []


@pytest.mark.parametrize(
    ("code", "fields"),
    [
        ("no_subscriber", {"subscriber": {"name": " "}}),
        ("no_agent", {"agent": {}}),
        ("no_calls", {"calls": []}),
        ("no_pbx_records", {"log": None}),
        ("pbx_unread", {"log": PbxLog("cdr.csv")}),
        ("pbx_unread", {"log": PbxLog("cel.csv", problems=(PbxProblem(0, "wide"),))}),
        ("pbx_unread", {"log": PbxLog("queue_log", problems=(PbxProblem(7, "torn"),))}),
        (
            "recording_without_call",
            {"recordings": ("call.wav", "b.wav"), "acquisitions": taken(files=["call.wav", "b.wav"])},
        ),
        ("no_notice", {"notice": {"grade": "none"}}),
        ("no_notice", {"notice": {"grade": "none", "text": "..."}}),
        ("no_announcement", {"notice": {"grade": "operator_statement", "source": "204"}}),
        ("no_legal_basis", {"legal_basis": []}),
        ("no_acquisition", {"acquisitions": []}),
        ("no_clock", {"acquisitions": taken(clock=None)}),
        ("no_system", {"acquisitions": taken(system=None)}),
        ("no_authority", {"acquisitions": taken(authority=None)}),
        ("no_original", {"acquisitions": taken(original=None)}),
        ("no_channels", {"calls": [call()]}),
        ("no_markers", {"markers": None}),
        ("no_markers", {"markers": []}),
        ("from_name", {"calls": [call(channels=["a", "b"], from_name=["started"])]}),
        ("taken_before_call", {"acquisitions": taken(taken_at="2026-11-05T10:14:01+02:00")}),
        ("future", {"acquisitions": taken(taken_at="2026-11-06T02:01:01+02:00")}),
        ("future", {"measures": [measure(at="2026-11-06T00:01:01Z")]}),
        ("measure_before_call", {"measures": [measure(at="2026-11-05T10:14:01+02:00")]}),
        (
            "measure_misplaced",
            {
                "measures": [
                    measure(recording="call.wav", at_milliseconds=1000, at="2026-11-05T10:15:09+02:00")
                ]
            },
        ),
        (
            "measure_after_end",
            {
                "measures": [
                    measure(recording="call.wav", at_milliseconds=60_501, at="2026-11-05T10:16:02.501+02:00")
                ]
            },
        ),
        ("marker_after_end", {"markers": [marker(start_ms=60_501)]}),
        ("marker_after_end", {"markers": [marker(end_ms=60_501)]}),
        ("notice_after_end", {"notice": heard(at_milliseconds=60_501)}),
        ("no_channels", {"calls": [call()], "markers": [marker(channel=1)]}),
        ("channels", {"calls": [call(channels=["caller"])]}),
        ("channels", {"calls": [call(channels=["a", "b", "c"])]}),
        ("call_longer", {"calls": [call(ended="2026-11-05T10:17:02.001+02:00", channels=["a", "b"])]}),
        (
            "future",
            {"calls": [call(channels=["a", "b"], started="2026-11-06T00:01:01Z")], "acquisitions": LATE},
        ),
        (
            "future",
            {
                "calls": [call(channels=["a", "b"], started="2026-11-06T02:01:01.5+02:00")],
                "acquisitions": LATE,
            },
        ),
        ("future", {"markers": [marker(asserted_at="2027-01-01T00:00:00Z")]}),
        ("no_words", {"markers": [marker(words=" ")]}),
        ("no_words", {"markers": [marker(words=""), marker(start_ms=5000, words="")]}),
        ("no_markers", {"markers": [marker(withdrawn=WITHDRAWN)]}),
        ("markers_overlap", {"markers": [marker(end_ms=2000), marker(start_ms=1999)]}),
        ("markers_overlap", {"markers": [marker(start_ms=1999), marker(end_ms=2000)]}),
        ("markers_overlap", {"markers": [marker(), marker()]}),
        ("markers_overlap", {"markers": [marker(words="ти  Дурень"), marker(words="дурень")]}),
        ("markers_overlap", {"markers": [marker(channel=0), marker()]}),
        ("markers_overlap", {"markers": [marker(channel=0, end_ms=9000), marker(channel="caller")]}),
        ("markers_overlap", {"markers": [marker(end_ms=9000), marker(end_ms=1500), marker(start_ms=9000)]}),
    ],
)
def test_each_gap_by_itself(tmp_path: Path, code: str, fields: dict[str, Any]) -> None:
    assert [gap.code for gap in found(tmp_path, **fields)] == [code]


def test_a_named_channel_that_the_recording_lacks(tmp_path: Path) -> None:
    calls = [call(channels=["a", "b", "c"])]
    gaps_found = found(tmp_path, calls=calls, markers=[marker(channel="c"), marker(channel="b")])
    assert [gap.code for gap in gaps_found] == ["channels", "channel"]


def test_slack(tmp_path: Path) -> None:
    fields: dict[str, Any] = {"calls": [call(ended="2026-11-05T10:17:02+02:00", channels=["a", "b"])]}
    assert found(tmp_path, **fields) == []
    soon = dt.datetime(2026, 11, 5, 8, 14, 2, tzinfo=dt.UTC)
    begun: dict[str, Any] = {
        "calls": [call(channels=["a", "b"])],
        "markers": [marker(asserted_at="2026-11-05T08:14:00Z")],
        "acquisitions": taken(taken_at="2026-11-05T08:14:30Z"),
    }
    assert found(tmp_path, now=soon, **begun) == []
    early = found(tmp_path, now=soon - dt.timedelta(seconds=1), **begun)
    assert [gap.code for gap in early] == ["future"]


def test_a_call_shorter_than_its_recording(tmp_path: Path) -> None:
    hour = dataclasses.replace(FACTS, samples=8000 * 3600)
    (gap,) = found(tmp_path, hour)
    assert wording.message(gap, "INC-1")[0] == (
        "calls, 1st call: by its times the call lasts only 1:00.0, its recording call.wav 1:00:00.0"
    )
    nearly: dict[str, Any] = {"calls": [call(ended="2026-11-05T11:10:02+02:00", channels=["a", "b"])]}
    assert found(tmp_path, hour, **nearly) == []


@pytest.mark.parametrize("facts", [RecordingFacts(), None])
def test_what_is_unknown_is_no_gap(tmp_path: Path, facts: RecordingFacts | None) -> None:
    notice = heard(at_milliseconds=604_800_000, channel=1)
    assert found(tmp_path, facts, markers=[marker(start_ms=604_800_000, channel=1)], notice=notice) == []


def test_markers_under_another_name(tmp_path: Path) -> None:
    make(tmp_path)
    (tmp_path / "markers.json.txt").write_text("{}")
    assert [gap.code for gap in found(tmp_path, markers=None)] == ["misnamed_markers"]
    assert [gap.code for gap in found(tmp_path, markers=[])] == ["no_markers"]


@pytest.mark.parametrize("name", ["markers.csv", "markers.txt", "markers.vtt"])
def test_markers_that_nobody_imported(tmp_path: Path, name: str) -> None:
    make(tmp_path)
    (tmp_path / name).write_text("0\t1\tx\n")
    assert found(tmp_path, markers=None) == [Gap("unread_markers", {"file": name})]
    assert found(tmp_path) == []


@pytest.mark.parametrize(
    ("started", "is_told"),
    [
        ("2026-11-05T10:15:02+02:00", False),
        ("2026-11-05T10:14:02+02:00", False),
        ("2026-11-05T10:45:02+02:00", False),
        ("2026-11-05T10:13:01+02:00", True),
        ("2026-11-05T11:15:02+02:00", True),
        ("2026-11-05T09:15:02+02:00", True),
        ("2026-11-06T01:00:02+02:00", True),
    ],
)
def test_time_that_the_name_contradicts(tmp_path: Path, started: str, *, is_told: bool) -> None:
    """1793866502 is 2026-11-05 08:15:02 UTC; whoever waits in a queue is connected later, not earlier."""
    name = "in-100-0501234567-20261105-101502-1793866502.7.wav"
    calls = [call(name, channels=["a", "b"], started=started)]
    later = taken(files=[name], taken_at="2026-11-06T02:00:00+02:00")
    result = found(
        tmp_path, recordings=(name,), calls=calls, acquisitions=later, markers=[marker(recording=name)]
    )
    assert [gap.code for gap in result] == (["name_differs"] if is_told else [])


def test_names_are_shown_harmless(tmp_path: Path) -> None:
    name = "\x1b[2J\u202e.wav"
    (gap,) = found(tmp_path, recordings=("call.wav", name), acquisitions=taken(files=["call.wav", name]))
    assert gap == Gap("recording_without_call", {"file": "\\u{1b}[2J\\u{202e}.wav"})


@pytest.mark.parametrize(
    "markers",
    [
        [marker(end_ms=2000), marker(start_ms=2000)],
        [marker(), marker(withdrawn=WITHDRAWN)],
        [marker(words="", withdrawn=WITHDRAWN), marker()],
        [marker(start_ms=60_501, withdrawn=WITHDRAWN), marker()],
        [marker(channel=0), marker(channel=1)],
        [marker(), marker(**{"class": "threat"})],
        [marker(end_ms=9000, words="дурень"), marker(end_ms=9000, words="ідіот")],
        [marker(**{"class": "malicious_call"}, words="")],
    ],
)
def test_markers_without_gaps(tmp_path: Path, markers: list[dict[str, Any]]) -> None:
    assert found(tmp_path, markers=markers) == []


def test_where_a_marker_lies(tmp_path: Path) -> None:
    (gap,) = found(tmp_path, markers=[marker(), marker(start_ms=61_480)])
    assert wording.message(gap, "INC-1")[0] == (
        "markers.json, markers, 2nd marker: it lies at 1:01.4, after the end of call.wav (1:00.0)"
    )
