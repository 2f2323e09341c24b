"""Marker files made to hurt: all of their markers or none, and the mistake is told with its line."""

import json
from typing import Any

import pytest

from evidence.intake.markerexport.writing import FORMS
from tests.intake.folders import at_once
from tests.journeys.hostile import DONE, MALFORMED, NUMBER, USAGE, Ground

ROW = b"0:01,insult\n"
HEAD = b"start,words\n"
LABEL = b"1.000000\t2.000000\tinsult: x\n"


EAF = (
    b'<ANNOTATION_DOCUMENT><TIME_ORDER><TIME_SLOT TIME_SLOT_ID="a" TIME_VALUE="1000"/>'
    b'<TIME_SLOT TIME_SLOT_ID="b" TIME_VALUE="2000"/></TIME_ORDER><TIER TIER_ID="t"><ANNOTATION>'
    b'<ALIGNABLE_ANNOTATION ANNOTATION_ID="n" TIME_SLOT_REF1="a" TIME_SLOT_REF2="b"><ANNOTATION_VALUE>x'
    b"</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION></TIER></ANNOTATION_DOCUMENT>"
)


def cues(number: int) -> bytes:
    """That many cues."""
    return b"WEBVTT\n\n" + b"00:01.000 --> 00:02.000\nx\n\n" * number


def ours(*markers: Any, **more: Any) -> bytes:
    """A document as the program's own."""
    return json.dumps({"format": 1, "markers": list(markers), **more}).encode()


