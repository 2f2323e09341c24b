"""Hot keys from the press to the archive, with the program as its users run it."""

import datetime as dt
import json
import signal

import pytest

from tests.journeys.desk import NUMBER, Desk, recording, snapshot
from tests.journeys.live import CALL_ID, PRESSED, Listening, logged, new, waiting
from tests.journeys.program import evidence
from tests.journeys.terminal import Terminal


def test_a_press_becomes_a_marker_in_an_archive(desk: Desk) -> None:
    press = {
        "at": PRESSED,
        "class": "образа",
        "agent": "101",
        "call_id": CALL_ID,
        "words": "козел",
        "id": "1",
    }
    with Listening(desk) as live:
        assert live.post(press)[0] == 201
        err = live.end(signal.SIGTERM)
    for secret in (live.token, "козел", CALL_ID + '"}', "101\n"):
        assert secret not in err
    new(desk)
    assert waiting(desk) == [1]
    marker, told = desk.json(
        "mark", "live", NUMBER, "--uncertainty", "1.5", "--before", "4", "--clock-offset", "-0,75"
    )
    assert told == {"taken": 1, "there": 0, "untied": {}, "unread": 0}
    name = f"{logged(desk)[0]['received'][:10]}"
    expected = {
        "n": 1,
        "recording": recording(desk.pbx).name,
        "start_ms": 3000,
        "end_ms": 7000,
        "class": "insult",
        "words": "козел",
        "asserted_by": "101",
        "asserted_at": PRESSED,
        "how": "hot_key",
        "source": f"hotkeys-{name}.jsonl:1",
        "pressed": {
            "at": PRESSED,
            "call_started": "2026-11-05T10:15:02+02:00",
            "offset_ms": -750,
            "uncertainty_ms": 1500,
            "before_ms": 4000,
            "place_ms": 7000,
            "event": "1",
            "tied_by": "call_id",
            "stated_by": "Левко",
            "stated_at": marker["pressed"]["stated_at"],
        },
    }
    assert marker == expected
    assert waiting(desk) == []
    desk.do("seal", NUMBER)
    (record,) = desk.records()["marker"]
    assert record["pressed"]["place_ms"] == 7000
    assert record["pressed"]["at"]["utc"] == "2026-11-05T08:15:08.250Z"


def test_twice_is_harmless(desk: Desk) -> None:
    new(desk)
    events = desk.pbx / "events.log"
    events.write_text("2026-11-05 10:15:05 insult козел\n", encoding="utf-8")
    desk.do("mark", "live", "--from", events)
    assert "0 events noted" in desk.do("mark", "live", "--from", events)
    desk.do("mark", "live", NUMBER, "--uncertainty", "1")
    before = snapshot(desk.folder())
    (told,) = desk.json("mark", "live", NUMBER, "--uncertainty", "1")
    assert told == {"taken": 0, "there": 1, "untied": {}, "unread": 0}
    (told,) = desk.json("mark", "live", NUMBER, "--uncertainty", "60", "--from", events)
    assert told == {"taken": 0, "there": 1, "untied": {}, "unread": 0}
    assert snapshot(desk.folder()) == before


def test_what_is_not_taken_is_told(desk: Desk) -> None:
    new(desk)
    rows = [
        "час;оператор;клас;id дзвінка;слова;id",
        f"05.11.2026 10:15:03;олена;образа;{CALL_ID};a;1",
        "05.11.2026 10:15:04;Інша;образа;;b;2",
        "05.11.2026 10:15:05;;образа;999.1;c;3",
        "05.11.2026 10:14:59;;образа;;d;4",
        "05.11.2026 09:00:00;;образа;;e;5",
        "05.11.2026 10:15:06;;образ;;f;6",
        "25.10.2026 03:30;;образа;;g;7",
    ]
    events = desk.pbx / "events.csv"
    events.write_text("\r\n".join(rows), encoding="cp1251")
    process = evidence("mark", "live", NUMBER, "--from", events, "--uncertainty", "5", env=desk.env)
    assert process.returncode == 9
    events.write_text("\r\n".join(rows), encoding="utf-8-sig")
    process = evidence("mark", "live", NUMBER, "--from", events, "--uncertainty", "5", "--json", env=desk.env)
    assert process.returncode == 9
    *markers, told = map(json.loads, process.stdout.splitlines())
    untied = {"other_agent": 1, "other_call": 1, "near": 1, "outside": 1}
    assert told == {"taken": 1, "there": 0, "untied": untied, "unread": 2}
    assert [marker["start_ms"] for marker in markers] == [1000]
    for words in (
        "events.csv, line 7: ",
        "events.csv, line 8: ",
        "--fold first",
        "events.csv:3: ",
        "--agent NAME",
    ):
        assert words in process.stderr
    assert f"evidence mark add {NUMBER}" in process.stderr


