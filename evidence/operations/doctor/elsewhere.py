"""Second places of checkpoints, locks, and what the configuration says of time stamps."""

import datetime as dt
import os
import shutil
from pathlib import Path

from evidence.findings import Finding
from evidence.operations.audit.findings import Found
from evidence.vault.locks import is_held
from evidence.vault.places import read
from evidence.vault.vault import Vault

_STUCK = dt.timedelta(hours=24)


def second_places(vault: Vault, found: Found) -> None:
    """Whether there are any, and can be reached; what they hold is compared with all other heads.

    Witnesses are on the network and aren't asked.
    """
    places = vault.config.second_place
    if not (places.files or places.command or places.witnesses):
        found(Finding("SECOND_PLACE_NONE"))
    for path in places.files:
        if not os.access(path.parent, os.W_OK | os.X_OK) or not _is_readable(path):
            found(Finding("SECOND_PLACE_UNREACHABLE", str(path)))
    if places.command and shutil.which(places.command[0]) is None:
        found(Finding("SECOND_PLACE_UNREACHABLE", places.command[0]))


def _is_readable(path: Path) -> bool:
    """Whether a second place is a file that can be read, or isn't there yet."""
    try:
        read(path)
    except FileNotFoundError:
        return True
    except OSError:
        return False
    return True


def locks(vault: Vault, now: dt.datetime, found: Found) -> None:
    """A batch that runs for longer than a day, and locks that nobody holds."""
    batch = vault.layout.batch_lock
    if batch.is_file() and is_held(batch):
        since = dt.datetime.fromtimestamp(batch.stat().st_mtime, dt.UTC)
        if now - since > _STUCK:
            hours = int((now - since).total_seconds() // 3600)
            found(Finding("BATCH_STUCK", str(batch), {"hours": hours}))
    stale = [path for path in vault.layout.staging.glob("*.lock") if not is_held(path)]
    if stale:
        found(Finding("LOCK_STALE", str(vault.layout.staging), {"n": len(stale)}))


def time_stamps(vault: Vault, found: Found) -> None:
    """Whether anything is configured where each archive is to get a token."""
    settings = vault.config.time_stamp
    if vault.config.time_policy == "expected" and not settings.servers:
        found(Finding("TSA_NONE"))
