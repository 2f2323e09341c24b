"""The program's table of commands, its own options, and the page that `evidence --help` prints.

A command's module is imported when the command runs; its line in the table comes from the catalogue.
"""

from collections.abc import Mapping
from importlib import import_module

import click

from evidence.cli import console
from evidence.cli.failures import BROKEN_PIPE
from evidence.cli.group import Group
from evidence.errors import ExitCode
from evidence.messages import t

SECTIONS: Mapping[str, Mapping[str, str]] = {
    "everyday": {
        "new": "evidence.cli.new",
        "add": "evidence.cli.add",
        "mark": "evidence.cli.mark",
        "measure": "evidence.cli.measure",
        "list": "evidence.cli.listing",
        "seal": "evidence.cli.seal",
        "verify": "evidence.cli.verify",
        "show": "evidence.cli.show",
        "report": "evidence.cli.report",
    },
    "archives": {
        "extract": "evidence.cli.extract",
        "explain": "evidence.cli.explain",
    },
    "vault": {
        "init": "evidence.cli.init",
        "notice": "evidence.cli.notice",
        "register": "evidence.cli.register",
        "keys": "evidence.cli.keys",
    },
    "operators": {
        "receive": "evidence.cli.receive",
        "batch": "evidence.cli.batch",
        "timestamp": "evidence.cli.timestamp",
        "audit": "evidence.cli.audit",
        "doctor": "evidence.cli.doctor",
    },
    "trial": {
        "demo": "evidence.cli.demo",
    },
}
"""Sections of ``--help`` (title: ``cli.section_…``), and in each the commands and their modules."""


class Program(Group):
    """The program itself: a table of commands which are imported when they are used.

    Args:
        sections: as SECTIONS; a command's module holds it under the name ``command``.
    """

    def __init__(self, sections: Mapping[str, Mapping[str, str]] = SECTIONS) -> None:
        super().__init__("evidence", help=t("cli.help"), params=[_version_option()])
        self.sections = sections
        self._modules = {name: module for rows in sections.values() for name, module in rows.items()}

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """The names of all commands, as ``--help`` orders them."""
        return list(self._modules)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """The command of that name; imports its module."""
        if cmd_name not in self._modules:
            return None
        command: click.Command = import_module(self._modules[cmd_name]).command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """Write the table of commands, section by section."""
        width = max(map(len, self._modules))
        for section, rows in self.sections.items():
            with formatter.section(t(f"cli.section_{section}")):
                formatter.write_dl([(name.ljust(width), t(f"cli.{name}_short")) for name in rows])

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """Write the table of exit codes."""
        rows = [(str(code.value), t(f"cli.exit_{code.name}")) for code in ExitCode]
        with formatter.section(t("cli.exit_codes")):
            formatter.write_dl([*rows, (str(BROKEN_PIPE), t("cli.exit_BROKEN_PIPE"))])


def _version_option() -> click.Option:
    return click.Option(
        ["--version"],
        is_flag=True,
        is_eager=True,
        expose_value=False,
        callback=_print_version,
        help=t("cli.opt_version"),
    )


def _print_version(ctx: click.Context, _option: click.Parameter, wanted: bool) -> None:
    if wanted and not ctx.resilient_parsing:
        from evidence import __version__
        from evidence.model.manifest import FORMAT

        console.line(t("cli.version", version=__version__, format=FORMAT))
        ctx.exit()
