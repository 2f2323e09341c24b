"""What the writer writes, seen by other programs and by plain arithmetic."""

import hashlib
import io
import subprocess
import zipfile
import zlib
from collections.abc import Iterator
from itertools import pairwise, repeat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.container import writer as writer_module
from evidence.container.names import MIMETYPE
from evidence.container.writer import ArchiveWriter, SourceChanged, central_directory
from evidence.container.zipformat import Member
from tests.container.sample import PARTS, archive, contents, layout, opened, refusal
from tests.requirements import need

NAMES = st.from_regex(r"[A-Za-z0-9._-]{1,12}(/[A-Za-z0-9._-]{1,12}){0,3}", fullmatch=True).filter(
    lambda name: name != "mimetype" and not {".", ".."} & set(name.split("/"))
)


def _fresh() -> tuple[io.BytesIO, ArchiveWriter]:
    out = io.BytesIO()
    writer = ArchiveWriter(out)
    writer.add("mimetype", MIMETYPE)
    return out, writer


def test_the_bytes_of_a_small_archive() -> None:
    """Every byte of an archive of one member, by hand."""
    crc = zlib.crc32(MIMETYPE).to_bytes(4, "little")
    common = bytes.fromhex("00000000 0000 2100") + crc + bytes.fromhex("1f000000 1f000000 0800 0000")
    local = b"PK\x03\x04" + bytes.fromhex("1400") + common + b"mimetype" + MIMETYPE
    central = b"PK\x01\x02" + bytes.fromhex("1403 1400") + common
    central += bytes.fromhex("0000 0000 0000 0000a481 00000000") + b"mimetype"
    end = b"PK\x05\x06" + bytes.fromhex("0000 0000 0100 0100 36000000 45000000 0000")
    assert archive(PARTS[:1]) == local + central + end


def test_zipfile_reads_it() -> None:
    with zipfile.ZipFile(io.BytesIO(archive())) as found:
        assert found.testzip() is None
        assert [(info.filename, found.read(info)) for info in found.infolist()] == list(PARTS)
        for info, member in zip(found.infolist(), layout(), strict=True):
            assert info.header_offset == member.header_offset
            assert member.crc32 == info.CRC
            assert info.date_time == (1980, 1, 1, 0, 0, 0)
            assert info.external_attr >> 16 == 0o100644
            assert (info.compress_type, info.flag_bits, info.extra) == (0, 0, b"")


