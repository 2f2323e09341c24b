"""Quarantine: what a batch couldn't seal, a folder each with ``reason.json`` and, whole, what it is about.

A folder that begins with ``.new-`` is being filled; an interrupted one is finished by the next batch, if the
ledger knows its reason.json: people work in quarantine, and what they write there must not fetch files.
"""

import errno
import json
import os
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evidence import strict
from evidence.digests import sha256
from evidence.errors import EvidenceError
from evidence.intake import files
from evidence.intake.inbox.model import CALL, DROP, FOLDER
from evidence.messages import t
from evidence.model import names
from evidence.operations.batchoutcome import SetAside
from evidence.operations.seams import Seams
from evidence.vault.durable import save, write_new
from evidence.vault.layout import Layout
from evidence.vault.ledger import Ledger
from evidence.vault.moving import copy_into, is_copy, make_folders, move_to, remove

REASON, CONTENT = "reason.json", "content"
_BEGUN = ".new-"
_LIMIT = 1024 * 1024
_LONGEST_KEY = 80
_ODD = re.compile(r"[^A-Za-z0-9._-]+")


@dataclass(frozen=True, slots=True)
class Quarantined:
    """One folder in quarantine.

    Attributes:
        folder: its path.
        reason: what its reason.json says.
    """

    folder: Path
    reason: dict[str, Any]

    @property
    def content(self) -> Path:
        """The folder that holds what couldn't be sealed."""
        return self.folder / CONTENT


def set_aside(layout: Layout, ledger: Ledger, what: SetAside, seams: Seams, *, is_copied: bool) -> Path:
    """Put what couldn't be sealed into quarantine, with the reason.

    Args:
        layout: the vault's paths.
        ledger: remembers that we began.
        what: the item and why it can't be sealed.
        seams: clock, randomness and file system.
        is_copied: whether single files stay in the inbox and are copied; a folder is always moved.

    Returns:
        its folder in quarantine.

    Raises:
        OSError: the file system refuses; what was moved so far is in the folder, the rest where it was.
        StoreError: the ledger can't be written; nothing was moved.
    """
    make_folders(seams.durable, layout.quarantine)
    now = strict.format_timestamp(seams.clock())
    shown = _ODD.sub("_", what.item.key)[:_LONGEST_KEY]
    name = f"{now[:10]}-{shown}-{seams.entropy(4).hex()}"
    begun = layout.quarantine / f"{_BEGUN}{name}"
    copies = is_copied and what.item.kind not in {FOLDER, CALL}
    reason = {
        "format": 1,
        "item": names.to_document(what.item.key),
        "kind": what.item.kind,
        "inbox": names.to_document(str(what.item.inbox)),
        "originals": [names.to_document(str(path)) for path in what.item.originals],
        "is_copied": copies,
        "since": now,
        "exit_code": int(what.exit_code),
        "message": what.message,
        "hint": what.hint,
        "next": _next(what.item.kind, name),
    }
    data = _encoded(reason)
    ledger.begin_aside(sha256(data), what.item.inbox, what.item.key, what.item.fingerprint)
    seams.durable.make_directory(begun)
    try:
        write_new(seams.durable, begun / REASON, data)
        _fill(begun, reason, seams)
    except OSError:
        with suppress(OSError):
            _discard(begun, seams)
        raise
    ledger.put_aside(sha256(data))
    return _name(begun, seams)


def set_aside_again(found: Quarantined, what: SetAside, seams: Seams) -> Path:
    """Note why something in quarantine still can't be sealed; returns its folder.

    Raises:
        OSError: the file system refuses.
    """
    news = {
        "tried": strict.format_timestamp(seams.clock()),
        "message": what.message,
        "hint": what.hint,
        "next": _next(found.reason.get("kind", ""), found.folder.name),
    }
    save(seams.durable, found.folder / REASON, _encoded({**found.reason, **news}))
    return found.folder


def _next(kind: str, name: str) -> str:
    """What to do; what a table names stays where it lies, since the table isn't ours."""
    return t("batch.quarantine_next_call" if kind == CALL else "batch.quarantine_next", name=name)


def finish(layout: Layout, ledger: Ledger, seams: Seams) -> list[OSError]:
    """Finish what an interrupted batch began to set aside. The caller holds the batch's lock.

    Returns:
        what the file system refused; it is tried again by the next batch, and stops nothing.
    """
    refused = []
    begun = sorted(layout.quarantine.glob(f"{_BEGUN}*"))
    for folder in (path for path in begun if path.is_dir() and not path.is_symlink()):
        try:
            _finish(folder, ledger, seams)
        except OSError as error:
            refused.append(error)
    return refused


