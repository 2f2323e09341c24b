"""The HTML viewer's page as bytes: only data goes into it, it streams, and it comes from verified bytes alone."""

import base64
import hashlib
import io
import json
import re
import tempfile
import tracemalloc
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from evidence import messages
from evidence.crypto.trust import Anchors
from evidence.digests import sha256_hex
from evidence.errors import StateError
from evidence.media.probe import MediaProcess
from evidence.model.recording import RecordingFacts
from evidence.model.records import recording_to_document
from evidence.reporting import viewer
from evidence.reporting.sounds import PageSound, page_sounds
from evidence.reporting.viewer import ViewerPage, viewer_page
from evidence.verify import answer
from evidence.verify.results import Options, Verification, VerifiedArchive
from evidence.verify.verifier import verify
from tests import builder
from tests.browser.incidents import HOSTILE
from tests.browser.scene import MADE, Scene, coded, wav

TEMPLATE = b"<html><!-- data --><script>run</script></html>"


class Blocks(HTMLParser):
    """The elements of a page, and the text in each script, as a browser's parser reads them."""

    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.scripts: list[tuple[dict[str, str | None], str]] = []
        self.tags: list[str] = []
        self._open: dict[str, str | None] | None = None
        self.feed(page.decode())
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag == "script":
            self._open = dict(attrs)
            self.scripts.append((self._open, ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "script":
            self._open = None

    def handle_data(self, data: str) -> None:
        if self._open is not None:
            attributes, text = self.scripts[-1]
            self.scripts[-1] = attributes, text + data

    def json(self, name: str) -> Any:
        """The value of the block of that id."""
        return next(json.loads(text) for attributes, text in self.scripts if attributes.get("id") == name)

    def sounds(self) -> dict[str, bytes]:
        """The sounds by exhibit."""
        found: dict[str, bytes] = {}
        for attributes, text in self.scripts:
            exhibit = attributes.get("data-sound")
            if exhibit:
                found[exhibit] = found.get(exhibit, b"") + base64.b64decode(text, validate=True)
        return found


@pytest.fixture
def plain(monkeypatch: pytest.MonkeyPatch) -> None:
    """A small template in the built page's place."""
    halves = TEMPLATE.split(b"<!-- data -->")
    monkeypatch.setattr(viewer, "_template", lambda: (halves[0], halves[1]))


@pytest.mark.usefixtures("plain")
def test_data_never_end_the_element_they_stand_in() -> None:
    scene = Scene(file=HOSTILE, answer={"verdict": "</SCRIPT><!--", "proof_file": "/secret"})
    scene.add("later", text=f"{HOSTILE}\u2028\u2029]]>")
    page = scene.page()
    blocks = Blocks(page)
    assert blocks.tags == ["html", "script", "script"]
    assert b"<!--" not in page
    assert "\u2028".encode() not in page
    data = blocks.json("archive")
    assert data["records"][0]["text"] == f"{HOSTILE}\u2028\u2029]]>"
    assert data["answer"] == {"verdict": "</SCRIPT><!--"}
    assert "\u202e" not in data["file"]


@pytest.mark.usefixtures("plain")
def test_half_a_character_in_a_name_is_no_hindrance() -> None:
    data = Blocks(Scene(file="a\udcff.asice", answer={"x": "\ud800"}).page()).json("archive")
    assert data["file"] == "a\\u{dcff}.asice"
    assert data["answer"] == {"x": "\ud800"}


@pytest.mark.usefixtures("plain")
def test_nothing_private_or_useless_goes_in() -> None:
    scene = Scene()
    scene.incident([])
    page = scene.page()
    assert b"/home/somebody" not in page
    assert b'"salt"' not in page


@pytest.mark.usefixtures("plain")
def test_sounds_come_out_as_they_went_in() -> None:
    first = hashlib.shake_256(b"1").digest(7 * 1024 * 1024 + 1)
    pieces = [first[:5], first[5:4_000_000], first[4_000_000:]]
    sounds = [
        PageSound("E1", "master", "", "audio/wav", len(first), pieces),
        PageSound("E2", "access", "codec", "audio/flac", 3, [b"abc"]),
        PageSound("E3", "none", "too_large"),
    ]
    page = b"".join(viewer_page(ViewerPage("a", {}, [], "uk", MADE), sounds))
    blocks = Blocks(page)
    assert blocks.sounds() == {"E1": first, "E2": b"abc"}
    assert blocks.json("archive")["sounds"] == {
        "E1": {"kind": "master", "type": "audio/wav"},
        "E2": {"kind": "access", "reason": "codec", "codec": "flac", "type": "audio/flac"},
        "E3": {"kind": "none", "reason": "too_large"},
    }
    assert blocks.json("archive")["language"] == "uk"


@pytest.mark.usefixtures("plain")
def test_a_large_sound_is_never_held_whole() -> None:
    def chunks() -> Iterator[bytes]:
        for number in range(64):
            yield bytes([number]) * (1024 * 1024)

    sounds = [PageSound("E1", "master", "", "audio/wav", 64 * 1024 * 1024, chunks())]
    tracemalloc.start()
    size = sum(len(piece) for piece in viewer_page(ViewerPage("a", {}, [], "en", MADE), sounds))
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert size > 85 * 1024 * 1024
    assert most < 24 * 1024 * 1024


def test_the_built_page_has_room_for_data_and_a_policy() -> None:
    before, after = viewer._template()
    page = before + after
    policy = re.search(rb'http-equiv="Content-Security-Policy" content="([^"]+)"', page)
    assert policy is not None
    scripts = [text for attributes, text in Blocks(page).scripts if not attributes.get("type")]
    digests = [base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in scripts]
    assert len(scripts) == 1
    assert f"script-src 'sha256-{digests[0]}'" in policy[1].decode()
    assert "default-src 'none'" in policy[1].decode()
    assert "connect-src" not in policy[1].decode()


def test_a_third_language_comes_with_its_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    polish = {"plurals": "polish", "viewer": {"play": "Odtwórz"}}
    monkeypatch.setattr(messages, "_single_file", lambda _: polish)
    blocks = Blocks(b"".join(viewer_page(ViewerPage("a", {}, [], "pl", MADE), [])))
    found = blocks.json("language")
    assert (found["language"], found["plurals"]) == ("pl", "polish")
    assert found["texts"]["viewer"]["play"] == "Odtwórz"
    assert found["texts"]["viewer"]["pause"] == "Pause"
    assert set(found["texts"]) == set(blocks.json("texts")["en"])


# Sounds of a real archive


def archive(recordings: dict[str, bytes]) -> bytes:
    """An archive with these recordings beside its own, from E3 on; each name's ending counts."""
    members = [
        (f"exhibits/E{n}.{name.rpartition('.')[2]}", data)
        for n, (name, data) in enumerate(recordings.items(), 3)
    ]

    def with_records(records: dict[str, builder.Document]) -> dict[str, builder.Document]:
        with MediaProcess() as process:
            for (member, data), name in zip(members, recordings, strict=True):
                record_id = f"r-{len(records):08x}"
                records[record_id] = {
                    "salt": builder.salt(record_id),
                    "kind": "exhibit",
                    "id": record_id,
                    "exhibit": member[9:].partition(".")[0],
                    "role": "recording",
                    "name": name,
                    "size": len(data),
                    "sha256": sha256_hex(data),
                    "member": member,
                    "recording": recording_to_document(_facts(process, name, data)),
                }
        return records

    sealed = builder.seal(changes=builder.Changes(records=with_records), extra=members)
    register = builder.Register()
    return builder.pack(builder.members(sealed, register, register.seal(sealed.facts)))


def _facts(process: MediaProcess, name: str, data: bytes) -> RecordingFacts:
    with tempfile.TemporaryFile() as file:
        file.write(data)
        file.flush()
        return process.probe_file(file, len(data), name)


def verified(data: bytes) -> tuple[Verification, VerifiedArchive]:
    trusted = Anchors((builder.sealer().chain[0],), frozenset())
    found = verify(io.BytesIO(data), Options(trusted, Anchors((), frozenset()), builder.NOW))
    assert found.contents is not None
    return found, found.contents


@pytest.fixture(scope="module")
def mixed() -> bytes:
    """An archive with recordings of several codings; E1 is µ-law, E2 a paper."""
    tone = wav([int(9000 * ((at // 20) % 2 * 2 - 1)) for at in range(16_000)])
    return archive(
        {
            "a.wav": tone,
            "b.wav": coded(tone, "-c:a", "libgsm_ms", "-f", "wav"),
            "c.wav": b"RIFF\x04\0\0\0WAVE",
            "d.wav": tone[:-4000],
            "e.ogg": coded(tone, "-c:a", "libopus", "-f", "ogg"),
        }
    )


def test_each_recording_has_the_sound_that_browsers_play(mixed: bytes) -> None:
    _, contents = verified(mixed)
    found = {}
    for sound in page_sounds(io.BytesIO(mixed), contents):
        found[sound.exhibit] = (sound.kind, sound.reason, b"".join(sound.chunks)[:4])
    assert found == {
        "E1": ("access", "browsers", b"fLaC"),
        "E3": ("master", "", b"RIFF"),
        "E4": ("access", "codec", b"fLaC"),
        "E5": ("none", "not_decodable", b""),
        "E6": ("access", "misleading", b"fLaC"),
        "E7": ("master", "", b"OggS"),
    }


def test_a_master_is_the_exhibit_byte_for_byte(mixed: bytes) -> None:
    _, contents = verified(mixed)
    for sound in page_sounds(io.BytesIO(mixed), contents):
        data = b"".join(sound.chunks)
        assert sound.size == len(data)
        if sound.kind == "master":
            member = next(name for name in contents.digests if name.startswith(f"exhibits/{sound.exhibit}."))
            assert hashlib.sha256(data).digest() == contents.digests[member]


def test_room_is_given_in_order_and_what_doesnt_fit_is_named(mixed: bytes) -> None:
    _, contents = verified(mixed)
    sizes = {sound.exhibit: sound.size for sound in page_sounds(io.BytesIO(mixed), contents)}
    most = sizes["E1"] + sizes["E3"] + sizes["E7"]
    found = list(page_sounds(io.BytesIO(mixed), contents, most))
    kinds = {sound.exhibit: (sound.kind, sound.reason) for sound in found}
    assert sizes["E7"] < sizes["E4"]
    assert kinds["E3"] == ("master", "")
    assert kinds["E4"] == kinds["E6"] == ("none", "too_large")
    assert kinds["E7"] == ("master", "")
    assert sum(sound.size for sound in found) <= most


def test_no_sound_when_none_is_wanted(mixed: bytes) -> None:
    _, contents = verified(mixed)
    assert {(sound.kind, sound.reason) for sound in page_sounds(io.BytesIO(mixed), contents, 0)} == {
        ("none", "asked")
    }


def test_the_page_is_the_same_each_time(mixed: bytes) -> None:
    found, contents = verified(mixed)
    told = answer.document("a.asice", found)
    pages = [
        b"".join(
            viewer_page(
                ViewerPage("a.asice", told, contents.records.values(), "uk", MADE),
                page_sounds(io.BytesIO(mixed), contents),
            )
        )
        for _ in range(2)
    ]
    assert pages[0] == pages[1]


def test_a_recording_that_changed_since_is_refused(mixed: bytes) -> None:
    _, contents = verified(mixed)
    place = mixed.index(b"RIFF", mixed.index(b"exhibits/E3.wav")) + 5000
    sounds = page_sounds(io.BytesIO(builder.flipped(mixed, place)), contents)
    page = viewer_page(ViewerPage("a", {}, [], "en", MADE), sounds)
    with pytest.raises(StateError):
        b"".join(page)


@pytest.mark.parametrize("kept", [b"", b"PK", b"x" * 5000])
def test_an_archive_that_is_none_any_more_is_refused(mixed: bytes, kept: bytes) -> None:
    """It was replaced after the verification; cut short, or by another file."""
    _, contents = verified(mixed)
    for now in (kept, mixed[: len(mixed) // 2]):
        with pytest.raises(StateError):
            list(page_sounds(io.BytesIO(now), contents))


def test_no_file_is_left_behind(mixed: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    _, contents = verified(mixed)
    for sound in page_sounds(io.BytesIO(mixed), contents, 20_000):
        b"".join(sound.chunks)
    assert list(tmp_path.iterdir()) == []
