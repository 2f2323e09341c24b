"""The way out: markers of an incident in one of the forms of marker files."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from evidence.intake.markerexport import documents, elan, labels, tables, webvtt

FORMS = ("json", "csv", "audacity", "webvtt", "elan")
"""The forms that markers are written in."""

OF_ONE_RECORDING = frozenset(FORMS[2:])
"""Forms that hold the markers of one recording, and none that was withdrawn: they couldn't say so."""

BY_EXTENSION: Mapping[str, str] = {
    "json": "json",
    "csv": "csv",
    "txt": "audacity",
    "vtt": "webvtt",
    "eaf": "elan",
}
"""The form that a file's extension asks for."""

Marker = Mapping[str, Any]


def write(form: str, markers: Sequence[Marker], recording: str, at: dt.datetime) -> bytes:
    """The bytes of a file with these markers.

    Args:
        form: one of FORMS.
        markers: markers of markers.json that ``kept`` keeps for the form; for a form of one recording only
            its.
        recording: name of the one recording (evidence.model.names); empty when there is none or several.
        at: when the file is made; aware.

    Raises:
        UsageError: the form can't hold the name of a recording.
    """
    match form:
        case "json":
            return documents.write(markers)
        case "csv":
            return tables.write(markers)
        case "audacity":
            return labels.write(markers)
        case "webvtt":
            return webvtt.write(markers)
    return elan.write(markers, recording, at)


def kept(form: str, markers: Sequence[Marker]) -> list[Marker]:
    """The markers that a form can hold: withdrawn ones only where it can say so."""
    return [marker for marker in markers if form not in OF_ONE_RECORDING or "withdrawn" not in marker]
