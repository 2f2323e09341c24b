"""Commands and groups that speak the user's language, including what click says of its own."""

import sys
from collections.abc import Callable, Sequence
from typing import Any

import click

from evidence.cli import console
from evidence.cli.terminal import columns
from evidence.errors import ExitCode, UsageError
from evidence.messages import LANGUAGES, t
from evidence.text import visible


class Formatter(click.HelpFormatter):
    """Help pages whose fixed words are in the user's language."""

    def __init__(
        self, indent_increment: int = 2, width: int | None = None, max_width: int | None = None
    ) -> None:
        super().__init__(indent_increment, width or _page_width(), max_width)

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """Write the usage line."""
        super().write_usage(prog, args, prefix or t("cli.usage") + " ")


class Context(click.Context):
    """The context of our commands."""

    formatter_class = Formatter


class SectionOption(click.Option):
    """An option that the help page shows in a section of that title."""

    def __init__(self, *args: Any, section: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.section = section


class Command(click.Command):
    """A command whose help and complaints are in the user's language."""

    context_class = Context

    def __init__(self, *args: Any, speaks: Sequence[str] = (), **kwargs: Any) -> None:
        """As click's; ``speaks`` are the languages of a command that gets the chosen one as ``lang``."""
        kwargs.setdefault("options_metavar", t("cli.metavar_options"))
        super().__init__(*args, **kwargs)
        self.params.append(_language_option(speaks))
        self._help: click.Option | None = None

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """The option ``--help``; always the same object, since click compares by identity."""
        if self._help is None and self.add_help_option:
            self._help = click.Option(
                ctx.help_option_names,
                is_flag=True,
                is_eager=True,
                expose_value=False,
                callback=_print_help,
                help=t("cli.opt_help"),
            )
        return self._help

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options: those that have a section of their own first, the others at the end."""
        sections: dict[str, list[tuple[str, str]]] = {}
        for option in self.get_params(ctx):
            row = option.get_help_record(ctx)
            if isinstance(option, click.Option) and row:
                sections.setdefault(getattr(option, "section", ""), []).append(_help_row(option, row))
        rest = sections.pop("", [])
        for title, rows in [*sections.items(), (t("cli.options"), rest)]:
            with formatter.section(title):
                formatter.write_dl(rows)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse what stands on the command line.

        Raises:
            UsageError: more arguments than the command takes.
            click.UsageError: any other mistake; it knows the command.
        """
        may_have_more, ctx.allow_extra_args = ctx.allow_extra_args, True
        try:
            rest = super().parse_args(ctx, args)
        except click.UsageError as error:
            error.ctx = error.ctx or ctx
            raise
        if rest and not may_have_more and not ctx.resilient_parsing:
            raise UsageError(t("cli.extra_argument", argument=visible(rest[0])), try_help(ctx))
        return rest


class Group(Command, click.Group):
    """A command with sub-commands; without one it prints its help on stderr and exits 2."""

    command_class = Command

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("subcommand_metavar", t("cli.metavar_command"))
        kwargs.setdefault("callback", _print_help_if_alone)
        super().__init__(*args, invoke_without_command=True, **kwargs)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the sub-commands, then the options."""
        self.format_commands(ctx, formatter)
        super().format_options(ctx, formatter)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """Write the sub-commands in the order in which they were added."""
        with formatter.section(t("cli.commands")):
            formatter.write_dl([(name, found.short_help or "") for name, found in self.commands.items()])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the sub-command that the first argument names.

        Raises:
            UsageError: there is none of that name.
        """
        if self.get_command(ctx, args[0]) is None and not ctx.resilient_parsing:
            raise UsageError(t("cli.no_such_command", name=visible(args[0])), self._suggestion(ctx, args[0]))
        return super().resolve_command(ctx, args)

    def _suggestion(self, ctx: click.Context, name: str) -> str:
        from difflib import get_close_matches

        similar = get_close_matches(name, self.list_commands(ctx))
        meant = [t("cli.did_you_mean", names=", ".join(similar))] if similar else []
        return "\n".join([*meant, try_help(ctx)])


def new_command(name: str, texts: str = "", **settings: Any) -> Callable[[Callable[..., Any]], Command]:
    """Decorator for a command; its help is ``cli.NAME_help``, its line in a group's help ``cli.NAME_short``.

    A sub-command is named with its group (``register log``): ``cli.register_log_help``. ``texts`` names these
    messages where they stand in another area: ``review.accept`` for ``review.accept_help``.
    """
    return click.command(name.rsplit(maxsplit=1)[-1], cls=Command, **_helps(name, texts), **settings)


def new_group(name: str, **settings: Any) -> Group:
    """A group of sub-commands; add them with ``add_command`` or ``@group.command``."""
    return Group(name.rsplit(maxsplit=1)[-1], **_helps(name), **settings)


def try_help(ctx: click.Context) -> str:
    """The hint that names the help page of a command."""
    return t("cli.try_help", command=ctx.command_path)


def _page_width() -> int:
    """Characters in a line of help: at most 78 of the terminal."""
    return max(min(columns(), 80) - 2, 50)


def _language_option(speaks: Sequence[str] = ()) -> click.Option:
    """``--lang``, which every command takes; ``chosen_language`` has read it before."""
    return click.Option(
        ["--lang"],
        type=click.Choice(speaks or LANGUAGES),
        expose_value=bool(speaks),
        is_eager=True,
        help=t("cli.opt_lang"),
    )


def _help_row(option: click.Option, row: tuple[str, str]) -> tuple[str, str]:
    """A row of help without what click adds in English, such as ``[required]`` and ``[x>=0]``."""
    wanted = f" ({t('cli.required')})" if option.required else ""
    return row[0], (option.help or "") + wanted


def _helps(name: str, texts: str = "") -> dict[str, str]:
    if texts:
        return {"help": t(f"{texts}_help"), "short_help": t(f"{texts}_short")}
    key = name.replace(" ", "_")
    return {"help": t(f"cli.{key}_help"), "short_help": t(f"cli.{key}_short")}


def _print_help(ctx: click.Context, _option: click.Parameter, wanted: bool) -> None:
    if wanted and not ctx.resilient_parsing:
        console.page(ctx.get_help())
        ctx.exit()


@click.pass_context
def _print_help_if_alone(ctx: click.Context, /, **_options: Any) -> None:
    if ctx.invoked_subcommand is None:
        console.page(ctx.get_help(), sys.stderr)
        ctx.exit(ExitCode.USAGE)
