"""mutagen's claims: its known traps, and bounds for whatever it returns."""

import io
from types import SimpleNamespace
from typing import Any

import mutagen
import pytest
from hypothesis import given
from hypothesis import strategies as st
from mutagen import id3 as untyped

from evidence.media import answers, claims, shapes
from evidence.media.frames import MAX_NAME, MAX_TAGS, MAX_TEXT
from evidence.media.link import encode
from tests.media import wav

id3: Any = untyped
SOUND = wav.form(), wav.chunk(b"data", wav.noise(16000))


def tagged(*tags: object) -> io.BytesIO:
    found = id3.ID3()
    for tag in tags:
        found.add(tag)
    out = io.BytesIO()
    found.save(out)
    return io.BytesIO(wav.riff(*SOUND, wav.chunk(b"id3 ", out.getvalue())))


def test_an_untagged_file_is_false_and_still_read() -> None:
    data = wav.riff(*SOUND)
    assert not mutagen.File(io.BytesIO(data))
    assert claims.read(io.BytesIO(data), "wav") == ({"mutagen_milliseconds": 1000}, ())


def test_tags_as_given() -> None:
    lines = ["рядок", "другий"]
    said, problems = claims.read(
        tagged(
            id3.TIT2(encoding=3, text=["[red]=cmd()\x1b\u202e</script>"]),
            id3.COMM(encoding=3, lang="ukr", desc="", text=lines),
            id3.TXXX(encoding=3, desc="Оператор 100%", text=["Олена"]),
            id3.APIC(encoding=3, mime="image/png", type=3, desc="", data=bytes(1234)),
        ),
        "wav",
    )
    assert problems == ()
    assert said == {
        "mutagen_milliseconds": 1000,
        "tag_TIT2": "[red]=cmd()\x1b\u202e</script>",
        "tag_COMM::ukr": "\n".join(lines),
        "tag_TXXX:%D0%9E%D0%BF%D0%B5%D1%80%D0%B0%D1%82%D0%BE%D1%80 100%25": "Олена",
        "tag_APIC:": "(1234 bytes)",
    }


def test_too_long_and_too_many() -> None:
    said, problems = claims.read(tagged(id3.TIT2(encoding=3, text=["щ" * (MAX_TEXT + 1)])), "wav")
    assert (said["tag_TIT2"], problems) == ("щ" * MAX_TEXT, ("tags_shortened",))
    many = [id3.TXXX(encoding=3, desc=f"{i}", text=["x"]) for i in range(MAX_TAGS + 1)]
    said, problems = claims.read(tagged(*many), "wav")
    assert (len(said), problems) == (MAX_TAGS + 1, ("tags_shortened",))
    assert claims.read(tagged(*many[:-1]), "wav")[1] == ()
    same = [id3.TXXX(encoding=3, desc="x" * 80 + f"{i}", text=["x"]) for i in range(2)]
    assert claims.read(tagged(*same), "wav")[1] == ("tags_shortened",)


@pytest.mark.parametrize("length", [float("nan"), float("inf"), -1.0, None, "60", 1e300])
def test_lengths_that_are_none(length: object, monkeypatch: pytest.MonkeyPatch) -> None:
    found = SimpleNamespace(info=SimpleNamespace(length=length), tags=None)
    monkeypatch.setattr(claims, "_open", lambda *_: found)
    said, _ = claims.read(io.BytesIO(), "wav")
    assert said == ({"mutagen_milliseconds": 2**53 - 1} if length == 1e300 else {})


@pytest.mark.parametrize(
    "error", [KeyError, MemoryError, RecursionError, OSError, AssertionError, ImportError]
)
def test_faults_of_mutagen(error: type[Exception], monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(claims, "_open", fail)
    assert claims.read(io.BytesIO(), "wav") == ({}, ("tags_unreadable",))


@pytest.mark.parametrize("data", [b"", b"RIFF", bytes(1000), b"\xff\xfb" * 500, b"OggS" + bytes(40), b"ID3"])
def test_files_mutagen_does_not_know(data: bytes) -> None:
    said, problems = claims.read(io.BytesIO(data), "unknown")
    assert said == {}
    assert set(problems) <= {"tags_unreadable"}


text = st.text(st.characters(codec=None), max_size=MAX_TEXT + 5) | st.text("\ud800\udc00\x00aя", max_size=20)
values = st.recursive(text | st.binary(max_size=20) | st.integers() | st.none(), st.lists, max_leaves=5)


@given(st.dictionaries(text, values, max_size=MAX_TAGS + 3))
def test_the_parent_accepts_every_claim(tags: dict[str, object]) -> None:
    """Whatever tags there are: what the worker says of them passes the strict reading."""
    found, _ = claims._tags(tags)
    assert len(found) <= MAX_TAGS
    line = encode({"n": 1, "claims": found, "problems": ()}).rstrip(b"\n")
    assert answers.claims(line, 1) == (found, ())


@given(text)
def test_names_are_short_and_ascii(name: str) -> None:
    written = claims.ascii_name(name)
    assert len(written) <= MAX_NAME
    assert written.isascii()
    assert written.isprintable() or not written


def test_longest_answer_fits() -> None:
    found, _ = claims._tags({f"{i}" * 64: "\U0001f600" * 1000 for i in range(100)})
    line = encode({"n": 1, "claims": found, "problems": ()})
    assert len(line) < shapes.LIMIT
    assert answers.claims(line.rstrip(b"\n"), 1) == (found, ())
