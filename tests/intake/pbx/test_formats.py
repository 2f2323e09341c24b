"""Each format is read as its documentation has it; line numbers lead to the lines."""

import csv
import datetime as dt
import io
import json
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from evidence.model.pbxlog import PbxEvent, PbxLog
from tests.intake.folders import call
from tests.intake.pbx.logs import CEL, ID, MASTER, QUEUE_LOG, ZONE, codes, freepbx, mapping, one, read

KYIV = ZoneInfo(ZONE)
STARTED = dt.datetime(2026, 11, 5, 10, 15, 2, tzinfo=KYIV)


def only(log: PbxLog) -> PbxEvent:
    (event,) = log.events
    return event


def at(event: PbxEvent) -> dt.datetime:
    assert event.at is not None
    return event.at.time


def test_master_csv(tmp_path: Path) -> None:
    other = MASTER.replace(ID, "1793860000.9")
    log = one(tmp_path, other + MASTER)
    event = only(log)
    cells = next(csv.reader(io.StringIO(MASTER)))
    assert (log.format, log.lines, log.zone, codes(log)) == ("asterisk_cdr", 2, ZONE, [])
    assert (event.line, event.last_line, event.kind) == (2, 2, "call")
    assert at(event) == STARTED
    assert event.until is not None
    assert event.until.time == STARTED + dt.timedelta(seconds=388)
    assert event.at is not None
    assert event.at.text == "2026-11-05 10:15:02"
    assert event.at.source == "a.csv, line 2, Europe/Kyiv"
    assert event.values == {
        "id": ID,
        "caller": cells[1],
        "caller_name": cells[4],
        "callee": "700",
        "queue": "700",
        "channel": cells[5],
        "agent_channel": cells[6],
        "application": "Queue",
        "data": cells[8],
        "answered": cells[10],
        "duration": "388",
        "talked": "387",
        "disposition": "ANSWERED",
    }


@pytest.mark.parametrize("delimiter", [",", ";"])
def test_freepbx_export_with_header(tmp_path: Path, delimiter: str) -> None:
    text = freepbx({}, {"uniqueid": "1793866512.124"}, {"uniqueid": "1.1", "linkedid": "1.1"})
    log = one(tmp_path, text.replace(",", delimiter))
    assert [event.line for event in log.events] == [2, 3]
    first = log.events[0]
    assert first.value("direction") == "inbound"
    assert first.value("linked_id") == ID
    assert first.until is not None
    assert first.until.time == STARTED + dt.timedelta(seconds=388)
    assert first.until.text == "2026-11-05 10:15:02 + 388 s"


def test_cdr_custom_template(tmp_path: Path) -> None:
    cells = next(csv.reader(io.StringIO(MASTER)))
    order = [cells[4], *cells[1:4], *cells[5:14], cells[14], cells[15], cells[0], cells[16], cells[17], "7"]
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL).writerow(order)
    event = only(one(tmp_path, text.getvalue()))
    assert (event.value("id"), event.value("caller"), at(event)) == (ID, "380501112233", STARTED)


def test_cel(tmp_path: Path) -> None:
    log = one(tmp_path, CEL)
    assert (log.format, log.lines, log.logs_playback, codes(log)) == ("asterisk_cel", 11, True, [])
    kinds = [event.kind for event in log.events]
    assert kinds == [
        *("start", "answer", "playback", "playback_end", "recording", "queue", "start", "connect"),
        *("hangup", "other", "other"),
    ]
    played = log.events[2]
    assert played.value("file") == "custom/record-notice"
    assert at(played) == STARTED + dt.timedelta(seconds=2.25)
    assert played.at is not None
    assert played.at.source == "a.csv, line 3"  # an epoch is in no zone
    assert played.until is not None
    assert played.until.time == STARTED + dt.timedelta(seconds=8.25)
    recorded = log.events[4]
    assert recorded.value("options") == "b"
    assert recorded.value("file").endswith(f"-{ID}.wav")
    assert log.events[0].value("callee") == "0445550000"
    assert log.events[6].value("linked_id") == ID


