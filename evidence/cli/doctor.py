"""`evidence doctor`."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from evidence.cli import console
from evidence.cli.audit import finding_document, print_finding
from evidence.cli.group import new_command
from evidence.cli.options import json_option, passphrase_source, vault_option
from evidence.cli.passphrase import VARIABLE
from evidence.errors import ExitCode, UsageError
from evidence.messages import t

if TYPE_CHECKING:
    from evidence.findings import Finding
    from evidence.operations.seams import Seams


class Telling:
    """Prints findings as they are made, and counts those that are alarms."""

    def __init__(self, *, as_json: bool) -> None:
        self._as_json = as_json
        self.alarms = 0

    def __call__(self, finding: "Finding") -> None:
        """Take a finding."""
        from evidence.operations.audit.findings import Grade, grade

        self.alarms += grade(finding) is not Grade.NOTE
        if self._as_json:
            console.json_line(finding_document(finding))
        else:
            print_finding(finding)

    def close(self, area: str) -> None:
        """Say in words how many alarms there were in an area of messages, ``doctor`` or ``pbx``."""
        if not self._as_json:
            alarm, fine = t(f"{area}.alarms", n=self.alarms), t(f"{area}.fine")
            console.line((alarm, "red") if self.alarms else (fine, "green"))


@new_command("doctor")
@click.option("--network", is_flag=True, help=t("cli.doctor_opt_network"))
@click.option(
    "--pbx", type=click.Path(path_type=Path), metavar=t("cli.metavar_dir"), help=t("cli.doctor_opt_pbx")
)
@click.option(
    "--pbx-sounds",
    type=click.Path(path_type=Path),
    metavar=t("cli.metavar_dir"),
    help=t("cli.doctor_opt_pbx_sounds"),
)
@vault_option
@json_option
def command(
    vault: Path | None, *, network: bool, pbx: Path | None, pbx_sounds: Path | None, as_json: bool
) -> int:
    """Tell what would hinder the next night."""
    from evidence.operations.seams import Seams

    seams = Seams()
    only_pbx = pbx is not None and not _has_vault(vault, seams)
    if pbx_sounds is not None and (pbx is None or only_pbx):
        raise UsageError(t("pbx.sounds_alone"), t("pbx.sounds_alone_hint"))
    if only_pbx:
        console.note(t("pbx.no_vault"), t("pbx.no_vault_hint"))
    alarms = 0 if only_pbx else _look_at_vault(vault, seams, uses_network=network, as_json=as_json)
    if pbx is not None:
        alarms += _look_at_pbx(None if only_pbx else (vault,), pbx, pbx_sounds, seams, as_json=as_json)
    code = ExitCode.QUARANTINED if alarms else ExitCode.DONE
    if as_json:
        console.json_line({"event": "summary", "findings": alarms, "exit_code": int(code)})
    return code


def _has_vault(named: Path | None, seams: "Seams") -> bool:
    """Whether a vault was named, or one of the user's own is here."""
    from evidence.errors import StateError
    from evidence.vault.vault import locate

    try:
        locate(named, os.environ, Path.cwd(), seams.user)
    except StateError:
        return False
    return True


def _look_at_vault(vault: Path | None, seams: "Seams", *, uses_network: bool, as_json: bool) -> int:
    """Examine a vault; returns how many alarms there are."""
    from evidence.operations.doctor.run import doctor
    from evidence.operations.opening import open_for_reading

    telling = Telling(as_json=as_json)
    passphrase = passphrase_source(None) if os.environ.get(VARIABLE) else None
    with open_for_reading(vault, seams) as (opened, reader):
        doctor(opened, reader, passphrase, seams, telling, uses_network=uses_network)
    telling.close("doctor")
    return telling.alarms


def _look_at_pbx(
    vault: tuple[Path | None] | None, pbx: Path, sounds: Path | None, seams: "Seams", *, as_json: bool
) -> int:
    """Examine a PBX's configuration; returns how many alarms there are."""
    from evidence.operations.doctor.pbx.run import examine
    from evidence.operations.doctor.pbx.versions import in_force

    telling = Telling(as_json=as_json)
    versions = in_force(vault[0], seams, telling) if vault is not None else None
    examine(pbx, sounds, versions, telling)
    telling.close("pbx")
    return telling.alarms
