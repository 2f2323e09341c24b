"""What a schema can't say: files that are named exist, times are times, ranges and channels make sense."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from evidence import canonical
from evidence.intake import place, times
from evidence.intake.documents import INCIDENT, MARKERS, wrong
from evidence.intake.markerfiles.classes import CODES
from evidence.intake.roles import NOTICE, RECORDING
from evidence.model.incident import Incident
from evidence.model.markers import Marker, place_of_press

MOST_OF_CORRECTIONS = 128 * 1024
"""Bytes of a marker's corrections, so that its record has room for them (evidence.model.records.MAX_TEXT)."""


def check_incident(incident: Incident, roles: Mapping[str, str]) -> None:
    """Check incident.json against itself and the folder.

    Args:
        incident: what it says.
        roles: the role of every file in the folder, by name.

    Raises:
        FormatError: the first contradiction.
    """
    for number, call in enumerate(incident.calls):
        where = f"/calls/{number}"
        _named(call.recording, roles, INCIDENT, f"{where}/recording")
        _time(call.started, INCIDENT, f"{where}/started")
        _time(call.ended, INCIDENT, f"{where}/ended")
        if call.ended and times.parse(call.ended) < times.parse(call.started):
            raise wrong(INCIDENT, f"{where}/ended", "intake.ended_before_started")
    _time(incident.prepared_at, INCIDENT, "/prepared_at")
    for number, exhibit in enumerate(incident.exhibits):
        _named(exhibit.file, roles, INCIDENT, f"/exhibits/{number}/file")
    _check_notice(incident, roles)
    for number, edit in enumerate(incident.changes):
        _time(edit.at, INCIDENT, f"/changes/{number}/at")
    _check_acquisitions(incident, roles)
    _check_measures(incident, roles)


def _check_notice(incident: Incident, roles: Mapping[str, str]) -> None:
    notice = incident.notice
    _named(notice.file, roles, INCIDENT, "/notice/file")
    if notice.recording:
        _recording(notice.recording, roles, INCIDENT, "/notice/recording")
    elif notice.channel is not None or notice.at_milliseconds is not None:
        raise wrong(INCIDENT, "/notice", "intake.place_without_recording")
    _channel(incident, notice.recording, notice.channel, INCIDENT, "/notice/channel")


def _check_acquisitions(incident: Incident, roles: Mapping[str, str]) -> None:
    taken: dict[str, str] = {}
    for number, acquisition in enumerate(incident.acquisitions):
        where = f"/acquisitions/{number}"
        for place_of, name in enumerate(acquisition.files):
            here = f"{where}/files/{place_of}"
            _named(name, roles, INCIDENT, here)
            if name in taken:
                other = place.of_pointer(taken[name])
                raise wrong(INCIDENT, here, "intake.acquired_twice", file=name, other=other)
            taken[name] = here
        _time(acquisition.taken_at, INCIDENT, f"{where}/taken_at")
        if acquisition.clock:
            _time(acquisition.clock.checked_at, INCIDENT, f"{where}/clock/checked_at")


def _check_measures(incident: Incident, roles: Mapping[str, str]) -> None:
    for number, measure in enumerate(incident.measures):
        where = f"/measures/{number}"
        _time(measure.at, INCIDENT, f"{where}/at")
        if measure.recording:
            _recording(measure.recording, roles, INCIDENT, f"{where}/recording")
        elif measure.at_milliseconds is not None:
            raise wrong(INCIDENT, where, "intake.place_without_recording")


def check_markers(markers: Sequence[Marker], incident: Incident, roles: Mapping[str, str]) -> None:
    """Check markers.json against itself, incident.json and the folder.

    Args:
        markers: what it says.
        incident: what incident.json says.
        roles: the role of every file in the folder, by name.

    Raises:
        FormatError: the first contradiction.
    """
    for number, marker in enumerate(markers):
        where = f"/markers/{number}"
        _class(marker, f"{where}/class")
        _recording(marker.recording, roles, MARKERS, f"{where}/recording")
        _channel(incident, marker.recording, marker.channel, MARKERS, f"{where}/channel")
        for path, text in marker_times(marker):
            _time(text, MARKERS, f"{where}/{path}")
        if marker.pressed is not None and not adds_up(marker.pressed):
            raise wrong(MARKERS, f"{where}/pressed/place_ms", "intake.pressed_disagrees")
        if marker.end_ms is not None and marker.end_ms < marker.start_ms:
            raise wrong(MARKERS, f"{where}/end_ms", "intake.ends_before_it_starts")
        if len(canonical.encode(list(marker.corrections))) > MOST_OF_CORRECTIONS:
            raise wrong(MARKERS, f"{where}/corrections", "intake.corrections_too_long")


def _class(marker: Marker, where: str) -> None:
    """A class of a vault's own brings its names along."""
    if marker.marker_class not in CODES and not marker.class_names:
        raise wrong(MARKERS, where, "intake.no_such_class", text=marker.marker_class, list=", ".join(CODES))


def marker_times(marker: Marker) -> Iterator[tuple[str, str]]:
    """The times that a marker states, each with its place in the marker's document; empty: not stated."""
    yield "asserted_at", marker.asserted_at
    yield "reviewed_at", marker.reviewed_at
    if marker.withdrawn is not None:
        yield "withdrawn/at", marker.withdrawn["at"]
    if marker.pressed is not None:
        yield "pressed/at", marker.pressed["at"]
        yield "pressed/call_started", marker.pressed["call_started"]
        yield "pressed/stated_at", marker.pressed.get("stated_at", "")
    for number, correction in enumerate(marker.corrections):
        yield f"corrections/{number}/at", correction["at"]


def adds_up(pressed: Mapping[str, Any]) -> bool:
    """Whether the place of a hot key is the one that its times and its offset give."""
    at, started = times.parse(pressed["at"]), times.parse(pressed["call_started"])
    return place_of_press(at, pressed["offset_ms"], started) == int(pressed["place_ms"])


def _named(name: str, roles: Mapping[str, str], document: str, where: str) -> None:
    if name and name not in roles:
        raise wrong(document, where, "intake.not_in_folder", file=name)


def _recording(name: str, roles: Mapping[str, str], document: str, where: str) -> None:
    _named(name, roles, document, where)
    if roles[name] == NOTICE and document == INCIDENT:
        raise wrong(document, where, "intake.notice_as_recording", file=name)
    if roles[name] != RECORDING:
        raise wrong(document, where, "intake.not_a_recording", file=name, role=roles[name])


def _time(text: str, document: str, where: str) -> None:
    if not text:
        return
    try:
        times.parse(text)
    except ValueError as error:
        raise wrong(document, where, "intake.no_such_time", text=text) from error


def _channel(
    incident: Incident, recording: str, channel: int | str | None, document: str, where: str
) -> None:
    known = incident.channels_of(recording) if recording else ()
    if isinstance(channel, str) and channel not in known:
        raise wrong(document, where, "intake.channel_unnamed", channel=channel, file=recording)
    if isinstance(channel, int) and known and channel >= len(known):
        raise wrong(document, where, "intake.channel_beyond", channel=channel, file=recording, n=len(known))
