"""What a person decides about a program's suggestions; an accepted one becomes the person's marker."""

from collections.abc import Mapping
from typing import Any

from evidence.errors import StateError, UsageError
from evidence.messages import t
from evidence.operations.incidents import Draft
from evidence.operations.markers import changes as markers
from evidence.operations.markers.changes import Changes, Marker
from evidence.text import visible

ACCEPTED, REJECTED = "accepted", "rejected"

_OF_SUGGESTION = (
    *("class", "start_ms", "end_ms", "words", "entry", "lexicon_sha256"),
    *("transcript", "transcript_sha256", "transcribed_by", "probability"),
)
"""What a marker says of the suggestion that it came of."""
_TAKEN = ("recording", "channel", "start_ms", "end_ms", "class", "class_names", "words", "language")


def accept(draft: Draft, number: int, by: str, at: str, changes: Changes | None = None) -> int:
    """Make a marker of a suggestion: what a person asserts who listened there.

    A rejected suggestion can be accepted later, and so can one whose marker was withdrawn.

    Args:
        draft: the incident, changed in place.
        number: of the suggestion, from 1.
        by: who asserts it.
        at: when, RFC 3339 text.
        changes: what the person heard otherwise, as of changes.edit; the suggestion itself stays as it is.

    Returns:
        the number of the marker, from 1.

    Raises:
        UsageError: there is no such suggestion, or the marker would end before it starts.
        StateError: it was accepted already, and its marker holds.
    """
    suggestion = suggestion_of(draft, number)
    _require_no_marker(draft, number, suggestion)
    found = _left_behind(draft, suggestion)
    if found is None:
        draft.markers.append(_marker(suggestion, changes or {}, by, at))
        found = len(draft.markers)
    elif changes:
        markers.edit(draft.markers[found - 1], changes, by, at)
    suggestion["decided"] = {"as": ACCEPTED, "by": by, "at": at, "marker": found}
    return found


def reject(draft: Draft, number: int, by: str, at: str, reason: str = "") -> None:
    """Note that a suggestion is no marker; reopen takes that back.

    Raises:
        UsageError: there is no such suggestion.
        StateError: it is rejected, or is a marker that holds.
    """
    suggestion = suggestion_of(draft, number)
    if decided_as(suggestion) == REJECTED:
        raise _decided(number, suggestion, "review.rejected_already")
    _require_no_marker(draft, number, suggestion)
    suggestion["decided"] = {"as": REJECTED, "by": by, "at": at, **({"reason": reason} if reason else {})}


def reopen(draft: Draft, number: int) -> None:
    """Take the rejection of a suggestion back: nobody has decided about it then.

    Raises:
        UsageError: there is no such suggestion.
        StateError: it isn't rejected.
    """
    suggestion = suggestion_of(draft, number)
    if decided_as(suggestion) != REJECTED:
        raise StateError(t("review.not_rejected", n=number), t("review.not_rejected_hint"))
    del suggestion["decided"]


def decided_as(suggestion: Mapping[str, Any]) -> str:
    """ACCEPTED or REJECTED; empty while nobody has decided."""
    return str(suggestion.get("decided", {}).get("as", ""))


def suggestion_of(draft: Draft, number: int) -> dict[str, Any]:
    """The suggestion of a number.

    Raises:
        UsageError: there is none.
    """
    if not 1 <= number <= len(draft.suggestions):
        hint = t("review.no_suggestion_hint", n=len(draft.suggestions), number=draft.called)
        raise UsageError(t("review.no_suggestion", n=number), hint)
    return draft.suggestions[number - 1]


def marker_of(draft: Draft, number: int) -> Marker:
    """The marker of a number.

    Raises:
        UsageError: there is none.
    """
    if not 1 <= number <= len(draft.markers):
        hint = t("incidents.no_marker_hint", n=len(draft.markers))
        raise UsageError(t("incidents.no_marker", n=number), hint)
    return draft.markers[number - 1]


def part_of(suggestion: Mapping[str, Any]) -> dict[str, Any]:
    """What a marker that came of a suggestion says about it."""
    return {name: suggestion[name] for name in _OF_SUGGESTION if name in suggestion}


def _marker(suggestion: Mapping[str, Any], changes: Changes, by: str, at: str) -> Marker:
    taken = {name: suggestion[name] for name in _TAKEN if name in suggestion}
    marker = markers.without_nothing({**taken, **markers.changes_of(changes)})
    markers.require_order(marker)
    how = {"asserted_by": by, "asserted_at": at, "how": "transcript_confirmed"}
    return {**marker, **how, "suggestion": part_of(suggestion)}


def _require_no_marker(draft: Draft, number: int, suggestion: Mapping[str, Any]) -> None:
    """Refuse where a marker that holds came of it."""
    became = suggestion.get("decided", {}).get("marker", 0)
    if 1 <= became <= len(draft.markers) and "withdrawn" not in draft.markers[became - 1]:
        raise _decided(number, suggestion, "review.accepted_already")


def _decided(number: int, suggestion: Mapping[str, Any], key: str) -> StateError:
    decided = suggestion["decided"]
    by, at, marker = visible(decided["by"]), visible(decided["at"]), decided.get("marker", 0)
    return StateError(t(key, n=number, by=by, at=at), t(f"{key}_hint", n=number, marker=str(marker)))


def _left_behind(draft: Draft, suggestion: Mapping[str, Any]) -> int | None:
    """The number of a marker that came of it and that no suggestion knows of.

    Markers and suggestions stand in two files: a power cut between them leaves such a one.
    """
    part = part_of(suggestion)
    known = {other.get("decided", {}).get("marker") for other in draft.suggestions}
    for number, marker in enumerate(draft.markers, 1):
        is_of_it = marker.get("suggestion") == part and marker["recording"] == suggestion["recording"]
        if is_of_it and number not in known and "withdrawn" not in marker:
            return number
    return None
