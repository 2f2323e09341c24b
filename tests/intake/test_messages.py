"""The messages of intake: there in both languages, with the same values, for every name the code uses."""

import json
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


def test_same_names_and_values_in_each_language() -> None:
    english, ukrainian = CATALOGUES["en"], CATALOGUES["uk"]
    assert english.keys() == ukrainian.keys()
    for name, text in english.items():
        assert fields(text) == fields(ukrainian[name]), name


@pytest.mark.parametrize("catalogue", CATALOGUES.values(), ids=CATALOGUES)
def test_every_error_and_every_gap_has_a_hint(catalogue: dict[str, str]) -> None:
    parts = (
        "wrong",
        "not_json",
        "unknown_field_like",
        "at_",
        "in_lines",
        "field_",
        "type_",
        "limit_",
        "missing",
        "needs_",
    )
    whole = [name for name in catalogue if not name.startswith(parts) and not name.endswith("_hint")]
    assert [name for name in whole if f"{name}_hint" not in catalogue] == []
    hints = [name.removesuffix("_hint") for name in catalogue if name.endswith("_hint")]
    assert [name for name in hints if name not in catalogue] == ["against_schema"]


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
    assert caught.value.message == "incident.json, calls, розмова 1, recording: у теці немає файлу ні.wav"