MARKER = {
    "recording": "call.wav",
    "start_ms": 1,
    "class": "insult",
    "asserted_by": "x",
    "asserted_at": "2026-11-05T10:15:02Z",
    "how": "listened",
}
REFUSED = {
    "empty.csv": b"",
    "spaces.csv": b" \n \n",
    "nul.csv": b"\0" * 100,
    "mark.csv": b"\xef\xbb\xbf",
    "utf-16.csv": (HEAD + ROW).decode().encode("utf-16"),
    "utf-16-le.txt": LABEL.decode().encode("utf-16-le"),
    "cp1251.csv": HEAD + "0:01,дурень\n".encode("cp1251"),
    "not-text.csv": HEAD + b"0:01,\xff\xfe\x80\n",
    "binary.csv": bytes(range(256)) * 100,
    "elf.txt": b"\x7fELF" + bytes(100),
    "zip.csv": b"PK\3\4" + bytes(100),
    "long.csv": HEAD + ROW * 500_000,
    "million.vtt": cues(150_000),
    "2001.vtt": cues(2001),
    "2001.csv": HEAD + ROW * 2001,
    "no-head.csv": ROW,
    "unknown-column.csv": b"start,evil\x1b[2J\n0:01,x\n",
    "column-twice.csv": b"start,start\n0:01,0:02\n",
    "both-starts.csv": b"start,start_ms\n0:01,1000\n",
    "no-start.csv": b"end,words\n0:01,x\n",
    "too-many-cells.csv": HEAD + b"0:01,x,y,z\n",
    "quote.csv": HEAD + b'0:01,"x\n',
    "quote-inside.csv": HEAD + b'0:01,"x"y\n',
    "cell.csv": HEAD + b"0:01," + b"x" * 200_000 + b"\n",
    "words.csv": HEAD + b"0:01," + b"x" * 4001 + b"\n",
    "nan.csv": HEAD + b"nan,x\n",
    "inf.csv": HEAD + b"inf,x\n",
    "exponent.csv": HEAD + b"1e3,x\n",
    "minus.csv": HEAD + b"-1,x\n",
    "formula.csv": HEAD + b"=1+1,x\n",
    "week.csv": HEAD + b"604801,x\n",
    "digits.csv": b"start_ms\n" + b"9" * 5000 + b"\n",
    "arabic.csv": "start_ms\n١\n".encode(),
    "underscore.csv": b"start_ms\n1_000\n",
    "reversed.csv": b"start,end\n0:02,0:01\n",
    "class.csv": b"start,class\n0:01,crime\x1b[2J\n",
    "channel.csv": b"start,channel\n0:01,32\n",
    "how.csv": b"start,how\n0:01,guessed\n",
    "language.csv": b"start,language\n0:01,../uk\n",
    "when.csv": b"start,asserted_at\n0:01,never\n",
    "skipped.csv": b"start,asserted_at\n0:01,2026-03-29 03:30\n",
    "twice.csv": b"start,asserted_at\n0:01,2026-10-25 03:30\n",
    "nan.txt": b"nan\tnan\tx\n",
    "minus.txt": b"-1.000000\t2.000000\tx\n",
    "reversed.txt": b"2.000000\t1.000000\tx\n",
    "columns.txt": b"1.000000\n",
    "digits.txt": b"9" * 5000 + b"\t1\tx\n",
    "prose.txt": b"he said it at 0:01\n",
    "signature.vtt": b"WEBVTTX\n\n00:01.000 --> 00:02.000\nx\n",
    "minutes.vtt": b"WEBVTT\n\n99:99.000 --> 00:02.000\nx\n",
    "reversed.vtt": b"WEBVTT\n\n00:02.000 --> 00:01.000\nx\n",
    "minus.vtt": b"WEBVTT\n\n-00:01.000 --> 00:02.000\nx\n",
    "arrows.vtt": b"WEBVTT\n\n" + b"-->" * 10_000 + b"\n",
    "words.vtt": b"WEBVTT\n\n00:01.000 --> 00:02.000\n" + b"x" * 4001 + b"\n",
    "digits.eaf": EAF.replace(b"1000", b"9" * 5000),
    "minus.eaf": EAF.replace(b"1000", b"-1"),
    "nan.eaf": EAF.replace(b"1000", b"NaN"),
    "reversed.eaf": EAF.replace(b"1000", b"9000"),
    "unaligned.eaf": EAF.replace(b'TIME_VALUE="1000"', b""),
    "cut.eaf": EAF[:-20],
    "entity.eaf": b'<!DOCTYPE a [<!ENTITY x SYSTEM "/etc/passwd">]>' + EAF,
    "deep.eaf": b"<ANNOTATION_DOCUMENT>" + b"<a>" * 100_000,
    "prose.eaf": b"he said it at 0:01\n",
    "html.vtt": b"<html><script>alert(1)</script>",
    "deep.json": b"[" * 100_000 + b"]" * 100_000,
    "nested.json": b'{"format":1,"markers":[' + b'{"a":' * 10_000 + b"1" + b"}" * 10_000 + b"]}",
    "array.json": b"[" + ours(MARKER) + b"]",
    "null.json": b"null",
    "float.json": b'{"format":1,"markers":[{"start_ms":1.5}]}',
    "nan.json": b'{"format":1,"markers":[{"start_ms":NaN}]}',
    "huge.json": b'{"format":1,"markers":[{"start_ms":' + b"9" * 5000 + b"}]}",
    "twice.json": b'{"format":1,"format":1,"markers":[]}',
    "minus.json": ours({**MARKER, "start_ms": -1}),
    "reversed.json": ours({**MARKER, "start_ms": 2, "end_ms": 1}),
    "class.json": ours({**MARKER, "class": "crime"}),
    "more.json": ours(MARKER, evil="x"),
    "surrogate.json": b'{"format":1,"markers":[{"words":"\\ud800"}]}',
    "2001.json": ours(*[MARKER] * 2001),
    "utf-16.json": ours(MARKER).decode().encode("utf-16"),
}
WRONG_HERE = {
    "after-end.csv": HEAD + b"0:01,x\n9:59,y\n",
    "after-end.vtt": b"WEBVTT\n\n00:01.000 --> 59:59.000\nx\n",
    "other-recording.csv": b"start,recording\n0:01,gone.wav\n",
    "leads-out.csv": b"start,recording\n0:01,../../call.wav\n",
    "document.csv": b"start,recording\n0:01,incident.json\n",
    "other-recording.json": ours({**MARKER, "recording": "gone\u202e.wav"}),
    "no-channel.csv": b"start,channel\n0:01,\xd1\x85\xd1\x82\xd0\xbe\xd1\x81\xd1\x8c\n",
    "no-channel.json": ours({**MARKER, "channel": "\u001b[2J"}),
}
TAKEN = {
    "formula.csv": (HEAD + b"0:01,=cmd|'calc'!A0\n0:02,@x\n", 2),
    "bidi.csv": (HEAD + "0:01,\u202e[red]\u2066\n".encode(), 1),
    "escape.csv": (HEAD + b"0:01,\x1b[2J\x07\n", 1),
    "overlapping.vtt": (b"WEBVTT\n\n00:01.000 --> 00:09.000\nx\n\n00:02.000 --> 00:03.000\ny\n", 2),
    "entities.vtt": (b"WEBVTT\n\n00:01.000 --> 00:02.000\n&lt;b&gt;&#27;[2J&#x202e;&#0;\n", 1),
    "endless.vtt": (b"WEBVTT\n\n00:01.000 --> 00:02.000\n&#" + b"9" * 9000 + b";\n", 1),
    "hostile.eaf": (EAF.replace(b"VALUE>x", "VALUE>\u202e=cmd [red]&#x85;".encode()), 1),
    "tags.vtt": (b"WEBVTT\n\n00:01.000 --> 00:02.000\n" + b"<i>" * 3000 + b"x\n", 1),
    "same.txt": (LABEL * 50, 50),
    "zeros.csv": (HEAD + b"000000000001,x\n", 1),
    "fraction.csv": (HEAD + b"1." + b"9" * 30 + b",x\n", 1),
    "longest.csv": (HEAD + b"0:01," + b"x" * 4000 + b"\n", 1),
    "2000.csv": (HEAD + ROW * 2000, 2000),
}


