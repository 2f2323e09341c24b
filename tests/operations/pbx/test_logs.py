"""What a PBX writes down of calls."""

from pathlib import Path

import pytest

from evidence.operations.audit.findings import next_step
from tests.operations.pbx.configurations import FREEPBX_CEL, GOOD
from tests.operations.pbx.scene import codes, examined

EVENTS = "events=APP_START,APP_END"


def cel(enable: str = "yes", apps: str = "playback,background", events: str = EVENTS) -> str:
    return f"[general]\nenable={enable}\napps={apps}\n{events}\n"


@pytest.mark.parametrize(
    ("file", "text", "expected"),
    [
        ("cel.conf", cel("no"), ["CEL_OFF"]),
        ("cel.conf", "[general]\n", ["CEL_OFF"]),
        ("cel.conf", FREEPBX_CEL, ["CEL_APPS"]),
        ("cel.conf", cel(apps="all"), ["CEL_APPS"]),
        ("cel.conf", cel(apps="Playback"), []),  # the notice is played by Playback alone
        ("cel.conf", cel(apps="background"), ["CEL_APPS"]),
        ("cel.conf", cel("TRUE", events="events=all"), []),
        ("cel.conf", cel(events="events=APP_START,HANGUP"), ["CEL_EVENTS"]),
        ("cel.conf", cel(events=""), ["CEL_EVENTS"]),
        ("cel.conf", cel(apps="", events=EVENTS + ",STREAM_BEGIN"), []),
        ("cel.conf", cel() + "[radius]\nusegmtime=yes\n", ["CDR_UTC"]),
        ("cel_custom.conf", "[mappings]\n", ["CEL_NO_BACKEND"]),
        ("cdr.conf", "[general]\nenable=no\n", ["CDR_OFF"]),
        ("cdr.conf", "[general]\nchanneldefaultenabled = false\n", ["CDR_OFF"]),
        ("cdr.conf", "[general]\n[csv]\nusegmtime=yes\n", ["CDR_UTC"]),
        ("logger.conf", "[general]\nqueue_log=no\n", ["QUEUE_LOG_OFF"]),
        ("logger.conf", "", []),
    ],
)
def test_each_setting(tmp_path: Path, file: str, text: str, expected: list[str]) -> None:
    assert codes(examined(tmp_path, {**GOOD, file: text})) == expected


@pytest.mark.parametrize(
    ("file", "text", "expected"),
    [
        ("cel_odbc.conf", "[first]\nconnection=asterisk\n", []),
        ("cel.conf", cel() + "[manager]\nenabled=yes\n", []),
        ("cel.conf", cel() + "[manager]\nenabled=no\n", ["CEL_NO_BACKEND"]),
        ("cel_custom.conf", "[cel_master.csv]\nfields=EventType\n", []),
    ],
)
def test_where_events_are_written_to(tmp_path: Path, file: str, text: str, expected: list[str]) -> None:
    files = {name: said for name, said in GOOD.items() if name != "cel_custom.conf"}
    assert codes(examined(tmp_path, {**files, file: text})) == expected


def test_no_file_means_no_events(tmp_path: Path) -> None:
    files = {name: text for name, text in GOOD.items() if not name.startswith(("cel", "cdr", "logger"))}
    assert codes(examined(tmp_path, files)) == ["CEL_OFF"]  # the other two are on where nothing is said


def test_what_to_set_is_told(tmp_path: Path) -> None:
    (found,) = examined(tmp_path, {**GOOD, "cel.conf": FREEPBX_CEL})
    assert found.subject == "cel.conf:4"
    assert (
        "apps=confbridge,meetme,mixmonitor,queue,stopmixmonitor,voicemail,voicemailmain,playback"
        in next_step(found)
    )
