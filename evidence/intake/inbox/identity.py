"""The uid of an incident without folder: that of its recordings (FORMAT.md, "Records")."""

import uuid
from collections.abc import Iterable

from evidence import canonical
from evidence.digests import sha256
from evidence.intake.folder import IncidentFolder
from evidence.intake.roles import RECORDING
from evidence.model import names

_PURPOSE = "evidence-archiver: uid of dropped recordings"


def uid_of(folder: IncidentFolder, digests: Iterable[tuple[str, bytes]]) -> str:
    """The uid by which an incident is sealed once: an incident folder's own, else made of its recordings.

    It is the UUID (RFC 9562, version 8) of the first 16 bytes of SHA-256 over the RFC 8785 form of the array
    of a purpose and of name and digest of each recording, in the order of the names' bytes. So the same
    recording under the same name is one incident, whatever stands in its sidecar.

    Args:
        folder: as ``read`` returned it.
        digests: name and SHA-256 of at least each recording.

    Raises:
        ValueError: a recording's digest isn't there.
    """
    if folder.uid:
        return folder.uid
    known = dict(digests)
    recordings = sorted((f.name for f in folder.files if f.role == RECORDING), key=names.to_bytes)
    absent = [name for name in recordings if name not in known]
    if absent or not recordings:
        raise ValueError("the digest of a recording isn't there")
    listed = [[names.to_document(name), known[name].hex()] for name in recordings]
    made = bytearray(sha256(canonical.encode([_PURPOSE, listed]))[:16])
    made[6] = made[6] & 0x0F | 0x80
    made[8] = made[8] & 0x3F | 0x80
    return str(uuid.UUID(bytes=bytes(made)))
