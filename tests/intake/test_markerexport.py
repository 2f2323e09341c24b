"""Exported markers: read back, they are the same, as far as the README says of each form."""

import csv
import datetime as dt
import io
import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pympi
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence import resources
from evidence.errors import UsageError
from evidence.intake import positions
from evidence.intake.markerexport import writing
from evidence.intake.markerfiles import classes, reading
from evidence.intake.markerfiles.drafts import Draft
from tests.intake.folders import marker
from tests.requirements import need

AT = dt.datetime(2026, 11, 5, 10, 0, tzinfo=dt.UTC)
OWN = {"vishing": {"uk": "вішинг", "en": "vishing"}}
FULL = Path(__file__).parents[2] / "schemas" / "examples" / "markers.v1.full.json"
TIME = "2026-11-05T10:48:12.317+02:00"

Marker = dict[str, Any]


def exported(form: str, *markers: Marker) -> bytes:
    return writing.write(form, writing.kept(form, markers), "call.wav", AT)


def read(form: str, *markers: Marker) -> tuple[Draft, ...]:
    extensions = {form: extension for extension, form in writing.BY_EXTENSION.items()}
    return reading.read(f"m.{extensions[form]}", exported(form, *markers), own=OWN)


def test_the_forms_are_those_that_are_read() -> None:
    assert writing.FORMS == reading.FORMS
    assert set(writing.BY_EXTENSION.values()) == set(writing.FORMS)


# Laws

PLACES = st.tuples(st.integers(0, positions.MAX_MS), st.none() | st.integers(0, positions.MAX_MS)).map(
    lambda x: (x[0], x[1]) if x[1] is None or x[1] >= x[0] else (x[1], x[0])
)
CLASSES = st.sampled_from([*classes.CODES, *OWN])
ANY = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
SEEN = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Cf", "Co", "Cn", "Zl", "Zp", "Zs"]), max_size=20
)
WORDS = st.lists(
    SEEN | st.sampled_from(["=1", "'=x", "-->", "<v x>", "&amp;", "insult:", "\\u{9}", '"', ",;"])
).map(lambda words: " ".join(" ".join(words).split()))
NAMES = SEEN.filter(bool).map(lambda name: f"н{name}")
CHANNELS = st.integers(0, 31) | st.sampled_from(["caller", "агент <2>"])


def times() -> st.SearchStrategy[str]:
    zones = st.sampled_from(["Z", "+02:00", "-11:30", "z"])
    stamps = st.datetimes(dt.datetime(1990, 1, 1), dt.datetime(2099, 1, 1))  # noqa: DTZ001
    return st.tuples(stamps, st.sampled_from("Tt "), zones).map(lambda x: x[0].isoformat(x[1]) + x[2])


@st.composite
def whole(draw: Callable[..., Any]) -> Marker:
    """A marker with any of the fields that the schema knows."""
    start, end = draw(PLACES)
    kind = draw(CLASSES)
    some = ANY.filter(bool)
    how = draw(st.sampled_from(["hot_key", "listened", "transcript_confirmed", "other"]))
    withdrawn = st.fixed_dictionaries({"at": times(), "by": some, "reason": some})
    was = st.fixed_dictionaries(
        {}, optional={"end_ms": st.none(), "words": ANY | st.none(), "channel": CHANNELS | st.none()}
    ).filter(bool)
    optional = {
        "channel": CHANNELS,
        "words": ANY,
        "language": st.sampled_from(["uk", "ru-UA"]),
        "confidence": st.sampled_from(["certain", "probable", "possible"]),
        "note": ANY,
        "source": some,
        "withdrawn": withdrawn,
        "corrections": st.lists(
            st.fixed_dictionaries({"at": times(), "by": some, "was": was}), min_size=1, max_size=2
        ),
    }
    given_ = draw(st.fixed_dictionaries({}, optional=optional))
    review = draw(st.just({}) | st.fixed_dictionaries({"reviewed_by": some, "reviewed_at": times()}))
    more: Marker = {} if kind not in OWN else {"class_names": OWN[kind]}
    if end is not None:
        more["end_ms"] = end
    if how == "hot_key":
        place = {"offset_ms": -5, "uncertainty_ms": 9, "place_ms": -7, "event": "e"}
        more["pressed"] = {"at": TIME, "call_started": TIME, **place}
    if how == "transcript_confirmed":
        said = {"class": kind, "start_ms": 1, "end_ms": 2, "words": "x", "entry": "e"}
        more["suggestion"] = {**said, "lexicon_sha256": "0" * 64, "probability": 5}
    stated = {"asserted_by": draw(some), "asserted_at": draw(times()), "how": how}
    name = draw(st.sampled_from(["call.wav", {"name_base64": "/w=="}]))
    return {**marker(start_ms=start, **stated), "recording": name, "class": kind, **given_, **review, **more}


