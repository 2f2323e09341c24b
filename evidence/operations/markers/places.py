"""Whether a marker's place can be right: its channel, and the recording's true duration."""

from collections.abc import Mapping
from typing import Any

from evidence.model import names
from evidence.operations import placing
from evidence.operations.body import Probe
from evidence.operations.incidents import Draft


def require_place(draft: Draft, marker: Mapping[str, Any], probe: Probe, *, beyond_end: bool = False) -> None:
    """Refuse a marker in a channel that its recording doesn't have, or after its end.

    Args:
        draft: the incident.
        marker: it.
        probe: determines facts about a recording.
        beyond_end: whether a place after the end will do.

    Raises:
        UsageError: there is no such recording or channel, or the place lies after the end.
        FormatError, StoreError: the recording can't be read any more.
    """
    recording = placing.recording_of(draft, names.from_document(marker["recording"]))
    facts = placing.facts_of(draft, recording.name, probe)
    placing.require_channel(draft, recording.name, marker.get("channel"), facts)
    if not beyond_end:
        last = max(marker["start_ms"], marker.get("end_ms") or 0)
        placing.require_inside(recording.name, facts.milliseconds, last)
