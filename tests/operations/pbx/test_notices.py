"""The versions of the notice in force, compared with the dialplan and with the PBX's sounds."""

import hashlib
from pathlib import Path

import pytest

from evidence.errors import UsageError
from evidence.operations.doctor.pbx.run import examine
from tests.operations.pbx.configurations import EXTENSIONS, GOOD, write
from tests.operations.pbx.scene import NAME, codes, examined, version

SOUND = b"RIFF, and so on"
DIGEST = hashlib.sha256(SOUND).digest()


def test_nobody_says_by_which_name_it_is_played(tmp_path: Path) -> None:
    assert codes(examined(tmp_path, GOOD, [])) == ["NOTICE_UNKNOWN"]
    assert codes(examined(tmp_path, GOOD, [version()])) == ["NOTICE_UNKNOWN"]
    assert codes(examined(tmp_path, GOOD, [version(), version(NAME)])) == []
    assert codes(examined(tmp_path, GOOD, None)) == []


def test_it_is_not_played_or_only_to_the_agent(tmp_path: Path) -> None:
    (found,) = examined(tmp_path, GOOD, [version("custom/other", "other")])
    assert (found.code, found.params["names"]) == ("PBX_NOTICE_NOT_PLAYED", "custom/other, other")
    files = {**GOOD, "extensions.conf": EXTENSIONS.replace("Playback(custom/recording-notice)", "NoOp()")}
    files["queues.conf"] = "[support]\nannounce=custom/recording-notice\n"
    (found,) = examined(tmp_path, files)
    assert (found.code, found.subject) == ("PBX_NOTICE_TO_AGENT", "queues.conf:2")


def test_sounds(tmp_path: Path) -> None:
    pbx, sounds = tmp_path / "pbx", tmp_path / "sounds"
    (sounds / "uk" / "custom").mkdir(parents=True)
    named = [version(NAME, sound=DIGEST)]
    assert codes(examined(pbx, GOOD, named, sounds)) == ["NOTICE_SOUND_MISSING"]
    path = sounds / "uk" / "custom" / "recording-notice.wav"
    path.write_bytes(SOUND)
    assert codes(examined(pbx, GOOD, named, sounds)) == []
    path.with_suffix(".gsm").write_bytes(b"x")
    path.with_suffix(".txt").write_bytes(b"x")
    (found,) = examined(pbx, GOOD, named, sounds)
    assert (found.code, found.subject) == ("PBX_NOTICE_SOUND_OTHER_FORMAT", str(path.with_suffix(".gsm")))
    path.with_suffix(".gsm").unlink()
    path.write_bytes(SOUND + b"!")
    (found,) = examined(pbx, GOOD, named, sounds)
    assert (found.code, found.subject) == ("PBX_NOTICE_SOUND_DIFFERS", str(path))
    path.unlink()
    path.symlink_to("/etc/passwd")
    assert codes(examined(pbx, GOOD, named, sounds)) == ["CONFIG_UNREADABLE"]


def test_a_version_without_a_sound_is_not_compared(tmp_path: Path) -> None:
    (tmp_path / "sounds").mkdir()
    assert examined(tmp_path / "pbx", GOOD, [version(NAME)], tmp_path / "sounds") == []


@pytest.mark.parametrize("what", ["nothing", "file", "empty", "other", "sounds"])
def test_folders_that_cannot_be_meant(tmp_path: Path, what: str) -> None:
    (tmp_path / "file").write_bytes(b"")
    (tmp_path / "empty").mkdir()
    write(tmp_path / "other", {"notes.xml": "<a/>", "my.conf": "[x]\ny=1\n"})
    sounds = tmp_path / "nothing" if what == "sounds" else None
    folder = write(tmp_path / "good", GOOD) if what == "sounds" else tmp_path / what
    with pytest.raises(UsageError) as error:
        examine(folder, sounds, None, lambda _found: None)
    assert "/asterisk" in error.value.hint


def test_what_is_decided_elsewhere(tmp_path: Path) -> None:
    files = {
        **GOOD,
        "extensions.conf": EXTENSIONS + " same => n,AGI(/opt/record.py)\n#include no.conf\n#exec /bin/x\n",
        "extensions.lua": "x",
        "extconfig.conf": "[settings]\nqueues => odbc,asterisk\nvoicemail => odbc,asterisk\n",
    }
    found = examined(tmp_path, files)
    assert codes(found) == ["CONFIG_ELSEWHERE"] * 4 + ["INCLUDE_MISSING"] or sorted(codes(found)) == sorted(
        ["CONFIG_ELSEWHERE"] * 4 + ["INCLUDE_MISSING"]
    )
    assert {each.params.get("what") for each in found} >= {
        "extensions.lua",
        "#exec /bin/x",
        "queues => odbc,asterisk",
    }


def test_without_a_dialplan_that_is_said(tmp_path: Path) -> None:
    files = {name: text for name, text in GOOD.items() if name != "extensions.conf"}
    assert codes(examined(tmp_path, files)) == ["NO_DIALPLAN"]


def test_a_link_out_of_the_directory_is_told(tmp_path: Path) -> None:
    pbx = write(tmp_path / "pbx", {k: v for k, v in GOOD.items() if k != "extensions.conf"})
    write(tmp_path / "admin", GOOD)
    (pbx / "extensions.conf").symlink_to("../admin/extensions.conf")
    found = examined(pbx, {})
    assert codes(found) == ["NO_DIALPLAN", "CONFIG_UNREADABLE"]


def test_of_one_code_not_all_are_told(tmp_path: Path) -> None:
    steps = "".join(f"exten => {i},1,MixMonitor(${{UNIQUEID}}.gsm,D)\n" for i in range(1000))
    found = examined(tmp_path, {**GOOD, "extensions.conf": EXTENSIONS + steps})
    assert codes(found).count("LOSSY_FORMAT") == 20
    assert {each.subject: each.params["n"] for each in found if each.code == "PBX_MORE"} == {
        "PBX_LOSSY_FORMAT": 980,
        "PBX_STEREO_NOT_RAW": 980,
    }
