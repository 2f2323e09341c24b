"""The strict reading of what the search process answers (evidence.media.searchworker).

Every function raises ValueError for anything but a plausible answer to the request of that number.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from evidence import strict
from evidence.media import shapes
from evidence.model import waveform
from evidence.model.noticesearch import (
    MOST_CHANNELS,
    MOST_COLUMNS,
    MOST_SEGMENTS,
    NOT_DETECTED,
    PROBLEMS,
    RESULTS,
    Match,
    NoticeSearch,
    Segment,
    Waveform,
)
from evidence.model.waveform import Drawing

_LONGEST = 100 * 3600 * 1000
_ANNOUNCEMENT = 3600 * 1000
_CODE = re.compile(r"[a-z0-9_]{1,64}", re.ASCII)
_ALGORITHM = re.compile(r"[a-z0-9][a-z0-9.-]{0,63}", re.ASCII)
_MATCH = {*("version", "channel", "result", "coverage", "clause_coverage", "correlation", "similarity")}
_MATCH |= {"speed_ppm", "segments"}
_SEARCH = {"n", "algorithm", "searched_ms", "is_whole", "channels", "column_ms", "peaks", "problems"}
_DRAWING = {"n", "algorithm", "column_ms", "channels", "problems"}
_LONGEST_COLUMN = 604_800_000
_REFUSAL = {"n", "problems"}
_LEARNT = ("announcement_unreadable", "out_of_memory")


def learnt(line: bytes, number: int) -> tuple[str, ...]:
    """The answer to an announcement: what kept it from being used, mostly nothing."""
    return shapes.problems(shapes.answer(line, number, _REFUSAL)["problems"], _LEARNT)


def search(
    lines: Iterator[bytes], number: int, versions: Sequence[str], progress: Callable[[float], None] | None
) -> NoticeSearch:
    """All answers to a recording.

    Args:
        lines: they, one by one, for as long as they are waited for.
        number: the request's.
        versions: ids of the announcements that were searched for, in order.
        progress: told the share that is done, from 0 to 1.
    """
    matches: list[Match] = []
    for line, said in _said(lines, number, progress):
        if set(said) == {"n", "match"}:
            shapes.answer(line, number, {"n", "match"})
            matches.append(_match(said["match"], versions, len(matches)))
        elif set(said) == _REFUSAL:
            return NoticeSearch(problems=_refusal(line, number))
        else:
            return _search(shapes.answer(line, number, _SEARCH), versions, matches)
    raise ValueError("no answer")


def drawing(lines: Iterator[bytes], number: int, progress: Callable[[float], None] | None) -> Drawing:
    """The drawing of a recording; arguments as of ``search``."""
    for line, said in _said(lines, number, progress):
        if set(said) == _REFUSAL:
            return Drawing(problems=_refusal(line, number))
        return _drawing(shapes.answer(line, number, _DRAWING))
    raise ValueError("no answer")


def _said(
    lines: Iterator[bytes], number: int, progress: Callable[[float], None] | None
) -> Iterator[tuple[bytes, dict[str, Any]]]:
    """All answers but those about the progress, which are passed on; each as a line and what is in it."""
    told = -1
    for line in lines:
        said = shapes.an_object(strict.json_document(line, shapes.LIMIT))
        if set(said) != {"n", "done"}:
            yield line, said
            continue
        shapes.answer(line, number, {"n", "done"})
        told = shapes.integer(said["done"], told + 1, 1000)
        if progress is not None:
            progress(told / 1000)


def _drawing(said: dict[str, Any]) -> Drawing:
    problems = shapes.problems(said["problems"], waveform.PROBLEMS)
    column_ms, channels = _columns(
        said["column_ms"], said["channels"], _LONGEST_COLUMN, waveform.MOST_COLUMNS
    )
    if not channels:
        return Drawing(problems=problems or ("no_sound",))
    return Drawing(_algorithm(said["algorithm"], _CODE), column_ms, channels, problems)


def _algorithm(value: Any, names: re.Pattern[str]) -> str:
    if not isinstance(value, str) or not names.fullmatch(value):
        raise ValueError("not the name of a method")
    return value


def _refusal(line: bytes, number: int) -> tuple[str, ...]:
    found = shapes.problems(shapes.answer(line, number, _REFUSAL)["problems"], ("out_of_memory",))
    if not found:
        raise ValueError("neither an answer nor a problem")
    return found


def _search(said: dict[str, Any], versions: Sequence[str], matches: list[Match]) -> NoticeSearch:
    algorithm = _algorithm(said["algorithm"], _ALGORITHM)
    channels = shapes.integer(said["channels"], 0, MOST_CHANNELS)
    expected = [(version, channel) for version in versions for channel in range(channels)]
    if [(match.version, match.channel) for match in matches] != expected:
        raise ValueError("not a match for each announcement and channel")
    searched = shapes.integer(said["searched_ms"], 0, _LONGEST)
    if any(match.at_ms is not None and match.at_ms > searched for match in matches):
        raise ValueError("a place behind the end")
    return NoticeSearch(
        algorithm=algorithm,
        searched_ms=searched,
        is_whole=shapes.boolean(said["is_whole"]),
        channels=channels,
        matches=tuple(matches),
        waveform=_waveform(said["column_ms"], said["peaks"], channels),
        problems=shapes.problems(said["problems"], PROBLEMS),
    )


def _waveform(column_ms: Any, peaks: Any, channels: int) -> Waveform | None:
    length, drawn = _columns(column_ms, peaks, _LONGEST, MOST_COLUMNS)
    if drawn and len(drawn) != channels:
        raise ValueError("not a waveform")
    return Waveform(length, drawn) if drawn else None


def _columns(column_ms: Any, peaks: Any, longest: int, most: int) -> tuple[int, tuple[bytes, ...]]:
    """Length and columns of a waveform: of all channels equally many, at most ``most``; or none at all."""
    length = shapes.integer(column_ms, 0, longest)
    texts = shapes.a_list(peaks, MOST_CHANNELS)
    if bool(texts) != bool(length) or not all(isinstance(text, str) for text in texts):
        raise ValueError("not a waveform")
    drawn = tuple(strict.base64_bytes(text) for text in texts)
    if len({len(columns) for columns in drawn}) > 1 or any(not 0 < len(each) <= most for each in drawn):
        raise ValueError("not columns of a waveform")
    return length, drawn


def _match(value: Any, versions: Sequence[str], place: int) -> Match:
    said = shapes.an_object(value)
    if place >= len(versions) * MOST_CHANNELS or set(said) - {"at_ms"} != _MATCH:
        raise ValueError("not a match, or too many of them")
    result = shapes.one_of(said["result"], RESULTS)
    if (result == NOT_DETECTED) != ("at_ms" not in said):
        raise ValueError("a place of nothing, or none of something")
    at_ms = shapes.integer(said["at_ms"], -_ANNOUNCEMENT, _LONGEST) if "at_ms" in said else None
    segments = shapes.a_list(said["segments"], MOST_SEGMENTS)
    return Match(
        version=versions[shapes.integer(said["version"], 0, len(versions) - 1)],
        channel=shapes.integer(said["channel"], 0, MOST_CHANNELS - 1),
        result=result,
        at_ms=at_ms,
        coverage=shapes.integer(said["coverage"], 0, 1000),
        clause_coverage=shapes.integer(said["clause_coverage"], 0, 1000),
        correlation=shapes.integer(said["correlation"], 0, 1000),
        similarity=shapes.integer(said["similarity"], 0, 1000),
        speed_ppm=shapes.integer(said["speed_ppm"], -200_000, 200_000),
        segments=tuple(_segment(segment) for segment in segments),
    )


def _segment(value: Any) -> Segment:
    numbers = shapes.a_list(value, 5)
    if len(numbers) != 5:
        raise ValueError("not a segment")
    start, end, score, lag, heard = numbers
    start = shapes.integer(start, 0, _ANNOUNCEMENT - 1)
    return Segment(
        start,
        shapes.integer(end, start + 1, _ANNOUNCEMENT),
        shapes.integer(score, 0, 1000),
        shapes.integer(lag, -_ANNOUNCEMENT, _ANNOUNCEMENT),
        bool(shapes.integer(heard, 0, 1)),
    )
