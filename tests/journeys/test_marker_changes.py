"""Markers corrected, confirmed and withdrawn, suggestions accepted and rejected, each by one plain command."""

from pathlib import Path

import pytest

from tests.journeys.desk import NUMBER, Desk, snapshot
from tests.journeys.program import evidence
from tests.journeys.suggested import SUGGESTIONS, begin, document
from tests.journeys.terminal import Terminal


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    found = Desk(tmp_path)
    begin(found)
    return found


def test_suggestions_are_listed_and_never_archived(desk: Desk) -> None:
    told = desk.do("mark", "suggestions", NUMBER)
    assert "suggestion 1?  0:01.240 - 0:01.690  insult?  " in told
    assert "suggested by a program; nobody has decided" in told
    rows = desk.json("mark", "suggestions", NUMBER)
    assert rows == [{"n": number, **row} for number, row in enumerate(SUGGESTIONS, 1)]
    desk.do("mark", "accept", NUMBER, "1")
    desk.do("mark", "reject", NUMBER, "3", "--reason", "не образа")
    assert [found["n"] for found in desk.json("mark", "suggestions", NUMBER)] == [2]
    assert "2 more were decided about" in desk.do("mark", "suggestions", NUMBER)
    everything = desk.do("mark", "suggestions", NUMBER, "--all")
    assert "marker 1" in everything
    assert ": не образа\n" in everything
    desk.do("seal", NUMBER)
    records = desk.records()
    assert [marker["words"] for marker in records["marker"]] == ["ідіотка"]
    names = {exhibit["name"] for exhibit in records["exhibit"]}
    assert "markers.json" in names
    assert "suggestions.json" not in names


def test_what_is_accepted_says_who_heard_what(desk: Desk) -> None:
    heard = ("--at", "0:01.2-0:01.8", "--words", "ідіоте", "--class", "погроза", "--channel", "caller")
    more = ("--language", "ru", "--confidence", "probable", "--note", "тихо")
    (told,) = desk.json("mark", "accept", NUMBER, "1", *heard, *more)
    (marker,) = document(desk, "markers")
    assert told == {"n": 1, **marker}
    stated = {name: value for name, value in marker.items() if name not in {"asserted_at", "suggestion"}}
    assert stated == {
        "recording": SUGGESTIONS[0]["recording"],
        "channel": "caller",
        "start_ms": 1200,
        "end_ms": 1800,
        "class": "threat",
        "words": "ідіоте",
        "language": "ru",
        "asserted_by": "Левко",
        "how": "transcript_confirmed",
        "confidence": "probable",
        "note": "тихо",
    }
    assert marker["suggestion"]["words"] == "ідіотка"
    assert document(desk, "suggestions")[0]["decided"]["marker"] == 1


def test_several_are_accepted_all_or_none(desk: Desk) -> None:
    before = snapshot(desk.folder())
    desk.refuse(2, "mark", "accept", NUMBER, "1", "9")
    desk.refuse(2, "mark", "accept", NUMBER, "1", "2", "--words", "обидва")
    desk.refuse(2, "mark", "accept", NUMBER, "1", "2", "--channel", "2")
    assert snapshot(desk.folder()) == before
    desk.do("mark", "reject", NUMBER, "2")
    desk.do("mark", "accept", NUMBER, "2", "1", "2", "--confidence", "certain")
    assert [marker["words"] for marker in document(desk, "markers")] == ["безголові", "ідіотка"]
    assert "1: suggestion 1 was accepted already" in desk.refuse(5, "mark", "accept", NUMBER, "3", "1")


def test_a_rejection_is_taken_back(desk: Desk) -> None:
    before = document(desk, "suggestions")
    desk.do("mark", "reject", NUMBER, "1", "2")
    desk.refuse(5, "mark", "reject", NUMBER, "3", "1")
    desk.refuse(5, "mark", "reject", NUMBER, "--undo", "1", "3")
    assert [found["decided"]["as"] for found in document(desk, "suggestions")[:2]] == ["rejected"] * 2
    desk.do("mark", "reject", NUMBER, "--undo", "1", "2")
    assert document(desk, "suggestions") == before
    assert not (desk.folder() / "markers.json").exists()


@pytest.mark.parametrize("place", ["0:30", "0:01-0:30"])
def test_a_place_after_the_end_is_no_place(desk: Desk, place: str) -> None:
    """The recording lasts 10.935 s."""
    desk.do("mark", "add", NUMBER, "0:01", "--class", "insult")
    before = snapshot(desk.folder())
    assert "after the end" in desk.refuse(2, "mark", "accept", NUMBER, "1", "--at", place, "--to", "0:31")
    assert "after the end" in desk.refuse(2, "mark", "edit", NUMBER, "1", "--at", place)
    assert "no channel" in desk.refuse(2, "mark", "edit", NUMBER, "1", "--channel", "supervisor")
    assert snapshot(desk.folder()) == before
    desk.do("mark", "edit", NUMBER, "1", "--at", place, "--beyond-end")


def test_a_correction_keeps_what_was_said_in_the_archive(desk: Desk) -> None:
    desk.do("mark", "add", NUMBER, "0:01-0:02", "--class", "insult", "--words", "дурень")
    desk.do("mark", "edit", NUMBER, "1", "--to", "", "--words", "дурню", "--reason", "краще чути")
    listed = desk.do("mark", "list", NUMBER)
    assert "before: end 0:02.000; words “дурень”; why: краще чути" in listed
    again = evidence("mark", "edit", NUMBER, "1", "--words", "дурню", env=desk.env)
    assert "nothing was changed" in again.stderr
    (correction,) = document(desk, "markers")[0]["corrections"]
    assert correction["was"] == {"end_ms": 2000, "words": "дурень"}
    desk.refuse(2, "mark", "edit", NUMBER, "1")
    desk.refuse(2, "mark", "edit", NUMBER, "1", "--class", "балачка")
    desk.do("seal", NUMBER)
    (record,) = desk.records()["marker"]
    assert record["words"] == "дурню"
    assert record["corrections"][0]["was"] == correction["was"]


