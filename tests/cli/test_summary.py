"""A few lines on what an archive holds: what is counted, and what is only claimed."""

from typing import Any

import pytest

from evidence.cli import summary
from evidence.media.frames import METHODS
from evidence.messages import has


def recording(exhibit: str, method: str, samples: int | None) -> dict[str, Any]:
    facts: dict[str, Any] = {"samples": samples, "sample_rate": 8000, "method": method, "problems": []}
    return {"kind": "exhibit", "role": "recording", "exhibit": exhibit, "recording": facts}


RECORDS = [
    recording("E1", "frames", 80_000),
    recording("E2", "timestamps", 116_800),
    recording("E3", "unknown", None),
]


def test_time_stamps_are_claimed_not_counted(capsys: pytest.CaptureFixture[str]) -> None:
    summary.print_summary(RECORDS)
    counted, claimed = capsys.readouterr().out.split("CLAIMED")
    assert "3 recordings: E1 0:10.000, E2 not counted, E3 unknown" in counted
    assert "length of E2 by its container's time stamps: 0:14.600" in claimed
    assert "0:14.600" not in counted


def test_as_json() -> None:
    assert summary.document(RECORDS)["milliseconds"] == [10_000, None, None]


def test_every_method_has_words() -> None:
    assert all(has(f"show.method_{method}") for method in METHODS)
