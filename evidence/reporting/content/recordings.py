"""Each recording drawn with its markers, the notice and the measures in it, and the table of its markers."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from evidence.reporting import waves
from evidence.reporting.content import blocks
from evidence.reporting.content.blocks import Block
from evidence.reporting.content.case import Case, class_name, file_name, milliseconds
from evidence.reporting.content.markers import rows
from evidence.reporting.content.words import known, numbers, say
from evidence.verify.durations import clock

Record = Mapping[str, Any]
_BINS = 24
"""Places along a drawing that have a label of their own; markers nearer to each other share one."""

_LABEL = 2
"""Numbers that a shared label names one by one."""


def section(case: Case) -> Block:
    """All recordings, in order."""
    made: list[Block | None] = [
        blocks.box("note", say("report.allegations_title"), [say("report.allegations")])
    ]
    made += [blocks.paragraph(told) for told in _counted(case)]
    for recording in case.recordings:
        made += _recording(case, recording)
    return blocks.section(say("report.section_recordings"), made)


def _counted(case: Case) -> list[str]:
    standing = [marker for _number, marker in case.markers if "withdrawn" not in marker]
    withdrawn = len(case.markers) - len(standing)
    if not case.markers:
        return [say("report.no_markers")]
    classes = Counter(class_name(m["class"], m.get("class_names", {})) for m in standing)
    listed = "; ".join(say("report.class_count", name=name, n=str(n)) for name, n in sorted(classes.items()))
    told = [say("report.markers_count", n=len(standing), list=listed)] if standing else []
    return told + ([say("report.withdrawn_count", n=withdrawn)] if withdrawn else [])


def _recording(case: Case, exhibit: Record) -> list[Block | None]:
    identity = exhibit["exhibit"]
    markers = case.markers_of.get(identity, [])
    heads = [say(f"report.marker_{name}") for name in ("number", "place", "class", "words", "who")]
    return [
        blocks.heading(say("report.recording", id=identity, name=file_name(exhibit))),
        _drawing(case, exhibit, markers),
        *_undrawn(_only(case, "waveform", identity)),
        blocks.table(heads, [0, 4, 4, 9, 5], rows(case, markers))
        or blocks.paragraph(say("report.none_here"), "small"),
    ]


def _undrawn(waveform: Record | None) -> list[Block]:
    """What kept the program from drawing all of a recording."""
    return [
        blocks.paragraph(say("report.problem", text=known(f"media.drawing_problem_{code}", code)), "small")
        for code in (waveform or {}).get("problems", ())
    ]


def _drawing(case: Case, exhibit: Record, markers: Sequence[tuple[int, Record]]) -> Block:
    identity = exhibit["exhibit"]
    found = {kind: _only(case, kind, identity) for kind in ("waveform", "notice_search")}
    length = milliseconds(exhibit.get("recording"))
    notices = _notices(case, identity, found["notice_search"])
    measures = [m for m in case.all("measure") if m.get("exhibit") == identity and "at_milliseconds" in m]
    ends = [m.get("end_ms", m["start_ms"]) for _n, m in markers] + [end for _channel, _start, end in notices]
    wave = waves.chosen(found["waveform"], found["notice_search"], length, max(ends, default=0))
    return {
        "b": "wave",
        "channels": _channels(case, identity, wave, markers, notices),
        "labels": _labels(markers, wave.milliseconds),
        "measures": [waves.share(m["at_milliseconds"], wave.milliseconds) for m in measures],
        "ticks": waves.ticks(wave.milliseconds),
        "legend": _legend(wave, bool(markers), bool(notices), bool(measures)),
        "alt": say("report.wave_alt", id=identity),
    }


def _only(case: Case, kind: str, exhibit: str) -> Record | None:
    return next((record for record in case.all(kind) if record.get("exhibit") == exhibit), None)


Span = tuple[int | str | None, int, int]


def _notices(case: Case, exhibit: str, search: Record | None) -> list[Span]:
    """Where the notice is: channel, beginning and end, as it was found, else as it is stated."""
    spans = [
        (match["channel"], match["at_ms"], match["at_ms"] + _length(case, match))
        for match in (search or {}).get("matches", ())
        if match["result"] in {"found", "partial"} and "at_ms" in match
    ]
    if spans:
        return spans
    return [
        (notice.get("channel"), notice["at_milliseconds"], notice["at_milliseconds"])
        for notice in case.all("notice")
        if notice.get("exhibit") == exhibit and "at_milliseconds" in notice
    ]


def _length(case: Case, match: Record) -> int:
    """How long the announcement is, by its sound, else by the pieces that were looked for."""
    notice = case.versions.get(match["version"])
    if notice and notice.sound and notice.sound.recording.milliseconds:
        return notice.sound.recording.milliseconds
    return max((segment[1] for segment in match["segments"]), default=0)


def _channels(
    case: Case, exhibit: str, wave: waves.Wave, markers: Sequence[tuple[int, Record]], notices: Sequence[Span]
) -> list[dict[str, Any]]:
    """What is drawn in each channel; one line of all where no channel is known."""
    named = case.channels.get(exhibit, ())
    whole = wave.milliseconds
    return [
        {
            "name": case.channel(exhibit, place)
            if wave.channels and (len(wave.channels) > 1 or named)
            else "",
            "svg": waves.path(wave.channels[place]) if place < len(wave.channels) else "",
            "spans": [
                [*_span(m["start_ms"], m.get("end_ms", m["start_ms"]), whole), "withdrawn" in m]
                for _n, m in markers
                if _is_in(m.get("channel"), place, named)
            ],
            "notices": [_span(a, b, whole) for channel, a, b in notices if _is_in(channel, place, named)],
        }
        for place in range(max(len(wave.channels), 1))
    ]


def _is_in(channel: int | str | None, place: int, named: Sequence[str]) -> bool:
    """Whether something is drawn in that channel; what names none that is known is drawn in all."""
    if isinstance(channel, str):
        channel = list(named).index(channel) if channel in named else None
    return channel is None or channel == place


def _span(start: int, end: int, whole: int) -> list[Any]:
    return [waves.share(start, whole), waves.share(max(end, start), whole)]


def _labels(markers: Sequence[tuple[int, Record]], whole: int) -> list[tuple[int, str]]:
    """Numbers above the drawing: where each stands, and its text; neighbours share a label."""
    bins: dict[int, list[tuple[int, int]]] = {}
    for number, marker in markers:
        at = waves.share(marker["start_ms"], whole)
        bins.setdefault(at * _BINS // 10_001, []).append((at, number))
    return [
        (sum(at for at, _n in found) // len(found), _shared([number for _at, number in found]))
        for _place, found in sorted(bins.items())
    ]


def _shared(found: list[int]) -> str:
    """One run of numbers or a few by themselves; else the first and how many there are."""
    told = numbers(found)
    is_run = "–" in told and "," not in told
    return told if is_run or len(found) <= _LABEL else f"{found[0]}… ({len(found)})"


def _legend(wave: waves.Wave, *has: bool) -> list[tuple[str, str]]:
    """Colours with what they mean, for what is there."""
    names = ("marker", "notice", "measure")
    told = [(name, say(f"report.legend_{name}")) for name, there in zip(names, has, strict=True) if there]
    source = "search" if wave.is_search else "recorded" if wave.channels else "line"
    length = clock(wave.milliseconds)
    return [*told, ("", say(f"report.wave_{source}", length=length))]
