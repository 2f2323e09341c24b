"""`evidence mark suggestions`: what programs suggest to mark, and what was decided about it."""

from pathlib import Path

import click

from evidence.cli import console, markers_shown
from evidence.cli.acting import incident_argument
from evidence.cli.group import new_command
from evidence.cli.options import json_option, vault_option
from evidence.errors import ExitCode
from evidence.messages import t


@new_command("mark suggestions", "review.suggestions")
@incident_argument
@click.option("--all", "with_decided", is_flag=True, help=t("review.opt_all"))
@vault_option
@json_option
def command(incident: str, *, vault: Path | None, with_decided: bool, as_json: bool) -> int:
    """List the suggestions that nobody has decided about, or all."""
    from evidence.intake.folder import read_folder
    from evidence.operations import incidents
    from evidence.operations.opening import open_vault
    from evidence.operations.seams import Seams

    with open_vault(vault, Seams()) as opened:
        path = incidents.locate(opened, incident)
        found = incidents.suggestions_of(read_folder(path, is_whole=False))
    decided = sum("decided" in suggestion for suggestion in found)
    for number, suggestion in enumerate(found, 1):
        if with_decided or "decided" not in suggestion:
            markers_shown.show_suggestion(number, suggestion, as_json=as_json)
    if not as_json and not found:
        console.line(t("review.no_suggestions"))
    elif not as_json and decided and not with_decided:
        console.line(t("review.more_decided", n=decided))
    return ExitCode.DONE
