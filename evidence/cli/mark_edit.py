"""`evidence mark edit`: corrects a marker, which keeps what it said before."""

from pathlib import Path
from typing import Any

import click

from evidence.cli import console, heard, markers_shown, stated
from evidence.cli.acting import acting, acting_options, incident_argument
from evidence.cli.group import new_command
from evidence.errors import ExitCode, UsageError
from evidence.messages import t

_OF_PLACE = ("start_ms", "end_ms", "channel")


@new_command("mark edit", "review.edit")
@incident_argument
@click.argument("number", type=click.IntRange(min=1), metavar="N")
@heard.heard_options
@click.option("--reason", type=stated.text, metavar=t("cli.metavar_text"), help=t("review.opt_reason"))
@acting_options
def command(incident: str, number: int, *, vault: Path | None, as_json: bool, **given: Any) -> int:
    """Correct a marker; its place is checked against the recording's true duration."""
    from evidence.operations.markers import changes, decisions
    from evidence.operations.markers.places import require_place

    with acting(incident, vault, given) as act:
        marker = decisions.marker_of(act.draft, number)
        changes.require_holds(marker)
        wanted = heard.changes_of(given, act.own)
        if not wanted:
            raise UsageError(t("review.no_change"), t("review.no_change_hint"))
        is_other = changes.edit(marker, wanted, *act.by_and_at(), given["reason"] or "")
        if is_other and not wanted.keys().isdisjoint(_OF_PLACE):
            require_place(act.draft, marker, act.probe, beyond_end=given["beyond_end"])
    if not is_other:
        console.note(t("review.nothing_changed"))
    markers_shown.show_marker(number, marker, as_json=as_json)
    return ExitCode.DONE
