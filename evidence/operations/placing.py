"""The recording that a marker or a measure is about, and whether a place in it can be right."""

import datetime as dt
import os
from dataclasses import dataclass
from typing import Any

from evidence.errors import UsageError
from evidence.intake import times
from evidence.intake.folder import open_exhibit
from evidence.intake.gap import clock
from evidence.intake.placegaps import SLACK_MS
from evidence.messages import t
from evidence.model import names
from evidence.model.recording import RecordingFacts
from evidence.operations.body import Probe
from evidence.operations.incidents import Draft
from evidence.text import visible


@dataclass(frozen=True, slots=True)
class Named:
    """A recording of an incident.

    Attributes:
        name: its name in the folder (evidence.model.names).
        document: the same as it stands in a document.
        started: when its call began, in the zone it was stated in; None when nobody says.
    """

    name: str
    document: Any
    started: dt.datetime | None


def recording_of(draft: Draft, named: str | None) -> Named:
    """The recording of that name, or exhibit id; without either the only one there is.

    Raises:
        UsageError: there is none, or nobody says which of several.
    """
    recordings = [file for file in draft.folder.files if file.role == "recording"]
    known = ", ".join(visible(file.name) for file in recordings[:20])
    if not recordings:
        hint = t("incidents.no_recording_hint", number=draft.called)
        raise UsageError(t("incidents.no_recording"), hint)
    if named is None and len(recordings) > 1:
        raise UsageError(t("incidents.which"), t("incidents.which_hint", list=known))
    found = [file for file in recordings if named in {None, file.name, file.id}]
    if not found:
        shown = visible(named or "")
        raise UsageError(t("incidents.no_such_recording", file=shown), t("incidents.which_hint", list=known))
    name = found[0].name
    call = draft.folder.incident.call_of(name)
    started = times.in_its_zone(call.started) if call is not None else None
    return Named(name, names.to_document(name), started)


def facts_of(draft: Draft, name: str, probe: Probe) -> RecordingFacts:
    """What a recording is.

    Raises:
        FormatError, StoreError: the file can't be read any more.
    """
    file = next(file for file in draft.folder.files if file.name == name)
    with open_exhibit(draft.folder, file) as source:
        return probe(source, os.fstat(source.fileno()).st_size, name)


def require_channel(draft: Draft, name: str, channel: int | str | None, facts: RecordingFacts) -> None:
    """Refuse a channel that a recording doesn't have, or a name that nobody gave to one of its channels.

    Raises:
        UsageError: there is no such channel.
    """
    known, number = draft.folder.incident.channels_of(name), draft.folder.incident.numbered(name, channel)
    if number is None or (isinstance(number, int) and number < (facts.all_channels or number + 1)):
        return
    values = {"channel": visible(str(channel)), "file": visible(name)}
    hint = t("incidents.no_channel_hint", list=", ".join(map(visible, known)) or "0, 1 …")
    raise UsageError(t("incidents.no_channel", n=facts.all_channels or 0, **values), hint)


def require_inside(name: str, length: int | None, last: int, where: str = "") -> None:
    """Refuse a place after the end of a recording; of one whose length is unknown every place will do.

    Raises:
        UsageError: it lies after the end.
    """
    if length is not None and last > length + SLACK_MS:
        values = {"at": clock(last), "file": visible(name), "length": clock(length)}
        message = t("incidents.after_end", **values)
        raise UsageError(f"{where}: {message}" if where else message, t("incidents.after_end_hint"))
