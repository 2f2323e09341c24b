"""Finding and opening a vault."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from evidence.crypto.keys import RegisterKey, SealingKey, is_encrypted, load_register_key, load_sealing_key
from evidence.errors import CryptoError, StateError, StoreError
from evidence.messages import t
from evidence.text import visible
from evidence.vault import archived, heads, locks, mirror, places
from evidence.vault import config as configuration
from evidence.vault.durable import Durable, save
from evidence.vault.layout import Layout
from evidence.vault.register_store import RegisterStore
from evidence.vault.userstore import UserStore

Passphrase = Callable[[], bytes]
"""Gives the passphrase; called at most once, and only when a key is encrypted."""

OpenStore = Callable[[Path, Durable], RegisterStore]
"""Opens a register store; evidence.vault.reading has one that writes nothing."""


NEWEST = 8
"""Archives of the newest day whose checkpoints are compared when a vault is used."""


class Vault:
    """An open vault. Keys are loaded when they are first needed.

    Attributes:
        layout: where things stand.
        config: evidence.toml.
        store: the register store.
        durable: the file system.
        user: the user's own store.
        unremembered: why the newest head could not be kept in the user's state folder; empty when it could.
        unseen: second places that ``check_heads`` could not read, each with the reason.
    """

    def __init__(
        self, root: Path, durable: Durable, user: UserStore, open_store: OpenStore = RegisterStore
    ) -> None:
        self.layout = Layout(root.resolve())
        if not self.layout.config.is_file():
            raise StateError(t("vault.not_a_vault", path=visible(str(root))), t("vault.not_a_vault_hint"))
        locks.require_posix()
        self.durable = durable
        self.user = user
        self.config = configuration.load(self.layout.config)
        if self.layout.next_register.exists():
            raise StateError(t("vault.unfinished_recovery"), t("vault.unfinished_recovery_hint"))
        self.store = open_store(self.layout.register, durable)
        try:
            origin = self.store.origin()
        except StoreError:
            self.store.close()
            raise
        if origin != self.config.origin:
            self.store.close()
            raise StateError(t("vault.other_origin"), t("vault.other_origin_hint"))
        self.unremembered = ""
        self.unseen: list[tuple[Path, str]] = []
        self._has_looked = False

    def close(self) -> None:
        """Let go of the register and its folders."""
        self.store.close()
        self.durable.close()

    def check_heads(self) -> None:
        """Refuse to go on when the register is older than, or differs from, a head seen elsewhere.

        The user's state folder, second places, cosigned checkpoints and the newest archives are looked at
        once, the heads beside the database and the archives every time.

        Raises:
            StateError: restored backup, rolled back snapshot or copied vault (exit 5).
        """
        self.store.require_current()
        seen = [head.read_bytes() for head in (self.layout.head, self.layout.head_copy) if head.exists()]
        if not seen:
            raise StateError(t("vault.no_head"), t("vault.rollback_hint"))
        if not self._has_looked:
            remembered = self.user.head(self.store.register_key())
            seen += [self.store.checkpoint(), *([remembered] if remembered else [])]
        heads.check(self.store, seen)
        if not self._has_looked:
            for note in self._kept():
                heads.check_kept(self.store, note)
            self._has_looked = True

    def _kept(self) -> Iterator[bytes]:
        """Checkpoints in second places, from witnesses and in the newest archives."""
        for path in self.config.second_place.files:
            try:
                yield places.read(path)
            except FileNotFoundError as error:
                if not path.parent.is_dir():  # nothing was put there yet, unless a disk is missing
                    self.unseen.append((path, error.strerror or str(error)))
            except OSError as error:
                self.unseen.append((path, error.strerror or str(error)))
        yield from places.cosigned(self.layout)[-1:]
        yield from (carried.proof.checkpoint for carried in archived.newest(self.layout, NEWEST))

    def require_register_key(self, key: RegisterKey) -> None:
        """Refuse the key of another register, whose signatures would spoil this one.

        Raises:
            CryptoError: it isn't the key that entry 0 names.
        """
        if key.vkey != self.store.register_key():
            raise CryptoError(t("vault.other_register_key"), t("vault.other_register_key_hint"))

    def write_head(self) -> None:
        """Put the newest checkpoint where it survives the database; nothing may leave the vault before.

        The caller holds the vault's lock. That the user's state folder can't be written is told in
        ``unremembered``, and stops nothing.
        """
        note = self.store.checkpoint()
        known = self.layout.head_copy.read_bytes() if self.layout.head_copy.exists() else b""
        since = min(max(heads.size_of(known), 0), self.store.size())
        mirror.keep(self.durable, self.layout, self.store, since)
        save(self.durable, self.layout.head, note)
        save(self.durable, self.layout.head_copy, note)
        key = self.store.register_key()
        try:
            seen = self.user.head(key)
            if seen is None or heads.size_of(seen) <= self.store.size():
                self.user.remember_head(key, note)
        except OSError as error:
            self.unremembered = error.strerror or str(error)


def load_keys(vault: Vault, passphrase: Passphrase) -> tuple[SealingKey, RegisterKey]:
    """Both keys of a vault; the passphrase is asked for once, and only if one of them is encrypted.

    Raises:
        CryptoError: no or a wrong passphrase, a key that can't be used, or another register's key.
    """
    layout, origin = vault.layout, vault.config.origin
    sealing, register = layout.sealing_key.read_bytes(), layout.register_key.read_bytes()
    word = passphrase() if is_encrypted(sealing) or is_encrypted(register) else None
    chain = layout.sealing_chain.read_bytes()
    sealing_key = load_sealing_key(sealing, chain, word if is_encrypted(sealing) else None)
    register_key = load_register_key(register, origin, word if is_encrypted(register) else None)
    vault.require_register_key(register_key)
    return sealing_key, register_key


def locate(explicit: Path | None, environment: Mapping[str, str], here: Path, user: UserStore) -> Path:
    """The vault to use: ``--vault``, ``EVIDENCE_VAULT``, or one of the user's own at or above ``here``.

    Raises:
        StateError: none was named, and none of the user's own is here.
    """
    if explicit is not None:
        return explicit
    if environment.get("EVIDENCE_VAULT"):
        return Path(environment["EVIDENCE_VAULT"])
    own = {path.resolve() for path in user.vaults()}
    for folder in (here.resolve(), *here.resolve().parents):
        if folder in own:
            return folder
    raise StateError(t("vault.no_vault"), t("vault.no_vault_hint"))