def test_who_confirms_and_who_withdraws_is_told(desk: Desk) -> None:
    for second in (1, 2):
        desk.do("mark", "add", NUMBER, f"0:0{second}", "--class", "insult", "--confidence", "possible")
    oneself = evidence("mark", "confirm", NUMBER, "1", env=desk.env)
    assert "another person's confirmation weighs more" in oneself.stderr
    desk.refuse(5, "mark", "confirm", NUMBER, "2", "1", "--by", "Мирослава")
    other = evidence("mark", "confirm", NUMBER, "2", "--by", "Мирослава", env=desk.env)
    assert other.stderr == ""
    desk.do("mark", "edit", NUMBER, "2", "--note", "нове", "--reason", "x")
    desk.do("mark", "withdraw", NUMBER, "1", "--reason", "це не образа")
    first, second = desk.json("mark", "list", NUMBER)
    assert (first["reviewed_by"], first["withdrawn"]["reason"]) == ("Левко", "це не образа")
    assert second["reviewed_by"] == "Мирослава"
    listed = desk.do("mark", "list", NUMBER)
    assert "1.  WITHDRAWN  0:01.000  insult" in listed
    assert "confidence: possible" in listed
    assert "ВІДКЛИКАНО" in desk.do("mark", "list", NUMBER, "--lang", "uk")
    desk.do("mark", "add", NUMBER, "0:01", "--class", "insult")  # the same once more: the first is withdrawn
    assert len(document(desk, "markers")) == 3


def test_a_withdrawal_says_why(desk: Desk) -> None:
    desk.do("mark", "add", NUMBER, "0:01", "--class", "insult")
    assert "--reason" in desk.refuse(2, "mark", "withdraw", NUMBER, "1")
    del desk.env["EVIDENCE_BY"]
    with Terminal("mark", "withdraw", NUMBER, "1", "--lang", "uk", env=desk.env) as terminal:
        terminal.answer("Чому її відкликано", "не той голос")
        terminal.answer("Ваше ім'я або табельний номер", "Мирослава")
        terminal.end(0)
    withdrawn = document(desk, "markers")[0]["withdrawn"]
    assert (withdrawn["by"], withdrawn["reason"]) == ("Мирослава", "не той голос")


def test_a_class_of_the_vault_s_own_goes_by_its_name(desk: Desk) -> None:
    names = {"uk": "зверхність", "ru": "высокомерие", "en": "condescension"}
    with (desk.vault / "evidence.toml").open("a", encoding="utf-8") as file:
        file.write("\n[marker_class.condescension]\n")
        file.writelines(f'{language} = "{name}"\n' for language, name in names.items())
    desk.do("mark", "add", NUMBER, "0:01", "--class", "зверхність")
    desk.do("mark", "accept", NUMBER, "1", "--class", "высокомерие")
    desk.do("mark", "add", NUMBER, "0:03", "--class", "insult")
    desk.do("mark", "edit", NUMBER, "3", "--class", "condescension")
    markers = document(desk, "markers")
    assert [(m["class"], m["class_names"]) for m in markers] == [("condescension", names)] * 3
    assert "0:01.000  condescension  " in desk.do("mark", "list", NUMBER)
    assert "0:01.000  зверхність  " in desk.do("mark", "list", NUMBER, "--lang", "uk")
    assert "condescension" in desk.refuse(2, "mark", "add", NUMBER, "0:02", "--class", "балачка")
    desk.do("seal", NUMBER)
    assert [marker["class_names"] for marker in desk.records()["marker"]] == [names] * 3


def test_what_a_program_and_a_name_say_is_shown_harmlessly(desk: Desk) -> None:
    (desk.folder() / "suggestions.json").unlink()
    desk.do(
        "mark", "add", NUMBER, "0:01", "--class", "insult", "--words", "x\x1b[2J\u202eний", "--by", "\u202eЛ"
    )
    desk.do("mark", "edit", NUMBER, "1", "--note", "\x1b]0;x\x07", "--reason", "\u2066")
    desk.do("mark", "withdraw", NUMBER, "1", "--reason", "a\nb\x9b")
    told = desk.do("mark", "list", NUMBER)
    assert not {"\x1b", "\u202e", "\u2066", "\x9b", "\x07"} & set(told)
    assert "\\u{202e}" in told


def test_an_earlier_markers_json_put_back_makes_what_was_accepted_wait_again(desk: Desk) -> None:
    """Not even another marker of the same number hides that the accepted one is gone."""
    markers = desk.folder() / "markers.json"
    desk.do("mark", "add", NUMBER, "0:08", "--class", "insult", "--words", "перша")
    before = markers.read_bytes()
    desk.do("mark", "accept", NUMBER, "1")
    assert [found["n"] for found in desk.json("mark", "suggestions", NUMBER)] == [2, 3]
    markers.write_bytes(before)
    assert [found["n"] for found in desk.json("mark", "suggestions", NUMBER)] == [1, 2, 3]
    desk.do("mark", "add", NUMBER, "0:09", "--class", "insult", "--words", "друга")
    assert [found["n"] for found in desk.json("mark", "suggestions", NUMBER)] == [1, 2, 3]
    desk.do("mark", "accept", NUMBER, "1")
    assert [marker["words"] for marker in document(desk, "markers")] == ["перша", "друга", "ідіотка"]
