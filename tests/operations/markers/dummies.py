"""Markers and suggestions as their documents hold them, and a draft without a folder."""

from typing import Any, cast

from evidence.intake.folder import IncidentFolder
from evidence.operations.incidents import Draft

BY, AT = "Левко", "2026-11-06T09:00:00+02:00"
OTHER, LATER = "Мирослава", "2026-11-06T10:00:00+02:00"
LATEST = "2026-11-06T11:00:00+02:00"


def a_marker(**fields: Any) -> dict[str, Any]:
    """A marker that was set while listening."""
    return {
        "recording": "call.wav",
        "start_ms": 7200,
        "end_ms": 9600,
        "class": "insult",
        "words": "Ви там усі безголові",
        "asserted_by": BY,
        "asserted_at": AT,
        "how": "listened",
        **fields,
    }


def a_suggestion(**fields: Any) -> dict[str, Any]:
    """A suggestion that nobody has decided about."""
    return {
        "recording": "call.wav",
        "channel": 0,
        "start_ms": 1240,
        "end_ms": 1690,
        "timing": "word",
        "class": "insult",
        "severity": 2,
        "words": "ідіотка",
        "context": "ти що ідіотка",
        "language": "uk",
        "entry": "ідіотка",
        "rule": "plain",
        "lexicon_sha256": "ab" * 32,
        "made_at": "2026-11-05T12:40:11+02:00",
        **fields,
    }


def a_draft(markers: list[dict[str, Any]], suggestions: list[dict[str, Any]]) -> Draft:
    """A draft whose folder nobody looks at."""
    nowhere = cast("IncidentFolder", None)
    return Draft(nowhere, {}, markers, True, "INC-2026-000001", suggestions)
