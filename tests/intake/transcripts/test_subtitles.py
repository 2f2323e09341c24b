"""Subtitles and tables as transcripts, written by hand after their documentation and their programs' habits."""

import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.errors import FormatError
from evidence.intake.transcripts import reading
from evidence.model.transcript import Cue
from tests.intake.transcripts.reading import W, cues, refused
from tests.requirements import need

# as openai/whisper, whisper.cpp (-di) and WhisperX write it, one each
SRT = """1
00:00:00,000 --> 00:00:04,480
Добрий день, ваша розмова записується.

2
00:00:04,480 --> 00:00:07,000
(speaker 1) Ви там усі безголові

3
00:00:05,500 --> 00:01:02,040
[SPEAKER_00]: Прошу вас

"""


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize(("name", "form"), [("t.srt", ""), ("T.SRT", ""), ("t.txt", ""), ("t", "srt")])
def test_a_whole_srt(name: str, form: str, bom: bytes, end: str) -> None:
    found = reading.read(name, bom + SRT.replace("\n", end).encode(), form)
    assert found.form == "srt"
    assert (found.language, found.made_by) == ("", "")
    assert found.cues == (
        Cue(2, 0, 4_480, "Добрий день, ваша розмова записується."),
        Cue(6, 4_480, 7_000, "Ви там усі безголові", (), "1"),
        Cue(10, 5_500, 62_040, "Прошу вас", (), "SPEAKER_00"),
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("00:00:01.5 --> 00:00:02.25\nx", Cue(1, 1_500, 2_250, "x")),
        ("00:01 --> 00:02\nx", Cue(1, 1_000, 2_000, "x")),
        ("1:02:03,004 --> 01:02:03,004 X1:1 X2:2 Y1:3 Y2:4\nx", Cue(1, 3_723_004, 3_723_004, "x")),
        ("123:00:00,000-->123:00:01,000\nx", Cue(1, 442_800_000, 442_801_000, "x")),
        ("\n\n7\n0:00:01,000 --> 0:00:02,000\n\n", Cue(4, 1_000, 2_000, "")),
        ("00:01,0 --> 00:02,0\n<i>а</i> {\\an8}<font color='#fff'>б</font>", Cue(1, 1_000, 2_000, "а б")),
        ("00:01,0 --> 00:02,0\na < b > c\n- d", Cue(1, 1_000, 2_000, "a < b > c - d")),
        ("00:01,0 --> 00:02,0\nперше\n\nдруге", Cue(1, 1_000, 2_000, "перше друге")),
        ("00:01,0 --> 00:02,0\n1\n2", Cue(1, 1_000, 2_000, "1 2")),
        ("00:01,0 --> 00:02,0\n\u202ex\x1b[2J", Cue(1, 1_000, 2_000, "\u202ex\x1b[2J")),
    ],
)
def test_one_cue_of_srt(text: str, expected: Cue) -> None:
    assert cues("t.srt", text) == (expected,)


def test_a_number_belongs_to_the_times_below_it() -> None:
    text = "00:01,0 --> 00:02,0\n2026\n\n00:02,0 --> 00:03,0\nx\n3\n00:03,0 --> 00:04,0\ny"
    assert [cue.text for cue in cues("t.srt", text)] == ["2026", "x", "y"]


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("hello\n00:01,0 --> 00:02,0\nx", 1, '"hello" has no times'),
        ("00:01,0 --> 00:02,0\nx\n\n00:60,0 --> 01:02,0", 4, "isn't two times"),
        ("00:61:00,0 --> 01:02:00,0", 1, "isn't two times"),
        ("-00:01,0 --> 00:02,0", 1, "isn't two times"),
        ("NaN --> 00:02,0", 1, "isn't two times"),
        ("٠٠:01,0 --> 00:02,0", 1, "isn't two times"),
        ("99999:00:00,0 --> 99999:00:01,0", 1, "isn't two times"),
        ("00:01,0 --> 168:00:00,001", 1, "more than a week"),
        ("00:02,0 --> 00:01,0\nx\u202e", 1, '"x\\u{202e}" ends at 1000 ms, before it starts at 2000 ms'),
        ("00:01,0 --> 00:02,0\n" + "x" * 4001, 1, "longer than 4000 characters"),
        ("a --> b", 1, "isn't two times"),
    ],
)
def test_mistakes_in_srt(text: str, line: int, reason: str) -> None:
    told = refused("t.srt", text.encode())
    assert told.startswith(f"t.srt, line {line}: ")
    assert reason in told


VTT = """WEBVTT - made by a program
Kind: captions
Language: uk

STYLE
::cue { color: red }

NOTE a remark
of two lines

1
00:00.000 --> 00:04.480 align:start position:0%
<v Оператор>Добрий день &amp; ласкаво

hello
01:00:04.480 --> 01:00:07.000
<v.loud Абонент>Ви<01:00:05.000><c> там</c><01:00:05.500> усі
безголові</v>

00:08.000 --> 00:09.000
<v A>x</v> <v B>y</v>
"""


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize(("name", "form"), [("t.vtt", ""), ("t", ""), ("t.srt", "webvtt")])
def test_a_whole_webvtt(name: str, form: str, end: str) -> None:
    found = reading.read(name, VTT.replace("\n", end).encode(), form)
    assert (found.form, found.language) == ("webvtt", "uk")
    words = (
        W("Ви", 3_604_480, 3_605_000),
        W("там", 3_605_000, 3_605_500),
        W("усі", 3_605_500, 3_607_000),
        W("безголові", 3_605_500, 3_607_000),
    )
    assert found.cues == (
        Cue(12, 0, 4_480, "Добрий день & ласкаво", (), "Оператор"),
        Cue(16, 3_604_480, 3_607_000, "Ви там усі безголові", words, "Абонент"),
        Cue(20, 8_000, 9_000, "x y"),
    )


