"""Events in lines of text: three forms, two languages, and whatever else a line may hold."""

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.intake.hotkeys.event import LIMITS, MAX_BYTES, Event, Unusable
from evidence.intake.hotkeys.forms import Lines
from evidence.intake.hotkeys.reading import Line, Reader

OWN = {"bribe": {"uk": "Пропозиція хабара", "en": "Offer of a bribe"}}
KYIV = "Europe/Kyiv"


def read(*lines: str | bytes, zone: str | None = KYIV, fold: str | None = None) -> list[Event | str]:
    """What each line says, or the code of what is wrong with it; nothing for lines without an event."""
    source = Lines(OWN, zone, fold)
    found: list[Event | str] = []
    for line in lines:
        try:
            event = source.read(line.encode() if isinstance(line, str) else line)
        except Unusable as problem:
            found.append(problem.code)
        else:
            found += [] if event is None else [event]
    return found


def test_json_lines() -> None:
    whole = {
        "at": "2026-11-05T10:15:02.250+02:00",
        "agent": "101",
        "class": "погроза",
        "call_id": "1793866502.4711",
        "phone": "+380 50 123 45 67",
        "words": "знайду тебе",
        "note": "кричав",
        "id": "a-1",
    }
    (event,) = read(json.dumps(whole))
    assert event == Event(
        id="a-1",
        at="2026-11-05T10:15:02.250+02:00",
        agent="101",
        marker_class="threat",
        call_id="1793866502.4711",
        phone="+380 50 123 45 67",
        words="знайду тебе",
        note="кричав",
    )
    assert isinstance(event, Event)
    assert event.to_document() == {**whole, "class": "threat"}
    assert read('{"agent": 101, "at": "2026-11-05 10:15"}') == [
        Event(agent="101", at="2026-11-05T10:15:00+02:00")
    ]
    assert read("", "  ", "{}") == [Event()]


@pytest.mark.parametrize("mark", [",", ";", "\t"])
@pytest.mark.parametrize(
    "header",
    [("time", "agent", "class", "call id", "words"), ("час", "Оператор", "КЛАС", "id дзвінка", "слова")],
)
def test_tables(mark: str, header: tuple[str, ...]) -> None:
    row = ("05.11.2026 10:15:02,5", "Олена", "образа", "4711.1", f'"він сказав ""козел""{mark} двічі"')
    expected = Event(
        at="2026-11-05T10:15:02.5+02:00",
        agent="Олена",
        marker_class="insult",
        call_id="4711.1",
        words=f'він сказав "козел"{mark} двічі',
    )
    cells = list(row)
    if mark == ",":
        cells[0] = f'"{cells[0]}"'
    assert read("\ufeff" + mark.join(header), mark.join(cells)) == [expected]
    assert read(f"sep={mark}", mark.join(header), "", mark.join(cells), mark * 4) == [expected]
    assert read(mark.join(header), f"{mark}Олена") == [Event(agent="Олена")]


def test_plain_lines() -> None:
    at = "2026-11-05T10:15:02+02:00"
    assert read(
        "2026-11-05 10:15:02 insult: козел старий",
        "2026-11-05T10:15:02+02:00\tсексуальне домагання\tслова",
        "05.11.2026 10:15:02 malicious call",
        "2026-11-05 10:15:02 Пропозиція хабара тисяча гривень",
        "2026-11-05 10:15:02",
    ) == [
        Event(at=at, marker_class="insult", words="козел старий"),
        Event(at=at, marker_class="sexual_harassment", words="слова"),
        Event(at=at, marker_class="malicious_call"),
        Event(at=at, marker_class="bribe", words="тисяча гривень"),
        Event(at=at),
    ]


def test_words_that_follow_no_class_are_not_taken_for_words() -> None:
    """A class that is mistyped must not become a part of the verbatim words."""
    assert read("2026-11-05 10:15:02 insutl козел") == ["no_class_first"]


