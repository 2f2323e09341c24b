"""The checker notices what it must notice: a vault that passes, and then one thing wrong with it at a time."""

import hashlib
import json
import shutil
import sqlite3
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.drills import checker, kills, scene, tree
from tests.drills.checker import Original
from tests.drills.scene import Scene
from tests.requirements import need


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Scene, list[Original]]:
    """Three incidents, sealed by the program."""
    need("openssl")
    made = scene.make(tmp_path_factory.mktemp("drill") / "scene", 3)
    originals = made.originals()
    kills.finish(made, (1, 256))
    return made, originals


def moved(original: Original, source: Path, target: Path) -> Original:
    files = {target / path.relative_to(source): value for path, value in original.files.items()}
    return Original(original.number, files, original.recordings)


def copied(sealed: tuple[Scene, list[Original]], target: Path) -> tuple[Scene, list[Original]]:
    made, originals = sealed
    return made.copy(target), [moved(original, made.root, target) for original in originals]


def test_a_sound_vault_passes(sealed: tuple[Scene, list[Original]]) -> None:
    made, originals = sealed
    checker.check(made.vault, originals, made.environment)
    assert checker.check_killed(made.vault, originals) == (4, 3)


def archive(of: Scene, place: int = 0) -> Path:
    return list(checker.published(of.vault))[place]


def execute(of: Scene, statement: str, *values: object) -> None:
    with closing(sqlite3.connect(of.vault / "register" / "register.sqlite")) as database:
        database.execute(statement, values)
        database.commit()


def rewrite(path: Path, change: Callable[[dict[str, bytes]], None]) -> None:
    """The archive with other members, its CRCs right."""
    with zipfile.ZipFile(path) as file:
        members = {name: file.read(name) for name in file.namelist()}
    change(members)
    with zipfile.ZipFile(path, "w") as file:
        for name, data in members.items():
            file.writestr(name, data)


def no_archive(of: Scene) -> None:
    archive(of).unlink()


def twice(of: Scene) -> None:
    shutil.copy(archive(of), archive(of).with_name("COPY.asice"))


def other_recording(of: Scene) -> None:
    def change(members: dict[str, bytes]) -> None:
        members["exhibits/E1.wav"] = members["exhibits/E1.wav"][:-1] + b"\xff"

    rewrite(archive(of), change)


def other_proof(of: Scene) -> None:
    def change(members: dict[str, bytes]) -> None:
        name = "META-INF/register-001.tlog-proof"
        lines = members[name].split(b"\n")
        lines[2] = lines[3]
        members[name] = b"\n".join(lines)

    rewrite(archive(of), change)


def other_signature(of: Scene) -> None:
    with zipfile.ZipFile(archive(of, 1)) as file:
        stranger = file.read("META-INF/signature001.p7s")
    rewrite(archive(of), lambda members: members.__setitem__("META-INF/signature001.p7s", stranger))


def gap(of: Scene) -> None:
    execute(of, "DELETE FROM entries WHERE sequence = 2")


def shorter(of: Scene) -> None:
    execute(of, "DELETE FROM entries WHERE sequence = 3")


def fork(of: Scene) -> None:
    """The last entry is another one, and nothing that is signed follows."""
    with closing(sqlite3.connect(of.vault / "register" / "register.sqlite")) as database:
        document = database.execute("SELECT document FROM entries WHERE sequence = 3").fetchone()[0]
    other = json.loads(document) | {"claimed_time": "2026-01-01T00:00:00.000Z"}
    data = json.dumps(other, sort_keys=True, separators=(",", ":")).encode()
    execute(of, "UPDATE entries SET document = ? WHERE sequence = 3", data)


def forged_head(of: Scene) -> None:
    note = (of.vault / "register" / "head").read_bytes()
    execute(of, "UPDATE checkpoints SET note = ? WHERE size = 4", note[:-5] + b"AAA=\n")


