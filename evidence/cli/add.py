"""`evidence add`: files and statements for an incident that isn't sealed yet; corrections, too."""

from pathlib import Path
from typing import Any

import click

from evidence.cli import console, stated
from evidence.cli.group import new_command
from evidence.cli.options import json_option, vault_option
from evidence.cli.question import Questions
from evidence.errors import ExitCode, UsageError
from evidence.messages import t

_TELLING = ("call_id", "started", "caller", "callee", "phone", "zone")
"""Options that can tie a log to the incident, so that logs are read once more."""

_CIRCUMSTANCES = {"by", "zone", "fold", "recording"}
"""Options that state nothing by themselves."""


@new_command("add")
@click.argument("incident", metavar=t("cli.metavar_incident"))
@click.argument("files", nargs=-1, type=click.Path(path_type=Path), metavar=t("cli.metavar_new_files"))
@stated.fields_option
@stated.files_option
@click.option("--remove", type=stated.file_name, metavar=t("cli.metavar_name"), help=t("cli.add_opt_remove"))
@stated.no_fill_option
@stated.no_input_option
@vault_option
@json_option
def command(
    incident: str,
    files: tuple[Path, ...],
    *,
    remove: str | None,
    vault: Path | None,
    as_json: bool,
    no_fill: bool,
    no_input: bool,
    **given: Any,
) -> int:
    """Bring files into an incident, state or correct what is known, and tell what is missing."""
    from evidence.cli.announcement import with_version
    from evidence.cli.copying import Copying
    from evidence.cli.interview import Interview
    from evidence.cli.pbxlogs import Wanted, look
    from evidence.cli.prepared import Prepared, tell_doubles
    from evidence.media.probe import MediaProcess
    from evidence.operations import incidents, pbxlogs, prepare
    from evidence.operations.opening import open_vault
    from evidence.operations.seams import Seams

    stating = [value for name, value in given.items() if name not in _CIRCUMSTANCES]
    if not files and remove is None and not any(value not in (None, ()) for value in stating):
        raise UsageError(t("cli.add_nothing"), t("cli.add_nothing_hint"))
    seams = Seams()
    new = stated.sources(files, given.pop("as_name"), given.pop("role"), given.pop("caption"))
    with (
        open_vault(vault, seams) as opened,
        MediaProcess() as media,
        Copying(t("incidents.copying")) as events,
    ):
        path = incidents.locate(opened, incident)
        if remove is not None:
            kept = prepare.remove_file(opened, path, remove, seams)
            console.note(console.words("incidents.removed", file=remove, path=str(kept)))
        before = Prepared(opened, path, media.probe_file, seams.clock())
        folder = before.folder
        recordings = [file.name for file in folder.files if file.role == "recording"]
        zone = folder.incident.time_zone or opened.config.time_zone
        given, sound = with_version(opened, given)
        new += sound
        new = pbxlogs.with_roles(new, opened.config.pbx_rules)
        has_logs = any(map(pbxlogs.is_log, new)) and not no_fill
        interview = Interview(given, Questions(is_allowed=not no_input), zone, seams, has_logs=has_logs)
        change = interview.change(new, recordings, _acquired(given, recordings))
        for added in prepare.prepare(opened, path, change, seams, events):
            _tell_added(added)
        tell_doubles(opened, path, change.calls if files else ())
        is_told = any(given[name] is not None for name in _TELLING)
        wanted = Wanted(is_read=bool(files) or is_told, is_filling=not no_fill)
        logs = look(opened, path, change.prepared, seams, wanted)
        found = Prepared(opened, path, media.probe_file, seams.clock(), logs=logs.logs, is_searched=True)
    if as_json:
        console.json_line({**found.document(), **logs.document()})
    else:
        logs.tell(found.called, wanted)
        found.print_summary()
        found.print_advice(known=before)
    return ExitCode.DONE


def _tell_added(added: Any) -> None:
    """Say of a file that it is in the incident, and that it may still be written to."""
    words = "incidents.old" if added.is_old else "incidents.brought_in"
    console.note(console.words(words, file=added.name))
    if added.is_growing:
        growing = console.words("incidents.growing", file=added.name, size=added.size)
        console.warning(growing, t("incidents.growing_hint"))


def _acquired(given: dict[str, Any], recordings: list[str]) -> list[str]:
    """The recordings that statements about an acquisition are about."""
    return [given["recording"]] if given["recording"] in recordings else recordings
