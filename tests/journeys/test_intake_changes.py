"""Incidents corrected, before and after they are sealed; listed; and what is refused without a terminal."""

import hashlib
import json
from pathlib import Path

import pytest

from evidence import resources
from tests.journeys.desk import NAME, NUMBER, Desk, recording, snapshot
from tests.journeys.program import done, evidence

SECOND = NUMBER[:-1] + "2"


@pytest.fixture
def sealed(desk: Desk) -> Desk:
    """A desk with one sealed incident, one marker and one measure in it."""
    desk.do("new", recording(desk.pbx), "--subscriber", "Приходько", "--account", "4400217")
    desk.do("mark", "add", NUMBER, "0:01", "--class", "insult", "--words", "дурень")
    desk.do("measure", NUMBER, "warning", "--position", "0:02")
    desk.do("seal", NUMBER)
    return desk


def test_empty_text_takes_a_statement_back(desk: Desk) -> None:
    said = ["--subscriber", "Приходко", "--phone", "1", "--title", "x", "--legal-basis", "law: ст. 1"]
    notice = ["--notice-grade", "operator_statement", "--notice-source", "Мирослава", "--notice-text", "т"]
    taken = ["--system", "FreePBX", "--clock-offset", "2", "--clock-known-by", "NTP", "--channels", "a,b"]
    desk.do("new", recording(desk.pbx), *said, *notice, *taken)
    before = desk.incident()
    assert before["acquisitions"][0]["clock"]["offset_ms"] == 2000
    desk.do("add", NUMBER, "--subscriber", "Приходько", "--phone", "", "--title", "")
    desk.do("add", NUMBER, "--legal-basis", "", "--system", "", "--clock-offset", "", "--channels", "")
    desk.do("add", NUMBER, "--notice-text", "", "--caller", "")
    after = desk.incident()
    assert after["subscriber"] == {"name": "Приходько"}
    assert after["notice"] == {"grade": "operator_statement", "source": "Мирослава"}
    assert not after.keys() & {"title", "legal_basis"}
    assert not after["acquisitions"][0].keys() & {"clock", "system"}
    assert after["acquisitions"][0]["taken_at"] == before["acquisitions"][0]["taken_at"]
    assert not after["calls"][0].keys() & {"channels", "caller"}
    assert "caller" not in after["calls"][0]["from_name"]
    desk.do("add", NUMBER, "--notice-grade", "none")
    assert desk.incident()["notice"] == {"grade": "none"}


def test_a_statement_of_a_person_is_no_claim_of_the_name_any_more(desk: Desk) -> None:
    desk.do("new", recording(desk.pbx))
    desk.do("add", NUMBER, "--started", "2026-11-05 10:15:04")
    call = desk.incident()["calls"][0]
    assert call["started"] == "2026-11-05T10:15:04+02:00"
    assert call["from_name"] == ["id", "direction", "caller", "callee"]


def test_a_file_taken_out_is_kept(desk: Desk) -> None:
    desk.do("new", recording(desk.pbx))
    paper = desk.pbx / "card.txt"
    paper.write_text("картка", encoding="utf-8")
    desk.do("add", NUMBER, paper, "--role", "card", "--caption", "Картка абонента")
    assert desk.incident()["exhibits"] == [{"file": "card.txt", "role": "card", "title": "Картка абонента"}]
    again = evidence("add", NUMBER, paper, env=desk.env)
    assert "card.txt was there already, byte for byte" in again.stderr
    paper.write_text("інша", encoding="utf-8")
    assert "--as NAME" in desk.refuse(5, "add", NUMBER, paper)
    desk.do("add", NUMBER, "--remove", "card.txt")
    assert "exhibits" not in desk.incident()
    assert [acquisition["files"] for acquisition in desk.incident()["acquisitions"]] == [[NAME]]
    kept = desk.vault / "removed" / f"{NUMBER}.1" / "card.txt"
    assert kept.read_text(encoding="utf-8") == "картка"
    assert not (desk.folder() / "card.txt").exists()
    desk.refuse(2, "add", NUMBER, "--remove", "card.txt")
    desk.refuse(2, "add", NUMBER, "--remove", "incident.json")


