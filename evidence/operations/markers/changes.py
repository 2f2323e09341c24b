"""Changes to one marker of a document, in place. What it said before stays in it; nothing is ever deleted."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from evidence.errors import StateError, UsageError
from evidence.intake import times
from evidence.messages import t
from evidence.model.markers import WAS
from evidence.text import visible

Marker = dict[str, Any]
Changes = Mapping[str, Any]
"""New values of a marker's fields by their names in the document; None takes one out."""

MOST_CORRECTIONS = 100
"""As in schemas/markers.v1.schema.json."""

MOST_BYTES = 128 * 1024
"""Bytes of a marker that can still be corrected: half of what a record holds, so that it can be withdrawn."""

_SAME = ("recording", "channel", "start_ms", "end_ms", "class", "words", "asserted_by")
_NEVER_OUT = ("start_ms", "class")


def edit(marker: Marker, changes: Changes, by: str, at: str, reason: str = "") -> bool:
    """Correct a marker and note in it what it said before.

    Args:
        marker: is changed in place.
        changes: of the fields WAS; ``class_names`` goes along with a class of one's own.
        by: who corrects it.
        at: when, RFC 3339 text.
        reason: why; may be empty.

    Returns:
        whether anything is different now; without a difference nothing is noted.

    Raises:
        StateError: it is withdrawn, or was corrected so often that no more would fit.
        UsageError: it would end before it starts.
    """
    require_holds(marker)
    was = {name: marker.get(name) for name in WAS if name in changes and differs(marker, name, changes[name])}
    if not was:
        return False
    changed = {**marker, **changes_of(changes)}
    require_order(changed)
    correction = {"at": at, "by": by, **({"reason": reason} if reason else {}), "was": was}
    changed["corrections"] = [*marker.get("corrections", ()), correction]
    _require_room(changed)
    marker.clear()
    marker.update(without_nothing(changed))
    return True


def withdraw(marker: Marker, by: str, at: str, reason: str) -> None:
    """Take a marker back: it stays, and says who withdrew it, when and why.

    Raises:
        StateError: it is withdrawn already.
    """
    require_holds(marker)
    marker["withdrawn"] = {"at": at, "by": by, "reason": reason}


def confirm(marker: Marker, by: str, at: str) -> None:
    """Note who confirms it.

    Raises:
        StateError: it is withdrawn, or somebody confirmed it and it wasn't corrected since.
    """
    require_holds(marker)
    if "reviewed_by" in marker and not is_outdated(marker):
        who, when = visible(marker["reviewed_by"]), visible(marker["reviewed_at"])
        raise StateError(t("review.confirmed_already", by=who, at=when), t("review.confirmed_already_hint"))
    marker.update(reviewed_by=by, reviewed_at=at)


def is_outdated(marker: Mapping[str, Any]) -> bool:
    """Whether a marker was corrected after somebody had confirmed it."""
    if "reviewed_at" not in marker:
        return False
    reviewed = times.parse(marker["reviewed_at"])
    return any(times.parse(correction["at"]) > reviewed for correction in marker.get("corrections", ()))


def is_there(markers: Iterable[Mapping[str, Any]], new: Mapping[str, Any]) -> bool:
    """Whether a marker that holds says the same of the same place."""
    return any(
        all(marker.get(name) == new.get(name) for name in _SAME)
        for marker in markers
        if "withdrawn" not in marker
    )


def require_holds(marker: Mapping[str, Any]) -> None:
    """Refuse to change a marker that was withdrawn.

    Raises:
        StateError: it was.
    """
    if "withdrawn" in marker:
        who, when = visible(marker["withdrawn"]["by"]), visible(marker["withdrawn"]["at"])
        raise StateError(t("review.withdrawn_already", by=who, at=when), t("review.withdrawn_already_hint"))


def require_order(marker: Mapping[str, Any]) -> None:
    """Refuse an end before the start.

    Raises:
        UsageError: it is.
    """
    if marker.get("end_ms") is not None and marker["end_ms"] < marker["start_ms"]:
        raise UsageError(t("review.backwards"), t("review.backwards_hint"))


def differs(marker: Mapping[str, Any], name: str, value: Any) -> bool:
    """Whether a field would say something else; an empty text says nothing, as no field does."""
    return bool(_said(marker.get(name)) != _said(value))


def _said(value: Any) -> Any:
    return None if value == "" else value


def changes_of(changes: Changes) -> Marker:
    """The same, with the names of the class where the class is named; a class of the seven has none.

    Raises:
        ValueError: a field that every marker has would be taken out.
    """
    if any(changes.get(name, "") is None for name in _NEVER_OUT):
        raise ValueError("a marker has a place and a class")
    names = {"class_names": changes.get("class_names")} if "class" in changes else {}
    return {**changes, **names}


def without_nothing(marker: Mapping[str, Any]) -> Marker:
    """A marker without the fields that say nothing."""
    return {name: value for name, value in marker.items() if value not in (None, "", {}, [])}


def _require_room(marker: Mapping[str, Any]) -> None:
    """Refuse what a document or a record couldn't hold."""
    is_long = len(json.dumps(marker, ensure_ascii=False).encode()) > MOST_BYTES
    if is_long or len(marker["corrections"]) > MOST_CORRECTIONS:
        raise StateError(t("review.no_room"), t("review.no_room_hint"))
