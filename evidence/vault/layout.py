"""Where things stand in a vault."""

from dataclasses import dataclass
from pathlib import Path

FOLDERS = ("keys", "register", "custody", "staging", "archives", "incidents", "notices")


@dataclass(frozen=True, slots=True)
class Layout:
    """The paths of a vault below its absolute root folder."""

    root: Path

    @property
    def config(self) -> Path:
        """The configuration; a vault is a folder that holds it."""
        return self.root / "evidence.toml"

    @property
    def lock(self) -> Path:
        """Locked while the register grows."""
        return self.root / "lock"

    @property
    def lexicon(self) -> Path:
        """Entries of the organisation's own for the lexicon; made by whoever needs it."""
        return self.root / "lexicon"

    @property
    def sealing_key(self) -> Path:
        """PKCS #8 PEM, encrypted unless asked otherwise."""
        return self.root / "keys" / "sealing.key"

    @property
    def sealing_chain(self) -> Path:
        """The sealing certificate and its chain, PEM."""
        return self.root / "keys" / "sealing.crt"

    @property
    def register_key(self) -> Path:
        """PKCS #8 PEM of the register's Ed25519 key."""
        return self.root / "keys" / "register.key"

    @property
    def register(self) -> Path:
        """The register store."""
        return self.root / "register" / "register.sqlite"

    @property
    def register_folder(self) -> Path:
        """The register store and everything that belongs to it."""
        return self.root / "register"

    @property
    def cosigned(self) -> Path:
        """Checkpoints that witnesses cosigned; made when the first one has."""
        return self.root / "register" / "cosigned"

    @property
    def next_register(self) -> Path:
        """A new register that is about to take the place of this one; there only while that is done."""
        return self.root / "register-next"

    @property
    def second_place_lock(self) -> Path:
        """Held by whoever puts checkpoints into second places."""
        return self.root / "second-place.lock"

    @property
    def head(self) -> Path:
        """The newest checkpoint that may have left the vault."""
        return self.root / "register" / "head"

    @property
    def head_copy(self) -> Path:
        """The same beside the archives, in case the register alone is restored from a backup."""
        return self.archives / ".register-head"

    @property
    def mirror(self) -> Path:
        """Copies of the entries that no archive carries, beside the archives."""
        return self.archives / ".register-entries"

    @property
    def staging(self) -> Path:
        """Archives being made."""
        return self.root / "staging"

    @property
    def archives(self) -> Path:
        """Published archives, in a folder for each day."""
        return self.root / "archives"

    def archives_of(self, claimed_time: str) -> Path:
        """The folder of archives that were entered in the register on the day of that time, UTC."""
        return self.archives / claimed_time[:10]

    @property
    def incidents(self) -> Path:
        """Folders of incidents that were prepared here."""
        return self.root / "incidents"

    def incident(self, number: str) -> Path:
        """The folder of one incident."""
        return self.incidents / number

    @property
    def inbox(self) -> Path:
        """Where incidents and recordings are dropped for the nightly batch, unless configured otherwise."""
        return self.root / "inbox"

    @property
    def quarantine(self) -> Path:
        """What a batch couldn't seal, a folder each with its ``reason.json``."""
        return self.root / "quarantine"

    @property
    def batch_lock(self) -> Path:
        """Held by the batch that is running; says who that is."""
        return self.root / "batch.lock"

    @property
    def ledger(self) -> Path:
        """What earlier batches made of the things in inboxes; may be removed."""
        return self.root / "batch.sqlite"

    @property
    def stamps_lock(self) -> Path:
        """Locked by whoever puts sidecars beside archives."""
        return self.root / "stamps.lock"

    @property
    def spool(self) -> Path:
        """Receipts of recordings that aren't in the register yet."""
        return self.root / "spool"

    @property
    def received(self) -> Path:
        """Receipts in the register whose recordings aren't sealed yet."""
        return self.root / "received"

    @property
    def hotkeys(self) -> Path:
        """The log of hot keys, a file a day (evidence.vault.hotkeys); made when the first one is pressed."""
        return self.root / "hotkeys"

    @property
    def hotkeys_lock(self) -> Path:
        """Locked by whoever adds to the log of hot keys."""
        return self.hotkeys / "lock"

    @property
    def hotkeys_token(self) -> Path:
        """What softphones and CRMs show to be let in; made at first use."""
        return self.hotkeys / "token"

    @property
    def receipts_lock(self) -> Path:
        """Locked by whoever takes receipts from the spool."""
        return self.root / "receipts.lock"

    @property
    def audit_memory(self) -> Path:
        """When each archive was read in full the last time; losing it costs nothing but the order."""
        return self.root / "audit.sqlite"

    @property
    def removed(self) -> Path:
        """Files that were taken out of incidents."""
        return self.root / "removed"

    @property
    def custody_records(self) -> Path:
        """The erasable store."""
        return self.root / "custody"

    @property
    def notices(self) -> Path:
        """The versions of the recording notice, a folder each; vaults of 0.1.0 may lack it."""
        return self.root / "notices"

    @property
    def notices_lock(self) -> Path:
        """Locked by whoever adds a notice."""
        return self.root / "notices.lock"

    def notice(self, notice_id: str) -> Path:
        """The folder of one version of the notice."""
        return self.notices / notice_id

    def custody(self, archive_id: str) -> Path:
        """The erasable file with the salted custody record of one archive."""
        return self.custody_records / f"{archive_id}.json"

    def staged(self, claim: str) -> Path:
        """The archive that a claim is making."""
        return self.staging / f"{claim}.staged"

    def claim_lock(self, uid: str) -> Path:
        """Locked by whoever seals the incident of that uid."""
        return self.staging / f"{uid}.lock"