HEAD = "WEBVTT\n\n"
TIMES = "00:01.000 --> 00:02.000"


@pytest.mark.parametrize("inner", ["<00:03.000>", "<00:00.500>", "<00:01.800>a<00:01.200>", "<99:99.000>"])
def test_times_of_words_that_cannot_be_are_no_times(inner: str) -> None:
    (cue,) = cues("t.vtt", f"{HEAD}{TIMES}\nx {inner}y")
    assert (cue.words, cue.text.replace("a", "")) == ((), "x y")


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("1\n00:00:01,000 --> 00:00:02,000\nx", 1, "where a WebVTT file begins"),
        (f"{HEAD}text alone", 3, '"text alone" has no times'),
        (f"{HEAD}{TIMES}\nx\n{TIMES}\ny", 5, "in the middle of another cue"),
        (f"{HEAD}00:01.000 --> x", 3, "isn't two times"),
        (f"{HEAD}00:02.000 --> 00:01.000\nx", 3, "before it starts"),
        (f"{HEAD}{TIMES}\n" + "<i>" * 30_000, 3, "longer than 4000"),
    ],
)
def test_mistakes_in_webvtt(text: str, line: int, reason: str) -> None:
    told = refused("t.vtt", text.encode())
    assert told.startswith(f"t.vtt, line {line}: ")
    assert reason in told


TSV = "start\tend\ttext\n0\t4480\tДобрий день\n\n4480\t7000\tВи там усі\n"


@pytest.mark.parametrize("name", ["t.tsv", "t.txt"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_whispers_table(name: str, end: str) -> None:
    found = reading.read(name, TSV.replace("\n", end).encode())
    assert found.form == "tsv"
    assert found.cues == (Cue(2, 0, 4_480, "Добрий день"), Cue(4, 4_480, 7_000, "Ви там усі"))


@pytest.mark.parametrize("edge", ["1.5", "-1", "nan", "", "1e3", "٣", "9" * 20, "604800001"])
def test_mistakes_in_whispers_table(edge: str) -> None:
    told = refused("t.tsv", f"start\tend\ttext\n1\t{edge}\tx".encode())
    assert told.startswith("t.tsv, line 2: ")


def test_ffmpeg_writes_what_is_read(tmp_path: Path) -> None:
    """Both forms as another program writes them of the same cues."""
    source = tmp_path / "t.srt"
    source.write_text(SRT.replace("[SPEAKER_00]: ", "").replace("(speaker 1) ", ""), encoding="utf-8")
    expected = [(cue.start_ms, cue.end_ms, cue.text) for cue in cues("t.srt", source.read_bytes())]
    for name in ("o.srt", "o.vtt"):
        command = [need("ffmpeg"), "-v", "error", "-i", str(source), str(tmp_path / name)]
        subprocess.run(command, check=True)
        found = cues(name, (tmp_path / name).read_bytes())
        assert [(cue.start_ms, cue.end_ms, cue.text) for cue in found] == expected


def written(milliseconds: int, mark: str) -> str:
    seconds, thousandths = divmod(milliseconds, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}{mark}{thousandths:03}"


SPANS = st.lists(
    st.tuples(st.integers(0, 604_800_000), st.integers(0, 604_800_000)).map(lambda x: (min(x), max(x)))
)


@given(SPANS)
def test_every_span_is_read_to_the_millisecond(spans: list[tuple[int, int]]) -> None:
    for name, mark, head in (("t.srt", ",", "\n"), ("t.vtt", ".", HEAD)):
        body = "".join(f"{written(a, mark)} --> {written(b, mark)}\nx\n\n" for a, b in spans)
        if spans or name == "t.vtt":
            assert [(cue.start_ms, cue.end_ms) for cue in cues(name, head + body)] == spans


PIECES = st.sampled_from(
    [TIMES, "00:01,0 --> 00:02,0", "", "NOTE", "1", "<v", "-->", "&#9;", "<00:01.500>", "x\ty"]
)


@given(st.text() | st.lists(PIECES).map("\n".join), st.sampled_from(["t.srt", "t.vtt", "t.tsv"]))
def test_any_text_is_read_or_refused(text: str, name: str) -> None:
    heads = {"t.srt": "", "t.vtt": HEAD, "t.tsv": "start\tend\ttext\n"}
    hint, found = "-", 0
    try:
        found = len(cues(name, (heads[name] + text).encode("utf-8", "replace")))
    except FormatError as error:
        hint = error.hint
    assert hint
    assert found <= text.count("-->") + text.count("\t")
