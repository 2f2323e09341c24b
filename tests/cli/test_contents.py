"""What an archive's records look like to a reader: how long a recording is, how that is known, every track."""

from typing import Any

import pytest

from evidence import messages
from evidence.cli.contents import print_contents

TRACK = {"codec": "opus", "sample_rate": 48000, "channels": 2, "samples": 96000}
RECORDING: dict[str, Any] = {
    "container": "matroska",
    "codec": "pcm_s16le",
    "sample_rate": 8000,
    "channels": 1,
    "samples": 8000,
    "method": "packets",
    "claims": {"container_milliseconds": 1001},
    "problems": ["several_tracks"],
    "tracks": [TRACK, {"codec": "unknown", "sample_rate": None, "channels": None, "samples": None}],
}


def shown(recording: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> list[str]:
    messages.set_language("en")
    exhibit = {"kind": "exhibit", "exhibit": "E1", "name": "a.mka", "role": "recording", "size": 9}
    print_contents([{**exhibit, "sha256": "ab" * 32, "recording": recording}])
    return capsys.readouterr().out.splitlines()


def test_every_track_is_listed(capsys: pytest.CaptureFixture[str]) -> None:
    rows = shown(RECORDING, capsys)
    durations = [row for row in rows if row.strip().startswith("duration")]
    assert [row.startswith("    ") for row in durations] == [False, True, True]
    assert "0:01.000 (counted from the packets present, not decoded)" in durations[0]
    assert "0:02.000" in durations[1]
    assert "unknown" in durations[2]
    assert [row.strip() for row in rows if "track " in row] == ["track 2:", "track 3:"]
    assert sum("Opus, 48000 Hz" in row for row in rows) == 1
    assert any("length in milliseconds, says the container: 1001" in row for row in rows)


def test_how_a_duration_is_known(capsys: pytest.CaptureFixture[str]) -> None:
    """A method of a later version is shown as it is named."""
    for method, words in (("frames", "(counted from the frames present)"), ("decoding", "(decoding)")):
        recording = {**RECORDING, "method": method, "tracks": []}
        assert any(words in row for row in shown(recording, capsys))