def listed(layout: Layout) -> Iterator[Quarantined]:
    """What is in quarantine, oldest first; folders without a usable reason are told with an empty one."""
    if not layout.quarantine.is_dir():
        return
    for folder in sorted(layout.quarantine.iterdir()):
        if folder.is_dir() and not folder.is_symlink() and not folder.name.startswith("."):
            yield Quarantined(folder, _reason(_read(folder)) or {})


def origin(found: Quarantined) -> tuple[Path, str]:
    """The inbox that something came from, and its key there."""
    inbox = names.from_document(found.reason["inbox"])
    return Path(os.fsdecode(names.to_bytes(inbox))), names.from_document(found.reason["item"])


def remove_if_empty(layout: Layout, found: Quarantined, seams: Seams) -> bool:
    """Remove a folder in quarantine whose content is sealed or taken back; False while there is anything.

    Raises:
        OSError: the file system refuses.
    """
    with suppress(FileNotFoundError, NotADirectoryError):
        if any(found.content.iterdir()):
            return False
        found.content.rmdir()
    if any(path.name != REASON for path in found.folder.iterdir()):
        return False
    seams.durable.remove(found.folder / REASON)
    found.folder.rmdir()
    seams.durable.sync_directory(layout.quarantine)
    return True


def _finish(begun: Path, ledger: Ledger, seams: Seams) -> None:
    data = _read(begun)
    reason = _reason(data)
    if data is not None and reason is not None and ledger.is_begun_aside(sha256(data)):
        _fill(begun, reason, seams)
        ledger.put_aside(sha256(data))
        _name(begun, seams)
    elif os.path.lexists(begun / CONTENT):  # nobody knows any more what belongs to it
        _name(begun, seams)
    else:  # nothing was moved before the reason was durable
        _discard(begun, seams)


def _fill(begun: Path, reason: dict[str, Any], seams: Seams) -> None:
    """Bring in what isn't there yet."""
    content = begun / CONTENT
    if content.is_symlink():
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(content))
    for original in reason["originals"]:
        path = Path(os.fsdecode(names.to_bytes(names.from_document(original))))
        target = content / path.name
        if reason["kind"] == CALL or not os.path.lexists(path):
            continue
        if os.path.lexists(target):  # it is there already; whoever took its place stays where it is
            if not reason["is_copied"] and is_copy(path, target):
                remove(seams.durable, path)
        elif reason["is_copied"]:
            make_folders(seams.durable, content)
            copy_into(seams.durable, path, content, path.name)
        else:
            move_to(seams.durable, path, target)


def _name(begun: Path, seams: Seams) -> Path:
    folder = begun.with_name(begun.name.removeprefix(_BEGUN))
    seams.durable.replace(begun, folder)
    seams.durable.sync_directory(folder.parent)
    return folder


def _discard(begun: Path, seams: Seams) -> None:
    """Forget a folder into which nothing was brought.

    Raises:
        OSError: there is something in it.
    """
    with suppress(FileNotFoundError):
        (begun / CONTENT).rmdir()
    seams.durable.remove(begun / REASON)
    begun.rmdir()


def _encoded(reason: dict[str, Any]) -> bytes:
    return json.dumps(reason, ensure_ascii=False, indent=2).encode() + b"\n"


def _read(folder: Path) -> bytes | None:
    """The bytes of a reason.json; None where there is no readable file of an honest size."""
    try:
        with files.open_file(folder, REASON) as file:
            data = file.read(_LIMIT + 1)
    except (OSError, EvidenceError):
        return None
    return data if len(data) <= _LIMIT else None


def _reason(data: bytes | None) -> dict[str, Any] | None:
    """What a reason.json says; None for one that isn't usable."""
    try:
        found = strict.json_document(data or b"", _LIMIT)
        return found if isinstance(found, dict) and _is_usable(found) else None
    except (ValueError, KeyError, TypeError):
        return None


def _is_usable(found: dict[str, Any]) -> bool:
    """Whether a reason.json has everything that is acted upon, each of its kind.

    Raises:
        ValueError, KeyError, TypeError: it hasn't.
    """
    paths = [found["inbox"], *found["originals"]]
    decoded = [names.from_document(value) for value in (found["item"], *paths)]
    return (
        found["kind"] in {CALL, DROP, FOLDER}
        and isinstance(found["is_copied"], bool)
        and isinstance(found["originals"], list)
        and not any("\0" in name for name in decoded)
        and all(os.path.isabs(name) for name in decoded[1:])  # noqa: PTH117  bytes kept
    )
