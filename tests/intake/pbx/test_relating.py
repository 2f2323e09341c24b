"""Which lines concern an incident: those of its call, of all its channels, and of nobody else's."""

import json
from pathlib import Path

import pytest

from evidence.intake.pbx import numbering
from evidence.intake.pbx.relating import digits, stem
from tests.intake.folders import call
from tests.intake.pbx.logs import CEL, ID, MASTER, QUEUE_LOG, cel, codes, freepbx, mapping, one, read

OTHER = {"uniqueid": "1793866600.200", "linkedid": "1793866600.200", "calldate": "2026-11-05 10:16:40"}


def test_other_calls_stay_outside(tmp_path: Path) -> None:
    log = one(tmp_path, freepbx(OTHER, {}, OTHER))
    assert [event.line for event in log.events] == [3]


def test_all_channels_of_a_call(tmp_path: Path) -> None:
    """The id of one channel leads to the call's, and that to the other channels, also in lines before."""
    log = one(tmp_path, CEL, calls=[call(id="1793866512.124")])
    assert len(log.events) == 11


def test_ids_of_the_event_log_tie_rows_of_the_others(tmp_path: Path) -> None:
    agent = MASTER.replace(ID, "1793866512.124")
    found = read(
        tmp_path, {"cdr.csv": MASTER + agent, "cel.csv": CEL, "queue_log": QUEUE_LOG}, calls=[call(id=ID)]
    )
    assert [len(log.events) for log in found.values()] == [2, 11, 4]


def test_a_recordings_name_tells_the_id(tmp_path: Path) -> None:
    name = f"q-700-380501112233-20261105-101502-{ID}.wav"
    log = one(tmp_path, freepbx(OTHER, {}), recordings=(name,), calls=[call(name)])
    assert [event.line for event in log.events] == [3]


@pytest.mark.parametrize("written", ["mon/2026/11/call-7731.wav", "call-7731.WAV", "call-7731"])
def test_a_row_that_names_the_recording(tmp_path: Path, written: str) -> None:
    rows = freepbx(OTHER, {"recordingfile": written}, {"recordingfile": "call-77.wav", **OTHER})
    log = one(tmp_path, rows, recordings=("call-7731.wav",), calls=[call("call-7731.wav")])
    assert [event.line for event in log.events] == [3]


def test_queues_words_for_no_channel_tie_nothing(tmp_path: Path) -> None:
    log = one(tmp_path, "1793866511|NONE|700|PJSIP/1|ADDMEMBER|\n" + QUEUE_LOG, calls=[call(id="NONE")])
    assert log.events == ()


# by number and time


@pytest.mark.parametrize("caller", ["+380501112233", "0501112233", "80 (50) 111-22-33"])
def test_by_number_and_time(tmp_path: Path, caller: str) -> None:
    log = one(
        tmp_path, freepbx({}, {**OTHER, "calldate": "2026-11-05 11:15:02"}), calls=[call(caller=caller)]
    )
    assert [event.line for event in log.events] == [2]
    assert codes(log) == [(2, "by_number")]


def test_by_number_takes_the_whole_call(tmp_path: Path) -> None:
    found = read(
        tmp_path, {"cdr.csv": freepbx({}), "cel.csv": CEL}, calls=[call()], subscriber={"phone": "0501112233"}
    )
    assert [len(log.events) for log in found.values()] == [1, 11]


def test_two_calls_of_a_number_within_minutes_are_told_and_not_guessed(tmp_path: Path) -> None:
    log = one(tmp_path, freepbx({}, OTHER), calls=[call(caller="0501112233")])
    assert log.events == ()
    assert codes(log) == [(0, "no_relation"), (2, "several_calls")]


@pytest.mark.parametrize("started", ["2026-11-05T10:12:00+02:00", "2026-11-05T10:18:00+02:00"])
def test_another_time_is_another_call(tmp_path: Path, started: str) -> None:
    log = one(tmp_path, freepbx({}), calls=[call(caller="0501112233", started=started)])
    assert codes(log) == [(0, "no_relation")]


def test_number_only_where_no_id_ties_anything(tmp_path: Path) -> None:
    """The call that is known by its id is in the log: another one of the same number isn't taken."""
    found = read(
        tmp_path,
        {"cdr.csv": freepbx({}), "more.csv": freepbx(OTHER)},
        calls=[call(id=ID, caller="0501112233")],
    )
    assert codes(found["more.csv"]) == [(0, "no_relation")]


