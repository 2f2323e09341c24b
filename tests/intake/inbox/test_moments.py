"""Times of other programs; the hours of clock changes against the zone database."""

import datetime as dt
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.intake.inbox.moments import after, moment
from evidence.intake.inbox.reading import read
from tests.intake.inbox.boxes import KYIV, NOW, look, mapping, only, put
from tests.intake.inbox.test_calls import asterisk, asterisk_line, rows, table

ZONE = ZoneInfo(KYIV)
BACK = dt.datetime(2026, 10, 25, 1, 0, tzinfo=dt.UTC)
"""When clocks in Kyiv go from 4 back to 3 o'clock."""

FORTH = dt.datetime(2026, 3, 29, 1, 0, tzinfo=dt.UTC)
"""When they go from 3 on to 4 o'clock."""


def test_the_changes_are_when_the_database_says() -> None:
    minute = dt.timedelta(minutes=1)
    for change, before, behind in ((BACK, 3, 2), (FORTH, 2, 3)):
        offsets = [(change + step).astimezone(ZONE).utcoffset() for step in (-minute, dt.timedelta())]
        assert offsets == [dt.timedelta(hours=before), dt.timedelta(hours=behind)]


@given(
    st.integers(788918400, 2145916800).map(
        lambda s: dt.datetime.fromtimestamp(s, dt.UTC).replace(tzinfo=None)
    )
)
def test_a_local_time_is_told_if_it_was_once(local: dt.datetime) -> None:
    first, second = (local.replace(tzinfo=ZONE, fold=fold) for fold in (0, 1))
    found = moment(local.isoformat(" "), "iso", KYIV)
    if first.utcoffset() == second.utcoffset():
        assert dt.datetime.fromisoformat(found.text) == first
        assert found.note == ""
    else:
        assert found.text == ""
        assert found.note


@pytest.mark.parametrize("minutes", range(-75, 76, 15))
def test_the_hours_around_a_change(minutes: int) -> None:
    for change in (BACK, FORTH):
        at = (change + dt.timedelta(minutes=minutes)).astimezone(ZONE)
        found = moment(at.strftime("%Y-%m-%d %H:%M:%S"), "iso", KYIV)
        is_doubled = change == BACK and -60 <= minutes < 60
        assert bool(found.text) is not is_doubled
        assert found.latest is not None
        assert found.latest >= at if is_doubled else found.latest == at


def test_a_doubled_hour_in_a_table_is_stated_and_not_guessed(tmp_path: Path) -> None:
    put(tmp_path, "rec/a.wav")
    put(tmp_path, "cdr.csv", rows("2026-10-25 03:30:00,a.wav,0501234567"))
    incident = read(only(look(tmp_path, table(fields={"phone": "note"})))).incident
    assert incident.calls == ()
    assert "2026-10-25T03:30:00+03:00" in incident.summary
    assert "2026-10-25T03:30:00+02:00" in incident.summary
    assert incident.subscriber.phone == "0501234567"


@pytest.mark.parametrize(("minutes", "offset"), [(-30, "+03:00"), (30, "+02:00")])
def test_the_channels_id_tells_which_hour_is_meant(tmp_path: Path, minutes: int, offset: str) -> None:
    unique = f"{int(BACK.timestamp()) + minutes * 60 - 3}.17"
    put(tmp_path, f"monitor/{unique}.wav")
    put(tmp_path, "Master.csv", asterisk_line(unique, start="2026-10-25 03:30:00"))
    (call,) = read(only(look(tmp_path, asterisk()))).incident.calls
    assert call.started == f"2026-10-25T03:30:00{offset}"
    assert call.ended == f"2026-10-25T03:33:07{offset}"


def test_an_hour_that_was_not_is_stated(tmp_path: Path) -> None:
    put(tmp_path, "rec/a.wav")
    put(tmp_path, "cdr.csv", rows("2026-03-29 03:30:00,a.wav,"))
    incident = read(only(look(tmp_path, table()))).incident
    assert (incident.calls, "2026-03-29 03:30:00" in incident.summary) == ((), True)


def test_a_call_across_the_change_ends_by_its_length(tmp_path: Path) -> None:
    put(tmp_path, "rec/a.wav")
    put(tmp_path, "cdr.csv", "started,file,secs,ended\n2026-10-25 02:50:00,a.wav,4500,2026-10-25 03:05:00\n")
    said = {"duration": "secs", "ended": "ended"}
    (call,) = read(only(look(tmp_path, table(fields=said)))).incident.calls
    assert call.started == "2026-10-25T02:50:00+03:00"
    ended = dt.datetime.fromisoformat(call.ended)
    assert ended == BACK + dt.timedelta(minutes=65 - 60)
    incident = read(only(look(tmp_path, table(fields={"ended": "ended"})))).incident
    assert incident.calls[0].ended == ""
    assert "03:05:00" in incident.summary


@pytest.mark.parametrize(
    ("text", "form", "expected"),
    [
        ("1793866502", "epoch", "2026-11-05T08:15:02Z"),
        ("1793866502.25", "epoch", "2026-11-05T08:15:02.25Z"),
        ("1793866502250", "epoch_ms", "2026-11-05T08:15:02.25Z"),
        ("05/11/2026 10:15:02", "%d/%m/%Y %H:%M:%S", "2026-11-05T08:15:02Z"),
        ("11/5/2026 10:15 AM +0100", "%m/%d/%Y %I:%M %p %z", "2026-11-05T09:15:00Z"),
        ("05.11.2026 10:15", "iso", "2026-11-05T08:15:00Z"),
        ("2026-11-05T10:15:02.5+01:00", "iso", "2026-11-05T09:15:02.5Z"),
    ],
)
def test_forms(text: str, form: str, expected: str) -> None:
    assert dt.datetime.fromisoformat(moment(text, form, KYIV).text) == dt.datetime.fromisoformat(expected)


@pytest.mark.parametrize("form", ["iso", "epoch", "epoch_ms", "%d/%m/%Y %H:%M:%S", "%q", "%"])
@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "-1",
        "1e9",
        "99999999999999",
        "9" * 63,
        "9" * 65,
        "٢٠٢٦-11-05 10:15:02",
        "nan",
        "2026-02-30 10:00",
    ],
)
def test_what_is_no_time_is_refused(text: str, form: str) -> None:
    with pytest.raises(ValueError):
        moment(text, form, KYIV)


@pytest.mark.parametrize(
    ("length", "seconds"),
    [("187", 187), ("3:07", 187), ("1:03:07", 3787), ("0", 0), ("1.5", 1.5), ("100:00", 6000)],
)
def test_lengths(length: str, seconds: float) -> None:
    started = "2026-11-05T10:15:02+02:00"
    ended = dt.datetime.fromisoformat(after(started, length))
    assert (ended - dt.datetime.fromisoformat(started)).total_seconds() == seconds


@pytest.mark.parametrize("length", ["", "-1", "1h", "9" * 9, "1e3", "٣"])
def test_what_is_no_length_is_refused(length: str) -> None:
    with pytest.raises(ValueError):
        after("2026-11-05T10:15:02+02:00", length)


def test_a_mapping_has_its_own_zone(tmp_path: Path) -> None:
    put(tmp_path, "X.wav")
    put(tmp_path, "X.json", {"t": "2026-11-05 10:15:02"})
    crm = mapping("crm", kind="json", fields={"started": "/t"}, time_zone="Asia/Tokyo")
    assert read(only(look(tmp_path, crm))).incident.calls[0].started == "2026-11-05T10:15:02+09:00"
    assert NOW.tzinfo is dt.UTC
