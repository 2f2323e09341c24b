"""`evidence receive`: receipts of recordings; a recorder's hook for each call, a timer's run to enter them.

The hook imports nothing of the register: it is started hundreds of times an hour, and may not read the vault.
"""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from evidence.cli import console
from evidence.cli.group import new_command
from evidence.cli.options import json_option, passphrase_option, passphrase_source
from evidence.errors import EvidenceError, ExitCode, UsageError
from evidence.messages import t

if TYPE_CHECKING:
    from evidence.operations.receipts import Entered, Unsealed


@new_command("receive")
@click.argument("files", nargs=-1, type=click.Path(readable=False), metavar=t("cli.metavar_recordings"))
@click.option("--note", default="", metavar=t("cli.metavar_text"), help=t("cli.receive_opt_note"))
@click.option("--register", "is_entering", is_flag=True, help=t("cli.receive_opt_register"))
@click.option("--list", "is_listing", is_flag=True, help=t("cli.receive_opt_list"))
@click.option(
    "--vault",
    type=click.Path(path_type=Path, readable=False),  # a recorder may pass through it, no more
    envvar="EVIDENCE_VAULT",
    metavar=t("cli.metavar_dir"),
    help=t("cli.opt_vault"),
)
@passphrase_option
@json_option
def command(
    files: Sequence[str],
    *,
    note: str,
    is_entering: bool,
    is_listing: bool,
    vault: Path | None,
    passphrase_fd: int | None,
    as_json: bool,
) -> int:
    """Note recordings, enter what was noted, or list what isn't sealed yet."""
    if bool(files) + is_entering + is_listing != 1 or (note and not files):
        raise UsageError(t("receive.one_of"), t("receive.one_of_hint"))
    if files:
        return _receive(files, note, vault, as_json=as_json)
    if is_listing:
        return _list(vault, as_json=as_json)
    return _enter(vault, passphrase_fd, as_json=as_json)


def _receive(files: Sequence[str], note: str, vault: Path | None, *, as_json: bool) -> int:
    """Note recordings, one after another; the exit code is that of the first one that failed."""
    from evidence.clock import system_clock
    from evidence.entropy import system_entropy
    from evidence.operations.receive import Receiver, check_note
    from evidence.vault.durable import Durable

    check_note(note)
    receiver = Receiver(vault or _vault(), Durable(), system_clock, system_entropy)
    code = ExitCode.DONE
    for file in files:
        try:
            receipt = receiver.receive(file, note)
        except EvidenceError as error:
            code = code or error.exit_code
            console.error(error.message, error.hint)
            if as_json:
                console.json_line({"file": file, "error": error.message, "exit_code": int(error.exit_code)})
            continue
        if not receipt.size:
            console.warning(console.words("receive.empty", file=file), t("receive.empty_hint"))
        if as_json:
            shown = {"received_id": receipt.received_id, "claimed_time": receipt.claimed_time}
            console.json_line({"file": file, **shown, "size": receipt.size, "sha256": receipt.sha256.hex()})
        else:
            console.line(console.words("receive.received", file=file, id=receipt.received_id))
    return code


def _vault() -> Path:
    """The vault where none is named; slow, since the user's own list is asked."""
    from evidence.vault.userstore import UserStore
    from evidence.vault.vault import locate

    return locate(None, os.environ, Path.cwd(), UserStore.of_user())


def _enter(vault: Path | None, passphrase_fd: int | None, *, as_json: bool) -> int:
    from evidence.operations.opening import open_vault
    from evidence.operations.receipts import enter_all
    from evidence.operations.seams import Seams
    from evidence.vault.vault import load_keys

    seams = Seams()
    with open_vault(vault, seams) as opened:
        source = passphrase_source(passphrase_fd)
        found = enter_all(opened, lambda: load_keys(opened, source)[1], seams)
        if opened.unremembered:
            console.warning(console.words("vault.head_not_remembered", reason=opened.unremembered))
    return _tell(found, as_json=as_json)


def _tell(found: "Entered", *, as_json: bool) -> int:
    from evidence.operations.receipts import complaints

    for message, hint in complaints(found):
        console.warning(message, hint)
    if as_json:
        console.json_line(
            {
                "entered": len(found.sequences),
                "first": min(found.sequences, default=None),
                "last": max(found.sequences, default=None),
                "refused": [
                    {"name": refused.name, "reason": refused.reason, "folder": str(refused.folder)}
                    for refused in found.refused
                ],
                "left": [{"name": name, "reason": reason} for name, reason in found.left],
            }
        )
    else:
        console.line(t("receive.entered", n=len(found.sequences)))
    return ExitCode.QUARANTINED if found.refused or found.left else ExitCode.DONE


def _list(vault: Path | None, *, as_json: bool) -> int:
    from evidence.operations.opening import open_vault
    from evidence.operations.receipts import unsealed_receipts
    from evidence.operations.seams import Seams
    from evidence.strict import timestamp

    seams = Seams()
    with open_vault(vault, seams) as opened:
        found = unsealed_receipts(opened)
    now = seams.clock()
    for receipt in found:
        seconds = max(int((now - timestamp(receipt.claimed_time)).total_seconds()), 0)
        if as_json:
            console.json_line(_document(receipt, seconds))
        else:
            _print(receipt, seconds)
    if not found and not as_json:
        console.line(t("receive.none"))
    return ExitCode.DONE


def _document(receipt: "Unsealed", seconds: int) -> dict[str, Any]:
    from evidence.model import names

    return {
        "received_id": receipt.received_id,
        "claimed_time": receipt.claimed_time,
        "seconds": seconds,
        "name": names.to_document(receipt.name),
        "state": "entered" if receipt.is_entered else "spooled",
    }


def _print(receipt: "Unsealed", seconds: int) -> None:
    from evidence.verify.durations import duration

    state = t("receive.state_entered" if receipt.is_entered else "receive.state_spooled")
    values = {"time": receipt.claimed_time[:19].replace("T", " "), "age": duration(seconds)}
    console.line(console.words("receive.row", **values, state=state, name=receipt.name))