@pytest.mark.parametrize("name", REFUSED)
def test_files_that_cannot_be_read(ground: Ground, name: str) -> None:
    with at_once():
        ground.bring_markers(ground.source(name, REFUSED[name]), code=MALFORMED)


@pytest.mark.parametrize("name", WRONG_HERE)
def test_files_that_do_not_fit_this_incident(ground: Ground, name: str) -> None:
    ground.bring_markers(ground.source(name, WRONG_HERE[name]), code=USAGE)


@pytest.mark.parametrize("name", TAKEN)
def test_odd_files_that_can_be_read(ground: Ground, name: str) -> None:
    data, number = TAKEN[name]
    with at_once():
        ground.bring_markers(ground.source(name, data))
    assert len(ground.markers()) == number
    ground.run("mark", "list", NUMBER, "--vault", ground.vault, code=DONE)
    for form in FORMS:
        out = ground.vault / form
        ground.run("mark", "export", NUMBER, out, "--form", form, "--vault", ground.vault, code=DONE)
        rows = out.read_text(encoding="utf-8-sig").split("\n")
        assert all(row.replace("\t", "").isprintable() for row in rows)


@pytest.mark.parametrize("form", ["json", "csv", "audacity", "webvtt", "elan"])
def test_forms_that_are_not_the_file_s(ground: Ground, form: str) -> None:
    others = {"json": LABEL, "csv": cues(1), "audacity": cues(1), "webvtt": LABEL, "elan": LABEL}
    source = ground.source("x", others[form])
    ground.bring_markers(source, "--form", form, code=MALFORMED)


def test_a_second_file_that_is_too_much(ground: Ground) -> None:
    """2000 markers is the most; the first 2000 stay."""
    ground.bring_markers(ground.source("a.csv", HEAD + ROW * 1999))
    ground.bring_markers(ground.source("b.csv", HEAD + b"0:02,other\n" * 2), code=USAGE)
    assert len(ground.markers()) == 1999


def test_markers_of_more_than_a_document_holds(ground: Ground) -> None:
    """Each of them may be, all of them together are longer than markers.json may be."""
    file = HEAD + b"".join(b"0:01," + b"x" * 3999 + b"\n" for _ in range(700))
    ground.bring_markers(ground.source("a.csv", file))
    ground.bring_markers(ground.source("b.csv", file.replace(b"0:01", b"0:02")), code=USAGE)
    assert len(ground.markers()) == 700
