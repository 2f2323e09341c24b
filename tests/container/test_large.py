"""Archives that need ZIP64: beyond 4 GiB (a hole costs no disk) and beyond 65,535 members."""

import io
import subprocess
import zipfile
from pathlib import Path

import pytest

from evidence.container import reader as reader_module
from evidence.container import writer as writer_module
from evidence.container.names import MIMETYPE
from evidence.container.reader import open_archive
from evidence.container.writer import ArchiveWriter
from evidence.container.zipformat import (
    MAX_32,
    Member,
    central_header,
    end_records,
    local_header,
)
from evidence.digests import CHUNK
from tests.container.sample import refusal
from tests.requirements import need

SIZES = [MAX_32 - 200, MAX_32, MAX_32 + 1, 4_617_089_843]


def _sparse(path: Path, size: int) -> None:
    """An archive with an exhibit that is a hole of that size, and one small member behind it."""
    with path.open("w+b") as out:
        writer = ArchiveWriter(out)
        writer.add("mimetype", MIMETYPE)

        def leave_a_hole(offset: int) -> int:
            out.truncate(offset + size)
            return 0

        writer.add_copied("exhibits/E1.wav", size, leave_a_hole)
        writer.add("manifest.json", b"{}")
        writer.finish()


@pytest.mark.parametrize("size", SIZES)
def test_beyond_four_gigabytes(size: int, tmp_path: Path) -> None:
    path = tmp_path / "a.asice"
    _sparse(path, size)
    with path.open("rb") as file:
        container = open_archive(file)
        assert [m.size for m in container.members] == [len(MIMETYPE), size, 2]
        assert container.read(container.members[2], 2) == b"{}"
        assert bytes(next(iter(container.chunks(container.members[1])))) == bytes(CHUNK)
    with zipfile.ZipFile(path) as found:
        assert [info.file_size for info in found.infolist()] == [len(MIMETYPE), size, 2]
        assert found.read("manifest.json") == b"{}"
        with found.open("exhibits/E1.wav") as exhibit:
            assert exhibit.read(10) == bytes(10)


def test_unzip_reads_beyond_four_gigabytes(tmp_path: Path) -> None:
    path = tmp_path / "a.asice"
    _sparse(path, SIZES[-1])
    command = [need("unzip"), "-p", str(path), "manifest.json"]
    done = subprocess.run(command, capture_output=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"{}", b"")


def test_damage_beyond_four_gigabytes(tmp_path: Path) -> None:
    """A flipped byte anywhere in the records behind the hole, ZIP64 fields included."""
    path = tmp_path / "a.asice"
    _sparse(path, SIZES[-1])
    length = path.stat().st_size
    start = length - 400
    with path.open("r+b") as file:
        file.seek(start)
        tail = file.read()
        records = tail.index(b"PK\x01\x02")
        for offset in range(records, len(tail)):
            file.seek(start + offset)
            file.write(bytes([tail[offset] ^ 0x10]))
            file.flush()
            with pytest.raises(ValueError):
                open_archive(file)
            file.seek(start + offset)
            file.write(tail[offset : offset + 1])
        file.flush()
        assert len(open_archive(file).members) == 3
        for cut in range(1, 150):
            file.truncate(length - cut)
            with pytest.raises(ValueError) as caught:
                open_archive(file)
            assert getattr(caught.value, "code", "") == "CONTAINER_TRUNCATED", cut


def test_bytes_behind_the_end_record_of_zip64(tmp_path: Path) -> None:
    path = tmp_path / "a.asice"
    _sparse(path, SIZES[-1])
    with path.open("r+b") as file:
        file.seek(0, 2)
        file.write(b"\n")
        with pytest.raises(ValueError) as caught:
            open_archive(file)
    assert getattr(caught.value, "code", "") == "CONTAINER_MALFORMED"


def test_beyond_65535_members(monkeypatch: pytest.MonkeyPatch) -> None:
    """The count needs ZIP64; Python's zipfile agrees with it. The format's limit is lower, and lifted here."""
    for module in (reader_module, writer_module):
        monkeypatch.setattr(module, "MAX_MEMBERS", 100_000)
    for count in (65534, 65535):
        out = io.BytesIO()
        writer = ArchiveWriter(out)
        writer.add("mimetype", MIMETYPE)
        for number in range(count - 1):
            writer.add(f"access/{number}", b"")
        writer.finish()
        assert len(open_archive(out).members) == count
        with zipfile.ZipFile(out) as found:
            assert len(found.namelist()) == count
        assert (b"PK\x06\x06" in out.getvalue()) == (count > 65534)


def test_more_members_than_the_format_has() -> None:
    member = Member.at(0, "mimetype", len(MIMETYPE), 0)
    directory = b"".join(central_header(Member.at(n, f"access/{n}", 0, 0)) for n in range(20_001))
    beginning = io.BytesIO()
    ArchiveWriter(beginning).add("mimetype", MIMETYPE)
    data = beginning.getvalue() + directory + end_records(20_001, len(directory), member.end)
    assert refusal(data) == ("CONTAINER_MALFORMED", "")


@pytest.mark.parametrize("size", [MAX_32, MAX_32 + 1])
@pytest.mark.parametrize("offset", [MAX_32, MAX_32 + 1])
def test_zip64_fields_stand_exactly_where_a_value_doesnt_fit(size: int, offset: int) -> None:
    member = Member.at(offset, "a", size, 0)
    wide = [value for value in (size, size, offset) if value > MAX_32]
    extra = b"".join(value.to_bytes(8, "little") for value in wide)
    header = central_header(member)
    expected = b"\x01\x00" + len(extra).to_bytes(2, "little") + extra if extra else b""
    assert header[47:] == expected
    assert header[4:8] == (b"\x2d\x03\x2d\x00" if wide else b"\x14\x03\x14\x00")
    local = local_header(member)
    assert len(local) == 31 + (20 if size > MAX_32 else 0) == member.data_offset - offset
    assert local[4:6] == (b"\x2d\x00" if size > MAX_32 else b"\x14\x00")


@pytest.mark.parametrize(
    ("count", "size", "offset", "length"),
    [
        (65534, MAX_32, MAX_32, 22),
        (65535, 1, 1, 98),
        (1, MAX_32 + 1, 1, 98),
        (1, 1, MAX_32 + 1, 98),
    ],
)
def test_zip64_end_records(count: int, size: int, offset: int, length: int) -> None:
    assert len(end_records(count, size, offset)) == length
