"""What logs and kept configurations of a PBX say of the notice in one call: from their bytes to the items."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from evidence.intake.folder import open_exhibit
from evidence.intake.noticegrades import Configured, Logged, Logs
from evidence.intake.noticelogs import Kept, configured_in, logs_of
from evidence.intake.pbx.reading import read_logs
from evidence.intake.pbx.rules import PbxRules
from evidence.model.notice import Notice
from tests.intake.folders import call
from tests.intake.noticegrading import NOTICE, ONE, TWO
from tests.intake.pbx.logs import CEL, ID, QUEUE_LOG, ZONE, cel, with_logs
from tests.operations.pbx.configurations import EXTENSIONS, FREESWITCH

OTHER = "1793870000.500"
"""Another channel, an hour later."""
NAMED = replace(NOTICE, played_as=("custom/record-notice",))
"""Its key clause ends after 1.5 s."""


def read(
    tmp_path: Path,
    files: dict[str, str | bytes],
    *wanted: Notice,
    recording: str = "call.wav",
    **incident: Any,
) -> Logs:
    """What the logs of an incident say of one recording; a log's id is its place among the files."""
    folder = with_logs(tmp_path, files, **incident)
    found = read_logs(folder, PbxRules(ZONE), open_exhibit)
    kept = [Kept(f"E{number}", log) for number, log in enumerate(found, 1)]
    is_only = len(incident.get("recordings", ("call.wav",))) == 1
    return logs_of(kept, folder.incident, recording, wanted or (NAMED,), is_only=is_only)


def of_other(text: str) -> str:
    """The same lines about the other call."""
    return text.replace(ID, OTHER)


# One call


def test_a_line_says_that_it_was_played(tmp_path: Path) -> None:
    """Played from second 2 to 8; the recording was begun then, and holds bridged sound alone."""
    logs = read(tmp_path, {"cel.csv": CEL})
    (played,) = logs.played
    assert (logs.exhibits, logs.showing, logs.silent) == (("E1",), ("E1",), ())
    assert played.at is not None
    assert played.at.utc == "2026-11-05T08:15:04.250Z"
    assert replace(played, at=None) == Logged(
        ONE, "E1", 3, "custom/record-notice", cut_ms=None, is_recorded=False
    )


def test_a_recording_that_was_begun_before_may_hold_it(tmp_path: Path) -> None:
    early = cel("CHAN_START", 0) + cel("APP_START", 1, "MixMonitor", f"{ID}.wav,,") + cel("ANSWER", 1)
    early += cel("APP_START", 2, "Playback", "custom/record-notice")
    assert [played.is_recorded for played in read(tmp_path, {"cel.csv": early}).played] == [None]


@pytest.mark.parametrize(("seconds", "cut"), [(1, 1000), (2, None)])
def test_playing_that_ended_before_the_key_clause_did(seconds: int, cut: int | None, tmp_path: Path) -> None:
    text = cel("CHAN_START", 0) + cel("APP_START", 2, "Playback", "custom/record-notice")
    text += cel("APP_END", 2 + seconds, "Playback", "custom/record-notice") + cel("HANGUP", 9)
    assert [played.cut_ms for played in read(tmp_path, {"cel.csv": text}).played] == [cut]


def test_several_versions_by_several_names(tmp_path: Path) -> None:
    second = replace(NAMED, id=TWO, played_as=("/var/lib/asterisk/sounds/uk/custom/record-notice.wav",))
    third = replace(NAMED, id=TWO, played_as=("custom/another",))
    found = read(tmp_path, {"cel.csv": CEL}, NAMED, second, third).played
    assert [played.version for played in found] == [ONE, TWO]


def test_logs_that_note_announcements_and_logs_that_never_do(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "a-cel.csv": CEL,
        "b-queue.log": QUEUE_LOG,
        "c-cel.csv": cel("CHAN_START", 0) + cel("ANSWER", 1),
    }
    logs = read(tmp_path, files)
    assert (logs.exhibits, logs.showing, logs.silent) == (("E1", "E2", "E3"), ("E1",), ("E3",))


def test_a_log_of_other_calls_alone_says_nothing(tmp_path: Path) -> None:
    assert read(tmp_path, {"cel.csv": of_other(CEL)}) == Logs()


def test_a_log_that_was_cut_off_does_not_say_that_nothing_was_played(tmp_path: Path) -> None:
    lines = cel("CHAN_START", 0) + "".join(cel("ANSWER", n) for n in range(1, 600))
    long = lines + cel("APP_START", 601, "Playback", "custom/record-notice")
    logs = read(tmp_path, {"cel.csv": long})
    assert (logs.exhibits, logs.showing, logs.played) == (("E1",), (), ())


