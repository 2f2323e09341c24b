"""What the reader refuses, and with which code."""

import io
import struct
import zipfile
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.container import reader as reader_module
from evidence.container.names import MIMETYPE, MIMETYPE_NAME
from evidence.container.reader import Malformed
from evidence.container.zipformat import Member
from tests.container.sample import (
    BEGINNING,
    PARTS,
    archive,
    assemble,
    contents,
    layout,
    moved,
    opened,
    refusal,
)

WHOLE = archive()
MEMBERS = layout()
BODY = MEMBERS[-1].end
MALFORMED = "CONTAINER_MALFORMED"
TRUNCATED = "CONTAINER_TRUNCATED"
NOT_AN_ARCHIVE = "NOT_AN_ARCHIVE"
DATA = {offset for member in MEMBERS for offset in range(member.data_offset, member.end)}


def _appended(change: Callable[[zipfile.ZipFile], None]) -> bytes:
    """Our archive after zipfile changed it."""
    out = io.BytesIO(WHOLE)
    with zipfile.ZipFile(out, "a") as file:
        change(file)
    return out.getvalue()


def test_the_archive_of_these_tests_is_sound() -> None:
    assert contents(WHOLE) == list(PARTS)
    assert opened(WHOLE).members == tuple(MEMBERS)
    assert assemble() == WHOLE


@pytest.mark.parametrize("bit", range(8))
def test_every_flipped_bit_is_detected(bit: int) -> None:
    """Structure: refused with the code of the place. Data: the CRC tells, and only there."""
    for offset in range(len(WHOLE)):
        damaged = bytearray(WHOLE)
        damaged[offset] ^= 1 << bit
        code, _subject = refusal(bytes(damaged))
        if offset < BEGINNING:
            assert code == NOT_AN_ARCHIVE, offset
        elif offset in DATA:
            assert code == "", offset
            with pytest.raises(AssertionError):
                contents(bytes(damaged))
        elif len(WHOLE) - 22 <= offset < len(WHOLE) - 18:
            assert code == TRUNCATED, offset
        elif offset < BODY:
            assert code == MALFORMED, offset
        else:
            assert code in {MALFORMED, "MEMBER_NAME", "MEMBER_DUPLICATE"}, offset


@given(st.data())
def test_every_replaced_byte_of_the_structure_is_detected(data: st.DataObject) -> None:
    offset = data.draw(st.sampled_from([o for o in range(len(WHOLE)) if o not in DATA]))
    value = data.draw(st.integers(0, 255).filter(lambda value: value != WHOLE[offset]))
    assert refusal(WHOLE[:offset] + bytes([value]) + WHOLE[offset + 1 :])[0]


def test_every_truncation_is_detected() -> None:
    for length in range(len(WHOLE)):
        expected = NOT_AN_ARCHIVE if length < BEGINNING else TRUNCATED
        assert refusal(WHOLE[:length]) == (expected, ""), length


@pytest.mark.parametrize("value", [b"\0", b"P", b"A", b"\xff"])
def test_every_inserted_byte_is_detected(value: bytes) -> None:
    for offset in range(len(WHOLE) + 1):
        code, _subject = refusal(WHOLE[:offset] + value + WHOLE[offset:])
        same = WHOLE[:BEGINNING] == (WHOLE[:offset] + value + WHOLE[offset:])[:BEGINNING]
        assert code if same else code == NOT_AN_ARCHIVE, offset
        if BEGINNING <= offset < BODY or offset == len(WHOLE):
            assert code == MALFORMED, offset


def test_every_dropped_byte_is_detected() -> None:
    for offset in range(len(WHOLE)):
        assert refusal(WHOLE[:offset] + WHOLE[offset + 1 :])[0], offset


@given(st.binary(min_size=1, max_size=200))
def test_bytes_behind_the_end_are_malformed(junk: bytes) -> None:
    assert refusal(WHOLE + junk) == (MALFORMED, "")


@given(st.binary(min_size=1, max_size=200))
def test_bytes_before_the_beginning_are_no_archive(junk: bytes) -> None:
    assert refusal(junk + WHOLE)[0] in {NOT_AN_ARCHIVE, MALFORMED}


def test_a_second_end_record_is_malformed() -> None:
    assert refusal(WHOLE + WHOLE[-22:]) == (MALFORMED, "")
    assert refusal(WHOLE[:-22] + WHOLE[-22:] * 2) == (MALFORMED, "")
    assert refusal(WHOLE + WHOLE) == (MALFORMED, "")


