"""Steps of a dialplan: what is done for which extension, in which order (Asterisk's pbx/pbx_config.c).

``exten => NAME,PRIORITY(LABEL),APPLICATION(ARGUMENTS)``; ``same =>`` goes on with the extension before, ``n``
is the number after the one before. Of two steps with one number the first counts.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from evidence.intake.dialplan.arguments import split
from evidence.intake.dialplan.settings import Section, Setting

_NO_CONTEXT = {"general", "globals"}
_PRIORITY = re.compile(
    r"\s*(n|next|s|same|\d{1,9})\s*(?:\+(\d{1,6}))?\s*(?:\(([^)]*)\))?\s*(?:\+(\d{1,6}))?\s*"
)


@dataclass(frozen=True, slots=True)
class Step:
    """A step.

    Attributes:
        file: where it stands.
        line: the same, from 1.
        context: the section, or FreeSWITCH's context.
        extension: the number or pattern, or FreeSWITCH's extension by its name.
        priority: its place in the order.
        application: what is done, as it is written.
        data: with what, as it is written.
        label: the name by which others jump to it, or empty.
        is_xml: whether it is FreeSWITCH's, whose applications have other names and arguments.
    """

    file: str
    line: int
    context: str
    extension: str
    priority: int
    application: str
    data: str
    label: str = ""
    is_xml: bool = False

    @property
    def name(self) -> str:
        """The application in lower case."""
        return self.application.lower()

    @property
    def text(self) -> str:
        """The step as it is written."""
        return f"{self.application} {self.data}" if self.is_xml else f"{self.application}({self.data})"


def steps(sections: Iterable[Section]) -> Iterator[Step]:
    """The steps in the sections of a dialplan, in the order in which they stand."""
    known: set[tuple[str, str, int]] = set()
    for section in sections:
        if section.name.lower() in _NO_CONTEXT or section.is_template:
            continue
        for step in _of_section(section):
            key = (step.context, step.extension, step.priority)
            if key not in known:
                known.add(key)
                yield step


def _of_section(section: Section) -> Iterator[Step]:
    extension, last = "", -2
    for setting in section.settings:
        name, value = setting.name.lower(), setting.value
        if name == "exten":
            extension, *rest = split(value, ",", 2, keeps_quotes=True)
            extension = extension.strip()
            value = rest[0] if rest else ""
        elif name != "same" or not extension:
            continue
        place, _, action = value.partition(",")
        form = _PRIORITY.fullmatch(place)
        if form is None or (form[1].startswith(("n", "s")) and last < 0):
            continue
        last = _number(form, last)
        yield _step(section.name, setting, extension, (last, (form[3] or "").strip()), action)


def _number(form: re.Match[str], last: int) -> int:
    word = form[1]
    more = int(form[2] or form[4] or 0)
    if word.isdecimal():
        return int(word) + more
    return (last + 1 if word.startswith("n") else last) + more


def _step(context: str, setting: Setting, extension: str, place: tuple[int, str], action: str) -> Step:
    application, data = called(action)
    return Step(setting.file, setting.line, context, extension, place[0], application, data, place[1])


def called(action: str) -> tuple[str, str]:
    """An application and what stands between its parentheses; also as in Asterisk 1.4, ``App,a|b``."""
    name, opened, data = action.strip().partition("(")
    if opened:
        end = data.rfind(")")
        return name.strip(), data[:end] if end >= 0 else data
    name, _, data = name.partition(",")
    return name.strip(), data.replace("|", ",")
