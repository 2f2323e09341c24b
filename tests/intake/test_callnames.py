"""Names of recordings as FreePBX, Asterisk and FreeSWITCH write them; what else a name can be says nothing."""

import datetime as dt
import re
import time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.intake import callnames
from evidence.intake.callnames import NameClaims

UUID = "0c6d1c5e-3d0b-4b0a-9c55-6c1e2a7f9d10"
# 2026-11-05T10:15:02+02:00 is 1793866502, says GNU date
EPOCH = 1_793_866_502_000
AT = "2026-11-05 10:15:02"

KNOWN = [
    (
        "in-0800123456-380501234567-20261105-101502-1793866502.123.wav",
        NameClaims("freepbx", "inbound", "380501234567", "0800123456", "", AT, "1793866502.123", EPOCH),
    ),
    (
        "out-71222-002-20241105-091730-1730780250.107.wav",
        NameClaims(
            "freepbx",
            "outbound",
            "002",
            "71222",
            "",
            "2024-11-05 09:17:30",
            "1730780250.107",
            1_730_780_250_000,
        ),
    ),
    (
        "internal-101-102-20261105-101502-1793866502.9.WAV",
        NameClaims("freepbx", "internal", "102", "101", "", AT, "1793866502.9", EPOCH),
    ),
    (
        "external-101-+380501234567-20261105-101502-1793866502.1.mp3",
        NameClaims("freepbx", "inbound", "+380501234567", "101", "", AT, "1793866502.1", EPOCH),
    ),
    (
        "exten-101-anonymous-20261105-101502-1793866502.1.gsm",
        NameClaims("freepbx", "", "", "101", "", AT, "1793866502.1", EPOCH),
    ),
    (
        "q-600-0501234567-20261105-101502-1793866502.1.wav",
        NameClaims("freepbx", "", "0501234567", "", "600", AT, "1793866502.1", EPOCH),
    ),
    (
        "rg-601-unknown-20261105-101502-pbx_kyiv.1-1793866502.1.wav",
        NameClaims("freepbx", "", "", "", "601", AT, "pbx_kyiv.1-1793866502.1", EPOCH),
    ),
    (
        "in-s-unknown-20261105-101502-1793866502.1.wav",
        NameClaims("freepbx", "inbound", "", "", "", AT, "1793866502.1", EPOCH),
    ),
    (
        "force-0501234567-3201-20261105-101502-1793866502.12206.wav",
        NameClaims("freepbx", "", "3201", "0501234567", "", AT, "1793866502.12206", EPOCH),
    ),
    (
        "internal-*97-102-20261105-101502-1793866502.9.wav",
        NameClaims("freepbx", "internal", "102", "*97", "", AT, "1793866502.9", EPOCH),
    ),
    (
        "in-0800123456-380501234567-20261105-101502-1793866502.123-in.wav",
        NameClaims("freepbx", "inbound", "380501234567", "0800123456", "", AT, "1793866502.123", EPOCH, "in"),
    ),
    (
        "OUT101-20261105-101502-1793866502.123.wav",
        NameClaims("freepbx_out", "outbound", "101", "", "", AT, "1793866502.123", EPOCH),
    ),
    (
        "IN101-20261105-101502-1793866502.123.wav",
        NameClaims("freepbx_out", "inbound", "", "101", "", AT, "1793866502.123", EPOCH),
    ),
    (
        "q600-20261105-101502-1793866502.123.wav",
        NameClaims("freepbx_out", "", "", "", "600", AT, "1793866502.123", EPOCH),
    ),
    (
        "g601-20261105-101502-1793866502.123.wav",
        NameClaims("freepbx_out", "", "", "", "601", AT, "1793866502.123", EPOCH),
    ),
    (
        "auto-1793866502-380501234567-101.wav",
        NameClaims("asterisk_automon", "", "380501234567", "101", "", "", "", EPOCH),
    ),
    (
        "auto-1793866502-380501234567-101-out.wav",
        NameClaims("asterisk_automon", "", "380501234567", "101", "", "", "", EPOCH, "out"),
    ),
    ("1793866502.123.wav", NameClaims("asterisk", unique_id="1793866502.123", epoch_ms=EPOCH)),
    (
        "1793866502.123-in.wav",
        NameClaims("asterisk_monitor", unique_id="1793866502.123", epoch_ms=EPOCH, leg="in"),
    ),
    (
        "pbx1-1793866502.123-out.wav",
        NameClaims("asterisk_monitor", unique_id="pbx1-1793866502.123", epoch_ms=EPOCH, leg="out"),
    ),
    (f"{UUID}.wav", NameClaims("freeswitch_uuid", unique_id=UUID)),
    (
        "2026-11-05-10-15-02_0800123456_380501234567.wav",
        NameClaims("freeswitch", "", "380501234567", "0800123456", "", AT),
    ),
]

