"""Finding and opening a vault."""

from collections.abc import Callable, Mapping
from pathlib import Path

from evidence.crypto.keys import RegisterKey, SealingKey, is_encrypted, load_register_key, load_sealing_key
from evidence.errors import StateError
from evidence.messages import t
from evidence.text import visible
from evidence.vault import config as configuration
from evidence.vault import heads
from evidence.vault.durable import Durable, save
from evidence.vault.layout import Layout
from evidence.vault.register_store import RegisterStore
from evidence.vault.userstore import UserStore

Passphrase = Callable[[], bytes]
"""Gives the passphrase; called at most once, and only when a key is encrypted."""


class Vault:
    """An open vault. Keys are loaded when they are first needed.

    Attributes:
        layout: where things stand.
        config: evidence.toml.
        store: the register store.
        durable: the file system.
        user: the user's own store.
    """

    def __init__(self, root: Path, durable: Durable, user: UserStore) -> None:
        self.layout = Layout(root.resolve())
        if not self.layout.config.is_file():
            raise StateError(t("vault.not_a_vault", path=visible(str(root))), t("vault.not_a_vault_hint"))
        self.durable = durable
        self.user = user
        self.config = configuration.load(self.layout.config)
        self.store = RegisterStore(self.layout.register, durable)
        self._head = b""
        self._seen: list[bytes | None] = []

    def close(self) -> None:
        """Let go of the register; the user's state folder remembers the head this run made."""
        if self._head:
            self.user.remember_head(self.store.register_key(), self._head)
        self.store.close()
        self.durable.close()

    def check_heads(self) -> None:
        """Refuse to go on when the register is older than, or differs from, a head seen elsewhere.

        The user's state folder is looked at once, the head beside the database every time.

        Raises:
            StateError: restored backup, rolled back snapshot or copied vault (exit 5).
        """
        if not self._seen:
            self._seen = [self.user.head(self.store.register_key())]
        heads.check(self.store, [self.layout.head.read_bytes(), *self._seen])

    def write_head(self) -> None:
        """Put the newest checkpoint beside the database; nothing may leave the vault before."""
        self._head = self.store.checkpoint()
        save(self.durable, self.layout.head, self._head)


def load_keys(layout: Layout, origin: str, passphrase: Passphrase) -> tuple[SealingKey, RegisterKey]:
    """Both keys of a vault; the passphrase is asked for once, and only if one of them is encrypted.

    Raises:
        CryptoError: no or a wrong passphrase, a key that can't be used.
    """
    sealing, register = layout.sealing_key.read_bytes(), layout.register_key.read_bytes()
    word = passphrase() if is_encrypted(sealing) or is_encrypted(register) else None
    return (
        load_sealing_key(sealing, layout.sealing_chain.read_bytes(), word if is_encrypted(sealing) else None),
        load_register_key(register, origin, word if is_encrypted(register) else None),
    )


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
