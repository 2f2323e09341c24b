"""Options by which a person says what is heard where, when a marker is accepted or corrected."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from evidence.cli import stated
from evidence.errors import UsageError
from evidence.intake import positions
from evidence.messages import t

if TYPE_CHECKING:
    from evidence.intake.markerfiles.classes import OwnClasses

F = TypeVar("F", bound=Callable[..., Any])

_ALONE = ("position", "end", "words")
"""Options that are true of one place only."""
_TEXTS = ("words", "language", "note")


def heard_options(function: F) -> F:
    """``--at``, ``--to``, ``--class`` … ``--note``: each None when it isn't given."""
    text, name, place = t("cli.metavar_text"), t("cli.metavar_name"), t("cli.metavar_position")
    options = (
        click.option("--at", "position", metavar=place, help=t("review.opt_at")),
        click.option("--to", "end", metavar=place, help=t("review.opt_to")),
        class_option,
        click.option("--words", type=stated.text, metavar=text, help=t("cli.mark_opt_words")),
        click.option("--channel", type=stated.text, metavar=name, help=t("cli.mark_opt_channel")),
        language_option,
        confidence_option,
        click.option("--note", type=stated.text, metavar=text, help=t("cli.opt_note")),
        click.option("--beyond-end", is_flag=True, help=t("cli.mark_opt_beyond_end")),
    )
    for option in reversed(options):
        function = option(function)
    return function


def class_option(function: F) -> F:
    """``--class``, as ``marker_class``: a code or a name, also of the vault's own classes."""
    metavar, meant = t("cli.metavar_class"), t("cli.mark_opt_class")
    return click.option("--class", "marker_class", type=stated.text, metavar=metavar, help=meant)(function)


def language_option(function: F) -> F:
    """``--language`` of the words."""
    metavar, meant = t("cli.metavar_language"), t("cli.mark_opt_language")
    return click.option("--language", type=stated.text, metavar=metavar, help=meant)(function)


def confidence_option(function: F) -> F:
    """``--confidence``, one of stated.CONFIDENCE."""
    return click.option(
        "--confidence", type=click.Choice(stated.CONFIDENCE), help=t("review.opt_confidence")
    )(function)


def changes_of(given: dict[str, Any], own: "OwnClasses") -> dict[str, Any]:
    """What the options say otherwise, as evidence.operations.markers.changes takes it.

    An empty text takes a field out.

    Raises:
        UsageError: a position that is none, or a class that is none.
    """
    found: dict[str, Any] = {name: given[name] or None for name in _TEXTS if given[name] is not None}
    if given["marker_class"] is not None:
        found |= stated.marker_class(given["marker_class"], own)
    if given["channel"] is not None:
        found["channel"] = stated.channel(given["channel"]) if given["channel"] else None
    if given["confidence"] is not None:
        found["confidence"] = given["confidence"]
    return found | _place(given["position"], given["end"])


def require_one(given: dict[str, Any], count: int) -> None:
    """Refuse the options that are true of one place only where several are meant.

    Raises:
        UsageError: there are several.
    """
    if count > 1 and any(given[name] is not None for name in _ALONE):
        raise UsageError(t("review.one_place"), t("review.one_place_hint"))


def place(text: str) -> tuple[int, int | None]:
    """A position, or both ends of a range.

    Raises:
        UsageError: neither.
    """
    try:
        return positions.parse(text), None
    except UsageError:
        if not any(between in text for between in ("-", "–", "..")):
            raise
        return positions.parse_range(text)


def _place(position: str | None, end: str | None) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if position is not None:
        start, last = place(position)
        found["start_ms"] = start
        if last is not None:
            found["end_ms"] = last
    if end is not None:
        found["end_ms"] = positions.parse(end) if end else None
    return found
