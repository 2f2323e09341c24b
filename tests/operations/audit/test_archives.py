"""Archives that somebody tampered with: each deed gives exactly its finding."""

import json
import os
import shutil
import zipfile
from pathlib import Path
from typing import BinaryIO

import pytest

from evidence.errors import ExitCode
from evidence.operations.audit import places
from tests import builder
from tests.operations.audit.ground import archives, audited, copied, flip, found, make, name_of
from tests.operations.scene import make_incident, seal_all


def inside(archive: Path, member: str) -> int:
    """Where a member's data begins, by Python's own reading of the ZIP directory."""
    with zipfile.ZipFile(archive) as container:
        info = container.getinfo(member)
    with archive.open("rb") as file:
        file.seek(info.header_offset + 26)
        name, extra = (int.from_bytes(file.read(2), "little") for _ in range(2))
    return info.header_offset + 30 + name + extra


def test_an_untouched_vault_is_in_order(vault: Path) -> None:
    heard, answer = audited(vault)
    assert heard.findings == []
    assert (answer.entries, answer.archives, answer.read) == (5, 4, 4)
    assert answer.size == sum(path.stat().st_size for path in archives(vault))
    assert answer.exit_code is ExitCode.DONE
    assert heard.steps == ["register", "archives", "reading"]


MEMBERS = [
    "exhibits/E1.wav",
    "manifest.json",
    "META-INF/ASiCManifest001.xml",
    "META-INF/signature001.p7s",
    "META-INF/register-entry.json",
    "META-INF/register-001.tlog-proof",
]


@pytest.mark.parametrize("member", MEMBERS)
def test_one_flipped_bit(vault: Path, member: str) -> None:
    archive = archives(vault)[1]
    flip(archive, inside(archive, member) + 60)
    assert found(vault) == [("ARCHIVE_ALTERED", name_of(vault, archive))]
    assert audited(vault)[1].exit_code is ExitCode.FAILED


@pytest.mark.parametrize("length", [0, 20, 3000, -1])
def test_cut_off(vault: Path, length: int) -> None:
    archive = archives(vault)[1]
    os.truncate(archive, length if length >= 0 else archive.stat().st_size - 1)
    assert found(vault) == [("ARCHIVE_ALTERED", name_of(vault, archive))]


def test_overwritten(vault: Path) -> None:
    archive = archives(vault)[2]
    archive.write_bytes(os.urandom(4096))
    assert found(vault) == [("ARCHIVE_ALTERED", name_of(vault, archive))]


def test_deleted(vault: Path) -> None:
    archive = archives(vault)[0]
    with zipfile.ZipFile(archive) as container:
        entry = json.loads(container.read("META-INF/register-entry.json"))
    archive.unlink()
    heard, answer = audited(vault)
    assert heard.codes == ["ARCHIVE_MISSING"]
    assert heard.findings[0].params["number"] == "INC-1"
    assert heard.findings[0].params["sequence"] == entry["sequence"]
    assert heard.findings[0].subject == entry["archive_id"]
    assert answer.exit_code is ExitCode.FAILED


def test_all_deleted(vault: Path) -> None:
    for folder in (vault / "archives").iterdir():
        if folder.is_dir():
            shutil.rmtree(folder)
    assert audited(vault)[0].codes == ["ARCHIVE_MISSING"] * 4


def test_deleted_while_its_custody_record_was_erased(vault: Path) -> None:
    archives(vault)[0].unlink()
    for record in (vault / "custody").iterdir():
        record.unlink()
    assert audited(vault)[0].codes == ["ARCHIVE_MISSING"] + ["CUSTODY_MISSING"] * 4


def test_copied(vault: Path) -> None:
    archive = archives(vault)[0]
    copy = archive.with_name("copy.asice")
    shutil.copy(archive, copy)
    assert found(vault) == [("ARCHIVE_COPIED", name_of(vault, copy))]
    assert audited(vault)[1].exit_code is ExitCode.QUARANTINED
    flip(copy, inside(copy, "exhibits/E1.wav") + 100)
    assert found(vault) == [("ARCHIVE_ALTERED", name_of(vault, copy))]


