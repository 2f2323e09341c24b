"""What verify, explain and JSON say of notice evidence in an archive, in both languages."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from evidence import messages
from evidence.cli import explanation, main, notice_statements, summary
from evidence.model.noticeevidence import CODES, GRADE_OF
from tests import builder
from tests.vectors import archives
from tests.vectors.test_vectors import FOLDER

TRUST = ["--trust", str(FOLDER / "sources" / "sealer.pem"), "--at", "2027-01-15T09:00:00Z"]
ARCHIVE = str(FOLDER / "PASSED_ANNOUNCEMENT.asice")
Capture = pytest.CaptureFixture[str]
Records = dict[str, builder.Document]

STATEMENTS = {
    "en": (
        "E1: the announcement “Welcome” is in channel 0 (beginning 0.01 s before the recording), 93 % of its "
        "speech, its key clause in full; a person states that the announcement was played (Agent 203). Not known "
        "or not looked at: there is no log of the PBX about this call."
    ),
    "uk": (
        "E1: сповіщення «Welcome» є в каналі 0 (починається на 0.01 с раніше за запис), 93 % його звучання, "
        "ключова фраза повністю; особа стверджує, що сповіщення відтворено (Agent 203). Невідомо або не розглянуто: журналу АТС про цю розмову немає."
    ),
}


def archive(path: Path, change: Callable[[Records], Records]) -> str:
    path.write_bytes(archives.announced(change).file)
    return str(path)


def with_items(**changed: Any) -> Callable[[Records], Records]:
    """Notice evidence with other items."""

    def change(records: Records) -> Records:
        evidence = {**records[archives.NOTICE_EVIDENCE], **changed}
        return {**records, archives.NOTICE_EVIDENCE: evidence}

    return change


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_verify_tells_what_was_measured_apart_from_what_is_stated(capfd: Capture, language: str) -> None:
    assert main(["verify", ARCHIVE, *TRUST, "--lang", language]) == 0
    out = capfd.readouterr().out
    assert f"  MEASURED    {STATEMENTS[language]}\n  STATED " in out
    assert STATEMENTS[language] not in out.split("  STATED ")[1]


def test_it_changes_no_verdict(capfd: Capture, tmp_path: Path) -> None:
    against = [{"code": code} for code in ("NOT_IN_SOUND", "CUT_SHORT", "NOT_LOGGED")]
    path = archive(tmp_path / "a.asice", with_items(grade="none", **{"for": [], "against": against}))
    assert main(["verify", path, *TRUST, "--json"]) == 0
    told = json.loads(capfd.readouterr().out)
    assert told["verdict"] == "PASSED"
    assert told["findings"] == []


def test_as_json(capfd: Capture) -> None:
    assert main(["verify", ARCHIVE, *TRUST, "--json"]) == 0
    assert json.loads(capfd.readouterr().out)["contents"]["notice_evidence"] == [
        {
            "exhibit": "E1",
            "grade": "in_recording",
            "for": ["FOUND", "OPERATOR_STATED"],
            "against": [],
            "unseen": ["NO_PBX_RECORDS"],
            "statement": STATEMENTS["en"],
        }
    ]


def test_an_archive_without_it_says_nothing_of_it(capfd: Capture) -> None:
    path = str(FOLDER / "PASSED.asice")
    assert main(["verify", path, *TRUST]) == 0
    assert "MEASURED" not in capfd.readouterr().out
    assert main(["verify", path, *TRUST, "--json"]) == 0
    assert json.loads(capfd.readouterr().out)["contents"]["notice_evidence"] == []


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_explain_of_an_archive_explains_its_codes(capfd: Capture, language: str) -> None:
    assert main(["explain", ARCHIVE, "--trust", TRUST[1], "--lang", language]) == 0
    out = capfd.readouterr().out
    assert STATEMENTS[language] in out
    rows = out.splitlines()
    for code in ("FOUND", "OPERATOR_STATED", "NO_PBX_RECORDS", "MEASURED"):
        assert rows.count(code) == 1
    said = " ".join(out.split())
    for code in ("FOUND", "OPERATOR_STATED", "NO_PBX_RECORDS"):
        assert messages.t(f"noticeevidence.{code}_what") in said
    assert "NOT_IN_SOUND" not in out


def test_a_later_versions_code_is_shown_and_not_explained(capfd: Capture, tmp_path: Path) -> None:
    path = archive(tmp_path / "a.asice", with_items(unseen=[{"code": "UNHEARD_OF"}]))
    assert main(["explain", path, "--trust", TRUST[1]]) == 0
    out = capfd.readouterr().out
    assert "UNHEARD_OF (a code that this version of the program doesn't know)." in out
    assert "UNHEARD_OF" not in out.splitlines()


def test_text_of_the_archive_cannot_act_on_the_terminal(capfd: Capture, tmp_path: Path) -> None:
    hostile = "\x1b[2J\u202e[bold]\n  PASSED  " + " " * 300 + "E9: x"
    item = {"code": "OPERATOR_STATED", "text": hostile}
    path = archive(tmp_path / "a.asice", with_items(grade="operator_statement", **{"for": [item]}))
    for command in ("verify", "explain", "show"):
        assert main([command, path, *TRUST[: 4 if command == "verify" else 2]]) == 0
        out = capfd.readouterr().out
        assert "\x1b" not in out
        assert "\u202e" not in out
        assert not any(row.strip().startswith(("PASSED  E9", "E9:")) for row in out.splitlines())


def records(count: int, searched: int) -> list[builder.Document]:
    """So many recordings of which nothing shows it; that many of them were searched."""
    empty: dict[str, Any] = {
        "kind": "notice_evidence",
        "grade": "none",
        "for": [],
        "against": [],
        "unseen": [],
    }
    judged = [{**empty, "exhibit": f"E{number}"} for number in range(count, 0, -1)]
    looked = [
        {"kind": "notice_search", "exhibit": f"E{number}", "matches": [{}]}
        for number in range(1, searched + 1)
    ]
    return [*judged, *looked]


def word_of(rows: list[str]) -> dict[str, str]:
    """The word under which each recording's statement stands."""
    found, word = {}, ""
    for row in rows:
        word = row.split()[0] if row.startswith("  ") and row[2:3].isupper() else word
        if "nothing shows" in row:
            found[row.split("nothing")[0].split()[-1]] = word
    return found


