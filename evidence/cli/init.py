"""`evidence init`."""

from pathlib import Path

import click

from evidence.cli import console
from evidence.cli.fingerprints import print_keys
from evidence.cli.group import new_command
from evidence.cli.options import new_passphrase_source, passphrase_option, passphrase_source
from evidence.errors import UsageError
from evidence.messages import t


@new_command("init")
@click.argument("directory", type=click.Path(path_type=Path), metavar=t("cli.metavar_dir"))
@click.option(
    "--organisation", required=True, metavar=t("cli.metavar_name"), help=t("cli.init_opt_organisation")
)
@click.option("--origin", metavar=t("cli.metavar_name"), help=t("cli.init_opt_origin"))
@click.option("--plain-keys", is_flag=True, help=t("cli.init_opt_plain_keys"))
@click.option(
    "--key", type=click.Path(path_type=Path), metavar=t("cli.metavar_file"), help=t("cli.init_opt_key")
)
@click.option(
    "--chain", type=click.Path(path_type=Path), metavar=t("cli.metavar_file"), help=t("cli.init_opt_chain")
)
@click.option(
    "--key-passphrase-fd",
    type=click.IntRange(min=0),
    metavar="N",
    help=t("cli.init_opt_key_passphrase_fd"),
)
@click.option("--zone", metavar=t("cli.metavar_zone"), help=t("cli.init_opt_zone"))
@click.option("--tsa", multiple=True, metavar=t("cli.metavar_url"), help=t("cli.init_opt_tsa"))
@click.option(
    "--tsa-roots",
    type=click.Path(path_type=Path),
    metavar=t("cli.metavar_file"),
    help=t("cli.init_opt_tsa_roots"),
)
@passphrase_option
def command(
    directory: Path,
    *,
    organisation: str,
    origin: str | None,
    plain_keys: bool,
    key: Path | None,
    chain: Path | None,
    key_passphrase_fd: int | None,
    zone: str | None,
    tsa: tuple[str, ...],
    tsa_roots: Path | None,
    passphrase_fd: int | None,
) -> None:
    """Make a vault."""
    from evidence.intake.calltimes import known_zone
    from evidence.operations.init import default_origin, init, self_issued, with_time_stamps
    from evidence.operations.keyfiles import bring_in, read_certificates
    from evidence.operations.seams import Seams
    from evidence.vault.config import Config, check_names

    if chain and not key:
        raise UsageError(t("cli.init_chain_without_key"), t("cli.init_chain_without_key_hint"))
    if tsa and not tsa_roots:
        raise UsageError(t("timestamp.init_roots"), t("timestamp.init_roots_hint"))
    seams = Seams()
    settings = Config(organisation, origin or default_origin(seams), time_zone=known_zone(zone or ""))
    roots = tuple(read_certificates(tsa_roots)) if tsa_roots else ()
    settings = with_time_stamps(settings, tsa) if roots else settings
    check_names(settings)
    material = (
        bring_in(key, chain, passphrase_source(key_passphrase_fd))
        if key
        else self_issued(organisation, seams)
    )
    passphrase = None if plain_keys else new_passphrase_source(passphrase_fd)
    made = init(directory, settings, material, passphrase, seams, roots)
    console.line(console.words("cli.init_done", root=str(made.root)))
    print_keys(made.certificate, made.register_key)
    if plain_keys:
        console.warning(t("cli.init_plain_keys"), t("cli.init_plain_keys_hint"))
    if made.problem:
        console.warning(console.words("cli.init_user_store", reason=made.problem))
    else:
        console.note(t("cli.init_trusted" if made.in_trust_store else "cli.init_not_trusted"))
        if roots:
            console.note(t("cli.init_tsa_trusted"))
    console.note(t("cli.init_backup"))
