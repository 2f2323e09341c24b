"""Which versions of the recording notice a vault has, and which files of an interrupted add are swept.

The index of the versions is written in the transaction that enters them in the register, so a version is
either whole and in the register, or files that nobody knows. Vaults of 0.1.0 have neither index nor folder.
"""

import re
from contextlib import suppress
from pathlib import Path

from evidence.vault.register_store import RegisterStore
from evidence.vault.vault import Vault

DOCUMENT = "notice.json"

_INDEX = "CREATE TABLE IF NOT EXISTS notices (notice_id TEXT PRIMARY KEY, sequence INTEGER NOT NULL) STRICT"
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)


def entered(store: RegisterStore) -> dict[str, int]:
    """The ids of the versions in the register with their entries' places, in order."""
    if not store.rows("SELECT name FROM sqlite_master WHERE type = 'table' AND name = 'notices'"):
        return {}
    return dict(store.rows("SELECT notice_id, sequence FROM notices ORDER BY sequence"))


def enter(store: RegisterStore, notice_id: str, sequence: int) -> None:
    """Put a version on the index, inside the transaction that appends its entry."""
    store.connection.execute(_INDEX)
    store.connection.execute("INSERT INTO notices VALUES (?, ?)", (notice_id, sequence))


def make_folder(vault: Vault) -> None:
    """Make the folder of all versions where there is none. The caller holds the lock for notices."""
    if not vault.layout.notices.is_dir():
        vault.durable.make_directory(vault.layout.notices)


def sweep(vault: Vault) -> None:
    """Remove what adds that never reached the register have left; files of another making stay.

    The caller holds the lock for notices and has compared the register with its heads: in a register that
    is older than its vault, notices would look as if they had never been entered.
    """
    known = entered(vault.store)
    for folder in sorted(vault.layout.notices.iterdir()):
        if folder.name not in known and is_version(folder):
            discard(vault, folder.name)


def is_version(folder: Path) -> bool:
    """Whether a folder bears the name of a version; files of another making don't."""
    return bool(_UUID.fullmatch(folder.name)) and not folder.is_symlink()


def discard(vault: Vault, notice_id: str) -> None:
    """Remove the files of one version that never reached the register."""
    folder = vault.layout.notice(notice_id)
    for path in (*folder.glob("sound.*"), folder / DOCUMENT):
        vault.durable.remove(path)
    with suppress(OSError):
        folder.rmdir()
