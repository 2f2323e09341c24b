"""Where a call goes next in Asterisk's dialplan: jumps and subroutines whose target stands in the text."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby, islice

from evidence.intake.dialplan.arguments import split
from evidence.intake.dialplan.inner import executed
from evidence.intake.dialplan.steps import Step
from evidence.operations.doctor.pbx.reading import Pbx

Key = tuple[str, str]
"""Context and extension."""

_CALLS = {"gosub", "gosubif", "macro", "macroif", "macroexclusive"}
_JUMPS = {"goto", "gotoif", "gotoiftime"}
_CONDITIONAL = {"gosubif", "macroif", "gotoif", "gotoiftime"}


@dataclass(frozen=True, slots=True)
class Way:
    """From a step to another extension.

    Attributes:
        step: where it begins.
        to: where it leads.
        returns: whether it comes back, as a subroutine does.
        arguments: of a subroutine.
    """

    step: Step
    to: Key
    returns: bool
    arguments: tuple[str, ...] = ()


class Flow:
    """The extensions of a dialplan, and the ways between them.

    Args:
        pbx: what was read.
    """

    def __init__(self, pbx: Pbx) -> None:
        self._pbx = pbx
        ordered = sorted(pbx.steps, key=lambda step: (step.context, step.extension, step.priority))
        self._at: dict[Key, list[Step]] = {
            key: list(group) for key, group in groupby(ordered, lambda step: (step.context, step.extension))
        }
        self._ways = {id(step): tuple(self._found(step)) for step in pbx.steps}
        self._into: dict[Key, list[Way]] = {}
        for step in pbx.steps:
            for way in self.ways(step):
                if way.to != (step.context, step.extension):
                    self._into.setdefault(way.to, []).append(way)

    def steps(self, key: Key) -> list[Step]:
        """The steps of an extension in order; none where there is no such extension."""
        return self._at.get(key, [])

    def before(self, step: Step) -> Iterator[Step]:
        """The steps before one in its extension."""
        steps = self.steps((step.context, step.extension))
        return islice(steps, bisect_left(steps, step.priority, key=_priority))

    def after(self, step: Step) -> Iterator[Step]:
        """The steps after one in its extension."""
        steps = self.steps((step.context, step.extension))
        first = bisect_right(steps, step.priority, key=_priority)
        return (steps[place] for place in range(first, len(steps)))

    def into(self, key: Key) -> list[Way]:
        """The ways that lead to an extension."""
        return self._into.get(key, [])

    def ways(self, step: Step) -> tuple[Way, ...]:
        """Where a step of the dialplan may lead."""
        return self._ways[id(step)]

    def _found(self, step: Step) -> Iterator[Way]:
        if step.is_xml:
            return
        for inner in executed(step):
            if inner.name not in _CALLS and inner.name not in _JUMPS:
                continue
            for target in _targets(inner):
                way = self._way(step, inner.name, self._pbx.resolved(target, step))
                if way is not None:
                    yield way

    def _way(self, step: Step, name: str, target: str) -> Way | None:
        if name.startswith("macro"):
            macro, *arguments = split(target)
            return Way(step, (f"macro-{macro}", "s"), returns=True, arguments=tuple(arguments))
        parts = split(target, ",", keeps_quotes=True)
        last, opened, inside = parts[-1].partition("(")
        arguments = split(inside.removesuffix(")")) if opened else []
        names = [*(part.strip() for part in parts[:-1]), last]
        context, extension = {1: (step.context, step.extension), 2: (step.context, names[0])}.get(
            len(names), (names[0], names[1] if len(names) > 1 else "")
        )
        if "${" in context + extension:
            return None
        return Way(step, (context, extension), returns=name in _CALLS, arguments=tuple(arguments))


def _priority(step: Step) -> int:
    return step.priority


def _targets(step: Step) -> list[str]:
    """The targets that a step names: one, or those of a condition."""
    if step.name not in _CONDITIONAL:
        return [step.data]
    _condition, *rest = split(step.data, "?", 2, keeps_quotes=True)
    return [each for each in split(rest[0], ":", 2, keeps_quotes=True) if each.strip()] if rest else []
