"""CSV tables of markers; the csv module writes what is read back."""

import csv
import io
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.errors import FormatError
from evidence.intake.markerfiles import classes, reading
from evidence.intake.markerfiles.drafts import Draft
from tests.intake.markerfiles import refused

AT = "2026-11-05T10:48:12+02:00"
EVERY = (
    "start,end,class,words,recording,channel,asserted_by,asserted_at,how,language,note\n"
    f'1:23,"1:27,5",insult,"ти, ""дурень""\nта ще",call.wav,0,Олена 204,{AT},listened,uk,тихо\n'
    "\n"
    ",,,,,,,,,,\n"
    "0:05,,Погроза,,,caller,,,Hot key,,\n"
)
READ = (
    Draft(
        2,
        83_000,
        87_500,
        'ти, "дурень"\nта ще',
        "call.wav",
        0,
        "insult",
        "Олена 204",
        AT,
        "listened",
        "uk",
        "тихо",
    ),
    Draft(6, 5_000, None, "", channel="caller", marker_class="threat", how="hot_key"),
)


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("name", ["markers.csv", "markers.CSV", "markers.tsv", "markers.txt"])
def test_every_column(name: str, bom: bytes, end: str) -> None:
    drafts = reading.read(name, bom + EVERY.replace("\n", end).encode())
    assert [draft.words.replace("\r", "") for draft in drafts] == [draft.words for draft in READ]
    assert [(draft.line, draft.start_ms, draft.end_ms, draft.channel) for draft in drafts] == [
        (2, 83_000, 87_500, 0),
        (6, 5_000, None, "caller"),
    ]
    assert end != "\n" or drafts == READ


def test_ukrainian_columns_as_excel_saves_them() -> None:
    text = (
        "sep=;\r\n"
        "Початок;Кінець;Клас;Слова;Запис;Канал;Хто;Коли;Як;Мова;Примітка\r\n"
        "83,5;84;Сексуальні домагання;=x;а.wav;1;204;05.11.2026 10:48;прослухано;uk;б\r\n"
        ";;;;;;;;;;\r\n"
    )
    expected = Draft(
        3,
        83_500,
        84_000,
        "=x",
        "а.wav",
        1,
        "sexual_harassment",
        "204",
        "2026-11-05T10:48:00+02:00",
        "listened",
        "uk",
        "б",
    )
    assert reading.read("m.csv", text.encode(), zone="Europe/Kyiv") == (expected,)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("start\n83.5\n", Draft(2, 83_500, None, "")),
        ("start_ms,end_ms\n0,604800000", Draft(2, 0, 604_800_000, "")),
        ("start_ms;end\n83500;1:27", Draft(2, 83_500, 87_000, "")),
        ("words\tstart\na,b;c\t1:23", Draft(2, 83_000, None, "a,b;c")),
        ("start;words\n83,5;a,b", Draft(2, 83_500, None, "a,b")),
        (" START ; Asserted By \n1; 204 ", Draft(2, 1_000, None, "", asserted_by="204")),
        ("start,words,,\n1,x,,\n", Draft(2, 1_000, None, "x")),
        ("\n\nstart,words\n1\n", Draft(4, 1_000, None, "")),
        ('"start","words"\n"1","x"\n', Draft(2, 1_000, None, "x")),
        ("start,end\n1,1\n", Draft(2, 1_000, 1_000, "")),
        ("start,channel\n1,31\n", Draft(2, 1_000, None, "", channel=31)),
        ("start,channel\n1,٣\n", Draft(2, 1_000, None, "", channel="٣")),
        ("start,мова,примітка\n1,uk,x\n", Draft(2, 1_000, None, "", language="uk", note="x")),
        ("start,words\n1,\u202e\x1b[2J\n", Draft(2, 1_000, None, "\u202e\x1b[2J")),
    ],
)
def test_small_tables(text: str, expected: Draft) -> None:
    assert reading.read("m.csv", text.encode()) == (expected,)


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("a,b\n1,2", 1, 'unknown column "a"'),
        ("start,stop\n1,2", 1, 'unknown column "stop"'),
        ("start,,words\n1,2,3", 1, 'unknown column ""'),
        ("start,\x1b[2J\n1,2", 1, 'unknown column "\\u{1b}[2J"'),
        ("start," + "x" * 40, 1, f'unknown column "{"x" * 40}"'),
        ("start," + "x" * 500, 1, f'unknown column "{"x" * 40}…"'),
        ("start,start\n1,2", 1, 'the column "start" stands twice'),
        ("start,початок\n1,2", 1, 'the column "початок" stands twice'),
        ("start,start_ms\n1,2", 1, 'the column "start_ms" stands twice'),
        ("end,words\n1,2", 1, "no column says where a marker starts"),
        ("sep=;\n", 1, "no column says where a marker starts"),
        ("start,words\n1,a,b", 2, '"b" stands beyond the last column'),
        ("start,words\n83,5,a", 2, '"a" stands beyond the last column'),
        ("start,end\n,2", 2, '"" is no position'),
        ("start\n1\n-1", 3, '"-1" is no position'),
        ("start\nnan", 2, '"nan" is no position'),
        ("start\n1:75", 2, '"1:75" is no position'),
        ("start\n604801", 2, "more than a week"),
        ("start_ms\n1.5", 2, '"1.5" isn\'t a whole number'),
        ("start_ms\n-1", 2, '"-1" isn\'t a whole number'),
        ("start_ms\n٣", 2, "isn't a whole number"),
        ("start_ms\n604800001", 2, "more than a week"),
        ("start_ms\n" + "9" * 5000, 2, "isn't a whole number"),
        ("start,end\n2,1", 2, "ends at 1000 ms, before it starts at 2000 ms"),
        ("start,class\n1,rude", 2, '"rude" is no class'),
        ("start,channel\n1,32", 2, "no channel 32"),
        ("start,channel\n1," + "1" * 60, 2, "no channel"),
        ("start,channel\n1," + "c" * 65, 2, "longer than 64 characters"),
        ("start,asserted_by\n1," + "c" * 301, 2, "longer than 300 characters"),
        ("start,recording\n1," + "c" * 256, 2, "longer than 255 characters"),
        ("start,words\n1," + "c" * 4001, 2, "longer than 4000 characters"),
        ("start,note\n1," + "c" * 4001, 2, "longer than 4000 characters"),
        ("start,asserted_at\n1,yesterday", 2, '"yesterday" is no date and time'),
        ("start,asserted_at\n1,2026-11-05 10:48", 2, "is a local time"),
        ("start,how\n1,heard", 2, '"heard" doesn\'t say how'),
        ("start,how\n1," + "и\u0306" * 1000, 2, "doesn't say how"),
        ("start,language\n1,українська", 2, "is no code of a language"),
        ("start,language\n1,e", 2, "is no code of a language"),
        ('start,words\n1,"a', 2, "quotes of this row don't match"),
        ('start,words\n1,x\n1,"a" b', 3, "quotes of this row don't match"),
        ('start,words\n1,"' + "a\n" * 100_000 + '"', 2, "quotes of this row don't match"),
        ("start\n" + "1\n" * 2001, 2002, "more than 2000 markers"),
    ],
)
def test_mistakes_name_their_line(text: str, line: int, reason: str) -> None:
    error = refused("m.csv", text.encode())
    assert error.message.startswith(f"m.csv, line {line}: ")
    assert reason in error.message
    assert f", рядок {line}: " in refused("m.csv", text.encode(), language="uk").message


