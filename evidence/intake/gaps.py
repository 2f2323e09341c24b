"""What a folder that can be sealed still leaves open, or what in it can't be right: facts, no errors.

Nothing here hinders sealing: the documents are archived as they are. It is worth mending beforehand, as a
sealed archive is never changed.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from evidence.intake import place, roles, times
from evidence.intake.documents import INCIDENT, MARKERS
from evidence.intake.folder import IncidentFolder
from evidence.messages import t
from evidence.model.incident import Call
from evidence.model.recording import RecordingFacts
from evidence.model.records import ExhibitFacts

SLACK_MS = 500
"""How far beyond the end of its recording a place may lie: players round."""

CLOCK_SLACK = dt.timedelta(seconds=60)
"""How far the clocks of PBX and sealing machine may differ before a time is called one in the future."""

LENGTH_SLACK_MS = 60_000
"""How far a call and its recording may differ in length, if that is no more than a tenth either."""


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing worth mending.

    Attributes:
        code: of the messages ``intake.gap_<code>`` and ``intake.gap_<code>_hint``.
        params: values for both; untrusted text among them is already visible.
    """

    code: str
    params: dict[str, str | int] = field(default_factory=dict)


def gaps(folder: IncidentFolder, exhibits: Sequence[ExhibitFacts], now: dt.datetime) -> list[Gap]:
    """The gaps of a folder, those of the whole incident first, then in the order of the documents.

    Args:
        folder: as read_folder read it.
        exhibits: the facts of its files; what is unknown of a recording leads to no gap.
        now: the time by the sealing machine's clock; aware.
    """
    facts = {e.name: e.recording for e in exhibits if e.role == roles.RECORDING and e.recording}
    return [
        *_left_out(folder),
        *_recordings(folder, exhibits),
        *_calls(folder, facts, now),
        *_notice(folder, facts),
        *_markers(folder, facts, now),
    ]


def _left_out(folder: IncidentFolder) -> Iterator[Gap]:
    incident = folder.incident
    if not incident.calls:
        yield Gap("no_calls")
    subscriber, agent = incident.subscriber, incident.agent
    if not any(map(str.strip, (subscriber.name, subscriber.phone, subscriber.account))):
        yield Gap("no_subscriber")
    if not any(map(str.strip, (agent.name, agent.id))):
        yield Gap("no_agent")
    almost = roles.misnamed(MARKERS, [file.name for file in folder.files])
    if almost and not any(file.name == MARKERS for file in folder.files):
        yield Gap("misnamed_markers", {"file": place.key(almost)})


def _recordings(folder: IncidentFolder, exhibits: Sequence[ExhibitFacts]) -> Iterator[Gap]:
    """Recordings that belong to no call; of an incident without any call that is told once."""
    incident = folder.incident
    for exhibit in exhibits if incident.calls else ():
        if exhibit.role == roles.RECORDING and incident.call_of(exhibit.name) is None:
            yield Gap("recording_without_call", {"file": place.key(exhibit.name)})


def _calls(folder: IncidentFolder, facts: Mapping[str, RecordingFacts], now: dt.datetime) -> Iterator[Gap]:
    for number, call in enumerate(folder.incident.calls):
        for name, text in (("started", call.started), ("ended", call.ended)):
            yield from _future(text, now, INCIDENT, ("calls", number, name))
        recording = facts.get(call.recording)
        if recording is not None:
            yield from _call_length(number, call, recording)
            yield from _call_channels(number, call, recording)


def _call_length(number: int, call: Call, recording: RecordingFacts) -> Iterator[Gap]:
    length = recording.milliseconds
    if length is None or not call.ended:
        return
    lasted = (times.parse(call.ended) - times.parse(call.started)) // dt.timedelta(milliseconds=1)
    difference = abs(lasted - length)
    if difference > LENGTH_SLACK_MS and difference * 10 > max(lasted, length):
        params = {"stated": _clock(lasted), "file": place.key(call.recording), "length": _clock(length)}
        code = "call_longer" if lasted > length else "call_shorter"
        yield Gap(code, {"where": place.words(("calls", number)), **params})


def _call_channels(number: int, call: Call, recording: RecordingFacts) -> Iterator[Gap]:
    named, there = len(call.channels), recording.channels
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
        yield from _after_end("notice_after_end", where, notice.at_milliseconds, notice.recording, recording)
    where = f"{INCIDENT}, {place.words(('notice', 'channel'))}"
    yield from _channel(folder, where, notice.channel, notice.recording, recording)


def _markers(folder: IncidentFolder, facts: Mapping[str, RecordingFacts], now: dt.datetime) -> Iterator[Gap]:
    for number, marker in enumerate(folder.markers):
        yield from _future(marker.asserted_at, now, MARKERS, ("markers", number, "asserted_at"))
        recording = facts.get(marker.recording)
        if recording is None:
            continue
        last = max(marker.start_ms, marker.end_ms or 0)
        yield from _after_end(
            "marker_after_end", place.words(("markers", number)), last, marker.recording, recording
        )
        where = f"{MARKERS}, {place.words(('markers', number, 'channel'))}"
        yield from _channel(folder, where, marker.channel, marker.recording, recording)


def _after_end(code: str, where: str, at: int, name: str, recording: RecordingFacts) -> Iterator[Gap]:
    length = recording.milliseconds
    if length is not None and at > length + SLACK_MS:
        params = {"at": _clock(at), "file": place.key(name), "length": _clock(length)}
        yield Gap(code, {"where": where, **params})


def _channel(
    folder: IncidentFolder, where: str, channel: int | str | None, name: str, recording: RecordingFacts
) -> Iterator[Gap]:
    """A channel beyond those of the bytes; a name stands for its place in the call's ``channels``."""
    call = folder.incident.call_of(name)
    known = call.channels if call else ()
    number = known.index(channel) if isinstance(channel, str) and channel in known else channel
    if isinstance(number, int) and recording.channels is not None and number >= recording.channels:
        shown = place.key(str(channel))
        there = recording.channels
        yield Gap("channel", {"where": where, "channel": shown, "file": place.key(name), "there": there})


def _future(text: str, now: dt.datetime, document: str, path: Sequence[str | int]) -> Iterator[Gap]:
    if text and times.parse(text) > now + CLOCK_SLACK:
        yield Gap("future", {"document": document, "where": place.words(path), "text": place.key(text)})


def message(gap: Gap) -> tuple[str, str]:
    """What a gap says and how to mend it, in the user's language."""
    name = f"intake.gap_{gap.code}"
    return t(name, **gap.params), t(f"{name}_hint", **gap.params)


def _clock(milliseconds: int) -> str:
    """A length or a place in a recording, rounded down to tenths: ``1:02:03.4``, ``2:03.4``."""
    minutes, tenths = divmod(milliseconds // 100, 600)
    hours, minutes = divmod(minutes, 60)
    head = f"{hours}:{minutes:02d}" if hours else f"{minutes}"
    return f"{head}:{tenths // 10:02d}.{tenths % 10}"
