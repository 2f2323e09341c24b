"""`evidence mark export`: the markers of an incident as a file of another program."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from evidence.cli import console, stated
from evidence.cli.group import new_command
from evidence.cli.options import vault_option
from evidence.errors import ExitCode, UsageError
from evidence.intake.markerexport.writing import BY_EXTENSION, FORMS, OF_ONE_RECORDING, kept, write
from evidence.messages import t
from evidence.model import names
from evidence.text import visible

if TYPE_CHECKING:
    from evidence.intake.folder import IncidentFolder

Marker = Mapping[str, Any]
_STANDARD_OUTPUT = Path("-")


@new_command("mark export")
@click.argument("incident", metavar=t("cli.metavar_incident"))
@click.argument("file", required=False, type=click.Path(path_type=Path), metavar=t("cli.metavar_file"))
@click.option("--form", type=click.Choice(FORMS), help=t("cli.mark_opt_form_out"))
@click.option(
    "--recording", type=stated.file_name, metavar=t("cli.metavar_name"), help=t("cli.mark_opt_only_recording")
)
@vault_option
def export(
    incident: str, file: Path | None, form: str | None, recording: str | None, vault: Path | None
) -> int:
    """Write the markers of an incident into a new file, or to standard output."""
    from evidence.intake.documents import MARKERS, read
    from evidence.intake.folder import read_folder
    from evidence.operations import exports, incidents, placing
    from evidence.operations.opening import open_vault
    from evidence.operations.seams import Seams

    seams = Seams()
    target = None if file in {None, _STANDARD_OUTPUT} else file
    chosen = form or _by_name(target)
    with open_vault(vault, seams) as opened:
        path = incidents.locate(opened, incident)
        folder = read_folder(path, is_whole=False)
        markers = read(path, MARKERS, "markers.v1")[1]["markers"] if folder.markers else []
        if recording is not None:
            called = incidents.called(opened, path, folder.incident.number)
            named = incidents.Draft(folder, {}, markers, bool(markers), called)
            recording = placing.recording_of(named, recording).name
    mine = [marker for marker in markers if recording in {None, names.from_document(marker["recording"])}]
    written = kept(chosen, mine)
    one = recording or _one(folder, written, chosen)
    data = write(chosen, written, one, seams.clock())
    with exports.output(target) as out:
        out.write(data)
    _tell(len(mine) - len(written), len(written))
    return ExitCode.DONE


def _by_name(file: Path | None) -> str:
    """The form that a file's name asks for."""
    form = BY_EXTENSION.get(file.suffix.lower().removeprefix(".")) if file is not None else None
    if form is None:
        raise UsageError(t("markerfiles.no_form"), t("markerfiles.no_form_hint", list=", ".join(FORMS)))
    return form


def _one(folder: "IncidentFolder", markers: Sequence[Marker], form: str) -> str:
    """The one recording that the markers are about, or else that the incident has; empty for none or several.

    Raises:
        UsageError: there are several, and the form holds the markers of one.
    """
    found = {names.from_document(marker["recording"]): None for marker in markers}
    found = found or {file.name: None for file in folder.files if file.role == "recording"}
    if len(found) > 1 and markers and form in OF_ONE_RECORDING:
        listed = ", ".join(map(visible, list(found)[:20]))
        hint = t("markerfiles.one_recording_hint", list=listed)
        raise UsageError(t("markerfiles.one_recording", form=form), hint)
    return next(iter(found)) if len(found) == 1 else ""


def _tell(left_out: int, written: int) -> None:
    if not written:
        console.note(t("incidents.no_markers"))
    if left_out:
        console.note(
            t("markerfiles.withdrawn_left_out", n=left_out), t("markerfiles.withdrawn_left_out_hint")
        )
