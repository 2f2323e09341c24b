"""`evidence demo`."""

import shlex
import sys
from pathlib import Path

import click

from evidence.cli import console
from evidence.cli.group import new_command
from evidence.cli.seal import Telling
from evidence.messages import t


@new_command("demo")
@click.argument(
    "directory", type=click.Path(path_type=Path), metavar=t("cli.metavar_demo"), default="evidence-demo"
)
def command(directory: Path) -> None:
    """Seal and verify the sample call, tamper with a copy, show that it is caught."""
    from evidence.cli import verdict
    from evidence.cli.sealed import print_sealed
    from evidence.cli.searchshown import Shown
    from evidence.media.probe import MediaProcess
    from evidence.media.search import SearchProcess
    from evidence.operations.demo import demo
    from evidence.operations.seams import Seams

    seams = Seams()

    def say(stage: str) -> None:
        console.note(t(f"demo.{stage}"))

    with MediaProcess() as media, SearchProcess() as searcher, Telling() as events:
        done = demo(directory, media.probe_file, Shown(searcher), events, say, seams)
    print_sealed(done.sealed, seams.clock(), done.sealed.number)
    console.line()
    verdict.print_verdict(str(done.sealed.archive), done.genuine)
    console.line()
    verdict.print_verdict(str(done.tampered), done.caught)
    console.line()
    trust = done.vault / "keys" / "sealing.crt"
    console.line(t("demo.next"))
    for verb, archive in (
        ("verify", done.sealed.archive),
        ("show", done.sealed.archive),
        ("report", done.sealed.archive),
        ("verify", done.tampered),
    ):
        console.exact(f"    {_program()} {verb} --trust {_short(trust)} {_short(archive)}")


def _program() -> str:
    """The program as it was called, so that the line can be copied."""
    return "python cli.py" if sys.argv[0].endswith(".py") else sys.argv[0]


def _short(path: Path) -> str:
    """A path from the current folder where that is possible, quoted for the shell."""
    here = Path.cwd()
    return shlex.quote(str(path.relative_to(here) if path.is_relative_to(here) else path))