UNKNOWN = [
    "",
    ".",
    "call.wav",
    "in.wav",
    "1793866502.wav",
    "1793866502.123",
    "79386650.123.wav",
    "in-0800-0501-20261105-101502-1793866502.123",
    "IN-0800-0501-20261105-101502-1793866502.123.wav",
    "up-0800-0501-20261105-101502-1793866502.123.wav",
    "in-0800-0501-20261305-101502-1793866502.123.wav",
    "in-0800-0501-20260229-101502-1793866502.123.wav",
    "in-0800-0501-20261105-240000-1793866502.123.wav",
    "in-0800-0501-20261105-101560-1793866502.123.wav",
    "in-0800-0501-19691105-101502-1793866502.123.wav",
    "in-0800-0501-21011105-101502-1793866502.123.wav",
    "in-0800-0501-2026115-101502-1793866502.123.wav",
    "in-0800-0501-20261105-101502-1793866502.wav",
    "in-0800-0501-20261105-101502-1793866502.123.wav.exe",
    "in-0800-0501-20261105-101502-1793866502.123 (1).wav",
    "in-0800-0501-20261105-101502-1793866502.123.wav\n",
    "in-0800--20261105-101502-1793866502.123.wav",
    "in-0800-05 01-20261105-101502-1793866502.123.wav",
    "in-0800-<script>-20261105-101502-1793866502.123.wav",
    "in-0800-$(reboot)-20261105-101502-1793866502.123.wav",
    "in-0800-0501\x00-20261105-101502-1793866502.123.wav",
    "in-0800-\u202e0501-20261105-101502-1793866502.123.wav",
    "in-0800-\ud8000501-20261105-101502-1793866502.123.wav",
    "in-0800-٠٥٠١-20261105-101502-1793866502.123.wav",
    "in-0800-0501-２０２６1105-101502-1793866502.123.wav",
    "in-0800-" + "1" * 41 + "-20261105-101502-1793866502.123.wav",
    # a caller whose number brings a date of its own
    "in-0800-0501-20200101-000000-20261105-101502-1793866502.123.wav",
    "in-0800-0501-20200101-000000-a-20261105-101502-1793866502.123.wav",
    "in-0800-0501-20200101-000000-1577836800.1-20261105-101502-1793866502.123.wav",
    "2026-11-05-10-15-02_0800_0501_1.wav",
    "auto-1793866502-0501-1-101.wav",
    "../in-0800-0501-20261105-101502-1793866502.123.wav",
    f"{UUID.upper()}.wav",
    f"{UUID}-1.wav",
    "2026-11-05-10-15-02_0800.wav",
    "2026-11-31-10-15-02_0800_0501.wav",
    "auto-1793866502-0501.wav",
    "OUT-20261105-101502-1793866502.123.wav",
]


@pytest.mark.parametrize(("name", "expected"), KNOWN)
def test_known_names(name: str, expected: NameClaims) -> None:
    assert callnames.claims(name) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [("1970-01-01-00-00-00", "1970-01-01 00:00:00"), ("2100-12-31-23-59-59", "2100-12-31 23:59:59")],
)
def test_the_first_and_the_last_time(written: str, expected: str) -> None:
    assert callnames.claims(f"{written}_1_2.wav") == NameClaims("freeswitch", "", "2", "1", "", expected)


@pytest.mark.parametrize("name", UNKNOWN)
def test_names_that_say_nothing(name: str) -> None:
    assert callnames.claims(name) is None


PARTIES = st.from_regex(re.compile(r"[1-9][0-9]{2,11}"), fullmatch=True)


