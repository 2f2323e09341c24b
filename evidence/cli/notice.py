"""`evidence notice add|list|show|find`."""

from functools import cache
from pathlib import Path
from typing import Any

import click

from evidence.cli import console
from evidence.cli.group import new_command, new_group
from evidence.cli.notice_find import command as find
from evidence.cli.options import json_option, passphrase_option, passphrase_source, vault_option
from evidence.errors import ExitCode
from evidence.messages import t

command = new_group("notice")

_TEXTS = {
    "title": "text",
    "text": "text",
    "text-file": "file",
    "language": "language",
    "key-clause": "range",
    "key-clause-text": "text",
    "valid-from": "time",
    "valid-to": "time",
    "zone": "zone",
    "approved-by": "text",
    "replaces": "notice",
}
"""Options of `notice add` that take a text, and what stands for it in the help."""


def _text_options(function: Any) -> Any:
    """The options of _TEXTS, as keyword arguments with underscores."""
    for name, kind in reversed(_TEXTS.items()):
        text = t(f"cli.notice_add_opt_{name.replace('-', '_')}")
        function = click.option(f"--{name}", metavar=t(f"cli.metavar_{kind}"), help=text)(function)
    return function


@new_command("notice add")
@click.argument("sound", required=False, type=click.Path(path_type=Path), metavar=t("cli.metavar_sound"))
@_text_options
@click.option(
    "--played-as", multiple=True, metavar=t("cli.metavar_name"), help=t("cli.notice_add_opt_played_as")
)
@click.option("--yes", is_flag=True, help=t("cli.notice_add_opt_yes"))
@vault_option
@passphrase_option
@json_option
def add(
    sound: Path | None,
    *,
    played_as: tuple[str, ...],
    yes: bool,
    vault: Path | None,
    passphrase_fd: int | None,
    as_json: bool,
    **given: str | None,
) -> int:
    """Add a version of the recording notice; what is missing is asked for on a terminal."""
    from evidence.cli.notice_form import Form
    from evidence.cli.notice_table import print_added
    from evidence.media.probe import MediaProcess
    from evidence.operations import notice_add
    from evidence.operations.opening import open_vault
    from evidence.operations.seams import Seams
    from evidence.vault.vault import load_keys

    seams = Seams()
    with open_vault(vault, seams) as opened, MediaProcess() as media:
        form = Form(given, sound, seams.clock(), opened.config.time_zone, played_as)
        draft = form.draft()
        if form.asked and not yes and not form.confirmed(draft):
            console.warning(t("notice.not_added"), t("notice.not_added_hint"))
            return ExitCode.REFUSED

        @cache
        def key() -> Any:
            return load_keys(opened, passphrase_source(passphrase_fd))[1]

        added = notice_add.add(opened, draft, key, media.probe_file, seams, waiting=_tell_waiting)
        print_added(added, as_json=as_json)
        if opened.unremembered:
            console.warning(console.words("vault.head_not_remembered", reason=opened.unremembered))
    return ExitCode.DONE


def _tell_waiting() -> None:
    console.note(t("notice.waiting"))


@new_command("notice list")
@vault_option
@json_option
def list_(vault: Path | None, *, as_json: bool) -> int:
    """List the versions of the notice; the exit code is 1 when one of them is damaged."""
    from evidence.cli.notice_table import print_table, row, tell_problem
    from evidence.operations.notices import versions
    from evidence.operations.opening import open_vault
    from evidence.operations.seams import Seams

    seams = Seams()
    with open_vault(vault, seams) as opened:
        found = versions(opened)
    now = seams.clock()
    if as_json:
        for version in found:
            console.json_line(row(version, now))
    else:
        print_table(found, now)
    damaged = [version for version in found if version.problem]
    for version in damaged:
        tell_problem(version)
    return ExitCode.FAILED if damaged else ExitCode.DONE


@new_command("notice show")
@click.argument("notice_id", metavar=t("cli.metavar_notice"))
@vault_option
@json_option
def show(notice_id: str, *, vault: Path | None, as_json: bool) -> int:
    """Show a version of the notice, compared with the register; the exit code is 1 if it differs."""
    from evidence.cli.notice_table import print_version, tell_problem, version_document
    from evidence.operations.notices import find
    from evidence.operations.opening import open_vault
    from evidence.operations.seams import Seams

    seams = Seams()
    with open_vault(vault, seams) as opened:
        version = find(opened, notice_id)
    if as_json:
        console.json_line(version_document(version, seams.clock()))
    else:
        print_version(version, seams.clock())
    if not version.problem:
        return ExitCode.DONE
    tell_problem(version)
    return ExitCode.FAILED


command.add_command(add)
command.add_command(list_)
command.add_command(show)
command.add_command(find)
