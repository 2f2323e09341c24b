"""What archives say of the register: the entry and the signed checkpoint that each of them carries.

Nothing of an archive is verified here; a checkpoint is as good as its signature, an entry as its proof.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from evidence import canonical
from evidence.container import names
from evidence.container.reader import Malformed, MemberTooLarge, NotAnArchive, open_archive
from evidence.digests import sha256
from evidence.register import entries, proof
from evidence.register.proof import Proof
from evidence.vault import archive_store
from evidence.vault.layout import Layout

_MANIFEST_LIMIT = 16 * 1024 * 1024
_READ = (
    (names.ENTRY, entries.MAX_ENTRY),
    (names.proof_name(1), proof.MAX_PROOF),
    (names.MANIFEST, _MANIFEST_LIMIT),
    (names.ASIC_MANIFEST, _MANIFEST_LIMIT),
)


@dataclass(frozen=True, slots=True)
class Carried:
    """The evidence about its place in the register that an archive carries.

    Attributes:
        path: the archive.
        entry: bytes of its register entry.
        proof: its first proof, with the checkpoint.
        identity: digest of its ASiCManifest001.xml, 32 bytes.
        origin, register_key: of the register that its manifest.json names.
        expects: whether a time-stamp token belongs to it.
        is_stamped: whether there is one in it.
    """

    path: Path
    entry: bytes
    proof: Proof
    identity: bytes
    origin: str
    register_key: str
    expects: bool
    is_stamped: bool


def read(path: Path) -> Carried | None:
    """What an archive carries; None where it can't be read or isn't one."""
    try:
        with path.open("rb") as file:
            container = open_archive(file)
            found = [(container.find(name), limit) for name, limit in _READ]
            entry, proven, manifest, listed = (container.read(m, limit) for m, limit in found if m)
        document = canonical.decode(manifest, _MANIFEST_LIMIT)
        origin, key = str(document["origin"]), str(document["register_key"])
        expects = document["time_policy"] == "expected"
        is_stamped = container.find(names.token_name(1, 1)) is not None
        position = entry, proof.parse(proven), sha256(listed)
        return Carried(path, *position, origin, key, expects, is_stamped)
    except (OSError, ValueError, KeyError, TypeError, NotAnArchive, Malformed, MemberTooLarge):
        return None


def newest(layout: Layout, most: int) -> Iterator[Carried]:
    """What the archives that were published last carry; those that can't be read are left to others.

    Args:
        layout: of the vault.
        most: how many archives are looked into.
    """
    folders = archive_store.days(layout)
    folder = folders[-1] if folders else layout.archives
    try:
        found = [(path.stat().st_mtime_ns, path) for path in folder.glob(f"*{archive_store.SUFFIX}")]
    except OSError:
        return
    for _changed, path in sorted(found, reverse=True)[:most]:
        carried = read(path)
        if carried is not None:
            yield carried
