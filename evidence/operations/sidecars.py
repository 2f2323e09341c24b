"""Sidecars: the time stamp that came after an archive was published is put beside it (FORMAT.md, "Sidecar").

An archive that is published is never changed. Each sidecar appears whole, by renaming; that it is there is
journaled afterwards, so an interrupted delivery is repeated. One that is there is only ever extended.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from operator import itemgetter
from pathlib import Path

from evidence.container import sidecar as container
from evidence.container.names import (
    ENTRY,
    key_proof_name,
    proof_name,
    token_name,
)
from evidence.container.reader import open_archive
from evidence.container.sidecar import SUFFIX
from evidence.crypto import tokens
from evidence.digests import sha256
from evidence.errors import StoreError
from evidence.messages import t
from evidence.operations import prooffile
from evidence.operations.custody import facts_of
from evidence.operations.seams import Seams
from evidence.operations.stamping import Asked, pending, stamp_newest
from evidence.register import entries, merkle, proof, sidecar
from evidence.vault import archive_store, claims, locks, stamps
from evidence.vault.claims import Claim
from evidence.vault.vault import Vault

_AT_ONCE = 256
_MOST_TOKENS = 9


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of the time stamp of one archive.

    Attributes:
        archive_id: the archive.
        sequence: its place in the register.
        sidecar: where its time stamp stands now; None where its archive isn't in the vault's folder any more.
        set_aside: where a file of that name, which isn't a sidecar of this archive, was moved.
    """

    archive_id: str
    sequence: int
    sidecar: Path | None
    set_aside: Path | None = None


@dataclass(frozen=True, slots=True)
class CaughtUp:
    """What `catch_up` did.

    Attributes:
        asked: what the authorities said; None where nobody had to be asked.
        deliveries: what became of the archives that waited, in the order of the register.
        lost: how many archives wait again, since their sidecar is gone or proves no time any more.
    """

    asked: Asked | None
    deliveries: tuple[Delivery, ...]
    lost: int = 0


def catch_up(vault: Vault, seams: Seams, *, reads: bool = False) -> CaughtUp:
    """Deliver what the vault has, and for the rest have the newest checkpoint stamped and deliver that.

    Args:
        vault: an open vault.
        seams: authorities, clock and file system.
        reads: see reopen.

    Raises:
        StateError: the register was rolled back.
        StoreError, OSError: as deliver.
    """
    count = reopen(vault, reads=reads)
    done = deliver(vault, seams)
    lost = {item.sequence for item in done if item.sidecar is None}
    if all(claim.sequence in lost for claim in pending(vault)):
        return CaughtUp(None, tuple(done), count)
    asked = stamp_newest(vault, seams)
    if asked.stamp:
        done += [item for item in deliver(vault, seams) if item.sequence not in lost]
    return CaughtUp(asked, tuple(done), count)


def reopen(vault: Vault, *, reads: bool = False) -> int:
    """Let archives wait again whose sidecar was delivered, and isn't there any more.

    Archives that aren't in their folder either are left alone.

    Args:
        vault: an open vault.
        reads: whether every sidecar is read, and one that proves no time any more counts as gone; else a day
            is looked into only where there are fewer sidecars than were delivered.

    Returns:
        how many archives wait again.

    Raises:
        StoreError, OSError: the disk or the store failed.
    """
    with locks.held(vault.layout.stamps_lock):
        finder = _Finder(vault)
        lost: list[Claim] = []
        for day, delivered in groupby(claims.delivered(vault.store), key=itemgetter(0)):
            waiting = [claim for _day, claim in delivered]
            if reads or _count(vault.layout.archives_of(day)) < len(waiting):
                lost += [claim for claim in waiting if _is_lost(vault, claim, finder.archive(claim))]
        if lost:
            with vault.store.transaction():
                for claim in lost:
                    claims.put(vault.store, replace(claim, tokens=claims.WITHOUT))
    return len(lost)


