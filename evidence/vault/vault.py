"""Finding and opening a vault."""

from collections.abc import Callable, Mapping
from pathlib import Path

from evidence.crypto.keys import RegisterKey, SealingKey, is_encrypted, load_register_key, load_sealing_key
from evidence.errors import CryptoError, StateError, StoreError
from evidence.messages import t
from evidence.text import visible
from evidence.vault import config as configuration
from evidence.vault import heads, locks
from evidence.vault.durable import Durable, save
from evidence.vault.layout import Layout
from evidence.vault.register_store import RegisterStore
from evidence.vault.userstore import UserStore

Passphrase = Callable[[], bytes]
"""Gives the passphrase; called at most once, and only when a key is encrypted."""

OpenStore = Callable[[Path, Durable], RegisterStore]
"""Opens a register store; evidence.vault.reading has one that writes nothing."""


class Vault:
    """An open vault. Keys are loaded when they are first needed.

    Attributes:
        layout: where things stand.
        config: evidence.toml.
        store: the register store.
        durable: the file system.
        user: the user's own store.
        unremembered: why the newest head could not be kept in the user's state folder; empty when it could.
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
        self._has_looked = False

    def close(self) -> None:
        """Let go of the register and its folders."""
        self.store.close()
        self.durable.close()

    def check_heads(self) -> None:
        """Refuse to go on when the register is older than, or differs from, a head seen elsewhere.

        The user's state folder is looked at once, the heads beside the database and the archives every time.

        Raises:
            StateError: restored backup, rolled back snapshot or copied vault (exit 5).
        """
        seen = [head.read_bytes() for head in (self.layout.head, self.layout.head_copy) if head.exists()]
        if not seen:
            raise StateError(t("vault.no_head"), t("vault.rollback_hint"))
        if not self._has_looked:
            remembered = self.user.head(self.store.register_key())
            seen += [self.store.checkpoint(), *([remembered] if remembered else [])]
            self._has_looked = True
        heads.check(self.store, seen)

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
        save(self.durable, self.layout.head, note)
        save(self.durable, self.layout.head_copy, note)
        key = self.store.register_key()
        try:
            known = self.user.head(key)
            if known is None or heads.size_of(known) <= self.store.size():
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
