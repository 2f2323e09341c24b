"""The messages of intake: there in both languages, with the same values, for every name the code uses."""

import json
import re
from pathlib import Path
from string import Formatter

import pytest

from evidence import messages
from evidence.errors import EvidenceError
from evidence.intake.folder import read_folder
from tests.intake.folders import call, make

PACKAGE = Path(messages.__file__).parents[1]
CATALOGUES = {
    language: json.loads((PACKAGE / "messages" / language / "intake.json").read_text(encoding="utf-8"))
    for language in messages.LANGUAGES
}


def fields(template: str) -> set[str]:
    return {field for _, field, _, _ in Formatter().parse(template) if field}


def used() -> set[str]:
    source = "".join(path.read_text(encoding="utf-8") for path in (PACKAGE / "intake").glob("*.py"))
    return set(re.findall(r'"intake\.([a-z0-9_]+)"', source))


def test_same_names_and_values_in_each_language() -> None:
    english, ukrainian = CATALOGUES["en"], CATALOGUES["uk"]
    assert english.keys() == ukrainian.keys()
    for name, text in english.items():
        assert fields(text) == fields(ukrainian[name]), name


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_every_message_used_is_there_with_its_hint_and_no_other(language: str) -> None:
    catalogue = CATALOGUES[language]
    names = {name for name in used() if not name.endswith("_hint")}
    hints = {f"{name}_hint" for name in names - {"wrong"}}
    assert catalogue.keys() == names | hints


@pytest.mark.parametrize("text", [text for catalogue in CATALOGUES.values() for text in catalogue.values()])
def test_style(text: str) -> None:
    assert not text.endswith((".", " "))
    assert not text[0].isupper()


def test_ukrainian_is_spoken(tmp_path: Path) -> None:
    make(tmp_path, calls=[call("ні.wav")])
    messages.set_language("uk")
    try:
        with pytest.raises(EvidenceError) as caught:
            read_folder(tmp_path)
    finally:
        messages.set_language("en")
    assert caught.value.message == "incident.json, /calls/0/recording: у теці немає файлу ні.wav"