def test_a_call_that_began_after_the_known_channel_is_another_one(tmp_path: Path) -> None:
    """The caller rang again a minute later, and the log holds that call alone."""
    later = f"{int(ID.partition('.')[0]) + 60}.999"
    again = cel("CHAN_START", 60, id=later, linked=later)
    again += cel("APP_START", 61, "Playback", "custom/record-notice", id=later, linked=later)
    log = one(tmp_path, again, calls=[call(id=ID, caller="380501112233", direction="inbound")])
    assert (log.events, codes(log)) == ((), [(0, "no_relation")])
    log = one(tmp_path, again, calls=[call(id="", caller="380501112233", direction="inbound")])
    assert [event.line for event in log.events] == [1, 2]


def test_lines_without_ids_by_number_beside_a_known_id(tmp_path: Path) -> None:
    rules = mapping(kind="csv", files=["crm.csv"], fields={"started": "when", "caller": "who"})
    text = "when,who\n2026-11-05 10:15:40,0501112233\n2026-11-05 15:15:40,0501112233\n"
    found = read(
        tmp_path,
        {"crm.csv": text, "cdr.csv": MASTER},
        rules,
        calls=[call(id=ID, caller="380501112233")],
    )
    assert [event.line for event in found["crm.csv"].events] == [2]


def test_nothing_known(tmp_path: Path) -> None:
    assert codes(one(tmp_path, MASTER, calls=[])) == [(0, "no_relation")]


def test_digits() -> None:
    assert digits("+38 (050) 111-22-33") == digits("0501112233") == "501112233"
    assert (digits("s"), digits("12"), digits("anonymous"), digits("101")) == ("", "", "", "101")


def test_stem() -> None:
    assert stem("a/b/x.wav") == stem("x.WAV") == "x"
    assert stem(f"2026/{ID}") == ID


def test_playback_elsewhere_shows_that_playback_is_logged(tmp_path: Path) -> None:
    other = cel("APP_START", 1, "BackGround", "welcome", id="1.1", linked="1.1")
    own = cel("CHAN_START", 0) + cel("APP_START", 2, "Dial", "PJSIP/101")
    assert one(tmp_path, own + other).logs_playback is True
    assert one(tmp_path, own + other.replace("APP_START", "APP_END")).logs_playback is False


def test_entries_of_one_line_are_told_apart(tmp_path: Path) -> None:
    rules = mapping(
        kind="json",
        files=["*.json"],
        fields={"started": "/at", "caller": "/who", "agent": "/agent"},
        time_format="epoch",
    )
    entry = {"at": 1793866502, "who": "0501112233", "agent": "Мирослава"}
    others = [{**entry, "at": 1793866502 + hour * 3600} for hour in range(1, 5)]
    log = one(
        tmp_path, json.dumps([*others, entry]), "x.json", rules=rules, calls=[call(caller="0501112233")]
    )
    (event,) = log.events
    assert (event.value("agent"), codes(log)) == ("Мирослава", [(1, "by_number")])


def test_many_rows_of_one_number(tmp_path: Path) -> None:
    """Somebody dials a thousand times a minute: nothing is guessed, and little is kept."""
    rows = freepbx(*({"uniqueid": f"1793866502.{n}", "linkedid": ""} for n in range(3000)))
    log = one(tmp_path, rows, calls=[call(caller="0501112233")])
    assert (log.events, codes(log)) == ((), [(0, "no_relation"), (2, "several_calls")])


def test_more_logs_than_are_read(tmp_path: Path) -> None:
    found = read(tmp_path, {f"{n:02}.csv": MASTER for n in range(52)})
    told = [codes(log) for log in found.values()]
    assert told == [[]] * 50 + [[(0, "too_many_logs")]] * 2


def test_two_calls_by_number_each_with_its_own_rows(tmp_path: Path) -> None:
    calls = [
        call(caller="0501112233"),
        call("b.wav", caller="0501112233", started="2026-11-05T11:15:02+02:00"),
    ]
    later = {"uniqueid": "1793870102.5", "linkedid": "", "calldate": "2026-11-05 11:15:02"}
    log = one(tmp_path, freepbx({}, later), calls=calls, recordings=("call.wav", "b.wav"))
    assert [event.line for event in log.events] == [2, 3]


def test_the_companys_own_number_ties_nothing(tmp_path: Path) -> None:
    rows = freepbx({"dst": "0445550000"}, {**OTHER, "dst": "0445550000", "src": "380990000123"})
    log = one(tmp_path, rows, calls=[call(caller="0501112233", callee="0445550000")])
    assert [event.line for event in log.events] == [2]


def test_a_number_in_too_many_lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(numbering, "MOST_LOOKED", 3)
    log = one(tmp_path, CEL, calls=[call(caller="0501112233")])
    assert (log.events, codes(log)) == ((), [(0, "many_of_number"), (0, "no_relation")])
