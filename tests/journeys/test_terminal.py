"""What a shift supervisor is asked at a terminal, and what happens with the answers."""

from pathlib import Path

import pytest

from tests.journeys.desk import NAME, NUMBER, Desk, recording, snapshot
from tests.journeys.terminal import CTRL_C, CTRL_D, Terminal

QUESTIONS = {
    "en": {
        "file": "File of the recording",
        "next_file": "Another file",
        "subscriber": "Subscriber's name",
        "phone": "Subscriber's telephone",
        "account": "Contract or account number",
        "agent": "Agent who held the call",
        "notice": "What shows that the recording notice was played?",
        "number": "Number [1]",
        "heard_at": "Where in the recording is it heard",
        "system": "System the recording was taken from",
        "original": "Where the original is kept",
        "authority": "By which right you may take it",
        "clock": "By how many seconds",
        "known_by": "How is that known",
        "basis": "Legal basis of the recording",
        "by": "Your name or personnel number",
        "started": "When did the call begin",
        "zone": "Time zone of that clock",
    },
    "uk": {
        "file": "Файл запису",
        "next_file": "Ще один файл",
        "subscriber": "Ім'я абонента",
        "phone": "Телефон абонента",
        "account": "Номер договору",
        "agent": "Оператор, який вів розмову",
        "notice": "Що свідчить, що сповіщення про запис прозвучало?",
        "number": "Номер [1]",
        "heard_at": "Де саме в записі його чути",
        "system": "Система, з якої взято запис",
        "original": "Де й до якого часу зберігається оригінал",
        "authority": "На якій підставі ви можете його взяти",
        "clock": "На скільки секунд",
        "known_by": "Звідки це відомо",
        "basis": "Правова підстава запису",
        "by": "Ваше ім'я або табельний номер",
        "started": "Коли почалася розмова",
        "zone": "Часовий пояс цього годинника",
    },
}


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    found = Desk(tmp_path)
    del found.env["EVIDENCE_BY"]
    return found


def skip(terminal: Terminal, asked: dict[str, str], *names: str) -> None:
    """Press Enter at each of these questions."""
    for name in names:
        terminal.answer(asked[name])


@pytest.mark.parametrize("language", ["en", "uk"])
def test_new_asks_for_everything(desk: Desk, language: str) -> None:
    asked = QUESTIONS[language]
    source = recording(desk.pbx)
    with Terminal("new", "--lang", language, env=desk.env) as terminal:
        terminal.answer(asked["file"], str(source))
        terminal.answer(asked["next_file"])
        terminal.answer(asked["subscriber"], "Приходько Остап")
        terminal.answer(asked["phone"], "+380990000123")
        terminal.answer(asked["account"])
        terminal.answer(asked["agent"], "Мирослава")
        terminal.expect(asked["notice"])
        terminal.answer(asked["number"], "2")
        terminal.answer(asked["heard_at"], "0:00.3")
        terminal.answer(asked["system"], "FreePBX 17")
        terminal.answer(asked["original"], "диск АТС")
        terminal.answer(asked["authority"], "наказ 12")
        terminal.answer(asked["clock"], "+2")
        terminal.answer(asked["known_by"], "NTP")
        terminal.answer(asked["basis"], "contract: пункт 7.3")
        terminal.answer(asked["by"], "Левко")
        text = terminal.end(0)
    assert text.count(f"evidence seal {NUMBER}\n") == 1
    found = desk.incident()
    assert found["subscriber"] == {"name": "Приходько Остап", "phone": "+380990000123"}
    assert found["agent"] == {"name": "Мирослава"}
    assert found["notice"] == {"grade": "in_recording", "recording": NAME, "at_milliseconds": 300}
    assert found["legal_basis"] == [{"kind": "contract", "reference": "пункт 7.3"}]
    (acquisition,) = found["acquisitions"]
    assert acquisition["clock"].items() >= {"offset_ms": 2000, "known_by": "NTP"}.items()
    kept = {key: acquisition[key] for key in ("taken_by", "system", "original", "authority")}
    assert kept == {
        "taken_by": "Левко",
        "system": "FreePBX 17",
        "original": "диск АТС",
        "authority": "наказ 12",
    }
    assert [row for row in text.split("\n") if len(row) > 80 and str(desk.vault.parent) not in row] == []


