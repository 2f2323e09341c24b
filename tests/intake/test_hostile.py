"""Folders made to hurt: what must not be opened isn't, what must not be shown raw isn't."""

import io
import os
import socket
import stat
from pathlib import Path

import pytest

from evidence.errors import EvidenceError, FormatError, StoreError
from evidence.intake import files
from evidence.intake.documents import MAX_DOCUMENT
from evidence.intake.folder import open_exhibit, read_folder, read_paper
from tests.intake.folders import at_once, call, make, marker, named, refused, unprivileged, write

NASTY = [
    "[red]x[/red]",
    "\x1b[2J",
    "\u202egpj.exe",
    "=cmd()|'x'!A1",
    "</script>",
    "line\nbreak",
    "a\\b",
    "'\"&;$(x)",
]


@pytest.mark.parametrize("nasty", NASTY)
def test_nasty_names_and_values_are_kept_and_shown_harmless(tmp_path: Path, nasty: str) -> None:
    name = f"{nasty.replace('/', '')}.wav"
    make(
        tmp_path,
        recordings=(name,),
        title=nasty,
        summary=nasty,
        subscriber={"name": nasty, "phone": nasty},
        calls=[call(name, id=nasty, channels=[nasty])],
        markers=[marker(recording=name, words=nasty, channel=nasty)],
    )
    folder = read_folder(tmp_path)
    assert folder.files[0].name == name
    assert folder.files[0].member == "exhibits/E1.wav"
    assert folder.incident.subscriber.phone == nasty
    assert folder.markers[0].words == nasty
    with open_exhibit(folder, folder.files[0]) as file:
        assert file.read(4) == b"RIFF"
    (tmp_path / name).unlink()
    refused(tmp_path, FormatError)


@pytest.mark.parametrize("nasty", NASTY)
def test_nasty_values_in_messages(tmp_path: Path, nasty: str) -> None:
    refused(make(tmp_path, exhibits=[{"file": nasty, "role": "other"}]), FormatError)
    write(make(tmp_path), "incident.json", {"format": 1, "number": "1", nasty: 1})
    refused(tmp_path, FormatError)
    refused(make(tmp_path, markers=[marker(channel=nasty)]), FormatError)
    refused(make(tmp_path, calls=[{"started": nasty}]), FormatError)
    (tmp_path / nasty.replace("/", "")).mkdir()
    make(tmp_path, markers=[])
    refused(tmp_path, FormatError)


@pytest.mark.parametrize("name", ["call2.wav", "card.pdf", "incident.json", "markers.json", "incident.uid"])
def test_links_are_not_followed(tmp_path: Path, name: str) -> None:
    make(tmp_path)
    (tmp_path / name).unlink(missing_ok=True)
    (tmp_path / name).symlink_to("/etc/passwd")
    assert name in refused(tmp_path, FormatError).message


@pytest.mark.parametrize("name", ["call.wav", "incident.json", "markers.json", "incident.uid"])
def test_pipes_do_not_block(tmp_path: Path, name: str) -> None:
    make(tmp_path, markers=[])
    (tmp_path / name).unlink(missing_ok=True)
    os.mkfifo(tmp_path / name)
    with at_once():
        assert name in refused(tmp_path, FormatError).message


@pytest.mark.parametrize("name", ["call.wav", "incident.json"])
def test_sockets_are_refused(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    make(tmp_path)
    (tmp_path / name).unlink()
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind(name)
        assert name in refused(tmp_path, FormatError).message


def test_a_subfolder_is_refused(tmp_path: Path) -> None:
    make(tmp_path)
    (tmp_path / "more").mkdir()
    assert "more" in refused(tmp_path, FormatError).message


def test_a_folder_called_incident_json(tmp_path: Path) -> None:
    (tmp_path / "incident.json").mkdir()
    assert "incident.json" in refused(tmp_path, FormatError).message


@pytest.mark.parametrize("kind", ["link", "fifo", "folder", "gone"])
def test_a_file_that_turns_into_something_else(tmp_path: Path, kind: str) -> None:
    make(tmp_path)
    (tmp_path / "card.txt").write_bytes(b"card")
    folder = read_folder(tmp_path)
    path = tmp_path / "card.txt"
    path.unlink()
    if kind == "link":
        path.symlink_to("/etc/passwd")
    elif kind == "fifo":
        os.mkfifo(path)
    elif kind == "folder":
        path.mkdir()
    expected = StoreError if kind == "gone" else FormatError
    descriptors = len(list(Path("/proc/self/fd").iterdir()))
    for read in (open_exhibit, read_paper):
        with at_once(), pytest.raises(EvidenceError) as caught:
            read(folder, named(folder, "card.txt"))
        assert type(caught.value) is expected
    assert len(list(Path("/proc/self/fd").iterdir())) == descriptors


def test_size_is_looked_at_before_reading(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(tmp_path)
    os.truncate(tmp_path / "incident.json", 100 * 1024 * 1024)

    class Unread(io.FileIO):
        def read(self, _size: int | None = -1, /) -> bytes:
            raise AssertionError("it was read")

    monkeypatch.setattr(os, "fdopen", lambda descriptor, _mode: Unread(descriptor))
    assert str(MAX_DOCUMENT) in refused(tmp_path, FormatError).message


def test_longest_document_is_read_and_a_byte_more_is_not(tmp_path: Path) -> None:
    make(tmp_path)
    head = b'{"format": 1, "number": "INC-1"}'
    (tmp_path / "incident.json").write_bytes(head.ljust(MAX_DOCUMENT))
    assert read_folder(tmp_path).incident.number == "INC-1"
    (tmp_path / "incident.json").write_bytes(head.ljust(MAX_DOCUMENT + 1))
    refused(tmp_path, FormatError)


def test_a_document_full_of_wrong_things_is_refused_at_once(tmp_path: Path) -> None:
    make(tmp_path)
    (tmp_path / "markers.json").write_bytes(b'{"format":1,"markers":[' + b"{}," * 600_000 + b"{}]}")
    with at_once():
        refused(tmp_path, FormatError)


def test_too_many_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MAX_FILES", 10)
    make(tmp_path)
    for number in range(8):
        (tmp_path / f"{number}.txt").touch()
    assert len(read_folder(tmp_path).files) == 10
    (tmp_path / "8.txt").touch()
    refused(tmp_path, FormatError)


def _open_to_all(path: Path) -> None:
    """Let the account without rights come as far as the folder, but not into its files."""
    for folder in [path, *path.parents]:
        if folder.stat().st_mode & 0o055 != 0o055:
            folder.chmod(stat.S_IMODE(folder.stat().st_mode) | 0o055)


@pytest.mark.parametrize("name", ["incident.json", "markers.json", "card.txt"])
def test_unreadable_file(tmp_path: Path, name: str) -> None:
    make(tmp_path, markers=[])
    (tmp_path / "card.txt").write_bytes(b"card")
    _open_to_all(tmp_path)
    folder = read_folder(tmp_path)
    (tmp_path / name).chmod(0)
    with unprivileged(), pytest.raises(StoreError) as caught:
        read_paper(read_folder(tmp_path), named(folder, name))
    assert name in caught.value.message


def test_unreadable_folder(tmp_path: Path) -> None:
    folder = make(tmp_path / "incident")
    _open_to_all(folder)
    folder.chmod(0)
    with unprivileged():
        refused(folder, StoreError)
    folder.chmod(0o700)
