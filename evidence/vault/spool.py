"""The spool: where receipts lie until they are entered in the register.

Recorders put them there, perhaps under another account, which needs the right to write here and nothing else
of the vault. A receipt appears whole or not at all. Nothing that is slow to import is needed for that.
"""

import os
import re
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from evidence.vault.durable import Durable

SUFFIX = ".json"
REFUSED = "refused"
"""Folder in the spool for what isn't a receipt."""

_GROUP_FILE = 0o640
_UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_TEMPORARY = re.compile(rf"\.{_UUID}\.new", re.ASCII)
_RECEIPT = re.compile(rf"({_UUID})\.json", re.ASCII)
_ABANDONED_SECONDS = 24 * 60 * 60


def received_id(name: str) -> str:
    """The id of the receipt that a file of that name holds; empty when it isn't a receipt's name."""
    found = _RECEIPT.fullmatch(name)
    return found[1] if found else ""


def make_folder(folder: Path, durable: Durable) -> None:
    """Make the spool where there is none, private to the vault's owner.

    Raises:
        OSError: the file system refuses.
    """
    if folder.is_dir():
        return
    with suppress(FileExistsError):  # made by another process just now
        durable.make_directory(folder)


def deposit(folder: Path, receipt_id: str, data: bytes, durable: Durable) -> None:
    """Put a receipt into the spool; data and name are durable afterwards.

    In a spool that is shared by a group (its set-group-id bit says so) the group may read the file: the
    vault's owner is another account than the recorder's.

    Raises:
        OSError: the file system refuses.
    """
    temporary = folder / f".{receipt_id}.new"
    try:
        with durable.create(temporary) as file:
            if folder.stat().st_mode & stat.S_ISGID:
                os.fchmod(file.fileno(), _GROUP_FILE)
            file.write(data)
            durable.sync(file)
        durable.replace(temporary, folder / f"{receipt_id}{SUFFIX}")
    except BaseException:
        with suppress(OSError):
            durable.remove(temporary)
        raise
    durable.sync_directory(folder)


def listing(folder: Path) -> Iterator[Path]:
    """What lies in the spool, receipts and whatever else; not what is being written, nor what was refused."""
    try:
        names = sorted(os.listdir(folder))  # noqa: PTH208  names are all that is wanted
    except FileNotFoundError:
        return
    yield from (folder / name for name in names if not name.startswith(".") and name != REFUSED)


def sweep(folder: Path, now: float, durable: Durable) -> None:
    """Remove what writers that died a day ago or longer have left; ``now`` in seconds since 1970."""
    with suppress(FileNotFoundError):
        for entry in list(os.scandir(folder)):
            if not _TEMPORARY.fullmatch(entry.name):
                continue
            with suppress(OSError):  # gone meanwhile, or a folder
                if now - entry.stat(follow_symlinks=False).st_mtime > _ABANDONED_SECONDS:
                    durable.remove(Path(entry.path))
