"""Forms of option values: trust, time, vault."""

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.cli.options import parse_fingerprint, parse_time, parse_trust, split_trust
from evidence.errors import UsageError
from tests.cli.conftest import Act

DIGITS = "0123456789abcdef" * 4
UTC = dt.UTC


@pytest.mark.parametrize(
    "text",
    [
        f"sha256:{DIGITS}",
        f"SHA256:{DIGITS.upper()}",
        f"sha256: {DIGITS}",
        "sha256:" + " ".join(DIGITS[i : i + 4] for i in range(0, 64, 4)),
        "sha256:" + ":".join(DIGITS[i : i + 2].upper() for i in range(0, 64, 2)),
        "sha256 Fingerprint=" + ":".join(DIGITS[i : i + 2].upper() for i in range(0, 64, 2)),
    ],
)
def test_a_fingerprint_may_be_written_as_people_write_it(text: str) -> None:
    assert parse_trust(text) == DIGITS


@pytest.mark.parametrize("text", ["ca.pem", "./sha256:x", "DEADBEEF", "-"])
def test_anything_else_is_a_file(text: str) -> None:
    assert parse_trust(text) == Path(text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("sha256:", "the fingerprint has 0 digits instead of 64"),
        ("sha256:a", "the fingerprint has 1 digit instead of 64"),
        (f"sha256:{DIGITS}0", "the fingerprint has 65 digits instead of 64"),
        (f"sha256:{DIGITS[:63]}g", "is not a SHA-256 fingerprint"),
        ("sha256:" + "٣" * 64, "is not a SHA-256 fingerprint"),
        ("sha256:\x1b", "is not a SHA-256 fingerprint"),
        (DIGITS, "neither a file nor a fingerprint with its prefix"),
        (":".join(DIGITS[i : i + 2] for i in range(0, 40, 2)), "neither a file nor a fingerprint"),
    ],
)
def test_half_a_fingerprint_is_refused(text: str, message: str) -> None:
    with pytest.raises(UsageError, match=message) as caught:
        parse_trust(text)
    assert caught.value.hint
    assert caught.value.message.isprintable()


def test_a_grouped_fingerprint_without_quotation_marks_gets_the_hint(act: Act) -> None:
    code, out, err = act("act", "nothing", "--trust", "sha256:8ba8", "d9b7", "0123")
    assert (code, out) == (2, "")
    assert "put it in quotation marks if it has spaces" in err
    err = act("act", "nothing", "--trust", "sha256:8ba8", "d9b7", language="uk")[2]
    assert "якщо в ньому є пробіли, візьміть його в лапки" in err


def test_only_a_fingerprint_is_a_fingerprint() -> None:
    assert parse_fingerprint(f"SHA256:{DIGITS.upper()}") == DIGITS
    for text in ("ca.pem", DIGITS, "sha256:12"):
        with pytest.raises(UsageError) as caught:
            parse_fingerprint(text)
        assert "sha256:" in caught.value.hint


def test_a_file_may_be_called_like_a_fingerprint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path(DIGITS).touch()
    assert parse_trust(DIGITS) == Path(DIGITS)


def test_trust_is_split_into_files_and_fingerprints() -> None:
    assert split_trust([Path("a"), DIGITS, Path("b"), DIGITS]) == (
        (Path("a"), Path("b")),
        frozenset({DIGITS}),
    )


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("2026-11-22T14:05:00Z", dt.datetime(2026, 11, 22, 14, 5, tzinfo=UTC)),
        ("2026-11-22t14:05:00z", dt.datetime(2026, 11, 22, 14, 5, tzinfo=UTC)),
        ("2026-11-22T14:05:00+02:00", dt.datetime(2026, 11, 22, 12, 5, tzinfo=UTC)),
        ("2026-11-22 14:05-03:30", dt.datetime(2026, 11, 22, 17, 35, tzinfo=UTC)),
        ("2026-11-22T14:05:01.5Z", dt.datetime(2026, 11, 22, 14, 5, 1, 500_000, tzinfo=UTC)),
        ("2026-11-22T14:05:01.1234567Z", dt.datetime(2026, 11, 22, 14, 5, 1, 123_456, tzinfo=UTC)),
    ],
)
def test_a_time_has_its_zone(text: str, time: dt.datetime) -> None:
    assert parse_time(text) == time
    assert parse_time(text).tzinfo is UTC


@given(st.datetimes(timezones=st.sampled_from([UTC, dt.timezone(dt.timedelta(hours=5, minutes=45))])))
def test_any_time_can_be_written_and_read(time: dt.datetime) -> None:
    """``parse_time(t.isoformat()) == t`` wherever both can be told in UTC."""
    try:
        instant = time.astimezone(UTC)
    except OverflowError:
        with pytest.raises(UsageError):
            parse_time(time.isoformat())
    else:
        assert parse_time(time.isoformat()) == instant


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("2026-11-22", "the date 2026-11-22 has neither a time of day nor a zone"),
        ("2026-11-22T14:05:00", "the time 2026-11-22T14:05:00 has no zone"),
        ("2026-11-22T14:05:00 EET", "is not a time"),
        ("2026-11-22T14:05:00EET", "is not a time"),
        ("2026-11-22T14:05:00+0200", "is not a time"),
        ("2026-11-22T14:05:60Z", "is not a time"),
        ("2026-02-30T14:05:00Z", "is not a time"),
        ("2026-W47-7T14:05:00Z", "is not a time"),
        ("٢٠٢٦-11-22T14:05:00Z", "is not a time"),
        ("0001-01-01T00:00:00+05:00", "is not a time"),
        ("yesterday\x1b", "is not a time"),
        ("", "is not a time"),
    ],
)
def test_a_time_without_zone_is_refused(text: str, message: str) -> None:
    with pytest.raises(UsageError, match=message) as caught:
        parse_time(text)
    assert "+02:00" in caught.value.hint
    assert caught.value.message.isprintable()


def test_shared_options_arrive_as_values(act: Act, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EVIDENCE_VAULT", "/elsewhere")
    out = act("act", "options", "--json", "--trust", "ca.pem", "--at", "2026-11-22T14:05:00Z")[1]
    assert out.splitlines() == [
        "vault=/elsewhere",
        "as_json=True",
        "trust=(PosixPath('ca.pem'),)",
        "at=2026-11-22 14:05:00+00:00",
    ]
    monkeypatch.setenv("EVIDENCE_VAULT", "")
    assert act("act", "options")[1].splitlines() == ["vault=None", "as_json=False", "trust=()", "at=None"]
    assert act("act", "options", "--vault", "here")[1].startswith("vault=here\n")
