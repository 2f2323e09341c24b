"""Versions of the recording notice and their register entries as bytes (FORMAT.md, "Announcement")."""

from evidence import canonical, resources
from evidence.digests import sha256_hex
from evidence.model.entry import Entry
from evidence.model.notice import MAX_NOTICE, SCHEMA, Notice
from evidence.register import entries


def parse(data: bytes) -> Notice:
    """The version in the bytes of a notice.json.

    Raises:
        ValueError: longer than MAX_NOTICE, not canonical JSON, or not what notice.v1 asks.
    """
    document = canonical.decode(data, MAX_NOTICE)
    problem = resources.problem(SCHEMA, document)
    if problem:
        raise ValueError(problem)
    return Notice.from_document(document)


def entry_of(data: bytes, notice: Notice, document: bytes) -> Entry:
    """The register entry in ``data``, if it is the one of that version.

    Args:
        data: the entry's bytes.
        notice: the version.
        document: the version's bytes.

    Raises:
        ValueError: not an entry, not of a version of the notice, or of another one.
    """
    entry = entries.parse(data)
    if entry.type != entries.NOTICE or entry.text("notice_id") != notice.id:
        raise ValueError("not the register entry of this version of the notice")
    if entry.text("custody_sha256") != sha256_hex(document):
        raise ValueError("the register entry has another digest than the version of the notice")
    return entry
