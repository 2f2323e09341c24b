"""One row of a table of markers: what each cell may say."""

import re
from collections.abc import Mapping
from typing import Any

from evidence import strict
from evidence.errors import UsageError
from evidence.intake import calltimes
from evidence.intake.markerfiles import classes
from evidence.intake.markerfiles.classes import OwnClasses
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
_CONFIDENCE = {
    "certain": "certain",
    "впевнено": "certain",
    "probable": "probable",
    "ймовірно": "probable",
    "possible": "possible",
    "можливо": "possible",
}
_LIMITS = {
    **dict.fromkeys(("words", "note", "withdrawn_reason"), MAX_WORDS),
    **dict.fromkeys(("asserted_by", "reviewed_by", "withdrawn_by", "source"), 300),
    "recording": 255,
    "channel": 64,
}
_LANGUAGE = re.compile(r"(?=.{2,35}$)[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
_LAST_CHANNEL = 31


def draft(file: str, line: int, given: Mapping[str, str], zone: str | None, own: OwnClasses) -> Draft:
    """The marker of a row.

    Args:
        file: name of the file.
        line: number of the row's first line.
        given: the cells that aren't empty, by column (evidence.intake.markerfiles.tables).
        zone: IANA zone of a time that has no offset.
        own: the vault's own classes.

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
        marker_class=_class(file, line, given.get("class", ""), own),
        asserted_by=given.get("asserted_by", ""),
        asserted_at=_time(file, line, given.get("asserted_at", ""), zone),
        how=_how(file, line, given.get("how", "")),
        language=_language(file, line, given.get("language", "")),
        note=given.get("note", ""),
        more=_more(file, line, given, zone),
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


def _class(file: str, line: int, text: str, own: OwnClasses) -> str:
    found = classes.classes(text, own) if text else ""
    if found is None:
        raise wrong(file, line, "markerfiles.no_class", text, list=", ".join((*classes.CODES, *own)))
    return found


def _more(file: str, line: int, given: Mapping[str, str], zone: str | None) -> dict[str, Any]:
    """Confidence, review, withdrawal and source, as the marker's document holds them."""
    found: dict[str, Any] = {}
    if "confidence" in given:
        found["confidence"] = _confidence(file, line, given["confidence"])
    if "source" in given:
        found["source"] = given["source"]
    review = _together(file, line, given, ("reviewed_by", "reviewed_at"))
    if review:
        by, at = review
        found |= {"reviewed_by": by, "reviewed_at": _time(file, line, at, zone)}
    withdrawal = _together(file, line, given, ("withdrawn_by", "withdrawn_at", "withdrawn_reason"))
    if withdrawal:
        by, at, reason = withdrawal
        found["withdrawn"] = {"at": _time(file, line, at, zone), "by": by, "reason": reason}
    return found


def _together(file: str, line: int, given: Mapping[str, str], columns: tuple[str, ...]) -> list[str]:
    """The cells of columns that are empty all together or not at all."""
    found = [given[column] for column in columns if column in given]
    if found and len(found) < len(columns):
        missing = next(column for column in columns if column not in given)
        raise wrong(file, line, "markerfiles.cell_missing", found[0], column=missing)
    return found


def _confidence(file: str, line: int, text: str) -> str:
    found = _CONFIDENCE.get(classes.plain(text))
    if found is None:
        raise wrong(file, line, "markerfiles.no_confidence", text)
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
