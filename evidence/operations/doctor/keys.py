"""Whether a job without a terminal could seal with the vault's keys, and nobody else."""

import stat
from collections.abc import Callable
from pathlib import Path

from evidence.crypto.keys import is_encrypted
from evidence.errors import EvidenceError
from evidence.findings import Finding
from evidence.operations.audit.findings import Found
from evidence.vault.vault import Vault, load_keys

Passphrase = Callable[[], bytes]


def check(vault: Vault, passphrase: Passphrase | None, found: Found) -> None:
    """Look at the keys' modes, and load them as the batch would.

    Args:
        vault: an open vault.
        passphrase: gives it without asking; None where no source is configured.
        found: takes findings.
    """
    files = (vault.layout.sealing_key, vault.layout.register_key)
    missing = [path for path in files if not path.is_file()]
    for path in missing:
        found(Finding("KEY_MISSING", str(path)))
    for path in (vault.layout.sealing_key.parent, *files):
        if path.exists() and _is_open(path):
            mode = f"{stat.S_IMODE(path.stat().st_mode):04o}"
            found(Finding("KEY_OPEN", str(path), {"mode": mode}))
    if not missing:
        _load(vault, passphrase, files, found)


def _is_open(path: Path) -> bool:
    return bool(path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO))


def _load(vault: Vault, passphrase: Passphrase | None, files: tuple[Path, ...], found: Found) -> None:
    try:
        if passphrase is None and any(is_encrypted(path.read_bytes()) for path in files):
            found(Finding("KEY_NEEDS_PASSPHRASE"))
            return
        load_keys(vault, passphrase or (lambda: b""))
    except EvidenceError as error:
        found(Finding("KEY_UNUSABLE", "", {"reason": error.message}))
    except OSError as error:
        found(Finding("KEY_UNUSABLE", "", {"reason": error.strerror or str(error)}))
