"""The lines of the forms about what is heard, and what was filled in as options of the plain commands."""

from collections.abc import Mapping
from typing import Any

from evidence.cli import heard, stated
from evidence.cli.classnames import all_classes, class_name
from evidence.cli.review.forms import Line, Values
from evidence.cli.review.items import Item
from evidence.cli.review.timeline import Edges
from evidence.errors import UsageError
from evidence.intake.markerfiles.classes import OwnClasses
from evidence.messages import t
from evidence.text import visible
from evidence.verify.durations import clock

_TEXTS = ("words", "channel", "language", "note")
_ORDER = ("position", "end", "marker_class", "words", "channel", "language", "confidence", "note")


def lines(values: Values, own: OwnClasses) -> list[Line]:
    """The lines of a form with these values."""
    hints = {
        "position": "1:23.5",
        "end": t("review.hint_point"),
        "marker_class": ", ".join(
            name for code, name in sorted(all_classes(own), key=lambda each: each[0] not in own)
        ),
        "confidence": ", ".join(t(f"review.sure_{code}") for code in stated.CONFIDENCE),
    }
    return [
        Line(name, t(f"review.field_{name}"), values.get(name, ""), hints.get(name, "")) for name in _ORDER
    ]


def values_of(item: Item, edges: Edges) -> dict[str, str]:
    """What a form begins with; text that can't stand on one line is shown as escapes."""
    document = item.document
    found = {name: _line(str(document.get(name, ""))) for name in _TEXTS}
    found["position"], found["end"] = clock(edges[0]), "" if edges[1] is None else clock(edges[1])
    found["marker_class"] = class_name(document["class"], document.get("class_names", {}))
    sure = document.get("confidence")
    found["confidence"] = t(f"review.sure_{sure}") if sure else ""
    return found


def _line(text: str) -> str:
    return text if text.isprintable() else visible(text)


def changes_of(item: Item, after: Values, own: OwnClasses) -> dict[str, Any]:
    """What was changed in a form, as evidence.operations.markers.changes takes it.

    Args:
        item: what the form began with, at the place where it was saved.
        after: what stands in the form now.
        own: the vault's own classes.

    Raises:
        UsageError: a value that can't be one, or text that the form couldn't show as it is.
    """
    before = values_of(item, (item.start, item.end))
    given = {name: after[name] if after[name] != before[name] else None for name in _ORDER}
    for name in _TEXTS:
        if given[name] is not None and not str(item.document.get(name, "")).isprintable():
            raise UsageError(t("review.not_one_line"), t("review.not_one_line_hint"))
    return heard.changes_of(options_of(given), own)


def options_of(given: Mapping[str, str | None]) -> dict[str, Any]:
    """What was filled in as options: confidence by its name.

    Raises:
        UsageError: text that no document can hold, or no such confidence.
    """
    found: dict[str, Any] = {
        name: None if text is None else stated.text(text) for name, text in given.items()
    }
    if found["confidence"]:
        sure = stated.known(found["confidence"], stated.CONFIDENCE, "review.sure_")
        if sure is None:
            names = ", ".join(t(f"review.sure_{code}") for code in stated.CONFIDENCE)
            raise UsageError(t("review.no_confidence"), t("cli.one_of", list=names))
        found["confidence"] = sure
    return found
