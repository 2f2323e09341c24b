"""Recordings that break off, are damaged or lie: always facts, known problems, and the process within limits."""

import os
import random
import struct
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from evidence.media.frames import PROBLEMS
from evidence.media.probe import MediaProcess
from tests.media import speech, wav
from tests.media.confinement import LINUX, descriptors, resident

FORMATS: dict[str, tuple[str, ...]] = {
    "a.wav": ("-c:a", "adpcm_ima_wav"),
    "mp3.wav": ("-c:a", "libmp3lame"),
    "a.mp3": ("-c:a", "libmp3lame"),
    "a.aac": ("-c:a", "aac"),
    "a.m4a": ("-c:a", "aac"),
    "fast.m4a": ("-c:a", "alac", "-movflags", "faststart"),
    "pieces.mp4": ("-c:a", "aac", "-movflags", "frag_keyframe+empty_moov"),
    "a.opus": ("-c:a", "libopus"),
    "a.ogg": ("-c:a", "libvorbis"),
    "a.spx": ("-c:a", "libspeex"),
    "a.oga": ("-c:a", "flac", "-f", "ogg"),
    "a.flac": (),
    "a.wma": ("-c:a", "wmav2"),
    "a.webm": ("-c:a", "libopus"),
    "a.mka": ("-c:a", "libvorbis"),
    "a.aiff": (),
    "a.au": ("-c:a", "pcm_mulaw"),
    "a.g723": ("-c:a", "g723_1", "-b:a", "6300", "-f", "g723_1"),
}
GOOD = wav.riff(wav.form(), wav.chunk(b"data", wav.noise(16000)))
LIMIT = 200 * 2**20


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("formats")
    found = {
        name: speech.ffmpeg(folder / name, 1, *options).read_bytes() for name, options in FORMATS.items()
    }
    found["a.amr"] = speech.sox(folder / "a.amr", 1, "-t", "amr-nb").read_bytes()
    found["a.gsm"] = speech.sox(folder / "a.gsm", 1, "-t", "gsm").read_bytes()
    return found


@pytest.fixture(scope="module")
def process() -> Iterator[MediaProcess]:
    """One for all tests: what one of them did to it would show in the next."""
    with MediaProcess(timeout=5) as process:
        yield process


@pytest.fixture
def hostile(process: MediaProcess, tmp_path: Path) -> "Hostile":
    return Hostile(process, tmp_path)


class Hostile:
    """Probes a file and holds the process to what it promises."""

    def __init__(self, process: MediaProcess, folder: Path) -> None:
        self.process = process
        self.folder = folder
        (folder / "good.wav").write_bytes(GOOD)

    def probe(self, name: str, data: bytes) -> tuple[int | None, set[str]]:
        """Samples and problems; only codes there are, and never a crash."""
        path = self.folder / name
        path.write_bytes(data)
        facts = self.process.probe(path)
        assert set(facts.problems) <= set(PROBLEMS) - {"crashed", "timeout", "unreadable", "not_started"}, (
            facts
        )
        return facts.samples, set(facts.problems)

    def works(self) -> None:
        """The next recording is read right, by a process of the size it should have."""
        assert self.process.probe(self.folder / "good.wav").samples == 8000
        assert resident(self.process.process_id) < LIMIT