def older_head(of: Scene) -> None:
    with closing(sqlite3.connect(of.vault / "register" / "register.sqlite")) as database:
        note = database.execute("SELECT note FROM checkpoints WHERE size = 1").fetchone()[0]
    (of.vault / "archives" / ".register-head").write_bytes(note)


def unfinished(of: Scene) -> None:
    execute(of, "UPDATE claims SET state = 'publishing'")


def staged(of: Scene) -> None:
    (of.vault / "staging" / "left.staged").write_bytes(b"")


def temporary(of: Scene) -> None:
    (of.vault / "register" / ".head.new").write_bytes(b"")


def named_lock(of: Scene) -> None:
    (of.vault / "batch.lock").write_bytes(b"{}")


def changed_original(of: Scene) -> None:
    (of.inbox / "INC-2026-000001" / "call.wav").write_bytes(b"RIFF")


def lost_original(of: Scene) -> None:
    (of.inbox / "INC-2026-000001" / "markers.json").unlink()


def added_to_original(of: Scene) -> None:
    (of.inbox / "INC-2026-000001" / "more.wav").write_bytes(b"RIFF")


DAMAGES = [
    no_archive,
    twice,
    other_recording,
    other_proof,
    other_signature,
    gap,
    shorter,
    fork,
    forged_head,
    older_head,
    unfinished,
    staged,
    temporary,
    named_lock,
    changed_original,
    lost_original,
    added_to_original,
]


@pytest.mark.parametrize("damage", DAMAGES)
def test_one_thing_wrong_is_noticed(
    sealed: tuple[Scene, list[Original]], tmp_path: Path, damage: Callable[[Scene], None]
) -> None:
    made, originals = copied(sealed, tmp_path / "scene")
    damage(made)
    with pytest.raises((AssertionError, OSError)):
        checker.check(made.vault, originals, made.environment)


def test_an_original_may_go_once_its_archive_is_out(
    sealed: tuple[Scene, list[Original]], tmp_path: Path
) -> None:
    made, originals = copied(sealed, tmp_path / "scene")
    shutil.rmtree(made.inbox / originals[0].number)
    checker.check(made.vault, originals, made.environment, are_kept=False)
    checker.check_killed(made.vault, originals)
    next(path for path in checker.published(made.vault) if originals[0].number in path.name).unlink()
    with pytest.raises(OSError, match=originals[0].number):
        checker.check_killed(made.vault, originals)


# The tree against figures that others published


LEAVES = [bytes.fromhex(text) for text in ("", "00", "10", "2021", "3031", "40414243")]
"""The first leaves of the test vectors of Google's certificate-transparency repository."""
ROOTS = (
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
)


@pytest.mark.parametrize("size", range(1, 7))
def test_roots_are_the_published_ones(size: int) -> None:
    assert tree.root([tree.leaf(data) for data in LEAVES[:size]]).hex() == ROOTS[size - 1]


def path_of(place: int, leaves: list[bytes]) -> list[bytes]:
    """RFC 6962, section 2.1.1, word for word."""
    if len(leaves) == 1:
        return []
    split = 1 << ((len(leaves) - 1).bit_length() - 1)
    if place < split:
        return [*path_of(place, leaves[:split]), tree.root(leaves[split:])]
    return [*path_of(place - split, leaves[split:]), tree.root(leaves[:split])]


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5, 6, 7, 8, 13, 16, 17])
def test_paths_lead_to_the_root_and_no_other_does(size: int) -> None:
    leaves = [hashlib.sha256(bytes([n])).digest() for n in range(size)]
    for place in range(size):
        path = path_of(place, leaves)
        assert tree.is_included(place, size, leaves[place], path, tree.root(leaves))
        assert not tree.is_included(place, size, b"\x00" * 32, path, tree.root(leaves))
        assert not tree.is_included(size, size, leaves[place], path, tree.root(leaves))
        assert not tree.is_included(place, size, leaves[place], [*path, b"\x00" * 32], tree.root(leaves))
