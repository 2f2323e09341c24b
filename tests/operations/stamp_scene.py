"""A vault to whose archives time stamps belong, and what must hold of them whatever happened."""

import hashlib
import json
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from evidence.clock import system_clock
from evidence.crypto.certificates import pem_to_der
from evidence.crypto.trust import Anchors
from evidence.findings import Status
from evidence.operations.init import default_origin, init, self_issued, with_time_stamps
from evidence.operations.seams import Seams
from evidence.operations.sidecars import CaughtUp, catch_up
from evidence.vault import archive_store
from evidence.vault.config import Config
from evidence.vault.vault import Vault
from evidence.verify.results import Options, Verification
from evidence.verify.verifier import verify
from tests import tsa
from tests.crypto import pki

TSR = "META-INF/register-001-token-1.tsr"
PROOF = "META-INF/register-001.tlog-proof"


def make_vault(root: Path, authority: tsa.Authority, *servers: str, seams: Seams | None = None) -> Path:
    """A vault with plain keys that asks these servers and trusts that authority's root."""
    seams = seams or Seams()
    settings = with_time_stamps(Config("ТОВ Приклад", default_origin(seams)), servers)
    init(root, settings, self_issued("ТОВ Приклад", seams), None, seams, [authority.root.der])
    return root


def configure(root: Path, **values: object) -> None:
    """Set values of [time_stamp] in evidence.toml."""
    path = root / "evidence.toml"
    lines = [row for row in path.read_text(encoding="utf-8").splitlines() if row.split(" ")[0] not in values]
    at = lines.index("[time_stamp]") + 1
    new = [f"{name} = {json.dumps(value)}" for name, value in values.items()]
    path.write_text("\n".join([*lines[:at], *new, *lines[at:], ""]), encoding="utf-8")


def open_vault(root: Path, seams: Seams | None = None) -> Vault:
    seams = seams or Seams()
    return Vault(root, seams.durable, seams.user)


def caught_up(root: Path, seams: Seams | None = None) -> CaughtUp:
    """What `evidence timestamp` does."""
    seams = seams or Seams()
    vault = open_vault(root, seams)
    try:
        vault.check_heads()
        return catch_up(vault, seams)
    finally:
        vault.close()


def sidecar_of(archive: Path) -> Path:
    return archive.with_name(archive.name + ".proof")


def published(root: Path) -> list[Path]:
    """The vault's archives."""
    vault = open_vault(root)
    try:
        return list(archive_store.published(vault.layout))
    finally:
        vault.close()


def verified(root: Path, archive: Path, authority: tsa.Authority) -> Verification:
    """An archive with the sidecar beside it, with trust in the vault's signer and the authority."""
    signer = pem_to_der((root / "keys" / "sealing.crt").read_bytes())
    beside = sidecar_of(archive)
    options = Options(
        anchors=Anchors(signer),
        tsa_anchors=Anchors((authority.root.der,)),
        now=system_clock(),
        sidecar=beside.read_bytes() if beside.exists() else None,
    )
    with archive.open("rb") as file:
        return verify(file, options)


def check_token(container: Path, authority: tsa.Authority, folder: Path, number: int = 1) -> None:
    """By openssl ts, the token in an archive or sidecar is one over the note as committed, and nothing else."""
    with zipfile.ZipFile(container) as file:
        token = file.read(TSR.replace("001", f"{number:03d}", 1))
        proof = file.read(PROOF.replace("001", f"{number:03d}"))
    note = proof.partition(b"\n\n")[2]
    name = hashlib.sha256(str(container).encode()).hexdigest()[:16]
    for kind, data in (("tsr", token), ("note", note), ("other", note + b"\n"), ("pem", authority.root.pem)):
        (folder / f"{name}.{kind}").write_bytes(data)
    for over, good in (("note", True), ("other", False)):
        done = pki.openssl(
            *(
                "ts",
                "-verify",
                "-token_in",
                "-in",
                folder / f"{name}.tsr",
                "-data",
                folder / f"{name}.{over}",
            ),
            *("-CAfile", folder / f"{name}.pem"),
            check=False,
        )
        assert (done.returncode == 0) is good, done.stderr


def check_stamped(root: Path, authority: tsa.Authority, archives: int = 1) -> None:
    """Every archive is there once, passes with a proven time, and nothing waits or is left over."""
    found = published(root)
    assert len(found) == archives, found
    ids = set()
    for archive in found:
        answer = verified(root, archive, authority)
        assert answer.verdict is Status.PASSED, (answer.findings, answer.notes)
        assert answer.proven is not None
        ids.add(answer.archive_id)
        check_token(sidecar_of(archive) if answer.proven.in_sidecar else archive, authority, root.parent)
    assert len(ids) == archives
    assert list((root / "staging").iterdir()) == []
    assert [path.name for path in (root / "archives").rglob(".*.new")] == []
    assert caught_up(root) == CaughtUp(None, ())


@dataclass
class Counting:
    """A post that counts what is asked of whom, before it asks."""

    post: Callable[[str, bytes, float], bytes]
    asked: list[str]

    def __call__(self, url: str, query: bytes, timeout: float) -> bytes:
        self.asked.append(url)
        return self.post(url, query, timeout)