@given(st.lists(whole(), max_size=5))
def test_json_loses_nothing(markers: list[Marker]) -> None:
    assert resources.find("markers.v1", {"format": 1, "markers": markers}) is None
    data = exported("json", *markers)
    assert json.loads(data) == {"format": 1, "markers": markers}
    assert all(row.isprintable() for row in data.decode("utf-8").split("\n"))
    drafts = reading.read("m.json", data)
    assert [draft.more for draft in drafts] == markers
    assert all(draft.is_whole for draft in drafts)


def plain(**more: st.SearchStrategy[Any]) -> st.SearchStrategy[Marker]:
    """Markers whose texts stand on one line and hide nothing."""

    def built(said: Marker) -> Marker:
        start, end = said.pop("place")
        kept = {key: value for key, value in said.items() if value not in (None, "")}
        return {**marker(start_ms=start), **({} if end is None else {"end_ms": end}), **kept}

    parts = {"place": PLACES, "class": CLASSES, "words": WORDS, **more}
    return st.fixed_dictionaries(parts).map(built)


TABLED = plain(
    channel=st.none() | CHANNELS,
    language=st.sampled_from(["", "uk"]),
    confidence=st.sampled_from(["", "certain", "possible"]),
    asserted_by=NAMES,
    how=st.sampled_from(["hot_key", "listened", "other"]),
    note=WORDS,
    source=st.none() | NAMES,
    recording=st.sampled_from(["call.wav", "=дзвінок.wav", "'@x, y.wav"]),
    review=st.none() | NAMES,
    withdrawn=st.none() | st.fixed_dictionaries({"at": st.just(TIME), "by": NAMES, "reason": NAMES}),
)


@given(st.lists(TABLED, max_size=5))
def test_csv_keeps_what_it_has_columns_for(markers: list[Marker]) -> None:
    for item in markers:
        reviewer = item.pop("review", None)
        item.update({"reviewed_by": reviewer, "reviewed_at": TIME} if reviewer else {})
    drafts = read("csv", *markers)
    assert len(drafts) == len(markers)
    more = ("confidence", "source", "reviewed_by", "reviewed_at", "withdrawn")
    for item, draft in zip(markers, drafts, strict=True):
        assert draft.more == {key: item[key] for key in more if key in item}
        assert (draft.start_ms, draft.end_ms, draft.marker_class) == (
            item["start_ms"],
            item.get("end_ms"),
            item["class"],
        )
        assert (draft.recording, draft.channel) == (item["recording"], item.get("channel"))
        assert (draft.words, draft.note) == (item.get("words", ""), item.get("note", ""))
        assert (draft.asserted_by, draft.asserted_at) == (item["asserted_by"], item["asserted_at"])
        assert (draft.how, draft.language) == (item["how"], item.get("language", ""))


def place(item: Marker) -> tuple[int, int | None, str, str]:
    """What every form keeps; a range without length is a point."""
    end = item.get("end_ms")
    return (
        item["start_ms"],
        None if end == item["start_ms"] else end,
        item["class"],
        item.get("words", ""),
    )


def kept(draft: Draft) -> tuple[int, int | None, str, str]:
    return draft.start_ms, draft.end_ms, draft.marker_class, draft.words


@given(st.lists(plain(), max_size=5))
def test_audacity_keeps_place_class_and_words(markers: list[Marker]) -> None:
    if markers:
        assert list(map(kept, read("audacity", *markers))) == list(map(place, markers))


def spoken(item: Marker) -> str:
    channel = item.get("channel", "")
    return channel if isinstance(channel, str) else f"channel {channel}"


@given(st.lists(plain(channel=st.none() | CHANNELS), max_size=5))
def test_webvtt_keeps_the_channel_too(markers: list[Marker]) -> None:
    drafts = read("webvtt", *markers)
    assert list(map(kept, drafts)) == list(map(place, markers))
    assert [draft.speaker for draft in drafts] == [spoken(item) for item in markers]


@given(st.lists(plain(channel=st.none() | CHANNELS, asserted_by=NAMES), max_size=8))
def test_elan_keeps_channel_and_person_too(markers: list[Marker]) -> None:
    def said(item: Marker) -> tuple[Any, ...]:
        start, end, *rest = place(item)
        is_point = end is None or end - start == 1
        return start, None if is_point else end, *rest, spoken(item), item["asserted_by"], "call.wav"

    drafts = read("elan", *markers)
    found = [(*kept(draft), draft.speaker, draft.asserted_by, draft.media) for draft in drafts]
    assert sorted(found, key=repr) == sorted(map(said, markers), key=repr)


def test_nothing_but_json_and_csv_keeps_the_withdrawn() -> None:
    gone = marker(withdrawn={"at": TIME, "by": "Зміна 2", "reason": "не те"})
    for form in writing.FORMS:
        drafts = read(form, marker(start_ms=5), gone)
        assert len(drafts) == (2 if form in {"json", "csv"} else 1)


# What other programs find


