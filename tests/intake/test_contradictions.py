"""Documents that contradict themselves or the folder: each refused with the place and the reason."""

from pathlib import Path
from typing import Any

import pytest

from evidence.errors import FormatError
from evidence.intake import place
from evidence.messages import t
from tests.intake.folders import call, make, marker, refused

PARTS = {"started": "2026-11-05T10:15:02+02:00"}
NOTICE = {"grade": "in_recording", "recording": "call.wav"}
TWO: dict[str, Any] = {"channels": ["caller", "agent"]}

INCIDENTS: list[tuple[str, str, dict[str, Any]]] = [
    ("not_in_folder", "/calls/0/recording", {"calls": [call("other.wav")]}),
    ("not_in_folder", "/notice/file", {"notice": {"grade": "none", "file": "notice.wav"}}),
    ("not_in_folder", "/notice/recording", {"notice": {"grade": "in_recording", "recording": "x.wav"}}),
    ("not_in_folder", "/exhibits/0/file", {"exhibits": [{"file": "card.pdf", "role": "card"}]}),
    ("not_in_folder", "/exhibits/0/file", {"exhibits": [{"file": "../call.wav", "role": "card"}]}),
    ("not_in_folder", "/exhibits/0/file", {"exhibits": [{"file": "/etc/passwd", "role": "card"}]}),
    ("not_in_folder", "/exhibits/0/file", {"exhibits": [{"file": "a\0b", "role": "card"}]}),
    ("named_twice", "/calls/1/recording", {"calls": [call(), call()]}),
    ("named_twice", "/exhibits/1/file", {"exhibits": [{"file": "call.wav", "role": "recording"}] * 2}),
    ("two_roles", "/notice/file", {"calls": [call()], "notice": {"grade": "none", "file": "call.wav"}}),
    ("two_roles", "/exhibits/0/file", {"calls": [call()], "exhibits": [{"file": "call.wav", "role": "pbx"}]}),
    ("reserved", "/exhibits/0/file", {"exhibits": [{"file": "incident.json", "role": "other"}]}),
    ("reserved", "/exhibits/0/file", {"exhibits": [{"file": "incident.uid", "role": "other"}]}),
    ("reserved", "/calls/0/recording", {"calls": [call("markers.json")]}),
    ("not_a_recording", "/notice/recording", {"notice": {"grade": "in_recording", "recording": "card.txt"}}),
    (
        "notice_as_recording",
        "/notice/recording",
        {"notice": {"grade": "in_recording", "recording": "notice.txt"}},
    ),
    ("place_without_recording", "/notice", {"notice": {"grade": "none", "at_milliseconds": 0}}),
    ("place_without_recording", "/notice", {"notice": {"grade": "none", "channel": 0}}),
    ("channel_unnamed", "/notice/channel", {"notice": {**NOTICE, "channel": "caller"}}),
    ("channel_unnamed", "/notice/channel", {"calls": [call(**TWO)], "notice": {**NOTICE, "channel": "0"}}),
    ("channel_beyond", "/notice/channel", {"calls": [call(**TWO)], "notice": {**NOTICE, "channel": 2}}),
    ("no_such_time", "/calls/0/started", {"calls": [{"started": "2026-02-30T10:00:00Z"}]}),
    ("no_such_time", "/calls/0/started", {"calls": [{"started": "2026-12-31T23:59:60Z"}]}),
    ("no_such_time", "/calls/0/ended", {"calls": [{**PARTS, "ended": "2026-11-05T25:00:00Z"}]}),
    ("no_such_time", "/prepared_at", {"prepared_at": "2026-11-05T10:00:00+02:60"}),
    ("ended_before_started", "/calls/0/ended", {"calls": [{**PARTS, "ended": "2026-11-05T10:15:03+03:00"}]}),
    ("name_base64", "/", {"calls": [call(), {**PARTS, "recording": {"name_base64": "YWJ="}}]}),
    ("uid_unusable", "/uid", {"uid": "00000000-0000-0000-0000-000000000000"}),
]
MARKERS: list[tuple[str, str, dict[str, Any]]] = [
    ("not_in_folder", "/markers/1/recording", {"recording": "other.wav"}),
    ("not_in_folder", "/markers/1/recording", {"recording": "call.wav "}),
    ("not_a_recording", "/markers/1/recording", {"recording": "card.txt"}),
    ("not_a_recording", "/markers/1/recording", {"recording": "incident.json"}),
    ("ends_before_it_starts", "/markers/1/end_ms", {"end_ms": 999}),
    ("channel_unnamed", "/markers/1/channel", {"channel": "абонент"}),
    ("channel_beyond", "/markers/1/channel", {"channel": 2}),
    ("no_such_time", "/markers/1/asserted_at", {"asserted_at": "2026-13-05T10:48:12Z"}),
    ("name_base64", "/", {"recording": {"name_base64": "Y2FsbC53YXY"}}),
    (
        "corrections_too_long",
        "/markers/1/corrections",
        {"corrections": [{"at": PARTS["started"], "by": "Я", "was": {"words": "а" * 4000}}] * 17},
    ),
]


