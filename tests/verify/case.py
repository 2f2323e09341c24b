"""Verifying archives in memory, with the trust that the builder's archives need."""

import io
from functools import cache
from typing import Any

from evidence.crypto import certificates
from evidence.crypto.trust import Anchors
from evidence.findings import Status
from evidence.verify.results import Options, Outcome, Verification
from evidence.verify.verifier import verify
from tests import builder
from tests.builder import Members
from tests.vectors import archives
from tests.vectors.archives import World, source

PASSED, INDETERMINATE, FAILED = Status.PASSED, Status.INDETERMINATE, Status.FAILED
NOBODY = Anchors()


@cache
def anchors(name: str) -> Anchors:
    """Trust in the certificates of one of the vectors' sources."""
    return Anchors(certificates.pem_to_der(source(name)))


def options(**changes: Any) -> Options:
    """The verifier's side: trust in the builder's signer and authority; bytes for an export will do."""
    values = {
        "anchors": anchors("sealer.pem"),
        "tsa_anchors": anchors("tsa.pem"),
        "now": builder.NOW,
        **changes,
    }
    if isinstance(values.get("register_export"), bytes):
        values["register_export"] = io.BytesIO(values["register_export"])
    return Options(**values)


def check(archive: bytes | Members, **changes: Any) -> Verification:
    """Verify a file, or the file that members make."""
    data = builder.pack(archive) if isinstance(archive, list) else archive
    return verify(io.BytesIO(data), options(**changes))


def codes(verification: Verification) -> list[str]:
    """The codes of what was found."""
    return [finding.code for finding in verification.findings]


def notes(verification: Verification) -> list[str]:
    """The codes of what is said beside."""
    return [note.code for note in verification.notes]


def outcomes(verification: Verification) -> list[Outcome]:
    """What came of the steps, in order."""
    return [step.outcome for step in verification.steps]


@cache
def base() -> World:
    """The archive of PASSED.asice and its register."""
    return archives.world()