BAD: list[tuple[str | bytes, str | None]] = [
    ('{"at": "2026-11-05T10:15:02"}', "no_time"),
    ('{"at": "учора"}', "no_time"),
    ('{"at": "2026-02-30T10:15:02Z"}', "no_time"),
    ('{"at": "2026-11-05T10:15:02.' + "1" * 18 + '+02:00"}', None),
    ('{"clas": "insult"}', "unknown_field"),
    ('{"class": "insutl"}', "no_class"),
    ('{"agent": ["101"]}', "not_text"),
    ('{"agent": true}', "not_text"),
    ('{"agent": null}', "not_text"),
    ('{"words": "a\\u0000b"}', "not_text"),
    ('{"agent": 1.5}', "json_number"),
    ('{"agent": NaN}', "json_number"),
    ('{"agent": 1e999}', "json_number"),
    ('{"agent": ' + "9" * 5000 + "}", "json_number"),
    ('{"agent": "a", "agent": "b"}', "json_twice"),
    ('{"words": "\\ud800"}', "json_syntax"),
    ('{"agent": ' + "[" * 5000, "json_syntax"),
    ("{", "json_syntax"),
    ('{"words": "' + "x" * 4001 + '"}', "too_long"),
    ('{"words": "' + "x" * MAX_BYTES + '"}', "long_line"),
    (b'{"words": "\xff"}', "encoding"),
    ('{"agent": "a"}'.encode("utf-16"), "utf16"),
]


@pytest.mark.parametrize(("line", "code"), BAD)
def test_what_is_wrong_is_told_and_hinders_no_other_line(line: str | bytes, code: str | None) -> None:
    good = '{"agent": "b"}'
    expected = [] if code is None else [code]
    found = read(good, line, good, zone=None)
    assert [item for item in found if isinstance(item, str)] == expected
    assert found[0] == found[-1] == Event(agent="b")


def test_every_problem_says_what_to_do() -> None:
    for line, code in BAD:
        if code is not None:
            source = Lines(OWN)
            assert source.read(b"{}") == Event()
            with pytest.raises(Unusable) as caught:
                source.read(line.encode() if isinstance(line, str) else line)
            assert caught.value.hint


def test_a_broken_row_takes_no_other_along() -> None:
    found = read(
        "time,words", '2026-11-05 10:15:02,"open', "2026-11-05 10:15:03,x", "2026-11-05 10:15:04,x,y"
    )
    assert found == ["broken_row", Event(at="2026-11-05T10:15:03+02:00", words="x"), "many_cells"]


def test_an_unknown_column_is_told_and_the_others_are_read() -> None:
    found = read("time,colour,agent", "2026-11-05 10:15:02,red,101")
    assert found == ["unknown_column", Event(at="2026-11-05T10:15:02+02:00", agent="101")]
    assert read("time,time", "")[0] == "column_twice"


@pytest.mark.parametrize(
    ("fold", "expected"),
    [(None, "no_time"), ("first", "2026-10-25T03:30:00+03:00"), ("second", "2026-10-25T03:30:00+02:00")],
)
def test_the_doubled_hour(fold: str | None, expected: str) -> None:
    """Kyiv's clocks went from 04:00 to 03:00 on 2026-10-25."""
    (found,) = read("2026-10-25 03:30 insult", fold=fold)
    assert (found.at if isinstance(found, Event) else found) == expected


def test_without_a_zone_local_times_cannot_be_read() -> None:
    assert read("2026-11-05 10:15:02", zone=None) == ["no_time"]
    assert read("2026-03-29 03:30") == ["no_time"]  # skipped in Kyiv


# Pieces


def reader() -> Reader:
    return Reader(lambda: Lines(OWN, KYIV))


def all_lines(data: bytes, cuts: list[int]) -> list[Line]:
    source, found, start = reader(), list[Line](), 0
    for cut in [*sorted(cuts), len(data)]:
        found += source.feed(data[start:cut])
        start = cut
    return found + source.end()