def test_a_press_without_class_or_person_needs_both_from_the_command(desk: Desk) -> None:
    new(desk)
    events = desk.pbx / "events.log"
    events.write_text("2026-11-05 10:15:05\n", encoding="utf-8")
    told = desk.refuse(2, "mark", "live", NUMBER, "--uncertainty", "1", "--from", events)
    assert "--class" in told
    told = desk.refuse(
        2,
        "mark",
        "live",
        NUMBER,
        "--uncertainty",
        "1",
        "--from",
        events,
        "--class",
        "threat",
        env={"EVIDENCE_BY": ""},
    )
    assert "--by" in told
    told = desk.refuse(2, "mark", "live", NUMBER, "--from", events, "--class", "threat")
    assert "--uncertainty" in told
    assert not (desk.folder() / "markers.json").exists()
    before = dt.datetime.now(dt.UTC).replace(microsecond=0)
    marker, _told = desk.json(
        "mark", "live", NUMBER, "--uncertainty", "1", "--from", events, "--class", "погроза"
    )
    assert (marker["class"], marker["asserted_by"], marker["start_ms"]) == ("threat", "Левко", 3000)
    assert "end_ms" not in marker
    # nobody asserted it when the key was pressed
    assert before <= dt.datetime.fromisoformat(marker["asserted_at"]) <= dt.datetime.now(dt.UTC)
    assert marker["pressed"]["at"] == "2026-11-05T10:15:05+02:00"
    assert marker["pressed"]["tied_by"] == "time"


def test_events_that_are_no_use_are_told_where_the_program_listens(desk: Desk) -> None:
    with Listening(desk) as live:
        assert live.post({"at": "2026-11-05 10:15:05", "id": "local"})[0] == 201  # in the vault's zone
        for _ in range(5):
            assert live.post({"at": PRESSED, "class": "козел"})[0] == 400
        err = live.end(signal.SIGTERM)
    assert err.count("an event that can't be used") == 3
    assert "козел" not in err
    assert "refused: 5" in err
    assert [row["at"] for row in logged(desk)] == ["2026-11-05T10:15:05+02:00"]


@pytest.mark.parametrize("language", ["en", "uk"])
def test_the_uncertainty_and_the_class_are_asked_for(desk: Desk, language: str) -> None:
    new(desk)
    events = desk.pbx / "events.log"
    events.write_text("2026-11-05 10:15:05\n", encoding="utf-8")
    said = {
        "en": ("By how many seconds", "What is asserted?", "Number"),
        "uk": ("На скільки секунд", "Що стверджується?", "Номер"),
    }
    how_many, what, number = said[language]
    arguments = ("mark", "live", NUMBER, "--from", events, "--lang", language)
    with Terminal(*arguments, env=desk.env) as terminal:
        terminal.answer(how_many, "багато")
        terminal.expect("evidence: hint: ")
        terminal.answer(how_many, "2,5")
        terminal.expect(what)
        terminal.answer(number, "3")
        terminal.end(0)
    (marker,) = desk.json("mark", "list", NUMBER)
    assert (marker["class"], marker["pressed"]["uncertainty_ms"]) == ("threat", 2500)


def test_own_classes_carry_their_names(desk: Desk) -> None:
    with (desk.vault / "evidence.toml").open("a", encoding="utf-8") as file:
        file.write('\n[marker_class.bribe]\nuk = "Пропозиція хабара"\nen = "Offer of a bribe"\n')
    new(desk)
    events = desk.pbx / "events.log"
    events.write_text(
        "2026-11-05 10:15:05 пропозиція хабара: тисяча\n2026-11-05 10:15:06\n", encoding="utf-8"
    )
    *markers, _told = desk.json(
        "mark", "live", NUMBER, "--uncertainty", "1", "--from", events, "--class", "Offer of a bribe"
    )
    names = {"uk": "Пропозиція хабара", "en": "Offer of a bribe"}
    assert [(marker["class"], marker["class_names"]) for marker in markers] == [("bribe", names)] * 2
    desk.do("seal", NUMBER)


def test_an_incident_whose_call_has_no_beginning(desk: Desk) -> None:
    desk.do("new", recording(desk.pbx, "x.wav"), "--started", "unknown", "--no-input")
    assert "--started" in desk.refuse(2, "mark", "live", NUMBER, "--uncertainty", "1")


def test_a_channel_must_be_one_of_the_recording(desk: Desk) -> None:
    new(desk)
    events = desk.pbx / "events.log"
    events.write_text("2026-11-05 10:15:05 insult\n", encoding="utf-8")
    arguments = ("mark", "live", NUMBER, "--uncertainty", "1", "--from", events)
    desk.refuse(2, *arguments, "--channel", "7")
    marker, _told = desk.json(*arguments, "--channel", "1", "--language", "uk")
    assert (marker["channel"], marker["language"]) == (1, "uk")


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("--listen", "0.0.0.0:8765"),
        ("--listen", "192.168.0.1:8765"),
        ("--listen", "127.0.0.1"),
        ("--listen", "127.0.0.1:99999"),
        ("--listen", "example.com:80"),
        ("--listen", "127.0.0.1:0", "--origin", "*"),
        ("--listen", "127.0.0.1:0", "--origin", "null"),
        ("--listen", "127.0.0.1:0", "--origin", "https://a.example/path"),
        ("--listen", "127.0.0.1:0", "--from", "-"),
        ("--follow",),
        ("--from", "absent.log"),
        ("--from", "-", "--class", "insult"),
        ("--from", "-", "--origin", "https://a.example"),
        (NUMBER, "--listen", "127.0.0.1:0"),
        (NUMBER, "--from", "x", "--follow"),
        (NUMBER, "--uncertainty", "-1"),
        (NUMBER, "--uncertainty", "nan"),
        (NUMBER, "--uncertainty", "1", "--before", "601"),
        (NUMBER, "--uncertainty", "1", "--clock-offset", "86401"),
        (NUMBER, "--uncertainty", "1", "--class", "insutl"),
    ],
)
def test_mistakes(ground_desk: Desk, arguments: tuple[str, ...]) -> None:
    code = 4 if "insutl" in arguments else 2
    ground_desk.refuse(code, "mark", "live", *arguments)