def test_enter_skips_what_isn_t_known(desk: Desk) -> None:
    asked = QUESTIONS["en"]
    with Terminal("new", recording(desk.pbx), env=desk.env) as terminal:
        skip(terminal, asked, "subscriber", "phone", "account", "agent")
        terminal.expect(asked["notice"])
        skip(terminal, asked, "number", "system", "original", "authority", "clock", "basis")
        terminal.answer(asked["by"], "Левко")
        text = terminal.end(0)
    assert "nothing shows that the caller was told" in text.replace("\n    ", " ")
    assert not desk.incident().keys() & {"subscriber", "agent", "legal_basis"}


def test_what_options_say_isn_t_asked(desk: Desk) -> None:
    asked = QUESTIONS["en"]
    said = ["--subscriber", "x", "--agent", "y", "--notice-grade", "none", "--clock-offset", "unknown"]
    more = ["--system", "s", "--original", "o", "--authority", "a", "--legal-basis", "law:l", "--by", "b"]
    with Terminal("new", recording(desk.pbx), *said, *more, env=desk.env) as terminal:
        skip(terminal, asked, "phone", "account")
        text = terminal.end(0)
    for name in ("file", "subscriber", "agent", "notice", "system", "clock", "known_by", "basis", "by"):
        assert asked[name] not in text


def test_wrong_answers_are_asked_again(desk: Desk) -> None:
    asked = QUESTIONS["uk"]
    plain = recording(desk.pbx, "plain.wav")
    with Terminal("new", "--lang", "uk", env=desk.env) as terminal:
        terminal.answer(asked["file"], str(desk.pbx / "absent.wav"))
        terminal.expect("evidence: hint: ")
        terminal.answer(asked["file"], f"'{plain}'")
        terminal.answer(asked["next_file"])
        terminal.answer(asked["started"], "вчора")
        terminal.expect("evidence: hint: ")
        terminal.answer(asked["started"], "05.11.2026 10:15:02")
        skip(terminal, asked, "subscriber", "phone", "account", "agent")
        terminal.answer(asked["number"], "9")
        terminal.expect("потрібне число від 1 до 5")
        terminal.answer(asked["number"], "4")
        terminal.answer("Хто або що про це свідчить")
        terminal.expect("тут потрібна відповідь")
        terminal.answer("Хто або що про це свідчить", "extensions.conf, 01.11.2026")
        skip(terminal, asked, "system", "original", "authority")
        terminal.answer(asked["clock"], "дві")
        terminal.expect("не кількість секунд")
        terminal.answer(asked["clock"], "-0,25")
        terminal.answer(asked["known_by"], "NTP")
        terminal.answer(asked["basis"])
        terminal.answer(asked["by"], "Левко")
        terminal.end(0)
    found = desk.incident()
    assert found["notice"] == {"grade": "config_snapshot", "source": "extensions.conf, 01.11.2026"}
    assert found["acquisitions"][0]["clock"]["offset_ms"] == -250
    assert found["calls"] == [{"recording": "plain.wav", "started": "2026-11-05T10:15:02+02:00"}]


SAID = (
    *("--subscriber", "x", "--phone", "1", "--account", "2", "--agent", "y", "--notice-grade", "none"),
    *("--system", "s", "--original", "o", "--authority", "a", "--legal-basis", "law:l", "--by", "b"),
    *("--clock-offset", "0", "--clock-known-by", "NTP"),
)
"""All that is asked but when the call was."""


@pytest.mark.parametrize(
    ("typed", "started"), [("1", "2026-10-25T03:30:00+03:00"), ("2", "2026-10-25T03:30:00+02:00")]
)
def test_the_doubled_hour_is_asked_for(desk: Desk, typed: str, started: str) -> None:
    plain = recording(desk.pbx, "plain.wav")
    with Terminal("new", plain, *SAID, env=desk.env) as terminal:
        terminal.answer("When did the call begin", "2026-10-25 03:30")
        terminal.expect("1  2026-10-25T03:30:00+03:00")
        terminal.expect("2  2026-10-25T03:30:00+02:00")
        terminal.answer("Number")  # Enter decides nothing
        terminal.expect("an answer is needed")
        terminal.answer("Number", typed)
        terminal.end(0)
    assert desk.incident()["calls"][0]["started"] == started


def test_the_id_in_the_name_suggests_one_of_the_two_hours(desk: Desk) -> None:
    """1792891800 is 2026-10-25T01:30:00Z: the second time that it was 03:30 in Kyiv."""
    named = recording(desk.pbx, "in-0443900000-380990000123-20261025-033000-1792891800.1.wav")
    with Terminal("new", named, *SAID, env=desk.env) as terminal:
        terminal.answer("Number [2]")
        terminal.end(0)
    assert desk.incident()["calls"][0]["started"] == "2026-10-25T03:30:00+02:00"


