"""What belongs to the user, not to a vault: trusted certificates, the list of own vaults, heads last seen.

It lies in the user's configuration and state folders (XDG on Linux, AppData on Windows), so that a vault
or archive that somebody hands over can't bring its own trust along.
"""

import json
import os
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from evidence import digests
from evidence.errors import FormatError
from evidence.messages import t
from evidence.text import visible
from evidence.vault.durable import OWNER_DIRECTORY


@dataclass(frozen=True, slots=True)
class UserStore:
    """The user's own folders.

    Attributes:
        config: certificates trusted for seals (``trust/*.pem``) and for time stamps (``trust-tsa/*.pem``),
            own ones (``own``), the vault list.
        state: register heads last seen.
    """

    config: Path
    state: Path

    @classmethod
    def of_user(cls) -> "UserStore":
        """The store of the user who runs the program."""
        return cls(
            platformdirs.user_config_path("evidence", appauthor=False),
            platformdirs.user_state_path("evidence", appauthor=False),
        )

    def trusted(self) -> tuple[bytes, ...]:
        """The PEM files the user trusts for seals, in the order of their names."""
        return _pems(self.config / "trust")

    def trusted_tsa(self) -> tuple[bytes, ...]:
        """The PEM files the user trusts for time stamps, in the order of their names."""
        return _pems(self.config / "trust-tsa")

    def trust_tsa(self, certificate_pem: bytes, fingerprint: str) -> bool:
        """Trust a certificate for time stamps; returns False when it was trusted before."""
        path = _folder(self.config / "trust-tsa") / f"{fingerprint}.pem"
        if path.exists():
            return False
        _save(path, certificate_pem.decode("ascii"))
        return True

    def trust(self, certificate_pem: bytes, fingerprint: str, *, own: bool) -> bool:
        """Trust a certificate for seals; returns False when it was trusted before.

        Args:
            certificate_pem: the certificate.
            fingerprint: its SHA-256 as 64 hexadecimal digits.
            own: whether this user's vault made it.
        """
        path = _folder(self.config / "trust") / f"{fingerprint}.pem"
        if own:
            own_list = self.config / "own"
            _save(own_list, json.dumps(sorted(self.own() | {fingerprint})))
        if path.exists():
            return False
        _save(path, certificate_pem.decode("ascii"))
        return True

    def own(self) -> frozenset[str]:
        """Fingerprints of certificates that vaults of this user made."""
        return frozenset(_load_list(self.config / "own"))

    def vaults(self) -> tuple[Path, ...]:
        """The vaults this user made or uses; only these are found upwards from the current folder."""
        return tuple(Path(line) for line in _load_list(self.config / "vaults"))

    def add_vault(self, root: Path) -> None:
        """Put a vault on the user's list."""
        _folder(self.config)
        paths = [str(path) for path in self.vaults()]
        if str(root) not in paths:
            _save(self.config / "vaults", json.dumps([*paths, str(root)], ensure_ascii=True))

    def head(self, register_key: str) -> bytes | None:
        """The newest checkpoint this user has seen of the register with that verifier key."""
        path = self._head_path(register_key)
        return path.read_bytes() if path.exists() else None

    def remember_head(self, register_key: str, note: bytes) -> None:
        """Keep a register's newest checkpoint outside its vault."""
        _folder(self.state / "heads")
        _save(self._head_path(register_key), note.decode("utf-8"))

    def _head_path(self, register_key: str) -> Path:
        return self.state / "heads" / digests.sha256_hex(register_key.encode())


def _pems(folder: Path) -> tuple[bytes, ...]:
    return tuple(path.read_bytes() for path in sorted(folder.glob("*.pem"))) if folder.is_dir() else ()


def _folder(path: Path) -> Path:
    for folder in (*reversed(path.parents), path):
        if not folder.exists():
            folder.mkdir(mode=OWNER_DIRECTORY, exist_ok=True)
    return path


def _load_list(path: Path) -> list[str]:
    if not path.exists():
        return []
    try:
        loaded = json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        loaded = None
    if not isinstance(loaded, list):
        raise FormatError(t("vault.user_store", path=visible(str(path))), t("vault.user_store_hint"))
    return [str(item) for item in loaded]


def _save(path: Path, content: str) -> None:
    temporary = path.with_name(f"{path.name}.{os.getpid()}.new")
    temporary.write_text(content, encoding="utf-8", newline="")
    temporary.chmod(0o600)
    temporary.replace(path)