def _count(folder: Path) -> int:
    """How many sidecars stand in a folder."""
    return sum(1 for _path in folder.glob(f"*{archive_store.SUFFIX}{SUFFIX}"))


def _is_lost(vault: Vault, claim: Claim, archive: Path | None) -> bool:
    """Whether the archive is there, and nothing beside it proves a time."""
    if archive is None:
        return False
    store, entry = vault.store, vault.store.entry(claim.sequence or 0)
    return not prooffile.judge(prooffile.read(archive), entry, store.register_key(), store.origin()).tokens


def deliver(vault: Vault, seams: Seams) -> list[Delivery]:
    """Put a sidecar beside each archive that waits for a time stamp which the vault has by now.

    Safe to repeat after a crash. Archives over whose entry there is no token yet go on waiting.

    Raises:
        StoreError, OSError: the disk or the store failed; what is not delivered goes on waiting.
    """
    done: list[Delivery] = []
    with locks.held(vault.layout.stamps_lock):
        finder = _Finder(vault)
        ready = [claim for claim in pending(vault) if stamps.over(vault.store, claim.sequence or 0)]
        for start in range(0, len(ready), _AT_ONCE):
            done += _deliver(vault, seams, ready[start : start + _AT_ONCE], finder)
    return done


def _deliver(vault: Vault, seams: Seams, ready: Sequence[Claim], finder: "_Finder") -> list[Delivery]:
    found = [_place(vault, seams, claim, finder.archive(claim)) for claim in ready]
    for folder in {item.sidecar.parent for item in found if item.sidecar}:
        seams.durable.sync_directory(folder)
    with vault.store.transaction():
        for claim, item in zip(ready, found, strict=True):
            if item.sidecar and claims.find(vault.store, claim.uid) == claim:
                claims.put(vault.store, replace(claim, tokens=claims.DELIVERED))
    return found


def _place(vault: Vault, seams: Seams, claim: Claim, archive: Path | None) -> Delivery:
    """Write the sidecar of one archive; its name is durable when its folder is synced."""
    sequence = claim.sequence or 0
    if archive is None:
        return Delivery(claim.archive_id, sequence, None)
    target = archive.with_name(archive.name + SUFFIX)
    with stamps.readable():
        data = _merged(vault, sequence, {})
    there, aside = None, None
    try:
        there = _read(target)
        data = data if there is None else _merged(vault, sequence, container.read(there))
    except (ValueError, OSError):  # not a sidecar, another archive's, or too full for one more token
        aside = _set_aside(seams, target)
    if data != there:
        _write(seams, target, data)
    return Delivery(claim.archive_id, sequence, target, aside)


def _merged(vault: Vault, sequence: int, there: Mapping[str, bytes]) -> bytes:
    """The bytes of a sidecar that proves what was there, and the time by the vault's token.

    Raises:
        ValueError: what was there is another archive's, or all of it together is too much for a sidecar; or,
            with nothing there, what the register holds doesn't fit together.
    """
    store, entry = vault.store, vault.store.entry(sequence)
    size, token = stamps.over(store, sequence) or (0, b"")
    imprint = stamps.imprint(store, size)
    tokens.verify(token, imprint)
    groups = _kept(there, entry, store.register_key(), store.origin()) if there else []
    same = [group for group in groups if group.imprint == imprint]
    if any(token in group.tokens for group in same):
        return container.build(list(there.items()))
    room = next((group for group in same if len(group.tokens) < _MOST_TOKENS), None)
    if room is None:
        path = tuple(merkle.inclusion_proof(sequence, size, store.node))
        room = _Group(imprint, proof.encode(proof.Proof(sequence, path, store.note(size))), [], None)
        groups.append(room)
    room.tokens.append(token)
    data = container.build([(ENTRY, entry), *_parts(groups)])
    made = sidecar.later(container.read(data), entry, store.register_key(), store.origin())
    if any(item.problem for item in made):
        raise ValueError("the register's own proof doesn't hold")
    return data


