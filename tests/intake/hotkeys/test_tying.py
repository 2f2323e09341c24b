"""Which call an event belongs to. Places are reckoned here by whole microseconds since 1970, another way."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.intake import times
from evidence.intake.hotkeys.event import Event
from evidence.intake.hotkeys.tying import LONGEST_MS, Span, Stated, Tied, Untied, spans, tie
from evidence.model.incident import Agent, Call, Incident, Subscriber

STARTED = "2026-11-05T10:15:02+02:00"
FIRST = Call(STARTED, id="1.1", recording="a.wav", caller="+380 99 000-01-23", callee="101")
SECOND = Call("2026-11-05T10:20:00+02:00", ended="2026-11-05T10:21:00+02:00", id="2.2", recording="b.wav")
INCIDENT = Incident("N", calls=(FIRST, SECOND), agent=Agent("Олена Коваль", "101"))
LENGTHS = {"a.wav": 10_935, "b.wav": None}


def tied(event: Event, at: str, incident: Incident = INCIDENT, **stated: object) -> Tied | Untied:
    said = Stated(**stated)  # type: ignore[arg-type]
    return tie(event, times.parse(at), spans(incident, LENGTHS), incident, said)


def summary(found: Tied | Untied) -> tuple[str, str, int]:
    if isinstance(found, Tied):
        return found.span.call.recording, found.by, found.place_ms
    return "", found.code, found.place_ms


@pytest.mark.parametrize(
    ("event", "at", "expected"),
    [
        (Event(), "2026-11-05T08:15:05.250Z", ("a.wav", "time", 3250)),
        (Event(call_id="1.1"), "2026-11-05T08:15:02Z", ("a.wav", "call_id", 0)),
        (Event(agent="олена  коваль"), "2026-11-05T08:15:13.435Z", ("a.wav", "agent", 11_435)),
        (Event(agent="101"), "2026-11-05T08:20:30Z", ("b.wav", "agent", 30_000)),
        (Event(phone="0990000123"), "2026-11-05T08:15:03Z", ("a.wav", "phone", 1000)),
        (Event(agent="102"), "2026-11-05T08:15:03Z", ("", "other_agent", 1000)),
        (Event(agent="102", call_id="1.1"), "2026-11-05T08:15:03Z", ("", "other_agent", 1000)),
        (Event(phone="0501234567"), "2026-11-05T08:15:03Z", ("", "other_number", 1000)),
        (Event(phone="205"), "2026-11-05T08:15:03Z", ("a.wav", "time", 1000)),
        (Event(call_id="3.3"), "2026-11-05T08:15:03Z", ("", "other_call", 1000)),
        (Event(call_id="2.2"), "2026-11-05T08:15:03Z", ("", "outside_call", -297_000)),
        (Event(), "2026-11-05T08:15:01.999Z", ("", "outside", -1)),
        (Event(), "2026-11-05T08:15:13.436Z", ("", "outside", 11_434 + 2)),
        (Event(call_id="1.1"), "2026-11-05T08:15:01.999Z", ("", "outside_call", -1)),
        (Event(), "2026-11-05T08:22:00Z", ("", "outside", 120_000)),
    ],
)
def test_what_ties_an_event(event: Event, at: str, expected: tuple[str, str, int]) -> None:
    assert summary(tied(event, at)) == expected


def test_near_is_what_lies_outside_by_no_more_than_the_uncertainty() -> None:
    for at, uncertainty, code in (
        ("2026-11-05T08:15:01Z", 1000, "near"),
        ("2026-11-05T08:15:01Z", 999, "outside"),
        ("2026-11-05T08:15:14.935Z", 4000, "near"),
        ("2026-11-05T08:15:14.935Z", 1999, "outside"),
    ):
        found = tied(Event(), at, uncertainty_ms=uncertainty)
        assert isinstance(found, Untied)
        assert found.code == code


def test_a_further_name_of_the_agent() -> None:
    at = "2026-11-05T08:15:03Z"
    assert summary(tied(Event(agent="SIP/102"), at, agents=("sip/102",)))[1] == "agent"
    nobody = Incident("N", calls=(FIRST,))
    assert summary(tied(Event(agent="SIP/102"), at, nobody))[1] == "time"


def test_the_subscribers_own_number_counts() -> None:
    incident = Incident(
        "N", calls=(Call(STARTED, recording="a.wav"),), subscriber=Subscriber(phone="0501234567")
    )
    at = "2026-11-05T08:15:03Z"
    assert summary(tied(Event(phone="+380501234567"), at, incident))[1] == "phone"
    assert summary(tied(Event(phone="+380501234568"), at, incident))[1] == "other_number"


def test_a_call_whose_id_is_not_known_may_be_the_one_that_is_named() -> None:
    incident = Incident("N", calls=(Call(STARTED, recording="a.wav"), FIRST))
    found = tied(Event(call_id="9.9"), "2026-11-05T08:15:03Z", incident)
    assert summary(found) == ("a.wav", "time", 1000)
    assert isinstance(found, Tied)
    assert found.span.call.id == ""


def test_two_recordings_of_the_same_time_are_left_to_a_person() -> None:
    twin = Call(STARTED, id="1.1", recording="b.wav")
    incident = Incident("N", calls=(FIRST, twin))
    assert summary(tied(Event(call_id="1.1"), "2026-11-05T08:15:03Z", incident))[1] == "several"


def test_recordings_without_a_beginning_take_nothing() -> None:
    incident = Incident("N", calls=(Call(STARTED), Call("", recording="b.wav")))
    assert spans(incident, LENGTHS) == ()


def test_lengths() -> None:
    first, second = spans(INCIDENT, LENGTHS)
    assert (first.length_ms, first.is_known) == (10_935, True)
    assert (second.length_ms, second.is_known) == (60_000, True)
    (open_end,) = spans(Incident("N", calls=(Call(STARTED, recording="c.wav"),)), {})
    assert (open_end.length_ms, open_end.is_known) == (LONGEST_MS, False)


def micros(time: dt.datetime) -> int:
    return (time - dt.datetime(1970, 1, 1, tzinfo=dt.UTC)) // dt.timedelta(microseconds=1)


MOMENTS = st.datetimes(
    dt.datetime(2020, 1, 1),  # noqa: DTZ001  hypothesis wants bounds without a zone
    dt.datetime(2030, 1, 1),  # noqa: DTZ001
    timezones=st.timezones(),
)


@given(
    MOMENTS, st.timedeltas(dt.timedelta(hours=-3), dt.timedelta(hours=3)), st.integers(-7_200_000, 7_200_000)
)
def test_the_place_is_what_lies_between_beginning_and_press(
    started: dt.datetime, later: dt.timedelta, offset_ms: int
) -> None:
    started = started.astimezone(dt.UTC)
    at = started + later
    span = Span(Call("", recording="a.wav"), started, 1_000_000, is_known=True)
    place = micros(at) // 1000 - micros(started) // 1000 - offset_ms
    found = tie(Event(), at, [span], Incident("N"), Stated(offset_ms))
    assert found.place_ms == place
    assert isinstance(found, Tied) == (0 <= place <= 1_000_500)