@pytest.mark.parametrize(
    "command", [["unzip", "-tqq"], ["unzip", "-Z", "-v"], ["7z", "t"], ["bsdtar", "-tf"]]
)
def test_other_programs_read_it(command: list[str], tmp_path: Path) -> None:
    """Info-ZIP, 7-Zip and libarchive."""
    path = tmp_path / "a.asice"
    path.write_bytes(archive())
    tool = need(command[0])
    done = subprocess.run([tool, *command[1:], path], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "warning" not in (done.stdout + done.stderr).lower()


@given(st.dictionaries(NAMES.map(str.lower), st.binary(max_size=3000), max_size=8))
def test_read_gives_what_was_written(parts: dict[str, bytes]) -> None:
    """The law of writer and reader: contents(archive(parts)) == parts."""
    expected = [PARTS[0], *parts.items()]
    assert contents(archive(expected)) == expected


@given(st.binary(max_size=3000), st.lists(st.integers(0, 1000), max_size=6))
def test_add_stream_is_add(data: bytes, cuts: list[int]) -> None:
    """However a source is cut into chunks, the archive is the same, and the digest is the data's."""
    edges = [0, *sorted(min(cut, len(data)) for cut in cuts), len(data)]
    pieces = [memoryview(data)[a:b] for a, b in pairwise(edges)]
    out, writer = _fresh()
    member, digest = writer.add_stream("exhibits/E1.wav", len(data), pieces)
    writer.add("manifest.json", b"{}")
    writer.finish()
    assert digest == hashlib.sha256(data).digest()
    assert out.getvalue() == archive([PARTS[0], ("exhibits/E1.wav", data), ("manifest.json", b"{}")])
    assert opened(out.getvalue()).find("exhibits/E1.wav") == member


def test_add_stream_takes_a_reused_buffer() -> None:
    buffer = bytearray(4)

    def chunks() -> Iterator[memoryview]:
        for piece in (b"abcd", b"efgh"):
            buffer[:] = piece
            yield memoryview(buffer)

    out, writer = _fresh()
    _member, digest = writer.add_stream("exhibits/E1.wav", 8, chunks())
    writer.finish()
    assert digest == hashlib.sha256(b"abcdefgh").digest()
    assert contents(out.getvalue())[1][1] == b"abcdefgh"


@pytest.mark.parametrize("chunks", [[], [b"abc"], [b"abcd", b"e"], [b"abcde"], [b"ab", b"abc"]])
def test_a_changed_source_is_refused_and_leaves_no_trace(chunks: list[bytes]) -> None:
    out, writer = _fresh()
    with pytest.raises(SourceChanged):
        writer.add_stream("exhibits/E1.wav", 4, chunks)
    assert (len(writer.members), writer.position) == (1, 69)
    writer.finish()
    assert out.getvalue() == archive(PARTS[:1])


def test_an_endless_source_is_left_at_once() -> None:
    out, writer = _fresh()
    with pytest.raises(SourceChanged, match="more than 10 bytes"):
        writer.add_stream("exhibits/E1.wav", 10, repeat(b"abcd"))
    assert len(out.getvalue()) == 69 + 30 + len("exhibits/E1.wav") + 8


def test_a_source_that_fails_leaves_no_trace() -> None:
    def chunks() -> Iterator[bytes]:
        yield bytes(1000)
        raise OSError("the disk is gone")

    out, writer = _fresh()
    with pytest.raises(OSError, match="the disk is gone"):
        writer.add_stream("exhibits/E1.wav", 2000, chunks())
    writer.add("manifest.json", b"{}")
    writer.finish()
    assert out.getvalue() == archive([PARTS[0], ("manifest.json", b"{}")])


def test_a_file_without_buffer_that_takes_little_at_a_time() -> None:
    class Slow(io.BytesIO):
        def write(self, data: bytes | memoryview, /) -> int:  # type: ignore[override]
            return super().write(data[:7])

    out = Slow()
    writer = ArchiveWriter(out)
    for name, data in PARTS:
        writer.add_stream(name, len(data), [data])
    writer.finish()
    assert out.getvalue() == archive()


@pytest.mark.parametrize(
    "name", ["", "a b", "/a", "a//b", "a/../b", "./a", "ä", "a\\b", "a\n", "x" * 129, "MimeType"]
)
def test_names_that_no_member_may_have(name: str) -> None:
    out, writer = _fresh()
    with pytest.raises(ValueError):
        writer.add(name, b"")
    with pytest.raises(ValueError):
        writer.add_stream(name, 0, [])
    assert len(out.getvalue()) == writer.position == 69


def test_a_finished_or_full_archive_takes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    _out, writer = _fresh()
    monkeypatch.setattr(writer_module, "MAX_MEMBERS", 1)
    with pytest.raises(ValueError, match="more than 1 members"):
        writer.add("manifest.json", b"")
    writer.finish()
    for again in (writer.finish, lambda: writer.add("manifest.json", b"")):
        with pytest.raises(ValueError, match="finished"):
            again()


@pytest.mark.parametrize("kept", range(len(PARTS) + 1))
def test_resume_goes_on_after_a_crash(kept: int, tmp_path: Path) -> None:
    """Cut off behind any member and continued, the archive is what it would have been."""
    whole = archive()
    members = layout()[:kept]
    path = tmp_path / "a.staged"
    path.write_bytes(whole[: members[-1].end if members else 0])
    with path.open("r+b") as out:
        writer = ArchiveWriter.resume(out, members)
        for name, data in PARTS[kept:]:
            writer.add(name, data)
        assert writer.finish() == len(whole)
        assert writer.members == tuple(layout())
    assert path.read_bytes() == whole


def test_resume_refuses_a_file_that_doesnt_end_there() -> None:
    members = layout()
    body = archive()[: members[-1].end]
    for file in (body[:-1], body + b"\0", b""):
        with pytest.raises(ValueError, match="doesn't end behind"):
            ArchiveWriter.resume(io.BytesIO(file), members)


def test_resume_refuses_members_that_dont_follow_one_another() -> None:
    members = layout()
    body = io.BytesIO(archive()[: members[-1].end])
    for wrong in (members[1:], members[::-1], [*members[:1], *members[2:]]):
        with pytest.raises(ValueError, match="doesn't follow"):
            ArchiveWriter.resume(body, wrong)
    with pytest.raises(ValueError, match="already"):
        ArchiveWriter.resume(body, [*members, Member.at(members[-1].end, "MANIFEST.JSON", 0, 0)])


def test_central_directory_completes_a_body() -> None:
    members = layout()
    body = archive()[: members[-1].end]
    assert refusal(body)[0] == "CONTAINER_TRUNCATED"
    assert body + central_directory(members, members[-1].end) == archive()
