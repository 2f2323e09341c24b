"""The notice's playback, and how the recording was begun."""

import json
from pathlib import Path

import pytest

from evidence.intake.pbx.playbacks import playbacks
from evidence.intake.pbx.recordings import begun, misses
from tests.intake.folders import call
from tests.intake.pbx.logs import CEL, ID, cel, one
from tests.intake.pbx.test_formats import UUID, freeswitch_json

AS = ("custom/record-notice",)


def test_playback_with_its_end(tmp_path: Path) -> None:
    (found,) = playbacks(one(tmp_path, CEL), AS, clause_end_ms=6000)
    assert found.at is not None
    assert found.until is not None
    assert (found.at.utc, found.until.utc) == ("2026-11-05T08:15:04.250Z", "2026-11-05T08:15:10.250Z")
    assert (found.channel, found.event.line, found.is_first) == ("PJSIP/trunk-0000001a", 3, True)
    assert found.reached_clause is True
    assert playbacks(one(tmp_path, CEL), AS, clause_end_ms=6001)[0].reached_clause is False
    assert playbacks(one(tmp_path, CEL), AS)[0].reached_clause is None


def test_without_end_nothing_is_said_of_the_clause(tmp_path: Path) -> None:
    text = "".join(line for line in CEL.splitlines(keepends=True) if "APP_END" not in line)
    (found,) = playbacks(one(tmp_path, text), AS, clause_end_ms=1)
    assert (found.until, found.reached_clause) == (None, None)


@pytest.mark.parametrize(
    "played",
    [
        "custom/record-notice",
        "uk/custom/record-notice",
        "en_US/custom/record-notice",
        "/var/lib/asterisk/sounds/custom/record-notice",
        "/var/lib/asterisk/sounds/uk/custom/record-notice.wav",
        "custom/record-notice.gsm",
        "custom/record-notice,noanswer",
        "welcome&custom/record-notice",
        "custom/record-notice|skip",
    ],
)
@pytest.mark.parametrize("application", ["Playback", "BackGround", "PLAYBACK"])
def test_names_of_the_same_sound(tmp_path: Path, played: str, application: str) -> None:
    log = one(tmp_path, CEL.replace('"Playback","custom/record-notice"', f'"{application}","{played}"'))
    (found,) = playbacks(log, AS)
    assert found.is_first == (not played.startswith("welcome"))


@pytest.mark.parametrize(
    "played",
    [
        "custom/record-notice2",
        "record-notice",
        "custom/Record-notice",
        "ivr/custom/record-notice",
        "custom/record-notice/x",
        "custom/record-notice.v2",
        "",
        "&&",
    ],
)
def test_names_of_other_sounds(tmp_path: Path, played: str) -> None:
    log = one(tmp_path, CEL.replace("custom/record-notice", played))
    assert playbacks(log, AS) == []


def test_a_queues_announcement_to_the_agent_is_none(tmp_path: Path) -> None:
    text = cel("CHAN_START", 0) + cel("APP_START", 2, "Queue", "700,t,,custom/record-notice")
    assert playbacks(one(tmp_path, text), AS) == []


def test_freeswitch(tmp_path: Path) -> None:
    log = one(tmp_path, freeswitch_json(), "x.json", calls=[call(id=UUID)])
    (found,) = playbacks(log, ("record-notice",), clause_end_ms=5999)
    assert found.reached_clause is True
    (recorded,) = begun(log, "inbound")
    assert (recorded.is_stereo, recorded.channels) == (True, ("caller", "agent"))
    assert misses(recorded, found) is True


def test_freeswitch_swapped(tmp_path: Path) -> None:
    document = json.loads(freeswitch_json())
    applications = document["app_log"]["applications"]
    applications.insert(2, {**applications[2], "app_data": "RECORD_STEREO_SWAP=true"})
    log = one(tmp_path, json.dumps(document), "x.json", calls=[call(id=UUID)])
    assert begun(log, "inbound")[0].channels == ("agent", "caller")


def test_lists_of_freeswitch(tmp_path: Path) -> None:
    text = freeswitch_json().replace(
        "/usr/share/freeswitch/sounds/uk/record",
        "file_string://a.wav!/usr/share/freeswitch/sounds/en/us/callie/8000/record",
    )
    (found,) = playbacks(one(tmp_path, text, "x.json", calls=[call(id=UUID)]), ("record-notice",))
    assert found.is_first is False


def test_recording_only_while_bridged_misses_what_was_played_before(tmp_path: Path) -> None:
    log = one(tmp_path, CEL)
    (recorded,) = begun(log, "inbound")
    (played,) = playbacks(log, AS)
    assert recorded.is_bridged_only
    assert misses(recorded, played) is True
    assert recorded.channels == ()


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ("D", (False, True, "", "")),
        ("abD", (True, True, "", "")),
        ("r(b.wav)t(D.wav)", (False, False, "b.wav", "D.wav")),
        ("i(LOCAL,b)", (False, False, "", "")),
        ("", (False, False, "", "")),
    ],
)
def test_options_of_mixmonitor(tmp_path: Path, options: str, expected: tuple[bool, bool, str, str]) -> None:
    text = cel("CHAN_START", 0) + cel("APP_START", 1, "MixMonitor", f"x.raw,{options},/bin/b D")
    (found,) = begun(one(tmp_path, text), "inbound")
    assert (found.is_bridged_only, found.is_stereo, found.received, found.sent) == expected


@pytest.mark.parametrize(
    ("direction", "channel", "expected"),
    [
        ("inbound", ID, ("caller", "agent")),
        ("inbound", "1793866512.124", ("agent", "caller")),
        ("outbound", ID, ("agent", "caller")),
        ("", ID, ()),
        ("internal", ID, ()),
    ],
)
def test_who_is_in_which_channel(
    tmp_path: Path, direction: str, channel: str, expected: tuple[str, ...]
) -> None:
    text = cel("CHAN_START", 0) + cel("APP_START", 1, "MixMonitor", "x.raw,D", id=channel)
    (found,) = begun(one(tmp_path, text), direction)
    assert found.channels == expected


def test_recording_before_the_playback_misses_nothing(tmp_path: Path) -> None:
    text = cel("CHAN_START", 0) + cel("APP_START", 1, "MixMonitor", "x.wav") + CEL
    log = one(tmp_path, text)
    (played,) = playbacks(log, AS)
    assert misses(begun(log, "inbound")[0], played) is False
