"""Quarantine, in which people work: what they leave there fetches nothing, and stops no batch."""

import json
import os
from pathlib import Path

import pytest

from tests.batch.scene import OLD, check_sealed, files_under, make_inbox, reasons, run_batch
from tests.journeys.program import evidence, new_vault
from tests.operations.scene import make_vault


def reason_of(victim: Path, **values: object) -> str:
    """A reason.json that names a file it has no business with."""
    found = {"format": 1, "item": victim.name, "kind": "drop", "inbox": str(victim.parent)}
    return json.dumps(found | {"originals": [str(victim)], "is_copied": False} | values)


@pytest.mark.parametrize("values", [{}, {"is_copied": True}, {"kind": "folder"}])
def test_what_somebody_wrote_into_quarantine_fetches_nothing(
    tmp_path: Path, values: dict[str, object]
) -> None:
    vault, inbox = make_vault(tmp_path / "v"), make_inbox(tmp_path / "i", 1)
    victim = tmp_path / "secret"
    victim.write_text("of somebody else")
    begun = vault / "quarantine" / ".new-2026-11-01-x-00000000"
    begun.mkdir(parents=True)
    (begun / "reason.json").write_text(reason_of(victim, **values))
    assert run_batch(vault, inbox).kinds() == ["Sealed"]
    assert victim.read_text() == "of somebody else"
    assert not list((vault / "quarantine").rglob("secret"))
    assert not begun.exists()


@pytest.mark.parametrize(
    "text",
    ["", "garbage", "[]", "{}", '{"originals": 5}', "[" * 9999, '{"inbox": {"name_base64": "%%"}}', None],
)
def test_a_begun_folder_with_an_odd_reason_stops_nobody(tmp_path: Path, text: str | None) -> None:
    """Its content, which may be the only copy, is kept under a name that `--retry` knows."""
    vault, inbox = make_vault(tmp_path / "v"), make_inbox(tmp_path / "i", 1)
    begun = vault / "quarantine" / ".new-2026-11-01-x-00000000"
    (begun / "content").mkdir(parents=True)
    (begun / "content" / "call.wav").write_bytes(b"the only copy")
    if text is not None:
        (begun / "reason.json").write_text(text)
    (vault / "quarantine" / ".new-file").write_text("not a folder")
    (vault / "quarantine" / ".new-link").symlink_to("/etc")
    told = run_batch(vault, inbox)
    assert told.kinds() == ["Sealed"], told
    kept = vault / "quarantine" / "2026-11-01-x-00000000" / "content" / "call.wav"
    assert kept.read_bytes() == b"the only copy"


@pytest.mark.parametrize(
    "values", [{"inbox": 5}, {"originals": "/"}, {"item": {"x": 1}}, {"inbox": "a\0b"}, {"kind": 5}]
)
def test_retry_of_odd_reasons(tmp_path: Path, values: dict[str, object]) -> None:
    vault, inbox = new_vault(tmp_path / "v"), make_inbox(tmp_path / "i", 0, 1)
    evidence("batch", inbox, "--vault", vault)
    (aside,) = (vault / "quarantine").iterdir()
    before = files_under(aside / "content")
    (aside / "reason.json").write_text(json.dumps(reasons(vault)[0] | values))
    said = evidence("batch", "--retry", "--vault", vault)
    assert said.returncode == 9, said.stderr
    assert files_under(aside / "content") == before
    assert json.loads((aside / "reason.json").read_text())["tried"]


def test_retry_looks_through_no_strange_folder(tmp_path: Path) -> None:
    """A reason.json that calls somebody's folder an inbox doesn't make it one."""
    vault, strange = make_vault(tmp_path / "v"), make_inbox(tmp_path / "strange", 1)
    aside = vault / "quarantine" / "x"
    aside.mkdir(parents=True)
    (aside / "reason.json").write_text(reason_of(strange / "i0", kind="call"))
    before = files_under(strange)
    told = run_batch(vault, tmp_path / "own", retry=True)
    assert told.kinds() == []
    assert "evidence batch" in told.problems[0]
    assert files_under(strange) == before
    said = evidence("batch", "--retry", "--vault", vault)
    assert (said.returncode, said.stderr) == (0, "")


