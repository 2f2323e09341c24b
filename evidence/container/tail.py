"""The part of an archive behind its body: evidence members, central directory, end records."""

from collections.abc import Sequence

from isal.isal_zlib import crc32

from evidence.container.writer import central_directory
from evidence.container.zipformat import Member, local_header


def evidence_tail(body: Sequence[Member], parts: Sequence[tuple[str, bytes]]) -> bytes:
    """Everything that follows a staged body.

    An archive is the body's bytes as far as its last member, then these bytes (FORMAT.md, "Container").

    Args:
        body: the members of the body, in their order.
        parts: names and contents of the evidence members, in their order.
    """
    position = body[-1].end
    members, pieces = list(body), []
    for name, data in parts:
        member = Member.at(position, name, len(data), crc32(data))
        pieces += [local_header(member), data]
        members.append(member)
        position = member.end
    return b"".join([*pieces, central_directory(members, position)])
