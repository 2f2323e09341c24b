"""Times of calls as people type them; datetime and zoneinfo are the oracle, Kyiv's clock changes constants."""

import datetime as dt
import zoneinfo
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from evidence import messages
from evidence.errors import UsageError
from evidence.intake import calltimes

KYIV = "Europe/Kyiv"
ZONES = sorted(zoneinfo.available_timezones() - {"Factory", "localtime", "posixrules", "build/etc/localtime"})
FROM = dt.datetime(1972, 1, 9)  # noqa: DTZ001
TO = dt.datetime(2100, 12, 30)  # noqa: DTZ001


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-05T10:15:02+02:00", "2026-11-05T10:15:02+02:00"),
        ("2026-11-05 10:15:02+02:00", "2026-11-05T10:15:02+02:00"),
        ("2026-11-05t10:15:02z", "2026-11-05T10:15:02Z"),
        ("2026-11-05T10:15:02.500-03:30", "2026-11-05T10:15:02.500-03:30"),
        ("2026-11-05T10:15:02-00:00", "2026-11-05T10:15:02-00:00"),
        ("2026-11-05 10:15:02", "2026-11-05T10:15:02+02:00"),
        ("2026-11-05T10:15:02", "2026-11-05T10:15:02+02:00"),
        ("2026-11-05t10:15", "2026-11-05T10:15:00+02:00"),
        ("2026-11-05 9:15", "2026-11-05T09:15:00+02:00"),
        ("05.11.2026 10:15", "2026-11-05T10:15:00+02:00"),
        ("05.11.2026 10:15:02", "2026-11-05T10:15:02+02:00"),
        ("5.7.2026, 9:15:02", "2026-07-05T09:15:02+03:00"),
        ("2026-07-05 10:15:02.25", "2026-07-05T10:15:02.25+03:00"),
        ("2026-07-05 10:15:02,250", "2026-07-05T10:15:02.250+03:00"),
        ("2026-07-05 10:15:02.123456789012345678", "2026-07-05T10:15:02.123456789012345678+03:00"),
        ("2024-02-29 00:00", "2024-02-29T00:00:00+02:00"),
        ("1970-01-01 03:00", "1970-01-01T03:00:00+03:00"),
        ("2100-12-31 23:59:59", "2100-12-31T23:59:59+02:00"),
    ],
)
def test_forms(text: str, expected: str) -> None:
    assert calltimes.parse(text, KYIV, None) == expected


# Kyiv: +02:00 until 2026-03-29 03:00, then +03:00 until 2026-10-25 04:00, then +02:00


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-03-29 02:59:59.999", "2026-03-29T02:59:59.999+02:00"),
        ("2026-03-29 04:00", "2026-03-29T04:00:00+03:00"),
        ("2026-10-25 02:59:59", "2026-10-25T02:59:59+03:00"),
        ("2026-10-25 04:00", "2026-10-25T04:00:00+02:00"),
    ],
)
@pytest.mark.parametrize("fold", [None, "first", "second"])
def test_beside_the_changes_in_kyiv(text: str, expected: str, fold: str | None) -> None:
    assert calltimes.parse(text, KYIV, fold) == expected


@pytest.mark.parametrize("text", ["2026-03-29 03:00", "29.03.2026 03:30:05", "2026-03-29T03:59:59.999"])
@pytest.mark.parametrize("fold", [None, "first", "second"])
def test_the_hour_that_kyiv_skips(text: str, fold: str | None) -> None:
    with pytest.raises(UsageError) as caught:
        calltimes.parse(text, KYIV, fold)
    assert not isinstance(caught.value, calltimes.Ambiguous)
    assert "clocks went from 2026-03-29 03:00 straight to 2026-03-29 04:00" in caught.value.message
    assert "offset" in caught.value.hint


@pytest.mark.parametrize(
    ("text", "clock"),
    [("2026-10-25 03:00", "03:00:00"), ("25.10.2026 03:59:59", "03:59:59"), ("2026-10-25 3:30", "03:30:00")],
)
def test_the_hour_that_kyiv_repeats(text: str, clock: str) -> None:
    first, second = f"2026-10-25T{clock}+03:00", f"2026-10-25T{clock}+02:00"
    with pytest.raises(calltimes.Ambiguous) as caught:
        calltimes.parse(text, KYIV, None)
    assert caught.value.candidates == (first, second)
    assert first in caught.value.message
    assert second in caught.value.message
    assert "--fold first" in caught.value.hint
    assert "--fold second" in caught.value.hint
    assert "offset" in caught.value.hint
    assert calltimes.parse(text, KYIV, "first") == first
    assert calltimes.parse(text, KYIV, "second") == second
    assert calltimes.parse(first, KYIV, None) == first


