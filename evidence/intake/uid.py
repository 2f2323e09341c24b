"""incident.uid: the UUID by which an incident is sealed once, however often a seal is begun.

The file holds the UUID and a newline. incident.json is never rewritten, so the UUID stands beside it; it is
no exhibit. It appears whole or not at all, and whoever comes second takes what the first one wrote.
"""

import errno
import os
import uuid
from pathlib import Path
from typing import TextIO

from evidence.entropy import Entropy, new_uuid
from evidence.errors import FormatError
from evidence.intake.files import read_file, unwritable
from evidence.intake.roles import UID_FILE
from evidence.messages import t

_MAX = 64
_NO_LINKS = {errno.EPERM, errno.EOPNOTSUPP, errno.ENOTSUP, errno.ENOSYS}


def read(folder: Path) -> str:
    """The UUID in a folder's incident.uid, in lower case.

    Raises:
        FormatError: the file holds something else.
        StoreError: the file system refuses.
    """
    text = read_file(folder, UID_FILE, _MAX).decode("utf-8", "replace").strip().lower()
    if not is_usable(text):
        raise FormatError(t("intake.no_uid", file=UID_FILE), t("intake.no_uid_hint", file=UID_FILE))
    return text


def is_usable(text: str) -> bool:
    """Whether text is a UUID in its usual lower-case form; the one of zeros is nobody's own."""
    try:
        value = uuid.UUID(text)
    except ValueError:
        return False
    return str(value) == text and value.int != 0


def ensure(folder: Path, entropy: Entropy) -> str:
    """The UUID in a folder's incident.uid, which is made if need be and durable afterwards.

    Raises:
        FormatError: the file holds something else.
        StoreError: the folder can't be written to.
    """
    made = new_uuid(entropy)
    try:
        if not _publish_unnamed(folder / UID_FILE, made):
            _publish_named(folder, made)
        _sync(folder)
    except OSError as error:
        raise unwritable(folder, error) from error
    return read(folder)


def _publish_unnamed(target: Path, made: str) -> bool:
    """Write a file without a name, then name it, so that a process that is killed leaves nothing behind.

    Returns:
        False where the system has no such files (Linux has them, on most file systems).
    """
    flags = getattr(os, "O_TMPFILE", 0)
    if not flags:
        return False
    try:
        descriptor = os.open(target.parent, flags | os.O_WRONLY | os.O_CLOEXEC, 0o666)
    except OSError:
        return False
    with os.fdopen(descriptor, "w", encoding="ascii", newline="\n") as file:
        _fill(file, made)
        try:
            os.link(
                f"/proc/self/fd/{descriptor}", target, src_dir_fd=descriptor
            )  # with it, links are followed
        except FileExistsError:
            return True
        except OSError:
            return False
    return True


def _publish_named(folder: Path, made: str) -> None:
    temporary = folder / f".{UID_FILE}.{os.getpid()}.{made}"
    try:
        _write(temporary, made)
        _publish(temporary, folder / UID_FILE, made)
    finally:
        temporary.unlink(missing_ok=True)


def _write(path: Path, made: str) -> None:
    with path.open("x", encoding="ascii", newline="\n") as file:
        _fill(file, made)


def _fill(file: TextIO, made: str) -> None:
    file.write(f"{made}\n")
    file.flush()
    os.fsync(file.fileno())


def _publish(temporary: Path, target: Path, made: str) -> None:
    try:
        os.link(temporary, target)
    except FileExistsError:
        return
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        _publish_without_link(target, made)


def _publish_without_link(target: Path, made: str) -> None:
    """Without hard links (FAT, some shares) a crash may leave an empty file, which ``read`` refuses."""
    try:
        _write(target, made)
    except FileExistsError:
        return


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
