"""WebVTT files, written by hand after the W3C's rules."""

import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.errors import FormatError
from evidence.intake.markerfiles import reading
from evidence.intake.markerfiles.drafts import Draft
from tests.intake.markerfiles import refused
from tests.requirements import need

FULL = """WEBVTT - marked by shift 3
Kind: captions

STYLE
::cue { color: red }

REGION
id:fred
width:40%

NOTE one line

NOTE
several
lines

1
00:07.167 --> 00:09.609
insult: <v Caller>you <i>fool</i> &amp; worse</v>

second
01:00:00.000 --> 01:00:01.500 align:start position:10%,line-left size:35%
<v.loud Агент Сьомий>образа:
ти <c.red>дурень</c>&nbsp;&lt;b&gt;

00:00:10.000\t-->\t00:00:10.000
<00:00:10.000>point


100:00:00.000 --> 100:00:00.001
&#1090;&#x442;&lrm;
"""
READ = (
    Draft(18, 7_167, 9_609, "you fool & worse", marker_class="insult", speaker="Caller"),
    Draft(22, 3_600_000, 3_601_500, "ти дурень\u00a0<b>", marker_class="insult", speaker="Агент Сьомий"),
    Draft(26, 10_000, None, "point"),
    Draft(30, 360_000_000, 360_000_001, "тт\u200e"),
)
HEAD = "WEBVTT\n\n"
TIMES = "00:01.000 --> 00:02.000"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("name", ["markers.vtt", "markers.VTT", "markers.txt", "markers"])
def test_a_full_file(name: str, bom: bytes, end: str) -> None:
    assert reading.read(name, bom + FULL.replace("\n", end).encode()) == READ


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("WEBVTT", ()),
        ("WEBVTT\n", ()),
        ("WEBVTT\theader\n\n", ()),
        (f"WEBVTT\n{TIMES}\nx", (Draft(2, 1_000, 2_000, "x"),)),
        (f"WEBVTT\n\n\n\n{TIMES}", (Draft(5, 1_000, 2_000, ""),)),
        (f"{HEAD}{TIMES}\n{'a'}\n \nb", (Draft(3, 1_000, 2_000, "a b"),)),
        (f"{HEAD}0:00:01.000 --> 0:00:02.000\nx", (Draft(3, 1_000, 2_000, "x"),)),
        (f"{HEAD}00:01.000-->00:02.000\nx", (Draft(3, 1_000, 2_000, "x"),)),
        (f"{HEAD}NOTES\n{TIMES}\nx", (Draft(4, 1_000, 2_000, "x"),)),
        (f"{HEAD}{TIMES}\na < b", (Draft(3, 1_000, 2_000, "a"),)),
        (f"{HEAD}{TIMES}\n<v A\nB>x</v>", (Draft(3, 1_000, 2_000, "x", speaker="A B"),)),
        (f"{HEAD}{TIMES}\n<v A>x</v><v B>y", (Draft(3, 1_000, 2_000, "xy"),)),
        (f"{HEAD}7 point\n{TIMES}\nx", (Draft(4, 1_000, None, "x"),)),
        (f"{HEAD}7 points\n{TIMES}\nx", (Draft(4, 1_000, 2_000, "x"),)),
        (f"{HEAD}{TIMES}\n&#{'9' * 5000};x&#x{'f' * 9000}", (Draft(3, 1_000, 2_000, "\ufffdx\ufffd"),)),
        (f"{HEAD}{TIMES}\n&amp;lt;&bogus;", (Draft(3, 1_000, 2_000, "&lt;&bogus;"),)),
        (f"{HEAD}{TIMES}\n\u202ex\u2028y", (Draft(3, 1_000, 2_000, "\u202ex\u2028y"),)),
        (f"{HEAD}{TIMES}\nпогроза", (Draft(3, 1_000, 2_000, "", marker_class="threat"),)),
    ],
)
def test_small_files(text: str, expected: tuple[Draft, ...]) -> None:
    assert reading.read("x.vtt", text.encode()) == expected


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("WEBVTTX\n\n", 1, "where a WebVTT file begins with WEBVTT"),
        ("webvtt\n\n", 1, "where a WebVTT file begins with WEBVTT"),
        (" WEBVTT\n\n", 1, "where a WebVTT file begins with WEBVTT"),
        ("1\n00:00:01,000 --> 00:00:02,000\nsrt", 1, "where a WebVTT file begins with WEBVTT"),
        (f"{HEAD}only text", 3, '"only text" has no times'),
        (f"{HEAD}a\nb\n{TIMES}", 3, '"a" has no times'),
        (f"{HEAD}NOTE x\n{TIMES}\ny", 4, "in the middle of another block"),
        (f"{HEAD}NOTE a --> b", 3, "in the middle of another block"),
        (f"{HEAD}{TIMES}\nx\n{TIMES}\ny", 5, "in the middle of another block"),
        (f"{HEAD}{TIMES}\n{TIMES}", 4, "in the middle of another block"),
        (f"{HEAD}00:01,000 --> 00:02,000\nx", 3, "isn't two times"),
        (f"{HEAD}1:00.000 --> 2:00.000\nx", 3, "isn't two times"),
        (f"{HEAD}00:01.00 --> 00:02.000\nx", 3, "isn't two times"),
        (f"{HEAD}00:60.000 --> 02:00.000\nx", 3, "isn't two times"),
        (f"{HEAD}00:60:00.000 --> 02:00:00.000\nx", 3, "isn't two times"),
        (f"{HEAD}-00:01.000 --> 00:02.000\nx", 3, "isn't two times"),
        (f"{HEAD}00:01.000 --> 00:02.000x\ny", 3, "isn't two times"),
        (f"{HEAD}00:01.000 --> nan\ny", 3, "isn't two times"),
        (f"{HEAD}00:٠1.000 --> 00:02.000\ny", 3, "isn't two times"),
        (f"{HEAD}id\n00:01.000 --> \ny", 4, "isn't two times"),
        (f"{HEAD}00:01.000 --> 99999:00:00.000\nx", 3, "isn't two times"),
        (f"{HEAD}00:01.000 --> 168:00:00.001\nx", 3, "more than a week"),
        (f"{HEAD}id\n00:01.000 --> 168:00:00.001\nx", 4, "more than a week"),
        (f"{HEAD}00:02.000 --> 00:01.000\nx", 3, 'the marker "x" ends at 1000 ms'),
        (f"{HEAD}{TIMES}\n{'x' * 4001}", 3, "longer than 4000 characters"),
        (HEAD + f"{TIMES}\n\n" * 2001, 4003, "more than 2000 markers"),
    ],
)
def test_mistakes_name_their_line(text: str, line: int, reason: str) -> None:
    error = refused("markers.vtt", text.encode())
    assert error.message.startswith(f"markers.vtt, line {line}: ")
    assert reason in error.message
    assert f", рядок {line}: " in refused("markers.vtt", text.encode(), language="uk").message


