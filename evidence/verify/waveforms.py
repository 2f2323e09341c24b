"""Waveforms of recordings (FORMAT.md, "Waveform" and "Verification", step 6)."""

from evidence.model.manifest import Manifest
from evidence.model.waveform import KIND, Drawing
from evidence.verify.state import Record, State


def require_readable(record: Record) -> None:
    """Check what a schema can't say of a waveform.

    Raises:
        ValueError: base64 that isn't canonical.
    """
    Drawing.from_document(record)


def compare(state: State, manifest: Manifest) -> None:
    """One waveform a recording, of equally many columns in each channel."""
    seen: set[str] = set()
    for listed in manifest.records:
        record = state.records[listed.id]
        if record["kind"] != KIND:
            continue
        channels = Drawing.from_document(record).channels
        if record["exhibit"] in seen or len({len(channel) for channel in channels}) != 1:
            state.find("RECORD_DISAGREES", listed.member, about=record["exhibit"])
        seen.add(record["exhibit"])
