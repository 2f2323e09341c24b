"""`evidence show`."""

from pathlib import Path

import click

from evidence.cli import console
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
    return verdict.EXIT[found.verdict]
