"""What the file system under a vault must be able to do."""

from pathlib import Path

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
