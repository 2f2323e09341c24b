"""The file NAME.asice.proof beside an archive: evidence that came later (FORMAT.md, "Sidecar").

The container of an archive with another mimetype and only members of META-INF: the register entry, proofs
over later checkpoints, and tokens over these. What they say is judged elsewhere.
"""

import io
from collections.abc import Sequence

from evidence.container.names import ENTRY, MIMETYPE_NAME, MemberKind, check_order, classify, proof_name
from evidence.container.reader import Container, NotAnArchive, open_archive
from evidence.container.writer import ArchiveWriter
from evidence.container.zipformat import Member

SUFFIX = ".proof"
MIMETYPE = b"application/x-evidence-proof+zip"
MAX_SIZE = 4 * 1024 * 1024
"""Bytes of the largest sidecar."""
MAX_PART = 64 * 1024
"""Bytes of the longest of its members."""

_KINDS = {MemberKind.ENTRY, MemberKind.PROOF, MemberKind.TOKEN, MemberKind.KEY_PROOF}

Parts = Sequence[tuple[str, bytes]]
"""Names and contents of members but mimetype, in their order."""


def build(parts: Parts) -> bytes:
    """The bytes of a sidecar. ``read(build(x)) == dict(x)``.

    Raises:
        ValueError: not the members of a sidecar.
    """
    out = io.BytesIO()
    writer = ArchiveWriter(out)
    for name, data in [(MIMETYPE_NAME, MIMETYPE), *parts]:
        writer.add(name, data)
    writer.finish()
    read(out.getvalue())
    return out.getvalue()


def read(data: bytes) -> dict[str, bytes]:
    """The members of a sidecar but mimetype, in their order; every byte of the file is accounted for.

    Raises:
        ValueError: not a sidecar in its one form.
    """
    if len(data) > MAX_SIZE:
        raise ValueError(f"longer than {MAX_SIZE} bytes")
    try:
        container = open_archive(io.BytesIO(data), MIMETYPE)
    except NotAnArchive as error:
        raise ValueError("it doesn't begin as such a file does") from error
    names = [member.name for member in container.members[1:]]
    if not {ENTRY, proof_name(1)} <= set(names):
        raise ValueError("no register entry, or no proof")
    if not {classify(name) for name in names} <= _KINDS or check_order(names):
        raise ValueError("members that it may not have, or not in their order")
    return {member.name: _content(container, member) for member in container.members[1:]}


def _content(container: Container, member: Member) -> bytes:
    if container.digest(member)[1] != member.crc32:
        raise ValueError("a ZIP checksum doesn't fit")
    return container.read(member, MAX_PART)
