"""RFC 3339 times as they are given; datetime.fromisoformat is the oracle."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence import strict
from evidence.intake import times

OFFSETS = st.builds(
    lambda minutes: dt.timezone(dt.timedelta(minutes=minutes)), st.integers(-(23 * 60 + 59), 23 * 60 + 59)
)

FIRST = dt.datetime.fromisoformat("1900-01-02")
LAST = dt.datetime.fromisoformat("2999-12-30")


@given(st.datetimes(FIRST, LAST, timezones=OFFSETS))
def test_agrees_with_fromisoformat(time: dt.datetime) -> None:
    text = time.isoformat()
    assert times.parse(text) == dt.datetime.fromisoformat(text)
    document = times.to_document(text, "incident.json")
    cut = time.microsecond // 1000 * 1000
    assert strict.timestamp(document["utc"]) == time.replace(microsecond=cut)
    assert document["text"] == text


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2026-11-05T10:15:02+02:00", "2026-11-05T08:15:02.000Z"),
        ("2026-11-05 10:15:02Z", "2026-11-05T10:15:02.000Z"),
        ("2026-11-05t10:15:02z", "2026-11-05T10:15:02.000Z"),
        ("2026-11-05T10:15:02.9-00:00", "2026-11-05T10:15:02.900Z"),
        ("2026-11-05T10:15:02.999999999999999999Z", "2026-11-05T10:15:02.999Z"),
        ("2026-01-01T00:30:00+05:30", "2025-12-31T19:00:00.000Z"),
    ],
)
def test_forms(text: str, utc: str) -> None:
    assert times.to_document(text, "x")["utc"] == utc


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-11-05",
        "2026-11-05T10:15:02",
        "2026-11-05T10:15Z",
        "2026-11-05T10:15:02.Z",
        "2026-11-05T10:15:02,5Z",
        "2026-11-05T10:15:02+0200",
        "2026-11-05T10:15:02+24:00",
        "2026-11-05T10:15:02+02:60",
        "2026-11-05T24:00:00Z",
        "2026-11-05T23:59:60Z",
        "2025-02-29T00:00:00Z",
        "2026-11-05T10:15:02Z\n",
        " 2026-11-05T10:15:02Z",
        "٢٠٢٦-11-05T10:15:02Z",
        "9999-12-31T23:59:59-01:00",
        "0001-01-01T00:00:00+01:00",
        "20261105T101502Z",
    ],
)
def test_refused(text: str) -> None:
    with pytest.raises(ValueError):
        times.parse(text)
