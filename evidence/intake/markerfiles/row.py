"""One row of a table of markers: what each cell may say."""

import re
from collections.abc import Mapping

from evidence import strict
from evidence.errors import UsageError
from evidence.intake import calltimes
from evidence.intake.markerfiles import classes
from evidence.intake.markerfiles.drafts import MAX_WORDS, Draft, passed_on, position, wrong
from evidence.intake.positions import MAX_MS

_HOW = {
    "hot key": "hot_key",
    "гаряча клавіша": "hot_key",
    "listened": "listened",
    "прослухано": "listened",
    "transcript confirmed": "transcript_confirmed",
    "підтверджено за стенограмою": "transcript_confirmed",
    "other": "other",
    "інше": "other",
}
_LIMITS = {"words": MAX_WORDS, "note": MAX_WORDS, "recording": 255, "channel": 64, "asserted_by": 300}
_LANGUAGE = re.compile(r"(?=.{2,35}$)[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
_LAST_CHANNEL = 31


def draft(file: str, line: int, given: Mapping[str, str], zone: str | None) -> Draft:
    """The marker of a row.

    Args:
        file: name of the file.
        line: number of the row's first line.
        given: the cells that aren't empty, by column (evidence.intake.markerfiles.tables).
        zone: IANA zone of a time of assertion that has no offset.

    Raises:
        FormatError: a cell can't be read.
    """
    for column, limit in _LIMITS.items():
        if len(given.get(column, "")) > limit:
            raise wrong(file, line, "markerfiles.cell_too_long", given[column], limit=limit)
    end = "end" in given or "end_ms" in given
    return Draft(
        line=line,
        start_ms=_place(file, line, given, "start"),
        end_ms=_place(file, line, given, "end") if end else None,
        words=given.get("words", ""),
        recording=given.get("recording", ""),
        channel=_channel(file, line, given.get("channel", "")),
        marker_class=_class(file, line, given.get("class", "")),
        asserted_by=given.get("asserted_by", ""),
        asserted_at=_time(file, line, given.get("asserted_at", ""), zone),
        how=_how(file, line, given.get("how", "")),
        language=_language(file, line, given.get("language", "")),
        note=given.get("note", ""),
    )


def _place(file: str, line: int, given: Mapping[str, str], column: str) -> int:
    milliseconds = given.get(f"{column}_ms")
    if milliseconds is None:
        return position(file, line, given.get(column, ""))
    try:
        found = strict.decimal(milliseconds)
    except ValueError as error:
        raise wrong(file, line, "markerfiles.no_milliseconds", milliseconds) from error
    if found > MAX_MS:
        raise wrong(file, line, "markerfiles.position_late", milliseconds)
    return found


def _channel(file: str, line: int, text: str) -> int | str | None:
    if not (text.isascii() and text.isdecimal()):
        return text or None
    if len(text) > 2 or int(text) > _LAST_CHANNEL:
        raise wrong(file, line, "markerfiles.no_channel", text)
    return int(text)


def _class(file: str, line: int, text: str) -> str:
    found = classes.classes(text) if text else ""
    if found is None:
        raise wrong(file, line, "markerfiles.no_class", text, list=", ".join(classes.CODES))
    return found


def _time(file: str, line: int, text: str, zone: str | None) -> str:
    try:
        return calltimes.parse(text, zone) if text else ""
    except UsageError as error:
        raise passed_on(file, line, error) from error


def _how(file: str, line: int, text: str) -> str:
    found = _HOW.get(classes.plain(text)) if text else ""
    if found is None:
        raise wrong(file, line, "markerfiles.no_how", text)
    return found


def _language(file: str, line: int, text: str) -> str:
    if text and _LANGUAGE.fullmatch(text) is None:
        raise wrong(file, line, "markerfiles.no_language", text)
    return text