@dataclass(frozen=True, slots=True)
class _Group:
    """A proof with what belongs to it, and what the tokens over its checkpoint stamp."""

    imprint: bytes
    proof: bytes
    tokens: list[bytes]
    key_proof: bytes | None


def _kept(there: Mapping[str, bytes], entry: bytes, register_key: str, origin: str) -> list[_Group]:
    """What an existing sidecar proves; the rest of it is dropped."""
    return [
        _Group(
            sha256(item.committed),
            item.data,
            [data for _name, data in item.tokens if not _is_broken(data, item.committed)],
            there.get(key_proof_name(item.number)),
        )
        for item in sidecar.later(there, entry, register_key, origin)
        if item.checkpoint is not None and not item.problem
    ]


def _is_broken(token: bytes, committed: bytes) -> bool:
    """Whether it is no token over that checkpoint; one that isn't supported here may be."""
    try:
        tokens.verify(token, sha256(committed))
    except tokens.TokenUnsupported:
        return False
    except ValueError:
        return True
    return False


def _parts(groups: Iterable[_Group]) -> Iterator[tuple[str, bytes]]:
    for number, group in enumerate(groups, 1):
        yield proof_name(number), group.proof
        for place, token in enumerate(group.tokens, 1):
            yield token_name(number, place), token
        if group.key_proof is not None:
            yield key_proof_name(number), group.key_proof


def _read(path: Path) -> bytes | None:
    """The bytes of a sidecar that is there, as many as a sidecar may have, and one.

    Raises:
        ValueError: something else than a file is there.
    """
    if not path.exists():
        return None
    if path.is_symlink() or not path.is_file():
        raise ValueError("not a file")
    with path.open("rb") as file:
        return file.read(container.MAX_SIZE + 1)


def _set_aside(seams: Seams, path: Path) -> Path:
    """Keep a file that stands where a sidecar belongs under another name."""
    number = 1
    while (target := path.with_name(f"{path.name}.aside{number}")).exists():
        number += 1
    seams.durable.replace(path, target)
    return target


def _write(seams: Seams, target: Path, data: bytes) -> None:
    temporary = target.with_name(f".{target.name}.new")
    seams.durable.remove(temporary)
    with seams.durable.create(temporary) as file:
        file.write(data)
        seams.durable.sync(file)
        file.seek(0)
        if file.read() != data:
            raise StoreError(t("vault.read_back"), t("vault.read_back_hint"))
    seams.durable.replace(temporary, target)


class _Finder:
    """Finds archives by their register entries; names say nothing, since they may have been changed."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        self._scanned: dict[Path, dict[bytes, Path]] = {}

    def archive(self, claim: Claim) -> Path | None:
        """The published archive of a claim; None where it isn't in the folder of its day any more."""
        entry = self._vault.store.entry(claim.sequence or 0)
        with stamps.readable():
            folder = self._vault.layout.archives_of(entries.parse(entry).claimed_time)
        number = facts_of(self._vault, claim.archive_id).get("number", claim.archive_id)
        named = folder / f"{number}{archive_store.SUFFIX}"
        if named.parent == folder and entry_of(named) == entry:
            return named
        if folder not in self._scanned:
            listed = sorted(folder.glob(f"*{archive_store.SUFFIX}")) if folder.is_dir() else []
            self._scanned[folder] = {entry_of(path): path for path in listed}
        return self._scanned[folder].get(entry)


def entry_of(archive: Path) -> bytes:
    """The register entry in an archive, not verified; empty where there is none."""
    try:
        if not archive.is_file():
            return b""
        with archive.open("rb") as file:
            opened = open_archive(file)
            member = opened.find(ENTRY)
            return opened.read(member, entries.MAX_ENTRY) if member else b""
    except (ValueError, OSError):
        return b""