def test_fractions_of_a_time_that_exists_twice() -> None:
    with pytest.raises(calltimes.Ambiguous) as caught:
        calltimes.parse("2026-10-25 03:30:00,5", KYIV, None)
    assert caught.value.candidates == ("2026-10-25T03:30:00.5+03:00", "2026-10-25T03:30:00.5+02:00")


def test_a_day_that_samoa_skipped() -> None:
    with pytest.raises(UsageError, match="from 2011-12-30 00:00 straight to 2011-12-31 00:00"):
        calltimes.parse("2011-12-30 12:00", "Pacific/Apia", None)


def test_half_an_hour_that_lord_howe_skips() -> None:
    with pytest.raises(UsageError, match="from 2026-10-04 02:00 straight to 2026-10-04 02:30"):
        calltimes.parse("2026-10-04 02:29:59", "Australia/Lord_Howe", None)


def test_an_offset_that_rfc_3339_can_not_write() -> None:
    with pytest.raises(UsageError, match="whole number of minutes"):
        calltimes.parse("1971-06-01 12:00", "Africa/Monrovia", None)


# Every zone


@given(st.sampled_from(ZONES), st.datetimes(FROM, TO, timezones=st.just(dt.UTC)))
def test_every_time_of_every_zone_is_read_back(zone: str, time: dt.datetime) -> None:
    local = time.replace(microsecond=0).astimezone(ZoneInfo(zone))
    assume(local.year <= 2100)
    text = local.replace(tzinfo=None).isoformat(" ")
    fold = ("first", "second")[local.fold]
    assert calltimes.parse(text, zone, fold) == local.isoformat()


def transitions(zone: str, year: int) -> list[dt.datetime]:
    """The first of the days of a year in which the offset changes, at their UTC midnight."""
    known = ZoneInfo(zone)
    days = [dt.datetime(year, 1, 1, tzinfo=dt.UTC) + dt.timedelta(days=n) for n in range(366)]
    offsets = [day.astimezone(known).utcoffset() for day in days]
    return [days[n] for n in range(365) if offsets[n] != offsets[n + 1]]


@given(st.sampled_from(ZONES), st.integers(1973, 2037), st.data())
def test_around_the_changes_of_every_zone(zone: str, year: int, data: st.DataObject) -> None:
    changes = transitions(zone, year)
    assume(changes)
    day = data.draw(st.sampled_from(changes)).replace(tzinfo=None)
    local = day + dt.timedelta(minutes=data.draw(st.integers(-26 * 60, 50 * 60)))
    known = ZoneInfo(zone)
    # a time that exists comes back when it goes through UTC
    instants = {
        instant
        for fold in (0, 1)
        for instant in [local.replace(tzinfo=known, fold=fold).astimezone(dt.UTC)]
        if instant.astimezone(known).replace(tzinfo=None, fold=0) == local
    }
    if not instants:
        with pytest.raises(UsageError, match="doesn't exist"):
            calltimes.parse(local.isoformat(" "), zone, None)
    elif len(instants) == 1:
        assert dt.datetime.fromisoformat(calltimes.parse(local.isoformat(" "), zone, None)) == min(instants)
    else:
        with pytest.raises(calltimes.Ambiguous) as caught:
            calltimes.parse(local.isoformat(" "), zone, None)
        assert [dt.datetime.fromisoformat(text) for text in caught.value.candidates] == sorted(instants)


# What is refused


@pytest.mark.parametrize(
    "text",
    [
        "",
        "now",
        "2026-11-05",
        "10:15",
        "2026-11-05T10",
        "2026-11-05T10:15Z",
        "2026-11-05T10:15:02+0200",
        "2026-11-05T10:15:02+24:00",
        "2026-11-05 10:15:02 +02:00",
        "2026-11-05  10:15",
        " 2026-11-05 10:15",
        "2026-11-05 10:15\n",
        "2026-11-05 10:15:02.",
        "2026-11-05 10:15:02." + "0" * 19,
        "2026-11-05 10:15.5",
        "2026-11-05 24:00",
        "2026-11-05 23:60",
        "2026-11-05 23:59:60",
        "2026-02-29 10:15",
        "2026-13-01 10:15",
        "2026-00-10 10:15",
        "31.04.2026 10:15",
        "11/05/2026 10:15",
        "05.11.26 10:15",
        "05-11-2026 10:15",
        "2026.11.05 10:15",
        "2026-11-5 10:15",
        "20261105 101502",
        "1793866502",
        "2026-11-05 10:15 PM",
        "２０２６-11-05 10:15",
        "٢٠٢٦-11-05 10:15",
        "2O26-11-05 10:15",
        "2О26-11-05 10:15",
        "2026-11-05Т10:15",
        "2026–11–05 10:15",
        "\ufeff2026-11-05 10:15",
        "2026-11-05\u00a010:15",
        "\u202e2026-11-05 10:15",
        "2026-11-05 10:15\x00",
        "2026-11-05 10:15\x1b[2J",
        "\ud800",
        "2" * 100_000,
        "0" * 100_000 + "Z",
    ],
)
@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_what_is_no_time(text: str, language: str) -> None:
    messages.set_language(language)
    with pytest.raises(UsageError) as caught:
        calltimes.parse(text, KYIV, None)
    assert "2026-11-05 10:15:02" in caught.value.hint
    assert caught.value.message.isprintable()
    assert len(caught.value.message) < 400


