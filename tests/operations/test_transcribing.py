"""Transcribing the recordings of an incident, and every way in which it can't be done."""

import os
import shutil
from pathlib import Path

import pytest

from evidence.errors import EvidenceError, ExitCode
from evidence.intake.folder import IncidentFolder, read_folder
from evidence.intake.plan import FolderFile
from evidence.media.asr import process
from evidence.media.asr.process import Limits
from evidence.messages import LANGUAGES, has, set_language
from evidence.model.recognition import FATAL, PARTIAL
from evidence.operations import transcribing
from evidence.operations.transcribing import Transcriber, transcribe
from tests.media.asr import untrained
from tests.operations.scene import make_incident
from tests.requirements import SOUNDS, need_file

REQUIRED = ("model.bin", "config.json", "tokenizer.json", "vocabulary.json")


@pytest.fixture(scope="module")
def untouched(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return untrained.make(tmp_path_factory.mktemp("models") / "untrained")


@pytest.fixture
def model(untouched: Path, tmp_path: Path) -> Path:
    return shutil.copytree(untouched, tmp_path / "untrained")


@pytest.fixture
def incident(tmp_path: Path) -> IncidentFolder:
    """One whose recording is a human voice."""
    folder = make_incident(tmp_path / "incident")
    prompt = need_file(SOUNDS / "ru_RU_f_IvrvoiceRU/demo-congrats.wav", "asterisk-core-sounds-ru-wav")
    [recording] = [file.name for file in read_folder(folder).files if file.role == "recording"]
    shutil.copyfile(prompt, folder / recording)
    return read_folder(folder)


def recording(incident: IncidentFolder) -> FolderFile:
    return next(file for file in incident.files if file.role == "recording")


def refused(incident: IncidentFolder, model: Path, **wanted: object) -> EvidenceError:
    with pytest.raises(EvidenceError) as caught:
        transcribe(incident, recording(incident), model, **wanted)  # type: ignore[arg-type]
    assert caught.value.message
    assert caught.value.hint
    return caught.value


def test_a_recording_of_an_incident(incident: IncidentFolder, model: Path) -> None:
    told: list[tuple[float, float]] = []
    found = transcribe(
        incident, recording(incident), model, language="uk-UA", progress=lambda *said: told.append(said)
    )
    [(number, transcript)] = found.transcripts
    assert (number, transcript.language, found.problems, found.is_whole) == (0, "uk", (), True)
    assert transcript.cues
    assert told[-1] == (found.length_ms / 1000, found.length_ms / 1000)


def test_one_process_for_several(incident: IncidentFolder, model: Path) -> None:
    path = incident.path / recording(incident).name
    with Transcriber(model) as transcriber, path.open("rb") as file:
        assert transcriber.made_by.startswith("faster-whisper ")
        assert ", untrained, sha256 " in transcriber.made_by
        first = transcriber.transcribe(file, path.name, language="uk")
        assert transcriber.transcribe(file, path.name, language="uk") == first


@pytest.mark.parametrize("name", REQUIRED)
def test_a_missing_file(name: str, incident: IncidentFolder, model: Path) -> None:
    (model / name).unlink()
    error = refused(incident, model)
    assert error.exit_code == ExitCode.MALFORMED
    assert name in error.message
    for each in REQUIRED:
        assert each in error.hint
    assert "Systran/faster-whisper" in error.hint


@pytest.mark.parametrize("name", REQUIRED)
def test_a_file_that_is_none(name: str, incident: IncidentFolder, model: Path) -> None:
    (model / name).write_bytes(b"")
    assert refused(incident, model).exit_code == ExitCode.MALFORMED
    (model / name).unlink()
    os.mkfifo(model / name)
    assert refused(incident, model).exit_code == ExitCode.MALFORMED
    (model / name).unlink()
    (model / name).symlink_to(name)
    assert refused(incident, model).exit_code == ExitCode.STORE


def test_no_folder(incident: IncidentFolder, tmp_path: Path) -> None:
    error = refused(incident, tmp_path / "no\x1b[31mwhere")
    assert error.exit_code == ExitCode.USAGE
    assert "\x1b" not in error.message
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    assert refused(incident, loop).exit_code == ExitCode.USAGE


def test_a_damaged_model(incident: IncidentFolder, model: Path) -> None:
    os.truncate(model / "model.bin", 5000)
    error = refused(incident, model)
    assert error.exit_code == ExitCode.MALFORMED
    assert "(" in error.message  # the library's own words


def test_a_language_that_it_does_not_know(incident: IncidentFolder, model: Path) -> None:
    error = refused(incident, model, language="x\x1b")
    assert error.exit_code == ExitCode.USAGE
    assert "\x1b" not in error.message


def test_a_channel_that_is_not_there(incident: IncidentFolder, model: Path) -> None:
    assert refused(incident, model, channels=(1,)).exit_code == ExitCode.USAGE


def test_no_sound(incident: IncidentFolder, model: Path) -> None:
    (incident.path / recording(incident).name).write_bytes(b"RIFF")
    assert refused(incident, model).exit_code == ExitCode.MALFORMED


def test_too_long(incident: IncidentFolder, model: Path) -> None:
    assert refused(incident, model, limits=Limits(seconds=0.2)).exit_code == ExitCode.REFUSED


def test_a_model_that_changes_meanwhile(incident: IncidentFolder, model: Path) -> None:
    def change(_done: float, _total: float) -> None:
        os.utime(model / "model.bin", (1, 1))

    error = refused(incident, model, language="uk", progress=change)
    assert error.exit_code == ExitCode.REFUSED


def test_without_the_extra(incident: IncidentFolder, model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "is_installed", lambda: False)
    error = refused(incident, model)
    assert error.exit_code == ExitCode.USAGE
    assert "[asr]" in error.hint


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_problem_has_its_words(language: str) -> None:
    set_language(language)
    try:
        assert all(has(f"asr.problem_{code}") for code in (*FATAL, *PARTIAL))
        assert all(has(f"asr.hint_{code}") for code in FATAL)
        assert all(transcribing.words(code) for code in PARTIAL)
    finally:
        set_language("en")
