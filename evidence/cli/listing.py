"""`evidence list`: the incidents in the vault, or one that isn't sealed yet with all that is known of it."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from evidence.cli import console
from evidence.cli.group import new_command
from evidence.cli.options import json_option, vault_option
from evidence.errors import EvidenceError, ExitCode
from evidence.messages import t

if TYPE_CHECKING:
    from evidence.vault.vault import Vault


@new_command("list")
@click.argument("incident", required=False, metavar=t("cli.metavar_incident_optional"))
@click.option("--open", "only_open", is_flag=True, help=t("cli.list_opt_open"))
@vault_option
@json_option
def command(incident: str | None, *, only_open: bool, vault: Path | None, as_json: bool) -> int:
    """List incidents, or show one."""
    from evidence.operations.opening import open_vault
    from evidence.operations.seams import Seams

    seams = Seams()
    with open_vault(vault, seams) as opened:
        if incident is not None:
            return _one(opened, incident, seams, as_json=as_json)
        rows = [row for number in _numbers(opened) if (row := _row(opened, number))]
    shown = [row for row in rows if not only_open or row["state"] != "sealed"]
    for row in shown:
        if as_json:
            console.json_line(row)
        else:
            _print(row)
    if not shown and not as_json:
        console.line(t("incidents.none"))
    return ExitCode.DONE


def _numbers(vault: "Vault") -> list[str]:
    from evidence.operations import incidents

    return incidents.numbers(vault)


def _row(vault: "Vault", number: str) -> dict[str, Any]:
    """What the list says of one incident; one whose folder can't be read is told, too."""
    from evidence.intake.folder import read_folder
    from evidence.operations import incidents

    folder = vault.layout.incident(number)
    archive = vault.layout.archives / f"{number}.asice"
    if not folder.is_dir():
        return {"number": number, "state": "sealed", "archive": str(archive)}
    try:
        found = read_folder(folder, is_whole=False)
    except EvidenceError as error:
        return {"number": number, "state": "unreadable", "folder": str(folder), "error": error.message}
    incident = found.incident
    sealed = incidents.claim_of(vault, found)
    return {
        "number": number,
        "state": "open" if sealed is None else "sealed",
        "folder": str(folder),
        **({"archive": str(archive)} if sealed is not None else {}),
        "started": incident.calls[0].started if incident.calls else "",
        "subscriber": incident.subscriber.name or incident.subscriber.phone or incident.subscriber.account,
        "recordings": sum(file.role == "recording" for file in found.files),
        "markers": len(found.markers),
    }


def _print(row: dict[str, Any]) -> None:
    state = t(f"incidents.state_{row['state']}")
    parts = [row["number"], state]
    if row["state"] == "unreadable":
        parts.append(row["error"])
    elif "recordings" in row:
        parts += [row["started"], row["subscriber"]]
        parts += [t("incidents.recordings", n=row["recordings"]), t("incidents.markers", n=row["markers"])]
    console.line("  ".join(console.words("incidents.cell", text=part) for part in parts if part))


def _one(vault: "Vault", named: str, seams: Any, *, as_json: bool) -> ExitCode:
    from evidence.cli.contents import print_contents
    from evidence.cli.prepared import Prepared
    from evidence.intake.records import build_records
    from evidence.media.probe import MediaProcess
    from evidence.operations import incidents
    from evidence.operations.examine import examine

    path = incidents.locate(vault, named)
    with MediaProcess() as media:
        found = Prepared(vault, path, media.probe_file, seams.clock())
        if as_json:
            console.json_line({**found.document(), "state": _row(vault, found.number).get("state", "open")})
            return ExitCode.DONE
        exhibits = examine(found.folder, media.probe_file, progress=lambda _count: None)
    found.print_summary()
    records = build_records(found.folder, exhibits, seams.entropy, is_draft=True)
    print_contents([record for _id, record in records])
    found.print_advice()
    return ExitCode.DONE
