"""`evidence mark accept`: makes markers of suggestions, asserted by the person who listened."""

from pathlib import Path
from typing import Any

from evidence.cli import heard, markers_shown
from evidence.cli.acting import about, acting, acting_options, incident_argument, numbers_argument
from evidence.cli.group import new_command
from evidence.errors import ExitCode


@new_command("mark accept", "review.accept")
@incident_argument
@numbers_argument
@heard.heard_options
@acting_options
def command(
    incident: str, numbers: tuple[int, ...], *, vault: Path | None, as_json: bool, **given: Any
) -> int:
    """Accept suggestions, all of those named or none; each place is checked against its recording."""
    from evidence.operations.markers import decisions
    from evidence.operations.markers.places import require_place

    chosen = tuple(dict.fromkeys(numbers))
    heard.require_one(given, len(chosen))
    made = {}
    with acting(incident, vault, given) as act:
        for number in chosen:
            decisions.suggestion_of(act.draft, number)
        changes = heard.changes_of(given, act.own)
        for number in chosen:
            with about(number, chosen):
                found = decisions.accept(act.draft, number, *act.by_and_at(), changes)
            made[found] = act.draft.markers[found - 1]
            require_place(act.draft, made[found], act.probe, beyond_end=given["beyond_end"])
    for found, marker in made.items():
        markers_shown.show_marker(found, marker, as_json=as_json)
    return ExitCode.DONE
