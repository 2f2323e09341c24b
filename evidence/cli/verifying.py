"""The options by which a verifier says whom to trust and what to compare with."""

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from evidence.cli.options import at_option, parse_trust, split_trust, trust_option
from evidence.messages import t

if TYPE_CHECKING:
    from evidence.operations.verification import Request


def verification_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """All options of a verification, which the command gets as one ``request: Request``."""

    @wraps(function)
    def command(*arguments: Any, **given: Any) -> Any:
        return function(*arguments, request=_request(given), **given)

    for option in reversed(_options()):
        command = option(command)
    return command


def _options() -> list[Callable[..., Any]]:
    """In the order of the help page."""
    return [
        trust_option,
        click.option(
            "--trust-tsa",
            multiple=True,
            type=parse_trust,
            metavar=t("cli.metavar_trust"),
            help=t("cli.verify_opt_trust_tsa"),
        ),
        *(_file_option(name) for name in ("register", "checkpoint", "proof")),
        at_option,
        click.option("--require", type=click.Choice(["complete"]), help=t("cli.verify_opt_require")),
    ]


def _file_option(name: str) -> Callable[..., Any]:
    return click.option(
        f"--{name}",
        type=click.Path(path_type=Path),
        metavar=t("cli.metavar_file"),
        help=t(f"cli.verify_opt_{name}"),
    )


def _request(given: dict[str, Any]) -> "Request":
    """What these options say; they are taken out of ``given``."""
    from evidence.operations.verification import Request, Trust

    return Request(
        trust=Trust(*split_trust(given.pop("trust"))),
        tsa_trust=Trust(*split_trust(given.pop("trust_tsa"))),
        register=given.pop("register"),
        checkpoint=given.pop("checkpoint"),
        at=given.pop("at"),
        require_complete=given.pop("require") is not None,
        proof=given.pop("proof"),
    )
