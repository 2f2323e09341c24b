"""What ``evidence explain`` prints about codes."""

import pytest

from evidence import messages
from evidence.cli import explanation, main
from evidence.messages import t
from evidence.operations.audit.findings import GRADES
from evidence.verify.rules import RULES


def printed(capsys: pytest.CaptureFixture[str]) -> list[str]:
    return capsys.readouterr().out.splitlines()


@pytest.mark.parametrize("language", messages.LANGUAGES)
@pytest.mark.parametrize("code", RULES)
def test_a_code_is_explained_in_full_within_80_columns(
    code: str, language: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    messages.set_language(language)
    explanation.print_code(code)
    rows = printed(capsys)
    assert max(map(len, rows)) <= 80
    assert rows[1] == code
    assert str(RULES[code].step) in rows[2]
    assert RULES[code].status.name in rows[3]
    said = " ".join(" ".join(rows).split())
    for text in (t(f"explain.{code}_what"), t(f"explain.{code}_why"), explanation.next_step(code)):
        assert text in said


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_the_list_has_each_code_with_one_sentence(
    language: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    messages.set_language(language)
    for code, rule in RULES.items():
        explanation.print_line(code)
        first, *rest = printed(capsys)
        assert first.startswith(f"{code}  ")
        assert rule.status.name in first
        assert t(f"explain.{code}_what").startswith(" ".join(row.strip() for row in rest))
        assert rest[-1].endswith(".")


@pytest.mark.parametrize("language", messages.LANGUAGES)
@pytest.mark.parametrize("code", [*explanation.NOTES, *explanation.WORDS])
def test_a_note_or_a_verdict_is_explained(
    code: str, language: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    messages.set_language(language)
    assert main(["--lang", language, "explain", code.lower()]) == 0
    rows = printed(capsys)
    assert rows[1] == code
    assert max(map(len, rows)) <= 80
    said = " ".join(" ".join(rows).split())
    assert t(f"explain.{code}_what") in said
    if code in explanation.NOTES:
        assert t("explain.note") in said
        assert t(f"verify.{code}_next") in said
    explanation.print_line(code)
    assert printed(capsys)[0].startswith(f"{code}  ")


def test_the_list_of_all_has_everything(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain"]) == 0
    listed = [row.split()[0] for row in printed(capsys) if row[0] != " "]
    assert listed == list(explanation.KNOWN)


@pytest.mark.parametrize(("columns", "longest"), [("200", 100), ("10", 40)])
def test_prose_is_neither_too_wide_nor_too_narrow(
    columns: str, longest: int, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    explanation.print_code("MEMBER_ALTERED")
    prose = [row for row in printed(capsys) if row.startswith("    ")]
    assert longest - 15 < max(map(len, prose)) <= longest


def test_the_next_step_takes_no_values() -> None:
    assert all("{" not in explanation.next_step(code) for code in RULES)


@pytest.mark.parametrize("language", messages.LANGUAGES)
@pytest.mark.parametrize("code", explanation.WATCHED)
def test_a_code_of_audit_or_doctor_is_explained(
    code: str, language: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those that verification has, too, are explained as both."""
    monkeypatch.setenv("COLUMNS", "80")
    assert main(["--lang", language, "explain", code]) == 0
    rows = printed(capsys)
    assert rows[1] == code
    assert max(map(len, rows)) <= 80
    said = " ".join(" ".join(rows).split())
    area = next(each for each in ("audit", "doctor", "pbx") if messages.has(f"{each}.{code}"))
    assert f"evidence {'audit' if area == 'audit' else 'doctor'}." in said
    assert t(f"audit.grade_{GRADES[code].name}") in said
    assert t(f"watch.{code}") in said
    assert "{" not in said
    own = f"watch.{code}_next"
    assert t(own if messages.has(own) else f"{area}.{code}_next") in said
    assert (code not in RULES) or t(f"explain.{code}_why") in said


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_what_audit_and_doctor_find_is_explained_in_one_or_two_sentences(language: str) -> None:
    messages.set_language(language)
    for code in GRADES:
        text = t(f"watch.{code}")
        assert text.endswith("."), code
        assert text.count(". ") <= 1, code
