"""A vault of many small archives, made of the builder's parts: each has an entry and a proof of its own."""

from functools import partial
from pathlib import Path

from evidence.container.names import ENTRY, MIMETYPE, MIMETYPE_NAME, proof_name
from evidence.crypto.certificates import der_to_pem
from evidence.register import checkpoint, entries, merkle, proof
from evidence.register.checkpoint import Checkpoint
from evidence.vault import config
from evidence.vault.config import Config
from evidence.vault.durable import Durable
from evidence.vault.layout import FOLDERS, Layout
from evidence.vault.register_store import RegisterStore
from tests import builder

CREATED = "2026-01-05T08:00:00.000Z"


def register_of(layout: Layout, sealed: list[builder.Sealed], batch: int) -> RegisterStore:
    """A register with their entries, a checkpoint for each batch."""
    store = RegisterStore.create(layout.register, Durable())
    key = builder.register_key()
    with store.transaction():
        appender = store.appender()
        appender.append(entries.make_created(builder.ORIGIN, key.vkey, CREATED))
        for place, item in enumerate(sealed, 1):
            appender.append(
                entries.make_sealed(builder.ORIGIN, appender.size, builder.CLAIMED, appender.last, item.facts)
            )
            if place % batch == 0 or place == len(sealed):
                head = Checkpoint(builder.ORIGIN, appender.size, appender.root())
                appender.close(checkpoint.sign(head, key.sign_note))
    return store


def make(root: Path, count: int, batch: int = 100, time_policy: str = "none") -> Path:
    """A vault with that many archives, sealed on one day, each with its proof under its batch's checkpoint."""
    layout = Layout(root)
    for name in FOLDERS:
        (root / name).mkdir(parents=True)
    settings = Config("ТОВ Приклад", builder.ORIGIN, time_policy)
    layout.config.write_text(config.render(settings), encoding="utf-8")
    layout.sealing_chain.write_bytes(b"".join(map(der_to_pem, builder.sealer().chain)))
    sealed = [builder.seal(number, time_policy=time_policy) for number in range(1, count + 1)]
    store = register_of(layout, sealed, batch)
    folder = layout.archives_of(builder.CLAIMED)
    folder.mkdir()
    for place, item in enumerate(sealed, 1):
        write(store, folder / f"{item.archive_id}.asice", item, place)
        # its digest is in the entry; for a record the builder has a mere text
        layout.custody(item.archive_id).write_bytes(b"custody of " + item.archive_id.encode())
    for head in (layout.head, layout.head_copy):
        head.write_bytes(store.checkpoint())
    store.close()
    return root


def write(store: RegisterStore, path: Path, sealed: builder.Sealed, sequence: int) -> None:
    """Write the archive of an entry."""
    size, note = store.checkpoint_over(sequence)
    audit_path = tuple(merkle.inclusion_proof(sequence, size, partial(store.node)))
    parts = [
        (MIMETYPE_NAME, MIMETYPE),
        *sealed.body,
        ("META-INF/ASiCManifest001.xml", sealed.asic),
        ("META-INF/signature001.p7s", sealed.signature),
        (ENTRY, store.entry(sequence)),
        (proof_name(1), proof.encode(proof.Proof(sequence, audit_path, note))),
    ]
    path.write_bytes(builder.pack(parts))
