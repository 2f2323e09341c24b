"""`evidence extract`: exhibits out of a verified archive, under names of our own making.

What is written is hashed once more while it is written, and compared with the digest that was verified.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from evidence import strict
from evidence.container import names
from evidence.container.reader import Container, open_archive
from evidence.errors import UsageError
from evidence.messages import t
from evidence.operations.newfile import new_file
from evidence.text import visible
from evidence.verify.records import MAX_RECORD, apart
from evidence.verify.results import VerifiedArchive
from evidence.verify.unchanged import changed, unchanged

_EXTENSION = re.compile(r"[a-z0-9]{1,8}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Extracted:
    """One file that was written; ``id`` is the exhibit's, or the name of a derived member."""

    id: str
    path: Path


def extract(
    file: BinaryIO, contents: VerifiedArchive, target: Path, wanted: Iterable[str]
) -> Iterator[Extracted]:
    """Write exhibits into a folder, which is made if need be; nothing is overwritten.

    Args:
        file: the archive, the same one that was verified.
        contents: what verification made of it.
        target: the folder.
        wanted: ids of exhibits; empty for all.

    Yields:
        each file once it is written.

    Raises:
        UsageError: an exhibit that isn't there.
        StateError: a file exists, or the archive has changed since it was verified.
        OSError: a file can't be written; what was begun of it is removed.
    """
    exhibits = {
        record["exhibit"]: (record_id, record)
        for record_id, record in contents.records.items()
        if record["kind"] == "exhibit"
    }
    chosen = list(dict.fromkeys(wanted)) or sorted(exhibits, key=lambda e: int(e[1:]))
    for exhibit in chosen:
        if exhibit not in exhibits:
            raise UsageError(t("show.no_such_exhibit", id=visible(exhibit)), t("show.no_such_exhibit_hint"))
    target.mkdir(parents=True, exist_ok=True)
    with unchanged():
        container = open_archive(file)
    for exhibit in chosen:
        record_id, record = exhibits[exhibit]
        path = target / f"{exhibit}.{_extension(record)}"
        _write(path, _chunks(container, contents, record_id, record), record["sha256"])
        yield Extracted(exhibit, path)


def derived(contents: VerifiedArchive) -> list[str]:
    """Names of the members that were made from others when it was sealed: a report, access copies."""
    return [name for name in contents.digests if names.classify(name) is names.MemberKind.DERIVED]


def extract_derived(file: BinaryIO, contents: VerifiedArchive, target: Path) -> Iterator[Extracted]:
    """Write what was derived into a folder, under its own names; arguments and errors as of ``extract``."""
    target.mkdir(parents=True, exist_ok=True)
    with unchanged():
        container = open_archive(file)
    for name in derived(contents):
        member, path = container.find(name), target / name
        if member is None:
            raise changed()
        path.parent.mkdir(parents=True, exist_ok=True)
        _write(path, container.chunks(member), contents.digests[name].hex())
        yield Extracted(name, path)


def _extension(record: Mapping[str, Any]) -> str:
    """The extension of the exhibit's own name where it is harmless, else ``bin``."""
    name = record.get("member") or record["name"]
    found = name.rpartition(".")[2].lower() if isinstance(name, str) else ""
    return found if _EXTENSION.fullmatch(found) else "bin"


def _chunks(
    container: Container, contents: VerifiedArchive, record_id: str, record: Mapping[str, Any]
) -> Iterator[bytes | memoryview]:
    member = container.find(record.get("member") or names.record_name(record_id))
    if member is None:
        raise changed()
    if "member" in record:
        yield from container.chunks(member)
        return
    data = container.read(member, MAX_RECORD)
    if hashlib.sha256(data).digest() != contents.digests[member.name]:
        raise changed()
    file, _text = apart(data)
    del data  # it may be large
    yield strict.base64_bytes(file or b"")


def _write(path: Path, chunks: Iterator[bytes | memoryview], sha256: str) -> None:
    digest = hashlib.sha256()
    with new_file(path, t("show.extract_exists_hint")) as out, unchanged():
        for chunk in chunks:
            digest.update(chunk)
            out.write(chunk)
        if digest.hexdigest() != sha256:
            raise changed()
