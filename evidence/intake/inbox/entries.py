"""What stands directly in an inbox, and what its names say."""

import os
from collections.abc import Iterator
from pathlib import Path

from evidence.errors import UsageError
from evidence.intake import files, roles
from evidence.messages import t
from evidence.model import names
from evidence.text import visible

_SHOWN = 300
_TEMPORARY = (".part", ".partial", ".tmp", ".temp", ".filepart", ".crdownload", ".upload", ".!ut")
_EDITED = (".swp", ".swo", ".swx", ".bak")


def listed(inbox: Path) -> Iterator[tuple[str, os.stat_result]]:
    """Name and status of everything that stands directly in an inbox; links aren't followed.

    Raises:
        UsageError: there is no such folder.
        StoreError: the file system refuses.
    """
    try:
        with os.scandir(os.fsencode(inbox)) as entries:
            for entry in entries:
                try:
                    status = entry.stat(follow_symlinks=False)
                except FileNotFoundError:  # gone meanwhile
                    continue
                yield names.from_bytes(entry.name), status
    except OSError as error:
        shown = visible(str(inbox)[:_SHOWN])
        if files.is_nowhere(error):
            raise UsageError(t("inbox.no_inbox", folder=shown), t("inbox.no_inbox_hint")) from error
        raise files.unreadable(str(inbox)[:_SHOWN], error) from error


def is_litter(name: str) -> bool:
    """Whether a file is hidden, or what editors and systems leave behind."""
    return roles.is_litter(name) or name.lower().endswith(_EDITED)


def is_temporary(name: str) -> bool:
    """Whether a file is the beginning of one that is still being brought in."""
    return name.lower().endswith(_TEMPORARY)


def path_of(folder: Path, name: str) -> Path:
    """The path of an entry."""
    return folder / os.fsdecode(names.to_bytes(name))
