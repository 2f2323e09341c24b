"""`evidence show`."""

from collections.abc import Sequence
from pathlib import Path

import click

from evidence.cli import console
from evidence.cli.fields import section
from evidence.cli.group import new_command
from evidence.cli.options import json_option, trust_option
from evidence.cli.verified import verified
from evidence.messages import t


@new_command("show")
@click.argument("file", type=click.Path(path_type=Path), metavar=t("cli.metavar_file"))
@trust_option
@json_option
def command(file: Path, *, trust: tuple[Path | str, ...], as_json: bool) -> int:
    """Verify an archive, then show what it holds."""
    from evidence.cli import verdict, verdict_json
    from evidence.cli.contents import print_contents
    from evidence.operations.extract import derived
    from evidence.operations.verification import beside

    found = verified(file, trust)
    records = list(found.contents.records.values()) if found.contents else []
    if as_json:
        console.json_line({**verdict_json.document(str(file), found, beside(file)), "records": records})
        return verdict.EXIT[found.verdict]
    verdict.print_verdict(str(file), found)
    if found.contents is None:
        console.warning(t("show.refused"))
    else:
        verdict.print_identity(found)
        print_contents(records)
        _print_derived(derived(found.contents))
    return verdict.EXIT[found.verdict]


def _print_derived(names: Sequence[str]) -> None:
    """What was made from the rest when it was sealed: it is signed, but the rest counts."""
    if not names:
        return
    section("derived")
    for name in names:
        console.line("  ", (name, "cyan"))
    console.line("  ", t("show.derived_means"), hanging=2)
