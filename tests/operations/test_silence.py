"""Markers where nothing is heard, in a stereo call made of a human prompt and silence, through real decoders."""

import subprocess
import wave
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from evidence.intake.folder import read_folder
from evidence.media.search import SearchProcess
from evidence.operations.silence import silent_markers
from tests.intake import folders
from tests.requirements import SOUNDS, need, need_file

PROMPT = SOUNDS / "en" / "conf-now-recording.wav"
RATE = 8000
QUIET = 4
"""Seconds in which neither channel is heard, before the prompt."""


@pytest.fixture(scope="module")
def searcher() -> Iterator[SearchProcess]:
    with SearchProcess() as process:
        yield process


def call(path: Path, name: str = "call.wav") -> None:
    """Channel 0: silence, then the prompt; channel 1: silence, then a noise as faint as a codec's."""
    with wave.open(str(need_file(PROMPT, "asterisk-core-sounds-en-wav")), "rb") as file:
        prompt = file.readframes(file.getnframes())
    samples = [b"\0\0" * (RATE * QUIET) + prompt, b"\1\0" * (RATE * QUIET + len(prompt) // 2)]
    pairs = zip(*(memoryview(channel).cast("h") for channel in samples), strict=True)
    with wave.open(str(path / name), "wb") as out:
        out.setnchannels(2)
        out.setsampwidth(2)
        out.setframerate(RATE)
        out.writeframes(
            b"".join(a.to_bytes(2, "little", signed=True) + b.to_bytes(2, "little") for a, b in pairs)
        )


def codes(path: Path, searcher: SearchProcess, *markers: dict[str, Any], name: str = "call.wav") -> list[str]:
    listed = [{**marker, "recording": name} for marker in markers]
    folders.write(path, "markers.json", {"format": 1, "markers": listed})
    return [gap.code for gap in silent_markers(read_folder(path), searcher)]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    began = {"started": "2026-11-05T10:15:02+02:00", "recording": "call.wav", "channels": ["caller", "agent"]}
    folders.make(tmp_path, calls=[began])
    call(tmp_path)
    return tmp_path


HEARD = {"start_ms": 5000, "end_ms": 5500}


@pytest.mark.parametrize("channel", [0, "caller", None])
def test_where_somebody_is_heard(path: Path, searcher: SearchProcess, channel: int | str | None) -> None:
    fields = {} if channel is None else {"channel": channel}
    assert codes(path, searcher, folders.marker(**HEARD, **fields)) == []


@pytest.mark.parametrize("channel", [1, "agent"])
def test_the_other_channel(path: Path, searcher: SearchProcess, channel: int | str) -> None:
    assert codes(path, searcher, folders.marker(**HEARD, channel=channel)) == ["marker_silent_channel"]


@pytest.mark.parametrize("fields", [{"start_ms": 1000}, {"start_ms": 500, "end_ms": 3000, "channel": 0}])
def test_where_nobody_is_heard(path: Path, searcher: SearchProcess, fields: dict[str, Any]) -> None:
    assert codes(path, searcher, folders.marker(**fields)) == ["marker_in_silence"]


def test_a_key_pressed_a_little_early(path: Path, searcher: SearchProcess) -> None:
    assert codes(path, searcher, folders.marker(start_ms=3700)) == []


def test_withdrawn_markers_and_places_behind_the_end_lead_to_nothing(
    path: Path, searcher: SearchProcess
) -> None:
    withdrawn = {"at": "2026-11-05T11:00:00Z", "by": "204", "reason": "…"}
    markers = [folders.marker(withdrawn=withdrawn), folders.marker(start_ms=3_600_000)]
    assert codes(path, searcher, *markers) == []


def test_the_number_of_the_marker_is_told(path: Path, searcher: SearchProcess) -> None:
    markers = [folders.marker(**HEARD), folders.marker(**HEARD, channel=1)]
    folders.write(path, "markers.json", {"format": 1, "markers": markers})
    (gap,) = silent_markers(read_folder(path), searcher)
    assert gap.params == {"n": 2, "at": "0:05.0", "file": "call.wav", "channel": 1, "other": 0}


@pytest.mark.parametrize("codec", ["pcm_mulaw", "pcm_alaw", "adpcm_ima_wav"])
def test_telephone_codecs(path: Path, searcher: SearchProcess, codec: str) -> None:
    ffmpeg = need("ffmpeg")
    coded = [ffmpeg, "-v", "error", "-i", str(path / "call.wav"), "-c:a", codec, str(path / "coded.wav")]
    subprocess.run(coded, check=True)
    silent, heard = folders.marker(start_ms=1000), folders.marker(**HEARD, channel=0)
    assert codes(path, searcher, silent, heard, name="coded.wav") == ["marker_in_silence"]


@pytest.mark.parametrize("data", [b"", b"RIFF", b"\0" * 4000])
def test_what_cannot_be_decoded_leads_to_nothing(path: Path, searcher: SearchProcess, data: bytes) -> None:
    (path / "bad.wav").write_bytes(data)
    assert codes(path, searcher, folders.marker(), name="bad.wav") == []
