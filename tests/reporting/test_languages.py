"""Each language is complete and reads well; a third one is one file."""

import ast
import json
import re
from pathlib import Path
from typing import Any

import pytest

from evidence import messages
from evidence.messages import catalogue
from evidence.reporting import pdf
from evidence.reporting.content.documents import full
from evidence.reporting.content.words import say
from tests.reporting import archives, reading

CYRILLIC = re.compile(r"[а-яіїєґ]", re.IGNORECASE)


def texts(language: str, **options: Any) -> list[str]:
    with messages.speaking(language):
        document = full(archives.long(1, 2, **options))
    return [str(text) for _path, text in archives.leaves(document)]


def test_english_has_no_ukrainian_words_of_ours() -> None:
    known = {text for text in texts("en") if CYRILLIC.search(text)}
    assert all(
        "Слова позначки" in text or "Оператор" in text or "дзвінків" in text or "організація" in text
        for text in known
    )


def test_ukrainian_has_no_english_words_of_ours() -> None:
    english = {
        text for text in catalogue("en", "report").values() if isinstance(text, str) and "{" not in text
    }
    same = {"SHA-256", "____________________", "source"}  # the last is a name of PDF's own
    assert english & set(texts("uk")) <= same


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (1, "Не відкликано 1 позначку:"),
        (3, "Не відкликано 3 позначки:"),
        (5, "Не відкликано 5 позначок:"),
        (11, "Не відкликано 11 позначок:"),
        (21, "Не відкликано 21 позначку:"),
        (22, "Не відкликано 22 позначки:"),
    ],
)
def test_numbers_have_their_forms(count: int, words: str) -> None:
    with messages.speaking("uk"):
        told = [str(text) for _path, text in archives.leaves(full(archives.long(1, count)))]
    assert any(text.startswith(words) for text in told)


def test_apostrophes_of_ours_are_typographic_and_those_of_others_are_kept() -> None:
    with messages.speaking("en"):
        assert say("report.not_legal").count("’") == 2
        assert say("report.source", text="O'Hara's list") == "stated in O'Hara's list"
    with messages.speaking("uk"):
        assert say("report.short_contact") == "Засоби зв’язку:"


def third(words: dict[str, Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A copy of the catalogues with a further language in one file."""
    folder = Path(messages.__file__).parent
    for area in folder.glob("*/*.json"):
        target = tmp_path / area.parent.name / area.name
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(area.read_bytes())
    (tmp_path / "xx.json").write_text(json.dumps(words, ensure_ascii=False), encoding="utf-8")
    monkeypatch.setattr(messages, "__file__", str(tmp_path / "__init__.py"))
    monkeypatch.setattr(messages, "_loaded", lambda name: json.loads((tmp_path / name).read_bytes()))
    messages.catalogue.cache_clear()
    messages._single_file.cache_clear()
    return tmp_path


def test_a_third_language_is_one_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def accented(text: Any) -> Any:
        if isinstance(text, dict):
            return {form: accented(each) for form, each in text.items()}
        return f"‹{text}›"

    own = {name: accented(text) for name, text in catalogue("en", "report").items()}
    own |= {"month_3": "märz", "day": "{day}. {month} {year}"}
    third({"plurals": "english", "report": own}, monkeypatch, tmp_path)
    try:
        assert messages.report_languages() == ("en", "uk", "xx")
        told = reading.loose(reading.text(pdf.report_pdf(archives.long(1, 2), "xx")))
        assert "‹Reportonanevidencearchive›" in told
        assert "2.märz2026" in told
        assert reading.loose(str(catalogue("en", "verify")["verdict_PASSED"])) in told
        assert "‹STATEMENT›" in reading.text(pdf.short_pdf(archives.long(1, 2), "xx"))
    finally:
        messages.catalogue.cache_clear()
        messages._single_file.cache_clear()


def test_what_a_third_language_lacks_is_english(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    third({"plurals": "none", "report": {"title": "Tuairisc"}}, monkeypatch, tmp_path)
    try:
        told = reading.text(pdf.report_pdf(archives.long(1, 2), "xx"))
        assert "Tuairisc" in told
        assert "2 markers stand" in told
    finally:
        messages.catalogue.cache_clear()
        messages._single_file.cache_clear()


QUALIFYING = (
    "злочин",
    "винен",
    "винув",
    "хуліганств",
    "кримінальн",
    "правопорушник",
    "guilty",
    "crime",
    "offender",
    "felony",
)


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_no_words_of_ours_qualify_anybodys_acts(language: str) -> None:
    for text in catalogue(language, "report").values():
        assert not any(word in str(text).lower() for word in QUALIFYING), text


def test_every_message_that_the_reports_ask_for_exists() -> None:
    asked = set()
    for path in (Path(messages.__file__).parents[1] / "reporting").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.Call(func=ast.Name(id="say" | "label"), args=[ast.Constant(value=str(name)), *_]):
                    asked.add(name)
    assert len(asked) > 150
    places = {name: name.partition(".") for name in asked}
    assert [name for name, (area, _, key) in places.items() if key not in catalogue("en", area)] == []
