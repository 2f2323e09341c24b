"""`evidence mark review`: a full-screen view in which markers and suggestions are listened to and decided."""

import importlib.util
import os
import sys
from pathlib import Path
from typing import Any

from evidence.cli import stated
from evidence.cli.acting import incident_argument
from evidence.cli.group import new_command
from evidence.cli.options import vault_option
from evidence.cli.question import Questions
from evidence.cli.terminal import is_terminal
from evidence.errors import ExitCode, StateError, UsageError
from evidence.messages import t


@new_command("mark review", "review.review")
@incident_argument
@stated.person_options
@vault_option
def command(incident: str, *, vault: Path | None, **given: Any) -> int:
    """Show an incident's markers and suggestions over the whole terminal."""
    from evidence.cli.interview import Interview
    from evidence.media.probe import MediaProcess
    from evidence.operations import incidents
    from evidence.operations.listening import find_player
    from evidence.operations.opening import open_vault
    from evidence.operations.seams import Seams

    _require_screen()
    seams = Seams()
    with open_vault(vault, seams) as opened, MediaProcess() as media:
        path = incidents.locate(opened, incident)
        with incidents.editing(
            opened, path, seams
        ) as draft:  # refuses one that is sealed before anything is asked
            zone = draft.folder.incident.time_zone or opened.config.time_zone
        interview = Interview({**stated.NOTHING, **given}, Questions(is_allowed=True), zone, seams)
        interview.by()
        from evidence.cli.review.app import run
        from evidence.cli.review.store import Store

        run(Store(opened, path, seams, interview, media.probe_file), find_player(os.environ))
    return ExitCode.DONE


def _require_screen() -> None:
    """Refuse without a terminal or without the library that draws on it.

    Raises:
        UsageError: there is no terminal.
        StateError: the extra isn't installed.
    """
    streams = (sys.stdout, sys.stderr)  # the library draws on the second
    if sys.stdin is None or not sys.stdin.isatty() or not all(map(is_terminal, streams)):
        raise UsageError(t("review.no_terminal"), t("review.no_terminal_hint"))
    if importlib.util.find_spec("textual") is None:
        raise StateError(t("review.no_textual"), t("review.no_textual_hint"))
