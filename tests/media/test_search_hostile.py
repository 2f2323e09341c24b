"""Recordings that break off, are damaged or lie, decoded: always a NoticeSearch, and the process within limits."""

import random
import struct
from collections.abc import Iterator
from pathlib import Path

import pytest

from evidence.media.search import SearchProcess
from evidence.model import waveform
from evidence.model.noticesearch import PROBLEMS, NoticeSearch
from tests.media import speech, wav
from tests.media.confinement import LINUX, descriptors, resident
from tests.media.test_hostile import FORMATS, GOOD, LIMIT, box, m4a, sixty_million_packets

NAMES = [*FORMATS, "a.amr", "a.gsm", "gsm.wav", "ms.wav", "g726.wav", "g722.wav", "ima4.aifc", "call.vox"]
MORE = {
    "gsm.wav": ("-c:a", "gsm_ms"),
    "ms.wav": ("-c:a", "adpcm_ms"),
    "g726.wav": ("-c:a", "g726", "-b:a", "24k"),
    "g722.wav": ("-ar", "16000", "-c:a", "g722"),
    "ima4.aifc": ("-c:a", "adpcm_ima_qt", "-f", "aiff"),
}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("formats")
    found = {
        name: speech.ffmpeg(folder / name, 1, *options).read_bytes()
        for name, options in (FORMATS | MORE).items()
    }
    for name, kind in (("a.amr", "amr-nb"), ("a.gsm", "gsm"), ("call.vox", "vox")):
        found[name] = speech.sox(folder / name, 1, "-t", kind).read_bytes()
    return found


class Hostile:
    """Decodes a file and holds the process to what it promises."""

    def __init__(self, process: SearchProcess, folder: Path) -> None:
        self.process = process
        self.folder = folder
        (folder / "good.wav").write_bytes(GOOD)

    def search(self, name: str, data: bytes, seconds: int | None = None) -> NoticeSearch:
        path = self.folder / name
        path.write_bytes(data)
        with path.open("rb") as file:
            heard = self.process.hear(file, None, name, [], seconds)
        found, drawing = heard.search, heard.drawing
        assert found is not None
        assert drawing is not None
        never = {"crashed", "timeout", "unreadable", "not_started", "no_media", "announcement_unreadable"}
        assert set(found.problems) <= set(PROBLEMS) - never, (name, found)
        assert (found.waveform is None) == (not found.searched_ms) or found.searched_ms < 10
        assert set(drawing.problems) <= set(waveform.PROBLEMS) - never, (name, drawing)
        assert set(found.problems) <= {*drawing.problems, "no_sound", "not_decodable"}, (name, found, drawing)
        assert drawing.columns <= waveform.MOST_COLUMNS
        if found.searched_ms >= 10:
            assert len(drawing.channels) >= found.channels
            assert drawing.columns * drawing.column_ms >= found.searched_ms - 10
        return found

    def works(self) -> None:
        """The next recording is decoded right, by a process of the size it should have."""
        pid = self.process.process_id
        assert self.search("good.wav", GOOD).searched_ms == 1000
        assert self.process.process_id == pid
        assert resident(pid) < LIMIT
        assert descriptors(pid) == 3


@pytest.fixture(scope="module")
def process() -> Iterator[SearchProcess]:
    """One for all tests: what one of them did to it would show in the next."""
    with SearchProcess(timeout=10) as process:
        yield process


@pytest.fixture
def hostile(process: SearchProcess, tmp_path: Path) -> Hostile:
    return Hostile(process, tmp_path)


