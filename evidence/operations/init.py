"""`evidence init`: a new vault with its keys, its register and entry 0."""

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from evidence import strict
from evidence.crypto import certificates, keys
from evidence.digests import sha256_hex
from evidence.errors import StateError
from evidence.messages import t
from evidence.operations.sealing_certificate import require_usable
from evidence.operations.seams import Seams
from evidence.register import checkpoint, entries
from evidence.register.checkpoint import Checkpoint
from evidence.text import visible
from evidence.vault import archive_store, config, locks
from evidence.vault.config import Config
from evidence.vault.durable import write_new
from evidence.vault.layout import FOLDERS, Layout
from evidence.vault.register_store import RegisterStore
from evidence.vault.settings import TimeStampSettings

TSA_ROOTS = "keys/tsa-roots.pem"
"""Where a new vault keeps the root certificates of its time-stamping authorities."""
YEARS = 10
"""How long a self-issued sealing certificate is valid."""


@dataclass(frozen=True, slots=True)
class SealingMaterial:
    """A sealing key with its certificate chain, both PEM, the key not encrypted."""

    key: bytes
    chain: bytes


@dataclass(frozen=True, slots=True)
class NewVault:
    """What `init` made.

    Attributes:
        root: the vault's folder.
        certificate: facts about the sealing certificate.
        register_key: the register's verifier key.
        in_trust_store: whether the certificate was put into the user's trust store (self-issued ones are).
        problem: why the user's own folders could not be written; empty when they could.
    """

    root: Path
    certificate: certificates.CertificateFacts
    register_key: str
    in_trust_store: bool
    problem: str = ""


def self_issued(organisation: str, seams: Seams) -> SealingMaterial:
    """A new ECDSA P-256 key with a certificate that names the organisation, for YEARS years."""
    key = keys.generate_sealing_key()
    serial = int.from_bytes(seams.entropy(16)) >> 1
    chain = certificates.self_issued(key, None, organisation, seams.clock(), serial=serial, years=YEARS)
    return SealingMaterial(key, chain)


def default_origin(seams: Seams) -> str:
    """A register name that nobody else has."""
    return f"evidence-register/{seams.entropy(8).hex()}"


def with_time_stamps(settings: Config, servers: Sequence[str]) -> Config:
    """The configuration of a vault to each of whose archives a time stamp belongs.

    Args:
        settings: everything else.
        servers: addresses of authorities; none where they are asked by file.
    """
    time_stamp = TimeStampSettings(servers=tuple(servers), roots=TSA_ROOTS)
    return replace(settings, time_policy="expected", time_stamp=time_stamp)


def init(  # noqa: PLR0917  as many as a vault is made of
    root: Path,
    settings: Config,
    material: SealingMaterial,
    passphrase: Callable[[], bytes] | None,
    seams: Seams,
    tsa_roots: Sequence[bytes] = (),
) -> NewVault:
    """Make a vault; it appears whole or not at all.

    Args:
        root: the folder to make; it may exist if it is empty.
        settings: what goes into evidence.toml.
        material: the sealing key and its chain.
        passphrase: gives the new passphrase; None stores the keys unencrypted at mode 0600.
        seams: clock, randomness, file system and the user's own store.
        tsa_roots: root certificates of the time-stamping authorities, DER; see `with_time_stamps`.

    Raises:
        StateError: the folder exists and isn't empty.
        CryptoError: the key doesn't fit its certificate, or can't be used.
    """
    locks.require_posix()
    config.check_names(settings)
    root = root.resolve()
    _require_empty(root)
    sealing = keys.load_sealing_key(material.key, material.chain, None)
    require_usable(sealing, seams.clock())
    facts = certificates.facts(sealing.chain[0])
    register_pem = keys.generate_register_key()
    register = keys.load_register_key(register_pem, settings.origin, None)
    word = passphrase() if passphrase else None
    root.parent.mkdir(parents=True, exist_ok=True)
    layout = Layout(root.parent / f".{root.name}.{seams.entropy(4).hex()}.new")
    try:
        _make_folders(layout, seams)
        write_new(seams.durable, layout.sealing_key, keys.protect(material.key, word))
        write_new(seams.durable, layout.sealing_chain, material.chain)
        write_new(seams.durable, layout.register_key, keys.protect(register_pem, word))
        if tsa_roots:
            roots = b"".join(map(certificates.der_to_pem, tsa_roots))
            write_new(seams.durable, layout.root / TSA_ROOTS, roots)
        _make_register(layout, settings.origin, register, seams)
        write_new(seams.durable, layout.config, config.render(settings).encode("utf-8"))
        archive_store.require_links(layout)
        seams.durable.replace(layout.root, root)
    except BaseException:
        shutil.rmtree(layout.root, ignore_errors=True)
        seams.durable.close()
        raise
    seams.durable.sync_directory(root.parent)
    seams.durable.close()
    try:
        _tell_user_store(root, sealing.chain[0], facts, register.vkey, seams)
        for der in tsa_roots:
            seams.user.trust_tsa(certificates.der_to_pem(der), sha256_hex(der))
    except OSError as error:
        problem = error.strerror or str(error)
        return NewVault(root, facts, register.vkey, in_trust_store=False, problem=problem)
    return NewVault(root, facts, register.vkey, in_trust_store=facts.self_issued)


def _require_empty(root: Path) -> None:
    if root.exists() and (not root.is_dir() or any(root.iterdir())):
        raise StateError(t("vault.not_empty", path=visible(str(root))), t("vault.not_empty_hint"))


def _tell_user_store(
    root: Path, der: bytes, facts: certificates.CertificateFacts, register_key: str, seams: Seams
) -> None:
    if facts.self_issued:
        seams.user.trust(certificates.der_to_pem(der), facts.sha256, own=True)
    seams.user.add_vault(root)
    seams.user.remember_head(register_key, Layout(root).head.read_bytes())


def _make_folders(layout: Layout, seams: Seams) -> None:
    seams.durable.make_directory(layout.root)
    for name in FOLDERS:
        seams.durable.make_directory(layout.root / name)


def _make_register(layout: Layout, origin: str, key: keys.RegisterKey, seams: Seams) -> None:
    store = RegisterStore.create(layout.register, seams.durable)
    try:
        with store.transaction():
            appender = store.appender()
            appender.append(entries.make_created(origin, key.vkey, strict.format_timestamp(seams.clock())))
            note = checkpoint.sign(Checkpoint(origin, appender.size, appender.root()), key.sign_note)
            appender.close(note)
        for path in (layout.head, layout.head_copy):
            write_new(seams.durable, path, note)
    finally:
        store.close()