def placed(document: str, where: str) -> str:
    """How a message about that place begins."""
    words = place.of_pointer(where)
    return f"{document}, {words}: " if words else f"{document} can't be used: "


@pytest.mark.parametrize(("reason", "where", "fields"), INCIDENTS)
def test_incident(tmp_path: Path, reason: str, where: str, fields: dict[str, Any]) -> None:
    make(tmp_path, **fields)
    (tmp_path / "card.txt").write_bytes(b"card")
    (tmp_path / "notice.txt").write_bytes(b"notice")
    error = refused(tmp_path, FormatError)
    assert error.message.startswith(placed("incident.json", where))
    assert error.hint == t(f"intake.{reason}_hint")


@pytest.mark.parametrize(("reason", "where", "fields"), MARKERS)
def test_marker(tmp_path: Path, reason: str, where: str, fields: dict[str, Any]) -> None:
    make(tmp_path, calls=[call(**TWO)], markers=[marker(channel="agent", end_ms=1000), marker(**fields)])
    (tmp_path / "card.txt").write_bytes(b"card")
    error = refused(tmp_path, FormatError)
    assert error.message.startswith(placed("markers.json", where))
    assert error.hint == t(f"intake.{reason}_hint")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xfe{\x00}\x00",
        b"{",
        b'{"format": 1, "number": "a", "number": "b"}',
        b'{"format": 1.0, "number": "a"}',
        b'{"format": 1, "number": "a", "calls": [NaN]}',
        b'{"format": 1, "number": "a", "title": "\\ud800"}',
        b'{"format": 1, "number": "a"} // note',
        b'{"format": 1, "number": "a", "\xd0\xb0": 1}',
        b'{"format": 123456789012345678901234567890, "number": "a"}',
        b"[" * 100_000 + b"]" * 100_000,
        b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    ],
    ids=lambda data: str(data[:40]),
)
@pytest.mark.parametrize("name", ["incident.json", "markers.json"])
def test_not_strict_json(tmp_path: Path, data: bytes, name: str) -> None:
    make(tmp_path, markers=[])
    (tmp_path / name).write_bytes(data)
    error = refused(tmp_path, FormatError)
    assert error.message.startswith(f"{name} can't be used: ")


@pytest.mark.parametrize("name", ["incident.json", "markers.json"])
def test_against_the_schema(tmp_path: Path, name: str) -> None:
    make(tmp_path, markers=[])
    (tmp_path / name).write_bytes(b'{"format": 1, "number": "a", "markers": [], "severity": 5}')
    error = refused(tmp_path, FormatError)
    unknown = {"incident.json": "markers", "markers.json": "number"}[name]
    assert error.message == f'{name} can\'t be used: unknown field "{unknown}"'
    assert error.hint.startswith("correct or remove it; the fields known there: format, ")
