"""`evidence mark withdraw`: takes a marker back, which stays and says so."""

from pathlib import Path
from typing import Any

import click

from evidence.cli import markers_shown, stated
from evidence.cli.acting import Act, acting, acting_options, incident_argument
from evidence.cli.group import new_command
from evidence.errors import ExitCode, UsageError
from evidence.messages import t


@new_command("mark withdraw", "review.withdraw")
@incident_argument
@click.argument("number", type=click.IntRange(min=1), metavar="N")
@click.option("--reason", type=stated.text, metavar=t("cli.metavar_text"), help=t("review.opt_reason_needed"))
@acting_options
def command(incident: str, number: int, *, vault: Path | None, as_json: bool, **given: Any) -> int:
    """Withdraw a marker."""
    from evidence.operations.markers import changes, decisions

    with acting(incident, vault, given) as act:
        marker = decisions.marker_of(act.draft, number)
        changes.require_holds(marker)
        reason = given["reason"] or _asked(act)
        changes.withdraw(marker, *act.by_and_at(), reason)
    markers_shown.show_marker(number, marker, as_json=as_json)
    return ExitCode.DONE


def _asked(act: Act) -> str:
    def missing() -> UsageError:
        return UsageError(t("review.no_reason"), t("review.no_reason_hint"))

    return act.ask.required(t("review.ask_reason"), missing, stated.text)
