"""Sections and settings of an Asterisk configuration file (docs.asterisk.org, "Configuration Files").

``[name]`` begins a section, ``[name](!)`` a template, ``[name](+)`` adds to one, ``[name](a,b)`` inherits;
``name = value`` and ``name => value`` set something, ``name += value`` adds to the value before.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from evidence.intake.dialplan.lines import lines

MAX_SETTINGS = 400_000
"""More settings than this aren't read."""

MAX_SECTIONS = 100_000
"""More sections than this aren't read."""


@dataclass(frozen=True, slots=True)
class Heading:
    """The beginning of a section: its name, and what stands in parentheses behind it."""

    file: str
    line: int
    name: str
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting; ``is_more`` where its value is to be added to that of the one before."""

    file: str
    line: int
    name: str
    value: str
    is_more: bool = False


@dataclass(frozen=True, slots=True)
class Directive:
    """``include``, ``tryinclude`` or ``exec`` with what it names."""

    file: str
    line: int
    kind: str
    argument: str


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A line that can't be read: ``too_long``, or ``syntax``."""

    file: str
    line: int
    reason: str


Item = Heading | Setting | Directive | Unreadable


@dataclass(slots=True)
class Section:
    """A section with its settings in order; those of templates come first.

    Attributes:
        file: where it begins.
        line: the same, from 1.
        name: its name; empty for what stands before the first heading.
        is_template: whether it only serves others.
        settings: the settings, each with its own place.
    """

    file: str
    line: int
    name: str
    is_template: bool = False
    settings: list[Setting] = field(default_factory=list)

    def last(self, name: str) -> Setting | None:
        """The setting of that name that counts; names are the same in upper and lower case."""
        wanted = name.lower()
        return next((each for each in reversed(self.settings) if each.name.lower() == wanted), None)


def items(file: str, data: bytes) -> Iterator[Item]:
    """What a file says, line by line; nothing is raised, whatever the bytes are.

    Args:
        file: the name under which places are told.
        data: its bytes.
    """
    for line in lines(data):
        yield _item(file, line.number, line.text)


def _item(file: str, number: int, text: str | None) -> Item:
    if text is None:
        return Unreadable(file, number, "too_long")
    if text.startswith("["):
        return _heading(file, number, text)
    if text.startswith("#"):
        kind, _, argument = text[1:].partition(" ") if " " in text else text[1:].partition("\t")
        return Directive(file, number, kind.lower(), _unquoted(argument.strip()))
    name, sign, value = text.partition("=")
    if not sign or not name.strip():
        return Unreadable(file, number, "syntax")
    is_more = name.endswith("+")
    return Setting(file, number, name.rstrip("+").strip(), value.removeprefix(">").strip(), is_more)


def _heading(file: str, number: int, text: str) -> Item:
    name, closed, rest = text[1:].partition("]")
    if not closed:
        return Unreadable(file, number, "syntax")
    options = rest[1:].partition(")")[0].split(",") if rest.startswith("(") else []
    return Heading(file, number, name, tuple(each.strip() for each in options if each.strip()))


def _unquoted(text: str) -> str:
    for begin, end in (('"', '"'), ("<", ">")):
        if len(text) > 1 and text.startswith(begin) and text.endswith(end):
            return text[1:-1]
    return text


def sections(found: Iterable[Item]) -> Iterator[Section]:
    """The sections that the items make up, in order; directives and unreadable lines are passed over.

    At most MAX_SECTIONS sections with MAX_SETTINGS settings in all, inherited ones included.
    """
    maker = _Maker()
    for item in found:
        if isinstance(item, Heading):
            maker.begin(item)
        elif isinstance(item, Setting):
            maker.set(item)
        if maker.is_full:
            break
    return iter(maker.sections)


class _Maker:
    """Puts sections together."""

    def __init__(self) -> None:
        self.sections: list[Section] = []
        self._by_name: dict[str, Section] = {}
        self._last: dict[str, int] = {}
        self._count = 0

    @property
    def is_full(self) -> bool:
        return self._count >= MAX_SETTINGS or len(self.sections) >= MAX_SECTIONS

    def begin(self, heading: Heading) -> None:
        """A heading: what it inherits is put into the new section."""
        section = Section(heading.file, heading.line, heading.name, "!" in heading.options)
        for option in heading.options:
            base = self._by_name.get(option)
            if base is not None and self._count + len(base.settings) <= MAX_SETTINGS:
                section.settings += base.settings
                self._count += len(base.settings)
        self._last = {each.name: place for place, each in enumerate(section.settings)}
        self.sections.append(section)
        if "+" not in heading.options:
            self._by_name[heading.name] = section

    def set(self, setting: Setting) -> None:
        """A setting of the newest section."""
        if not self.sections:
            self.begin(Heading(setting.file, setting.line, ""))
        settings = self.sections[-1].settings
        place = self._last.get(setting.name)
        if setting.is_more and place is not None:
            before = settings[place]
            if len(before.value) + len(setting.value) <= 64 * 1024:
                settings[place] = replace(setting, value=before.value + setting.value, is_more=False)
            return
        self._last[setting.name] = len(settings)
        settings.append(setting)
        self._count += 1
