"""What a folder leaves open or can't be right about: each gap from a folder without any, by one change."""

import dataclasses
import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from evidence import messages
from evidence.intake import gaps
from evidence.intake.folder import read_folder
from evidence.intake.gaps import Gap
from evidence.model.recording import RecordingFacts
from evidence.model.records import ExhibitFacts
from tests.intake.folders import call, make, marker

NOW = dt.datetime(2026, 11, 6, tzinfo=dt.UTC)
FACTS = RecordingFacts("wav", "pcm_s16le", 8000, 2, 8000 * 60, "frames")
COMPLETE: dict[str, Any] = {
    "subscriber": {"phone": "+380990000123"},
    "agent": {"id": "204"},
    "calls": [call(ended="2026-11-05T10:16:02+02:00", channels=["caller", "agent"])],
}


def found(
    path: Path, facts: RecordingFacts | None = FACTS, now: dt.datetime = NOW, **fields: Any
) -> list[Gap]:
    """The gaps of a folder whose recordings all have these facts."""
    folder = read_folder(make(path, **{**COMPLETE, **fields}))
    exhibits = [
        ExhibitFacts(f.id, f.member, f.name, f.role, f.size, bytes(32), facts if f.is_sound else None)
        for f in folder.files
    ]
    result = gaps.gaps(folder, exhibits, now)
    for language in messages.LANGUAGES:
        messages.set_language(language)
        for gap in result:
            what, how = gaps.message(gap)
            assert what.isprintable()
            assert how.isprintable()
            assert len(what) < 300
    messages.set_language("en")
    return result


def heard(**fields: Any) -> dict[str, Any]:
    return {"grade": "in_recording", "recording": "call.wav", **fields}


def test_nothing_to_mend(tmp_path: Path) -> None:
    notice = heard(at_milliseconds=60_500, channel=1)
    assert found(tmp_path, markers=[marker(end_ms=60_500, channel="agent")], notice=notice) == []


@pytest.mark.parametrize(
    ("code", "fields"),
    [
        ("no_subscriber", {"subscriber": {"name": " "}}),
        ("no_agent", {"agent": {}}),
        ("no_calls", {"calls": []}),
        ("recording_without_call", {"recordings": ("call.wav", "call2.wav")}),
        ("marker_after_end", {"markers": [marker(start_ms=60_501)]}),
        ("marker_after_end", {"markers": [marker(end_ms=60_501)]}),
        ("notice_after_end", {"notice": heard(at_milliseconds=60_501)}),
        ("channel", {"calls": [call()], "markers": [marker(channel=2)]}),
        ("channel", {"calls": [call()], "notice": heard(channel=2)}),
        ("channels", {"calls": [call(channels=["caller"])]}),
        ("channels", {"calls": [call(channels=["a", "b", "c"])]}),
        ("call_longer", {"calls": [call(ended="2026-11-05T10:17:02.001+02:00")]}),
        ("future", {"calls": [call(started="2026-11-06T00:01:01Z")]}),
        ("future", {"calls": [{"recording": "call.wav", "started": "2026-11-06T02:01:01.5+02:00"}]}),
        ("future", {"markers": [marker(asserted_at="2027-01-01T00:00:00Z")]}),
    ],
)
def test_each_gap_by_itself(tmp_path: Path, code: str, fields: dict[str, Any]) -> None:
    assert [gap.code for gap in found(tmp_path, **fields)] == [code]


def test_a_named_channel_that_the_recording_lacks(tmp_path: Path) -> None:
    calls = [call(channels=["a", "b", "c"])]
    gaps_found = found(tmp_path, calls=calls, markers=[marker(channel="c"), marker(channel="b")])
    assert [gap.code for gap in gaps_found] == ["channels", "channel"]


def test_slack(tmp_path: Path) -> None:
    fields: dict[str, Any] = {"calls": [call(ended="2026-11-05T10:17:02+02:00")]}
    assert found(tmp_path, **fields) == []
    soon = dt.datetime(2026, 11, 5, 8, 14, 2, tzinfo=dt.UTC)
    assert found(tmp_path, now=soon, calls=[call()]) == []
    assert [g.code for g in found(tmp_path, now=soon - dt.timedelta(seconds=1), calls=[call()])] == ["future"]


def test_a_call_shorter_than_its_recording(tmp_path: Path) -> None:
    hour = dataclasses.replace(FACTS, samples=8000 * 3600)
    (gap,) = found(tmp_path, hour)
    assert gaps.message(gap)[0] == (
        "calls, 1st call: by its times the call lasts only 1:00.0, its recording call.wav 1:00:00.0"
    )
    nearly: dict[str, Any] = {"calls": [call(ended="2026-11-05T11:10:02+02:00")]}
    assert found(tmp_path, hour, **nearly) == []


@pytest.mark.parametrize("facts", [RecordingFacts(), None])
def test_what_is_unknown_is_no_gap(tmp_path: Path, facts: RecordingFacts | None) -> None:
    notice = heard(at_milliseconds=604_800_000, channel=1)
    assert found(tmp_path, facts, markers=[marker(start_ms=604_800_000, channel=1)], notice=notice) == []


def test_markers_under_another_name(tmp_path: Path) -> None:
    make(tmp_path)
    (tmp_path / "markers.json.txt").write_text("{}")
    assert [gap.code for gap in found(tmp_path)] == ["misnamed_markers"]
    assert [gap.code for gap in found(tmp_path, markers=[])] == []


def test_names_are_shown_harmless(tmp_path: Path) -> None:
    name = "\x1b[2J\u202e.wav"
    (gap,) = found(tmp_path, recordings=("call.wav", name))
    assert gap == Gap("recording_without_call", {"file": "\\u{1b}[2J\\u{202e}.wav"})


def test_where_a_marker_lies(tmp_path: Path) -> None:
    (gap,) = found(tmp_path, markers=[marker(), marker(start_ms=61_480)])
    assert gaps.message(gap)[0] == (
        "markers.json, markers, 2nd marker: it lies at 1:01.4, after the end of call.wav (1:00.0)"
    )
