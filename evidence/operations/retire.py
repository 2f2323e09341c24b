"""`evidence register recover --new-register`: a new register takes the place of one that can't be completed.

FORMAT.md, "Continued register". Everything new is made in a folder of its own, which gets its final name when
it is whole; from then on the exchange is finished by whoever runs the command next. Nothing old is destroyed:
database, key and configuration go to ``register-retired-DATE``.
"""

import shutil
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from evidence import canonical, resources, strict
from evidence.crypto import keys
from evidence.crypto.keys import RegisterKey
from evidence.digests import sha256
from evidence.errors import StateError
from evidence.messages import t
from evidence.model.notice import MAX_NOTICE, SCHEMA
from evidence.operations import recovered_claims, reindex
from evidence.operations.custody import save_continues
from evidence.operations.exchange import exchange
from evidence.operations.recovered_claims import Rebuilt
from evidence.operations.recovery import Ground, Survey, is_same, opened, survey
from evidence.operations.recovery_sources import Source
from evidence.register import checkpoint, entries
from evidence.register.checkpoint import Checkpoint
from evidence.register.entries import Former
from evidence.vault import claims, config, locks, notices
from evidence.vault.durable import write_new
from evidence.vault.layout import Layout
from evidence.vault.register_store import Appender, RegisterStore
from evidence.vault.vault import Passphrase

_REASONS = {"incomplete": "entries_lost", "forked": "forked", "whole": "given_up"}
_SUFFIX = "/continued-"
_LONGEST = 255


@dataclass(frozen=True, slots=True)
class Retired:
    """What became of the old register.

    Attributes:
        folder: where it is kept.
        origin, register_key: name and verifier key of the new one.
        size: entries that the new one begins with.
        nameless: number of archives whose incident's UUID nobody knows any more.
    """

    folder: Path
    origin: str
    register_key: str
    size: int
    nameless: int


def new_register(planned: Survey, given: tuple[Path, ...], reason: str, passphrase: Passphrase) -> Retired:
    """Retire the register and begin a new one that says which it continues.

    Args:
        planned: what was found and explained.
        given: the files that it was found in.
        reason: why, in the owner's words; kept in an erasable custody record.
        passphrase: protects the new key, if the vault's sealing key is protected by one.

    Raises:
        StateError: the register can be recovered, nothing of it was seen, or the vault changed meanwhile.
        CryptoError: not the passphrase of the sealing key.
        FormatError: evidence.toml is written in a way that can't be changed here.
    """
    ground = planned.ground
    if planned.outcome in {"behind", "rebuild"}:
        raise StateError(t("recover.not_needed"), t("recover.not_needed_hint"))
    if planned.outcome == "unknown":
        raise StateError(t("recover.nothing_left"), t("recover.nothing_left_hint"))
    word = _word(ground, passphrase)
    with locks.held(ground.layout.lock):
        if not is_same(planned, survey(ground, given)):
            raise StateError(t("recover.changed"), t("recover.changed_hint"))
        key, made, nameless = _prepare(planned, reason, word)
        folder = exchange(ground)
    return Retired(folder, key.name, key.vkey, made, nameless)


def _word(ground: Ground, passphrase: Passphrase) -> bytes | None:
    """The passphrase of the sealing key, tried on it; None where that key is plain."""
    sealing = ground.layout.sealing_key.read_bytes()
    if not keys.is_encrypted(sealing):
        return None
    word = passphrase()
    keys.load_private_key(sealing, word)
    return word


def new_origin(old: str, suffix: str) -> str:
    """The name of a register that continues one of that name; at most 255 characters."""
    base = old.rpartition(_SUFFIX)[0] or old
    return f"{base[: _LONGEST - len(_SUFFIX) - len(suffix)]}{_SUFFIX}{suffix}"


def _prepare(found: Survey, reason: str, word: bytes | None) -> tuple[RegisterKey, int, int]:
    """Make everything new in a folder which gets its final name at the end."""
    ground = found.ground
    layout, durable = ground.layout, ground.seams.durable
    folder = layout.root / ".register-next.new"
    shutil.rmtree(folder, ignore_errors=True)
    origin = new_origin(ground.config.origin, ground.seams.entropy(4).hex())
    pem = keys.generate_register_key()
    key = keys.load_register_key(pem, origin, None)
    toml = config.with_origin(layout.config.read_text(encoding="utf-8"), origin)
    durable.make_directory(folder)
    durable.make_directory(folder / "register")
    write_new(durable, folder / "register.key", keys.protect(pem, word))
    write_new(durable, folder / "evidence.toml", toml.encode("utf-8"))
    kept, aside = _versions(layout)
    rebuilt = _claims(found)
    size = _make_register(folder / "register", found, key, reason, (kept, rebuilt))
    write_new(durable, folder / "aside", "\n".join(aside).encode("ascii"))
    write_new(durable, folder / "retired", _retired_name(ground).encode("ascii"))
    durable.replace(folder, layout.next_register)
    durable.sync_directory(layout.root)
    return key, size, len(rebuilt.nameless)


