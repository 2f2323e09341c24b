"""Whether an incident could be sealed now; nothing is changed by finding out."""

from pathlib import Path

from evidence.intake.folder import read_folder
from evidence.operations.incidents import claim_of
from evidence.operations.seal import already_sealed
from evidence.vault.vault import Vault


def require_sealable(vault: Vault, path: Path) -> None:
    """Refuse a folder that sealing would refuse.

    Raises:
        UsageError, FormatError, StateError, StoreError: as sealing it would.
    """
    folder = read_folder(path)
    claim = claim_of(vault, folder)
    if claim is not None:
        raise already_sealed(vault, folder, claim)
