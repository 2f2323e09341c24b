"""The real library with a model that nobody trained: what must hold whatever a model says."""

import shutil
from pathlib import Path

import pytest

from evidence.media.asr import modelfolder
from evidence.media.asr.process import RecognisingProcess
from evidence.model.recognition import Recognition
from tests.media.asr import untrained
from tests.media.asr.test_words import hear, seconds, sox
from tests.requirements import SOUNDS, need_file

FOLDER = SOUNDS / "ru_RU_f_IvrvoiceRU"


def prompt(name: str) -> Path:
    return need_file(FOLDER / f"{name}.wav", "asterisk-core-sounds-ru-wav")


def plausible(found: Recognition) -> None:
    """Every time within the recording and in order, every text one line with something on it."""
    for _, transcript in found.transcripts:
        for number, cue in enumerate(transcript.cues, 1):
            assert cue.line == number
            assert 0 <= cue.start_ms <= cue.end_ms <= found.length_ms
            for text in (cue.text, *(word.text for word in cue.words)):
                assert text == " ".join(text.split()) != ""
            for word in cue.words:
                assert 0 <= word.start_ms <= word.end_ms <= found.length_ms
                assert word.probability is not None
                assert 0 <= word.probability <= 1000


@pytest.mark.parametrize("language", ["", "uk", "ru", "en"])
def test_whatever_it_says(language: str, babbler: RecognisingProcess) -> None:
    path = prompt("demo-thanks")
    found = hear(babbler, path, language=language)
    assert (found.problems, found.length_ms) == ((), int(seconds(path) * 1000))
    plausible(found)
    [(_, transcript)] = found.transcripts
    assert transcript.cues
    assert transcript.language == (language or transcript.language)
    letters = {letter for cue in transcript.cues for letter in cue.text.lower() if letter.isalpha()}
    assert letters & set(untrained.LETTERS)


def test_other_weights_say_something_else(
    babbler: RecognisingProcess, many_languages: Path, tmp_path: Path
) -> None:
    """So what is heard comes from the model, and the name of the model tells which one it was."""
    other = modelfolder.look(untrained.make(tmp_path / "untrained", seed=7))
    assert other.sha256 != modelfolder.look(many_languages).sha256
    path = prompt("demo-thanks")
    one = hear(babbler, path, language="uk")
    with RecognisingProcess(other) as process:
        another = hear(process, path, language="uk")
    assert [cue.text for cue in one.transcripts[0][1].cues] != [
        cue.text for cue in another.transcripts[0][1].cues
    ]
    assert one.transcripts[0][1].made_by != another.transcripts[0][1].made_by


def test_eight_channels(babbler: RecognisingProcess, tmp_path: Path) -> None:
    path = tmp_path / "call.wav"
    names = ["conf-now-recording", "hello-world", "activated", "vm-goodbye", "cancelled"]
    sox(
        "-M",
        *map(prompt, names),
        *map(prompt, ["agent-pass", "you-entered", "conf-kicked", "auth-thankyou"]),
        path,
    )
    found = hear(babbler, path, language="uk")
    assert [number for number, _ in found.transcripts] == [*range(8)]
    assert (found.channels, found.problems) == (8, ("too_many_channels",))
    plausible(found)


def test_a_language_for_each_channel(babbler: RecognisingProcess, tmp_path: Path) -> None:
    """A silent channel has none, and doesn't decide that of the other."""
    path, silence = tmp_path / "call.wav", tmp_path / "silence.wav"
    sox("-n", "-r", 8000, "-c", 1, "-b", 16, silence, "trim", 0, 3)
    sox("-M", silence, prompt("vm-intro"), path)
    (_, silent), (_, spoken) = hear(babbler, path).transcripts
    assert (silent.language, silent.cues) == ("", ())
    assert spoken.language


def test_a_model_in_a_download_cache(
    babbler: RecognisingProcess, many_languages: Path, tmp_path: Path
) -> None:
    """Its folder holds links to files elsewhere, and is no ASCII name."""
    snapshot = tmp_path / "models--Хтось--модель" / "snapshots" / "00ff"
    blobs = tmp_path / "models--Хтось--модель" / "blobs"
    blobs.mkdir(parents=True)
    snapshot.mkdir(parents=True)
    for number, file in enumerate(sorted(many_languages.iterdir())):
        shutil.copyfile(file, blobs / str(number))
        (snapshot / file.name).symlink_to(Path("../../blobs") / str(number))
    path = prompt("demo-thanks")
    expected = hear(babbler, path, language="uk").transcripts[0][1]
    with RecognisingProcess(modelfolder.look(snapshot)) as process:
        [(_, transcript)] = hear(process, path, language="uk").transcripts
    assert transcript.cues == expected.cues
    assert ", модель, " in transcript.made_by
