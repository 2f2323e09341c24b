"""Opening the user's vault for a command, and closing it again."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from evidence.errors import StateError
from evidence.messages import t
from evidence.operations.seams import Seams
from evidence.text import visible
from evidence.vault import config, locks
from evidence.vault.config import Config
from evidence.vault.durable import Durable
from evidence.vault.layout import Layout
from evidence.vault.reading import RegisterReader
from evidence.vault.vault import Vault, locate


@contextmanager
def open_vault(named: Path | None, seams: Seams) -> Iterator[Vault]:
    """The vault that was named, or one of the user's own at or above the current folder.

    Raises:
        StateError: there is none, or it can't be used where it lies.
        FormatError: its configuration is wrong.
        StoreError: its register can't be opened.
    """
    vault = Vault(locate(named, os.environ, Path.cwd(), seams.user), seams.durable, seams.user)
    try:
        yield vault
    finally:
        vault.close()


def settings_of(named: Path | None, seams: Seams) -> tuple[Layout, Config]:
    """Paths and configuration of the same vault, for what needs nothing of its register.

    Raises:
        StateError: there is none, or the system has no locks for it.
        FormatError: its configuration is wrong.
    """
    locks.require_posix()
    root = locate(named, os.environ, Path.cwd(), seams.user)
    layout = Layout(root.resolve())
    if not layout.config.is_file():
        raise StateError(t("vault.not_a_vault", path=visible(str(root))), t("vault.not_a_vault_hint"))
    return layout, config.load(layout.config)


@contextmanager
def open_for_reading(named: Path | None, seams: Seams) -> Iterator[tuple[Vault, RegisterReader]]:
    """The same, for commands that write nothing into the vault: a read-only one will do.

    Yields:
        the vault and its register store.

    Raises:
        StateError, FormatError, StoreError: as `open_vault`.
    """
    root = locate(named, os.environ, Path.cwd(), seams.user)
    opened: list[RegisterReader] = []

    def open_store(path: Path, durable: Durable) -> RegisterReader:
        opened.append(RegisterReader(path, durable))
        return opened[-1]

    vault = Vault(root, seams.durable, seams.user, open_store)
    try:
        yield vault, opened[0]
    finally:
        vault.close()