def test_a_recording_stays_while_something_rests_on_it(desk: Desk) -> None:
    desk.do("new", recording(desk.pbx), "--notice-grade", "in_recording")
    desk.do("mark", "add", NUMBER, "0:01", "--class", "insult")
    desk.do("measure", NUMBER, "warning", "--position", "0:02")
    told = desk.refuse(5, "add", NUMBER, "--remove", NAME)
    assert "markers, measures, the notice evidence refer to it" in told
    assert desk.do("measure", NUMBER, "--remove", "1") == "no measures\n"
    desk.do("add", NUMBER, "--notice-grade", "none")
    desk.do("mark", "withdraw", NUMBER, "1", "--reason", "не той запис")
    assert "markers are never deleted" in desk.refuse(5, "add", NUMBER, "--remove", NAME)


def test_a_recording_goes_when_nothing_rests_on_it_any_more(desk: Desk) -> None:
    desk.do("new", recording(desk.pbx), "--notice-grade", "in_recording")
    desk.do("measure", NUMBER, "warning", "--position", "0:02")
    desk.do("measure", NUMBER, "--remove", "1")
    desk.do("add", NUMBER, "--notice-grade", "none")
    desk.do("add", NUMBER, "--remove", NAME)
    assert not desk.incident().keys() & {"calls", "acquisitions", "measures"}
    assert "evidence add" in desk.refuse(5, "seal", NUMBER)


def test_measures_are_taken_away_and_markers_withdrawn_by_their_numbers(desk: Desk) -> None:
    desk.do("new", recording(desk.pbx))
    for second, words in enumerate(("перше", "друге"), 1):
        desk.do("mark", "add", NUMBER, f"0:0{second}", "--class", "insult", "--words", words)
        desk.do("measure", NUMBER, "other", "--at", "2026-11-05 11:00", "--note", words)
    assert [(m["n"], m["words"]) for m in desk.json("mark", "list", NUMBER)] == [(1, "перше"), (2, "друге")]
    (told,) = desk.json("mark", "withdraw", NUMBER, "1", "--reason", "не те")
    assert (told["n"], told["words"], told["withdrawn"]["reason"]) == (1, "перше", "не те")
    assert [(m["n"], m["words"]) for m in desk.json("mark", "list", NUMBER)] == [(1, "перше"), (2, "друге")]
    told = desk.json("measure", NUMBER, "--remove", "2")
    assert [(m["n"], m["note"]) for m in told] == [(1, "перше")]
    before = snapshot(desk.folder())
    desk.refuse(2, "mark", "withdraw", NUMBER, "3", "--reason", "x")
    desk.refuse(5, "mark", "withdraw", NUMBER, "1", "--reason", "x")
    desk.refuse(2, "measure", NUMBER, "--remove", "2")
    assert snapshot(desk.folder()) == before


def test_a_sealed_incident_is_not_changed(sealed: Desk) -> None:
    before = snapshot(sealed.vault)
    paper = sealed.pbx / "card.txt"
    paper.write_text("картка", encoding="utf-8")
    for arguments in (
        ["add", NUMBER, "--title", "x"],
        ["add", NUMBER, paper],
        ["add", NUMBER, "--remove", NAME],
        ["mark", "add", NUMBER, "0:02", "--class", "insult"],
        ["mark", "withdraw", NUMBER, "1", "--reason", "x"],
        ["mark", "edit", NUMBER, "1", "--words", "x"],
        ["mark", "confirm", NUMBER, "1"],
        ["measure", NUMBER, "hang_up", "--position", "0:02"],
        ["measure", NUMBER, "--remove", "1"],
        ["seal", NUMBER],
        ["seal", "--check", NUMBER],
    ):
        assert f"evidence new --corrects {NUMBER} --reason" in sealed.refuse(5, *arguments)
    assert snapshot(sealed.vault) == before


