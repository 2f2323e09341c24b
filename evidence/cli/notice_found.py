"""What a search for the announcement found in a recording, shown: drawn over its sound, and as a table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from evidence.cli import console, waveform
from evidence.cli.console import line
from evidence.cli.fields import field
from evidence.cli.waveform import Mark
from evidence.cli.waveform_contents import room
from evidence.messages import fits, t
from evidence.model.notice import Notice
from evidence.model.noticesearch import NOT_DETECTED, Match, NoticeSearch, Segment
from evidence.text import visible
from evidence.verify.durations import clock
from evidence.verify.noticeplaces import seconds
from evidence.verify.noticewording import short

SHORT = 8
"""Characters of a version's id that are shown."""

_FEWEST = 8
_NAME = 16
_TITLE = 30


@dataclass(frozen=True, slots=True)
class About:
    """What is known of a recording and its announcements besides the search.

    Attributes:
        versions: the versions that were looked for, by their ids.
        channels: who is said to be heard in which channel; untrusted, may be shorter than the recording's.
        length: of the recording, in milliseconds; None when it isn't known.
    """

    versions: Mapping[str, Notice]
    channels: Sequence[str] = ()
    length: int | None = None

    def title(self, version: str) -> str:
        """By what people know a version; harmless."""
        notice = self.versions.get(version)
        return short(notice.known_as, _TITLE) if notice else version[:SHORT]

    def channel(self, number: int) -> str:
        """A channel's number with its name; harmless."""
        name = self.channels[number] if number < len(self.channels) else ""
        return f"{number} {short(name, _NAME)}".rstrip()


def print_search(search: NoticeSearch, about: About, indent: str = "    ") -> None:
    """Print which part was searched, the sound with the places of what was found, and the results."""
    field(t("noticesearch.searched"), _searched(search, about.length), indent)
    if search.algorithm:
        field(t("noticesearch.algorithm"), search.algorithm, indent)
    for problem in search.problems:
        key = f"media.search_problem_{problem}"
        field(t("show.problem"), t(key) if fits(key) else visible(problem), indent)
    _draw(search, about, indent)
    for version in dict.fromkeys(match.version for match in search.matches):
        _table([match for match in search.matches if match.version == version], about, indent)
    if any(match.result == NOT_DETECTED for match in search.matches):
        line(indent, t("noticesearch.not_detected_means"), hanging=len(indent))


def _searched(search: NoticeSearch, length: int | None) -> str:
    if not search.searched_ms:
        return t("noticesearch.nothing")
    if search.is_whole:
        return t("noticesearch.whole", length=seconds(search.searched_ms))
    if length is None:
        return t("noticesearch.part", length=seconds(search.searched_ms))
    return t("noticesearch.part_of", length=seconds(search.searched_ms), all=seconds(length))


# The drawing


def _draw(search: NoticeSearch, about: About, indent: str) -> None:
    drawn = search.waveform
    if drawn is None or not any(drawn.channels):
        return
    width = room(indent)
    milliseconds = drawn.column_ms * max(map(len, drawn.channels))
    chosen = waveform.style()
    line()
    for number, peaks in enumerate(drawn.channels):
        if not peaks:
            continue
        line(indent, t("noticesearch.channel", channel=about.channel(number)))
        console.exact((indent + waveform.loudness(peaks, width, chosen.levels)).rstrip())
        for match in search.matches:
            if match.channel == number and match.at_ms is not None:
                row = waveform.marked(_mark(match, match.at_ms, about), milliseconds, width, chosen)
                console.exact(indent + row)
    console.exact(indent + waveform.axis(milliseconds, width))
    if any(match.at_ms is not None for match in search.matches):
        legend = t("noticesearch.legend", clause=chosen.clause * 2, whole=chosen.whole * 2)
        line(indent, legend, hanging=len(indent))


def _mark(match: Match, at: int, about: About) -> Mark:
    notice = about.versions.get(match.version)
    length = max((segment.end_ms for segment in match.segments), default=0)
    start, end = _clause(notice)
    if notice and notice.sound:
        length = notice.sound.recording.milliseconds or length
    return Mark(
        at,
        at + _stretched(max(length, end), match),
        at + _stretched(start, match),
        at + _stretched(end, match),
        f"{about.title(match.version)} {_place(at)}",
    )


def _clause(notice: Notice | None) -> tuple[int, int]:
    """Where the key clause is in the announcement, in milliseconds."""
    return (notice.key_clause.start or 0, notice.key_clause.end or 0) if notice else (0, 0)


def _stretched(place: int, match: Match) -> int:
    """A place in the announcement at the speed at which it was heard."""
    return place * 1_000_000 // (1_000_000 + match.speed_ppm)


# The table


def _table(matches: Sequence[Match], about: About, indent: str) -> None:
    version = matches[0].version
    line()
    line(indent, t("noticesearch.version", title=about.title(version), id=version[:SHORT]))
    heading = tuple(
        t(f"noticesearch.column_{name}")
        for name in ("channel", "result", "place", "speech", "clause", "speed")
    )
    rows = [(about.channel(match.channel), *_cells(match)) for match in matches]
    widths = [max(map(len, column)) for column in zip(heading, *rows, strict=True)]
    _row(heading, widths, indent)
    for match, cells in zip(matches, rows, strict=True):
        _row(cells, widths, indent)
        _pieces(match, about.versions.get(version), indent)


def _row(cells: Sequence[str], widths: Sequence[int], indent: str) -> None:
    padded = (cell.ljust(width) for cell, width in zip(cells, widths, strict=True))
    line(indent, "  ", "  ".join(padded).rstrip())


def _cells(match: Match) -> tuple[str, ...]:
    result = t(f"noticesearch.result_{match.result}")
    if match.result == NOT_DETECTED or match.at_ms is None:
        return result, "-", "-", "-", "-"
    return (
        result,
        _place(match.at_ms),
        f"{match.coverage // 10} %",
        f"{match.clause_coverage // 10} %",
        _speed(match.speed_ppm),
    )


def _speed(ppm: int) -> str:
    """How much faster it runs, in hundredths of a percent; ``+0.50 %``."""
    hundredths = round(ppm / 100)
    return f"{hundredths / 100:+.2f} %" if hundredths else "0 %"


def _place(at: int) -> str:
    return f"-{clock(-at)}" if at < 0 else clock(at)


def _pieces(match: Match, notice: Notice | None, indent: str) -> None:
    if match.result == NOT_DETECTED or not match.segments:
        return
    label = f"{indent}    {t('noticesearch.pieces')} "
    width = room(label, _FEWEST)
    start, end = _clause(notice)
    scores = [(piece.score, piece.is_heard, _overlaps(piece, start, end)) for piece in match.segments]
    console.exact(label + waveform.pieces(scores, width, waveform.style()))


def _overlaps(piece: Segment, start: int, end: int) -> bool:
    return piece.start_ms < end and start < piece.end_ms
