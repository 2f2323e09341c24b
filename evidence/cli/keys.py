"""`evidence keys show` and `evidence keys trust`."""

from pathlib import Path

import click

from evidence.cli import console, question
from evidence.cli.fingerprints import print_certificate, print_command, print_keys
from evidence.cli.group import new_command, new_group
from evidence.cli.options import json_option, parse_fingerprint, vault_option
from evidence.errors import CryptoError, ExitCode, UsageError
from evidence.messages import t
from evidence.text import visible

command = new_group("keys")


@new_command("keys show")
@vault_option
@click.option("--print", "on_paper", is_flag=True, help=t("cli.keys_show_opt_print"))
@json_option
def show(vault: Path | None, *, on_paper: bool, as_json: bool) -> None:
    """Show the fingerprints of a vault's certificate and register key."""
    from evidence.crypto.certificates import facts, load_anchors
    from evidence.operations.opening import open_vault
    from evidence.operations.seams import Seams

    with open_vault(vault, Seams()) as opened:
        certificate = facts(load_anchors(opened.layout.sealing_chain.read_bytes())[0])
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
        console.page(t("cli.keys_paper_command"))
        print_command(certificate)
        console.page(t("cli.keys_paper_signed"))


@new_command("keys trust")
@click.argument("file", type=click.Path(path_type=Path), metavar=t("cli.metavar_file"))
@click.option(
    "--fingerprint",
    type=parse_fingerprint,
    metavar=t("cli.metavar_fingerprint"),
    help=t("cli.keys_trust_opt_fingerprint"),
)
@click.option("--tsa", is_flag=True, help=t("cli.keys_trust_opt_tsa"))
def trust(file: Path, *, fingerprint: str | None, tsa: bool) -> int:
    """Trust a certificate of a file from now on, once its fingerprint is compared."""
    from evidence.operations import keyfiles
    from evidence.operations.seams import Seams

    found = keyfiles.read_certificates(file)
    if fingerprint:
        found = {der: facts for der, facts in found.items() if facts.sha256 == fingerprint}
        if not found:
            raise CryptoError(t("cli.keys_differs", file=visible(str(file))), t("cli.keys_differs_hint"))
    elif not question.can_ask():
        raise UsageError(t("cli.keys_uncompared"), t("cli.keys_uncompared_hint"))
    code = ExitCode.DONE
    for der, facts in found.items():
        print_certificate(facts, "cli.keys_tsa_sha256" if tsa else "cli.keys_sha256")
        if not fingerprint and not question.ask(t("cli.keys_ask")):
            console.warning(t("cli.keys_not_trusted"), t("cli.keys_not_trusted_hint"))
            code = ExitCode.REFUSED
            continue
        trusted = keyfiles.trust(der, Seams(), for_time=tsa)
        console.line(t("cli.keys_trusted" if trusted.is_new else "cli.keys_trusted_before"))
        console.note(console.words("cli.keys_remembered", path=str(trusted.path)))
    return code


command.add_command(show)
command.add_command(trust)
