"""What lies in the spool and isn't a receipt: set aside, with the reason, for a person to look at."""

import os
import stat
from dataclasses import dataclass
from pathlib import Path

from evidence import canonical, strict
from evidence.entropy import new_uuid
from evidence.errors import StoreError
from evidence.messages import t
from evidence.operations.seams import Seams
from evidence.text import visible
from evidence.vault.durable import write_new
from evidence.vault.spool import REFUSED
from evidence.vault.vault import Vault

REASON = "reason.json"


@dataclass(frozen=True, slots=True)
class Refused:
    """Something that was set aside.

    Attributes:
        name: its name; untrusted.
        folder: where it lies now, beside its reason.
        reason: in English, in visible text.
    """

    name: str
    folder: Path
    reason: str


def set_aside(vault: Vault, path: Path, reason: str, seams: Seams) -> Refused:
    """Move something out of the way, as it is, into a folder of its own with a ``reason.json``.

    Nothing is opened or followed. After a crash it is still in the spool, or set aside with its reason.

    Raises:
        StoreError: the place for it isn't a folder of our own.
        OSError: the file system refuses.
    """
    place = vault.layout.spool / REFUSED
    _require_own(place, seams)
    folder = place / new_uuid(seams.entropy)
    seams.durable.make_directory(folder)
    shown = visible(reason)
    time = strict.format_timestamp(seams.clock())
    document = {"name": visible(path.name), "reason": shown, "claimed_time": time}
    write_new(seams.durable, folder / REASON, canonical.encode(document))
    target = folder / (path.name if path.name != REASON else f"{REASON}.refused")
    try:
        seams.durable.replace(path, target)
    except OSError:  # such as a folder of somebody else
        seams.durable.remove(folder / REASON)
        folder.rmdir()
        raise
    seams.durable.sync_directory(folder)
    seams.durable.sync_directory(vault.layout.spool)
    return Refused(path.name, folder, shown)


def _require_own(place: Path, seams: Seams) -> None:
    """Make the folder, or see that it is one of ours: others who can write to the spool could set a trap."""
    try:
        status = place.lstat()
    except FileNotFoundError:
        seams.durable.make_directory(place)
        return
    if not stat.S_ISDIR(status.st_mode) or status.st_uid != os.geteuid():
        raise StoreError(t("receive.trap", folder=visible(str(place))), t("receive.trap_hint"))