def test_the_copy_is_good_and_the_archive_in_its_place_is_not(vault: Path) -> None:
    archive = archives(vault)[0]
    shutil.copy(archive, archive.with_name("copy.asice"))
    flip(archive, inside(archive, "exhibits/E1.wav") + 100)
    assert ("ARCHIVE_ALTERED", name_of(vault, archive)) in found(vault)
    assert "ARCHIVE_MISSING" not in [code for code, _subject in found(vault)]


def test_another_revision_beside_it(vault: Path) -> None:
    """The same body with the same proof twice: it verifies, and is another file."""
    archive = archives(vault)[0]
    with zipfile.ZipFile(archive) as container:
        parts = [(info.filename, container.read(info)) for info in container.infolist()]
    proof = dict(parts)["META-INF/register-001.tlog-proof"]
    other = archive.with_name("other.asice")
    other.write_bytes(builder.pack([*parts, ("META-INF/register-002.tlog-proof", proof)]))
    assert found(vault) == [("ARCHIVE_DOUBLED", name_of(vault, other))]


def test_two_swapped(vault: Path) -> None:
    first, second = archives(vault)[:2]
    first.rename(vault / "between")
    second.rename(first)
    (vault / "between").rename(second)
    assert found(vault) == [("ARCHIVE_MISPLACED", name_of(vault, path)) for path in (first, second)]


@pytest.mark.parametrize("folder", ["2020-01-01", "old/2026", "x"])
def test_moved_to_another_folder(vault: Path, folder: str) -> None:
    archive = archives(vault)[0]
    (vault / "archives" / folder).mkdir(parents=True)
    archive.rename(vault / "archives" / folder / archive.name)
    heard, answer = audited(vault)
    assert [(f.code, f.subject) for f in heard.findings] == [
        ("ARCHIVE_MISPLACED", f"{folder}/{archive.name}")
    ]
    assert heard.findings[0].params["expected"] == name_of(vault, archive)
    assert answer.exit_code is ExitCode.QUARANTINED


def test_archives_of_the_first_version_stand_beside_the_days(vault: Path) -> None:
    archive = archives(vault)[0]
    archive.rename(vault / "archives" / archive.name)
    assert found(vault) == []


def test_an_archive_of_another_vault(vault: Path, tmp_path: Path) -> None:
    stranger = archives(make(tmp_path / "stranger", 1))[0]
    planted = archives(vault)[0].with_name("planted.asice")
    shutil.copy(stranger, planted)
    assert found(vault) == [("ARCHIVE_UNKNOWN", name_of(vault, planted))]
    assert audited(vault)[1].exit_code is ExitCode.FAILED


def test_an_archive_of_another_vault_in_place_of_ones_own(vault: Path, tmp_path: Path) -> None:
    stranger = archives(make(tmp_path / "stranger", 1))[0]
    archive = archives(vault)[0]
    shutil.copy(stranger, archive)
    assert sorted(code for code, _subject in found(vault)) == ["ARCHIVE_MISSING", "ARCHIVE_UNKNOWN"]


def test_several_deeds_are_several_findings(vault: Path) -> None:
    first, second, third, _ = archives(vault)
    first.unlink()
    flip(second, inside(second, "exhibits/E1.wav"))
    shutil.copy(third, third.with_name("copy.asice"))
    (vault / "archives" / "notes.txt").write_text("hello")
    expected = ["ARCHIVE_ALTERED", "ARCHIVE_COPIED", "ARCHIVE_MISSING", "FOREIGN_FILE"]
    assert sorted(code for code, _subject in found(vault)) == expected


