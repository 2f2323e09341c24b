"""Archives of registers that were retired, as audit, doctor and `timestamp` see them."""

import json
import os
import shutil
from pathlib import Path

import pytest

from evidence.operations.init import init, self_issued
from evidence.operations.seams import Seams
from evidence.vault.config import Config
from tests.journeys.program import archive_of, done, evidence
from tests.network.tsaserver import Served, refused_url
from tests.operations import scene
from tests.operations.audit.ground import archives, audited, copied, flip, found, make, name_of
from tests.operations.audit.test_archives import inside
from tests.operations.scene import make_incident, seal
from tests.operations.stamp_scene import caught_up, configure, make_vault, sidecar_of
from tests.operations.test_recovery import Scene, begin_anew, fork
from tests.tsa import Authority


def no_pause(_seconds: float) -> None:
    pass


def begin_new(root: Path) -> None:
    done("register", "recover", "--vault", root, "--yes", "--new-register", "--reason", "lost")


def lose(root: Path, number: str) -> Path:
    """Seal an incident, restore the backup made before, begin a new register; the archive that was kept."""
    backup = copied(root, root.parent / f"before-{number}")
    seal(root, make_incident(root.parent / f"of-{number}", number))
    kept = root.parent / f"{number}.asice"
    shutil.copy(archive_of(root, number), kept)
    shutil.rmtree(root)
    backup.rename(root)
    begin_new(root)
    return kept


@pytest.fixture(scope="module")
def retired(tmp_path_factory: pytest.TempPathFactory, authority: Authority, server: Served) -> Path:
    """A is sealed and stamped later, a backup made, B sealed, the backup restored, a new register begun."""
    folder = tmp_path_factory.mktemp("retired")
    root = make_vault(folder / "vault", authority, refused_url())
    configure(root, attempts=1)
    seal(root, make_incident(folder / "a", "A"), Seams(pause=no_pause))
    configure(root, servers=[server.url])
    assert len(caught_up(root).deliveries) == 1
    lose(root, "B")
    return root


@pytest.fixture
def vault(retired: Path, tmp_path: Path) -> Path:
    return copied(retired, tmp_path / "vault")


def doctor(root: Path) -> list[str]:
    """What the doctor says of archives and their time stamps."""
    rows = evidence("doctor", "--vault", root, "--json").stdout.splitlines()
    told = [str(json.loads(row).get("code")) for row in rows]
    return [code for code in told if code.startswith(("STAMP", "PROOF", "ARCHIVE", "REGISTER"))]


def test_archives_of_the_former_register_are_in_order(retired: Path, vault: Path) -> None:
    assert sidecar_of(archive_of(vault, "A")).exists()
    assert found(vault) == []
    assert doctor(vault) == []
    kept = retired.parent / "B.asice"  # its entry is lost, and stands under the head that is cited
    shutil.copy(kept, archive_of(vault, "A").parent / "B.asice")
    heard, answer = audited(vault)
    assert (heard.codes, answer.read, int(answer.exit_code)) == ([], 2, 0)
    assert doctor(vault) == []
    assert "waits" not in done("timestamp", "--vault", vault)


def test_without_the_retired_database(vault: Path) -> None:
    for folder in vault.glob("register-retired-*"):
        shutil.rmtree(folder)
    assert (found(vault), doctor(vault)) == ([], [])


def test_a_retired_database_of_any_bytes(vault: Path) -> None:
    (database,) = vault.glob("register-retired-*/register/register.sqlite")
    database.write_bytes(b"\xff" * 5000)
    assert (found(vault), doctor(vault)) == ([], [])


def test_the_next_register_and_the_one_after_it(vault: Path) -> None:
    seal(vault, make_incident(vault.parent / "c", "C"))
    kept = lose(vault, "D")
    shutil.copy(kept, archive_of(vault, "C").parent / "D.asice")
    seal(vault, make_incident(vault.parent / "e", "E"))
    assert [path.stem for path in archives(vault)] == ["A", "C", "D", "E"]
    assert (found(vault), doctor(vault)) == ([], [])