def test_a_cut_archive_that_holds_an_archive_is_truncated() -> None:
    """The end record of an exhibit isn't mistaken for the archive's own."""
    outer = archive([PARTS[0], ("exhibits/E1.zip", WHOLE + b"behind"), ("manifest.json", b"{}")])
    assert refusal(outer) == ("", "")
    inner_end = 69 + 30 + len("exhibits/E1.zip") + len(WHOLE)
    for length in range(inner_end + 1, len(outer)):
        assert refusal(outer[:length]) == (TRUNCATED, ""), length


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"PK\x05\x06" + bytes(18),
        bytes(1000),
        archive([(MIMETYPE_NAME, MIMETYPE + b"\n")]),
        archive([("Mimetype", MIMETYPE)]),
        archive(PARTS[1:]),
        b"\0" + WHOLE,
        WHOLE[:69][::-1] + WHOLE[69:],
    ],
)
def test_files_that_arent_archives(data: bytes) -> None:
    assert refusal(data) == (NOT_AN_ARCHIVE, "")


@pytest.mark.parametrize(
    ("what", "expected"),
    [
        (lambda file: file.writestr("a.txt", b"a" * 99), "a.txt"),
        (lambda file: file.writestr("a.txt", b"a" * 99, zipfile.ZIP_DEFLATED), "a.txt"),
        (lambda file: setattr(file, "comment", b"hello"), ""),
    ],
)
def test_what_zipfile_appends_is_malformed(what: Callable[[zipfile.ZipFile], None], expected: str) -> None:
    """Zipfile rewrites the directory with its own attributes, so the first foreign header is named."""
    assert refusal(_appended(what)) == (MALFORMED, expected)


def _one_foreign(
    *, deflate: bool = False, streamed: bool = False, comment: bytes = b"", extra: bytes = b""
) -> bytes:
    """Our archive with one more member, ours but for one thing that zipfile does otherwise."""
    info = zipfile.ZipInfo("manifest.json")
    info.external_attr = 0o100644 << 16
    info.compress_type = zipfile.ZIP_DEFLATED if deflate else zipfile.ZIP_STORED
    info.comment, info.extra = comment, extra
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        first = zipfile.ZipInfo(MIMETYPE_NAME)
        first.external_attr = 0o100644 << 16
        file.writestr(first, MIMETYPE)
        if streamed:
            file._seekable = False  # type: ignore[attr-defined]
        file.writestr(info, b"{}" * 20)
    return out.getvalue()


def test_zipfile_can_write_what_we_write() -> None:
    """So the differences below are what the reader refuses, not zipfile's habits."""
    assert _one_foreign() == archive([PARTS[0], ("manifest.json", b"{}" * 20)])


@pytest.mark.parametrize(
    ("foreign", "reason"),
    [
        (_one_foreign(deflate=True), "central header: compression method is 0x8 instead of 0x0"),
        (_one_foreign(streamed=True), "central header: flags is 0x8 instead of 0x0"),
        (_one_foreign(comment=b"hi"), "central header: length of the comment is 0x2 instead of 0x0"),
        (
            _one_foreign(extra=b"\xfe\xca\0\0"),
            "central header: length of the extra field is 0x4 instead of 0x0",
        ),
    ],
)
def test_deflate_descriptors_comments_and_extra_fields(foreign: bytes, reason: str) -> None:
    with pytest.raises(Malformed) as caught:
        opened(foreign)
    assert (caught.value.code, caught.value.subject) == (MALFORMED, "manifest.json")
    assert caught.value.reason == reason == str(caught.value)


def test_a_local_header_that_says_something_else() -> None:
    """The directory is sound; the local header has other flags, or another name, CRC or size."""
    start = MEMBERS[1].header_offset
    for offset, reason in (
        (6, "flags"),
        (8, "compression method"),
        (14, "CRC"),
        (18, "compressed size"),
        (32, "name"),
    ):
        damaged = bytearray(WHOLE)
        damaged[start + offset] ^= 1
        with pytest.raises(Malformed, match=f"local header: .*{reason}") as caught:
            opened(bytes(damaged))
        assert (caught.value.code, caught.value.subject) == (MALFORMED, "exhibits/E1.wav")


