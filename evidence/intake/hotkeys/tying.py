"""Which call of an incident an event belongs to, and where in its recording the key was pressed."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from evidence.intake import times
from evidence.intake.hotkeys.event import Event
from evidence.intake.markerfiles import classes
from evidence.intake.pbx.relating import digits
from evidence.intake.placegaps import SLACK_MS
from evidence.model.incident import Call, Incident
from evidence.model.markers import place_of_press

LONGEST_MS = 24 * 3_600_000
"""How long a recording may be of which nothing tells its length."""

_SHORTEST_NUMBER = 7


@dataclass(frozen=True, slots=True)
class Span:
    """A recording whose beginning is known.

    Attributes:
        call: its call.
        started: when it began; aware.
        length_ms: how long it is, or may be at most.
        is_known: whether that is its length.
    """

    call: Call
    started: dt.datetime
    length_ms: int
    is_known: bool


@dataclass(frozen=True, slots=True)
class Stated:
    """What a person states about the events.

    Attributes:
        offset_ms: how far the events' clock was ahead of the one that timed the calls.
        uncertainty_ms: how far a reckoned place may be off in either direction.
        agents: further names of the incident's agent.
    """

    offset_ms: int = 0
    uncertainty_ms: int = 0
    agents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Tied:
    """The recording that an event belongs to.

    Attributes:
        span: the recording.
        place_ms: where in it the key was pressed.
        by: ``call_id``, ``agent``, ``phone`` or, where nothing but the time speaks for it, ``time``.
    """

    span: Span
    place_ms: int
    by: str


@dataclass(frozen=True, slots=True)
class Untied:
    """Why an event belongs to no recording.

    Attributes:
        code: ``outside``; ``near``: it lies outside by no more than the uncertainty; ``outside_call``: by its
            time, though it names the call; ``other_call``, ``other_agent``, ``other_number``, ``several``.
        place_ms: where it would lie in the recording that is nearest.
    """

    code: str
    place_ms: int


def spans(incident: Incident, lengths: Mapping[str, int | None]) -> tuple[Span, ...]:
    """The recordings of the calls whose beginning is known.

    Args:
        incident: as incident.json says.
        lengths: of the recordings by name, in milliseconds; those that can't be told are None.
    """
    return tuple(_span(call, lengths) for call in incident.calls if call.recording and call.started)


def _span(call: Call, lengths: Mapping[str, int | None]) -> Span:
    started = times.parse(call.started)
    length = lengths.get(call.recording)
    if length is None and call.ended:
        length = max((times.parse(call.ended) - started) // dt.timedelta(milliseconds=1), 0)
    return Span(call, started, LONGEST_MS if length is None else length, length is not None)


def tie(
    event: Event, at: dt.datetime, there: Sequence[Span], incident: Incident, stated: Stated
) -> Tied | Untied:
    """The recording an event belongs to, or why it belongs to none.

    Args:
        event: the event.
        at: its time, by its own clock; aware.
        there: the incident's recordings, at least one.
        incident: as incident.json says.
        stated: what a person states.
    """
    placed = [(span, place_of_press(at, stated.offset_ms, span.started)) for span in there]
    named = [item for item in placed if event.call_id and item[0].call.id == event.call_id]
    within = [item for item in named or placed if 0 <= item[1] <= item[0].length_ms + SLACK_MS]
    if not within:
        return _outside(named or placed, stated, is_named=bool(named))
    if event.call_id and not named:
        within = [item for item in within if not item[0].call.id]
    span, place_ms = next(iter(within), placed[0])
    if not within:
        return Untied("other_call", place_ms)
    is_agent = _agrees(event.agent, _agents(incident, stated))
    is_number = _agrees(_number(event.phone), _numbers(incident))
    if is_agent is False:
        return Untied("other_agent", place_ms)
    if is_number is False:
        return Untied("other_number", place_ms)
    if len(within) > 1:
        return Untied("several", place_ms)
    return Tied(
        span, place_ms, "call_id" if named else "agent" if is_agent else "phone" if is_number else "time"
    )


def _outside(placed: Sequence[tuple[Span, int]], stated: Stated, *, is_named: bool) -> Untied:
    """Of the recording that the time is nearest to."""
    span, place_ms = min(placed, key=lambda item: _distance(*item))
    if _distance(span, place_ms) <= stated.uncertainty_ms:
        return Untied("near", place_ms)
    return Untied("outside_call" if is_named else "outside", place_ms)


def _distance(span: Span, place_ms: int) -> int:
    return max(-place_ms, place_ms - span.length_ms, 0)


def _agrees(said: str, known: Iterable[str]) -> bool | None:
    """Whether something that is said is among what is known; None where one of them says nothing."""
    others = {classes.plain(text) or text for text in known if text}
    return (classes.plain(said) or said) in others if said and others else None


def _agents(incident: Incident, stated: Stated) -> tuple[str, ...]:
    return (incident.agent.name, incident.agent.id, *stated.agents)


def _numbers(incident: Incident) -> list[str]:
    """The numbers of the subscriber and of both ends of the calls, as they are compared."""
    told = [incident.subscriber.phone]
    told += [number for call in incident.calls for number in (call.caller, call.callee)]
    return [_number(number) for number in told]


def _number(text: str) -> str:
    """A number as it is compared; empty for extensions, which say nothing about the subscriber."""
    found = digits(text)
    return found if len(found) >= _SHORTEST_NUMBER else ""