def test_cel_with_literal_and_advanced(tmp_path: Path) -> None:
    rows = list(csv.reader(io.StringIO(CEL)))
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    for row in rows:
        writer.writerow([row[0], "My Literal", *row[1:]])
    advanced = io.StringIO()
    writer = csv.writer(advanced, quoting=csv.QUOTE_ALL)
    for row in rows:
        event, time, *caller = row[:9]
        party = [*caller[:2], *caller[5:]]
        more = [row[14], row[17], *caller[2:5], row[16], row[15], "", "", ""]
        writer.writerow([event, event, "My Literal", time, "", *party, *row[9:14], *more])
    found = read(tmp_path, {"a.csv": CEL, "b.csv": text.getvalue(), "c.csv": advanced.getvalue()})
    values = [[(e.line, e.kind, e.values) for e in log.events] for log in found.values()]
    assert values[0] == values[1] == values[2]


def test_cel_table_export(tmp_path: Path) -> None:
    text = (
        "id,eventtype,eventtime,cid_name,cid_num,cid_ani,cid_rdnis,cid_dnid,exten,context,channame,appname,"
        "appdata,amaflags,accountcode,uniqueid,linkedid,peer,userdeftype,extra\n"
        f"7,CHAN_START,2026-11-05 10:15:02.123456,,380501112233,,,,0445550000,from-pstn,PJSIP/t-1,,,3,,{ID},{ID},,,\n"
    )
    log = one(tmp_path, text)
    assert log.logs_playback is False
    assert at(only(log)) == STARTED + dt.timedelta(milliseconds=123)


def test_queue_log(tmp_path: Path) -> None:
    log = one(tmp_path, QUEUE_LOG, "queue_log")
    assert (log.format, log.logs_playback, codes(log)) == ("queue_log", None, [])
    assert [event.kind for event in log.events] == ["queue", "other", "connect", "hangup"]
    connect = log.events[2]
    assert (connect.value("agent"), connect.value("queue"), connect.value("peer_id")) == (
        "PJSIP/101",
        "700",
        "1793866512.124",
    )
    assert connect.value("data") == "6|1793866512.124|5"
    assert log.events[0].value("caller") == "380501112233"
    assert log.events[1].values.keys() >= {"agent"}
    assert at(connect) == dt.datetime.fromtimestamp(1793866517, dt.UTC)


def test_queue_log_table(tmp_path: Path) -> None:
    text = (
        "time,callid,queuename,agent,event,data1,data2,data3,data4,data5\n"
        f"2026-11-05 10:15:17.5,{ID},700,PJSIP/101,CONNECT,6,1793866512.124,5,,\n"
    )
    assert at(only(one(tmp_path, text))) == STARTED + dt.timedelta(seconds=15.5)


UUID = "0f8e0a34-4fb1-4a08-9a57-aa4c30d5b0c1"


def test_freeswitch_csv(tmp_path: Path) -> None:
    text = (
        f'"Ivan","380501112233","5000","default","2026-11-05 10:15:02","2026-11-05 10:15:05",'
        f'"2026-11-05 10:16:00","58","55","NORMAL_CLEARING","{UUID}","","",'
        f'"PCMU","PCMU"\n'
    )
    event = only(one(tmp_path, text, calls=[call(id=UUID)]))
    assert at(event) == STARTED
    assert (event.value("callee"), event.value("disposition")) == ("5000", "NORMAL_CLEARING")


def freeswitch_json(*, encoded: bool = False) -> str:
    stamp = 1793866502
    variables = {
        "uuid": UUID,
        "start_stamp": "2026-11-05%2010%3A15%3A02" if encoded else "2026-11-05 10:15:02",
        "start_uepoch": f"{stamp}000000",
        "end_uepoch": f"{stamp + 58}000000",
        "duration": "58",
        "hangup_cause": "NORMAL_CLEARING",
        "cc_agent": "%D0%9E%D0%BB%D0%B5%D0%BD%D0%B0" if encoded else "Олена",
    }
    applications = [
        ("answer", "", 1),
        ("playback", "/usr/share/freeswitch/sounds/uk/record-notice.wav", 2),
        ("set", "RECORD_STEREO=true", 8),
        ("record_session", "/var/rec/x.wav", 9),
        ("bridge", "user/1001", 10),
    ]
    document = {
        "variables": variables,
        "app_log": {
            "applications": [
                {"app_name": name, "app_data": data, "app_stamp": f"{stamp + second}000000"}
                for name, data, second in applications
            ]
        },
        "callflow": [{"caller_profile": {"caller_id_number": "380501112233", "destination_number": "5000"}}],
    }
    return json.dumps(document, indent=1)


