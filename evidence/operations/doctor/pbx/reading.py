"""A PBX's configuration directory with all that the checks ask of it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from evidence.errors import StoreError, UsageError
from evidence.intake.dialplan.directory import Directory
from evidence.intake.dialplan.freeswitch import looks_like, xml_steps
from evidence.intake.dialplan.settings import Section, Setting
from evidence.intake.dialplan.steps import Step, steps
from evidence.intake.dialplan.variables import Variables
from evidence.messages import t
from evidence.text import visible

_MARKS = ("extensions*.conf", "asterisk.conf", "queues*.conf", "cel*.conf", "cdr*.conf", "modules.conf")
_MOST_XML = 500


@dataclass(frozen=True, slots=True)
class Pbx:
    """What was read.

    Attributes:
        directory: where from; its troubles grow as files are read.
        dialplan: sections of Asterisk's dialplan.
        steps: steps of Asterisk's dialplan and of FreeSWITCH's.
        queues: sections of queues.conf.
        variables: values of variables.
        is_asterisk: whether files of Asterisk are there.
    """

    directory: Directory
    dialplan: list[Section]
    steps: list[Step]
    queues: list[Section]
    variables: Variables
    is_asterisk: bool
    files: dict[str, list[Section]] = field(default_factory=dict)

    def sections(self, file: str) -> list[Section]:
        """The sections of another file; none where it isn't there."""
        if file not in self.files:
            self.files[file] = self.directory.sections(file) if self.directory.has(file) else []
        return self.files[file]

    def setting(self, file: str, section: str, name: str) -> Setting | None:
        """The setting of that name that counts."""
        wanted = section.lower()
        named = (each for each in reversed(self.sections(file)) if each.name.lower() == wanted)
        return next((found for each in named if (found := each.last(name)) is not None), None)

    def resolved(self, text: str, step: Step) -> str:
        """A text of a step with the values of variables put in."""
        return text if step.is_xml else self.variables.resolved(text, step)


def read(root: Path) -> Pbx:
    """Read a directory.

    Raises:
        UsageError: there is no such directory, or it holds no configuration of Asterisk or FreeSWITCH.
        StoreError: it can't be listed.
    """
    directory = _directory(root)
    is_asterisk = any(directory.names(pattern) for pattern in _MARKS)
    dialplan = _dialplan(directory)
    found = list(steps(dialplan))
    found += _xml(directory)
    if not is_asterisk and not found:
        hint = t("pbx.nothing_hint")
        raise UsageError(t("pbx.nothing", folder=visible(str(root))), hint)
    queues = directory.sections("queues.conf") if directory.has("queues.conf") else []
    return Pbx(directory, dialplan, found, queues, Variables(dialplan, found), is_asterisk)


def _directory(root: Path) -> Directory:
    shown = visible(str(root))
    try:
        return Directory(root)
    except (FileNotFoundError, NotADirectoryError, ValueError, RuntimeError) as error:
        raise UsageError(t("pbx.no_folder", folder=shown), t("pbx.nothing_hint")) from error
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise StoreError(
            t("pbx.folder_unreadable", folder=shown, reason=reason), t("pbx.rights_hint")
        ) from error


def _dialplan(directory: Directory) -> list[Section]:
    """Asterisk loads extensions.conf with what that includes; a copy without it is read file by file."""
    names: Iterable[str] = ("extensions.conf",)
    if not directory.has("extensions.conf"):
        names = directory.names("extensions*.conf")
    return [section for name in names for section in directory.sections(name)]


def _xml(directory: Directory) -> list[Step]:
    found: list[Step] = []
    for place, name in enumerate(directory.below(".xml")):
        if place >= _MOST_XML:
            break
        data = directory.read(name)
        if data is not None and looks_like(data):
            found += xml_steps(name, data)
    return found