def test_encryption_is_malformed() -> None:
    """The flag in both headers, as an encrypting program sets it."""
    damaged = bytearray(WHOLE)
    damaged[MEMBERS[1].header_offset + 6] ^= 1
    damaged[BODY + 46 + len(MIMETYPE_NAME) + 8] ^= 1
    assert refusal(bytes(damaged)) == (MALFORMED, "exhibits/E1.wav")


@pytest.mark.parametrize(
    "name", ["exhibits/E1 .wav", "../a", "/a", "a/", "a//b", "a/./b", "дім", "a\x00b", "a\\b", "x" * 129, ""]
)
def test_invalid_names(name: str) -> None:
    parts = [*PARTS[:1], (name, b"data"), *PARTS[2:]]
    assert refusal(assemble(parts)) == ("MEMBER_NAME", name[:128])


def test_a_name_that_isnt_utf_8() -> None:
    """The subject is printable ASCII whatever the bytes are."""
    data = assemble([*PARTS[:1], ("aXc", b"data")]).replace(b"aXc", b"a\xffc")
    assert refusal(data) == ("MEMBER_NAME", "a\\xffc")


@pytest.mark.parametrize("second", ["exhibits/E1.wav", "EXHIBITS/e1.WAV"])
def test_doubled_names(second: str) -> None:
    assert refusal(assemble([*PARTS, (second, b"other")])) == ("MEMBER_DUPLICATE", second)


def test_a_member_listed_twice() -> None:
    assert refusal(assemble(listed=[0, 1, 1, 2, 3, 4])) == ("MEMBER_DUPLICATE", "exhibits/E1.wav")


@pytest.mark.parametrize("listed", [[0, 2, 1, 3, 4], [1, 0, 2, 3, 4], [4, 3, 2, 1, 0]])
def test_a_directory_in_another_order(listed: list[int]) -> None:
    assert refusal(assemble(listed=listed))[0] == MALFORMED


@pytest.mark.parametrize("dropped", range(5))
def test_a_member_missing_from_the_directory(dropped: int) -> None:
    """Zipfile doesn't see such a member; here its bytes are a gap."""
    data = assemble(listed=[index for index in range(5) if index != dropped])
    assert refusal(data)[0] == MALFORMED


def test_an_empty_directory() -> None:
    assert refusal(assemble(listed=[])) == (MALFORMED, "")
    assert refusal(assemble(listed=[], count=1)) == (MALFORMED, "")


@pytest.mark.parametrize("count", [0, 4, 6, 65534, 65535, 20_001, 70000, 2**40, 2**64 - 1])
def test_a_false_count(count: int) -> None:
    assert refusal(assemble(count=count)) == (MALFORMED, "")


def test_gaps_and_overlaps() -> None:
    """A size that both headers agree on, and that swallows or leaves bytes."""
    gap = WHOLE[: MEMBERS[1].end] + b"\0" + WHOLE[MEMBERS[1].end : BODY]
    shifted = [m if m.header_offset <= MEMBERS[1].header_offset else moved(m, header_offset=m.header_offset + 1) for m in MEMBERS]  # fmt: skip
    directory = assemble(central=lambda index, _member: shifted[index])[BODY:]
    sound_end = directory[:-6] + (BODY + 1).to_bytes(4, "little") + directory[-2:]
    assert refusal(gap + sound_end) == (MALFORMED, "records/r-0a1b2c3d.json")

    def wide(index: int, member: Member) -> Member:
        return moved(member, size=member.size + 5) if index == 1 else member

    assert refusal(assemble(central=wide)) == (MALFORMED, "exhibits/E1.wav")


@pytest.mark.parametrize("size", [5, 2**31, 2**32 - 1, 2**32, 2**63, 2**64 - 1])
@pytest.mark.parametrize("index", range(1, 5))
def test_sizes_beyond_the_file(index: int, size: int) -> None:
    """Both headers claim data that the file can't hold; nothing is allocated or sought for it."""

    def claim(at: int, member: Member) -> Member:
        return moved(member, size=member.size + size) if at == index else member

    if size == 2**64 - 1:
        size -= layout()[index].size
    assert refusal(assemble(local=claim, central=claim))[0] == MALFORMED


