"""`evidence mark reject`: notes that suggestions are no markers, or takes that back."""

from pathlib import Path
from typing import Any

import click

from evidence.cli import markers_shown, stated
from evidence.cli.acting import about, acting, acting_options, incident_argument, numbers_argument
from evidence.cli.group import new_command
from evidence.errors import ExitCode
from evidence.messages import t


@new_command("mark reject", "review.reject")
@incident_argument
@numbers_argument
@click.option("--reason", type=stated.text, metavar=t("cli.metavar_text"), help=t("review.opt_reason"))
@click.option("--undo", is_flag=True, help=t("review.opt_undo"))
@acting_options
def command(
    incident: str, numbers: tuple[int, ...], *, vault: Path | None, as_json: bool, undo: bool, **given: Any
) -> int:
    """Reject suggestions, all of those named or none."""
    from evidence.operations.markers import decisions

    with acting(incident, vault, given) as act:
        found = {number: decisions.suggestion_of(act.draft, number) for number in numbers}
        for number in found:
            if undo:
                with about(number, numbers):
                    decisions.reopen(act.draft, number)
                continue
            with about(number, numbers):
                decisions.reject(act.draft, number, *act.by_and_at(), given["reason"] or "")
    for number, suggestion in found.items():
        markers_shown.show_suggestion(number, suggestion, as_json=as_json)
    return ExitCode.DONE
