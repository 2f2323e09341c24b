"""What is given for a notice: times, ranges, wordings, files; expected values are written by hand."""

import os
import socket
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.errors import EvidenceError, FormatError, StoreError, UsageError
from evidence.intake import notices
from evidence.model.notice import KeyClause

# Times


@pytest.mark.parametrize(
    ("text", "zone", "utc"),
    [
        ("2026-01-01", "Europe/Kyiv", "2025-12-31T22:00:00.000Z"),
        ("2026-07-01", "Europe/Kyiv", "2026-06-30T21:00:00.000Z"),
        ("2026-07-01", "UTC", "2026-07-01T00:00:00.000Z"),
        (" 2026-01-01\n", " Asia/Kathmandu ", "2025-12-31T18:15:00.000Z"),
        ("2026-01-01T00:00:00+02:00", "", "2025-12-31T22:00:00.000Z"),
        ("2026-01-01T00:00:00.123456-05:30", "Europe/Kyiv", "2026-01-01T05:30:00.123Z"),
        ("2026-01-01 00:00:00z", "", "2026-01-01T00:00:00.000Z"),
        ("1900-01-01", "Europe/Kyiv", "1899-12-31T21:57:56.000Z"),  # local mean time, +02:02:04
    ],
)
def test_a_time_is_the_instant_it_means(text: str, zone: str, utc: str) -> None:
    found = notices.stated(text, zone, "--valid-from")
    assert (found.utc, found.text) == (utc, text.strip())
    zoned = f" --zone {zone.strip()}" if len(text.strip()) == 10 else ""
    assert found.source == f"notice add --valid-from{zoned}"


@pytest.mark.parametrize(
    ("text", "zone", "utc"),
    [
        ("2026-12-31", "UTC", "2027-01-01T00:00:00.000Z"),
        ("2026-03-28", "Europe/Kyiv", "2026-03-28T22:00:00.000Z"),
        ("2026-03-29", "Europe/Kyiv", "2026-03-29T21:00:00.000Z"),  # 23 hours long
        ("2026-12-31T00:00:00Z", "UTC", "2026-12-31T00:00:00.000Z"),
    ],
)
def test_the_last_day_counts_as_a_whole(text: str, zone: str, utc: str) -> None:
    assert notices.stated(text, zone, "--valid-to", is_end=True).utc == utc


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("", "UTC"),
        ("2026", "UTC"),
        ("2026-02-30", "UTC"),
        ("2026-1-1", "UTC"),
        ("01.01.2026", "UTC"),
        ("2026-01-01T00:00:00+0200", ""),
        ("2026-01-01T24:00:00Z", ""),
        ("2026-01-01\0", "UTC"),
        ("٢٠٢٦-01-01", "UTC"),
        ("9999-12-31", "America/New_York"),
        ("2026-01-01", ""),
        ("2026-01-01", "Kyiv"),
        ("2026-01-01", "Europe"),
        ("2026-01-01", "../etc/passwd"),
        ("2026-01-01", "/etc/localtime"),
        ("2026-01-01", "Europe/Kyiv\0"),
    ],
)
def test_what_is_no_time_is_refused(text: str, zone: str) -> None:
    with pytest.raises(UsageError) as caught:
        notices.stated(text, zone, "--valid-from", is_end=True)
    assert caught.value.hint


def test_a_time_that_utc_does_not_reach_is_refused() -> None:
    with pytest.raises(UsageError, match="neither a date nor a time"):
        notices.stated("0001-01-01", "Asia/Tokyo", "--valid-from")


@given(st.text(max_size=30), st.text(max_size=12))
def test_any_text_is_a_time_or_refused(text: str, zone: str) -> None:
    try:
        notices.stated(text, zone, "--valid-from", is_end=True)
    except EvidenceError as error:
        assert error.message.isprintable()  # noqa: PT017