def _retired_name(ground: Ground) -> str:
    name = f"register-retired-{strict.format_timestamp(ground.seams.clock())[:10]}"
    taken = len(list(ground.layout.root.glob(f"{name}*")))
    return f"{name}-{taken + 1}" if taken else name


def _make_register(
    folder: Path, found: Survey, key: RegisterKey, reason: str, contents: tuple[dict[str, bytes], Rebuilt]
) -> int:
    """The new register: created, continues, a notice entry for each version; the journal; its head."""
    seams = found.ground.seams
    store = RegisterStore.create(folder / "register.sqlite", seams.durable)
    time = strict.format_timestamp(seams.clock())
    custody = save_continues(found.ground.layout, {"reason": reason}, seams)
    try:
        with store.transaction():
            appender = store.appender()
            appender.append(entries.make_created(key.name, key.vkey, time))
            appender.append(entries.make_continues(key.name, time, appender.last, former(found), custody))
            for notice_id, data in contents[0].items():
                _enter(store, appender, key.name, time, (notice_id, data))
            recovered_claims.put(store, contents[1])
            head = Checkpoint(key.name, appender.size, appender.root())
            note = checkpoint.sign(head, key.sign_note)
            appender.close(note)
        write_new(seams.durable, folder / "head", note)
    finally:
        store.close()
    with (folder / "register.sqlite").open("rb") as file:
        seams.durable.sync(file)
    return head.size


def _enter(
    store: RegisterStore, appender: Appender, origin: str, time: str, notice: tuple[str, bytes]
) -> None:
    notice_id, data = notice
    document = entries.make_notice(origin, appender.size, time, appender.last, notice_id, sha256(data))
    reindex.index(store, document)
    appender.append(document)


def former(found: Survey) -> Former:
    """The register that ends, and the newest head of it that was seen anywhere."""
    newest = found.chain.newest
    if newest is None:
        raise StateError(t("recover.nothing_left"), t("recover.nothing_left_hint"))
    head = newest.head
    return Former(head.origin, found.key, head.size, head.root, _REASONS[found.outcome])


def _versions(layout: Layout) -> tuple[dict[str, bytes], list[str]]:
    """notice.json of every version that can be read, by its id; and the ids of folders without one."""
    kept: dict[str, bytes] = {}
    aside: list[str] = []
    for folder in sorted(layout.notices.iterdir()) if layout.notices.is_dir() else ():
        if not notices.is_version(folder):
            continue
        data = b""
        with suppress(OSError):
            data = (folder / notices.DOCUMENT).read_bytes()
        if _is_notice(data, folder.name):
            kept[folder.name] = data
        else:
            aside.append(folder.name)
    return kept, aside


def _is_notice(data: bytes, notice_id: str) -> bool:
    try:
        document = canonical.decode(data, MAX_NOTICE)
    except ValueError:
        return False
    return not resources.problem(SCHEMA, document) and document["notice_id"] == notice_id


def _claims(found: Survey) -> Rebuilt:
    """What is known to be sealed, so that the new register doesn't hold it twice.

    Places in the old register mean nothing in the new one. What was entered but never published is sealed
    again from its originals.
    """
    journal = []
    documents = dict.fromkeys(found.chain.documents)
    with opened(found.ground) as (_state, store):
        if store is not None:
            journal = claims.every(store)
            documents |= dict.fromkeys(store.documents())
    for source in found.sources:
        documents |= dict.fromkeys(source.entries.values())
    usable = [document for document in documents if _is_entry(document, found.ground.config.origin)]
    known = replace(found, sources=[*found.sources, Source("", claims=journal)])
    rebuilt = recovered_claims.rebuild(known, usable, [])
    carried = [claim for claim in journal if claim.sequence is None and claim.state == "published"]
    made = [replace(claim, sequence=None) for claim in rebuilt.claims if claim.state != "publishing"]
    return Rebuilt([*carried, *made], rebuilt.nameless, rebuilt.absent)


def _is_entry(document: bytes, origin: str) -> bool:
    try:
        return entries.parse(document).origin == origin
    except ValueError:
        return False