def test_a_correction_cites_the_archive(sealed: Desk) -> None:
    folder = snapshot(sealed.folder())
    assert "--reason" in sealed.refuse(2, "new", "--corrects", NUMBER)
    told = sealed.new("--corrects", NUMBER, "--reason", "Прізвище з помилкою", "--subscriber", "Приходченко")
    assert told["number"] == SECOND
    sealed.refuse(5, "new", "--corrects", SECOND, "--reason", "x")
    sealed.do("mark", "add", SECOND, "0:03", "--class", "insult", "--words", "ще раз")
    sealed.do("seal", SECOND)
    (first,) = sealed.json("verify", sealed.archive())
    (second,) = sealed.json("verify", sealed.archive(SECOND))
    assert (first["verdict"], second["verdict"]) == ("PASSED", "PASSED")
    (incident,) = sealed.records(SECOND)["incident"]
    assert incident["corrects"] == {
        "number": NUMBER,
        "archive_id": first["archive_id"],
        "identity": first["identity"],
        "reason": "Прізвище з помилкою",
    }
    assert incident["subscriber"] == {"name": "Приходченко", "account": "4400217"}
    markers = sorted(sealed.records(SECOND)["marker"], key=lambda m: m["start_ms"])
    assert [marker["words"] for marker in markers] == ["дурень", "ще раз"]
    assert [measure["measure"] for measure in sealed.records(SECOND)["measure"]] == ["warning"]
    sound = hashlib.sha256(resources.sample("call.wav")).hexdigest()
    assert {marker["recording_sha256"] for marker in markers} == {sound}
    (before,) = sealed.records()["incident"]
    assert before["subscriber"]["name"] == "Приходько"
    assert snapshot(sealed.folder()) == folder
    assert "Прізвище з помилкою" in sealed.do("show", sealed.archive(SECOND))


def test_a_correction_of_a_folder_that_was_changed_since_says_so(sealed: Desk) -> None:
    again = ("new", "--corrects", NUMBER, "--reason", "x")
    assert "changed after it was sealed" not in evidence(*again, env=sealed.env).stderr
    (sealed.folder() / "late.txt").write_text("x", encoding="utf-8")
    assert "changed after it was sealed" in evidence(*again, env=sealed.env).stderr


def test_lists(sealed: Desk) -> None:
    sealed.do("new", recording(sealed.pbx), "--number", "OPEN-1", "--phone", "+380990000123")
    (sealed.folder("BROKEN-1")).mkdir()
    (sealed.folder("BROKEN-1") / "incident.json").write_text("{", encoding="utf-8")
    rows = {row["number"]: row for row in sealed.json("list")}
    assert {number: row["state"] for number, row in rows.items()} == {
        NUMBER: "sealed",
        "OPEN-1": "open",
        "BROKEN-1": "unreadable",
    }
    assert rows[NUMBER]["archive"] == str(sealed.archive())
    kept = {key: rows["OPEN-1"][key] for key in ("started", "subscriber", "recordings", "markers")}
    assert kept == {
        "started": "2026-11-05T10:15:02+02:00",
        "subscriber": "+380990000123",
        "recordings": 1,
        "markers": 0,
    }
    assert [row["number"] for row in sealed.json("list", "--open")] == ["BROKEN-1", "OPEN-1"]
    heads, broken, first, second = sealed.do("list").splitlines()
    assert heads == "NUMBER           STATE   BEGAN             REC  MARK  SUBSCRIBER"
    assert broken.startswith("BROKEN-1         unreadable  incident.json can't be used")
    assert first == f"{NUMBER}  sealed  2026-11-05 10:15  1    1     Приходько"
    assert second == "OPEN-1           open    2026-11-05 10:15  1    0     +380990000123"
    assert NUMBER not in sealed.do("list", "--open", "--lang", "uk")


def test_one_incident_is_listed_with_everything_in_it(sealed: Desk) -> None:
    (told,) = sealed.json("list", NUMBER)
    gaps, told["gaps"] = told["gaps"], None
    (shown,) = told.pop("notice_evidence")
    assert (shown["exhibit"], shown["grade"], shown["for"]) == ("E1", "none", [])
    assert "no_notice" in [gap["code"] for gap in gaps]
    assert told == {
        "number": NUMBER,
        "folder": str(sealed.folder()),
        "recordings": [{"file": NAME, "milliseconds": 10_935, "problems": []}],
        "markers": 1,
        "measures": 1,
        "notice_grade": "none",
        "gaps": None,
        "state": "sealed",
    }
    shown = sealed.do("list", NUMBER)
    for words in ("Приходько", "“дурень”", "warning", "0:10.935", NAME, "380990000123"):
        assert words in shown
    told = evidence("list", NUMBER, env=sealed.env).stderr
    assert "evidence add" not in told
    assert f"evidence: hint: evidence new --corrects {NUMBER}" in told