@pytest.mark.parametrize("encoded", [False, True])
def test_freeswitch_json(tmp_path: Path, *, encoded: bool) -> None:
    text = freeswitch_json(encoded=encoded)
    log = one(tmp_path, text, "x.cdr.json", calls=[call(id=UUID)])
    assert (log.format, log.logs_playback, codes(log)) == ("freeswitch_json", True, [])
    whole = next(event for event in log.events if event.kind == "call")
    assert (whole.line, whole.last_line) == (1, text.count("\n") + 1)
    assert at(whole) == STARTED
    assert whole.until is not None
    assert whole.until.time == STARTED + dt.timedelta(seconds=58)
    assert (whole.value("caller"), whole.value("agent")) == ("380501112233", "Олена")
    played = next(event for event in log.events if event.kind == "playback")
    assert "1793866504000000" in text.split("\n")[played.line - 1]
    assert played.until is not None
    assert played.until.time - at(played) == dt.timedelta(seconds=6)


def test_mapped_table(tmp_path: Path) -> None:
    rules = mapping(
        kind="csv",
        files=["calls*.csv"],
        fields={"id": "uniqueid", "started": "calldate", "duration": "billsec", "caller": "caller"},
        delimiter=";",
        encoding="cp1251",
    )
    text = "calldate;caller;Відділ;uniqueid;billsec\n2026-11-05 10:15:02;380501112233;Підтримка;ua-1;60\n"
    log = one(tmp_path, text.encode("cp1251"), "calls-1.csv", rules=rules, calls=[call(id="ua-1")])
    event = only(log)
    assert (log.format, event.line, at(event)) == ("mapped", 2, STARTED)
    assert event.until is not None
    assert event.until.time == STARTED + dt.timedelta(seconds=60)


def test_mapped_json_with_playback(tmp_path: Path) -> None:
    rules = mapping(
        kind="json",
        files=["*.json"],
        rows="/callDetails",
        fields={
            "id": "/generalCallID",
            "started": "/startTime",
            "duration": "/billsec",
            "outside": "/externalNumber",
            "inside": "/internalNumber",
            "direction": "/callType",
            "played": "/played",
        },
        time_format="epoch",
        directions={"0": "inbound", "1": "outbound"},
    )
    entry = {"generalCallID": "77", "startTime": 1793866502, "billsec": 60, "callType": 1}
    entry |= {"externalNumber": "0501112233", "internalNumber": "101"}
    document = {"status": "success", "callDetails": {"77": entry, "78": {**entry, "generalCallID": "78"}}}
    found = read(
        tmp_path,
        {
            "b.json": json.dumps(document),
            "c.json": json.dumps({"callDetails": [{**entry, "played": "notice"}]}),
        },
        rules,
        calls=[call(id="77")],
    )
    event = only(found["b.json"])
    assert (event.value("caller"), event.value("callee")) == ("101", "0501112233")
    assert at(event) == STARTED
    assert only(found["c.json"]).kind == "playback"


def test_every_local_time_names_its_zone(tmp_path: Path) -> None:
    rules = mapping(
        kind="csv",
        files=["*.csv"],
        fields={"id": "id", "started": "at"},
        time_format="%d/%m/%Y %H.%M.%S",
        time_zone="Europe/Warsaw",
    )
    event = only(one(tmp_path, f"id,at\n{ID},05/11/2026 09.15.02\n", rules=rules))
    assert at(event) == STARTED
    assert event.at is not None
    assert event.at.source == "a.csv, line 2, Europe/Warsaw"


def test_times_with_an_offset_name_no_zone(tmp_path: Path) -> None:
    rules = mapping(kind="csv", files=["*.csv"], fields={"id": "id", "started": "at"})
    event = only(one(tmp_path, f"id,at\n{ID},2026-11-05T08:15:02Z\n", rules=rules))
    assert event.at is not None
    assert (at(event), event.at.source) == (STARTED, "a.csv, line 2")


def test_what_databases_write_for_nothing(tmp_path: Path) -> None:
    event = only(one(tmp_path, freepbx({"recordingfile": "NULL", "dst_cnam": r"\N", "clid": r"\N"})))
    assert event.values.keys().isdisjoint({"file", "caller_name"})


def test_freeswitch_tells_the_number_that_was_dialled_first(tmp_path: Path) -> None:
    document = json.loads(freeswitch_json())
    transferred = {"caller_profile": {"caller_id_number": "380501112233", "destination_number": "1001"}}
    document["callflow"].insert(0, transferred)
    log = one(tmp_path, json.dumps(document), "x.json", calls=[call(id=UUID)])
    assert next(event for event in log.events if event.kind == "call").value("callee") == "5000"
