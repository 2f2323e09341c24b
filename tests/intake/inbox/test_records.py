"""Records of CSV files, against the standard library's reader, in bounded memory and time."""

import csv
import io
import tracemalloc
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.intake.inbox import records
from evidence.intake.inbox.records import LONGEST

CELLS = st.lists(
    st.lists(
        st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\0"), max_size=8), min_size=2
    ),
    max_size=8,
)


def read(data: bytes, **options: Any) -> list[records.Record]:
    return list(records.records(io.BytesIO(data), is_growing=options.get("is_growing", False)))


@given(
    rows=CELLS,
    delimiter=st.sampled_from([",", ";", "\t", "|"]),
    line_end=st.sampled_from(["\n", "\r\n"]),
    has_bom=st.booleans(),
)
def test_what_the_standard_library_writes_is_read_back_with_its_places(
    rows: list[list[str]], delimiter: str, line_end: str, *, has_bom: bool
) -> None:
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, lineterminator=line_end, quoting=csv.QUOTE_ALL)
    writer.writerows(rows)
    data = (b"\xef\xbb\xbf" if has_bom else b"") + out.getvalue().encode()
    found = read(data)
    assert [records.cells(record.data, "utf-8", delimiter) for record in found] == rows
    for record in found:
        assert record.problem == ""
        assert data[record.offset : record.offset + len(record.data)] == record.data
        assert record.line == data[: record.offset].count(b"\n") + 1
        placed = record.placed()
        assert (placed.offset, placed.length, placed.line) == (record.offset, len(record.data), record.line)


@given(data=st.binary(max_size=300), is_growing=st.booleans())
def test_any_bytes_are_read_to_the_end_once(data: bytes, *, is_growing: bool) -> None:
    found = read(data, is_growing=is_growing)
    end = 0
    for record in found:
        assert record.offset >= end
        end = record.offset + len(record.data)
        assert data[record.offset : end] == record.data
    kept = b"".join(record.data for record in found)
    assert kept.replace(b"\n", b"").replace(b"\r", b"") == data.removeprefix(b"\xef\xbb\xbf").replace(
        b"\n", b""
    ).replace(b"\r", b"")


@pytest.mark.parametrize(
    ("data", "is_growing", "expected"),
    [
        (b"a,b\nc,d", False, [(b"a,b\n", ""), (b"c,d", "")]),
        (b"a,b\nc,d", True, [(b"a,b\n", ""), (b"c,d", "torn")]),
        (b'a,"b\nc"\n', True, [(b'a,"b\nc"\n', "")]),
        (b'a,"b\nc,d\n', False, [(b'a,"b\n', "quote"), (b"c,d\n", "")]),
        (b'a,"b\nc,d\n', True, [(b'a,"b\nc,d\n', "torn")]),
        (b'a,"b\n\n\nc"\nd\n', False, [(b'a,"b\n\n\nc"\n', ""), (b"d\n", "")]),
        (b"\n\r\n\na\n", False, [(b"a\n", "")]),
    ],
)
def test_ends_and_quotes(data: bytes, is_growing: bool, expected: list[tuple[bytes, str]]) -> None:  # noqa: FBT001
    assert [(record.data, record.problem) for record in read(data, is_growing=is_growing)] == expected


def test_a_record_that_is_too_long_spoils_itself_only() -> None:
    data = b"a\n" + b"x" * (3 * LONGEST) + b"\nb\n"
    assert [(r.line, r.data[:1], r.problem) for r in read(data)] == [
        (1, b"a", ""),
        (2, b"x", "long"),
        (3, b"b", ""),
    ]


def test_a_quote_that_is_never_closed_spoils_its_line_only() -> None:
    lines = [b"%d,x\n" % number for number in range(20_000)]
    lines[5] = b'5,"x\n'
    found = read(b"".join(lines))
    assert [record.line for record in found] == list(range(1, 20_001))
    assert [record.line for record in found if record.problem] == [6]


class Endless(io.RawIOBase):
    """A file of a hundred thousand rows that isn't held in memory, among them hostile ones."""

    def __init__(self) -> None:
        self.rows, self.at, self.asked = 100_000, 0, 0

    def row(self, number: int) -> bytes:
        quote = b'"' if number % 3000 == 7 else b"-"
        return b"%08d,%s,%s\n" % (number, quote, b"x" * 88)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        assert whence == 0
        self.at = offset
        return offset

    def readinto(self, buffer: Any) -> int:
        number, start = divmod(self.at, 100)
        data = b"".join(self.row(n) for n in range(number, min(number + 100, self.rows)))[start:][
            : len(buffer)
        ]
        buffer[: len(data)] = data
        self.at += len(data)
        self.asked += len(data)
        return len(data)


def test_memory_and_time_do_not_grow_with_the_file() -> None:
    file = Endless()
    assert len(file.row(0)) == 100
    tracemalloc.start()
    count = sum(1 for _ in records.records(io.BufferedReader(file), is_growing=False))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert 50_000 < count <= file.rows
    assert peak < 2_000_000
    assert file.asked < 3 * 100 * file.rows


@pytest.mark.parametrize("data", [b'a,"b"c\n', b'"a\n'])
def test_quotes_where_none_can_stand(data: bytes) -> None:
    with pytest.raises(ValueError):
        records.cells(data, "utf-8", ",")
