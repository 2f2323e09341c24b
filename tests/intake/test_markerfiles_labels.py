"""Audacity's label files, written by hand after its manual."""

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.errors import FormatError
from evidence.intake.markerfiles import reading
from evidence.intake.markerfiles.drafts import Draft
from tests.intake.markerfiles import refused

EXPORTED = (
    "7.167000\t9.609000\tобраза: ти дурень\n"
    "12.500000\t12.500000\tприкра пауза\n"
    "83.250499\t87.250500\tpogrom: щось своє\n"
    "\\\t250.000000\t3100.000000\n"
    "90.000000\t91.000000\tthreat: I'll find you: soon\n"
    "100.000000\t101.000000\tSexual Harassment:…\n"
    "102.000000\t103.000000\tпогроза\n"
    "104.000000\t105.000000\t\n"
)
READ = (
    Draft(1, 7_167, 9_609, "ти дурень", marker_class="insult"),
    Draft(2, 12_500, None, "прикра пауза"),
    Draft(3, 83_250, 87_251, "pogrom: щось своє"),
    Draft(5, 90_000, 91_000, "I'll find you: soon", marker_class="threat"),
    Draft(6, 100_000, 101_000, "…", marker_class="sexual_harassment"),
    Draft(7, 102_000, 103_000, "", marker_class="threat"),
    Draft(8, 104_000, 105_000, ""),
)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("name", ["labels.txt", "Label Track", "x.TXT"])
def test_an_export(name: str, bom: bytes, end: str) -> None:
    assert reading.read(name, bom + EXPORTED.replace("\n", end).encode()) == READ


def test_the_form_is_told() -> None:
    assert reading.read("labels.csv", EXPORTED.encode(), "audacity") == READ


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("7,167000\t9,609000\tx", Draft(1, 7_167, 9_609, "x")),
        ("7\t9\tx", Draft(1, 7_000, 9_000, "x")),
        ("7.0\t9.0", Draft(1, 7_000, 9_000, "")),
        ("7.0\t9.0\ta\tb", Draft(1, 7_000, 9_000, "a\tb")),
        ("0.0004\t0.0005\tx", Draft(1, 0, 1, "x")),
        ("1.0\t2.0\t \u2028x", Draft(1, 1_000, 2_000, "x")),
        ("1.0\t2.0\ta\u2028b\x0bc\x85d", Draft(1, 1_000, 2_000, "a\u2028b\x0bc\x85d")),
        ("1.0\t2.0\t\u202eevil", Draft(1, 1_000, 2_000, "\u202eevil")),
        ("1.0\t2.0\t=cmd()", Draft(1, 1_000, 2_000, "=cmd()")),
        ("\n\n1.0\t2.0\tx", Draft(3, 1_000, 2_000, "x")),
        ("1.0\t2.0\tінше : x", Draft(1, 1_000, 2_000, "x", marker_class="other")),
        ("1.0\t2.0\tMALICIOUS_CALL:x", Draft(1, 1_000, 2_000, "x", marker_class="malicious_call")),
    ],
)
def test_single_lines(line: str, expected: Draft) -> None:
    assert reading.read("x", line.encode(), "audacity") == (expected,)


@pytest.mark.parametrize(
    ("lines", "line", "reason"),
    [
        ("1.0\t2.0\tx\nhello", 2, '"hello" is no label'),
        ("1.0 2.0 x", 1, "is no label"),
        ("-1.0\t2.0\tx", 1, '"-1.0" is no position'),
        ("1.0\t-2.0\tx", 1, '"-2.0" is no position'),
        ("nan\t2.0\tx", 1, '"nan" is no position'),
        ("1.0\tinf\tx", 1, '"inf" is no position'),
        ("1e3\t2000\tx", 1, '"1e3" is no position'),
        ("1.0\t\tx", 1, '"" is no position'),
        ("1.0\tx", 1, '"x" is no position'),
        ("\n1.0\t604800.001\tx", 2, "more than a week"),
        ("1.0\t" + "9" * 500 + "\tx", 1, f'"{"9" * 40}" is no position'),
        ("2.0\t1.0\tx", 1, 'the marker "x" ends at 1000 ms, before it starts at 2000 ms'),
        ("1.0\t2.0\t" + "я" * 4001, 1, "longer than 4000 characters"),
        ("1.0\t2.0\tx\n1\x1b[2J", 2, '"1\\u{1b}[2J" is no label'),
        ("1.0\t2.0\tx\n" * 2001, 2001, "more than 2000 markers"),
    ],
)
def test_mistakes_name_their_line(lines: str, line: int, reason: str) -> None:
    error = refused("labels.txt", lines.encode(), "audacity")
    assert error.message.startswith(f"labels.txt, line {line}: ")
    assert reason in error.message
    assert (
        f"labels.txt, рядок {line}: "
        in refused("labels.txt", lines.encode(), "audacity", language="uk").message
    )


SECONDS = st.decimals(0, 604_800, places=6)


@given(st.lists(st.tuples(SECONDS, SECONDS), min_size=1, max_size=20))
def test_every_label_is_read_to_the_millisecond(spans: list[tuple[Decimal, Decimal]]) -> None:
    ordered = [(min(span), max(span)) for span in spans]
    data = "".join(f"{start:.6f}\t{end:.6f}\tx\n" for start, end in ordered).encode()
    drafts = reading.read("labels.txt", data)
    assert [draft.line for draft in drafts] == list(range(1, len(spans) + 1))
    for (start, end), draft in zip(ordered, drafts, strict=True):
        assert abs(start * 1000 - draft.start_ms) <= Decimal("0.5")
        assert draft.end_ms is not None or end - start < Decimal("0.001")
        assert draft.end_ms is None or abs(end * 1000 - draft.end_ms) <= Decimal("0.5")


@given(st.text() | st.from_regex(re.compile(r"([0-9.,]{0,5}\t?){0,4}[a-zа-я:\\]{0,9}\n")))
def test_any_text_is_read_or_refused(text: str) -> None:
    drafts: tuple[Draft, ...] = ()
    hint = "-"
    try:
        drafts = reading.read("x", text.encode("utf-8", "replace"), "audacity")
    except FormatError as error:
        hint = error.hint
    assert hint
    assert all(draft.end_ms is None or draft.end_ms > draft.start_ms for draft in drafts)
