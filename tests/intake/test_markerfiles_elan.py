"""ELAN's annotation documents, made by pympi-ling, an independent implementation, and by hand."""

from pathlib import Path

import pympi
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.errors import FormatError
from evidence.intake import percents
from evidence.intake.markerfiles import reading
from evidence.intake.markerfiles.drafts import Draft
from tests.intake.folders import at_once
from tests.intake.markerfiles import refused

OWN = {"vishing": {"uk": "вішинг", "en": "vishing"}}


def made(path: Path) -> bytes:
    """A document as pympi writes it."""
    eaf = pympi.Elan.Eaf(author="Левко")
    eaf.add_linked_file("file:///C:/sound/%D0%B4%D0%B7%D0%B2%20%231.wav", "./x/дзв%20%231.wav", "audio/x-wav")
    eaf.remove_tier("default")
    eaf.add_tier("Образа", part="caller", ann="Левко ")
    eaf.add_tier("threat@caller#2", part="Абонент")
    eaf.add_tier("вішинг")
    eaf.add_tier("репліки")
    eaf.add_linguistic_type("note", "Symbolic_Association", timealignable=False)
    eaf.add_tier("переклад", "note", parent="Образа")
    eaf.add_annotation("Образа", 7_167, 9_609, "ти\n <дурень> & гірше: разом")
    eaf.add_annotation("threat@caller#2", 10_000, 10_001, "insult: x")
    eaf.add_annotation("вішинг", 0, 604_800_000, "")
    eaf.add_annotation("репліки", 1, 5, "лайка: чорт")
    eaf.add_annotation("репліки", 5, 9, "просто слова")
    eaf.add_ref_annotation("переклад", "Образа", 8_000, "you fool")
    eaf.to_file(str(path))
    return path.read_bytes()


def test_a_document_of_another_program(tmp_path: Path) -> None:
    found = reading.read("m.eaf", made(tmp_path / "m.eaf"), own=OWN)
    media = "дзв #1.wav"
    words = "ти <дурень> & гірше: разом"
    note = "переклад: you fool"
    said = {draft.start_ms: draft for draft in found}
    assert sorted(said) == [0, 1, 5, 7_167, 10_000]
    assert {draft.media for draft in found} == {media}
    first = said[7_167]
    assert (first.end_ms, first.words, first.marker_class) == (9_609, words, "insult")
    assert (first.asserted_by, first.speaker, first.note) == ("Левко", "caller", note)
    assert (said[10_000].end_ms, said[10_000].words) == (None, "insult: x")
    assert (said[10_000].marker_class, said[10_000].speaker) == ("threat", "Абонент")
    assert (said[0].end_ms, said[0].marker_class) == (604_800_000, "vishing")
    assert (said[1].words, said[1].marker_class) == ("чорт", "profanity")
    assert (said[5].words, said[5].marker_class, said[5].asserted_by) == ("просто слова", "", "")


def document(body: str, *, head: str = "", root: str = "ANNOTATION_DOCUMENT") -> bytes:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{head}<{root} AUTHOR="" DATE="2026-11-05T10:00:00+02:00" '
        f'FORMAT="3.0" VERSION="3.0">\n{body}\n</{root}>\n'
    ).encode()


SLOTS = (
    '<TIME_ORDER><TIME_SLOT TIME_SLOT_ID="ts1" TIME_VALUE="1000"/><TIME_SLOT TIME_SLOT_ID="ts2"/>'
    '<TIME_SLOT TIME_SLOT_ID="ts3" TIME_VALUE="3000"/></TIME_ORDER>'
)


def aligned(first: str, last: str, value: str = "x", name: str = "a1") -> str:
    return (
        f'<ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="{name}" TIME_SLOT_REF1="{first}" '
        f'TIME_SLOT_REF2="{last}"><ANNOTATION_VALUE>{value}</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION>'
    )


def referring(name: str, parent: str, value: str) -> str:
    return (
        f'<ANNOTATION><REF_ANNOTATION ANNOTATION_ID="{name}" ANNOTATION_REF="{parent}">'
        f"<ANNOTATION_VALUE>{value}</ANNOTATION_VALUE></REF_ANNOTATION></ANNOTATION>"
    )


def tier(*annotations: str, name: str = "t") -> str:
    return f'<TIER LINGUISTIC_TYPE_REF="l" TIER_ID="{name}">\n{"".join(annotations)}</TIER>'


@pytest.mark.parametrize("name", ["m.eaf", "M.EAF", "m.xml", "m"])
@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
def test_a_small_document(name: str, bom: bytes) -> None:
    data = document(SLOTS + tier(aligned("ts1", "ts3", "загроза &#x434;")))
    assert reading.read(name, bom + data) == (Draft(3, 1_000, 3_000, "загроза д"),)


def test_chains_of_references_end_in_one_note() -> None:
    chain = [aligned("ts1", "ts3"), referring("b", "a1", "один"), referring("c", "b", "два")]
    loose = [referring("d", "e", "коло"), referring("e", "d", "коло"), referring("f", "gone", "ніде")]
    (draft,) = reading.read("m.eaf", document(SLOTS + tier(*loose, *chain)))
    assert draft.note == "t: один; t: два"


