"""Applications that run another one: ``ExecIf(condition?App(a):Other(b))``, ``TryExec(App(a))``."""

from collections.abc import Iterator
from dataclasses import replace

from evidence.intake.dialplan.arguments import split
from evidence.intake.dialplan.steps import Step, called


def executed(step: Step) -> Iterator[Step]:
    """The step itself, or those that it runs, under the same place."""
    if step.is_xml or step.name not in {"execif", "exec", "tryexec"}:
        yield step
        return
    for action in _actions(step):
        application, data = called(action)
        if application:
            yield replace(step, application=application, data=data)


def _actions(step: Step) -> list[str]:
    if step.name != "execif":
        return [step.data]
    _condition, *rest = split(step.data, "?", 2, keeps_quotes=True)
    if rest:
        return split(rest[0], ":", 2, keeps_quotes=True)
    parts = split(step.data, ",", 3, keeps_quotes=True)  # as Asterisk 1.4 wrote it
    return [f"{parts[1]}({parts[2]})"] if len(parts) == 3 else []


def is_conditional(step: Step) -> bool:
    """Whether it may run something or not."""
    return not step.is_xml and step.name == "execif"
