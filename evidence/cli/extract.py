"""`evidence extract`."""

from pathlib import Path

import click

from evidence.cli import console
from evidence.cli.group import new_command
from evidence.cli.options import trust_option
from evidence.cli.verified import verified
from evidence.messages import t


@new_command("extract")
@click.argument("file", type=click.Path(path_type=Path), metavar=t("cli.metavar_file"))
@click.option(
    "--to",
    required=True,
    type=click.Path(path_type=Path),
    metavar=t("cli.metavar_dir"),
    help=t("cli.extract_opt_to"),
)
@click.option("--exhibit", multiple=True, metavar=t("cli.metavar_exhibit"), help=t("cli.extract_opt_exhibit"))
@click.option("--derived", is_flag=True, help=t("cli.extract_opt_derived"))
@trust_option
def command(
    file: Path, *, to: Path, exhibit: tuple[str, ...], derived: bool, trust: tuple[Path | str, ...]
) -> int:
    """Verify an archive, then write its exhibits into a folder."""
    from evidence.cli import verdict
    from evidence.findings import Status
    from evidence.model import names
    from evidence.operations.extract import extract, extract_derived

    found = verified(file, trust)
    if found.contents is None:
        verdict.print_verdict(str(file), found)
        console.error(t("show.extract_refused"), t("show.extract_refused_hint"))
        return verdict.EXIT[found.verdict]
    originals = {
        record["exhibit"]: names.from_document(record["name"])
        for record in found.contents.records.values()
        if record["kind"] == "exhibit"
    }
    with file.open("rb") as source:
        for written in extract(source, found.contents, to, exhibit):
            path, name = str(written.path), originals[written.id]
            console.line(console.words("show.extracted", id=written.id, path=path, name=name))
        for made in extract_derived(source, found.contents, to) if derived else ():
            console.line(console.words("show.extracted_derived", name=made.id, path=str(made.path)))
    console.note(t(f"verify.verdict_{found.verdict.name}"))
    unconfirmed = [
        f"{t(f'verify.result_{result.value}')} {t(f'verify.status_{status.name}')}"
        for result, status in found.results.items()
        if status is not Status.PASSED
    ]
    if unconfirmed:
        console.warning(
            t("show.extract_unconfirmed", results=", ".join(unconfirmed)), t("show.extract_unconfirmed_hint")
        )
    return verdict.EXIT[found.verdict]