# The key clause


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("1.2-3.8", 1200, 3800),
        ("1,2-3,8", 1200, 3800),
        ("0:01.2-0:03.8", 1200, 3800),
        ("0-1", 0, 1000),
        ("0-0.001", 0, 1),
        ("59.999 – 1:00", 59_999, 60_000),
        ("1:02:03.004-1:02:03.04", 3_723_004, 3_723_040),
        ("90-604800", 90_000, 604_800_000),
    ],
)
def test_a_range_is_read_in_milliseconds(text: str, start: int, end: int) -> None:
    assert notices.clause_range(text) == (start, end)


@pytest.mark.parametrize(
    "text",
    [
        *("", "-", "1", "1-", "-1", "1.2", "a-b", "1-2-3", "1e3-2e3", "1.-2.", "+1-2", "1_0-2_0"),
        *("0:60-2:00", "0:100-3:00", "1:60:00-2:00:00", "١-٢", "1\0-2", "nan-inf"),
        *("2-1", "1-1", "1.000-1", "0-0", "0-604801", "999999999-9999999999"),
    ],
)
def test_what_is_no_range_is_refused(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        notices.clause_range(text)
    assert caught.value.hint
    assert caught.value.message.isprintable()


@given(st.integers(0, 604_799_999), st.integers(1, 604_800_000))
def test_every_range_of_milliseconds_can_be_written(start: int, length: int) -> None:
    end = min(start + length, 604_800_000)
    assert notices.clause_range(f"{start // 1000}.{start % 1000:03d}-{end // 1000}.{end % 1000:03d}") == (
        start,
        end,
    )


def test_a_clause_ends_no_later_than_the_sound_where_its_length_is_known() -> None:
    notices.require_inside(KeyClause(0, 2000), 2000)
    notices.require_inside(KeyClause(0, 2000), None)
    notices.require_inside(KeyClause(text="слова"), 1)
    with pytest.raises(UsageError, match=r"ends at 2.001 s, but the sound lasts only 2.000 s"):
        notices.require_inside(KeyClause(0, 2001), 2000)
    with pytest.raises(UsageError, match=r"lasts only 0.000 s"):
        notices.require_inside(KeyClause(0, 1), 0)


def test_the_words_stand_in_the_wording_however_it_is_broken() -> None:
    text = "Увага!\r\nРозмова\n  записується.\tЇжак"
    notices.require_within("Розмова записується", text)
    notices.require_within("\u0407жак", text)  # composed
    notices.require_within("\u0406\u0308жак", text)  # decomposed
    for words in ("", " ", "розмова записується", "Розмова не записується", "\0"):
        with pytest.raises(UsageError):
            notices.require_within(words, text)


# Wordings


def test_wordings_are_kept_as_they_are() -> None:
    for text in (" Увага!\r\n\tРозмова записується. ", "\u202eабв", "я" * 20_000):
        assert notices.wording(text) == text


@pytest.mark.parametrize(
    "text", ["", " \n\t", "a\0", "a\x1b[31m", "a\x7f", "a\ud800", "я" * 20_001, "a\u2028b"]
)
def test_what_is_no_wording_is_refused(text: str) -> None:
    with pytest.raises(FormatError):
        notices.wording(text)


@pytest.mark.parametrize("text", ["", "  ", "a\nb", "a\0b", "\x1b", "\udcff", "x" * 301])
def test_a_line_is_one_line(text: str) -> None:
    assert notices.line(f" {'x' * 300}\n") == "x" * 300
    with pytest.raises(UsageError):
        notices.line(text)


def test_languages() -> None:
    assert [notices.language(text) for text in ("uk", " en-GB ", "zh-Hant-TW")] == [
        "uk",
        "en-GB",
        "zh-Hant-TW",
    ]
    for text in ("", "u", "українська", "uk_UA", "uk-", "uk\n-UA", "a" * 9, "uk" + "-abcdefgh" * 4):
        with pytest.raises(UsageError):
            notices.language(text)


# Files


def test_a_text_file_is_utf_8_with_or_without_a_mark(tmp_path: Path) -> None:
    path = tmp_path / "text.txt"
    for mark in (b"", b"\xef\xbb\xbf"):
        path.write_bytes(mark + "Увага!\r\n".encode())
        assert notices.wording_in(path) == "Увага!\r\n"
    path.write_bytes(b"\xef\xbb\xbf" + "😀".encode() * 20_000)
    assert notices.wording_in(path) == "😀" * 20_000


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        ("Увага".encode("cp1251"), "not UTF-8"),
        ("Увага".encode("utf-16"), "not UTF-8"),
        (b"RIFF\x00\x00\x00\x00WAVE", "control"),
        ("я".encode() * 20_001, "longer than 20000"),
        (b"x" * 50_000_000, "longer than 20000"),
        ("😀".encode() * 40_000, "longer than 20000"),
    ],
)
def test_a_file_that_holds_no_wording_is_refused(tmp_path: Path, data: bytes, message: str) -> None:
    path = tmp_path / "text.txt"
    path.write_bytes(data)
    with pytest.raises(FormatError, match=message):
        notices.wording_in(path)


