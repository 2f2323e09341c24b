"""Whether the disk can take the next night's archives."""

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from evidence.findings import Finding
from evidence.operations.audit.findings import Found
from evidence.operations.audit.places import DAY
from evidence.vault.vault import Vault

_DAYS = 7
_MIB = 1024 * 1024
_LEAST = 100 * _MIB
_LEAST_FILES = 1000


def check(vault: Vault, found: Found) -> None:
    """Compare free room with the largest of the last days, and try what publishing an archive needs."""
    layout = vault.layout
    used = [_use(folder) for folder in _days(layout.archives)]
    needed = max((size for size, _count in used), default=0)
    files = max((count for _size, count in used), default=0)
    disk = os.statvfs(layout.archives)
    free = disk.f_bavail * disk.f_frsize
    if disk.f_blocks and free < max(2 * needed, _LEAST):
        found(Finding("DISK_LOW", str(layout.root), {"free": free // _MIB, "needed": -(-needed // _MIB)}))
    if disk.f_files and disk.f_favail < max(4 * files, _LEAST_FILES):
        found(Finding("DISK_INODES", str(layout.root), {"n": disk.f_favail}))
    closed = [path for path in _written(vault) if not os.access(path, os.W_OK | os.X_OK)]
    for path in closed:
        found(Finding("NOT_WRITABLE", str(path)))
    if not closed:
        _try_link(vault, found)


def _written(vault: Vault) -> tuple[Path, ...]:
    layout = vault.layout
    register = layout.register.parent
    return layout.root, layout.staging, layout.archives, layout.custody_records, register


def _days(archives: Path) -> list[Path]:
    """The folders of the last days."""
    found = [entry.name for entry in os.scandir(archives) if DAY.fullmatch(entry.name)]
    return [archives / name for name in sorted(found)[-_DAYS:]]


def _use(folder: Path) -> tuple[int, int]:
    sizes = list(_sizes(folder))
    return sum(sizes), len(sizes)


def _sizes(folder: Path) -> Iterator[int]:
    with suppress(OSError), os.scandir(folder) as listing:
        for entry in listing:
            yield entry.stat(follow_symlinks=False).st_size


def _try_link(vault: Vault, found: Found) -> None:
    """Archives are published by a second name from staging; that needs one file system that has them."""
    source, target = vault.layout.staging / ".link", vault.layout.archives / ".link"
    try:
        for path in (source, target):
            path.unlink(missing_ok=True)
        source.touch(mode=0o600)
        target.hardlink_to(source)
    except OSError as error:
        found(Finding("NO_HARD_LINKS", str(target.parent), {"reason": error.strerror or str(error)}))
    finally:
        with suppress(OSError):
            target.unlink(missing_ok=True)
            source.unlink(missing_ok=True)