def test_a_forked_vault(prepared: Path, tmp_path: Path) -> None:
    """Two copies of one vault go on separately; an archive of the one is put into the other."""
    one, other = copied(prepared, tmp_path / "one"), copied(prepared, tmp_path / "other")
    seal_all(one, [make_incident(tmp_path / "a", "INC-5")])
    shutil.rmtree(Path(os.environ["XDG_STATE_HOME"]) / "evidence", ignore_errors=True)
    seal_all(other, [make_incident(tmp_path / "b", "INC-6")])
    shutil.rmtree(Path(os.environ["XDG_STATE_HOME"]) / "evidence", ignore_errors=True)
    planted = archives(one)[0].parent / "INC-6.asice"
    shutil.copy(archives(other)[-1], planted)
    assert found(one) == [("ARCHIVE_UNKNOWN", name_of(one, planted))]


def test_links_pipes_and_folders_are_not_opened(vault: Path) -> None:
    target = vault / "archives" / archives(vault)[0].parent.name
    (target / "link.asice").symlink_to(archives(vault)[0])
    (target / "zero.asice").symlink_to("/dev/zero")
    os.mkfifo(target / "pipe.asice")
    (target / "folder.asice").mkdir()
    (target / "folder.asice" / "x").write_bytes(b"")
    (target / "dangling.asice").symlink_to("nowhere")
    names = {"link.asice", "zero.asice", "pipe.asice", "folder.asice/x", "dangling.asice"}
    assert {(code, Path(subject).relative_to(target.name).as_posix()) for code, subject in found(vault)} == {
        ("FOREIGN_FILE", name) for name in names
    }


def test_hostile_names_and_a_huge_file(vault: Path) -> None:
    target = archives(vault)[0].parent
    for name in (b"\x1b[2Jx.asice", b"\xff\xfe.asice", b"\xe2\x80\xaegpj.asice", b"-rf.asice"):
        (Path(os.fsdecode(os.fsencode(target) + b"/" + name))).write_bytes(b"nothing")
    with (target / "huge.asice").open("wb") as file:
        file.truncate(2**40)
    assert [code for code, _subject in found(vault)] == ["FOREIGN_FILE"] * 5


def test_a_known_archive_under_a_name_that_is_no_text(vault: Path) -> None:
    """Its custody record is erased, so nobody knows the name it had."""
    archive = archives(vault)[0]
    (vault / "archives" / "2020-01-01").mkdir()
    archive.rename(Path(os.fsdecode(os.fsencode(vault) + b"/archives/2020-01-01/\xff.asice")))
    for record in (vault / "custody").iterdir():
        record.unlink()
    finding, *others = audited(vault)[0].findings
    assert finding.code == "ARCHIVE_MISPLACED"
    assert [other.code for other in others] == ["CUSTODY_MISSING"] * 4
    assert str(finding.params["expected"]).startswith(archive.parent.name)


def test_a_file_that_cannot_be_read_is_not_missing(vault: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken, real = archives(vault)[1], places.open_regular

    def failing(path: Path) -> BinaryIO:
        if path == broken:
            raise OSError(5, "Input/output error")
        return real(path)

    monkeypatch.setattr(places, "open_regular", failing)
    heard, answer = audited(vault)
    assert [(f.code, f.subject) for f in heard.findings] == [("ARCHIVE_UNREADABLE", name_of(vault, broken))]
    assert answer.exit_code is ExitCode.STORE


def test_custody_records_that_are_none(vault: Path) -> None:
    """A pipe or an endless file in their place stops nothing; each is told, and none is taken for a name."""
    records = sorted((vault / "custody").iterdir())
    for record in records:
        record.unlink()
    os.mkfifo(records[0])
    records[1].symlink_to("/dev/zero")
    with records[2].open("wb") as file:
        file.truncate(2**40)
    records[3].write_bytes(b'{"facts":{"number":7}}')
    told = ["CUSTODY_UNREADABLE"] * 2 + ["CUSTODY_ALTERED"] * 2
    assert sorted(code for code, _subject in found(vault)) == sorted(told)
    archives(vault)[0].unlink()
    assert sorted(audited(vault)[0].codes) == sorted(["ARCHIVE_MISSING", *told])
