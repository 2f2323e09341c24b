"""`evidence mark add|list|import …`: asserted places in the recordings of an incident."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from evidence.cli import (
    console,
    mark_accept,
    mark_confirm,
    mark_edit,
    mark_export,
    mark_reject,
    mark_review,
    mark_suggest,
    mark_suggestions,
    mark_withdraw,
    markers_shown,
    stated,
)
from evidence.cli.group import new_command, new_group
from evidence.cli.heard import class_option, confidence_option, language_option
from evidence.cli.mark_live import live
from evidence.cli.options import json_option, vault_option
from evidence.cli.question import Questions
from evidence.errors import ExitCode
from evidence.intake.markerfiles.reading import FORMS
from evidence.messages import t

if TYPE_CHECKING:
    from evidence.cli.marking import Marking

command = new_group("mark")


def _place_options(function: Any) -> Any:
    """What adding and importing share."""
    for option in reversed(
        (
            class_option,
            click.option(
                "--recording",
                type=stated.file_name,
                metavar=t("cli.metavar_name"),
                help=t("cli.opt_recording"),
            ),
            click.option(
                "--channel", type=stated.text, metavar=t("cli.metavar_name"), help=t("cli.mark_opt_channel")
            ),
            language_option,
            click.option("--how", type=click.Choice(stated.HOW), help=t("cli.mark_opt_how")),
            confidence_option,
            click.option("--note", type=stated.text, metavar=t("cli.metavar_text"), help=t("cli.opt_note")),
            click.option(
                "--asserted-at", type=stated.text, metavar=t("cli.metavar_time"), help=t("cli.mark_opt_at")
            ),
            click.option("--beyond-end", is_flag=True, help=t("cli.mark_opt_beyond_end")),
            stated.person_options,
            stated.no_input_option,
            vault_option,
            json_option,
        )
    ):
        function = option(function)
    return function


@new_command("mark add")
@click.argument("incident", metavar=t("cli.metavar_incident"))
@click.argument("position", required=False, metavar=t("cli.metavar_position"))
@click.option("--to", "end", metavar=t("cli.metavar_position"), help=t("cli.mark_opt_to"))
@click.option("--words", type=stated.text, metavar=t("cli.metavar_text"), help=t("cli.mark_opt_words"))
@_place_options
def add(incident: str, position: str | None, *, vault: Path | None, as_json: bool, **given: Any) -> int:
    """Add one marker, checked against the recording's true duration."""
    from evidence.media.probe import MediaProcess
    from evidence.operations import incidents
    from evidence.operations.opening import open_vault
    from evidence.operations.seams import Seams

    seams = Seams()
    with open_vault(vault, seams) as opened, MediaProcess() as media:
        path = incidents.locate(opened, incident)
        with incidents.editing(opened, path, seams) as draft:
            marker = _marking(draft, given, opened, seams, media.probe_file).one(position)
            draft.markers += _unknown(draft.markers, [marker])
            listed = list(draft.markers)
    _show(listed, as_json=as_json, only=len(listed))
    return ExitCode.DONE


@new_command("mark list")
@click.argument("incident", metavar=t("cli.metavar_incident"))
@vault_option
@json_option
def list_(incident: str, *, vault: Path | None, as_json: bool) -> int:
    """List the markers of an incident with their numbers."""
    from evidence.intake.documents import MARKERS, read
    from evidence.intake.folder import read_folder
    from evidence.operations import incidents
    from evidence.operations.opening import open_vault
    from evidence.operations.seams import Seams

    with open_vault(vault, Seams()) as opened:
        path = incidents.locate(opened, incident)
        folder = read_folder(path, is_whole=False)
        markers = read(path, MARKERS, "markers.v1")[1]["markers"] if folder.markers else []
        undecided = sum("decided" not in found for found in incidents.suggestions_of(folder))
        named = incidents.called(opened, path, folder.incident.number)
    _show(markers, as_json=as_json)
    if undecided and not as_json:
        console.line(t("review.still_open", n=undecided, number=named))
    return ExitCode.DONE


@new_command("mark import")
@click.argument("incident", metavar=t("cli.metavar_incident"))
@click.argument("file", type=click.Path(path_type=Path), metavar=t("cli.metavar_file"))
@click.option("--form", type=click.Choice(FORMS), help=t("cli.mark_opt_form"))
@_place_options
def import_(incident: str, file: Path, *, vault: Path | None, as_json: bool, **given: Any) -> int:
    """Add the markers of a file, all of them or none."""
    from evidence.intake.files import read_file
    from evidence.intake.markerfiles import drafts, reading
    from evidence.media.probe import MediaProcess
    from evidence.operations import incidents
    from evidence.operations.addfiles import check_source
    from evidence.operations.opening import open_vault
    from evidence.operations.prepare import name_of
    from evidence.operations.seams import Seams

    seams = Seams()
    name = name_of(file)
    check_source(file, name if name != "markers.json" else "markers.import.json")
    data = read_file(file.parent, name, drafts.MAX_BYTES)
    with open_vault(vault, seams) as opened, MediaProcess() as media:
        path = incidents.locate(opened, incident)
        with incidents.editing(opened, path, seams) as draft:
            zone = given["zone"] or draft.folder.incident.time_zone or opened.config.time_zone
            own = opened.config.marker_classes
            found = reading.read(name, data, given["form"] or "", zone=zone or None, own=own)
            before = len(draft.markers)
            markers = _marking(draft, given, opened, seams, media.probe_file).imported(name, found)
            draft.markers += _unknown(draft.markers, markers)
            listed = list(draft.markers)
    _show(listed, as_json=as_json, only=before + 1)
    return ExitCode.DONE


for _each in (
    *(add, list_, import_, mark_export.export),
    *(mark_suggest.command, mark_suggestions.command),
    *(mark_accept.command, mark_reject.command),
    *(mark_edit.command, mark_confirm.command, mark_withdraw.command),
    *(mark_review.command, live),
):
    command.add_command(_each)


def _marking(draft: Any, given: dict[str, Any], vault: Any, seams: Any, probe: Any) -> "Marking":
    from evidence.cli.interview import Interview
    from evidence.cli.marking import Marking

    questions = Questions(is_allowed=not given["no_input"])
    zone = draft.folder.incident.time_zone or vault.config.time_zone
    interview = Interview({**stated.NOTHING, **given}, questions, zone, seams)
    return Marking(draft, given, interview, questions, probe, own=vault.config.marker_classes)


def _unknown(there: list[dict[str, Any]], new: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The markers that aren't there already; the others are told.

    What was withdrawn may be asserted anew; its withdrawal isn't told twice.
    """
    from evidence.operations.markers.changes import is_there

    kept = [marker for marker in new if marker not in there and not is_there(there, marker)]
    if len(kept) < len(new):
        console.note(t("incidents.markers_there", n=len(new) - len(kept)))
    return kept


def _show(markers: list[dict[str, Any]], *, as_json: bool, only: int = 1) -> None:
    """Print markers with their numbers, from the one of that number on."""
    if not markers and not as_json:
        console.line(t("incidents.no_markers"))
    for number, marker in enumerate(markers[only - 1 :], only):
        markers_shown.show_marker(number, marker, as_json=as_json)