@pytest.mark.parametrize(
    "text",
    [
        "1969-12-31 23:59",
        "2101-01-01 00:00",
        "0001-01-01 00:00",
        "05.11.0026 10:15",
        "1969-12-31T23:59:59Z",
        "2101-01-01T00:00:00+02:00",
    ],
)
def test_years_outside(text: str) -> None:
    with pytest.raises(UsageError, match="between 1970 and 2100") as caught:
        calltimes.parse(text, KYIV, None)
    assert caught.value.hint


def test_a_local_time_needs_a_zone() -> None:
    with pytest.raises(UsageError, match="time zone") as caught:
        calltimes.parse("2026-11-05 10:15", None, None)
    assert "--zone Europe/Kyiv" in caught.value.hint


def test_an_offset_needs_none() -> None:
    assert calltimes.parse("2026-03-29T03:30:00+02:00") == "2026-03-29T03:30:00+02:00"


@pytest.mark.parametrize(
    ("zone", "meant"),
    [
        ("Kyiv", "Europe/Kyiv"),
        ("europe/kyiv", "Europe/Kyiv"),
        ("Europe/Kyev", "Europe/Kyiv"),
        ("Europe/Varsaw", "Europe/Warsaw"),
        ("New York", "America/New_York"),
        ("Київ", "Europe/Kyiv"),
        ("+02:00", "Europe/Kyiv"),
        ("", "Europe/Kyiv"),
    ],
)
def test_unknown_zones_and_what_was_meant(zone: str, meant: str) -> None:
    with pytest.raises(UsageError, match="no time zone") as caught:
        calltimes.parse("2026-11-05 10:15", zone, None)
    assert meant in caught.value.hint


@pytest.mark.parametrize(
    "zone",
    [
        "../../../../etc/passwd",
        "/etc/localtime",
        "right/Europe/Kyiv",
        "posix/Europe/Kyiv",
        "posixrules",
        "localtime",
        "Factory",
        "Europe",
        "Europe/Kyiv\x00",
        "Europe/Kyiv ",
        "\x1b[2J",
        "\ud800",
        "x" * 100_000,
        "EET-2EEST",
    ],
)
@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_hostile_zones(zone: str, language: str) -> None:
    messages.set_language(language)
    with pytest.raises(UsageError) as caught:
        calltimes.parse("2026-11-05 10:15", zone, None)
    assert caught.value.hint
    assert caught.value.message.isprintable()
    assert len(caught.value.message) < 400


@given(st.text(), st.sampled_from([None, KYIV, "x"]), st.sampled_from([None, "first", "second"]))
def test_any_text_is_a_time_or_a_plain_error(text: str, zone: str | None, fold: str | None) -> None:
    found, refusal = "1970-01-01T00:00:00Z", UsageError("", "-")
    try:
        found = calltimes.parse(text, zone, fold)
    except UsageError as error:
        refusal = error
    assert dt.datetime.fromisoformat(found).tzinfo is not None
    assert refusal.hint
    assert not refusal.message or refusal.message.isprintable()


# The machine's zone


@pytest.mark.parametrize(
    ("setting", "expected"),
    [
        ("Europe/Kyiv", "Europe/Kyiv"),
        (":Europe/Kyiv", "Europe/Kyiv"),
        (":/usr/share/zoneinfo/Europe/Kyiv", "Europe/Kyiv"),
        ("UTC", "UTC"),
        ("", None),
        ("EET-2EEST", None),
        ("Europe/Kyiv\x1b", None),
    ],
)
def test_the_zone_of_tz(setting: str, expected: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", setting.replace("\x00", ""))
    assert calltimes.zone_of_machine() == expected


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("/usr/share/zoneinfo/Europe/Kyiv", "Europe/Kyiv"),
        ("../usr/share/zoneinfo/America/Argentina/Ushuaia", "America/Argentina/Ushuaia"),
        ("/var/db/timezone/zoneinfo/Europe/Warsaw", "Europe/Warsaw"),
        ("/etc/passwd", None),
    ],
)
def test_the_zone_of_localtime(
    target: str, expected: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TZ", raising=False)
    monkeypatch.setattr(calltimes, "_LOCALTIME", tmp_path / "localtime")
    assert calltimes.zone_of_machine() is None
    (tmp_path / "localtime").symlink_to(target)
    assert calltimes.zone_of_machine() == expected
    (tmp_path / "localtime").unlink()
    (tmp_path / "localtime").write_bytes(b"TZif")
    assert calltimes.zone_of_machine() is None
