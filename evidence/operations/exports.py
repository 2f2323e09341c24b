"""`evidence register checkpoint|export`: what others keep and check archives against."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from evidence.crypto import notes
from evidence.errors import StateError, UsageError
from evidence.messages import t
from evidence.register import checkpoint as checkpoints
from evidence.register import export as exports
from evidence.text import visible
from evidence.vault.vault import Vault


@contextmanager
def output(path: Path | None) -> Iterator[BinaryIO]:
    """A new file, or standard output.

    Raises:
        StateError: the file exists.
        UsageError: standard output is closed.
    """
    if path is None:
        if sys.stdout is None:
            raise UsageError(t("vault.no_output"), t("vault.no_output_hint"))
        yield sys.stdout.buffer
        return
    try:
        file = path.open("xb")
    except FileExistsError as error:
        raise StateError(t("vault.exists", path=visible(str(path))), t("vault.exists_hint")) from error
    try:
        with file:
            yield file
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def checkpoint(vault: Vault, out: BinaryIO) -> None:
    """Write the newest signed checkpoint."""
    vault.check_heads()
    out.write(vault.store.checkpoint())


def export(vault: Vault, out: BinaryIO) -> None:
    """Write all entries under the newest checkpoint (FORMAT.md, "Export")."""
    vault.check_heads()
    note = vault.store.checkpoint()
    size = checkpoints.parse(notes.parse(note).text).size
    exports.write(out, islice(vault.store.documents(), size), note)