def test_audacitys_lines() -> None:
    data = exported("audacity", marker(end_ms=2_345, words="a\tb\nc"), marker(start_ms=604_800_000))
    assert data == (b"1.000000\t2.345000\tinsult: a b c\n604800.000000\t604800.000000\tinsult\n")


def test_formulas_are_disarmed() -> None:
    texts = ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1", "'=1", "''@x", "x=1", "'x", ""]
    data = exported("csv", *(marker(words=text, asserted_by=text or "x", note=text) for text in texts))
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert [row["words"] for row in rows] == [
        *("'=1+1", "'+1", "'-1", "'@x", "'=1", "'=1", "''=1", "'''@x", "x=1", "'x", "")
    ]
    assert not [row for row in rows for cell in row.values() if cell[:1] in set("=+-@\t\r")]
    again = reading.read("m.csv", data)
    assert [draft.words for draft in again] == [text.strip() for text in texts]


HIDDEN = "a\x1b[2J\u202eb\u2066c\u200bd\x00e\ufeff\x85f\\"


@pytest.mark.parametrize("form", ["csv", "audacity", "webvtt", "elan"])
def test_what_is_hidden_is_written_so_that_it_shows(form: str) -> None:
    text = exported(form, marker(words=HIDDEN, channel=HIDDEN, asserted_by=HIDDEN)).decode("utf-8-sig")
    assert all(row.replace("\t", "").isprintable() for row in text.replace("\r\n", "\n").split("\n"))
    assert "a\\u{1b}[2J\\u{202e}b\\u{2066}c\\u{200b}d\\u{0}e\\u{feff}" in text
    (draft,) = reading.read("m", exported(form, marker(words=HIDDEN)), form)
    assert draft.words.endswith("f\\")


def test_a_table_keeps_lines_and_cannot_hold_every_name() -> None:
    (draft,) = read("csv", marker(words='one\r\n"two", \tthree', end_ms=1000))
    assert (draft.words, draft.end_ms) == ('one\n"two", \tthree', 1000)
    with pytest.raises(UsageError) as caught:
        exported("csv", marker(recording={"name_base64": "/w=="}))
    assert "\\u{dcff}" in caught.value.message
    assert read("json", marker(recording={"name_base64": "/w=="}))[0].recording == "\udcff"


def test_ffmpeg_reads_the_cues(tmp_path: Path) -> None:
    file = tmp_path / "m.vtt"
    items = marker(end_ms=2_000, words="a --> <b> & c", channel="caller"), marker(start_ms=3_723_004)
    file.write_bytes(exported("webvtt", *items))
    command = [need("ffmpeg"), "-v", "error", "-i", str(file), "-f", "srt", "-"]
    srt = subprocess.run(command, check=True, capture_output=True, encoding="utf-8").stdout
    assert srt.split("\n")[1:3] == ["00:00:01,000 --> 00:00:02,000", "insult: a --> <b> & c"]
    assert srt.split("\n")[5:7] == ["01:02:03,004 --> 01:02:04,004", "insult"]


def test_pympi_reads_the_annotations(tmp_path: Path) -> None:
    """Also of markers that overlap, for which ELAN needs a tier each, and with slots in the order of time."""
    file = tmp_path / "m.eaf"
    items = (
        marker(start_ms=2_000, end_ms=4_000, words="b <>&\"'", channel="caller"),
        marker(start_ms=1_000, end_ms=3_000, words="a", channel="caller"),
        marker(start_ms=3_000, words="c", channel="caller"),
        marker(start_ms=5, end_ms=9, words="d", channel=1, asserted_by="Зміна 2"),
    )
    file.write_bytes(exported("elan", *items))
    eaf = pympi.Elan.Eaf(str(file))
    assert {name: eaf.get_annotation_data_for_tier(name) for name in eaf.get_tier_names()} == {
        "insult@caller": [(1_000, 3_000, "a"), (3_000, 3_001, "c")],
        "insult@caller#2": [(2_000, 4_000, "b <>&\"'")],
        "insult@channel 1": [(5, 9, "d")],
    }
    assert eaf.get_parameters_for_tier("insult@channel 1")["ANNOTATOR"] == "Зміна 2"
    assert [media["RELATIVE_MEDIA_URL"] for media in eaf.get_linked_files()] == ["./call.wav"]
    assert list(eaf.timeslots.values()) == sorted(eaf.timeslots.values())


def test_the_example_of_the_schema_in_all_forms() -> None:
    given_there = json.loads(FULL.read_bytes())["markers"]
    named = {item["class"]: item["class_names"] for item in given_there if "class_names" in item}
    for form in writing.FORMS:
        drafts = reading.read("m", exported(form, *given_there), form, own=named)
        found = sorted(map(kept, drafts), key=repr)
        left = given_there if form in {"json", "csv"} else [m for m in given_there if "withdrawn" not in m]
        assert found == sorted(map(place, left), key=repr)
