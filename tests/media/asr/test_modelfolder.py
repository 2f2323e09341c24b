"""What is a model's folder, told by names, kinds and sizes alone."""

import hashlib
import os
from pathlib import Path

import pytest

from evidence.media.asr import modelfolder
from evidence.media.asr.modelfolder import UnusableFolder, look

NAMES = ("config.json", "model.bin", "tokenizer.json", "vocabulary.txt")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "whisper-small"
    made.mkdir()
    for name in NAMES:
        (made / name).write_bytes(name.encode())
    return made


def refused(folder: Path) -> tuple[str, tuple[str, ...]]:
    with pytest.raises(UnusableFolder) as caught:
        look(folder)
    return caught.value.code, caught.value.files


def test_what_it_is_called_and_what_it_holds(folder: Path) -> None:
    model = look(folder)
    assert (model.name, model.size) == ("whisper-small", len("model.bin"))
    assert model.sha256 == hashlib.sha256(b"model.bin").hexdigest()
    assert {path.name for path in model.files} == set(NAMES)
    (folder / "preprocessor_config.json").write_bytes(b"{}")
    (folder / "README.md").write_bytes(b"")
    assert {path.name for path in look(folder).files} == {*NAMES, "preprocessor_config.json"}


def test_the_other_name_of_the_vocabulary(folder: Path) -> None:
    (folder / "vocabulary.txt").rename(folder / "vocabulary.json")
    assert {path.name for path in look(folder).files} == {*NAMES[:3], "vocabulary.json"}


@pytest.mark.parametrize("name", NAMES)
def test_a_missing_file_is_named(name: str, folder: Path) -> None:
    (folder / name).unlink()
    shown = "vocabulary.json / vocabulary.txt" if name == "vocabulary.txt" else name
    assert refused(folder) == ("lacking", (shown,))


def test_all_missing_files_are_named(tmp_path: Path) -> None:
    code, files = refused(tmp_path)
    assert (code, len(files)) == ("lacking", 4)


def test_a_download_cache(folder: Path, tmp_path: Path) -> None:
    """As huggingface_hub lays it out: links to files named by their digest, a folder named by a commit."""
    cache = tmp_path / "models--Systran--faster-whisper-small"
    snapshot = cache / "snapshots" / ("0" * 40)
    snapshot.mkdir(parents=True)
    (cache / "blobs").mkdir()
    for name in NAMES:
        blob = cache / "blobs" / hashlib.sha256(name.encode()).hexdigest()
        (folder / name).rename(blob)
        (snapshot / name).symlink_to(Path("../../blobs") / blob.name)
    model = look(snapshot)
    assert (model.name, model.size) == ("faster-whisper-small", len("model.bin"))


def test_what_is_no_folder(folder: Path, tmp_path: Path) -> None:
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "nowhere", folder / "model.bin", loop, tmp_path / "pipe", Path("a\0b")):
        assert refused(path)[0] == "no_folder", path


@pytest.mark.parametrize("name", NAMES)
def test_what_is_no_file(name: str, folder: Path) -> None:
    path = folder / name
    path.unlink()
    os.mkfifo(path)
    assert refused(folder) == ("not_regular", (name,))
    path.unlink()
    path.mkdir()
    assert refused(folder) == ("not_regular", (name,))
    path.rmdir()
    path.symlink_to(path)
    assert refused(folder) == ("unreadable", (name,))
    path.unlink()
    path.symlink_to("/dev/zero")
    assert refused(folder) == ("not_regular", (name,))
    path.unlink()
    path.touch()
    assert refused(folder) == ("empty", (name,))


@pytest.mark.parametrize(("name", "size"), [("config.json", 2**20), ("tokenizer.json", 2**26)])
def test_what_is_too_large(name: str, size: int, folder: Path) -> None:
    os.truncate(folder / name, size)
    look(folder)
    os.truncate(folder / name, size + 1)
    assert refused(folder) == ("too_large", (name,))


def test_changes_are_noticed(folder: Path) -> None:
    model = look(folder)
    assert model.is_unchanged()
    (folder / "model.bin").write_bytes(b"other....")
    assert not model.is_unchanged()
    model = look(folder)
    (folder / "config.json").unlink()
    assert not model.is_unchanged()


def test_a_long_name_is_cut(tmp_path: Path) -> None:
    made = tmp_path / ("м" * 120)
    made.mkdir()
    for name in NAMES:
        (made / name).write_bytes(b"x")
    assert look(made).name == "м" * 100
    assert modelfolder.WEIGHTS in NAMES