def test_an_empty_vault_lists_nothing(desk: Desk) -> None:
    assert desk.do("list") == "no incidents\n"
    assert desk.json("list") == []
    desk.refuse(2, "list", NUMBER)


def test_what_is_missing_is_named_with_its_option(desk: Desk) -> None:
    """Without a terminal nobody is asked; nothing half-made is left behind."""
    plain, named = recording(desk.pbx, "call.wav"), recording(desk.pbx)
    before = snapshot(desk.vault)
    nobody = {"EVIDENCE_BY": ""}
    cases: list[tuple[list[str | Path], str]] = [
        (["new", plain], "--started"),
        (["new", plain, "--started", "yesterday"], "2026"),
        (["new", plain, named, "--caller", "1"], "--recording"),
        (["new", named, "--notice-grade", "pbx_log"], "--notice-source"),
        (["new", named, "--clock-offset", "2"], "--clock-known-by"),
        (["new", named, "--clock-known-by", "NTP"], "--clock-offset"),
        (["new", named, "--clock-offset", "2 s"], "+2.5"),
        (["new", named, "--legal-basis", "contract:"], "KIND:REFERENCE"),
        (["new", named, "--zone", "Kyiv"], "Europe/Kyiv"),
        (["new", plain, "--started", "2026-10-25 03:30:00"], "--fold"),
        (["new", desk.pbx / "absent.wav"], "path"),
        (["new", named, plain, "--as", "x.wav"], "exactly one file"),
        (["new", named, "--corrects", NUMBER], "--reason"),
    ]
    for arguments, option in cases:
        told = desk.refuse(2, *arguments)
        assert option in told.split("evidence: hint: ")[1], (arguments, told)
    assert "--by" in desk.refuse(2, "new", named, env=nobody)
    assert snapshot(desk.vault) == before
    desk.do("new", named)
    before = snapshot(desk.vault)
    cases = [
        (["add", NUMBER], "evidence add --help"),
        (["add", NUMBER, plain], "--started"),
        (["mark", "add", NUMBER, "--class", "insult"], "1:23-1:27"),
        (["mark", "add", NUMBER, "0:01"], "--class"),
        (["measure", NUMBER], "warning"),
        (["measure", NUMBER, "warning"], "--at"),
        (["measure", NUMBER, "other", "--position", "0:01"], "--note"),
    ]
    for arguments, option in cases:
        told = desk.refuse(2, *arguments)
        assert option in told.split("evidence: hint: ")[1], (arguments, told)
    nameless: list[list[str | Path]] = [
        ["add", NUMBER, plain, "--started", "unknown"],
        ["mark", "add", NUMBER, "0:01", "--class", "insult"],
        ["measure", NUMBER, "warning", "--position", "0:01"],
    ]
    for arguments in nameless:
        assert "--by" in desk.refuse(2, *arguments, env=nobody)
    assert snapshot(desk.vault) == before


def test_a_vault_without_a_zone_needs_one(tmp_path: Path) -> None:
    desk = Desk(tmp_path, zone="")
    source = recording(desk.pbx)
    assert "--zone Europe/Kyiv" in desk.refuse(2, "new", source)
    assert desk.json("list") == []
    desk.do("new", source, "--zone", "Europe/Warsaw")
    assert desk.incident()["time_zone"] == "Europe/Warsaw"
    assert desk.incident()["calls"][0]["started"] == "2026-11-05T10:15:02+01:00"
    told = evidence("seal", "--check", NUMBER, env=desk.env).stderr
    assert "by the id in the name" in told  # 09:15:02Z; the id says 08:15:02Z
    desk.do("add", NUMBER, "--ended", "2026-11-05 10:15:13")  # in the incident's zone
    assert desk.incident()["calls"][0]["ended"] == "2026-11-05T10:15:13+01:00"


