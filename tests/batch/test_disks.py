"""Real file systems that are full, read-only or apart: nothing is lost, and every refusal says what to do."""

import os
import shutil
from pathlib import Path

import pytest

from tests.batch.mounts import mounted, remount
from tests.batch.scene import check_sealed, files_under, make_inbox, reasons
from tests.journeys.program import done, evidence, new_vault


def configure(vault: Path, **values: str) -> None:
    """Set values of [batch] in evidence.toml."""
    config = vault / "evidence.toml"
    lines = "".join(f"{name} = {value}\n" for name, value in values.items())
    config.write_text(f"{config.read_text(encoding='utf-8')}\n[batch]\n{lines}", encoding="utf-8")


def test_disk_of_the_vault_is_full(tmp_path: Path) -> None:
    """It fills up by degrees; whenever there is room again, the next run finishes."""
    inbox = make_inbox(tmp_path / "i", 3, 1)
    before = files_under(inbox)
    with mounted(tmp_path / "disk", "6m") as disk:
        vault = new_vault(disk / "v")
        free = os.statvfs(disk).f_bavail * os.statvfs(disk).f_frsize
        for left in (0, 4096, 65536, 150_000, 300_000, 500_000):
            (disk / "ballast").write_bytes(bytes(max(free - left - 4096, 0)))
            said = evidence("batch", inbox, "--vault", vault, "--size", "1")
            assert said.returncode in {8, 9}, said.stderr
            assert "Traceback" not in said.stderr
            assert "evidence: hint:" in said.stderr
            assert files_under(inbox).items() | _aside(vault).items() >= before.items()
            (disk / "ballast").unlink()
        said = evidence("batch", inbox, "--vault", vault)
        assert said.returncode in {0, 9}, said.stderr
        check_sealed(vault, {"INC-0", "INC-1", "INC-2"})
        assert files_under(inbox).items() | _aside(vault).items() >= before.items()
        assert len(reasons(vault)) == 1


def _aside(vault: Path) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for folder in sorted((vault / "quarantine").glob("*/content")):
        found |= files_under(folder)
    return found


@pytest.mark.parametrize("mode", ["move", "delete", "keep"])
def test_inbox_on_another_disk(tmp_path: Path, mode: str) -> None:
    """Originals are copied, compared and removed; what goes to quarantine may hold links and folders."""
    vault = new_vault(tmp_path / "v")
    configure(vault, originals=f'"{mode}"', quiet_seconds="0")
    with mounted(tmp_path / "disk") as disk:
        inbox = make_inbox(disk / "i", 2, 2)
        (inbox / "i2" / "link.wav").symlink_to("/dev/zero")
        (inbox / "i3" / "sub").mkdir()
        (inbox / "i3" / "sub" / "deep.txt").write_text("deep")
        before = files_under(inbox)
        assert evidence("batch", inbox, "--vault", vault).returncode == 9
        assert len(reasons(vault)) == 2
        bad = {name: data for name, data in before.items() if name[:2] in {"i2", "i3"}}
        assert _aside(vault) == bad
        assert [path.readlink() for path in vault.rglob("link.wav")] == [Path("/dev/zero")]
        good = {name: data for name, data in before.items() if name not in bad}
        assert files_under(inbox) == (good if mode == "keep" else {})
        moved = [files_under(folder) for folder in (vault / "done").glob("*")]
        assert moved == ([good] if mode == "move" else [])
        done("batch", inbox, "--vault", vault)
        check_sealed(vault, {"INC-0", "INC-1"})


def test_a_pipe_stays_and_stops_nobody(tmp_path: Path) -> None:
    """It can't be copied to another disk: it is told night for night, and the others are sealed."""
    vault = new_vault(tmp_path / "v")
    configure(vault, quiet_seconds="0")
    with mounted(tmp_path / "disk") as disk:
        inbox = make_inbox(disk / "i", 1, 1)
        os.mkfifo(inbox / "i1" / "pipe")
        for _night in range(2):
            said = evidence("batch", inbox, "--vault", vault)
            assert said.returncode == 9, said.stderr
            assert "couldn't be put into quarantine" in said.stderr
            assert (inbox / "i1" / "incident.json").exists()
            assert list((vault / "quarantine").iterdir()) == []
    check_sealed(vault, {"INC-0"})


@pytest.mark.parametrize("mode", ["move", "delete", "keep"])
def test_read_only_inbox(tmp_path: Path, mode: str) -> None:
    vault = new_vault(tmp_path / "v")
    configure(vault, originals=f'"{mode}"')
    with mounted(tmp_path / "disk") as disk:
        inbox = make_inbox(disk / "i", 1, 1)
        for name in ("i0", "i1"):
            (inbox / name / "incident.uid").write_text(f"1111111{name[1]}-1111-4111-8111-111111111111\n")
        before = files_under(inbox)
        remount(disk, "ro")
        for _night in range(2):
            said = evidence("batch", inbox, "--vault", vault)
            assert said.returncode == 9, said.stderr
            assert "Traceback" not in said.stderr
            assert files_under(inbox) == before
        assert (inbox / "i0" / "call.wav").exists()
    check_sealed(vault, {"INC-0"})


def test_read_only_vault(tmp_path: Path) -> None:
    inbox = make_inbox(tmp_path / "i", 1)
    before = files_under(inbox)
    with mounted(tmp_path / "disk") as disk:
        vault = new_vault(disk / "v")
        remount(disk, "ro")
        said = evidence("batch", inbox, "--vault", vault)
        assert said.returncode == 8, said.stderr
        assert "evidence: hint:" in said.stderr
        assert files_under(inbox) == before


def test_archives_on_another_disk_than_staging(tmp_path: Path) -> None:
    """Archives couldn't be given their names: refused before anything is entered in the register."""
    vault, inbox = new_vault(tmp_path / "v"), make_inbox(tmp_path / "i", 1)
    before = files_under(inbox)
    shutil.copytree(vault / "archives", tmp_path / "kept")
    with mounted(vault / "archives") as disk:
        shutil.copytree(tmp_path / "kept", disk, dirs_exist_ok=True)
        said = evidence("batch", inbox, "--vault", vault)
        assert said.returncode == 8, said.stderr
        assert "hard link" in said.stderr
        assert list(disk.glob("*/*.asice")) == []
    assert files_under(inbox) == before
    assert list((vault / "staging").iterdir()) == []
    done("batch", inbox, "--vault", vault)
    check_sealed(vault, {"INC-0"})
