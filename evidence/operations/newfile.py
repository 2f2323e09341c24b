"""Files that a command makes for its user: never over another one, and whole or not there."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from evidence.errors import StateError
from evidence.messages import t
from evidence.text import visible


@contextmanager
def new_file(path: Path, hint: str) -> Iterator[BinaryIO]:
    """A new file to be written; whatever ends the block early removes it.

    Args:
        path: where it is made.
        hint: what to do where something is there.

    Raises:
        StateError: something of that name exists.
        OSError: it can't be made or written.
    """
    try:
        out = path.open("xb")
    except FileExistsError as error:
        raise exists(path, hint) from error
    try:
        with out:
            yield out
    except BaseException:
        path.unlink()
        raise


def exists(path: Path, hint: str) -> StateError:
    """Why a file isn't written: something of its name is there, which is never overwritten."""
    return StateError(t("vault.exists", path=visible(str(path))), hint)
