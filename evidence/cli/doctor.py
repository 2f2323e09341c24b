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
from evidence.errors import ExitCode
from evidence.messages import t

if TYPE_CHECKING:
    from evidence.findings import Finding


@new_command("doctor")
@click.option("--network", is_flag=True, help=t("cli.doctor_opt_network"))
@vault_option
@json_option
def command(vault: Path | None, *, network: bool, as_json: bool) -> int:
    """Tell what would hinder the next night."""
    from evidence.operations.audit.findings import Grade, grade
    from evidence.operations.doctor.run import doctor
    from evidence.operations.opening import open_for_reading
    from evidence.operations.seams import Seams

    grades: list[Grade] = []

    def found(finding: "Finding") -> None:
        grades.append(grade(finding))
        if as_json:
            console.json_line(finding_document(finding))
        else:
            print_finding(finding)

    passphrase = passphrase_source(None) if os.environ.get(VARIABLE) else None
    with open_for_reading(vault, Seams()) as (opened, reader):
        doctor(opened, reader, passphrase, Seams(), found, uses_network=network)
    alarms = sum(each is not Grade.NOTE for each in grades)
    code = ExitCode.QUARANTINED if alarms else ExitCode.DONE
    if as_json:
        console.json_line({"event": "summary", "findings": alarms, "exit_code": int(code)})
    else:
        console.line((t("doctor.alarms", n=alarms), "red") if alarms else (t("doctor.fine"), "green"))
    return code
