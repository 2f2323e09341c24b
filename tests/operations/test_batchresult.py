"""What a batch did, as a document, in words, and its analysis table."""

import datetime as dt
import json

import pytest

from evidence.messages import set_language
from evidence.operations.batchresult import BatchSummary, FormatCost, combined, total

BEGIN = dt.datetime(2026, 11, 22, 2, 0, 0, 500_000, dt.UTC)
END = dt.datetime(2026, 11, 22, 4, 13, 1, tzinfo=dt.timezone(dt.timedelta(hours=2)))


def summary(**values: int) -> BatchSummary:
    return BatchSummary(BEGIN, END, **values)  # type: ignore[arg-type]


def test_the_document_holds_every_figure() -> None:
    costs = (FormatCost("wav/pcm", 3, 1_800_000, 45), FormatCost("gsm", 1, 0, 2))
    grades = {"in_recording": 4, "none": 1}
    whole = BatchSummary(
        BEGIN, END, 5, 1, 2, 3, 4, 6, 7_000_000, "pending", 8, 99, costs, notice_grades=grades
    )
    document = json.loads(json.dumps(whole.to_document()))
    assert document == {
        "event": "summary",
        "started": "2026-11-22T02:00:00.500Z",
        "finished": "2026-11-22T02:13:01.000Z",
        "sealed": 5,
        "already": 1,
        "left": 2,
        "quarantined": 3,
        "failed": 4,
        "alarms": 0,
        "received": 6,
        "bytes": 7_000_000,
        "stamp": "pending",
        "pending": 8,
        "head": 99,
        "notice_grades": {
            "in_recording": 4,
            "pbx_log": 0,
            "config_snapshot": 0,
            "operator_statement": 0,
            "none": 1,
        },
        "examination": [
            {
                "format": "wav/pcm",
                "recordings": 3,
                "milliseconds": 1_800_000,
                "cpu_ms": 45,
                "cpu_ms_per_hour": 90,
            },
            {"format": "gsm", "recordings": 1, "milliseconds": 0, "cpu_ms": 2, "cpu_ms_per_hour": None},
        ],
    }


def test_the_line_names_what_needs_a_person_first_and_nothing_that_is_zero() -> None:
    words = summary(sealed=312, quarantined=2, failed=1, head=4711).in_words()
    assert words == (
        "batch of 2026-11-22 02:13 UTC: QUARANTINED: 2, NOT SEALED, still in the inbox: 1, sealed: 312 "
        "(780 s; the register has 4711 entries)"
    )


def test_a_batch_with_nothing_to_do_says_so() -> None:
    assert ": sealed: 0 (" in summary(head=1).in_words()


def test_the_line_in_ukrainian() -> None:
    set_language("uk")
    words = summary(sealed=5, left=3, pending=4, head=12).in_words()
    assert "запечатано: 5, залишено на наступний раз: 3, чекають на позначку часу: 4" in words


@pytest.mark.parametrize(
    ("count", "has_notices", "told"),
    [
        (0, True, ""),
        (1, True, ", 1 recording where nothing shows that the notice was played"),
        (7, True, ", 7 recordings where nothing shows that the notice was played"),
        (7, False, ""),
    ],
)
def test_recordings_without_notice_are_told_where_there_are_versions_of_it(
    count: int,
    has_notices: bool,  # noqa: FBT001
    told: str,
) -> None:
    grades = {"none": count, "in_recording": 3}
    words = BatchSummary(BEGIN, END, 9, notice_grades=grades, has_notices=has_notices).in_words()
    assert f": sealed: 9{told} (780 s; " in words


@pytest.mark.parametrize(("count", "word"), [(1, "запис,"), (3, "записи,"), (5, "записів,"), (21, "запис,")])
def test_recordings_without_notice_in_ukrainian(count: int, word: str) -> None:
    set_language("uk")
    words = BatchSummary(BEGIN, END, 30, notice_grades={"none": count}, has_notices=True).in_words()
    assert f"{count} {word} де ніщо не свідчить, що сповіщення прозвучало" in words


def test_a_clock_that_was_set_back_gives_no_negative_time() -> None:
    assert BatchSummary(END, BEGIN).seconds == 0


def test_the_table_has_one_line_for_each_format() -> None:
    lines = [FormatCost("gsm", 1, 1000, 3), FormatCost("au", 2, 5, 7), FormatCost("gsm", 4, 2000, 6)]
    assert combined(lines) == (FormatCost("au", 2, 5, 7), FormatCost("gsm", 5, 3000, 9))
    assert combined([]) == ()
    assert total(lines[:1]) == lines[0]


@pytest.mark.parametrize(
    ("milliseconds", "cpu", "expected"), [(3_600_000, 5, 5), (60_000, 1, 60), (0, 9, None)]
)
def test_cost_for_an_hour_of_sound(milliseconds: int, cpu: int, expected: int | None) -> None:
    assert FormatCost("mp3", 1, milliseconds, cpu).per_hour == expected
