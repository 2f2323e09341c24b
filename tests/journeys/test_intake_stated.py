"""Everything that can be stated about an incident is found in its archive, each fact in its place."""

import hashlib
from typing import Any

from tests.journeys.desk import NUMBER, Desk, event_log, recording
from tests.journeys.program import evidence
from tests.journeys.test_intake import NOTICE, SOUND_SHA256, is_now, without_now

STATED = (
    *("--title", "Образи", "--summary", "Двічі образив.", "--subscriber", "Приходько Остап"),
    *("--phone", "+380990000123", "--account", "4400217", "--agent", "Мирослава", "--agent-id", "204"),
    *("--started", "05.11.2026 10:15:02.317", "--ended", "2026-11-05 10:15:13", "--queue", "support"),
    *("--caller", "+380990000123", "--callee", "support", "--direction", "inbound", "--call-id", "17.1"),
    *("--channels", "caller, agent", "--notice-grade", "in_recording", "--notice-at", "0:00.3"),
    *("--notice-channel", "caller", "--notice-source", "Левко прослухав", "--notice-language", "uk"),
    *("--notice-text", "Розмова записується.", "--taken-by", "Адміністратор", "--system", "FreePBX 17"),
    *("--taken-at", "2026-11-05 10:40", "--authority", "наказ 12", "--original", "диск до 05.05.2027"),
    *("--clock-offset", "-1.25", "--clock-uncertainty", "0,5", "--clock-known-by", "NTP на АТС"),
    *("--clock-checked-at", "2026-11-05 10:30"),
    *("--acquisition-note", "через SFTP", "--legal-basis", "contract: пункт 7.3"),
    *("--legal-basis", "Наказ про записи", "--by", "Левко Зразок"),
)
INCIDENT = {
    "number": NUMBER,
    "title": "Образи",
    "summary": "Двічі образив.",
    "subscriber": {"name": "Приходько Остап", "phone": "+380990000123", "account": "4400217"},
    "agent": {"name": "Мирослава", "id": "204"},
    "calls": [
        {
            "id": "17.1",
            "started": {
                "utc": "2026-11-05T08:15:02.317Z",
                "text": "2026-11-05T10:15:02.317+02:00",
                "source": "incident.json",
            },
            "ended": {
                "utc": "2026-11-05T08:15:13.000Z",
                "text": "2026-11-05T10:15:13+02:00",
                "source": "incident.json",
            },
            "direction": "inbound",
            "caller": "+380990000123",
            "callee": "support",
            "queue": "support",
            "channels": ["caller", "agent"],
            "exhibit": "E1",
        }
    ],
    "legal_basis": [
        {"kind": "contract", "reference": "пункт 7.3"},
        {"kind": "other", "reference": "Наказ про записи"},
    ],
    "time_zone": "Europe/Kyiv",
    "prepared_by": "Левко Зразок",
    "changes": [{"by": "Левко", "about": ["acquisitions", "exhibits"]}],
}
ACQUISITION = {
    "exhibits": ["E1"],
    "taken_by": "Адміністратор",
    "taken_at": {
        "utc": "2026-11-05T08:40:00.000Z",
        "text": "2026-11-05T10:40:00+02:00",
        "source": "incident.json",
    },
    "system": "FreePBX 17",
    "authority": "наказ 12",
    "original": "диск до 05.05.2027",
    "note": "через SFTP",
}
MARKER = {
    "exhibit": "E1",
    "recording_sha256": SOUND_SHA256,
    "channel": "caller",
    "start_ms": 7167,
    "end_ms": 9609,
    "number": 1,
    "class": "threat",
    "words": "Я вас знайду",
    "language": "uk",
    "asserted_by": "Левко",
    "asserted_at": {
        "utc": "2026-11-05T09:00:00.000Z",
        "text": "2026-11-05T11:00:00+02:00",
        "source": "markers.json",
    },
    "how": "transcript_confirmed",
    "note": "чітко",
}
WARNING = {
    "measure": "warning",
    # 10:15:02.317 and 9.7 seconds
    "at": {
        "utc": "2026-11-05T08:15:12.017Z",
        "text": "2026-11-05T10:15:12.017+02:00",
        "source": "incident.json",
    },
    "by": "Левко",
    "basis": "договір, 7.4",
    "exhibit": "E1",
    "recording_sha256": SOUND_SHA256,
    "at_milliseconds": 9700,
    "note": "усно",
}


