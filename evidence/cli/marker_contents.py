"""Markers of an archive as a reader sees them: whose word each is, how it came about, what became of it.

Measures that have a place in a recording stand between its markers, so that one reads what happened in order.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from evidence import strict
from evidence.cli.classnames import class_name
from evidence.cli.console import line, words
from evidence.cli.fields import field, section, text
from evidence.messages import t
from evidence.verify.durations import clock

Record = Mapping[str, Any]
_INDENT = "    "


def print_markers(markers: Sequence[Record], measures: Sequence[Record]) -> None:
    """Print the markers, and the measures among them, by recording and place."""
    section("markers")
    line("  ", t("show.allegations" if markers else "show.no_markers"))
    placed = [measure for measure in measures if "at_milliseconds" in measure] if markers else []
    for record in sorted([*markers, *placed], key=_place):
        if record["kind"] == "marker":
            _marker(record)
        else:
            where = place(record, record["at_milliseconds"])
            line("  ", words("show.measure_there", where=where, kind=t(f"show.measure_{record['measure']}")))


def place(record: Record, start: int | None, end: int | None = None) -> str:
    """Where something is: exhibit, channel, and time in it."""
    parts = [record["exhibit"]] if "exhibit" in record else []
    if "channel" in record:
        parts.append(t("show.in_channel", channel=str(record["channel"])))
    if start is not None:
        parts.append(clock(start) if end is None else f"{clock(start)} - {clock(end)}")
    return "  ".join(parts)


def _place(record: Record) -> tuple[int, int]:
    return int(record["exhibit"][1:]), record.get("start_ms", record.get("at_milliseconds", 0))


def _marker(marker: Record) -> None:
    where = place(marker, marker["start_ms"], marker.get("end_ms"))
    kind = class_name(marker["class"], marker.get("class_names", {}))
    head = words("show.marker", where=where, kind=kind)
    line("  ", f"{marker['number']}.  {head}" if "number" in marker else head)
    if "withdrawn" in marker:
        _withdrawn(marker["withdrawn"])
    if "words" in marker:
        quote(marker["words"])
    how = t(f"show.how_{marker['how']}")
    line(_INDENT, words("show.asserted", by=marker["asserted_by"], at=marker["asserted_at"]["text"], how=how))
    if "confidence" in marker:
        line(_INDENT, t(f"show.confidence_{marker['confidence']}"))
    if "reviewed_by" in marker:
        at = marker["reviewed_at"]["text"]
        key = "show.reviewed_before" if _is_outdated(marker) else "show.reviewed"
        line(_INDENT, words(key, by=marker["reviewed_by"], at=at))
    if "pressed" in marker:
        _pressed(marker["pressed"])
    if "suggestion" in marker:
        _suggestion(marker["suggestion"])
    for correction in marker.get("corrections", ()):
        _correction(correction)
    for name in ("note", "source"):
        if name in marker:
            field(t(f"show.marker_{name}"), marker[name], _INDENT)


def _is_outdated(marker: Record) -> bool:
    """Whether it was corrected after somebody had confirmed it."""
    reviewed = strict.timestamp(marker["reviewed_at"]["utc"])
    return any(strict.timestamp(each["at"]["utc"]) > reviewed for each in marker.get("corrections", ()))


def _withdrawn(withdrawn: Record) -> None:
    line(_INDENT, words("show.withdrawn", by=withdrawn["by"], at=withdrawn["at"]["text"]))
    field(t("show.reason"), withdrawn["reason"], _INDENT)


def _pressed(pressed: Record) -> None:
    place = pressed["place_ms"]
    values = {
        "at": pressed["at"]["text"],
        "place": clock(place) if place >= 0 else f"-{clock(-place)}",
        "offset": _seconds(pressed["offset_ms"]),
        "uncertainty": _seconds(pressed["uncertainty_ms"]),
    }
    line(_INDENT, words("show.pressed", **values), hanging=len(_INDENT))
    if "tied_by" in pressed:
        line(_INDENT, t(f"show.tied_{pressed['tied_by']}"))
    if "stated_by" in pressed:
        at = f", {pressed['stated_at']['text']}" if "stated_at" in pressed else ""
        line(_INDENT, words("show.tied", by=pressed["stated_by"], at=at))


def _suggestion(suggestion: Record) -> None:
    kind = class_name(suggestion["class"], {})
    where = f"{clock(suggestion['start_ms'])} - {clock(suggestion['end_ms'])}"
    lexicon = suggestion["lexicon_sha256"][:12]
    said = words("show.suggested", words=suggestion["words"], where=where, kind=kind, lexicon=lexicon)
    line(_INDENT, said, hanging=len(_INDENT))
    for name in ("transcript", "transcribed_by"):
        if name in suggestion:
            field(t(f"show.suggested_{name}"), suggestion[name], _INDENT)


def _is_known(code: str) -> bool:
    from evidence.intake.markerfiles.classes import CODES

    return code in CODES


def _correction(correction: Record) -> None:
    line(_INDENT, words("show.corrected", by=correction["by"], at=correction["at"]["text"]))
    for name, value in correction["was"].items():
        field(t(f"show.was_{name}"), _earlier(name, value), _INDENT + "  ")
    if "reason" in correction:
        field(t("show.reason"), correction["reason"], _INDENT + "  ")


def _earlier(name: str, value: Any) -> str:
    if value is None:
        return t("show.was_nothing")
    if name in {"start_ms", "end_ms"}:
        return clock(value)
    if name == "class" and _is_known(value):
        return t(f"show.class_{value}")
    return t(f"show.confidence_{value}") if name == "confidence" else str(value)


def _seconds(milliseconds: int) -> str:
    """A signed number of seconds, with as many digits as it needs."""
    return f"{milliseconds / 1000:.3f}".rstrip("0").rstrip(".")


def quote(said: str) -> None:
    """Print words that were said, verbatim."""
    if "\n" in said:
        text(said, _INDENT)
    else:
        line(_INDENT, words("show.quote", words=said))
