"""The table of markers: whose word each is, how it came about, what became of it."""

from collections.abc import Mapping, Sequence
from typing import Any

from evidence import strict
from evidence.digests import groups
from evidence.intake.markerfiles.classes import CODES
from evidence.reporting.content import blocks
from evidence.reporting.content.blocks import Cell, Line, Row, shown
from evidence.reporting.content.case import Case, class_name, described
from evidence.reporting.content.words import label, say, stated
from evidence.text import visible
from evidence.verify.durations import clock, plain_seconds

Record = Mapping[str, Any]


def rows(case: Case, markers: Sequence[tuple[int, Record]]) -> list[Row]:
    """A row for each marker, and below it how it came about and what became of it.

    Its cells are number, place, class, words, and who asserts it.
    """
    return [row for number, marker in markers for row in _rows(case, number, marker)]


def _rows(case: Case, number: int, marker: Record) -> list[Row]:
    cells = [blocks.line(str(number), "strong"), _place(case, marker), _class(marker), _words(marker)]
    return [[*cells, _who(marker)], blocks.wide(_history(marker))]


def _place(case: Case, marker: Record) -> Cell:
    lines: list[Line] = [clock(marker["start_ms"])]
    if "end_ms" in marker:
        lines.append(f"– {clock(marker['end_ms'])}")
    if "channel" in marker:
        lines.append(blocks.line(case.channel(marker["exhibit"], marker["channel"]), "small"))
    return lines


def _class(marker: Record) -> Cell:
    lines: list[Line] = [class_name(marker["class"], marker.get("class_names", {}))]
    if "withdrawn" in marker:
        lines.insert(0, blocks.line(say("report.withdrawn_mark"), "strong"))
    if "corrections" in marker:
        lines.append(blocks.line(say("report.corrected_mark"), "small"))
    return lines


def _words(marker: Record) -> Cell:
    lines: list[Line] = []
    if "words" in marker:
        kind = "struck" if "withdrawn" in marker else "quote"
        lines.append(blocks.line(say("report.quote", words=shown(marker["words"])), kind))
    if "language" in marker:
        lines.append(blocks.line(say("report.words_language", code=visible(marker["language"])), "small"))
    if "note" in marker:
        lines.append(blocks.line(say("report.note", text=shown(marker["note"])), "small"))
    return lines


def _correction(correction: Record) -> str:
    head = say("report.corrected", by=visible(correction["by"]), at=stated(correction["at"]))
    told = [
        say("report.was", name=say(f"show.was_{name}"), value=_earlier(name, value))
        for name, value in correction["was"].items()
    ]
    if "reason" in correction:
        told.append(say("report.reason", text=shown(correction["reason"])))
    return f"{head} {'; '.join(told)}"


def _earlier(name: str, value: Any) -> str:
    if value is None:
        return say("show.was_nothing")
    if name in {"start_ms", "end_ms"}:
        return clock(value)
    if name == "class" and value in CODES:
        return say(f"show.class_{value}")
    return described("confidence", value) if name == "confidence" else shown(str(value))


def _who(marker: Record) -> Cell:
    by, at = visible(marker["asserted_by"]), stated(marker["asserted_at"])
    return [blocks.line(by, "strong"), blocks.line(at, "small")]


def _history(marker: Record) -> Cell:
    told = [say(f"show.how_{marker['how']}")]
    if "confidence" in marker:
        told.append(say(f"show.confidence_{marker['confidence']}"))
    if "reviewed_by" in marker:
        told.append(_reviewed(marker))
    told.append(say("report.source", text=visible(marker["asserted_at"]["source"])))
    if "source" in marker:
        told.append(say("report.imported", text=visible(marker["source"])))
    lines = ["; ".join(told)]
    if "withdrawn" in marker:
        lines.append("; ".join(_withdrawn(marker["withdrawn"])))
    lines += [_correction(correction) for correction in marker.get("corrections", ())]
    if "pressed" in marker:
        lines.append("; ".join(_pressed(marker["pressed"])))
    if "suggestion" in marker:
        lines.append("; ".join(_suggestion(marker["suggestion"])))
    return [blocks.line(f"{line[:1].upper()}{line[1:].removesuffix('.')}.", "small") for line in lines]


def _reviewed(marker: Record) -> str:
    reviewed = strict.timestamp(marker["reviewed_at"]["utc"])
    later = any(strict.timestamp(each["at"]["utc"]) > reviewed for each in marker.get("corrections", ()))
    key = "show.reviewed_before" if later else "show.reviewed"
    return say(key, by=visible(marker["reviewed_by"]), at=stated(marker["reviewed_at"]))


def _withdrawn(withdrawn: Record) -> list[str]:
    told = say("report.withdrawn", by=visible(withdrawn["by"]), at=stated(withdrawn["at"]))
    return [told, say("report.reason", text=shown(withdrawn["reason"]))]


def _pressed(pressed: Record) -> list[str]:
    place = pressed["place_ms"]
    told = [
        say(
            "report.pressed",
            at=stated(pressed["at"]),
            began=stated(pressed["call_started"]),
            place=clock(place) if place >= 0 else f"−{clock(-place)}",
            offset=_seconds(pressed["offset_ms"]),
            uncertainty=_seconds(pressed["uncertainty_ms"]),
        )
    ]
    if "before_ms" in pressed:
        told.append(say("report.pressed_before", seconds=_seconds(pressed["before_ms"])))
    if "event" in pressed:
        told.append(say("report.pressed_event", text=visible(pressed["event"])))
    if "tied_by" in pressed:
        told.append(say(f"show.tied_{pressed['tied_by']}"))
    if "stated_by" in pressed:
        at = f", {stated(pressed['stated_at'])}" if "stated_at" in pressed else ""
        told.append(say("show.tied", by=visible(pressed["stated_by"]), at=at))
    return told


def _suggestion(suggestion: Record) -> list[str]:
    where = f"{clock(suggestion['start_ms'])} – {clock(suggestion['end_ms'])}"
    kind = class_name(suggestion["class"], {})
    told = [
        say("report.suggested", words=shown(suggestion["words"]), where=where, kind=kind),
        say("report.suggested_entry", text=visible(suggestion["entry"])),
        say("report.suggested_lexicon", digest=groups(suggestion["lexicon_sha256"])),
    ]
    told += [
        f"{label(f'show.suggested_{name}')}: {visible(suggestion[name])}"
        for name in ("transcript", "transcribed_by")
        if name in suggestion
    ]
    if "transcript_sha256" in suggestion:
        told.append(say("report.transcript_digest", digest=groups(suggestion["transcript_sha256"])))
    if "probability" in suggestion:
        told.append(say("report.probability", percent=f"{suggestion['probability'] / 10:g}"))
    return told


def _seconds(milliseconds: int) -> str:
    """A signed number of seconds, with as many digits as it needs."""
    sign = "−" if milliseconds < 0 else ""
    return f"{sign}{plain_seconds(abs(milliseconds))}"
