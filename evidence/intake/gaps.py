"""What a folder that can be sealed still leaves open, or what in it can't be right: facts, no errors.

Nothing here hinders sealing: the documents are archived as they are. It is worth mending beforehand, as a
sealed archive is never changed.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence

from evidence.intake import callnames, markergaps, place, roles, times
from evidence.intake.documents import INCIDENT
from evidence.intake.folder import IncidentFolder
from evidence.intake.gap import Gap, clock
from evidence.intake.missing import missing
from evidence.intake.placegaps import CLOCK_SLACK, after_end, channel, future
from evidence.model.acquisition import Measure
from evidence.model.incident import Call
from evidence.model.noticeevidence import NoticeEvidence
from evidence.model.pbxlog import PbxLog
from evidence.model.recording import RecordingFacts
from evidence.model.records import ExhibitFacts

PLACE_SLACK = dt.timedelta(seconds=5)
"""How far a measure's time and its place in a recording may differ."""

LENGTH_SLACK_MS = 60_000
"""How far a call and its recording may differ in length, if that is no more than a tenth either."""


def gaps(
    folder: IncidentFolder,
    exhibits: Sequence[ExhibitFacts],
    now: dt.datetime,
    logs: Sequence[PbxLog] = (),
    notice: Mapping[str, NoticeEvidence] | None = None,
) -> list[Gap]:
    """The gaps of a folder: what is missing first, then what can't be right in the order of the documents.

    Args:
        folder: as read_folder read it.
        exhibits: the facts of its files; what is unknown of a recording leads to no gap.
        now: the time by the sealing machine's clock; aware.
        logs: those of its logs that were read (evidence.intake.pbx).
        notice: what shows of each recording that the notice was played, by its exhibit's id; None where
            nobody has looked, so that only what is stated counts.
    """
    facts = {e.name: e.recording for e in exhibits if e.role == roles.RECORDING and e.recording}
    return [
        *missing(folder, exhibits, facts, logs, notice),
        *_calls(folder, facts, now),
        *_notice(folder, facts),
        *markergaps.gaps(folder, facts, now),
        *_measures(folder, facts, now),
        *_acquisitions(folder, now),
    ]


def _calls(folder: IncidentFolder, facts: Mapping[str, RecordingFacts], now: dt.datetime) -> Iterator[Gap]:
    for number, call in enumerate(folder.incident.calls):
        for name, text in (("started", call.started), ("ended", call.ended)):
            yield from future(text, now, INCIDENT, ("calls", number, name))
        yield from _name_differs(number, call)
        recording = facts.get(call.recording)
        if recording is not None:
            yield from _call_length(number, call, recording)
            yield from _call_channels(number, call, recording)


def _name_differs(number: int, call: Call) -> Iterator[Gap]:
    """The id in a PBX's file name tells when the call was set up, in whatever zone the clock stands.

    A call may begin later, after a queue; but not before, not whole hours later, and not the next day.
    """
    said = callnames.claims(call.recording) if call.recording else None
    if said is None or said.epoch_ms is None:
        return
    at = dt.datetime.fromtimestamp(said.epoch_ms / 1000, dt.UTC)
    late = times.parse(call.started) - at
    hours = callnames.hours_off(said, call.started)
    if late < -CLOCK_SLACK or late > dt.timedelta(hours=12) or hours:
        params = {
            "file": place.key(call.recording),
            "text": call.started,
            "by_id": f"{at:%Y-%m-%dT%H:%M:%SZ}",
        }
        yield Gap("name_differs", {"where": place.words(("calls", number, "started")), **params})


def _call_length(number: int, call: Call, recording: RecordingFacts) -> Iterator[Gap]:
    length = recording.milliseconds
    if length is None or not call.ended:
        return
    lasted = (times.parse(call.ended) - times.parse(call.started)) // dt.timedelta(milliseconds=1)
    difference = abs(lasted - length)
    if difference > LENGTH_SLACK_MS and difference * 10 > max(lasted, length):
        params = {"stated": clock(lasted), "file": place.key(call.recording), "length": clock(length)}
        code = "call_longer" if lasted > length else "call_shorter"
        yield Gap(code, {"where": place.words(("calls", number)), **params})


def _call_channels(number: int, call: Call, recording: RecordingFacts) -> Iterator[Gap]:
    named, there = len(call.channels), recording.all_channels
    if there is not None and named and named != there:
        params: dict[str, str | int] = {"named": named, "file": place.key(call.recording), "there": there}
        yield Gap("channels", {"where": place.words(("calls", number, "channels")), **params})


def _notice(folder: IncidentFolder, facts: Mapping[str, RecordingFacts]) -> Iterator[Gap]:
    notice = folder.incident.notice
    recording = facts.get(notice.recording)
    if recording is None:
        return
    if notice.at_milliseconds is not None:
        where = place.words(("notice", "at_milliseconds"))
        yield from after_end("notice_after_end", where, notice.at_milliseconds, notice.recording, recording)
    where = f"{INCIDENT}, {place.words(('notice', 'channel'))}"
    yield from channel(folder, where, notice.channel, notice.recording, recording)


def _measures(folder: IncidentFolder, facts: Mapping[str, RecordingFacts], now: dt.datetime) -> Iterator[Gap]:
    begun = [times.parse(call.started) for call in folder.incident.calls]
    for number, measure in enumerate(folder.incident.measures):
        yield from future(measure.at, now, INCIDENT, ("measures", number, "at"))
        where = place.words(("measures", number))
        if begun and times.parse(measure.at) < min(begun) - CLOCK_SLACK:
            yield Gap("measure_before_call", {"where": where, "text": measure.at})
        yield from _misplaced(folder, measure, where)
        recording = facts.get(measure.recording)
        if recording is not None and measure.at_milliseconds is not None:
            where = place.words(("measures", number))
            at, name = measure.at_milliseconds, measure.recording
            yield from after_end("measure_after_end", where, at, name, recording)


def _misplaced(folder: IncidentFolder, measure: Measure, where: str) -> Iterator[Gap]:
    """A measure whose time isn't the one of its place in the recording."""
    call = folder.incident.call_of(measure.recording) if measure.recording else None
    if call is None or measure.at_milliseconds is None:
        return
    by_place = times.at_place(call.started, measure.at_milliseconds)
    if abs(times.parse(by_place) - times.parse(measure.at)) > PLACE_SLACK:
        yield Gap("measure_misplaced", {"where": where, "text": measure.at, "by_place": by_place})


def _acquisitions(folder: IncidentFolder, now: dt.datetime) -> Iterator[Gap]:
    """Files taken in the future, or before their call began."""
    incident = folder.incident
    for number, acquisition in enumerate(incident.acquisitions):
        path = ("acquisitions", number, "taken_at")
        yield from future(acquisition.taken_at, now, INCIDENT, path)
        for call in filter(None, map(incident.call_of, acquisition.files)):
            if times.parse(acquisition.taken_at) + CLOCK_SLACK < times.parse(call.started):
                params = {"file": place.key(call.recording), "text": acquisition.taken_at}
                yield Gap("taken_before_call", {"where": place.words(path), **params})