@pytest.mark.parametrize("language", ["en", "uk"])
def test_the_zone_is_asked_for(tmp_path: Path, language: str) -> None:
    desk = Desk(tmp_path, zone="")
    zone = QUESTIONS[language]["zone"]
    with Terminal("new", recording(desk.pbx), *SAID, "--lang", language, env=desk.env) as terminal:
        terminal.answer(zone, "Kyiv")
        terminal.expect("evidence: hint: ")
        terminal.answer(zone, "Europe/Kyiv")
        terminal.end(0)
    assert desk.incident()["time_zone"] == "Europe/Kyiv"
    assert desk.incident()["calls"][0]["started"] == "2026-11-05T10:15:02+02:00"


@pytest.mark.parametrize("keys", [CTRL_C, CTRL_D])
@pytest.mark.parametrize("at", ["file", "subscriber", "by"])
def test_interrupted_at_a_question_nothing_is_made(desk: Desk, keys: str, at: str) -> None:
    asked = QUESTIONS["uk"]
    before = snapshot(desk.vault)
    files = [] if at == "file" else [recording(desk.pbx)]
    given = SAID[: SAID.index("--by")] + SAID[SAID.index("--clock-offset") :] if at == "by" else ()
    with Terminal("new", *files, *given, "--lang", "uk", env=desk.env) as terminal:
        terminal.expect(asked[at])
        terminal.expect(": ")
        terminal.type(keys)
        text = terminal.end(130)
    assert "evidence: error: перервано" in text
    assert "Traceback" not in text
    assert snapshot(desk.vault) == before


def test_no_input_never_asks(desk: Desk) -> None:
    with Terminal(
        "new", recording(desk.pbx, "plain.wav"), "--no-input", "--by", "b", env=desk.env
    ) as terminal:
        assert "--started" in terminal.end(2)
    with Terminal("new", recording(desk.pbx), "--no-input", env=desk.env) as terminal:
        assert "--by" in terminal.end(2)
    desk.do("new", recording(desk.pbx), "--by", "b")
    for arguments in (["mark", "add", NUMBER, "0:01"], ["measure", NUMBER]):
        with Terminal(*arguments, "--no-input", env=desk.env) as terminal:
            assert "evidence: hint: " in terminal.end(2)


@pytest.mark.parametrize("language", ["en", "uk"])
def test_mark_and_measure_ask(desk: Desk, language: str) -> None:
    said = {
        "en": ("Place in the recording", "What is asserted?", "3  threat", "Number", "The words, verbatim"),
        "uk": ("Місце в записі", "Що стверджується?", "3  погроза", "Номер", "Слова дослівно"),
    }
    place, what, threat, number, words = said[language]
    desk.do("new", recording(desk.pbx), "--by", "b")
    with Terminal("mark", "add", NUMBER, "--lang", language, env=desk.env) as terminal:
        terminal.answer(place, "з початку")
        terminal.expect("evidence: hint: ")
        terminal.answer(place, "0:01.5-0:02")
        terminal.expect(what)
        terminal.expect(threat)
        terminal.answer(number, "3")
        terminal.answer(words, "Я вас знайду")
        terminal.answer(QUESTIONS[language]["by"], "Левко")
        terminal.end(0)
    (marker,) = desk.json("mark", "list", NUMBER)
    kept = {key: marker[key] for key in ("start_ms", "end_ms", "class", "words", "asserted_by", "how")}
    assert kept == {
        "start_ms": 1500,
        "end_ms": 2000,
        "class": "threat",
        "words": "Я вас знайду",
        "asserted_by": "Левко",
        "how": "listened",
    }
    asked = {
        "en": ("Which measure was taken?", "2  hang-up", "When", "Legal or contract basis"),
        "uk": ("Якого заходу вжито?", "2  ", "Коли", "Правова або договірна підстава"),
    }
    which, hang_up, when, basis = asked[language]
    with Terminal("measure", NUMBER, "--by", "Левко", "--lang", language, env=desk.env) as terminal:
        terminal.expect(which)
        terminal.expect(hang_up)
        terminal.answer(number, "2")
        terminal.answer(when, "05.11.2026 10:15:13")
        terminal.answer(basis, "договір, 7.4")
        terminal.end(0)
    assert desk.incident()["measures"] == [
        {"kind": "hang_up", "at": "2026-11-05T10:15:13+02:00", "by": "Левко", "basis": "договір, 7.4"}
    ]
