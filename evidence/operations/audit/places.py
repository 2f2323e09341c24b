"""What lies in the folder of archives; nothing is followed, nothing is opened but regular files."""

import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from evidence.canonical import decode
from evidence.vault.archive_store import SUFFIX
from evidence.vault.layout import Layout

PROOF = ".proof"
"""What an archive's sidecar has behind the archive's name."""

DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_NUMBER = re.compile(r"[A-Za-z0-9._-]{1,64}")
MAX_CUSTODY = 64 * 1024
_ENTRY_COPY = re.compile(r"[0-9]{16}\.jsonl|\.[0-9]{16}\.jsonl\.new", re.ASCII)
"""Copies of entries that no archive carries, and what they are written to first."""
_OURS = {".register-head", "..register-head.new", ".link"}
"""The head beside the archives, what it is written to first, and the probe for hard links."""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing in the folder of archives.

    Attributes:
        path: where.
        name: the same below the folder of archives.
        kind: ``archive``, ``foreign``, or ``unreadable`` (a folder).
        reason: why a folder can't be read.
    """

    path: Path
    name: str
    kind: str
    reason: str = ""


def items(layout: Layout) -> Iterator[Item]:
    """Everything in the folder of archives that isn't in order by its name alone, and all archives.

    Folders of any name are looked through, so that an archive that was put elsewhere is found.
    """
    waiting = [layout.archives]
    while waiting:
        folder = waiting.pop()
        try:
            with os.scandir(folder) as listing:
                found = sorted(listing, key=lambda entry: entry.name)
        except FileNotFoundError:
            continue
        except OSError as error:
            yield Item(folder, _name(layout, folder), "unreadable", error.strerror or str(error))
            continue
        for entry in found:
            path = folder / entry.name
            if entry.is_dir(follow_symlinks=False):
                waiting.append(path)
            elif entry.is_file(follow_symlinks=False) and entry.name.endswith(SUFFIX):
                yield Item(path, _name(layout, path), "archive")
            elif not _is_ours(layout, path, is_file=entry.is_file(follow_symlinks=False)):
                yield Item(path, _name(layout, path), "foreign")


def _name(layout: Layout, path: Path) -> str:
    return path.relative_to(layout.archives).as_posix()


def _is_ours(layout: Layout, path: Path, *, is_file: bool) -> bool:
    if not is_file:
        return False
    if path.parent == layout.archives and path.name in _OURS:
        return True
    if path.parent == layout.mirror:
        return bool(_ENTRY_COPY.fullmatch(path.name))
    return path.name.removesuffix(".new").endswith(f"{SUFFIX}{PROOF}")


def open_regular(path: Path) -> BinaryIO:
    """Open a file for reading; a link, a pipe or a device is refused without waiting for it.

    Raises:
        OSError: it can't be read, or isn't a regular file.
    """
    flags = os.O_RDONLY | os.O_CLOEXEC | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    descriptor = os.open(path, flags)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(None, "not a regular file", str(path))
    return os.fdopen(descriptor, "rb")


def number_of(layout: Layout, archive_id: str) -> str:
    """The incident's number in an archive's custody record; empty when the record was erased or is damaged.

    The record is taken for nothing but names: it isn't compared with the register.
    """
    try:
        with open_regular(layout.custody(archive_id)) as file:
            number = decode(file.read(MAX_CUSTODY + 1), MAX_CUSTODY)["facts"]["number"]
    except (OSError, ValueError, KeyError, TypeError):
        return ""
    return number if isinstance(number, str) and _NUMBER.fullmatch(number) else ""


def stems(number: str, archive_id: str) -> tuple[str, ...]:
    """The names, without ending and counter, that an archive of that incident may bear."""
    return (number, f"incident-{number}", archive_id) if number else (archive_id,)


def bears(name: str, number: str, archive_id: str) -> bool:
    """Whether an archive's file name is one that the archive store gives to that incident's archives."""
    stem = name.removesuffix(SUFFIX)
    return any(
        stem == wanted or re.fullmatch(rf"{re.escape(wanted)}-[0-9]{{1,9}}", stem)
        for wanted in stems(number, archive_id)
    )


def expected_name(claimed: str, stem: str) -> str:
    """Where an archive should stand, below the folder of archives."""
    return f"{claimed[:10]}/{stem}{SUFFIX}"
