"""What the commands that change markers share: the incident while it is held, and who acts when."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from evidence.cli import stated
from evidence.cli.interview import Interview
from evidence.cli.options import json_option, vault_option
from evidence.cli.question import Questions
from evidence.errors import StateError
from evidence.messages import t

if TYPE_CHECKING:
    from evidence.intake.markerfiles.classes import OwnClasses
    from evidence.operations.body import Probe
    from evidence.operations.incidents import Draft

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Act:
    """One command at work on an incident that it holds.

    Attributes:
        draft: the incident; what is changed in it is saved when the command succeeds.
        interview: who acts, and when.
        ask: asks, where it may.
        own: the vault's own classes.
        probe: determines facts about a recording.
    """

    draft: "Draft"
    interview: Interview
    ask: Questions
    own: "OwnClasses"
    probe: "Probe"

    def by_and_at(self) -> tuple[str, str]:
        """Who acts, asked for once, and the time by this machine's clock."""
        return self.interview.by(), self.interview.now()


@contextmanager
def acting(incident: str, vault: Path | None, given: dict[str, Any]) -> Iterator[Act]:
    """Hold an incident while a command changes its markers; raises what incidents.editing does.

    Args:
        incident: number or folder.
        vault: as ``--vault`` says.
        given: the options ``by``, ``zone``, ``fold`` and ``no_input``.
    """
    from evidence.media.probe import MediaProcess
    from evidence.operations import incidents
    from evidence.operations.opening import open_vault
    from evidence.operations.seams import Seams

    seams = Seams()
    questions = Questions(is_allowed=not given["no_input"])
    with open_vault(vault, seams) as opened, MediaProcess() as media:
        path = incidents.locate(opened, incident)
        with incidents.editing(opened, path, seams) as draft:
            zone = draft.folder.incident.time_zone or opened.config.time_zone
            interview = Interview({**stated.NOTHING, **given}, questions, zone, seams)
            yield Act(draft, interview, questions, opened.config.marker_classes, media.probe_file)


@contextmanager
def about(number: int, numbers: Sequence[int]) -> Iterator[None]:
    """Let a refusal say which of several it is about."""
    try:
        yield
    except StateError as error:
        if len(numbers) == 1:
            raise
        raise StateError(f"{number}: {error.message}", error.hint) from error


def numbers_argument(function: F) -> F:
    """``N…``, as ``numbers: tuple[int, ...]``."""
    wanted = click.IntRange(min=1)
    return click.argument("numbers", nargs=-1, required=True, type=wanted, metavar="N...")(function)


def incident_argument(function: F) -> F:
    """``INCIDENT``, as ``incident: str``."""
    return click.argument("incident", metavar=t("cli.metavar_incident"))(function)


def acting_options(function: F) -> F:
    """What every command that changes markers takes: who, no questions, which vault, what form."""
    for option in (json_option, vault_option, stated.no_input_option, stated.person_options):
        function = option(function)
    return function
