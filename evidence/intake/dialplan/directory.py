"""A PBX's configuration directory, read as Asterisk would, but never outside the directory.

Bounded in everything, since the directory may be a trap: files, their sizes and number, lines, includes.
Links that lead out of it, pipes and devices aren't opened, and nothing is executed.
"""

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from evidence.intake.dialplan.settings import (
    Directive,
    Heading,
    Item,
    Section,
    Setting,
    Unreadable,
    items,
    sections,
)

MAX_FILE = 16 * 1024 * 1024
"""Bytes of the longest file that is read."""

MAX_FILES = 2000
"""More files than this aren't opened, each as often as it is included."""

MAX_BYTES = 64 * 1024 * 1024
"""More bytes than this aren't read in all."""

_DEEPEST = 10
_SAFELY: int = os.O_RDONLY
for _flag in ("O_BINARY", "O_CLOEXEC", "O_NOCTTY", "O_NOFOLLOW", "O_NONBLOCK"):
    _SAFELY |= getattr(os, _flag, 0)

_HOMES = ("/etc/asterisk/", "/usr/local/etc/asterisk/")
"""Where a configuration lies on its PBX: an include of such a path is meant below the directory."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that wasn't read.

    Attributes:
        kind: ``outside``, ``dangling``, ``special``, ``long``, ``many``, ``refused``, ``loop``, ``missing``,
            ``executes``, ``too_long``, ``syntax``.
        file: the file, or the one that names it.
        line: the line there; 0 for a whole file.
        detail: what is named, or the system's reason; untrusted.
    """

    kind: str
    file: str
    line: int = 0
    detail: str = ""


class Directory:
    """A configuration directory.

    Args:
        root: where it is.

    Attributes:
        troubles: what wasn't read, as it comes; at most 1000.

    Raises:
        OSError: it can't be listed.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.troubles: list[Trouble] = []
        self._real = root.resolve(strict=True)
        self._names = sorted(os.listdir(self._real))[: 10 * MAX_FILES]  # noqa: PTH208  names, not paths
        self._opened = 0
        self._bytes = 0

    def names(self, pattern: str) -> list[str]:
        """Names directly in the directory that fit a pattern, in order."""
        return [name for name in self._names if fnmatchcase(name, pattern)]

    def has(self, name: str) -> bool:
        """Whether something of that name is directly in it."""
        return name in self._names

    def below(self, ending: str) -> Iterator[str]:
        """Files anywhere below whose names end so, relative to the directory; links aren't followed."""
        for place, (folder, folders, files) in enumerate(os.walk(self._real)):
            if place > MAX_FILES:
                self.trouble(Trouble("many", Path(folder).relative_to(self._real).as_posix()))
                return
            folders.sort()
            for name in sorted(files):
                if name.lower().endswith(ending):
                    yield (Path(folder) / name).relative_to(self._real).as_posix()

    def trouble(self, found: Trouble) -> None:
        """Note what wasn't read, once."""
        if len(self.troubles) < 1000 and found not in self.troubles:
            self.troubles.append(found)

    def sections(self, name: str) -> list[Section]:
        """The sections of a file and of all that it includes; none where it isn't there or can't be read."""
        return list(sections(self._items(name, ())))

    def read(self, name: str) -> bytes | None:
        """The bytes of a file below the directory; None, and a trouble, where it can't be read."""
        if self._opened >= MAX_FILES or self._bytes >= MAX_BYTES:
            self.trouble(Trouble("many", name))
            return None
        self._opened += 1
        try:
            target = (self._real / name).resolve(strict=True)
            if not target.is_relative_to(self._real):
                self.trouble(Trouble("outside", name, 0, str(target)))
                return None
            with _open(target) as file:
                data = file.read(MAX_FILE + 1)
        except (OSError, ValueError, RuntimeError) as error:
            self.trouble(self._refused(name, error))
            return None
        self._bytes += len(data)
        if len(data) > MAX_FILE:
            self.trouble(Trouble("long", name))
            return None
        return data

    def _refused(self, name: str, error: Exception) -> Trouble:
        if isinstance(error, FileNotFoundError) and (self._real / name).is_symlink():
            return Trouble("dangling", name, 0, str((self._real / name).readlink()))
        if isinstance(error, OSError):
            return Trouble("refused", name, 0, error.strerror or type(error).__name__)
        return Trouble("special" if isinstance(error, ValueError) else "loop", name)

    def _items(self, name: str, above: tuple[str, ...]) -> Iterator[Item]:
        data = self.read(name)
        if data is None:
            return
        for item in items(name, data):
            if isinstance(item, Setting | Heading):
                yield item
            elif isinstance(item, Unreadable):
                self.trouble(Trouble(item.reason, item.file, item.line))
            else:
                yield from self._included(item, (*above, name))

    def _included(self, directive: Directive, above: tuple[str, ...]) -> Iterator[Item]:
        here = (directive.file, directive.line, directive.argument)
        if directive.kind == "exec":
            self.trouble(Trouble("executes", *here))
        if directive.kind not in {"include", "tryinclude"} or not directive.argument:
            return
        wanted = self._wanted(directive.argument)
        if wanted is None:
            self.trouble(Trouble("outside", *here))
            return
        found = self._matching(wanted)
        if not found and directive.kind == "include":
            self.trouble(Trouble("missing", *here))
        for name in found:
            if name in above or len(above) >= _DEEPEST:
                self.trouble(Trouble("loop", *here))
            else:
                yield from self._items(name, above)

    def _wanted(self, argument: str) -> str | None:
        """What an include names, relative to the directory; None where that is outside."""
        for home in (*_HOMES, f"{self.root.absolute()}/", f"{self._real}/"):
            argument = argument.removeprefix(home)
        path = PurePosixPath(argument)
        outside = path.is_absolute() or ".." in path.parts or "\0" in argument or len(argument) > 1024
        return None if outside else path.as_posix()

    def _matching(self, wanted: str) -> list[str]:
        """Files that an include means; a pattern may stand in its last part."""
        folder, _, pattern = wanted.rpartition("/")
        if not any(mark in pattern for mark in "*?["):
            return [wanted] if os.path.lexists(self._real / wanted) else []
        try:
            place = (self._real / folder).resolve(strict=True)
            inside = place.is_relative_to(self._real)
            names = sorted(os.listdir(place)) if inside else []  # noqa: PTH208  names, not paths
        except (OSError, RuntimeError):
            return []
        fitting = [name for name in names if fnmatchcase(name, pattern)]
        return [f"{folder}/{name}" if folder else name for name in fitting][: MAX_FILES + 1]


def _open(path: Path) -> BinaryIO:
    """A regular file, open for reading; opening never waits.

    Raises:
        ValueError: it isn't a regular file.
        OSError: the file system refuses.
    """
    descriptor = os.open(path, _SAFELY)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise ValueError("not a regular file")
    return os.fdopen(descriptor, "rb")
