"""What `show` tells of the announcement that calls are recorded."""

import json
from typing import Any

import pytest

from evidence import messages
from evidence.cli import main
from evidence.cli.contents import print_contents
from tests.schemas import case
from tests.vectors.test_vectors import FOLDER

Capture = pytest.CaptureFixture[str]
TRUST = ["--trust", str(FOLDER / "sources" / "sealer.pem")]
ARCHIVE = str(FOLDER / "PASSED_ANNOUNCEMENT.asice")
EXAMPLES = (
    "incident",
    "notice",
    "announcement",
    "notice_search",
    "notice_evidence",
    "exhibit_recording",
)


def records() -> list[dict[str, Any]]:
    """Of the case of the examples."""
    return [
        json.loads((case.EXAMPLES / f"record.v1.{name}.json").read_text(encoding="utf-8"))
        for name in EXAMPLES
    ]


def shown(given: list[dict[str, Any]], capsys: Capture, language: str = "en") -> list[str]:
    messages.set_language(language)
    print_contents(given)
    return capsys.readouterr().out.splitlines()


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        (
            "en",
            [
                "  a person states:",
                "    where: E1  channel caller  0:01.240",
                "    title: Вітання лінії підтримки",
                '    key clause: 0:03.120 – 0:04.870  "розмова записується"',
                "    approved by: Наказ директора № 14 від 02.03.2026",
                "    played by the PBX as: custom/recording-notice-uk",
                "    version in the notice register: 7a40ed4c-6a3c-4a51-9a0e-7f1d6e2c9b35",
                "    the announcement itself: E9",
                f"  E1  {case.INBOUND}",
                "    grade: in_recording",
                "    speaks for it:",
                "    not known or not looked at:",
                "    searched: the first 120 s of 187.42 s; the rest was not searched",
                "    channel 0 caller",
                "    “Вітання лінії підтримки” (7a40ed4c)",
            ],
        ),
        (
            "uk",
            [
                "  твердження осіб:",
                "    назва: Вітання лінії підтримки",
                "    ключова фраза: 0:03.120 – 0:04.870  «розмова записується»",
                "    на користь:",
                "    невідомо або не розглянуто:",
                "    перевірено: перші 120 с з 187.42 с; решту не перевірено",
                "    канал 0 caller",
                "    «Вітання лінії підтримки» (7a40ed4c)",
            ],
        ),
    ],
)
def test_everything_about_the_announcement_is_shown(
    language: str, expected: list[str], capsys: Capture
) -> None:
    rows = shown(records(), capsys, language)
    heading = rows.index(messages.t("show.section_notice"))
    places = [rows.index(row, heading) for row in expected]
    assert places == sorted(places)


def test_a_statement_and_every_item_with_its_code(capsys: Capture) -> None:
    rows = shown(records(), capsys)
    statement = next(row for row in rows if row.startswith("    E1: the announcement"))
    assert "“Вітання лінії підтримки” is in the caller's channel (channel 0) at 1.24 s, 90 %" in statement
    codes = [row.split()[0] for row in rows if row.startswith("      ") and row.split()[0].isupper()]
    assert codes == ["FOUND", "HEARD", "PLAYBACK_NOT_LOGGED"]


def test_known_kinds_are_not_called_unknown(capsys: Capture) -> None:
    assert not any("later version" in row for row in shown(records(), capsys))


def test_nobody_stating_it_does_not_deny_what_was_found(capsys: Capture) -> None:
    given = records()
    given[1] = {"kind": "notice", "grade": "none", "exhibits": []}
    rows = shown(given, capsys)
    assert "    grade: none: nobody states that it was played" in rows
    alone = shown([given[1]], capsys)
    assert "    grade: none: nothing shows that it was played" in alone


def test_an_archive_without_records_of_it_has_no_such_section(capsys: Capture) -> None:
    rows = shown([records()[0]], capsys)
    assert messages.t("show.section_notice") not in rows


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_of_an_archive(language: str, capfd: Capture) -> None:
    assert main(["show", ARCHIVE, *TRUST, "--lang", language]) == 0
    out = capfd.readouterr().out
    assert messages.t("noticesearch.whole", length=messages.t("noticeevidence.seconds", seconds="0.1")) in out
    assert "█" in out
    assert "STATED" in out


def test_json_has_the_records_as_they_are(capfd: Capture) -> None:
    assert main(["show", ARCHIVE, *TRUST, "--json"]) == 0
    told = json.loads(capfd.readouterr().out)
    kinds = {record["kind"]: record for record in told["records"]}
    assert kinds["notice_search"]["waveform"]["channels"] == ["AH//gA=="]
    assert kinds["notice_evidence"]["for"][0]["code"] == "FOUND"
    assert json.loads(kinds["announcement"]["document"])["title"] == "Welcome"


def test_hostile_text_in_a_version_is_shown_harmless(capsys: Capture) -> None:
    given = records()
    document = json.loads(given[2]["document"])
    hostile = "\x1b]0;x\x07\u202e[red]x[/red]"
    document |= {"title": hostile, "approved_by": hostile, "text": f"a\n  PASSED\n{hostile}"}
    document["played_as"] = [hostile]
    given[2]["document"] = json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    rows = shown(given, capsys)
    assert all(row.isprintable() for row in rows)
    assert not any(row.strip().startswith("PASSED") for row in rows)
    assert any("[red]x[/red]" in row for row in rows)
