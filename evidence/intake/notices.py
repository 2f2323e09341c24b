"""What people give when they add a version of the recording notice: times, a range of the sound, wordings.

A value that the user can mend on the command line is a UsageError; what a file holds is a FormatError.
"""

import datetime as dt
import os
import re
import stat
import unicodedata
import zoneinfo
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

from evidence import strict
from evidence.errors import FormatError, UsageError
from evidence.intake import calltimes, files, positions, times
from evidence.messages import t
from evidence.model import names
from evidence.model.notice import MAX_PLAYED_AS, MAX_PLAYED_NAME, MAX_TEXT, KeyClause, StatedTime
from evidence.text import visible

MAX_SOUND = 64 * 1024 * 1024
"""Bytes of the longest sound of a notice."""

MAX_LINE = 300
"""Characters of a title, or of who approved."""

_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*", re.ASCII)

_BOM = b"\xef\xbb\xbf"
_TEXT_BYTES = 4 * MAX_TEXT + len(_BOM)
_FORBIDDEN = {"Cc", "Cs", "Zl", "Zp"}


# Times


def is_date(text: str) -> bool:
    """Whether it has the form of a plain date, which needs a zone."""
    return _DATE.fullmatch(text.strip()) is not None


def stated(text: str, zone_name: str, option: str, *, is_end: bool = False) -> StatedTime:
    """A time as it was given with an option, and the instant that it means.

    Args:
        text: as calltimes.parse takes it, or a plain date, which means the day's beginning.
        zone_name: the zone in which a plain date or a local time is meant.
        option: where it was given.
        is_end: whether a plain date means the end of that day.

    Raises:
        UsageError: no such time, or a plain date without a zone.
    """
    given, zone_name = text.strip(), zone_name.strip()
    try:
        if not is_date(given):
            found = times.parse(calltimes.parse(given, zone_name or None))
            return StatedTime(strict.format_timestamp(found), given, f"notice add {option}")
        if not zone_name:
            raise UsageError(t("notice.no_zone", text=visible(given)), t("notice.zone_hint"))
        day = dt.date.fromisoformat(given) + dt.timedelta(days=int(is_end))
        begin = dt.datetime.combine(day, dt.time(), zoneinfo.ZoneInfo(calltimes.known_zone(zone_name)))
        source = f"notice add {option} --zone {zone_name}"
        return StatedTime(strict.format_timestamp(begin), given, source)
    except (ValueError, OverflowError) as error:
        raise UsageError(t("notice.time", text=visible(text)), t("notice.time_hint")) from error


# The key clause


def clause_range(text: str) -> tuple[int, int]:
    """A range of the sound, ``1.2-3.8`` or ``0:01.2-0:03.8``, in milliseconds.

    Raises:
        UsageError: another form, or the end doesn't come after the beginning.
    """
    start, stop = positions.parse_range(text)
    if stop <= start:
        raise UsageError(t("notice.range_empty", text=visible(text)), t("notice.range_hint"))
    return start, stop


def require_inside(clause: KeyClause, milliseconds: int | None) -> None:
    """Refuse a key clause that ends after the sound, where the sound's true duration is known.

    Raises:
        UsageError: it does.
    """
    if clause.end is not None and milliseconds is not None and clause.end > milliseconds:
        values = {"end": _seconds(clause.end), "duration": _seconds(milliseconds)}
        raise UsageError(t("notice.range_beyond", **values), t("notice.range_hint"))


def _seconds(milliseconds: int) -> str:
    return f"{milliseconds // 1000}.{milliseconds % 1000:03d}"


def require_within(clause: str, text: str) -> None:
    """Refuse words that don't occur in the wording; how they are broken into lines doesn't matter.

    Raises:
        UsageError: they don't occur.
    """
    words = _plain(clause)
    if not words or words not in _plain(text):
        raise UsageError(t("notice.clause_absent", text=visible(clause)), t("notice.clause_absent_hint"))


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


# Wordings


def language(text: str) -> str:
    """A language code (BCP 47).

    Raises:
        UsageError: it hasn't the form of one.
    """
    code = text.strip()
    if not _LANGUAGE.fullmatch(code) or len(code) > 35:
        raise UsageError(t("notice.language", text=visible(text)), t("notice.language_hint"))
    return code