def state(desk: Desk) -> None:
    """Say everything that can be said, with every command."""
    told = desk.new(recording(desk.pbx), *STATED)
    assert [gap["code"] for gap in told["gaps"]] == ["no_pbx_records", "no_markers"]
    (desk.pbx / "announcement.txt").write_text(NOTICE, encoding="utf-8")
    captioned = ("--role", "notice", "--caption", "Текст автовідповідача")
    desk.do("add", NUMBER, desk.pbx / "announcement.txt", *captioned)
    desk.do(
        *("mark", "add", NUMBER, "7167ms", "--to", "0:09.609", "--class", "threat", "--channel", "caller"),
        *("--words", "Я вас знайду", "--language", "uk", "--how", "transcript_confirmed", "--note", "чітко"),
        *("--asserted-at", "2026-11-05 11:00:00"),
    )
    desk.do("measure", NUMBER, "warning", "--position", "0:09.7", "--basis", "договір, 7.4", "--note", "усно")
    desk.do("measure", NUMBER, "hang_up", "--at", "2026-11-05T08:15:13Z")
    event_log(desk.folder())


def check_notice(records: dict[str, list[dict[str, Any]]], file: dict[str, Any]) -> None:
    """What shows that the notice was played."""
    assert (file["name"], file["title"]) == ("announcement.txt", "Текст автовідповідача")
    assert file["sha256"] == hashlib.sha256(NOTICE.encode()).hexdigest()
    assert records["notice"] == [
        {
            "grade": "in_recording",
            "exhibit": "E1",
            "recording_sha256": SOUND_SHA256,
            "channel": "caller",
            "at_milliseconds": 300,
            "source": "Левко прослухав",
            "language": "uk",
            "text": "Розмова записується.",
            "exhibits": [file["exhibit"]],
        }
    ]


def check_acquisitions(desk: Desk, records: dict[str, list[dict[str, Any]]], file: dict[str, Any]) -> None:
    """Who took what from where, and how the clock stood."""
    taken = {tuple(a["exhibits"]): a for a in records["acquisition"]}
    clock = taken["E1",].pop("clock")
    assert taken["E1",] == {**ACQUISITION, "copied_from": str(desk.pbx)}
    assert clock.pop("checked_at")["text"] == "2026-11-05T10:30:00+02:00"
    assert clock == {
        "offset_ms": -1250,
        "uncertainty_ms": 500,
        "known_by": "NTP на АТС",
    }
    assert without_now(taken[file["exhibit"],], "taken_at") == {
        "exhibits": [file["exhibit"]],
        "taken_by": "Левко",
        "copied_from": str(desk.pbx),
    }


def test_everything_that_is_stated_is_found_in_the_archive(desk: Desk) -> None:
    state(desk)
    sealed = evidence("seal", NUMBER, "--lang", "uk", env=desk.env)
    assert (sealed.returncode, sealed.stderr) == (0, "")
    records = desk.records()
    (incident,) = records["incident"]
    del incident["uid"], incident["prepared_at"]
    assert all(is_now(change.pop("at")["text"]) for change in incident["changes"])
    assert incident == INCIDENT
    notice_file = next(e for e in records["exhibit"] if e["role"] == "notice")
    check_notice(records, notice_file)
    check_acquisitions(desk, records, notice_file)
    assert records["marker"] == [MARKER]
    measures = {m["measure"]: m for m in records["measure"]}
    assert measures["warning"] == WARNING
    assert measures["hang_up"]["at"]["text"] == "2026-11-05T08:15:13Z"
    shown = desk.do("show", desk.archive())
    for words in ("1.25 s slow", "± 0.5 s", "NTP на АТС", "contract: пункт 7.3", "“Я вас знайду”"):
        assert words in shown