def shape(lines: list[Line]) -> list[tuple[int, Event | None, str]]:
    return [(line.number, line.event, line.problem.code if line.problem else "") for line in lines]


@given(
    st.lists(
        st.sampled_from(
            [b'{"at":"2026-11-05T10:15:02Z","agent":"a"}', b"{", b"", b"\r", b"\xff", b"x" * (MAX_BYTES + 2)]
        ),
        max_size=12,
    ),
    st.lists(st.integers(0, 40_000), max_size=6),
    st.booleans(),
)
def test_how_bytes_are_cut_does_not_matter(lines: list[bytes], cuts: list[int], is_ended: bool) -> None:  # noqa: FBT001
    data = b"\n".join(lines) + (b"\n" if is_ended else b"")
    whole = shape(all_lines(data, []))
    assert shape(all_lines(data, [min(cut, len(data)) for cut in cuts])) == whole
    numbers = [number for number, line in enumerate(lines, 1) if line.strip()]
    assert [number for number, _event, _code in whole] == numbers


@given(st.binary(max_size=300))
def test_no_bytes_break_the_reader(data: bytes) -> None:
    for line in all_lines(data, []):
        assert (line.event is None) != (line.problem is None)


@given(st.text(max_size=40), st.sampled_from(sorted(LIMITS.keys() - {"class"})))
def test_texts_come_out_as_they_went_in(text: str, field: str) -> None:
    (found,) = read(json.dumps({field: text, "at": "2026-11-05T10:15:02Z"}))
    if isinstance(found, Event):
        assert getattr(found, field) == text.strip()
        assert Event.from_log(found.to_document()) == found
    else:
        assert "\0" in text or any("\ud800" <= character <= "\udfff" for character in text)


def test_lines_that_tell_the_same_are_one_event_whatever_their_place() -> None:
    line = b'{"at":"2026-11-05T10:15:02Z","agent":"a"}\n'
    other = b'{"agent":"b","at":"2026-11-05T10:15:02Z"}\n'
    ids = [found.event.id for found in all_lines(line + other + line, []) if found.event]
    assert ids[0] == ids[2] != ids[1]
    swapped = b'{"agent":"a","at":"2026-11-05T10:15:02Z"}\n'
    assert [found.event.id for found in all_lines(swapped, []) if found.event] == ids[:1]


def test_a_line_without_a_time_is_now_only_where_lines_come_live() -> None:
    (found,) = all_lines(b'{"agent":"a"}\n', [])
    assert found.problem is not None
    assert found.problem.code == "no_time_told"
    live = Reader(lambda: Lines(OWN), lambda: "new")
    (taken,) = live.feed(b'{"agent":"a"}\n')
    assert taken.event == Event(id="new", agent="a")


def test_a_source_that_begins_anew_may_have_another_form() -> None:
    source = reader()
    (first,) = source.feed(b'{"at":"2026-11-05T10:15:02Z"}\n')
    (second,) = source.feed("час;клас\n05.11.2026 10:15;образа".encode())
    assert first.event is not None
    assert second.problem is not None  # it is JSON until it ends
    assert len(source.end()) == 1
    assert source.feed("час;клас\n".encode()) == []
    (third,) = source.feed("05.11.2026 10:15;образа\n".encode())
    assert third.number == 2
    assert third.event is not None
    assert third.event.marker_class == "insult"


def test_very_many_lines_and_one_endless_one_are_read_in_bounded_time() -> None:
    began = time.monotonic()
    source = reader()
    piece = b'{"at":"2026-11-05T10:15:02Z","agent":"a"}\n' * 1000
    assert sum(len(source.feed(piece)) for _ in range(50)) == 50_000
    for _ in range(1000):
        assert source.feed(b"x" * 65536) == []
    (long,) = source.feed(b"\n")
    assert long.problem is not None
    assert long.problem.code == "long_line"
    assert time.monotonic() - began < 30
