"""Vectors of what is made of an incident when it is sealed: waveforms, and a report inside the archive."""

import base64
from collections.abc import Sequence

from evidence.digests import sha256_hex
from tests import builder
from tests.builder import Changes, Document, Members
from tests.vectors.archives import Case, World, world

WAVEFORM, SECOND = "r-0001000d", "r-0001000e"
PEAKS = bytes([0, 127, 255, 128])
REPORT: Members = [("report.pdf", b"%PDF-1.7\n% A test vector's report, which nobody can read.\n")]


def waveform(number: int, channels: Sequence[str], name: str = WAVEFORM) -> dict[str, Document]:
    """A waveform of the recording of an archive, by its record's id."""
    document = {
        "salt": builder.salt(name),
        "id": name,
        "kind": "waveform",
        "exhibit": "E1",
        "recording_sha256": sha256_hex(builder.recording(number)),
        "algorithm": "evidence_waveform_1",
        "column_ms": 25,
        "channels": list(channels),
        "problems": [],
    }
    return {name: document}


def text(peaks: bytes) -> str:
    """Peaks as a record holds them."""
    return base64.b64encode(peaks).decode("ascii")


def _world(further: dict[str, Document], derived: Members = []) -> World:  # noqa: B006  never changed
    changes = Changes(records=lambda documents: {**documents, **further})
    return world(changes, derived=derived)


def cases() -> dict[str, Case]:
    """The vectors by their names."""
    good = waveform(1, [text(PEAKS)])
    return {
        "PASSED_WAVEFORM": Case("A record holds the waveform of its recording.", _world(good).file, 0),
        "PASSED_REPORT": Case(
            "As PASSED_WAVEFORM, with a report in it, which manifest.json doesn't list.",
            _world(good, REPORT).file,
            0,
        ),
        "RECORD_MALFORMED-waveform": Case(
            "The base64 of a waveform has bits left that aren't zero.",
            _world(waveform(1, ["AH//gB=="])).file,
            1,
        ),
        "RECORD_DISAGREES-waveform": Case(
            "The two channels of a waveform don't have equally many columns.",
            _world(waveform(1, [text(PEAKS), text(PEAKS[1:])])).file,
            1,
        ),
        "RECORD_DISAGREES-waveforms": Case(
            "Two records hold a waveform of one recording.",
            _world({**good, **waveform(1, [text(PEAKS)], SECOND)}).file,
            1,
        ),
        "RECORD_DISAGREES-waveform-of-another": Case(
            "A waveform has the digest of another recording.", _world(waveform(2, [text(PEAKS)])).file, 1
        ),
    }
