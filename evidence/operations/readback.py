"""A staged body compared with what was to be written, as the disk holds it after it was synced."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from evidence.container.zipformat import Member, local_header
from evidence.errors import StoreError
from evidence.messages import t
from evidence.vault.copying import ReadBack

_WORTH_A_THREAD = 4 * 1024 * 1024

Progress = Callable[[int], None]


def read_back(
    path: Path, members: Sequence[Member], digests: Mapping[str, bytes], progress: Progress
) -> None:
    """Compare header by header and digest by digest.

    Args:
        path: the staging file, synced.
        members: what it is to hold, in order.
        digests: the SHA-256 of each, by name.
        progress: told the bytes of members that were read.

    Raises:
        StoreError: they differ.
    """
    if members[-1].end < _WORTH_A_THREAD:
        same = _is_on_disk(path, members, digests, progress)
    else:
        with ThreadPoolExecutor(1) as fresh:  # see sha256_and_crc32
            same = fresh.submit(_is_on_disk, path, members, digests, progress).result()
    if not same:
        raise StoreError(t("vault.read_back"), t("vault.read_back_hint"))


def _is_on_disk(
    path: Path, members: Sequence[Member], digests: Mapping[str, bytes], progress: Progress
) -> bool:
    with ReadBack(path) as disk:
        for member in members:
            header = local_header(member)
            found = b"".join(map(bytes, disk.pieces(len(header))))
            digest = hashlib.sha256()
            for piece in disk.pieces(member.size):
                digest.update(piece)
                progress(len(piece))
            if found != header or digest.digest() != digests[member.name]:
                return False
    return True
