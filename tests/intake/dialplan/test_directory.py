"""A configuration directory is read as Asterisk reads it, and never outside the directory."""

import os
from pathlib import Path

import pytest

from evidence.intake.dialplan import directory
from evidence.intake.dialplan.directory import Directory


@pytest.fixture
def root(tmp_path: Path) -> Path:
    path = tmp_path / "asterisk"
    path.mkdir()
    return path


def read(root: Path, name: str = "a.conf") -> tuple[list[tuple[str, str]], list[tuple[str, int, str]]]:
    """Settings with their files, and troubles."""
    found = Directory(root)
    settings = [(s.name, s.file) for section in found.sections(name) for s in section.settings]
    return settings, [(each.kind, each.line, each.detail) for each in found.troubles]


def test_includes_go_on_with_the_section(root: Path) -> None:
    (root / "a.conf").write_text("[one]\nx=1\n#include b.conf\ny=2\n#include d/*.conf\n#tryinclude no.conf\n")
    (root / "b.conf").write_text("z=3\n[two]\nw=4\n")
    (root / "d").mkdir()
    (root / "d" / "1.conf").write_text("p=1\n")
    (root / "d" / "2.conf").write_text("q=1\n")
    found = Directory(root).sections("a.conf")
    assert [(s.name, [(e.name, e.file, e.line) for e in s.settings]) for s in found] == [
        ("one", [("x", "a.conf", 2), ("z", "b.conf", 1)]),
        ("two", [("w", "b.conf", 3), ("y", "a.conf", 4), ("p", "d/1.conf", 1), ("q", "d/2.conf", 1)]),
    ]


def test_a_path_of_the_pbx_is_meant_below_a_copy(root: Path) -> None:
    (root / "a.conf").write_text(f'#include "/etc/asterisk/b.conf"\n#include {root}/c.conf\n')
    (root / "b.conf").write_text("[b]\nx=1\n")
    (root / "c.conf").write_text("[c]\ny=1\n")
    assert read(root) == ([("x", "b.conf"), ("y", "c.conf")], [])


def test_what_is_missing_or_would_be_executed_is_told(root: Path) -> None:
    (root / "a.conf").write_text("[a]\n#include no.conf\n#exec /bin/touch executed\n#include d/*.conf\nx=1\n")
    assert read(root) == (
        [("x", "a.conf")],
        [("missing", 2, "no.conf"), ("executes", 3, "/bin/touch executed"), ("missing", 4, "d/*.conf")],
    )


def test_nothing_outside_is_read(root: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.conf").write_text("[secret]\nkey=1\n")
    (root / "link.conf").symlink_to("../secret.conf")
    (root / "shadow.conf").symlink_to("/etc/shadow")
    (root / "up").symlink_to("..")
    (root / "inside.conf").symlink_to("b.conf")
    (root / "b.conf").write_text("[b]\nx=1\n")
    names = ("../secret.conf", "/etc/shadow", "link.conf", "shadow.conf", "up/secret.conf", "up/*.conf")
    (root / "a.conf").write_text("".join(f"#include {name}\n" for name in (*names, "inside.conf")))
    settings, troubles = read(root)
    assert settings == [("x", "inside.conf")]
    assert [(kind, line) for kind, line, _ in troubles] == [
        ("outside", 1), ("outside", 2), ("outside", 0), ("outside", 0), ("outside", 0), ("missing", 6),
    ]  # fmt: skip


def test_pipes_folders_and_circles_do_not_wait(root: Path) -> None:
    os.mkfifo(root / "pipe.conf")
    (root / "folder.conf").mkdir()
    (root / "self.conf").symlink_to("self.conf")
    (root / "b.conf").write_text("#include a.conf\n#include b.conf\ny=1\n")
    (root / "a.conf").write_text(
        "[a]\n#include pipe.conf\n#include folder.conf\n#include self.conf\n#include b.conf\nx=1\n"
    )
    settings, troubles = read(root)
    assert settings == [("y", "b.conf"), ("x", "a.conf")]
    assert sorted(kind for kind, _, _ in troubles) == ["loop", "loop", "loop", "special", "special"]


def test_includes_that_multiply_stay_bounded(root: Path) -> None:
    for number in range(9):
        (root / f"{number}.conf").write_text(f"#include {number + 1}.conf\n" * 50)
    (root / "9.conf").write_text("[x]\ny=1\n")
    found = Directory(root)
    found.sections("0.conf")
    assert "many" in {each.kind for each in found.troubles}


def test_large_files_are_not_read(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (root / "a.conf").write_bytes(b"x" * (directory.MAX_FILE + 1))
    assert read(root) == ([], [("long", 0, "")])
    (root / "a.conf").write_bytes(b"[a]\nx=1\n")
    monkeypatch.setattr(directory, "MAX_BYTES", 0)
    assert read(root) == ([], [("many", 0, "")])


def test_names_that_are_no_text(root: Path) -> None:
    (root / os.fsdecode(b"\xff.conf")).write_text("[a]\nx=1\n")
    (root / "\u202egpj.conf").write_text("[a]\nx=1\n")
    (root / "a.conf").write_bytes(b"#include *.conf\n#include \x00\xff\n")
    settings, troubles = read(root)
    assert len(settings) == 2
    assert [kind for kind, _, _ in troubles] == ["loop", "outside"]
