"""Incident folders in an inbox: sub-folders that hold an incident.json."""

import os
from collections.abc import Mapping
from pathlib import Path

from evidence.errors import EvidenceError, StoreError, UsageError
from evidence.intake import files, roles
from evidence.intake.documents import INCIDENT
from evidence.intake.folder import no_incident
from evidence.intake.inbox import entries
from evidence.intake.inbox.model import FOLDER, Item, fingerprint
from evidence.intake.inbox.settling import Watch
from evidence.intake.inbox.sources import changed
from evidence.intake.inbox.telling import Finds
from evidence.model import names

Listing = Mapping[str, os.stat_result]


def scan_folder(
    inbox: Path, name: str, status: os.stat_result, watch: Watch, finds: Finds, *, is_shared: bool
) -> None:
    """Judge one sub-folder.

    Args:
        inbox: where it stands.
        name: its own.
        status: its own.
        watch: judges files.
        finds: told what it is.
        is_shared: whether a mapping's tables or recordings are in it, so that it is an item only with an
            incident.json.
    """
    path = entries.path_of(inbox, name)
    try:
        listing = files.listing(path)
    except StoreError as error:
        finds.alarm(name, error)
        return
    except EvidenceError as error:
        finds.bad(_item(inbox, name, {}, status), error)
        return
    if INCIDENT not in listing and is_shared:
        return
    item = _item(inbox, name, listing, status)
    try:
        code = _unsettled(path, listing, status, watch)
    except StoreError as error:
        finds.alarm(name, error)
        return
    except EvidenceError:
        code = ""  # reading the folder says it better
    if code:
        finds.leave(name, code)
    elif INCIDENT not in listing:
        finds.bad(item, no_incident(path, listing))
    else:
        finds.ready(item)


def require_same(item: Item) -> None:
    """Refuse a folder that isn't any more as the scan saw it.

    Raises:
        Unsettled: something in it has changed, or it is gone.
        FormatError, StoreError: as evidence.intake.files.listing.
    """
    path = item.originals[0]
    try:
        now = _fingerprint(files.listing(path))
    except UsageError as error:
        raise changed(path) from error
    if now != item.fingerprint:
        raise changed(path)


def _fingerprint(listing: Listing) -> str:
    """incident.uid, which reading the folder writes, plays no part in it."""
    kept = ((name, found) for name, found in listing.items() if name != roles.UID_FILE)
    seen = ((names.to_bytes(n), s.st_size, s.st_mtime_ns, s.st_ino, s.st_ctime_ns) for n, s in kept)
    return fingerprint(seen, FOLDER.encode())


def _unsettled(path: Path, listing: Listing, status: os.stat_result, watch: Watch) -> str:
    kept = {name: found for name, found in listing.items() if not _is_aside(name)}
    if not kept:
        return "empty" if watch.is_recent(status) else ""
    for name, found in kept.items():
        if entries.is_temporary(name) and watch.is_recent(found):
            return "temporary"
        code = watch.unsettled(path, name, found)
        if code:
            return code
    return ""


def _is_aside(name: str) -> bool:
    """Whether a file says nothing of whether the folder is finished: litter, and what reading it writes."""
    return entries.is_litter(name) or name == roles.UID_FILE


def _item(inbox: Path, name: str, listing: Listing, status: os.stat_result) -> Item:
    sounds = [found for file, found in listing.items() if roles.by_name(file) == roles.RECORDING]
    return Item(
        kind=FOLDER,
        key=name,
        inbox=inbox,
        originals=(entries.path_of(inbox, name),),
        sizes=tuple(found.st_size for found in sounds),
        fingerprint=_fingerprint(listing),
        since_ns=min((found.st_mtime_ns for found in sounds), default=status.st_mtime_ns),
    )
