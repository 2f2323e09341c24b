"""`evidence verify`: the verifier's side is gathered here, and never from an archive or a vault near it."""

import datetime as dt
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

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


@dataclass(frozen=True, slots=True)
class Request:
    """What a verifier brings along.

    Attributes:
        trust: for signers; the user's own trust store counts only where nobody is named here.
        tsa_trust: for time-stamping authorities.
        register: a register export.
        checkpoint: a checkpoint kept from earlier.
        at: judge as of this time; None for now.
        require_complete: whether unchecked later signatures make the verdict INDETERMINATE.
    """

    trust: Trust = Trust()
    tsa_trust: Trust = Trust()
    register: Path | None = None
    checkpoint: Path | None = None
    at: dt.datetime | None = None
    require_complete: bool = False


class Verifier:
    """Verifies archives for one request; trust files are read once.

    Raises:
        FormatError: a trust file holds no certificate.
        OSError: a file of the request can't be read.
    """

    def __init__(self, request: Request, seams: Seams) -> None:
        self._request = request
        self._seams = seams
        named = bool(request.trust.files or request.trust.fingerprints)
        self._anchors = _anchors(request.trust, () if named else seams.user.trusted())
        self._tsa_anchors = _anchors(request.tsa_trust, ())
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
            )
            return verify(stack.enter_context(path.open("rb")), options, progress)


def _anchors(trust: Trust, stored: tuple[bytes, ...]) -> Anchors:
    pems = [*stored, *(_read(path, MAX_PEM_SIZE) for path in trust.files)]
    return Anchors(tuple(der for pem in pems for der in load_anchors(pem)), trust.fingerprints)


def _read(path: Path, limit: int) -> bytes:
    """At most ``limit`` bytes and one more, so that a longer file is refused for what it is."""
    with path.open("rb") as file:
        return file.read(limit + 1)