def test_of_many_recordings_the_first_are_told(capsys: Capture) -> None:
    summary.print_summary(records(12, 12))
    out = capsys.readouterr().out
    assert word_of(out.splitlines()) == {f"E{number}:": "MEASURED" for number in range(1, 6)}
    assert "and 7 more" in out
    by_kind = summary.sort(records(12, 12))
    assert [e["exhibit"] for e in notice_statements.document(by_kind)] == [f"E{n}" for n in range(1, 13)]


def test_what_was_not_searched_is_not_called_measured(capsys: Capture) -> None:
    summary.print_summary(records(4, 2))
    words = {"E1:": "MEASURED", "E2:": "MEASURED", "E3:": "STATED", "E4:": "STATED"}
    assert word_of(capsys.readouterr().out.splitlines()) == words


@pytest.mark.parametrize("language", messages.LANGUAGES)
@pytest.mark.parametrize("code", CODES)
def test_explain_knows_every_code(
    code: str, language: str, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    assert main(["--lang", language, "explain", code.lower()]) == 0
    rows = capsys.readouterr().out.splitlines()
    assert rows[1] == code
    assert max(map(len, rows)) <= 80
    said = " ".join(" ".join(rows).split())
    assert messages.t(f"noticeevidence.{code}_what") in said
    assert messages.t(f"noticeevidence.{code}_next") in said
    assert messages.t("explain.note") in said
    assert (GRADE_OF.get(code, "") + ".") in said
    explanation.print_line(code)
    assert capsys.readouterr().out.startswith(f"{code}  ")


@pytest.mark.parametrize("language", messages.LANGUAGES)
@pytest.mark.parametrize("code", CODES)
def test_an_explanation_is_a_few_sentences_without_values(code: str, language: str) -> None:
    messages.set_language(language)
    for part in ("what", "next"):
        text = messages.t(f"noticeevidence.{code}_{part}")
        assert text.endswith(".")
        assert text.count(". ") <= 1
        assert "{" not in text


@pytest.mark.parametrize("code", CODES)
def test_both_languages_name_the_same_commands(code: str) -> None:
    named = []
    for language in messages.LANGUAGES:
        messages.set_language(language)
        named.append(re.findall(r"evidence ((?:notice )?[a-z]+)", messages.t(f"noticeevidence.{code}_next")))
    assert named[0] == named[1]