def test_the_vault_is_named_by_the_variable_or_the_option(desk: Desk, tmp_path: Path) -> None:
    source = recording(desk.pbx)
    assert evidence("new", source, "--by", "Левко").returncode == 5
    told = json.loads(done("new", source, "--by", "Зміна", "--vault", desk.vault, "--json"))
    assert told["folder"] == str(desk.folder())
    assert desk.incident()["prepared_by"] == "Зміна"
    (tmp_path / "other").mkdir()
    other = Desk(tmp_path / "other")
    told = json.loads(done("new", source, "--vault", other.vault, "--json", env=desk.env))
    assert told["folder"] == str(other.folder())
    assert other.incident()["prepared_by"] == "Левко"


def test_the_doubled_hour_is_told_by_the_id_in_the_name(desk: Desk) -> None:
    """2026-10-25 03:30 came twice in Kyiv; 1792891800 is 01:30 UTC, the second time."""
    name = "in-0443900000-380990000123-20261025-033000-1792891800.1.wav"
    source = recording(desk.pbx, name)
    assert "--fold second" in desk.refuse(2, "new", source)
    desk.do("new", source, "--fold", "second")
    assert desk.incident()["calls"][0]["started"] == "2026-10-25T03:30:00+02:00"
    told = desk.new(source, "--fold", "first")
    assert "name_differs" in [gap["code"] for gap in told["gaps"]]


def test_a_call_of_which_nobody_knows_when_it_was(desk: Desk) -> None:
    told = desk.new(recording(desk.pbx), "--started", "unknown")
    assert "no_calls" in [gap["code"] for gap in told["gaps"]]
    assert "calls" not in desk.incident()


def test_a_time_taken_back_takes_back_a_call_of_which_nothing_else_is_known(desk: Desk) -> None:
    plain = recording(desk.pbx, "call.wav")
    desk.do("new", plain, "--started", "2026-11-05 10:15:02", "--caller", "1")
    before = desk.incident()
    for nothing in ("unknown", ""):
        assert "--started TIME" in desk.refuse(2, "add", NUMBER, "--started", nothing)
    assert desk.incident() == before
    desk.do("add", NUMBER, "--started", "unknown", "--caller", "")
    assert "calls" not in desk.incident()
    assert "--started TIME" in desk.refuse(2, "add", NUMBER, "--caller", "1")
    desk.do("add", NUMBER, "--started", "2026-11-05 10:15:03", "--caller", "1")
    assert desk.incident()["calls"] == [
        {"recording": "call.wav", "caller": "1", "started": "2026-11-05T10:15:03+02:00"}
    ]


def test_wrong_places_are_refused_in_words_of_the_command_line(desk: Desk) -> None:
    desk.do("new", recording(desk.pbx))
    said = ["--class", "insult"]
    assert "minutes and seconds (1:23.5)" in desk.refuse(2, "mark", "add", NUMBER, "1:75", *said)
    assert "ends before it begins" in desk.refuse(2, "mark", "add", NUMBER, "0:02", "--to", "0:01", *said)
    assert "ends before it begins" in desk.refuse(2, "mark", "add", NUMBER, "0:02-0:01", *said)
    assert NAME in desk.refuse(2, "mark", "add", NUMBER, "0:02", "--recording", "absent.wav", *said)
    assert NAME in desk.refuse(2, "add", NUMBER, "--recording", "absent.wav", "--caller", "1")
    late = ["measure", NUMBER, "warning", "--position", "0:30"]
    assert "0:30.0 lies after the end" in desk.refuse(2, *late)
    desk.do(*late, "--beyond-end")
    desk.do("measure", NUMBER, "hang_up", "--recording", NAME, "--at", "2026-11-05 10:15:13")
    assert desk.incident()["measures"][1] == {
        "kind": "hang_up",
        "at": "2026-11-05T10:15:13+02:00",
        "recording": NAME,
        "by": "Левко",
    }
