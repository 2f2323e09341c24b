"""What stopped the program: said on stderr in the user's language, and turned into an exit code."""

import errno
import os

import click

from evidence import messages
from evidence.cli import console
from evidence.cli.group import try_help
from evidence.errors import EvidenceError, ExitCode
from evidence.messages import t
from evidence.text import visible

BROKEN_PIPE = 141
"""Exit code when the reader of the output went away (128 + SIGPIPE, as shells report it).

Not 0: a reader that stops early (``| head``) must not turn FAILED into PASSED.
"""


def report(error: BaseException) -> int:
    """Say what happened and what to do next; return the exit code."""
    code: int
    match error:
        case BrokenPipeError():
            code = BROKEN_PIPE
        case KeyboardInterrupt() | click.Abort():
            console.error(t("cli.interrupted"))
            code = ExitCode.INTERRUPTED
        case EvidenceError():
            console.error(error.message, error.hint)
            code = error.exit_code
        case click.ClickException():
            code = _report_click(error)
        case MemoryError():
            console.error(t("cli.out_of_memory"), t("cli.out_of_memory_hint"))
            code = ExitCode.STORE
        case OSError():
            console.error(*system_words(error))
            code = ExitCode.STORE
        case _:
            code = _report_bug(error)
    return code


def _report_click(error: click.ClickException) -> int:
    if not isinstance(error, click.UsageError):
        console.error(visible(error.format_message()))
        return ExitCode.STORE if isinstance(error, click.FileError) else ExitCode.USAGE
    console.error(_usage_words(error), _usage_hint(error))
    return ExitCode.USAGE


def _usage_words(error: click.UsageError) -> str:
    match error:
        case click.NoSuchOption():
            return t("cli.no_such_option", option=visible(error.option_name))
        case click.BadOptionUsage():
            key = "cli.option_without_value" if _is_flag(error) else "cli.option_needs_value"
            return t(key, option=visible(error.option_name))
        case click.MissingParameter() if error.param is not None:
            key = "cli.missing_option" if isinstance(error.param, click.Option) else "cli.missing_argument"
            return t(key, name=_name(error.param))
        case click.BadParameter() if error.param is not None:
            return t("cli.bad_value", name=_name(error.param), reason=_value_reason(error, error.param))
        case _:
            return visible(error.format_message())


def _usage_hint(error: click.UsageError) -> str:
    hints = []
    if isinstance(error, click.NoSuchOption) and error.possibilities:
        hints.append(t("cli.did_you_mean", names=", ".join(error.possibilities)))
    if error.ctx is not None:
        hints.append(try_help(error.ctx))
    return "\n".join(hints)


def _is_flag(error: click.BadOptionUsage) -> bool:
    parameters = error.ctx.command.params if error.ctx else []
    return any(
        isinstance(option, click.Option) and option.is_flag
        for option in parameters
        if error.option_name in (*option.opts, *option.secondary_opts)
    )


def _name(parameter: click.Parameter) -> str:
    if isinstance(parameter, click.Option):
        return " / ".join(parameter.opts)
    return parameter.human_readable_name


def _value_reason(error: click.BadParameter, parameter: click.Parameter) -> str:
    match parameter.type:
        case click.Choice(choices=choices):
            return t("cli.choose_from", choices=", ".join(str(choice) for choice in choices))
        case click.IntRange(min=low, max=None) if low is not None:
            return t("cli.number_at_least", low=str(low))
        case click.IntRange(min=low, max=high) if low is not None:
            return t("cli.number_between", low=str(low), high=str(high))
        case kind if kind is click.INT:
            return t("cli.not_a_number")
        case _:
            return visible(error.message)


def reason(error: OSError) -> str:
    """What the system complains about, in the user's language where we have the words."""
    code = errno.errorcode.get(error.errno or 0, "")
    if messages.has(f"cli.os_{code}"):
        return t(f"cli.os_{code}")
    return visible(error.strerror or str(error))


def system_words(error: OSError) -> tuple[str, str]:
    """What the system complains about and of which file, and what to do next."""
    hint = f"cli.os_{errno.errorcode.get(error.errno or 0, '')}_hint"
    words = reason(error)
    if isinstance(error.filename, str | bytes):
        words = t("cli.os_file", file=visible(os.fsdecode(error.filename)), reason=words)
    return words, t(hint if messages.has(hint) else "cli.os_hint")


def _report_bug(error: BaseException) -> int:
    from evidence.cli import bugs

    console.error(t("cli.bug", kind=type(error).__name__, place=bugs.place(error)), t("cli.bug_hint"))
    if os.environ.get("EVIDENCE_DEBUG") == "1":
        console.debug(bugs.frames(error))
    return ExitCode.BUG
