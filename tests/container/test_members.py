"""Reading members of an archive that opened: in pieces, in turns, from a file that shrinks."""

import io
from pathlib import Path

import pytest

from evidence.container import reader as reader_module
from evidence.container.reader import Malformed, MemberTooLarge, open_archive
from tests.container.sample import (
    PARTS,
    archive,
    opened,
)
from tests.container.test_reader import BODY, MEMBERS, TRUNCATED, WHOLE


def test_chunks_are_views_of_one_buffer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader_module, "CHUNK", 16)
    container = opened(WHOLE)
    member = container.members[1]
    assert [bytes(chunk) for chunk in container.chunks(member)] == [b"RIFF" + bytes(12), bytes(16), bytes(12)]
    kept = list(container.chunks(member))
    assert kept[0] == bytes(16)
    assert container.read(member, 44) == PARTS[1][1]


def test_members_may_be_read_in_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader_module, "CHUNK", 4)
    container = opened(WHOLE)
    both = zip(container.chunks(container.members[1]), container.chunks(container.members[2]), strict=False)
    got = [(bytes(a), bytes(b)) for a, b in both]
    assert b"".join(b for _a, b in got) == PARTS[2][1]
    assert got[0][0] == b"RIFF"


def test_read_refuses_more_than_the_limit() -> None:
    container = opened(WHOLE)
    assert container.read(container.members[3], 2) == b"{}"
    with pytest.raises(MemberTooLarge):
        container.read(container.members[3], 1)


def test_find() -> None:
    container = opened(WHOLE)
    assert container.find("manifest.json") == container.members[3]
    assert container.find("MANIFEST.JSON") is None


def test_a_file_that_shrinks_while_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.asice"
    path.write_bytes(archive([PARTS[0], ("exhibits/E1.wav", bytes(600_000))]))
    with path.open("rb") as file:
        container = open_archive(file)
        with path.open("r+b") as other:
            other.truncate(300_000)
        for use in (container.digest, lambda member: container.read(member, 10**6)):
            with pytest.raises(Malformed) as caught:
                use(container.members[1])
            assert (caught.value.code, caught.value.subject) == (TRUNCATED, "exhibits/E1.wav")


@pytest.mark.parametrize("length", [69, MEMBERS[2].header_offset + 3, BODY + 7, len(WHOLE) - 10])
def test_a_file_that_shrinks_while_it_is_opened(length: int) -> None:
    """It ends before what its length, asked for first, promised."""

    class Shrinking(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            start = self.tell()
            return super().read(size)[: max(0, length - start)]

    with pytest.raises(Malformed, match="ended while it was read") as caught:
        open_archive(Shrinking(WHOLE))
    assert caught.value.code == TRUNCATED


def test_an_error_of_the_disk_passes_through() -> None:
    class Broken(io.BytesIO):
        broken = False

        def readinto(self, _buffer: memoryview, /) -> int:  # type: ignore[override]
            raise OSError(5, "input/output error")

    container = open_archive(Broken(WHOLE))
    with pytest.raises(OSError, match="input/output"):
        container.digest(container.members[1])
