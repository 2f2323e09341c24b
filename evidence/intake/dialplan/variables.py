"""Values of dialplan variables, as far as they stand in the dialplan itself."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator

from evidence.intake.dialplan.inner import executed, is_conditional
from evidence.intake.dialplan.settings import Section, Setting
from evidence.intake.dialplan.steps import Step

_VARIABLE = re.compile(r"\$\{(?:EVAL\(\$\{(\w{1,80})\}\)|(\w{1,80}))\}", re.ASCII)
_PASSES = 8
_LONGEST = 16 * 1024
_VALUE = 1024


class Variables:
    """What variables hold.

    A name's value is that of the latest ``Set`` before in the same extension, else of the globals, else of
    the only ``Set`` anywhere. What was set under a condition, or can't be told, stays ``${NAME}``.

    Args:
        sections: sections of the dialplan, for their globals.
        steps: its steps, in order.
    """

    def __init__(self, sections: Iterable[Section], steps: Iterable[Step]) -> None:
        self._globals: dict[str, Setting] = {}
        for section in sections:
            if section.name.lower() == "globals":
                self._globals.update((each.name, each) for each in section.settings)
        self._here: dict[tuple[str, str, str], list[tuple[int, str]]] = {}
        self._anywhere: dict[str, set[str]] = {}
        for step in steps:
            for name, value in _set(step):
                self._anywhere.setdefault(name, set()).add(value)
                if not is_conditional(step):
                    key = (step.context, step.extension, name)
                    self._here.setdefault(key, []).append((step.priority, value))
        for values in self._here.values():
            values.sort()

    def stated(self, name: str) -> Setting | None:
        """Where a global variable stands."""
        return self._globals.get(name)

    def resolved(self, text: str, step: Step) -> str:
        """A text of a step with the values of variables put in."""
        for _ in range(_PASSES):
            if "${" not in text or len(text) > _LONGEST // 4:
                break
            found = _VARIABLE.sub(lambda match: self._value(match, step), text)
            if found == text or len(found) > _LONGEST:
                break
            text = found
        return text

    def _value(self, match: re.Match[str], step: Step) -> str:
        name = match[1] or match[2]
        here = self._here.get((step.context, step.extension, name), [])
        before = bisect_left(here, (step.priority, ""))
        if before:
            return here[before - 1][1]
        if name in self._globals:
            return self._globals[name].value[:_VALUE]
        values = self._anywhere.get(name, set())
        return next(iter(values)) if len(values) == 1 else match[0]


def _set(step: Step) -> Iterator[tuple[str, str]]:
    for each in executed(step):
        if each.name in {"set", "mset"} and not each.is_xml:
            name, sign, value = each.data.partition("=")
            if sign:
                yield name.strip().lstrip("_"), value.strip().strip('"')[:_VALUE]
