"""Dropped recordings become archives like incident folders do."""

import dataclasses
import hashlib
import json
import zipfile
from pathlib import Path
from typing import Any

from evidence.clock import system_clock
from evidence.crypto.certificates import pem_to_der
from evidence.crypto.trust import Anchors
from evidence.findings import Status
from evidence.intake.inbox.identity import uid_of
from evidence.intake.inbox.model import Item
from evidence.intake.inbox.reading import read
from evidence.operations import staging
from evidence.operations.commit import commit
from evidence.operations.custody import is_changed
from evidence.operations.examine import digests_of
from evidence.operations.publish import publish
from evidence.operations.seams import Seams
from evidence.operations.staging import Work
from evidence.vault.vault import Vault, load_keys
from evidence.verify.verifier import Options, verify
from tests.intake.inbox.boxes import look, mapping, only, put, wav
from tests.intake.inbox.test_calls import UNIQUE, asterisk, asterisk_line
from tests.operations.scene import make_vault, no_probe


def sealed(root: Path, item: Item) -> tuple[dict[str, Any], dict[str, bytes]]:
    """The records by kind and name, and the raw exhibits, of the verified archive of an item."""
    seams = Seams()
    vault = Vault(make_vault(root), seams.durable, seams.user)
    keys = load_keys(vault, lambda: b"")
    folder = read(item)
    folder = dataclasses.replace(folder, uid=uid_of(folder, digests_of(folder)))
    prepared = staging.stage(vault, folder, keys[0], Work(no_probe, seams, lambda _n: None, lambda _n: None))
    (claim,) = commit(vault, keys[1], [prepared.staged], seams.clock)
    archive = publish(vault, claim, folder.incident.number)
    assert not is_changed(vault, folder, claim.archive_id)
    certificate = pem_to_der(vault.layout.sealing_chain.read_bytes())
    vault.close()
    anchors = Anchors(certificate, frozenset())
    with archive.open("rb") as file:
        found = verify(file, Options(anchors, Anchors((), frozenset()), system_clock()))
    assert found.verdict is Status.PASSED, found.findings
    records: dict[str, Any] = {}
    with zipfile.ZipFile(archive) as members:
        raw = {n: members.read(n) for n in members.namelist() if n.startswith("exhibits/")}
        for name in members.namelist():
            if name.startswith("records/"):
                record = json.loads(members.read(name))
                records[record.get("name", record["kind"])] = record
    return records, raw


def test_a_recording_that_a_table_names(tmp_path: Path) -> None:
    put(tmp_path, f"inbox/monitor/{UNIQUE}.wav")
    put(tmp_path, "inbox/Master.csv", asterisk_line())
    records, raw = sealed(tmp_path / "vault", only(look(tmp_path / "inbox", asterisk())))
    assert raw == {"exhibits/E1.wav": wav()}
    assert records["incident"]["calls"][0]["exhibit"] == "E1"
    assert records["incident"]["calls"][0]["started"]["utc"] == "2026-11-05T08:15:02.000Z"
    assert records["cdr.csv"]["sha256"] == hashlib.sha256(asterisk_line().encode()).hexdigest()
    assert records["cdr.csv"]["role"] == "pbx"
    assert records["cdr.csv"]["title"] == "Master.csv, 1 row: line 1"
    assert sorted(path.name for path in (tmp_path / "inbox").rglob("*")) == [
        "1793866502.4711.wav",
        "Master.csv",
        "monitor",
    ]


def test_two_recordings_with_another_programs_sidecar(tmp_path: Path) -> None:
    put(tmp_path, "inbox/X-in.wav", wav(80))
    put(tmp_path, "inbox/X-out.wav", wav(81))
    sidecar = {"t": "2026-11-05 10:15:02", "files": ["X-out.wav", "X-in.wav"]}
    beside = put(tmp_path, "inbox/X.json", sidecar)
    crm = mapping("crm", kind="json", fields={"started": "/t", "recording": "/files"})
    records, raw = sealed(tmp_path / "vault", only(look(tmp_path / "inbox", crm)))
    assert raw == {"exhibits/E1.wav": wav(81), "exhibits/E2.wav": wav(80)}
    assert records["X.json"]["sha256"] == hashlib.sha256(beside.read_bytes()).hexdigest()
    assert records["incident"]["number"] == "X"
    assert {records[n]["role"] for n in ("X-in.wav", "X-out.wav")} == {"recording"}
