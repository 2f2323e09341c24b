"""Markers and suggestions told to a person: what holds now, who says so, and what was said before."""

from collections.abc import Iterator, Mapping
from typing import Any

from evidence.cli import console
from evidence.cli.classnames import class_name
from evidence.messages import t
from evidence.model import names
from evidence.verify.durations import clock, plain_seconds

Document = Mapping[str, Any]
_INDENT = "    "
_AS_IT_IS = ("channel", "language", "note")


def show_marker(number: int, marker: Document, *, as_json: bool = False) -> None:
    """Print a marker of markers.json with its number."""
    if as_json:
        console.json_line({"n": number, **marker})
        return
    key = "review.withdrawn_marker" if "withdrawn" in marker else "incidents.marker"
    head = {"where": where(marker), "kind": kind(marker), "file": names.from_document(marker["recording"])}
    console.line(console.words(key, n=number, **head))
    for row in rows_of(marker):
        console.line(_INDENT, row)


def show_suggestion(number: int, suggestion: Document, *, as_json: bool = False) -> None:
    """Print a suggestion of suggestions.json with its number; it never looks like a marker."""
    if as_json:
        console.json_line({"n": number, **suggestion})
        return
    head = {"where": where(suggestion), "kind": kind(suggestion)}
    file = names.from_document(suggestion["recording"])
    console.line(console.words("review.suggestion", n=number, file=file, **head))
    for row in rows_of_suggestion(suggestion):
        console.line(_INDENT, row)


def where(place: Document) -> str:
    """Where a marker or a suggestion lies: a point, or from where to where."""
    end = place.get("end_ms")
    return clock(place["start_ms"]) if end is None else f"{clock(place['start_ms'])} - {clock(end)}"


def kind(place: Document) -> str:
    """The class of a marker or a suggestion in the user's language; fit to be shown."""
    return class_name(place["class"], place.get("class_names", {}))


def rows_of(marker: Document) -> Iterator[str]:
    """What is to be told of a marker beside its place and class, harmless, row by row."""
    words = console.words
    if "words" in marker:
        yield words("show.quote", words=marker["words"])
    if "channel" in marker:
        yield words("review.in_channel", channel=str(marker["channel"]))
    yield words("incidents.asserted", by=marker["asserted_by"], at=marker["asserted_at"])
    yield from _how(marker)
    if "note" in marker:
        yield words("review.note", note=marker["note"])
    for correction in marker.get("corrections", ()):
        yield _correction(correction, marker)
    yield from _review(marker)


def rows_of_suggestion(suggestion: Document) -> Iterator[str]:
    """The same of a suggestion."""
    words = console.words
    yield words("show.quote", words=suggestion["words"])
    if suggestion.get("context", suggestion["words"]) != suggestion["words"]:
        yield words("review.context", text=suggestion["context"])
    if "channel" in suggestion:
        yield words("review.in_channel", channel=str(suggestion["channel"]))
    yield words("review.by_entry", entry=suggestion["entry"], severity=suggestion["severity"])
    if suggestion["timing"] == "cue":
        yield t("review.of_the_cue")
    if "transcript" in suggestion:
        yield words("review.from_transcript", file=suggestion["transcript"])
    if "transcribed_by" in suggestion:
        yield words("review.transcribed_by", program=suggestion["transcribed_by"])
    if "probability" in suggestion:
        yield t("review.probability", percent=str(suggestion["probability"] // 10))
    yield from _decision(suggestion.get("decided"))


def _decision(decided: Document | None) -> Iterator[str]:
    if decided is None:
        yield t("review.undecided")
        return
    said = {"by": decided["by"], "at": decided["at"]}
    if decided["as"] == "accepted":
        yield console.words("review.was_accepted", marker=str(decided.get("marker", "?")), **said)
    elif decided.get("reason"):
        yield console.words("review.was_rejected_for", reason=decided["reason"], **said)
    else:
        yield console.words("review.was_rejected", **said)


def _how(marker: Document) -> Iterator[str]:
    """How a marker came about, as far as it isn't the usual way, and how sure the person is."""
    if marker["how"] != "listened":
        yield t(f"show.how_{marker['how']}")
    if "pressed" in marker:
        pressed = marker["pressed"]
        place, uncertainty = pressed["place_ms"], plain_seconds(pressed["uncertainty_ms"])
        at = clock(place) if place >= 0 else f"-{clock(-place)}"
        yield console.words("review.pressed", at=pressed["at"], place=at, uncertainty=uncertainty)
    if "suggestion" in marker:
        yield _suggested(marker["suggestion"])
    if "source" in marker:
        yield console.words("review.source", source=marker["source"])
    if "confidence" in marker:
        yield t("review.confidence", sure=t(f"review.sure_{marker['confidence']}"))


def _suggested(part: Document) -> str:
    said = {"words": part["words"], "kind": class_name(part["class"], {}), "entry": part["entry"]}
    return console.words("review.suggested", where=where(part), **said)


def _review(marker: Document) -> Iterator[str]:
    from evidence.operations.markers.changes import is_outdated

    if "reviewed_by" in marker:
        key = "review.confirmed_before" if is_outdated(marker) else "review.confirmed"
        yield console.words(key, by=marker["reviewed_by"], at=marker["reviewed_at"])
    if "withdrawn" in marker:
        withdrawn = marker["withdrawn"]
        said = {name: withdrawn[name] for name in ("by", "at", "reason")}
        yield console.words("review.withdrawn", **said)


def _correction(correction: Document, marker: Document) -> str:
    before = "; ".join(_was(correction["was"], marker))
    said = {"by": correction["by"], "at": correction["at"], "was": before}
    row = console.words("review.corrected", **said)
    return row + (
        console.words("review.because", reason=correction["reason"]) if "reason" in correction else ""
    )


def _was(was: Document, marker: Document) -> Iterator[str]:
    """What stood there before a correction, each with the name of the field; untrusted."""
    if "start_ms" in was:
        yield f"{t('review.was_start')} {clock(was['start_ms'])}"
    if "end_ms" in was:
        end = was["end_ms"]
        yield f"{t('review.was_end')} {t('review.no_end') if end is None else clock(end)}"
    if "class" in was:
        names_of_it = marker.get("class_names", {}) if was["class"] == marker["class"] else {}
        yield f"{t('review.was_class')} {class_name(was['class'], names_of_it)}"
    if "words" in was:
        said = was["words"]
        yield f"{t('review.was_words')} {t('review.nothing') if not said else t('show.quote', words=said)}"
    for name in _AS_IT_IS:
        if name in was:
            yield f"{t(f'review.was_{name}')} {t('review.nothing') if was[name] in (None, '') else was[name]}"
    if "confidence" in was:
        said = was["confidence"]
        yield f"{t('review.was_confidence')} {t(f'review.sure_{said}') if said else t('review.nothing')}"
