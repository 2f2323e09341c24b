"""`evidence timestamp`."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from evidence.cli import console
from evidence.cli.group import new_command
from evidence.cli.options import json_option, vault_option
from evidence.errors import FormatError, TimestampServiceError, UsageError
from evidence.messages import t
from evidence.text import visible

if TYPE_CHECKING:
    from evidence.operations.seams import Seams
    from evidence.operations.sidecars import Delivery
    from evidence.operations.stamping import Stamp
    from evidence.vault.vault import Vault


@new_command("timestamp")
@click.option(
    "--request",
    type=click.Path(path_type=Path),
    metavar=t("cli.metavar_file"),
    help=t("cli.timestamp_opt_request"),
)
@click.option(
    "--response",
    type=click.Path(path_type=Path),
    metavar=t("cli.metavar_file"),
    help=t("cli.timestamp_opt_response"),
)
@vault_option
@json_option
def command(request: Path | None, response: Path | None, *, vault: Path | None, as_json: bool) -> None:
    """Get a time stamp and deliver it to every archive that waits for one."""
    from evidence.operations.opening import open_vault
    from evidence.operations.seams import Seams

    if request and response:
        raise UsageError(t("timestamp.both"), t("timestamp.both_hint"))
    seams = Seams()
    with open_vault(vault, seams) as opened:
        opened.check_heads()
        if request:
            _request(opened, seams, request, as_json=as_json)
        elif response:
            _take(opened, seams, response, as_json=as_json)
        else:
            _stamp(opened, seams, as_json=as_json)


def _request(vault: "Vault", seams: "Seams", path: Path, *, as_json: bool) -> None:
    """Write a request; the nonce is journaled before anything of it can be read."""
    from evidence.operations import stamping
    from evidence.operations.exports import output

    with output(path) as out:
        size, query = stamping.request(vault, seams)
        out.write(query)
    if as_json:
        console.json_line({"request": str(path), "size": size})
        return
    console.line(console.words("timestamp.asked", n=size, file=str(path)))
    console.note(t("timestamp.asked_hint"))


def _take(vault: "Vault", seams: "Seams", path: Path, *, as_json: bool) -> None:
    from evidence.operations import stamping
    from evidence.operations.sidecars import deliver, reopen

    stamp = stamping.take(vault, seams, _answer(path))
    _print_stamp(stamp, as_json=as_json)
    _tell_lost(reopen(vault, reads=True))
    _print_deliveries(deliver(vault, seams), as_json=as_json)


def _answer(path: Path) -> bytes:
    from evidence.crypto.der import MAX_SIZE

    with path.open("rb") as file:
        data = file.read(MAX_SIZE + 1)
    if len(data) > MAX_SIZE:
        words = t("timestamp.answer_long", file=visible(str(path)))
        raise FormatError(words, t("timestamp.answer_long_hint"))
    return data


def _stamp(vault: "Vault", seams: "Seams", *, as_json: bool) -> None:
    from evidence.operations.sidecars import catch_up
    from evidence.operations.stamping import refused

    done = catch_up(vault, seams, reads=True)
    _tell_lost(done.lost)
    asked = done.asked
    if asked is None and not done.deliveries:
        console.note(t("timestamp.nothing"))
    if asked and asked.stamp:
        for row in refused(asked.refusals):
            console.note(row)
        _print_stamp(asked.stamp, as_json=as_json)
    _print_deliveries(done.deliveries, as_json=as_json)
    if asked and not asked.stamp:
        reasons = "\n".join([*refused(asked.refusals), t("timestamp.unanswered_hint")])
        raise TimestampServiceError(t("timestamp.unanswered"), reasons)


def _tell_lost(count: int) -> None:
    if count:
        console.warning(t("timestamp.lost", n=count))


def _print_stamp(stamp: "Stamp", *, as_json: bool) -> None:
    from evidence.cli.sealed import shown_time, stamp_document

    if as_json:
        console.json_line({"time_stamp": stamp_document(stamp)})
    else:
        at = shown_time(stamp.time)
        console.line(console.words("timestamp.done", n=stamp.size, time=at, authority=stamp.authority))
    if not stamp.is_complete:
        console.warning(t("timestamp.incomplete"))


def _print_deliveries(deliveries: Sequence["Delivery"], *, as_json: bool) -> None:
    for item in deliveries:
        if as_json:
            console.json_line(
                {
                    "archive_id": item.archive_id,
                    "sequence": item.sequence,
                    "proof_file": str(item.sidecar) if item.sidecar else None,
                }
            )
        elif item.sidecar:
            console.exact(str(item.sidecar))
        if item.set_aside:
            console.warning(console.words("timestamp.aside", file=str(item.set_aside)))
        if item.sidecar is None:
            words = t("timestamp.absent", archive_id=item.archive_id, sequence=item.sequence)
            console.warning(words, t("timestamp.absent_hint"))