@pytest.mark.parametrize(
    ("data", "line", "reason"),
    [
        (document(SLOTS + tier(aligned("ts1", "ts2", "дурень"))), 3, '"дурень" isn\'t tied to the time line'),
        (document(SLOTS + tier(aligned("ts2", "ts3", ""))), 3, '"t" isn\'t tied to the time line'),
        (document(SLOTS + tier(aligned("ts1", "ts9"))), 3, "slot ts9 doesn't exist"),
        (document(SLOTS + tier(aligned("ts3", "ts1"))), 3, "ends at 1000 ms, before it starts at 3000 ms"),
        (document(SLOTS.replace("1000", "-1") + tier(aligned("ts1", "ts3"))), 3, "isn't a whole number"),
        (document(SLOTS.replace("1000", "1.5") + tier(aligned("ts1", "ts3"))), 3, "isn't a whole number"),
        (document(SLOTS.replace("1000", "NaN") + tier(aligned("ts1", "ts3"))), 3, "isn't a whole number"),
        (document(SLOTS.replace("1000", "9" * 5000) + tier(aligned("ts1", "ts3"))), 3, "isn't a whole"),
        (document(SLOTS.replace("3000", "604800001") + tier(aligned("ts1", "ts3"))), 3, "more than a week"),
        (document(SLOTS.replace("ts3", "ts1")), 2, "the time slot ts1 stands twice"),
        (document("<TIME_SLOT/>"), 2, "TIME_SLOT_ID is missing"),
        (document("<TIER/>"), 2, "TIER_ID is missing"),
        (document(aligned("ts1", "ts3")), 2, '"ALIGNABLE_ANNOTATION" stands where'),
        (document('<HEADER TIME_UNITS="PAL-frames"/>'), 2, 'counted in "PAL-frames"'),
        (document('<MEDIA_DESCRIPTOR MEDIA_URL="x" TIME_ORIGIN="500"/>'), 2, "shifted by 500 ms"),
        (document("", root="html"), 1, '"html" stands where'),
        (document("<a>" * 12 + "</a>" * 12), 2, '"a" stands where'),
        (document("<a>" * 500_000), 2, '"a" stands where'),
        (document("<a>"), 3, "no XML"),
        (document("&#27;"), 2, "no XML"),
        (document("&x;"), 2, "no XML"),
        (document("", head="<!DOCTYPE html>"), 1, "a document type (html)"),
        (
            document("&x;", head='<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'),
            1,
            "a document type",
        ),
        (document(SLOTS + tier(aligned("ts1", "ts3", "x" * 4001))), 3, "longer than 4000"),
        (
            document(SLOTS + tier(aligned("ts1", "ts3"), referring("b", "a1", "x" * 3999))),
            3,
            "longer than 4000",
        ),
        (document(SLOTS + tier(aligned("ts1", "ts3") * 2001)), 3, "more than 2000 markers"),
    ],
)
def test_mistakes_name_their_line(data: bytes, line: int, reason: str) -> None:
    with at_once():
        error = refused("m.eaf", data)
    assert error.message.startswith(f"m.eaf, line {line}: ")
    assert reason in error.message
    assert f", рядок {line}: " in refused("m.eaf", data, language="uk").message


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))


@pytest.mark.parametrize(
    "data",
    [
        document("&l9;", head=f'<!DOCTYPE a [<!ENTITY l0 "ha">{LAUGHS}]>'),
        document(f'<a b="{"x" * 3_000_000}"/>' + "<a>" * 20),
        document("<a " + " ".join(f'a{n}=""' for n in range(200_000)) + "/><b"),
        document("<TIER").replace(b"UTF-8", b"rot13"),
        document("<TIER").replace(b"UTF-8", b"utf-7"),
    ],
    ids=["laughs", "attribute", "attributes", "rot13", "utf-7"],
)
def test_hostile_documents(data: bytes) -> None:
    with at_once():
        assert refused("m.eaf", data).message.startswith("m.eaf, line ")


def test_circles_of_references_end() -> None:
    links = [referring(f"r{n}", f"r{(n + 1) % 20_000}", "x") for n in range(20_000)]
    with at_once():
        assert reading.read("m.eaf", document(SLOTS + tier(*links))) == ()


@given(
    st.text()
    | st.lists(st.sampled_from([SLOTS, tier(aligned("ts1", "ts3")), "<TIER>", "&lt;", "</"])).map("".join)
)
def test_any_document_is_read_or_refused(body: str) -> None:
    hint = "-"
    try:
        reading.read("m.eaf", document(body.encode("utf-8", "replace").decode()))
    except FormatError as error:
        hint = error.hint
    assert hint


@given(st.binary(min_size=1, max_size=60).map(lambda raw: raw.decode("utf-8", "surrogateescape")))
def test_names_in_addresses(name: str) -> None:
    encoded = percents.encode(name)
    assert encoded.isascii()
    assert not set(encoded) & set(" <>&\"'/\\")
    assert percents.decode(f"file:///C:/a%20b/{encoded}") == name
