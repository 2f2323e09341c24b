"""`evidence register log|checkpoint|export|recover`."""

from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import click

from evidence.cli import console
from evidence.cli.group import new_command, new_group
from evidence.cli.options import json_option, vault_option
from evidence.cli.recovering import recover, tell
from evidence.errors import ExitCode, StateError, UsageError
from evidence.messages import t

if TYPE_CHECKING:
    from collections.abc import Callable

    from evidence.vault.vault import Vault

command = new_group("register")

_ABOUT = ("archive_id", "notice_id", "received_id", "register_key", "former_origin", "reason")
"""Fields that say what an entry is about; the first that it has is shown."""

_output = click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    metavar=t("cli.metavar_file"),
    help=t("cli.opt_output"),
)


@new_command("register log")
@vault_option
@json_option
def log(vault: Path | None, *, as_json: bool) -> None:
    """List the register's entries."""
    from evidence import canonical
    from evidence.operations.opening import open_vault
    from evidence.operations.seams import Seams
    from evidence.register.entries import MAX_ENTRY, parse

    with open_vault(vault, Seams()) as opened:
        for document in opened.store.documents():
            if as_json:
                console.json_line(canonical.decode(document, MAX_ENTRY))
                continue
            entry = parse(document)
            about = next(filter(None, map(entry.text, _ABOUT)), "")
            console.line(f"{entry.sequence:>8}  {entry.claimed_time}  {entry.type:<8}  {about}")


@new_command("register checkpoint")
@click.option("--second-place", is_flag=True, help=t("cli.register_checkpoint_opt_second_place"))
@vault_option
@_output
def checkpoint(vault: Path | None, output: Path | None, *, second_place: bool) -> int:
    """Print the newest signed checkpoint, or put it into the second places."""
    from evidence.operations import exports

    if not second_place:
        _write(vault, output, exports.checkpoint)
        return ExitCode.DONE
    if output is not None:
        raise UsageError(t("recover.output_or_place"), t("recover.output_or_place_hint"))
    return _put(vault)


def _put(vault: Path | None) -> int:
    """Exit 9 where a place contradicts the register, 7 where one could not be reached."""
    from evidence.operations.opening import open_vault
    from evidence.operations.seams import Seams
    from evidence.operations.second_place import put

    seams = Seams()
    with open_vault(vault, seams) as opened:
        places = opened.config.second_place
        if not (places.files or places.command or places.witnesses):
            raise StateError(t("recover.no_place"), t("recover.no_place_hint"))
        opened.check_heads()
        problems = put(opened, seams)
        count = len(places.files) + bool(places.command) + len(places.witnesses)
        console.line(t("recover.placed", n=opened.store.size(), done=count - len(problems), of=count))
    return tell(problems) or (ExitCode.TIMESTAMP if problems else ExitCode.DONE)


@new_command("register export")
@vault_option
@_output
def export(vault: Path | None, output: Path | None) -> None:
    """Export all entries and the newest checkpoint."""
    from evidence.operations import exports

    _write(vault, output, exports.export)


def _write(vault: Path | None, output: Path | None, what: "Callable[[Vault, BinaryIO], None]") -> None:
    from evidence.operations import exports
    from evidence.operations.opening import open_vault
    from evidence.operations.seams import Seams

    with open_vault(vault, Seams()) as opened, exports.output(output) as out:
        what(opened, out)


command.add_command(log)
command.add_command(checkpoint)
command.add_command(export)
command.add_command(recover)
