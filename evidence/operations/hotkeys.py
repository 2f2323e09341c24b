"""Hot-key events made into markers of an incident, or counted as long as they are none yet."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from evidence.errors import EvidenceError, UsageError
from evidence.intake import times
from evidence.intake.folder import IncidentFolder
from evidence.intake.gap import Gap
from evidence.intake.hotkeys import tying
from evidence.intake.hotkeys.event import Event
from evidence.intake.hotkeys.tying import Span, Stated, Tied, Untied
from evidence.intake.markerfiles.classes import OwnClasses
from evidence.messages import t
from evidence.model import names
from evidence.model.incident import Incident
from evidence.model.markers import Marker
from evidence.vault.hotkeylines import Logged, logged
from evidence.vault.vault import Vault

MOST = 2000
"""Most events that are taken at once, as many as an incident can have markers."""

SHOWN = 5
"""Events of one kind that are told one by one."""

_DAY = dt.timedelta(days=1)
_LONGEST_SOURCE = 300


@dataclass(frozen=True, slots=True)
class Told:
    """An event with its time.

    Attributes:
        event: the event; it has an id.
        at: its time, RFC 3339 text.
        source: file and line, untrusted.
    """

    event: Event
    at: str
    source: str


@dataclass(slots=True)
class Sorted:
    """Events, by what they are to an incident.

    Attributes:
        tied: those that belong to a recording and are no markers yet.
        untied: how many belong to none, by the code of the reason.
        shown: the first of them, up to SHOWN of each code.
        there: ids of those that are markers already.
    """

    tied: dict[str, tuple[Told, Tied]] = field(default_factory=dict)
    untied: Counter[str] = field(default_factory=Counter)
    shown: list[tuple[Told, Untied]] = field(default_factory=list)
    there: set[str] = field(default_factory=set)

    def leave(self, told: Told, reason: Untied) -> None:
        """Count an event that belongs to no recording."""
        self.untied[reason.code] += 1
        if self.untied[reason.code] <= SHOWN:
            self.shown.append((told, reason))

    def in_time(self) -> list[tuple[Told, Tied]]:
        """Those that belong to a recording, by their time."""
        return sorted(self.tied.values(), key=lambda item: times.parse(item[0].at))


def of_log(vault: Vault, there: Sequence[Span], unread: list[str]) -> Iterator[Told]:
    """The events of the vault's log that can concern recordings.

    Args:
        vault: the vault.
        there: the recordings.
        unread: gets the names of lines that can't be read.

    Raises:
        StoreError: the log can't be read.
    """
    if not there:
        return
    for found in logged(vault.layout, min(span.started for span in there) - 2 * _DAY):
        if found.event is None:
            unread.append(found.name)
        else:
            yield _told(found, found.event)


def _told(found: Logged, event: Event) -> Told:
    return Told(
        event, event.at or found.received, (found.source or f"{found.file}:{found.line}")[-_LONGEST_SOURCE:]
    )


def sort(
    events: Iterable[Told],
    there: Sequence[Span],
    incident: Incident,
    markers: Iterable[Marker],
    stated: Stated,
) -> Sorted:
    """Sort events by what they are to an incident; each counts once, however often it is told.

    Args:
        events: the events.
        there: the incident's recordings, at least one if there are events.
        incident: as incident.json says.
        markers: the markers that it has.
        stated: what a person states about the events.

    Raises:
        UsageError: more than MOST belong to the incident.
    """
    known = {marker.pressed.get("event") for marker in markers if marker.pressed is not None}
    found = Sorted()
    for told in events:
        if told.event.id in known:
            found.there.add(told.event.id)
            continue
        tied = tying.tie(told.event, times.parse(told.at), there, incident, stated)
        if isinstance(tied, Untied):
            found.leave(told, tied)
        else:
            found.tied.setdefault(told.event.id, (told, tied))
        if len(found.tied) > MOST:
            raise UsageError(t("live.too_many", n=MOST), t("live.too_many_hint"))
    return found


def waiting(vault: Vault, folder: IncidentFolder, lengths: Mapping[str, int | None] | None = None) -> int:
    """How many events of the vault's log fall into an incident's calls and aren't markers yet.

    A log that can't be read is told by `mark live`, not here.

    Args:
        vault: the vault.
        folder: as read_folder read it.
        lengths: of its recordings by name, in milliseconds, as far as they are known.
    """
    there = tying.spans(folder.incident, lengths or {})
    with suppress(EvidenceError):
        return len(sort(of_log(vault, there, []), there, folder.incident, folder.markers, Stated()).tied)
    return 0


def gaps(vault: Vault, folder: IncidentFolder, lengths: Mapping[str, int | None]) -> list[Gap]:
    """What is to be said of events that wait."""
    n = waiting(vault, folder, lengths)
    return [Gap("hotkeys_waiting", {"n": n})] if n else []


def marker(told: Told, tied: Tied, before_ms: int, uncertainty_ms: int, offset_ms: int) -> dict[str, Any]:
    """What an event says of its marker, and how its place was reckoned; nobody's words are added.

    Args:
        told: the event.
        tied: the recording it belongs to.
        before_ms: how far ahead of the press the marker begins; 0: it is a point.
        uncertainty_ms: as stated.
        offset_ms: as stated.
    """
    start = max(tied.place_ms - before_ms, 0)
    event, call = told.event, tied.span.call
    said = {"words": event.words, "note": event.note, "class": event.marker_class, "asserted_by": event.agent}
    pressed: dict[str, Any] = {
        "at": told.at,
        "call_started": call.started,
        "offset_ms": offset_ms,
        "uncertainty_ms": uncertainty_ms,
        "place_ms": tied.place_ms,
        "event": event.id,
        "tied_by": tied.by,
    }
    ranged = {"end_ms": tied.place_ms} if before_ms else {}
    if before_ms:
        pressed["before_ms"] = tied.place_ms - start
    return {
        "recording": names.to_document(call.recording),
        "start_ms": start,
        **ranged,
        **{key: value for key, value in said.items() if value},
        "asserted_at": told.at,
        "how": "hot_key",
        "source": told.source,
        "pressed": pressed,
    }


def class_names(code: str, own: OwnClasses) -> dict[str, Any]:
    """The names that a marker of one of the vault's own classes carries."""
    return {"class_names": dict(own[code])} if code in own else {}


def reaches_out(tied: Tied, uncertainty_ms: int) -> bool:
    """Whether a press may, by its uncertainty, lie outside of its recording."""
    span = tied.span
    is_late = span.is_known and tied.place_ms + uncertainty_ms > span.length_ms
    return tied.place_ms < uncertainty_ms or is_late
