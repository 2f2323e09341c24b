"""The files of a folder that may be a trap: links, pipes and devices are never opened or followed."""

import errno
import os
import stat
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from evidence.errors import ChangedError, EvidenceError, FormatError, StoreError, UsageError
from evidence.messages import t
from evidence.model import names
from evidence.text import visible

MAX_FILES = 2000
"""More files than this are no incident."""

_SHOWN = 300
_SAFELY: int = os.O_RDONLY
for _flag in ("O_BINARY", "O_CLOEXEC", "O_NOCTTY", "O_NOFOLLOW", "O_NONBLOCK"):
    _SAFELY |= getattr(os, _flag, 0)


def listing(folder: Path) -> dict[str, os.stat_result]:
    """Everything in a folder by name (evidence.model.names), in the order of the names' bytes.

    A link is listed as a link.

    Raises:
        UsageError: there is no such folder.
        FormatError: it holds more than MAX_FILES.
        StoreError: the file system refuses.
    """
    found: list[tuple[bytes, os.stat_result]] = []
    try:
        with os.scandir(os.fsencode(folder)) as entries:
            for entry in entries:
                with suppress(FileNotFoundError):  # gone meanwhile, as another process's temporary file
                    found.append((entry.name, entry.stat(follow_symlinks=False)))
                if len(found) > MAX_FILES:
                    raise FormatError(
                        t("intake.too_many_files", n=MAX_FILES), t("intake.too_many_files_hint")
                    )
    except OSError as error:
        if is_nowhere(error):
            shown = visible(str(folder)[:_SHOWN])
            raise UsageError(t("intake.no_folder", folder=shown), t("intake.no_folder_hint")) from error
        raise unreadable(str(folder), error) from error
    return {names.from_bytes(name): status for name, status in sorted(found, key=lambda item: item[0])}


def is_nowhere(error: OSError) -> bool:
    """Whether a path leads to nothing: nothing is there, or nothing can be."""
    return error.errno in {errno.ENOENT, errno.ENOTDIR, errno.ENAMETOOLONG, errno.ELOOP}


def unreadable(name: str, error: OSError) -> StoreError:
    """What to raise when the file system refuses to read."""
    reason = error.strerror or type(error).__name__
    return StoreError(t("intake.unreadable", file=visible(name), reason=reason), t("intake.unreadable_hint"))


def unwritable(folder: Path, error: OSError) -> StoreError:
    """What to raise when the file system refuses to write into a folder."""
    reason = error.strerror or type(error).__name__
    shown = visible(str(folder))
    return StoreError(t("intake.unwritable", folder=shown, reason=reason), t("intake.unwritable_hint"))


def changed(name: str) -> ChangedError:
    """What to raise when somebody wrote to a file while it was read."""
    return ChangedError(t("intake.changed", file=visible(name)), t("intake.changed_hint"))


def require_regular(name: str, mode: int) -> None:
    """Refuse what isn't a regular file.

    Raises:
        FormatError: a link, a folder, or a pipe, socket or device.
    """
    wrong = _wrong_kind(name, mode)
    if wrong is not None:
        raise wrong


def _wrong_kind(name: str, mode: int) -> EvidenceError | None:
    shown = visible(name)
    if stat.S_ISREG(mode):
        return None
    if stat.S_ISLNK(mode):
        return FormatError(t("intake.link", file=shown), t("intake.link_hint"))
    if stat.S_ISDIR(mode):
        return FormatError(t("intake.subfolder", file=shown), t("intake.subfolder_hint"))
    return FormatError(t("intake.special", file=shown), t("intake.special_hint"))


def open_file(folder: Path, name: str) -> BinaryIO:
    """A regular file of the folder, open for reading from its beginning.

    It is refused, not followed, when it has become a link since it was listed, and opening never waits.

    Raises:
        FormatError: it isn't a regular file.
        StoreError: the file system refuses.
    """
    return os.fdopen(open_descriptor(folder, name), "rb")


def open_descriptor(folder: Path, name: str) -> int:
    """The same as a bare file descriptor, which the caller closes.

    Raises:
        FormatError, StoreError: as open_file.
    """
    try:
        descriptor = os.open(os.fsencode(folder) + b"/" + names.to_bytes(name), _SAFELY)
    except OSError as error:
        if error.errno == errno.ELOOP:
            require_regular(name, stat.S_IFLNK)
        if error.errno == errno.ENXIO:  # a socket, or a device without a driver
            require_regular(name, stat.S_IFSOCK)
        raise unreadable(name, error) from error
    wrong = _wrong_kind(name, os.fstat(descriptor).st_mode)
    if wrong is not None:
        os.close(descriptor)
        raise wrong
    return descriptor


def read_file(folder: Path, name: str, limit: int) -> bytes:
    """The bytes of a small regular file; its length is looked at before anything is read.

    Raises:
        FormatError: it isn't a regular file, or is longer than ``limit`` bytes.
        StoreError: the file system refuses.
    """
    with open_file(folder, name) as file:
        try:
            long = os.fstat(file.fileno()).st_size > limit
            data = b"" if long else file.read(limit + 1)
        except OSError as error:
            raise unreadable(name, error) from error
    if long or len(data) > limit:
        raise FormatError(t("intake.too_long", file=visible(name), limit=limit), t("intake.too_long_hint"))
    return data