@pytest.mark.parametrize("size", [10**6, 2**63, 2**64 - 1000])
def test_a_size_that_later_offsets_agree_with(size: int) -> None:
    """The members behind claim to stand where the false size puts them; nobody goes there to look."""

    def claim(at: int, member: Member) -> Member:
        if at == 1:
            return moved(member, size=size)
        return (
            moved(member, header_offset=member.header_offset - 44 + size + 20 * (size > 2**32))
            if at > 1
            else member
        )

    with pytest.raises(Malformed, match="reaches into the central directory") as caught:
        opened(assemble(local=claim, central=claim))
    assert (caught.value.code, caught.value.subject) == (MALFORMED, "exhibits/E1.wav")


@pytest.mark.parametrize("offset", [28, 30, 32])
def test_a_directory_whose_last_header_is_longer_than_it(offset: int) -> None:
    """Name, extra field or comment reach beyond the directory."""
    start = WHOLE.rindex(b"PK\x01\x02")
    damaged = bytearray(WHOLE)
    damaged[start + offset] += 1
    with pytest.raises(Malformed, match="cut short"):
        opened(bytes(damaged))


def test_a_count_ends_the_reading_of_the_directory() -> None:
    with pytest.raises(Malformed, match="holds more than the 2 members it states"):
        opened(assemble(count=2))


@pytest.mark.parametrize("place", [2**31, 2**63, 2**64 - 1])
def test_an_end_record_that_points_beyond_the_file(place: int) -> None:
    """In ZIP64's fields too, where the sum of two numbers may be greater than any field holds."""
    for size, offset in ((0, place), (place, 0), (place, place), (len(WHOLE), place)):
        end64 = struct.pack("<4sQ2H2I4Q", b"PK\x06\x06", 44, 0x032D, 45, 0, 0, 5, 5, size, offset)
        locator = struct.pack("<4sIQI", b"PK\x06\x07", 0, len(WHOLE) - 22, 1)
        small = [min(value, 0xFFFFFFFF) for value in (size, offset)]
        end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 5, 5, *small, 0)
        assert refusal(WHOLE[:-22] + end64 + locator + end) == (MALFORMED, "")
        assert refusal(WHOLE[:-22] + end64 + locator + end + b"\n")[0] == TRUNCATED
        assert refusal(WHOLE[:-22] + end) == (MALFORMED, "")


@pytest.mark.parametrize("offset", [1, 2**31, 2**32, 2**63, 2**64 - 1])
def test_offsets_beyond_the_file(offset: int) -> None:
    data = assemble(central=lambda i, member: moved(member, header_offset=offset) if i == 1 else member)
    assert refusal(data) == (MALFORMED, "exhibits/E1.wav")


def test_the_bounds_of_the_directory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader_module, "MAX_MEMBERS", 5)
    assert refusal(WHOLE) == ("", "")
    monkeypatch.setattr(reader_module, "MAX_MEMBERS", 4)
    assert refusal(WHOLE) == (MALFORMED, "")
    monkeypatch.undo()
    monkeypatch.setattr(reader_module, "MAX_DIRECTORY", len(WHOLE) - BODY - 23)
    assert refusal(WHOLE) == (MALFORMED, "")


@given(st.binary(max_size=400), st.integers(0, 60))
def test_no_bytes_crash_the_reader(junk: bytes, kept: int) -> None:
    """Whatever stands behind the beginning, the answer is a refusal."""
    assert refusal(WHOLE[: BEGINNING + kept] + junk + WHOLE[-22:])[0] in {MALFORMED, TRUNCATED}


WIDE = st.integers(0, 2**64 - 1) | st.sampled_from([0, 1, 2**32 - 2, 2**32 - 1, 2**32, 2**63, 2**64 - 1])


@given(index=st.integers(0, 4), local=WIDE, size=WIDE, offset=WIDE, crc=st.integers(0, 2**32 - 1))
def test_headers_that_say_anything(index: int, local: int, size: int, offset: int, crc: int) -> None:
    """Any numbers in any header: the archive itself, or a refusal; nothing is allocated or sought for them."""

    def in_file(at: int, member: Member) -> Member:
        return moved(member, size=local) if at == index else member

    def in_directory(at: int, member: Member) -> Member:
        return moved(member, size=size, header_offset=offset, crc32=crc) if at == index else member

    data = assemble(local=in_file, central=in_directory)
    assert data == WHOLE or refusal(data)[0] in {MALFORMED, NOT_AN_ARCHIVE}
