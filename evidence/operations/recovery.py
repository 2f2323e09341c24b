"""`evidence register recover`: looks at a register that is behind, damaged or gone, and mends it.

What was committed once comes back byte for byte under the checkpoints that were signed then; nothing is
signed anew. FORMAT.md, "Restored registers".
"""

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from evidence.crypto import notes
from evidence.errors import EvidenceError, StateError
from evidence.messages import t
from evidence.operations import recovery_plan, recovery_sources
from evidence.operations.recovery_plan import Chain
from evidence.operations.recovery_sources import Archives, Source
from evidence.operations.seams import Seams
from evidence.register import entries
from evidence.text import visible
from evidence.vault import config as configuration
from evidence.vault import heads, locks, mirror, salvage
from evidence.vault.config import Config
from evidence.vault.layout import Layout
from evidence.vault.register_store import RegisterStore


@dataclass(frozen=True, slots=True)
class Ground:
    """A vault whose register may be gone; what there is without it."""

    layout: Layout
    config: Config
    seams: Seams

    @classmethod
    def at(cls, root: Path, seams: Seams) -> "Ground":
        """The vault in a folder.

        Raises:
            StateError: it isn't a vault, or can't be worked with here.
            FormatError: its configuration is wrong.
        """
        layout = Layout(root.resolve())
        if not layout.config.is_file():
            raise StateError(t("vault.not_a_vault", path=visible(str(root))), t("vault.not_a_vault_hint"))
        locks.require_posix()
        return cls(layout, configuration.load(layout.config), seams)


@dataclass(frozen=True, slots=True)
class Survey:
    """What is left of a register, and what can be done.

    Attributes:
        ground: the vault.
        state: ``sound``, ``damaged`` (the database can't be relied on) or ``missing``.
        size: entries of a sound register; else 0.
        key: its verifier key; empty where nothing says which it is.
        sources: everything that was looked into.
        archives: what the archives say.
        chain: what can be put together.
    """

    ground: Ground
    state: str
    size: int
    key: str
    sources: Sequence[Source]
    archives: Archives
    chain: Chain

    @property
    def outcome(self) -> str:
        """``whole``, ``behind``, ``rebuild``; ``incomplete``, ``forked`` or ``unknown`` can't be mended."""
        if self.chain.fork is not None:
            return "forked"
        if self.chain.newest is None or not self.key:
            return "unknown"
        if self.chain.missing:
            return "incomplete"
        if self.state == "sound":
            return "behind" if self.chain.documents else "whole"
        return "rebuild"

    @property
    def missing(self) -> int:
        """How many entries were found nowhere."""
        return sum(last - first + 1 for first, last in self.chain.missing)


@contextmanager
def opened(ground: Ground) -> Iterator[tuple[str, RegisterStore | None]]:
    """The state of the register's database and, where it is sound, the database."""
    if not ground.layout.register.exists():
        yield "missing", None
        return
    try:
        store = RegisterStore(ground.layout.register, ground.seams.durable)
    except StateError:
        raise
    except EvidenceError:
        yield "damaged", None
        return
    with closing(store):
        is_sound = salvage.is_sound(store)
        yield ("sound", store) if is_sound else ("damaged", None)


def survey(ground: Ground, given: Sequence[Path]) -> Survey:
    """Look everywhere for entries and heads of the register; nothing is changed.

    Args:
        ground: the vault.
        given: exports, copies of the register's database, and checkpoints that the user names.

    Raises:
        FormatError: a named file is none of these.
        OSError: a named file can't be read.
    """
    with opened(ground) as (state, store):
        return _survey(ground, given, state, store)


def _survey(ground: Ground, given: Sequence[Path], state: str, store: RegisterStore | None) -> Survey:
    layout = ground.layout
    sources = [recovery_sources.given(layout, path) for path in given]
    sources += [recovery_sources.of_database(layout, path) for path in recovery_sources.parked(layout)]
    own = Source(visible(str(layout.register)))
    if store is not None:
        own = replace(own, notes=[store.checkpoint()])
    elif state == "damaged":
        own = recovery_sources.of_database(layout, layout.register)
    sources.insert(0, own)
    with suppress(OSError):
        sources.append(Source(visible(str(layout.mirror)), mirror.read(layout)))
    key = store.register_key() if store is not None else find_key(ground, sources)
    archives = recovery_sources.of_archives(layout, ground.config.origin, key)
    sources.append(archives.source)
    sources += recovery_sources.of_places(layout, ground.config, ground.seams.user, key)
    known = recovery_plan.seen(sources, key, ground.config.origin) if key else []
    chain = recovery_plan.assemble(store, own, sources, known)
    if archives.contradicting >= 0 and chain.fork is None:
        place = archives.source.name
        chain = replace(chain, fork=recovery_plan.Fork(archives.contradicting + 1, place, place))
    return Survey(ground, state, chain.start, key, sources, archives, chain)


def find_key(ground: Ground, sources: Sequence[Source]) -> str:
    """The verifier key of a register that can't say it itself; empty where nothing does.

    What sources and archives say counts when a head beside the register is signed with it.
    """
    origin = ground.config.origin
    said = [key for source in sources if (key := _key_in(source.entries.get(0, b""), origin))]
    for _path, carried in recovery_sources.carried_by(ground.layout):
        if carried is not None and carried.origin == origin:
            said.append(carried.register_key)
    said = list(dict.fromkeys(said))
    for path in (ground.layout.head, ground.layout.head_copy):
        note = path.read_bytes() if path.is_file() else b""
        for key in said:
            if heads.authentic(note, _checked(key), origin) is not None:
                return key
    return said[0] if len(said) == 1 and _checked(said[0]) else ""


def _checked(key: str) -> str:
    """The key where it is one."""
    try:
        notes.parse_vkey(key)
    except ValueError:
        return ""
    return key


def _key_in(document: bytes, origin: str) -> str:
    """The key that entry 0 of a register of that name states."""
    try:
        entry = entries.parse(document)
    except ValueError:
        return ""
    return entry.text("register_key") if entry.type == entries.CREATED and entry.origin == origin else ""


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put back.

    Attributes:
        size: entries of the register now.
        added: entries that it got.
        claimed: incidents that are known again to be sealed.
        nameless: places of archives whose incident's UUID nobody knows any more.
        absent: places of entries whose archive isn't in the vault.
        unremembered: why the head could not be kept in the user's state folder; empty when it could.
    """

    size: int
    added: int
    claimed: int = 0
    nameless: list[int] = field(default_factory=list)
    absent: list[int] = field(default_factory=list)
    unremembered: str = ""


def is_same(one: Survey, other: Survey) -> bool:
    """Whether two surveys found the same, so that what was explained is what is done."""
    return (one.state, one.size, one.chain) == (other.state, other.size, other.chain)