# without STYLE and REGION, which ffmpeg doesn't know
FOR_FFMPEG = """WEBVTT

1
00:07.167 --> 00:09.609
<v Caller>you &amp; me</v>

second
01:00:00.000 --> 01:00:01.500 align:start position:10%,line-left
ти
дурень

99:59:58.999 --> 99:59:59.001
a&lt;b
"""


def test_ffmpeg_reads_the_same_cues(tmp_path: Path) -> None:
    file = tmp_path / "cues.vtt"
    file.write_text(FOR_FFMPEG, "utf-8")
    command = [need("ffmpeg"), "-v", "error", "-i", str(file), "-f", "srt", "-"]
    srt = subprocess.run(command, check=True, capture_output=True, encoding="utf-8").stdout
    cues = [cue.split("\n") for cue in srt.strip().split("\n\n")]
    drafts = reading.read(file.name, file.read_bytes())
    spans = [f"{written(draft.start_ms)} --> {written(draft.end_ms or 0)}" for draft in drafts]
    assert [span.replace(".", ",") for span in spans] == [times for _number, times, *_words in cues]
    assert [draft.words for draft in drafts] == [" ".join(words) for _number, _times, *words in cues]


SPANS = st.tuples(st.integers(0, 604_800_000), st.integers(0, 604_800_000)).map(sorted)


def written(milliseconds: int) -> str:
    seconds, thousandths = divmod(milliseconds, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.{thousandths:03}"


@given(st.lists(SPANS, max_size=20))
def test_every_cue_is_read_to_the_millisecond(spans: list[list[int]]) -> None:
    cues = "".join(f"{written(start)} --> {written(end)}\nx\n\n" for start, end in spans)
    drafts = reading.read("x.vtt", (HEAD + cues).encode())
    assert drafts == tuple(
        Draft(3 + 3 * number, start, end if end != start else None, "x")
        for number, (start, end) in enumerate(spans)
    )


@given(st.text() | st.lists(st.sampled_from([TIMES, "", "NOTE", "x", "<v", "-->", "&lt;"])).map("\n".join))
def test_any_text_is_read_or_refused(text: str) -> None:
    hint, drafts = "-", 0
    try:
        drafts = len(reading.read("x.vtt", (HEAD + text).encode("utf-8", "replace")))
    except FormatError as error:
        hint = error.hint
    assert hint
    assert drafts <= text.count("-->")