def test_retry_follows_no_links(tmp_path: Path) -> None:
    vault, outside = make_vault(tmp_path / "v"), make_inbox(tmp_path / "o", 2)
    quarantine = vault / "quarantine"
    (quarantine / "x").mkdir(parents=True)
    (quarantine / "x" / "content").symlink_to(outside)
    (quarantine / "y").symlink_to(outside)
    before = files_under(outside)
    assert run_batch(vault, outside, retry=True, originals="delete").kinds() == []
    assert files_under(outside) == before


def test_what_people_leave_in_quarantine_keeps_its_reason(tmp_path: Path) -> None:
    """Hidden files, notes, a reason.json that is a folder, a content that is a file: the others are sealed."""
    vault, inbox = make_vault(tmp_path / "v"), make_inbox(tmp_path / "i", 0, 4)
    run_batch(vault, inbox)
    asides = sorted((vault / "quarantine").iterdir())
    for aside in asides:
        (incident,) = (aside / "content").iterdir()
        number = f"INC-{incident.name[1]}"
        (incident / "incident.json").write_text(json.dumps({"format": 1, "number": number}))
        (incident / "markers.json").unlink()
    (asides[0] / "content" / ".DS_Store").write_text("x")
    (asides[1] / "note.txt").write_text("call Olena")
    (asides[2] / "reason.json").unlink()
    (asides[2] / "reason.json").mkdir()
    odd = vault / "quarantine" / "odd"
    odd.mkdir()
    (odd / "content").write_text("a file")
    told = run_batch(vault, inbox, retry=True)
    assert told.kinds() == ["Sealed"] * 4, told
    check_sealed(vault, {f"INC-{n}" for n in range(4)})
    assert (asides[1] / "note.txt").exists()
    assert (asides[1] / "reason.json").exists()
    assert (odd / "content").read_text() == "a file"
    assert not asides[3].exists()


NAMES = [
    b"\x1b]0;owned\x07\xe2\x80\xae.bin",
    b"\xff\xfe.bin",
    b"x" * 251 + b".bin",
    "я".encode() * 120 + b".bin",
]


@pytest.mark.parametrize("mode", ["keep", "move"])
def test_hostile_names(tmp_path: Path, mode: str) -> None:
    vault, inbox = new_vault(tmp_path / "v"), tmp_path / "i"
    inbox.mkdir()
    for name in NAMES:
        path = os.fsencode(inbox) + b"/" + name
        Path(os.fsdecode(path)).write_bytes(name)
        os.utime(path, (OLD, OLD))
    config = vault / "evidence.toml"
    config.write_text(f'{config.read_text()}\n[batch]\noriginals = "{mode}"\n')
    said = evidence("batch", inbox, "--vault", vault, env={"LC_ALL": "C", "LANG": "C"})
    assert said.returncode == 9, said.stderr
    assert not set(said.stderr + said.stdout) & {"\x1b", "\x07", "\u202e"}
    assert len(list(inbox.iterdir())) == (len(NAMES) if mode == "keep" else 0)
    kept = {os.fsencode(path.name): path.read_bytes() for path in vault.glob("quarantine/*/content/*")}
    assert kept == {name: name for name in NAMES}
    again = evidence("batch", "--retry", "--json", "--vault", vault, env={"LC_ALL": "C"})
    assert again.returncode == 9, again.stderr
    *events, summary = [json.loads(line) for line in again.stdout.splitlines()]
    assert [event["event"] for event in events] == ["quarantined"] * len(NAMES)
    assert summary["event"] == "summary"
