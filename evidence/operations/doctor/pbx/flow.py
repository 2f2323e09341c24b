"""Where a call goes next in Asterisk's dialplan: jumps and subroutines whose target stands in the text."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby, islice

from evidence.intake.dialplan.arguments import split
from evidence.intake.dialplan.extensions import includes, is_match, reached
from evidence.intake.dialplan.inner import executed
from evidence.intake.dialplan.steps import Step
from evidence.operations.doctor.pbx.reading import Pbx

Key = tuple[str, str]
"""Context and extension."""

UNKNOWN = ""
"""An extension that a variable names."""

_MOST = 1000
_MOST_LED = 20
_QUESTIONS = 1_000_000
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
        self._questions = _QUESTIONS
        ordered = sorted(pbx.steps, key=lambda step: (step.context, step.extension, step.priority))
        self._at: dict[Key, list[Step]] = {
            key: list(group) for key, group in groupby(ordered, lambda step: (step.context, step.extension))
        }
        self._ways = {id(step): tuple(self._found(step)) for step in pbx.steps}
        self._extensions: dict[str, list[str]] = {}
        for context, extension in self._at:
            self._extensions.setdefault(context, []).append(extension)
        self._includes = includes(pbx.dialplan)
        self._included: dict[str, list[str]] = {}
        for context, names in self._includes.items():
            for name in names:
                self._included.setdefault(name, []).append(context)
        self._into: dict[str, dict[str, list[Way]]] = {}
        for step in pbx.steps:
            for way in self.ways(step):
                self._into.setdefault(way.to[0], {}).setdefault(way.to[1], []).append(way)

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
        """The ways that may lead to an extension from others: by its number, its pattern, or unknown."""
        found: list[Way] = []
        for context in reached(key[0], self._included):
            numbers = self._into.get(context, {})
            fitting = {key[1], UNKNOWN}
            if key[1].startswith("_"):
                fitting |= {number for number in islice(numbers, _MOST) if self._fits(key[1], number)}
            found += [way for each in sorted(fitting) for way in islice(numbers.get(each, ()), _MOST)]
        return [way for way in found if (way.step.context, way.step.extension) != key]

    def led(self, to: Key) -> list[Key]:
        """The extensions to which a way may lead, in its context or those that it includes."""
        if to in self._at:
            return [to]
        found: list[Key] = []
        for context in reached(to[0], self._includes):
            known = self._extensions.get(context, [])[:_MOST]
            found += [(context, each) for each in known if to[1] == UNKNOWN or self._fits(each, to[1])]
            if found and to[1] != UNKNOWN:
                break
        return found[:_MOST_LED]

    def _fits(self, extension: str, number: str) -> bool:
        """Whether an extension means a number; after very many questions only where they are the same."""
        self._questions -= 1
        return extension == number or (self._questions > 0 and is_match(extension, number))

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
        if "${" in context:
            return None
        to = (context, UNKNOWN if "${" in extension else extension)
        return Way(step, to, returns=name in _CALLS, arguments=tuple(arguments))


def _priority(step: Step) -> int:
    return step.priority


def _targets(step: Step) -> list[str]:
    """The targets that a step names: one, or those of a condition."""
    if step.name not in _CONDITIONAL:
        return [step.data]
    _condition, *rest = split(step.data, "?", 2, keeps_quotes=True)
    return [each for each in split(rest[0], ":", 2, keeps_quotes=True) if each.strip()] if rest else []
