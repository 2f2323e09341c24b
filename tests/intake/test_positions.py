"""Positions in a recording as people type them; the decimal module is the oracle of the arithmetic."""

import re
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence import messages
from evidence.errors import UsageError
from evidence.intake import positions

WEEK = 7 * 24 * 3600 * 1000
DIGITS = st.text("0123456789", min_size=1, max_size=20)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0", 0),
        ("83", 83_000),
        ("83.5", 83_500),
        ("83,5", 83_500),
        ("83.5s", 83_500),
        ("83500ms", 83_500),
        ("0ms", 0),
        ("1:23", 83_000),
        ("1:23.500", 83_500),
        ("01:23,5", 83_500),
        ("83:20", 5_000_000),
        ("1:02:03", 3_723_000),
        ("01:02:03,250", 3_723_250),
        ("167:59:59.999", WEEK - 1),
        ("168:00:00", WEEK),
        ("604800", WEEK),
        ("604800000ms", WEEK),
        ("0.0004", 0),
        ("0.0005", 1),
        ("0.00049999999999999999999", 0),
        ("1.0005", 1_001),
        ("1.0015", 1_002),
        ("1.9995", 2_000),
        ("0:59.9999", 60_000),
        ("1.001", 1_001),
        ("16777216.001", None),
        ("4.35", 4_350),
        ("1.1", 1_100),
    ],
)
def test_forms(text: str, expected: int | None) -> None:
    if expected is None:
        with pytest.raises(UsageError, match="more than a week"):
            positions.parse(text)
    else:
        assert positions.parse(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        " 1:23",
        "1:23 ",
        "1:23\n",
        "-1",
        "-1:23",
        "+1",
        "nan",
        "NaN",
        "inf",
        "-inf",
        "1e3",
        "0x10",
        "1_000",
        "1:75",
        "1:5",
        "1:2:03",
        "1:02:3",
        "1:60",
        "1:75:00",
        "1:02:75",
        "1:02:03:04",
        ":23",
        "1:",
        ".5",
        "5.",
        "5,",
        "1.2.3",
        "1,234.5",
        "83.5ms",
        "83500 ms",
        "83500мс",
        "٨٣",
        "１:２３",
        "з",
        "\u202e1:23",
        "1:23\x00",
        "\ufeff1:23",
        "\ud800",
        "1" * 10_000,
        "1." + "0" * 10_000,
    ],
)
@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_refused(text: str, language: str) -> None:
    messages.set_language(language)
    with pytest.raises(UsageError) as caught:
        positions.parse(text)
    assert "1:23.5" in caught.value.hint
    assert caught.value.message.isprintable()
    assert len(caught.value.message) < 400


@pytest.mark.parametrize(
    "text", ["604800.0005", "604801", "604800001ms", "168:00:01", "168:00:00.001", "9999:59:59", "9" * 12]
)
def test_too_late(text: str) -> None:
    with pytest.raises(UsageError, match="more than a week") as caught:
        positions.parse(text)
    assert "83500ms" in caught.value.hint


@given(whole=st.integers(0, 604_799), fraction=DIGITS, mark=st.sampled_from(".,"))
def test_seconds_round_half_up_exactly(whole: int, fraction: str, mark: str) -> None:
    exact = Decimal(f"{whole}.{fraction}") * 1000
    expected = int(exact.quantize(Decimal(1), ROUND_HALF_UP))
    assert positions.parse(f"{whole}{mark}{fraction}") == expected
    clock = f"{whole // 3600}:{whole // 60 % 60:02}:{whole % 60:02}{mark}{fraction}"
    assert positions.parse(clock) == expected
    assert positions.parse(f"{whole // 60}:{whole % 60:02}{mark}{fraction}") == expected


@given(st.text() | st.from_regex(re.compile(r"[0-9:.,ms\-–nainfe+ ]{0,12}")))
def test_any_text_is_a_position_or_a_plain_error(text: str) -> None:
    found, refusal = 0, UsageError("", "-")
    try:
        found = positions.parse(text)
    except UsageError as error:
        refusal = error
    assert 0 <= found <= WEEK
    assert refusal.hint
    assert not refusal.message or refusal.message.isprintable()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1:23-1:27.5", (83_000, 87_500)),
        ("1:23..1:27", (83_000, 87_000)),
        ("1:23 - 1:27", (83_000, 87_000)),
        ("1:23–1:27", (83_000, 87_000)),
        ("83,5..84,25", (83_500, 84_250)),
        ("83.5..84.25", (83_500, 84_250)),
        ("83500ms-84s", (83_500, 84_000)),
        ("1:23-1:23", (83_000, 83_000)),
    ],
)
def test_ranges(text: str, expected: tuple[int, int]) -> None:
    assert positions.parse_range(text) == expected


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "no range"),
        ("1:23", "no range"),
        ("1-2-3", "no range"),
        ("1...2", "no position"),
        ("1:23  -  1:27", "no position"),
        ("-1-2", "no range"),
        ("-1..2", "no range"),
        ("1:23-", "no position"),
        ("-1:23", "no position"),
        ("1:27-1:23", "ends before it begins"),
        ("1:23-9:75", "no position"),
        ("0-604801", "more than a week"),
        ("1-2" + " " * 10_000, "no position"),
        ("1-" * 100_000, "no range"),
    ],
)
@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_refused_ranges(text: str, reason: str, language: str) -> None:
    with pytest.raises(UsageError, match=reason):
        positions.parse_range(text)
    messages.set_language(language)
    with pytest.raises(UsageError) as caught:
        positions.parse_range(text)
    assert caught.value.hint
    assert len(caught.value.message) < 400