@given(
    PARTIES,
    PARTIES,
    st.datetimes(dt.datetime(2002, 1, 1), dt.datetime(2099, 1, 1)),  # noqa: DTZ001
    st.integers(0, 99_999),
)
def test_names_as_freepbx_makes_them(dialled: str, caller: str, local: dt.datetime, serial: int) -> None:
    seconds = int(local.replace(tzinfo=ZoneInfo("Europe/Kyiv")).timestamp())
    name = f"in-{dialled}-{caller}-{local:%Y%m%d-%H%M%S}-{seconds}.{serial}.wav"
    at = local.replace(microsecond=0).isoformat(" ")
    expected = NameClaims(
        "freepbx", "inbound", caller, dialled, "", at, f"{seconds}.{serial}", seconds * 1000
    )
    assert callnames.claims(name) == expected


ANY = st.text(st.characters(), max_size=300)


@given(ANY | st.from_regex(re.compile(r"(in|q|OUT|auto)[-0-9.a-z]{0,250}(\.wav)?")))
def test_any_name_is_read_or_says_nothing(name: str) -> None:
    said = callnames.claims(name)
    if said is not None:
        assert name.isascii()
        assert said.direction in {"", "inbound", "outbound", "internal"}
        assert all(part in name for part in (said.caller, said.callee, said.queue, said.unique_id))


@pytest.mark.parametrize("piece", ["1", "-", "a-", "in-", "1-1", ".", "1793866502.1-", "\ud800"])
def test_no_name_takes_long(piece: str) -> None:
    began = time.process_time()
    for name in ("in-" + piece * 250, "in-1-1-20261105-101502-" + piece * 60, piece * 255, piece * 1_000_000):
        assert callnames.claims(name) is None
    assert time.process_time() - began < 0.5


# Two clocks


def of(epoch_ms: int | None) -> NameClaims:
    return NameClaims("asterisk", epoch_ms=epoch_ms)


@pytest.mark.parametrize(
    ("text", "agrees", "hours"),
    [
        ("2026-11-05T10:15:02+02:00", True, 0),
        ("2026-11-05T08:15:02Z", True, 0),
        ("2026-11-05T10:17:02+02:00", True, 0),
        ("2026-11-05T10:13:02.001+02:00", True, 0),
        ("2026-11-05T10:17:02.001+02:00", False, None),
        ("2026-11-05T10:13:01.999+02:00", False, None),
        ("2026-11-05T10:45:02+02:00", False, None),
        ("2026-11-05T10:15:02+03:00", False, -1),
        ("2026-11-05T10:15:02Z", False, 2),
        ("2026-11-05T10:16:30Z", False, 2),
        ("2026-11-05T10:13:30Z", False, 2),
        ("2026-11-06T10:15:02+02:00", False, 24),
        ("2026-11-06T12:15:02+02:00", False, 26),
        ("2026-11-04T08:15:02+02:00", False, -26),
        ("2026-11-06T13:15:02+02:00", False, None),
    ],
)
def test_the_stated_time_against_the_channels_creation(text: str, agrees: bool, hours: int | None) -> None:  # noqa: FBT001
    assert callnames.agrees(of(EPOCH), text) is agrees
    assert callnames.hours_off(of(EPOCH), text) == hours


def test_a_name_without_creation_time_decides_nothing() -> None:
    text = "2026-11-05T10:15:02+02:00"
    assert callnames.agrees(of(None), text) is None
    assert callnames.hours_off(of(None), text) is None
    assert callnames.fold_suggested(of(None), (text, text)) is None


# Kyiv 2026-10-25 03:30 is 1792888200 in summer time and 1792891800 in winter time, says GNU date
TWICE = ("2026-10-25T03:30:00+03:00", "2026-10-25T03:30:00+02:00")


@pytest.mark.parametrize(
    ("epoch", "expected"),
    [
        (1_792_888_195, "first"),
        (1_792_891_795, "second"),
        (1_792_890_000, None),
        (1_792_880_000, None),
    ],
)
def test_the_name_speaks_for_one_of_two_times(epoch: int, expected: str | None) -> None:
    assert callnames.fold_suggested(of(epoch * 1000), TWICE) == expected
    assert callnames.fold_suggested(of(epoch * 1000), (TWICE[0], TWICE[0])) is None
