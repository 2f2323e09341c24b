"""What the writer writes, seen by other programs and by plain arithmetic."""

import io
import subprocess
import zipfile
import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.container import writer as writer_module
from evidence.container.names import MIMETYPE
from evidence.container.writer import ArchiveWriter, central_directory
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


@given(st.binary(max_size=3000))
def test_add_copied_is_add(data: bytes) -> None:
    """Data that somebody else puts into the file makes the same archive."""
    out, writer = _fresh()

    def copy(offset: int) -> int:
        assert offset == len(out.getvalue())
        out.write(data)
        return zlib.crc32(data)

    member = writer.add_copied("exhibits/E1.wav", len(data), copy)
    writer.add("manifest.json", b"{}")
    writer.finish()
    assert out.getvalue() == archive([PARTS[0], ("exhibits/E1.wav", data), ("manifest.json", b"{}")])
    assert opened(out.getvalue()).find("exhibits/E1.wav") == member


def test_a_copy_that_fails_leaves_no_trace() -> None:
    out, writer = _fresh()

    def copy(_offset: int) -> int:
        out.write(bytes(1000))
        raise OSError("the disk is gone")

    with pytest.raises(OSError, match="the disk is gone"):
        writer.add_copied("exhibits/E1.wav", 2000, copy)
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
        writer.add(name, data)
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
        writer.add_copied(name, 0, lambda _offset: 0)
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


def test_central_directory_completes_a_body() -> None:
    members = layout()
    body = archive()[: members[-1].end]
    assert refusal(body)[0] == "CONTAINER_TRUNCATED"
    assert body + central_directory(members, members[-1].end) == archive()
