"""The exchange of a vault's register for a prepared one: each step is done once, however often it is begun.

What is still to be done shows in ``register-next``: a piece that was put in its place isn't there any more.
"""

import shutil
from contextlib import suppress
from pathlib import Path

from evidence.operations.recovery import Ground
from evidence.vault.durable import Durable, save
from evidence.vault.layout import Layout

_DONE = ".register-next.done"


def is_begun(layout: Layout) -> bool:
    """Whether an exchange was begun and has to be finished before anything else."""
    return layout.next_register.exists()


def exchange(ground: Ground) -> Path:
    """Put the prepared register in the place of the old one. The caller holds the vault's lock.

    Returns:
        The folder in which the old one is kept.
    """
    layout, durable = ground.layout, ground.seams.durable
    new = layout.next_register
    retired = layout.root / (new / "retired").read_text(encoding="ascii")
    if not retired.is_dir():
        durable.make_directory(retired)
    _keep(durable, layout.head_copy, retired / "archives-register-head")
    entries = retired / "archives-register-entries"
    if layout.mirror.is_dir() and not entries.exists():
        durable.replace(layout.mirror, entries)
        durable.sync_directory(retired)
        durable.sync_directory(layout.archives)
    _register(layout, retired, durable)
    _file(durable, new / "register.key", layout.register_key, retired)
    _file(durable, new / "evidence.toml", layout.config, retired)
    save(durable, layout.head_copy, layout.head.read_bytes())
    _set_aside(layout, retired, durable)
    shutil.rmtree(layout.root / _DONE, ignore_errors=True)
    durable.replace(new, layout.root / _DONE)
    durable.sync_directory(layout.root)
    shutil.rmtree(layout.root / _DONE, ignore_errors=True)
    return retired


def _register(layout: Layout, retired: Path, durable: Durable) -> None:
    new, kept = layout.next_register / "register", retired / "register"
    if not new.is_dir():
        return
    if layout.register_folder.is_dir() and not kept.exists():
        durable.replace(layout.register_folder, kept)
        durable.sync_directory(retired)
        durable.sync_directory(layout.root)
    durable.replace(new, layout.register_folder)
    durable.sync_directory(layout.root)
    durable.sync_directory(layout.next_register)


def _file(durable: Durable, new: Path, place: Path, retired: Path) -> None:
    if new.exists():
        _keep(durable, place, retired / place.name)
        durable.replace(new, place)
        durable.sync_directory(place.parent)
        durable.sync_directory(new.parent)


def _keep(durable: Durable, old: Path, kept: Path) -> None:
    """Give an old file a second name, unless it has it already."""
    with suppress(FileExistsError, FileNotFoundError):
        durable.link(old, kept)
        durable.sync_directory(kept.parent)


def _set_aside(layout: Layout, retired: Path, durable: Durable) -> None:
    """Folders of notices that can't be entered: the next notice would sweep them away as never finished."""
    for name in (layout.next_register / "aside").read_text(encoding="ascii").split():
        folder = layout.notice(name)
        if folder.is_dir():
            durable.replace(folder, retired / f"notice-{name}")
            durable.sync_directory(retired)
            durable.sync_directory(layout.notices)
