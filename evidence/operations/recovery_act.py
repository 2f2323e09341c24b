"""Puts back what a register lacks; safe to be interrupted anywhere and run again.

A sound register gets its entries in one transaction. One that is damaged or gone is made anew in a file of
its own, which takes the old one's name when it is complete and durable; the old one is kept beside it.
"""

from collections.abc import Sequence
from pathlib import Path

from evidence.errors import StateError
from evidence.messages import t
from evidence.operations import recovered_claims, reindex
from evidence.operations.recovered_claims import Rebuilt
from evidence.operations.recovery import Ground, Restored, Survey, is_same, opened, survey
from evidence.vault import claims, locks
from evidence.vault.register_store import RegisterStore
from evidence.vault.vault import Vault

_REBUILT = "rebuilt.sqlite"


def restore(planned: Survey, given: Sequence[Path]) -> Restored:
    """Do what a survey found possible: outcome ``whole``, ``behind`` or ``rebuild``.

    Raises:
        StateError: the vault was changed since the survey.
        StoreError, OSError: the disk failed; nothing is lost, and the command can be run again.
    """
    ground = planned.ground
    with locks.held(ground.layout.lock):
        found = survey(ground, given)
        if not is_same(planned, found):
            raise StateError(t("recover.changed"), t("recover.changed_hint"))
        rebuilt = _append(found) if found.state == "sound" else _make_anew(found)
        vault = Vault(ground.layout.root, ground.seams.durable, ground.seams.user)
        try:
            vault.write_head()
            vault.check_heads()
            return Restored(
                size=vault.store.size(),
                added=len(found.chain.documents),
                claimed=len(rebuilt.claims) - len(rebuilt.nameless),
                nameless=rebuilt.nameless,
                absent=rebuilt.absent,
                unremembered=vault.unremembered,
            )
        finally:
            vault.close()


def _append(found: Survey) -> Rebuilt:
    with opened(found.ground) as (_state, store):
        if store is None or not found.chain.documents:
            return Rebuilt()
        rebuilt = recovered_claims.rebuild(found, found.chain.documents, claims.every(store))
        _fill(store, found, rebuilt)
    return rebuilt


def _make_anew(found: Survey) -> Rebuilt:
    layout, durable = found.ground.layout, found.ground.seams.durable
    if not layout.register_folder.is_dir():
        durable.make_directory(layout.register_folder)
    path = layout.register_folder / _REBUILT
    discard_database(found.ground, path)
    rebuilt = recovered_claims.rebuild(found, found.chain.documents, [])
    store = RegisterStore.create(path, durable)
    try:
        _fill(store, found, rebuilt)
    finally:
        store.close()  # the last one who closes a database folds its log in
    with path.open("rb") as file:
        durable.sync(file)
    _park(found.ground)
    durable.replace(path, layout.register)
    durable.sync_directory(layout.register_folder)
    return rebuilt


def _fill(store: RegisterStore, found: Survey, rebuilt: Rebuilt) -> None:
    with store.transaction():
        appender = store.appender()
        for document in found.chain.documents:
            appender.append(document)
            reindex.index(store, document)
            note = found.chain.notes.get(appender.size)
            if note is not None:
                appender.restore(note)
        recovered_claims.put(store, rebuilt)


def discard_database(ground: Ground, path: Path) -> None:
    """Remove a database that an interrupted recovery began, with its log."""
    for suffix in ("", "-wal", "-shm", "-journal"):
        ground.seams.durable.remove(path.with_name(f"{path.name}{suffix}"))


def _park(ground: Ground) -> None:
    """Give the old database a second name in a folder of its own, and take its log there.

    The log must not stay: it would be taken for the new database's.
    """
    layout, durable = ground.layout, ground.seams.durable
    old = [
        layout.register.with_name(f"{layout.register.name}{suffix}") for suffix in ("", "-wal", "-journal")
    ]
    if not any(path.exists() for path in old):
        return
    folder = _next_folder(layout.register_folder, ground)
    if old[0].exists():
        durable.link(old[0], folder / old[0].name)
    for path in old[1:]:
        if path.exists():
            durable.replace(path, folder / path.name)
    durable.sync_directory(folder)
    durable.sync_directory(layout.register_folder)
    durable.remove(layout.register.with_name(f"{layout.register.name}-shm"))


def _next_folder(parent: Path, ground: Ground) -> Path:
    number = 1 + len(list(parent.glob("replaced-*")))
    folder = parent / f"replaced-{number}"
    ground.seams.durable.make_directory(folder)
    return folder