def test_an_endless_device_is_not_read() -> None:
    with pytest.raises(FormatError, match="not a regular file"):
        notices.wording_in(Path("/dev/zero"))


@pytest.mark.parametrize(
    "kind", ["link", "folder", "fifo", "socket", "missing", "below a file", "nul", ".", "/"]
)
def test_only_regular_files_are_opened(tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    path = {"nul": Path("a\0b"), ".": Path(), "/": Path("/")}.get(kind, Path("sound\x1b.wav"))
    (tmp_path / "other").write_bytes(b"x")
    with socket.socket(socket.AF_UNIX) as bound:
        match kind:
            case "link":
                path.symlink_to("other")
            case "folder":
                path.mkdir()
            case "fifo":
                os.mkfifo(path)
            case "socket":
                bound.bind(str(path))
            case "below a file":
                path = Path("other/sound")
        expected = UsageError if kind in {"missing", "below a file", "nul"} else FormatError
        with pytest.raises(expected) as caught:
            notices.open_file(path)
    assert caught.value.message.isprintable()
    assert caught.value.hint


def test_a_file_that_becomes_a_link_meanwhile_is_not_followed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret, path = tmp_path / "secret", tmp_path / "sound.wav"
    secret.write_bytes(b"secret")
    path.write_bytes(b"x")
    real = Path.lstat

    def swapping(self: Path) -> os.stat_result:
        found = real(self)
        if self == path and stat.S_ISREG(found.st_mode):
            path.unlink()
            path.symlink_to(secret)
        return found

    monkeypatch.setattr(Path, "lstat", swapping)
    with pytest.raises(FormatError, match="isn't followed"):
        notices.open_file(path)


def test_a_file_that_may_not_be_read_is_a_store_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "sound.wav"
    path.write_bytes(b"x")
    path.chmod(0)
    if os.geteuid() == 0:  # root may read everything

        def refuse(*_arguments: object) -> int:
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(StoreError, match="Permission denied"):
        notices.open_file(path)


def test_a_sound_has_a_length_that_a_notice_can_have(tmp_path: Path) -> None:
    path = tmp_path / "sound.wav"
    for size, message in (
        (0, "is empty"),
        (64 * 1024 * 1024 + 1, "longer than 64 MiB"),
        (2**40, "longer than"),
    ):
        with path.open("wb") as file:
            file.truncate(size)
        with pytest.raises(FormatError, match=message):
            notices.open_sound(path)
    for size in (1, 64 * 1024 * 1024):
        with path.open("wb") as file:
            file.truncate(size)
        with notices.open_sound(path) as sound:
            assert stat.S_ISREG(os.fstat(sound.fileno()).st_mode)
