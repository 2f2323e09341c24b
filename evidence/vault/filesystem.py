"""What the file system under a vault must be able to do."""

import os
from pathlib import Path

from evidence.errors import StoreError
from evidence.messages import t
from evidence.text import visible

_NETWORK = {
    "nfs",
    "nfs4",
    "cifs",
    "smb3",
    "smbfs",
    "9p",
    "afs",
    "ceph",
    "glusterfs",
    "fuse.sshfs",
}
_MIB = 1024 * 1024
_MOUNTS = Path("/proc/self/mountinfo")


def network_type(path: Path) -> str:
    """The type of the network file system that holds ``path``; empty for a local or unknown one.

    SQLite's locks can't be relied on over a network, so a register is refused there.
    """
    try:
        lines = _MOUNTS.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    best, kind = "", ""
    for line in lines:
        before, _, after = line.partition(" - ")
        mount = before.split(" ")[4].replace("\\040", " ")
        if len(mount) >= len(best) and path.resolve().is_relative_to(mount):
            best, kind = mount, after.split(" ")[0]
    return kind if kind in _NETWORK else ""


def require_room(folder: Path, size: int) -> None:
    """Refuse to write ``size`` bytes where the disk can't hold them, instead of filling it first.

    A file of which most is a hole may claim a tebibyte and take no room itself.

    Raises:
        StoreError: there is less room.
        OSError: the file system doesn't answer.
    """
    found = os.statvfs(folder)
    free = found.f_bavail * found.f_frsize
    if found.f_blocks and size > free:
        needed, shown = -(-size // _MIB), visible(str(folder))
        message = t("vault.no_room", folder=shown, needed=needed, free=free // _MIB)
        raise StoreError(message, t("vault.no_room_hint"))
