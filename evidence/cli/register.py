"""`evidence register log|checkpoint|export`."""

from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import click

from evidence.cli import console
from evidence.cli.group import new_command, new_group
from evidence.cli.options import json_option, vault_option
from evidence.messages import t

if TYPE_CHECKING:
    from collections.abc import Callable

    from evidence.vault.vault import Vault

command = new_group("register")

_ABOUT = ("archive_id", "notice_id", "received_id", "register_key", "reason")
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
@vault_option
@_output
def checkpoint(vault: Path | None, output: Path | None) -> None:
    """Print the newest signed checkpoint."""
    from evidence.operations import exports

    _write(vault, output, exports.checkpoint)


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
