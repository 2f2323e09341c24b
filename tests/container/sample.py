"""Small archives for the tests, and archives put together from parts that no writer would write."""

import dataclasses
import io
from collections.abc import Callable, Iterable, Sequence

from isal.isal_zlib import crc32

from evidence.container.names import MIMETYPE, MIMETYPE_NAME
from evidence.container.reader import Container, Malformed, NotAnArchive, open_archive
from evidence.container.writer import ArchiveWriter
from evidence.container.zipformat import Member, central_header, end_records, local_header

PARTS = (
    (MIMETYPE_NAME, MIMETYPE),
    ("exhibits/E1.wav", b"RIFF" + bytes(40)),
    ("records/r-0a1b2c3d.json", b'{"salt":"x"}'),
    ("manifest.json", b"{}"),
    ("META-INF/ASiCManifest001.xml", b"<a/>"),
)
BEGINNING = 30 + len(MIMETYPE_NAME) + len(MIMETYPE)
"""Bytes that say that a file is an archive."""


def archive(parts: Iterable[tuple[str, bytes]] = PARTS) -> bytes:
    """An archive as the writer writes it."""
    out = io.BytesIO()
    writer = ArchiveWriter(out)
    for name, data in parts:
        writer.add(name, data)
    writer.finish()
    return out.getvalue()


def layout(parts: Iterable[tuple[str, bytes]] = PARTS) -> list[Member]:
    """The members of ``archive(parts)``, by plain arithmetic."""
    members: list[Member] = []
    for name, data in parts:
        members.append(Member.at(members[-1].end if members else 0, name, len(data), crc32(data)))
    return members


def assemble(
    parts: Sequence[tuple[str, bytes]] = PARTS,
    *,
    listed: Sequence[int] | None = None,
    local: Callable[[int, Member], Member] = lambda _index, member: member,
    central: Callable[[int, Member], Member] = lambda _index, member: member,
    count: int | None = None,
) -> bytes:
    """An archive of well-formed records that say what a test wants, listed in the order it wants."""
    members = layout(parts)
    headers = [local_header(local(index, member)) for index, member in enumerate(members)]
    body = b"".join(header + data for header, (_name, data) in zip(headers, parts, strict=True))
    chosen = range(len(members)) if listed is None else listed
    directory = b"".join(central_header(central(index, members[index])) for index in chosen)
    number = len(chosen) if count is None else count
    return body + directory + end_records(number, len(directory), len(body))


def moved(member: Member, **changes: int | str) -> Member:
    """The member with other values, consistent or not."""
    return dataclasses.replace(member, **changes)  # type: ignore[arg-type]


def opened(data: bytes) -> Container:
    """The archive that these bytes are."""
    return open_archive(io.BytesIO(data))


def contents(data: bytes) -> list[tuple[str, bytes]]:
    """Names and contents that the reader finds, each content checked against its CRC."""
    container = opened(data)
    found = []
    for member in container.members:
        content = container.read(member, member.size)
        assert crc32(content) == member.crc32 == container.digest(member)[1], member.name
        found.append((member.name, content))
    return found


def refusal(data: bytes) -> tuple[str, str]:
    """Code and subject with which the reader refuses; ``("", "")`` for what it takes."""
    try:
        opened(data)
    except NotAnArchive:
        return "NOT_AN_ARCHIVE", ""
    except Malformed as error:
        return error.code, error.subject
    return "", ""
