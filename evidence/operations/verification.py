"""`evidence verify`: the verifier's side is gathered here, and never from an archive or a vault near it."""

import datetime as dt
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from evidence.container.sidecar import MAX_SIZE, SUFFIX
from evidence.crypto.certificates import MAX_PEM_SIZE, load_anchors
from evidence.crypto.trust import Anchors
from evidence.operations.seams import Seams
from evidence.register.checkpoint import MAX_NOTE
from evidence.verify.results import Options, Verification
from evidence.verify.verifier import verify


@dataclass(frozen=True, slots=True)
class Trust:
    """Whom the verifier trusts for one purpose.

    Attributes:
        files: certificate files, PEM or DER.
        fingerprints: SHA-256 of certificates, 64 hexadecimal digits each.
    """

    files: tuple[Path, ...] = ()
    fingerprints: frozenset[str] = frozenset()

    @property
    def is_named(self) -> bool:
        """Whether anybody is named."""
        return bool(self.files or self.fingerprints)


@dataclass(frozen=True, slots=True)
class Request:
    """What a verifier brings along.

    Attributes:
        trust: for signers; the user's own trust store counts only where nobody is named here.
        tsa_trust: for time-stamping authorities; likewise.
        register: a register export.
        checkpoint: a checkpoint kept from earlier.
        at: judge as of this time; None for now.
        require_complete: whether unchecked later signatures make the verdict INDETERMINATE.
        proof: the archive's sidecar; None: the one beside it, if there is one.
    """

    trust: Trust = Trust()
    tsa_trust: Trust = Trust()
    register: Path | None = None
    checkpoint: Path | None = None
    at: dt.datetime | None = None
    require_complete: bool = False
    proof: Path | None = None


def beside(archive: Path) -> Path | None:
    """The sidecar that stands beside an archive, if there is one."""
    path = archive.with_name(archive.name + SUFFIX)
    return path if path.is_file() else None


class Verifier:
    """Verifies archives for one request; trust files are read once.

    Raises:
        FormatError: a trust file holds no certificate.
        OSError: a file of the request can't be read.
    """

    def __init__(self, request: Request, seams: Seams) -> None:
        self._request = request
        self._seams = seams
        user = seams.user
        self._anchors = _anchors(request.trust, () if request.trust.is_named else user.trusted())
        tsa = request.tsa_trust
        self._tsa_anchors = _anchors(tsa, () if tsa.is_named else user.trusted_tsa())
        self._checkpoint = _read(request.checkpoint, MAX_NOTE) if request.checkpoint else None
        self._own = seams.user.own()

    def verify(self, path: Path, progress: Callable[[int, int], None] | None = None) -> Verification:
        """Verify one archive.

        Raises:
            FormatError: it isn't an archive.
            OSError: it can't be read.
        """
        with ExitStack() as stack:
            export = (
                stack.enter_context(self._request.register.open("rb")) if self._request.register else None
            )
            options = Options(
                anchors=self._anchors,
                tsa_anchors=self._tsa_anchors,
                now=self._seams.clock(),
                at=self._request.at,
                register_export=export,
                checkpoint=self._checkpoint,
                require_complete=self._request.require_complete,
                own_fingerprints=self._own,
                sidecar=self._sidecar(path),
            )
            return verify(stack.enter_context(path.open("rb")), options, progress)

    def _sidecar(self, archive: Path) -> bytes | None:
        """The bytes of the archive's sidecar; one that merely lies there and can't be read is left aside."""
        if self._request.proof is not None:
            return _read(self._request.proof, MAX_SIZE)
        found = beside(archive)
        try:
            return _read(found, MAX_SIZE) if found else None
        except OSError:
            return b""


def _anchors(trust: Trust, stored: tuple[bytes, ...]) -> Anchors:
    pems = [*stored, *(_read(path, MAX_PEM_SIZE) for path in trust.files)]
    return Anchors(tuple(der for pem in pems for der in load_anchors(pem)), trust.fingerprints)


def _read(path: Path, limit: int) -> bytes:
    """At most ``limit`` bytes and one more, so that a longer file is refused for what it is."""
    with path.open("rb") as file:
        return file.read(limit + 1)
