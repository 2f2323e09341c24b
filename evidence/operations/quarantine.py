"""Quarantine: what a batch couldn't seal, a folder each with ``reason.json`` and, whole, what it is about.

A folder that begins with ``.new-`` is being filled; an interrupted one is finished by the next batch.
"""

import json
import os
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evidence import strict
from evidence.intake.inbox.model import CALL, FOLDER
from evidence.messages import t
from evidence.model import names
from evidence.operations.batchoutcome import SetAside
from evidence.operations.seams import Seams
from evidence.vault.durable import save, write_new
from evidence.vault.layout import Layout
from evidence.vault.moving import copy_into, make_folders, move_to

REASON, CONTENT = "reason.json", "content"
_BEGUN = ".new-"
_FIELDS = {"item", "kind", "inbox", "originals", "is_copied"}
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


def set_aside(layout: Layout, what: SetAside, seams: Seams, *, is_copied: bool) -> Path:
    """Put what couldn't be sealed into quarantine, with the reason.

    Args:
        layout: the vault's paths.
        what: the item and why it can't be sealed.
        seams: clock, randomness and file system.
        is_copied: whether single files stay in the inbox and are copied; a folder is always moved.

    Returns:
        its folder in quarantine.

    Raises:
        OSError: the file system refuses; what was moved so far is in the folder, the rest where it was.
    """
    make_folders(seams.durable, layout.quarantine)
    now = strict.format_timestamp(seams.clock())
    shown = _ODD.sub("_", what.item.key)[:_LONGEST_KEY]
    name = f"{now[:10]}-{shown}-{seams.entropy(4).hex()}"
    begun = layout.quarantine / f"{_BEGUN}{name}"
    seams.durable.make_directory(begun)
    copies = is_copied and what.item.kind != FOLDER
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
        "next": t("batch.quarantine_next", name=name),
    }
    write_new(seams.durable, begun / REASON, _encoded(reason))
    return _fill(begun, reason, seams)


def set_aside_again(found: Quarantined, what: SetAside, seams: Seams) -> Path:
    """Note why something in quarantine still can't be sealed; returns its folder.

    Raises:
        OSError: the file system refuses.
    """
    news = {"tried": strict.format_timestamp(seams.clock()), "message": what.message, "hint": what.hint}
    save(seams.durable, found.folder / REASON, _encoded({**found.reason, **news}))
    return found.folder


def finish(layout: Layout, seams: Seams) -> None:
    """Finish what an interrupted batch began to set aside. The caller holds the batch's lock.

    Raises:
        OSError: the file system refuses.
    """
    for begun in sorted(layout.quarantine.glob(f"{_BEGUN}*")):
        reason = _read(begun)
        if reason is not None:
            _fill(begun, reason, seams)
        else:  # nothing was moved before the reason was durable
            seams.durable.remove(begun / REASON)
            begun.rmdir()


def listed(layout: Layout) -> Iterator[Quarantined]:
    """What is in quarantine, oldest first; folders without a usable reason are told with an empty one."""
    if not layout.quarantine.is_dir():
        return
    for folder in sorted(layout.quarantine.iterdir()):
        if folder.is_dir() and not folder.name.startswith("."):
            yield Quarantined(folder, _read(folder) or {})


def origin(found: Quarantined) -> tuple[Path, str]:
    """The inbox that something came from, and its key there."""
    inbox = names.from_document(found.reason["inbox"])
    return Path(os.fsdecode(names.to_bytes(inbox))), names.from_document(found.reason["item"])


def remove_if_empty(layout: Layout, found: Quarantined, seams: Seams) -> bool:
    """Remove a folder in quarantine whose content is sealed or taken back; False while there is some."""
    with suppress(FileNotFoundError):
        for path in found.content.iterdir():
            if not path.name.startswith("."):
                return False
        found.content.rmdir()
    seams.durable.remove(found.folder / REASON)
    with suppress(OSError):
        found.folder.rmdir()
    seams.durable.sync_directory(layout.quarantine)
    return True


def _fill(begun: Path, reason: dict[str, Any], seams: Seams) -> Path:
    """Bring in what isn't there yet, and give the folder its name."""
    content = begun / CONTENT
    for original in reason["originals"]:
        path = Path(os.fsdecode(names.to_bytes(names.from_document(original))))
        if reason["kind"] == CALL or not os.path.lexists(path):
            continue
        if not reason["is_copied"]:
            move_to(seams.durable, path, content / path.name)
        elif not (content / path.name).exists():
            make_folders(seams.durable, content)
            copy_into(seams.durable, path, content, path.name)
    folder = begun.with_name(begun.name.removeprefix(_BEGUN))
    seams.durable.replace(begun, folder)
    seams.durable.sync_directory(folder.parent)
    return folder


def _encoded(reason: dict[str, Any]) -> bytes:
    return json.dumps(reason, ensure_ascii=False, indent=2).encode() + b"\n"


def _read(folder: Path) -> dict[str, Any] | None:
    """What a reason.json says; None for one that isn't usable."""
    try:
        with (folder / REASON).open("rb") as file:
            found = strict.json_document(file.read(_LIMIT), _LIMIT)
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) and found.keys() >= _FIELDS else None