# Several calls in one incident

TWO_CALLS: dict[str, Any] = {
    "calls": [call(id=ID), call("back.wav", id=OTHER, started="2026-11-05T11:13:20+02:00")],
    "recordings": ("call.wav", "back.wav"),
}


def test_each_call_has_its_own_lines(tmp_path: Path) -> None:
    """The notice was played in the first call alone."""
    second = of_other(cel("CHAN_START", 0) + cel("ANSWER", 1) + cel("HANGUP", 9))
    files: dict[str, str | bytes] = {"cel.csv": CEL + second}
    first = read(tmp_path, files, **TWO_CALLS)
    assert [played.line for played in first.played] == [3]
    other = read(tmp_path, files, recording="back.wav", **TWO_CALLS)
    assert (other.exhibits, other.showing, other.played) == (("E1",), ("E1",), ())


def test_other_channels_of_the_same_call_belong_to_it(tmp_path: Path) -> None:
    """The notice is played in a channel that is tied to the call by its linked id alone."""
    leg = cel("APP_START", 3, "Playback", "custom/record-notice", id="1793866512.999")
    text = cel("CHAN_START", 0) + leg + of_other(cel("CHAN_START", 0))
    assert [p.line for p in read(tmp_path, {"cel.csv": text}, **TWO_CALLS).played] == [2]


def test_a_recording_without_call_has_no_lines_of_the_only_stated_one(tmp_path: Path) -> None:
    incident: dict[str, Any] = {"calls": [call(id=ID)], "recordings": ("call.wav", "other.wav")}
    assert read(tmp_path, {"cel.csv": CEL}, recording="other.wav", **incident) == Logs()
    assert len(read(tmp_path, {"cel.csv": CEL}, **incident).played) == 1


def test_of_several_calls_a_recording_without_call_has_no_lines(tmp_path: Path) -> None:
    """Unless its name has the channel's id."""
    recordings = (*TWO_CALLS["recordings"], "third.wav", f"{OTHER}.wav")
    incident = {**TWO_CALLS, "recordings": recordings}
    files: dict[str, str | bytes] = {"cel.csv": CEL + of_other(CEL)}
    assert read(tmp_path, files, recording="third.wav", **incident) == Logs()
    named = read(tmp_path, files, recording=f"{OTHER}.wav", **incident)
    assert [played.line for played in named.played] == [14]


# Kept configurations

PLAYED = replace(NOTICE, played_as=("custom/recording-notice",))


def test_a_kept_dialplan_plays_it() -> None:
    """Line 11 of the file is Playback(custom/recording-notice)."""
    data = EXTENSIONS.encode()
    line = next(n for n, text in enumerate(EXTENSIONS.splitlines(), 1) if "Playback" in text)
    expected = [Configured(ONE, "E4", line, "custom/recording-notice")]
    assert list(configured_in("E4", "extensions.conf", data, [PLAYED])) == expected
    again = replace(PLAYED, id=TWO)
    assert [each.version for each in configured_in("E4", "a.CONF", data, [PLAYED, again])] == [ONE, TWO]


def test_a_kept_dialplan_of_freeswitch() -> None:
    named = replace(NOTICE, played_as=("ivr/recording-notice.wav",))
    assert [each.line for each in configured_in("E4", "public.xml", FREESWITCH.encode(), [named])] == [8]


@pytest.mark.parametrize(
    ("name", "data", "wanted"),
    [
        ("extensions.txt", EXTENSIONS, [PLAYED]),
        ("extensions.conf", EXTENSIONS, [replace(PLAYED, played_as=("custom/other",))]),
        ("extensions.conf", EXTENSIONS, [replace(PLAYED, played_as=())]),
        ("extensions.conf", EXTENSIONS, []),
        ("queues.conf", "[support]\nannounce = custom/recording-notice\n", [PLAYED]),
    ],
)
def test_what_plays_nothing_to_the_caller(name: str, data: str, wanted: list[Notice]) -> None:
    """Another kind of file, another name, no name, no version, or an announcement that the agent hears."""
    assert list(configured_in("E4", name, data.encode(), wanted)) == []


@pytest.mark.parametrize("name", ["a.conf", "a.xml"])
@pytest.mark.parametrize(
    "data", [b"", b"\x00" * 5000, b"\xff\xfe[" * 3000, b"[a]\nexten => s,1," + b"(" * 9000]
)
def test_hostile_files_play_nothing(name: str, data: bytes) -> None:
    assert list(configured_in("E4", name, data, [PLAYED])) == []
