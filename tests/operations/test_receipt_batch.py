"""A batch enters what recorders have noted, and its archives hold the receipts of their recordings."""

import hashlib
import json
import os
from pathlib import Path

import pytest

from evidence.cli import main
from tests.operations.receive_scene import documents, entries, receive
from tests.operations.scene import make_incident, make_vault
from tests.operations.test_receipt_sealing import receipt_records

LONG_AGO = 1_790_000_000


def aged(*paths: Path) -> None:
    """Let files look as if nobody had written to them for long."""
    for path in paths:
        os.utime(path, (LONG_AGO, LONG_AGO))


@pytest.mark.parametrize("workers", ["1", "2"])
def test_what_was_noted_before_the_batch_goes_with_it(
    tmp_path: Path, workers: str, capfd: pytest.CaptureFixture[str]
) -> None:
    vault = make_vault(tmp_path / "vault")
    incident = make_incident(vault / "inbox" / "INC-1", "INC-1")
    dropped = vault / "inbox" / "in-0443900000-0501234567-20261105-101502-1793866502.4711.wav"
    dropped.write_bytes((incident / "notice.wav").read_bytes())
    aged(*incident.iterdir(), incident, dropped)
    receive(vault, incident / "call.wav", dropped)
    (vault / "spool" / "bad.json").write_bytes(b"{}")
    assert main(["batch", "--vault", str(vault), "--workers", workers]) in {0, 9}
    assert "is not a receipt and was set aside" in capfd.readouterr().err
    archives = sorted(vault.glob("archives/*/*.asice"))
    assert len(archives) == 2
    told = [record for archive in archives for record in receipt_records(archive)]
    named = {json.loads(record["document"])["facts"]["name"] for record in told}
    assert {"call.wav", dropped.name} <= named
    for record in told:
        entry = json.loads(record["entry"])
        assert entry == entries(vault)[entry["received_id"]]
        assert hashlib.sha256(record["document"].encode()).hexdigest() == entry["custody_sha256"]
    assert documents(vault / "spool") == {}
    assert documents(vault / "received") == {}
    assert documents(vault / "custody").keys() == entries(vault).keys()


def test_a_batch_without_receipts_makes_nothing_for_them(tmp_path: Path) -> None:
    vault = make_vault(tmp_path / "vault")
    aged(*make_incident(vault / "inbox" / "INC-1", "INC-1").iterdir())
    assert main(["batch", "--vault", str(vault)]) == 0
    assert not [name for name in ("spool", "received", "receipts.lock") if (vault / name).exists()]
