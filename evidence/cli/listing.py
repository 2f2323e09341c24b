"""`evidence list`: the incidents in the vault, or one that isn't sealed yet with all that is known of it."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from evidence.cli import console
from evidence.cli.group import new_command
from evidence.cli.options import json_option, vault_option
from evidence.errors import EvidenceError, ExitCode
from evidence.messages import t
from evidence.text import visible

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
    if as_json:
        for row in shown:
            console.json_line(row)
    elif shown:
        heads = [t(f"incidents.head_{name}") for name in _HEADS]
        _print([heads, *(_cells(row) for row in shown)])
    else:
        console.line(t("incidents.none"))
    return ExitCode.DONE


def _numbers(vault: "Vault") -> list[str]:
    from evidence.operations import incidents

    return incidents.numbers(vault)


def _row(vault: "Vault", number: str) -> dict[str, Any]:
    """What the list says of one incident; one whose folder can't be read is told, too."""
    from evidence.intake.folder import read_folder
    from evidence.operations import incidents
    from evidence.vault import archive_store

    folder = vault.layout.incident(number)
    archive = archive_store.named(vault.layout, number) or ""
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


_HEADS = ("number", "state", "started", "recordings", "markers", "subscriber")


def _cells(row: dict[str, Any]) -> list[str]:
    """What stands in the columns of the list: number, state, beginning, what is in it, subscriber."""
    cells = [row["number"], t(f"incidents.state_{row['state']}")]
    if row["state"] == "unreadable":
        return [*cells, row["error"]]
    if "recordings" not in row:
        return cells
    begun = row["started"][:16].replace("T", " ") or "-"
    return [*cells, begun, str(row["recordings"]), str(row["markers"]), visible(row["subscriber"]) or "-"]


def _print(rows: list[list[str]]) -> None:
    """Print rows with their columns one below the other; a row of other columns stands as it is."""
    widths = [max(map(len, column)) for column in zip(*(r for r in rows if len(r) > 3), strict=True)]
    for row in rows:
        padded = [cell.ljust(width) for cell, width in zip(row, widths[: len(row) - 1], strict=False)]
        rest = row[len(padded) :]
        console.line("  ".join([*padded, *rest]))


def _one(vault: "Vault", named: str, seams: Any, *, as_json: bool) -> ExitCode:
    from evidence.cli.contents import print_contents
    from evidence.cli.prepared import Prepared
    from evidence.intake.records import build_records
    from evidence.media.probe import MediaProcess
    from evidence.operations import incidents

    path = incidents.locate(vault, named)
    with MediaProcess() as media:
        found = Prepared(
            vault, path, media.probe_file, seams.clock(), with_digests=not as_json, is_searched=True
        )
        claim = incidents.claim_of(vault, found.folder)
        if as_json:
            console.json_line({**found.document(), "state": "open" if claim is None else "sealed"})
            return ExitCode.DONE
    found.print_summary()
    records = build_records(found.folder, found.exhibits, seams.entropy, is_draft=True)
    print_contents([record for _id, record in records])
    if claim is None:
        found.print_advice()
    else:
        found.print_sealed(claim.sequence or 0)
    return ExitCode.DONE
