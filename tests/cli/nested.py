"""A group of sub-commands, as `register` and `keys` are."""

import click

from evidence.cli import console
from evidence.cli.group import Group

command = Group("nest", help="Hold an egg.")


@command.command("egg", short_help="Lie there.")
@click.option("--times", type=click.IntRange(1, 3), default=1)
def egg(times: int) -> None:
    console.line("egg " * times)