def test_an_altered_archive_of_the_former_register(vault: Path) -> None:
    archive = archive_of(vault, "A")
    flip(archive, inside(archive, "exhibits/E1.wav") + 60)
    assert found(vault) == [("ARCHIVE_ALTERED", name_of(vault, archive))]


def test_a_sidecar_that_proves_nothing(vault: Path) -> None:
    archive = archive_of(vault, "A")
    sidecar_of(archive).write_bytes(os.urandom(100))
    told = found(vault)
    assert ("PROOF_FILE_DAMAGED", name_of(vault, archive)) in told
    assert {code for code, _subject in told} == {"PROOF_FILE_DAMAGED", "ARCHIVE_UNDECIDED"}
    assert doctor(vault) == ["PROOF_FILE_DAMAGED"]


def test_nobody_waits_for_the_time_stamp_of_a_former_archive(vault: Path, server: Served) -> None:
    """Checkpoints of this register say nothing about it, so no stamp that comes would cover it."""
    archive = archive_of(vault, "A")
    sidecar_of(archive).unlink()
    assert found(vault) == [("ARCHIVE_UNDECIDED", name_of(vault, archive))]
    assert doctor(vault) == []
    asked = len(server.queries)
    done("timestamp", "--vault", vault)
    assert len(server.queries) == asked


def test_archives_of_strangers_stay_unknown(vault: Path, tmp_path: Path) -> None:
    """One from anywhere, and one whose register bears the former one's name, but has another key."""
    (database,) = vault.glob("register-retired-*/evidence.toml")
    line = next(row for row in database.read_text(encoding="utf-8").splitlines() if row.startswith("origin"))
    origin, seams = json.loads(line.partition("=")[2]), Seams()
    namesake = tmp_path / "namesake"
    init(namesake, Config("X", origin), self_issued("X", seams), None, seams)
    seal(namesake, make_incident(tmp_path / "n", "N"))
    strangers = [archive_of(namesake, "N"), archives(make(tmp_path / "stranger", 1))[0]]
    folder = archive_of(vault, "A").parent
    planted = [folder / f"planted-{number}.asice" for number in range(2)]
    for source, target in zip(strangers, planted, strict=True):
        shutil.copy(source, target)
        shutil.copy(sidecar_of(archive_of(vault, "A")), sidecar_of(target))
    assert found(vault) == [("ARCHIVE_UNKNOWN", name_of(vault, path)) for path in planted]
    assert doctor(vault) == []


def test_the_former_register_went_on(tmp_path: Path) -> None:
    before = Scene(tmp_path)
    elsewhere = scene.copy_vault(before.vault, tmp_path / "elsewhere")
    before.restore("register", "archives", "custody")
    begin_anew(before.vault)
    assert found(before.vault) == []
    seal(elsewhere, before.incidents["E"])
    planted = archive_of(before.vault, "A").parent / "E.asice"
    shutil.copy(archive_of(elsewhere, "E"), planted)
    heard, answer = audited(before.vault)
    told = [(finding.code, finding.subject, finding.params["seen"]) for finding in heard.findings]
    assert told == [("REGISTER_FORMER_AHEAD", name_of(before.vault, planted), 6)]
    assert int(answer.exit_code) == 1


def test_the_other_branch_of_a_fork(tmp_path: Path) -> None:
    """C and X both stand under a signed head of four entries; the retired database holds that of C."""
    before = Scene(tmp_path)
    fork(before, tmp_path)
    planted = archive_of(before.vault, "A").parent / "X.asice"
    shutil.copy(archive_of(before.backup, "X"), planted)
    begin_anew(before.vault)
    assert found(before.vault) == [("ARCHIVE_FORK", name_of(before.vault, planted))]
