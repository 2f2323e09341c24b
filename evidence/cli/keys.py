"""`evidence keys show` and `evidence keys trust`."""

from pathlib import Path

import click

from evidence.cli import console
from evidence.cli.fingerprints import print_certificate, print_keys
from evidence.cli.group import new_command, new_group
from evidence.cli.options import json_option, vault_option
from evidence.messages import t

command = new_group("keys")


@new_command("keys show")
@vault_option
@click.option("--print", "on_paper", is_flag=True, help=t("cli.keys_show_opt_print"))
@json_option
def show(vault: Path | None, *, on_paper: bool, as_json: bool) -> None:
    """Show the fingerprints of a vault's certificate and register key."""
    from evidence.crypto.certificates import facts, pem_to_der
    from evidence.operations.opening import open_vault
    from evidence.operations.seams import Seams

    with open_vault(vault, Seams()) as opened:
        certificate = facts(pem_to_der(opened.layout.sealing_chain.read_bytes())[0])
        register_key = opened.store.register_key()
        organisation = opened.config.organisation
    if as_json:
        console.json_line(
            {
                "organisation": organisation,
                "certificate_sha256": certificate.sha256,
                "subject": certificate.subject,
                "not_before": certificate.not_before.isoformat(),
                "not_after": certificate.not_after.isoformat(),
                "register_key": register_key,
            }
        )
        return
    if on_paper:
        console.page(t("cli.keys_paper"))
        console.line(console.words("cli.keys_paper_name", name=organisation))
    print_keys(certificate, register_key)
    if on_paper:
        console.page(t("cli.keys_paper_signed"))


@new_command("keys trust")
@click.argument("file", type=click.Path(path_type=Path), metavar=t("cli.metavar_file"))
def trust(file: Path) -> None:
    """Trust the certificates of a file from now on."""
    from evidence.operations import keyfiles
    from evidence.operations.seams import Seams

    for certificate, is_new in keyfiles.trust(file, Seams()):
        print_certificate(certificate)
        console.line(t("cli.keys_trusted" if is_new else "cli.keys_trusted_before"))
    console.note(t("cli.keys_compare"))


command.add_command(show)
command.add_command(trust)