@pytest.mark.parametrize(
    ("column", "limit"),
    [("words", 4000), ("note", 4000), ("recording", 255), ("asserted_by", 300), ("channel", 64)],
)
def test_the_longest_cells(column: str, limit: int) -> None:
    longest = "я" * limit
    said: dict[str, Any] = {"words": "", column: longest}
    draft = Draft(2, 1_000, None, **said)
    assert reading.read("m.csv", f"start,{column}\n1,{longest}".encode()) == (draft,)


def test_an_unknown_column_is_told_the_known_ones() -> None:
    assert "start, end, start_ms, end_ms, class, words" in refused("m.csv", b"a,b").hint
    assert "початок, кінець, start_ms, end_ms, клас" in refused("m.csv", b"a,b", language="uk").hint


def test_an_unknown_class_is_told_the_known_ones() -> None:
    assert "insult, profanity, threat" in refused("m.csv", b"start,class\n1,rude").hint


CELLS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20).map(str.strip)


@given(
    st.sampled_from(",;\t"),
    st.lists(st.tuples(st.integers(0, 604_800_000), CELLS, CELLS), min_size=1, max_size=9),
)
def test_what_the_csv_module_writes_is_read(mark: str, rows: list[tuple[int, str, str]]) -> None:
    file = io.StringIO(newline="")
    writer = csv.writer(file, delimiter=mark, quoting=csv.QUOTE_ALL)
    writer.writerows([("start_ms", "words", "note"), *rows])
    drafts = reading.read("m.csv", file.getvalue().encode())
    assert [(draft.start_ms, draft.words, draft.note) for draft in drafts] == rows


@given(
    st.text()
    | st.from_regex(re.compile(r'(start|end|words)([,;\t"](end|words|class))?\n([0-9:,;"\n]{0,20})'))
)
def test_any_text_is_read_or_refused(text: str) -> None:
    hint, drafts = "-", 0
    try:
        drafts = len(reading.read("m.csv", text.encode("utf-8", "replace")))
    except FormatError as error:
        hint = error.hint
    assert hint
    assert drafts <= len(text)
    assert classes.CODES
