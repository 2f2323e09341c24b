"""Where entries and signed heads of a register may have survived: what each place holds.

Nothing here decides; what is read counts when it links to the register and fits every signed head.
"""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from evidence.errors import FormatError
from evidence.messages import t
from evidence.register import export, merkle
from evidence.register.checkpoint import MAX_NOTE
from evidence.register.entries import MAX_ENTRY, parse
from evidence.text import visible
from evidence.vault import archive_store, archived, heads, places, salvage
from evidence.vault.archived import Carried
from evidence.vault.claims import Claim
from evidence.vault.config import Config
from evidence.vault.layout import Layout
from evidence.vault.userstore import UserStore

_SQLITE = b"SQLite format 3\x00"
_SCRATCH = "register-reading"


@dataclass(frozen=True, slots=True)
class Source:
    """One place that holds parts of the register.

    Attributes:
        name: what it is called; visible text.
        entries: bytes of entries, by their place; not authenticated.
        notes: signed notes.
        claims: a journal, where the place has one.
        is_proven: whether every entry was found with its proof under a signed head.
    """

    name: str
    entries: dict[int, bytes] = field(default_factory=dict)
    notes: list[bytes] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)
    is_proven: bool = False


def given(layout: Layout, path: Path) -> Source:
    """A file that the user names: an export of the register, a copy of its database, or a checkpoint.

    Raises:
        FormatError: it is none of them.
        OSError: it can't be read.
    """
    with path.open("rb") as file:
        beginning = file.read(max(len(_SQLITE), len(export.HEADER)))
    if beginning.startswith(_SQLITE):
        return of_database(layout, path)
    if beginning.startswith(export.HEADER):
        return _of_export(path)
    if path.stat().st_size <= MAX_NOTE and heads.size_of(path.read_bytes()) >= 0:
        return Source(visible(str(path)), notes=[path.read_bytes()])
    raise FormatError(t("recover.not_a_source", path=visible(str(path))), t("recover.not_a_source_hint"))


def of_database(layout: Layout, path: Path) -> Source:
    """A register database, however damaged."""
    found = salvage.read(path, layout.root / _SCRATCH)
    return Source(visible(str(path)), found.entries, list(found.checkpoints.values()), found.claims)


def _of_export(path: Path) -> Source:
    found: dict[int, bytes] = {}
    with path.open("rb") as file:
        file.readline(len(export.HEADER))
        while True:
            line = file.readline(MAX_ENTRY + 2)
            if line == b"\n" or not line.endswith(b"\n"):
                break
            found[len(found)] = line[:-1]
        note = file.read(MAX_NOTE + 1)
    return Source(visible(str(path)), found, [note] if note else [])


@dataclass(slots=True)
class Archives:
    """What the archives of the vault say of the register.

    Attributes:
        source: their entries and checkpoints.
        paths: archives by their ids.
        unreadable: archives whose entry, proof and checkpoint can't be read or don't belong together.
        foreign: number of archives of other registers.
        contradicting: the first place at which two archives prove different entries; -1 where none do.
    """

    source: Source
    paths: dict[str, Path] = field(default_factory=dict)
    unreadable: list[Path] = field(default_factory=list)
    foreign: int = 0
    contradicting: int = -1


def carried_by(layout: Layout) -> Iterator[tuple[Path, Carried | None]]:
    """Every archive of the vault with what it carries."""
    if layout.archives.is_dir():
        for path in archive_store.published(layout):
            yield path, archived.read(path)


def of_archives(layout: Layout, origin: str, key: str) -> Archives:
    """The entries and checkpoints that the vault's archives carry; an entry counts with its proof only."""
    found = Archives(Source(visible(str(layout.archives)), is_proven=True))
    for path, carried in carried_by(layout):
        if carried is None:
            found.unreadable.append(path)
        elif (carried.origin, carried.register_key) != (origin, key):
            found.foreign += 1
        elif not _take(found, carried):
            found.unreadable.append(path)
    return found


def _take(found: Archives, carried: Carried) -> bool:
    """Keep the entry of an archive whose proof leads to the root of its checkpoint, and the checkpoint."""
    head = heads.authentic(carried.proof.checkpoint, carried.register_key, carried.origin)
    if head is None:
        return False
    leaf, index = merkle.leaf_hash(carried.entry), carried.proof.index
    if not merkle.verify_inclusion(leaf, index, head.size, carried.proof.hashes, head.root):
        return False
    try:
        found.paths[parse(carried.entry).text("archive_id")] = carried.path
    except ValueError:
        return False
    if found.source.entries.setdefault(index, carried.entry) != carried.entry:
        found.contradicting = index
    found.source.notes.append(carried.proof.checkpoint)
    return True


def of_places(layout: Layout, config: Config, user: UserStore, key: str) -> Iterator[Source]:
    """Heads that are kept beside the register, in second places and by the user; no entries."""
    for path in (layout.head, layout.head_copy, *config.second_place.files):
        with suppress(OSError):
            yield Source(visible(str(path)), notes=[places.read(path)])
    with suppress(OSError):
        yield Source(t("recover.place_cosigned"), notes=places.cosigned(layout))
    with suppress(OSError):
        note = user.head(key)
        yield Source(t("recover.place_user"), notes=[note] if note else [])


def parked(layout: Layout) -> Sequence[Path]:
    """Databases that earlier recoveries have put aside."""
    return sorted(layout.register_folder.glob("replaced-*/register.sqlite"))