def line(text: str) -> str:
    """One line of text: a title, or who approved.

    Raises:
        UsageError: it is empty, too long, or holds control characters.
    """
    found = text.strip()
    if not found or len(found) > MAX_LINE or any(unicodedata.category(c) in _FORBIDDEN for c in found):
        raise UsageError(t("notice.line", n=MAX_LINE), t("notice.line_hint"))
    return found


def played_as(given: Iterable[str]) -> tuple[str, ...]:
    """Names by which the PBX plays the notice, each once, in the order in which they were given.

    Raises:
        UsageError: one is empty, too long or holds control characters, or there are too many.
    """
    found = tuple(dict.fromkeys(name.strip() for name in given))
    for name in found:
        if not 1 <= len(name) <= MAX_PLAYED_NAME or any(unicodedata.category(c) in _FORBIDDEN for c in name):
            raise UsageError(t("notice.played_as", n=MAX_PLAYED_NAME), t("notice.played_as_hint"))
    if len(found) > MAX_PLAYED_AS:
        raise UsageError(t("notice.played_as_many", n=MAX_PLAYED_AS), t("notice.played_as_many_hint"))
    return found


def played_as_in(text: str) -> tuple[str, ...]:
    """The names in a line of text, between commas; none in an empty one.

    Raises:
        UsageError: as ``played_as``.
    """
    return played_as(filter(None, map(str.strip, text.split(","))))


def wording(text: str) -> str:
    """The wording of a notice, as it is.

    Raises:
        FormatError: it is empty, too long, or holds control characters but tabs and line breaks.
    """
    if not text.strip():
        raise FormatError(t("notice.wording_empty"), t("notice.wording_hint"))
    if len(text) > MAX_TEXT:
        raise FormatError(t("notice.wording_long", n=MAX_TEXT), t("notice.wording_hint"))
    if any(unicodedata.category(c) in _FORBIDDEN and c not in "\t\n\r" for c in text):
        raise FormatError(t("notice.wording_control"), t("notice.wording_hint"))
    return text


def wording_in(path: Path) -> str:
    """The wording in a text file; a byte order mark isn't part of it.

    Raises:
        FormatError: it isn't a regular file, isn't UTF-8, or as ``wording``.
        StoreError: the file system refuses.
    """
    with open_file(path) as file:
        data = file.read(_TEXT_BYTES + 1)
    try:
        return wording(data[: _TEXT_BYTES + 1].removeprefix(_BOM).decode("utf-8"))
    except UnicodeDecodeError as error:
        if len(data) > _TEXT_BYTES:
            raise FormatError(t("notice.wording_long", n=MAX_TEXT), t("notice.wording_hint")) from error
        raise FormatError(t("notice.wording_encoding"), t("notice.wording_hint")) from error


# Files


def open_file(path: Path) -> BinaryIO:
    """A regular file, open for reading; links, pipes, devices and folders are refused, and nothing waits.

    Raises:
        UsageError: there is no such file.
        FormatError: it isn't a regular file.
        StoreError: the file system refuses.
    """
    shown = visible(str(path))
    try:
        mode = path.lstat().st_mode
    except (FileNotFoundError, NotADirectoryError, ValueError) as error:  # ValueError: NUL in the name
        raise UsageError(t("notice.no_file", file=shown), t("notice.no_file_hint")) from error
    except OSError as error:
        raise files.unreadable(str(path), error) from error
    if not stat.S_ISREG(mode):
        raise FormatError(
            t(_KINDS.get(stat.S_IFMT(mode), "notice.special"), file=shown), t("notice.kind_hint")
        )
    return files.open_file(path.parent, names.from_bytes(os.fsencode(path.name)))


_KINDS = {stat.S_IFLNK: "notice.link", stat.S_IFDIR: "notice.folder"}


def open_sound(path: Path) -> BinaryIO:
    """The sound of a notice, open for reading; of at least one byte and at most MAX_SOUND.

    Raises:
        FormatError: it is empty or too long; besides as ``open_file``.
    """
    file = open_file(path)
    size = os.fstat(file.fileno()).st_size
    if 0 < size <= MAX_SOUND:
        return file
    file.close()
    shown = visible(str(path))
    if not size:
        raise FormatError(t("notice.sound_empty", file=shown), t("notice.sound_empty_hint"))
    raise FormatError(
        t("notice.sound_long", file=shown, n=MAX_SOUND // (1024 * 1024)), t("notice.sound_long_hint")
    )