@LINUX
@pytest.mark.parametrize("name", [*FORMATS, "a.amr", "a.gsm"])
def test_broken_off_anywhere(name: str, made: dict[str, bytes], hostile: Hostile) -> None:
    """No more sound than in the whole; never taken for whole where the container could tell.

    ADTS, AMR and G.723.1 announce nothing and can end after each frame; the last frame of FLAC has no length.
    """
    data = made[name]
    whole, problems = hostile.probe(name, data)
    assert whole
    assert problems <= {"headerless"}
    for part in [*range(1, 64, 7), *(len(data) * tenth // 10 + 3 for tenth in range(1, 10)), len(data) - 3]:
        samples, problems = hostile.probe(name, data[:part])
        assert samples is None or samples <= whole + 4096, part
        if not name.endswith((".aac", ".g723", ".gsm", ".amr", "mp3.wav", ".flac")) or part < len(data) // 2:
            assert problems - {"headerless"} or name in {"a.aac", "a.g723", "a.amr"}, part
    hostile.works()


@LINUX
@pytest.mark.parametrize("name", [*FORMATS, "a.amr", "a.gsm"])
def test_damaged_anywhere(name: str, made: dict[str, bytes], hostile: Hostile) -> None:
    chance = random.Random(name)  # noqa: S311  the same damage each time
    whole = made[name]
    for _ in range(25):
        data = bytearray(whole[: chance.choice([400, 4000, len(whole)])])
        for _ in range(chance.choice([1, 3, 30])):
            data[chance.randrange(chance.choice([64, 600, len(data)])) % len(data)] = chance.choice(
                [0, 0x7F, 0x80, 0xFF, chance.randrange(256)]
            )
        hostile.probe(name, bytes(data))
    hostile.works()


@LINUX
@pytest.mark.parametrize("name", list(FORMATS))
def test_huge_sizes(name: str, made: dict[str, bytes], hostile: Hostile) -> None:
    """Every field of four bytes at the beginning set to the largest numbers, one after the other."""
    data = made[name]
    for at in range(4, 160, 4):
        for huge in (b"\xff\xff\xff\xff", b"\x7f\xff\xff\xf0"):
            hostile.probe(name, data[:at] + huge + data[at + 4 : 6000])
    hostile.works()


def box(name: bytes, *parts: bytes, size: int | None = None) -> bytes:
    data = b"".join(parts)
    return struct.pack(">I", len(data) + 8 if size is None else size) + name + data


def m4a(stts: bytes, stsz: bytes, sample: bytes = b"") -> bytes:
    """An MP4 of one AAC track with such tables; by hand."""
    entry = box(b"mp4a", bytes(6), b"\0\1", bytes(8), struct.pack(">HHIHH", 1, 16, 0, 8000, 0))
    table = box(
        b"stbl",
        box(b"stsd", struct.pack(">II", 0, 1), entry),
        box(b"stts", stts),
        box(b"stsc", struct.pack(">IIIII", 0, 1, 1, 1, 1)),
        box(b"stsz", stsz),
        box(b"stco", struct.pack(">III", 0, 1, 40)),
    )
    handler = box(b"hdlr", bytes(8), b"soun", bytes(13))
    times = box(b"mdhd", struct.pack(">IIIIII", 0, 0, 0, 8000, 8000, 0))
    header = box(b"tkhd", struct.pack(">IIIII", 7, 0, 0, 1, 0), bytes(64))
    track = box(b"trak", header, box(b"mdia", times, handler, box(b"minf", box(b"smhd", bytes(8)), table)))
    movie = box(b"mvhd", struct.pack(">IIIII", 0, 0, 0, 1000, 1000), bytes(80))
    start = box(b"ftyp", b"M4A \0\0\0\0M4A ") + box(b"mdat", sample or bytes(100))
    return start + box(b"moov", movie, track)


@LINUX
def test_mp4_of_a_million_entries(hostile: Hostile) -> None:
    million = 10**6
    stts = struct.pack(">II", 0, million) + struct.pack(">II", 1, 2**31 - 1) * million
    started = time.monotonic()
    samples, problems = hostile.probe("a.m4a", m4a(stts, struct.pack(">III", 0, 1, million)))
    assert time.monotonic() - started < 5
    assert problems
    assert samples is None or samples < 200 * 1024
    hostile.works()


@LINUX
@pytest.mark.parametrize("count", [0, 1, 2**31 - 1, 2**32 - 1])
def test_mp4_of_lying_tables(count: int, hostile: Hostile) -> None:
    """What its tables announce isn't there: no more frames than bytes."""
    for stts in (struct.pack(">IIII", 0, 1, count, 2**31 - 1), struct.pack(">II", 0, count)):
        samples, problems = hostile.probe("a.m4a", m4a(stts, struct.pack(">III", 0, 1, count)))
        assert samples is None or samples <= 200 * 1024
        assert problems
    hostile.works()


@LINUX
def test_boxes_in_boxes(hostile: Hostile) -> None:
    data = b""
    for _ in range(5000):
        data = box(b"moov", data)
    hostile.probe("a.mp4", box(b"ftyp", b"isom\0\0\0\0") + data)
    hostile.probe("b.mp4", box(b"ftyp", b"isom\0\0\0\0") + box(b"free") * 200_000)
    hostile.works()


@LINUX
def test_matroska_in_matroska(hostile: Hostile) -> None:
    head = bytes.fromhex("1a45dfa3 84 4282 81 77")
    for piece in (
        "18538067 01ffffffffffffff",
        "1654ae6b 01fffffffffffff0",
        "ae 8f",
        "4489 88 7ff0000000000000",
        "ec 80",
    ):
        hostile.probe("a.mkv", head + bytes.fromhex(piece) * 20000)
    infinite = bytes.fromhex(
        "18538067 01ffffffffffffff 1549a966 90 2ad7b1 83 ffffff 4489 88 7fe0000000000000"
    )
    hostile.probe("a.mkv", head + infinite)
    hostile.works()


@LINUX
def test_granules_that_lie(made: dict[str, bytes], hostile: Hostile) -> None:
    """The count comes from the packets; what the pages say of the time is a claim."""
    data = made["a.opus"]
    whole, _ = hostile.probe("a.opus", data)
    assert whole
    for granule in (0, 2**63 - 1, 2**64 - 2, 10**9):
        lying = bytearray(data)
        at = lying.rindex(b"OggS")
        lying[at + 6 : at + 14] = granule.to_bytes(8, "little")
        samples, problems = hostile.probe("a.opus", bytes(lying))
        assert samples is not None
        assert abs(samples - whole) <= 48000 or problems
        assert samples <= whole + 5760
    hostile.works()


@LINUX
def test_nothing_refers_to_another_file(tmp_path: Path, hostile: Hostile) -> None:
    """Playlists are text; an MP4 that refers to its sound by a path gets none of it."""
    other = tmp_path / "other.raw"
    other.write_bytes(bytes(16000))
    for text in (f"#EXTM3U\n{other}\n", f"ffconcat version 1.0\nfile {other}\n", f"<smil>{other}</smil>"):
        for name in ("a.mp3", "a.m3u8", "a.wav", "a.ogg"):
            assert hostile.probe(name, text.encode()) == (None, {"not_audio"})
    path = str(other).encode()
    url = box(b"url ", struct.pack(">I", 0), path + b"\0")
    data = m4a(struct.pack(">IIII", 0, 1, 100, 1024), struct.pack(">III", 0, 1, 100))
    linked = data.replace(box(b"smhd", bytes(8)), box(b"dinf", box(b"dref", struct.pack(">II", 0, 1), url)))
    hostile.probe("a.m4a", linked)
    hostile.works()


def test_a_file_that_shrinks(tmp_path: Path, made: dict[str, bytes], media: MediaProcess) -> None:
    """The child is told a size that isn't there any more, as if the file had been cut since."""
    for name, data in made.items():
        path = tmp_path / name
        path.write_bytes(data[: len(data) // 2])
        descriptor = os.open(path, os.O_RDONLY)
        try:
            facts = media._asked(descriptor, len(data), "gsm" if name == "a.gsm" else "")
        finally:
            os.close(descriptor)
        assert not {"crashed", "timeout", "unreadable"} & set(facts.problems), (name, facts)


def sixty_million_packets(path: Path) -> None:
    """An MP4 with a table of 60 million sizes, which is there (all of them 0): more than the demuxer may hold."""
    count = 60_000_000
    head, tail = m4a(
        struct.pack(">IIII", 0, 1, count, 1024), struct.pack(">III", 0, 0, count) + b"TABLE"
    ).split(b"TABLE")
    data = bytearray(head)
    for name in (b"moov", b"trak", b"mdia", b"minf", b"stbl", b"stsz"):
        at = data.index(name) - 4
        size = int.from_bytes(data[at : at + 4], "big") - len(b"TABLE") + 4 * count
        data[at : at + 4] = size.to_bytes(4, "big")
    with path.open("wb") as file:
        file.write(data)
        file.seek(len(data) + 4 * count)
        file.write(tail)


@LINUX
def test_memory_ends_as_a_finding(hostile: Hostile) -> None:
    path = hostile.folder / "a.m4a"
    sixty_million_packets(path)
    facts = hostile.process.probe(path)
    assert (facts.container, facts.samples, facts.problems) == ("mp4", None, ("out_of_memory",))
    hostile.works()


@LINUX
def test_two_thousand_probes_leak_nothing(made: dict[str, bytes], tmp_path: Path) -> None:
    paths = []
    for name in ("a.mp3", "a.m4a", "a.opus", "a.mka", "a.wma", "a.amr", "a.flac", "a.wav"):
        paths += [tmp_path / name, tmp_path / f"half-{name}"]
        paths[-2].write_bytes(made[name])
        paths[-1].write_bytes(made[name][: len(made[name]) // 2])
    with MediaProcess() as process:
        for path in paths * 10:
            process.probe(path)
        pid = process.process_id
        before = resident(pid)
        for _ in range(125):
            for path in paths:
                process.probe(path)
        assert process.process_id == pid
        assert resident(pid) - before < 4 * 2**20
        assert resident(pid) < LIMIT
        assert descriptors(pid) == 3
