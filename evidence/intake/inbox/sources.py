"""Files that were seen in a scan, opened again only if they are still the same."""

import os
from hashlib import sha256
from pathlib import Path

from evidence.intake import documents, files
from evidence.intake.inbox.model import Item, Row, Rows, Seen, Unsettled
from evidence.intake.inbox.settling import name_of
from evidence.messages import t
from evidence.text import visible


def seen(path: Path, status: os.stat_result) -> Seen:
    """A file as its directory lists it."""
    return Seen(path, status.st_size, status.st_mtime_ns, status.st_ino, status.st_ctime_ns)


def require_same(item: Item) -> None:
    """Refuse an item whose files aren't those any more that the scan saw.

    Raises:
        Unsettled: one has changed, or is gone.
        StoreError: the file system refuses.
    """
    for file in (*item.recordings, *((item.sidecar,) if item.sidecar else ())):
        try:
            now = seen(file.path, os.lstat(file.path))
        except FileNotFoundError as error:
            raise changed(file.path) from error
        except OSError as error:
            raise files.unreadable(name_of(file.path), error) from error
        if now != file:
            raise changed(file.path)


def changed(path: Path) -> Unsettled:
    """What to raise when a file isn't any more what the scan saw."""
    return Unsettled(t("inbox.changed", file=visible(name_of(path))), t("inbox.changed_hint"))


def read_sidecar(file: Seen) -> bytes:
    """The bytes of a sidecar.

    Raises:
        FormatError: not a regular file, or too long for a document.
        StoreError: the file system refuses.
    """
    return documents.read_bytes(file.path.parent, name_of(file.path))


def read_rows(rows: Rows) -> tuple[bytes | None, list[bytes]]:
    """The header and the records of a table, byte for byte.

    Raises:
        Unsettled: they aren't there any more: the table was rewritten.
        StoreError: the file system refuses.
    """

    def read(row: Row) -> bytes:
        data = os.pread(file.fileno(), row.length, row.offset)
        if sha256(data).digest() != row.digest:
            raise changed(rows.file)
        return data

    with files.open_file(rows.file.parent, name_of(rows.file)) as file:
        try:
            header = read(rows.header) if rows.header else None
            return header, [read(row) for row in rows.rows]
        except OSError as error:
            raise files.unreadable(name_of(rows.file), error) from error
