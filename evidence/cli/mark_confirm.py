"""`evidence mark confirm`: notes who listened again and confirms a marker."""

from pathlib import Path
from typing import Any

from evidence.cli import console, markers_shown
from evidence.cli.acting import about, acting, acting_options, incident_argument, numbers_argument
from evidence.cli.group import new_command
from evidence.errors import ExitCode
from evidence.messages import t


@new_command("mark confirm", "review.confirm")
@incident_argument
@numbers_argument
@acting_options
def command(
    incident: str, numbers: tuple[int, ...], *, vault: Path | None, as_json: bool, **given: Any
) -> int:
    """Confirm markers, all of those named or none."""
    from evidence.operations.markers import changes, decisions

    with acting(incident, vault, given) as act:
        found = {number: decisions.marker_of(act.draft, number) for number in numbers}
        for number, marker in found.items():
            with about(number, numbers):
                changes.confirm(marker, *act.by_and_at())
            if marker["asserted_by"] == marker["reviewed_by"]:
                console.note(t("review.confirms_oneself", n=number))
    for number, marker in found.items():
        markers_shown.show_marker(number, marker, as_json=as_json)
    return ExitCode.DONE