@LINUX
@pytest.mark.parametrize("name", NAMES)
def test_broken_off_anywhere(name: str, made: dict[str, bytes], hostile: Hostile) -> None:
    """What is there is decoded: no more than of the whole, and about its share."""
    data = made[name]
    whole = hostile.search(name, data)
    assert (whole.problems, whole.is_whole) == ((), True)
    for part in [*range(1, 64, 9), *(len(data) * tenth // 10 + 3 for tenth in range(1, 10)), len(data) - 3]:
        found = hostile.search(name, data[:part])
        assert found.searched_ms <= whole.searched_ms + 250, part
        if part > len(data) // 2 and name not in {"a.m4a", "fast.m4a"}:  # whose tables may be at the end
            assert found.searched_ms >= whole.searched_ms * part // len(data) - 1500, part
    hostile.works()


@LINUX
@pytest.mark.parametrize("name", NAMES)
def test_damaged_anywhere(name: str, made: dict[str, bytes], hostile: Hostile) -> None:
    chance = random.Random(name)  # noqa: S311  the same damage each time
    whole = made[name]
    for _ in range(20):
        data = bytearray(whole[: chance.choice([400, 4000, len(whole)])])
        for _ in range(chance.choice([1, 3, 30])):
            data[chance.randrange(chance.choice([64, 600, len(data)])) % len(data)] = chance.choice(
                [0, 0x7F, 0x80, 0xFF, chance.randrange(256)]
            )
        hostile.search(name, bytes(data), seconds=60)
    hostile.works()


@LINUX
@pytest.mark.parametrize("name", list(FORMATS))
def test_huge_sizes(name: str, made: dict[str, bytes], hostile: Hostile) -> None:
    """Every field of four bytes at the beginning set to the largest numbers, one after the other."""
    data = made[name]
    for at in range(4, 160, 8):
        for huge in (b"\xff\xff\xff\xff", b"\x7f\xff\xff\xf0"):
            hostile.search(name, data[:at] + huge + data[at + 4 : 6000], seconds=60)
    hostile.works()


@LINUX
def test_time_stamps_that_run_away(hostile: Hostile) -> None:
    """Packets of MP4 that are each said to last for hours are not followed by hours of silence."""
    stts = struct.pack(">IIII", 0, 1, 50, 2**31 - 1)
    hostile.search("a.m4a", m4a(stts, struct.pack(">III", 0, 20, 50), bytes(1000)))
    hostile.works()


@LINUX
def test_sixty_thousand_channels(hostile: Hostile) -> None:
    form = wav.chunk(b"fmt ", struct.pack("<HHIIHH", 1, 30000, 8000, 0, 60000, 16))
    found = hostile.search("a.wav", wav.riff(form, wav.chunk(b"data", bytes(60000 * 80))))
    assert (found.channels, found.searched_ms, found.problems) == (8, 10, ("too_many_channels",))
    hostile.works()


@LINUX
def test_nothing_refers_to_another_file(tmp_path: Path, hostile: Hostile) -> None:
    other = tmp_path / "other.raw"
    other.write_bytes(bytes(16000))
    for text in (f"#EXTM3U\n{other}\n", f"ffconcat version 1.0\nfile {other}\n"):
        assert hostile.search("a.mp3", text.encode()).problems == ("not_decodable",)
    url = box(b"url ", struct.pack(">I", 0), str(other).encode() + b"\0")
    data = m4a(struct.pack(">IIII", 0, 1, 100, 1024), struct.pack(">III", 0, 1, 100))
    linked = data.replace(box(b"smhd", bytes(8)), box(b"dinf", box(b"dref", struct.pack(">II", 0, 1), url)))
    assert hostile.search("a.m4a", linked).searched_ms == 0
    hostile.works()


@LINUX
def test_memory_ends_as_a_finding(hostile: Hostile) -> None:
    path = hostile.folder / "a.m4a"
    sixty_million_packets(path)
    with path.open("rb") as file:
        found = hostile.process.search(file, None, "a.m4a", [])
    assert found == NoticeSearch(problems=("out_of_memory",))
    for wanted in (True, False):
        with path.open("rb") as file:
            heard = hostile.process.hear(file, None, "a.m4a", [] if wanted else None)
        assert (heard.search is not None) == wanted
        assert heard.drawing == waveform.Drawing(problems=("out_of_memory",))
    hostile.works()


@LINUX
def test_a_second_of_fifty_megabytes(hostile: Hostile) -> None:
    """Eight channels of the highest sample rate, in the widest samples."""
    form = wav.form(wav.FLOAT, channels=8, rate=768_000, width=8)
    size = 2 * 768_000 * 64
    path = hostile.folder / "a.wav"
    with path.open("wb") as file:
        file.write(wav.riff(form, wav.chunk(b"data", b"", size)))
        file.truncate(file.tell() + size)
    with path.open("rb") as file:
        heard = hostile.process.hear(file, None, "a.wav", [])
    found, drawing = heard.search, heard.drawing
    assert found is not None
    assert (found.channels, found.searched_ms, found.problems) == (8, 2000, ())
    assert drawing == waveform.Drawing("evidence_waveform_1", 10, 8 * (bytes(200),))
    status = Path(f"/proc/{hostile.process.process_id}/status").read_text(encoding="ascii")
    assert int(status.partition("VmHWM:")[2].split()[0]) * 1024 < LIMIT
    hostile.works()
