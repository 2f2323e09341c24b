"""Archives read in full: verified as `evidence verify` does, and compared with the register."""

import datetime as dt
import os
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from evidence.crypto.certificates import load_anchors
from evidence.crypto.trust import Anchors
from evidence.digests import CHUNK
from evidence.errors import EvidenceError, FormatError, StoreError
from evidence.findings import Finding, Status
from evidence.operations import prooffile
from evidence.operations.audit import places
from evidence.operations.audit.findings import Found
from evidence.operations.seams import Seams
from evidence.register.checkpoint import Checkpoint
from evidence.vault.audit_store import BAD, GOOD, AuditStore, File
from evidence.vault.vault import Vault
from evidence.verify.results import Options, Verification
from evidence.verify.verifier import verify

_PENDING = {"TOKEN_MISSING"}
"""What a verdict may rest on without being a finding of its own: it is told of all archives together."""


def codes(found: Verification) -> str:
    """The codes of a verification's findings, for a sentence."""
    return ", ".join(dict.fromkeys(finding.code for finding in found.findings)) or found.verdict.name


@dataclass(slots=True)
class Reader:
    """Verifies archives of one vault.

    Attributes:
        vault: an open vault.
        seams: clock and the user's own store.
        found: takes findings.
        compares: whether checkpoints are compared with the register's tree, which must be in order.
        files: how many archives were read in full.
        size: their bytes.
    """

    vault: Vault
    seams: Seams
    found: Found
    compares: bool = True
    files: int = 0
    size: int = 0
    progress: Callable[[int], None] = lambda _count: None
    _anchors: tuple[Anchors, Anchors] | None = field(default=None)

    def verify(self, path: Path) -> Verification:
        """Verify one archive; the verifier's side is the vault's owner and the user.

        Raises:
            FormatError: it isn't an archive.
            OSError: it can't be read.
        """
        if self._anchors is None:
            self._anchors = _signers(self.vault), _authorities(self.vault)
        signers, authorities = self._anchors
        done = 0

        def step(now: int, _total: int) -> None:
            nonlocal done
            self.progress(now - done)
            done = now

        with places.open_regular(path) as file:
            self.files += 1
            self.size += os.fstat(file.fileno()).st_size
            options = Options(
                signers,
                authorities,
                self.seams.clock(),
                own_fingerprints=self.vault.user.own(),
                sidecar=prooffile.read(path),
            )
            return verify(file, options, step)

    def judge(self, name: bytes) -> int | None:
        """Verify an archive that the register knows, and tell what is wrong with it.

        Returns:
            GOOD or BAD; None where it can't be read.
        """
        shown = os.fsdecode(name)
        try:
            verification = self.verify(self.vault.layout.archives / shown)
        except FormatError:
            self.found(Finding("ARCHIVE_ALTERED", shown, {"codes": "NOT_AN_ARCHIVE"}))
            return BAD
        except OSError as error:
            self.found(Finding("ARCHIVE_UNREADABLE", shown, {"reason": error.strerror or str(error)}))
            return None
        finding = self._wrong(shown, verification)
        if finding is not None:
            self.found(finding)
        return GOOD if finding is None else BAD

    def _wrong(self, shown: str, verification: Verification) -> Finding | None:
        if verification.verdict is Status.FAILED:
            return Finding("ARCHIVE_ALTERED", shown, {"codes": codes(verification)})
        place = verification.position
        if place is not None and self.compares and not self._is_root(place.size, place.root):
            return Finding("ARCHIVE_FORK", shown, {"size": place.size})
        is_pending = {finding.code for finding in verification.findings} == _PENDING
        if verification.verdict is Status.INDETERMINATE and not is_pending:
            return Finding("ARCHIVE_UNDECIDED", shown, {"codes": codes(verification)})
        return None

    def _is_root(self, size: int, root: bytes) -> bool:
        try:
            return size <= self.vault.store.size() and self.vault.store.root(size) == root
        except StoreError:
            return False

    def compare(self, shown: str, heads: Iterable[Checkpoint]) -> None:
        """Tell of a checkpoint that isn't the register's; a sidecar's aren't in what `verify` gives."""
        for head in heads:
            if self.compares and not self._is_root(head.size, head.root):
                self.found(Finding("ARCHIVE_FORK", shown, {"size": head.size}))

    def stands(self, sequence: int, data: bytes) -> bool:
        """Whether the register, as it is now, has exactly that entry at that place."""
        try:
            return self.vault.store.entry(sequence) == data
        except (StoreError, OverflowError):
            return False


def doubles(store: AuditStore, reader: Reader, found: Found) -> None:
    """Several files of one archive: copies, or files that differ although both verify."""
    for sequence in store.doubled_files():
        if sequence < 0:
            continue
        files = sorted(
            store.files("sequence = ?", sequence), key=lambda file: (bool(file.misplaced), file.path)
        )
        sound = [file for file in files if _is_sound(store, reader, file)]
        for file in sound[1:]:
            same = _same(reader.vault.layout.archives, sound[0].path, file.path)
            code = "ARCHIVE_COPIED" if same else "ARCHIVE_DOUBLED"
            found(Finding(code, os.fsdecode(file.path), {"other": os.fsdecode(sound[0].path)}))
            store.attribute(file.path, -1, GOOD)  # the first one is the archive


def _is_sound(store: AuditStore, reader: Reader, file: File) -> bool:
    if file.state == BAD:
        return False
    state = reader.judge(file.path)
    store.set_state(file.path, BAD if state is None else state)
    return state == GOOD


def _same(folder: Path, first: bytes, second: bytes) -> bool:
    """Whether two files hold the same bytes; False when that can't be found out."""
    paths = [folder / os.fsdecode(name) for name in (first, second)]
    with suppress(OSError), places.open_regular(paths[0]) as one, places.open_regular(paths[1]) as other:
        while (here := one.read(CHUNK)) == other.read(CHUNK):
            if not here:
                return True
    return False


def share(store: AuditStore, of: int, now: dt.datetime) -> int:
    """Choose what is read in full: everything divided by ``of``, those longest not read first.

    Returns:
        their bytes.
    """
    count, _size = store.present()
    return store.choose(-(-count // of), int(now.timestamp()))


def read_chosen(store: AuditStore, reader: Reader, now: dt.datetime) -> None:
    """Read in full what was chosen."""
    for name, _sequence, archive_id in store.chosen():
        state = reader.judge(name)
        store.set_state(name, BAD if state is None else state)
        store.remember(archive_id, int(now.timestamp()), bad=state != GOOD)


def _signers(vault: Vault) -> Anchors:
    stored = [der for pem in vault.user.trusted() for der in load_anchors(pem)]
    return Anchors((*_certificates(vault.layout.sealing_chain), *stored))


def _authorities(vault: Vault) -> Anchors:
    stored = [der for pem in vault.user.trusted_tsa() for der in load_anchors(pem)]
    return Anchors((*_certificates(tsa_roots(vault)), *stored))


def _certificates(path: Path | None) -> tuple[bytes, ...]:
    """The certificates of a file; none where it can't be read, which is a finding of its own."""
    try:
        return load_anchors(path.read_bytes()) if path is not None else ()
    except (OSError, EvidenceError):
        return ()


def tsa_roots(vault: Vault) -> Path | None:
    """The file with the roots of time-stamping authorities; None when none is configured."""
    named = vault.config.time_stamp.roots
    return vault.layout.root / named if named else None
