"""Where a dialplan plays a given announcement.

Arguments of the applications: docs.asterisk.org, "Dialplan Applications"; queues.conf.sample; for FreeSWITCH
developer.signalwire.com, "mod_dptools". Whether a step is ever reached isn't told.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from evidence.intake.dialplan.arguments import options, split
from evidence.intake.dialplan.inner import executed
from evidence.intake.dialplan.settings import Section
from evidence.intake.dialplan.sounds import Names
from evidence.intake.dialplan.steps import Step

CALLER = "caller"
CALLED = "called"


@dataclass(frozen=True, slots=True)
class Mention:
    """A place where an announcement is played.

    Attributes:
        file: where it stands.
        line: the same, from 1.
        context: the dialplan's context, or the queue.
        application: what plays it, or the queue's setting.
        name: the name by which the notice register knows it.
        side: to whom: CALLER, or CALLED (the agent, who isn't the one to be told).
        step: the step; None of a queue.
    """

    file: str
    line: int
    context: str
    application: str
    name: str
    side: str
    step: Step | None = None


_FIRST = {"playback", "background", "controlplayback", "backgrounddetect"}
_QUEUE_SETTINGS = {"periodic-announce": CALLER, "queue-callerannounce": CALLER, "announce": CALLED}
_XML_PLAYS = {
    "playback",
    "endless_playback",
    "loop_playback",
    "play_and_get_digits",
    "read",
    "play_and_detect_speech",
}


def played(step: Step) -> Iterator[tuple[str, str]]:
    """What a step plays: arguments that name sounds, each with the side that hears it."""
    if step.is_xml:
        if step.name in _XML_PLAYS:
            yield step.data, CALLER
        return
    if step.name in _FIRST:
        yield split(step.data)[0], CALLER
    elif step.name == "read":
        yield _argument(step, 1), CALLER
    elif step.name == "queue":
        yield _argument(step, 3), CALLED
    elif step.name == "dial":
        to_called, _, to_caller = options(_argument(step, 2)).get("A", "").partition(":")
        yield to_called, CALLED
        yield to_caller, CALLER


def _argument(step: Step, place: int) -> str:
    found = split(step.data)
    return found[place] if place < len(found) else ""


def in_steps(
    steps: Iterable[Step], names: Names, resolved: Callable[[str, Step], str] = lambda text, _step: text
) -> Iterator[Mention]:
    """Steps that play one of these names.

    Args:
        steps: of a dialplan.
        names: the names.
        resolved: puts the values of variables into a text of a step.
    """
    for step in steps:
        for inner in executed(step):
            for text, side in played(inner):
                name = names.find_in(resolved(text, step)) if text else None
                if name is not None:
                    yield Mention(step.file, step.line, step.context, inner.application, name, side, step)


def in_queues(sections: Iterable[Section], names: Names) -> Iterator[Mention]:
    """Settings of queues.conf that have one of these names played."""
    told: set[tuple[str, int]] = set()
    for section in sections:
        for setting in section.settings:
            side = _QUEUE_SETTINGS.get(setting.name.lower())
            if side is None or (setting.file, setting.line) in told:
                continue
            told.add((setting.file, setting.line))  # what a template says counts once
            name = names.find_in(setting.value)
            if name is not None:
                yield Mention(setting.file, setting.line, section.name, setting.name, name, side)
