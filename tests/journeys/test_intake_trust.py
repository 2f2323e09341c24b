"""What must not pass unnoticed on the way into an archive: who changed what, doubles, swapped files, claims."""

import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from evidence import resources
from tests.journeys.desk import NUMBER, Desk, recording
from tests.journeys.program import done, evidence
from tests.journeys.terminal import Terminal

SECOND = "INC-2026-000002"


def codes(desk: Desk, number: str = NUMBER) -> list[str]:
    """The gaps of an incident."""
    (told,) = desk.json("seal", "--check", number)
    return [gap["code"] for gap in told["gaps"]]


def said(desk: Desk, *arguments: str | Path) -> str:
    """What a command that succeeds says on standard error."""
    process = evidence(*arguments, env=desk.env)
    assert process.returncode == 0, process.stderr
    return process.stderr


def test_who_changed_what_is_noted(desk: Desk) -> None:
    desk.new(recording(desk.pbx), "--by", "Левко")
    desk.do("add", NUMBER, "--subscriber", "Кат", "--phone", "1", "--by", "Мирослава")
    desk.do("add", NUMBER, "--subscriber", "Кат", "--by", "Остап")
    incident = desk.incident()
    assert incident["prepared_by"] == "Левко"
    assert [(c["by"], c["about"]) for c in incident["changes"]] == [("Мирослава", ["subscriber"])]
    desk.do("seal", NUMBER)
    (record,) = desk.records()["incident"]
    assert record["changes"][0]["by"] == "Мирослава"
    assert "changed by Мирослава" in desk.do("show", desk.archive())


def test_a_measure_follows_the_call_whose_beginning_is_corrected(desk: Desk) -> None:
    desk.new(recording(desk.pbx))
    desk.do("measure", NUMBER, "warning", "--position", "0:03")
    desk.do("measure", NUMBER, "hang_up", "--position", "0:05", "--at", "2026-11-05 10:20")
    assert "measure_misplaced" in codes(desk)
    desk.do("add", NUMBER, "--started", "2026-11-05 10:25:02")
    times = [measure["at"] for measure in desk.incident()["measures"]]
    assert times == ["2026-11-05T10:25:05.000+02:00", "2026-11-05T10:20:00+02:00"]
    desk.do("measure", NUMBER, "transfer", "--at", "2026-01-01 12:00")
    assert "measure_before_call" in codes(desk)


def test_a_time_reckoned_from_a_name_keeps_its_mark(desk: Desk) -> None:
    desk.new(recording(desk.pbx))
    desk.do("measure", NUMBER, "warning", "--position", "0:03")
    desk.do("seal", NUMBER)
    (measure,) = desk.records()["measure"]
    assert measure["at"]["source"] == "incident.json, from the recording's name"
    assert "which only the recording's file name claims" in desk.do("show", desk.archive())


def test_nobody_is_said_to_have_named_a_system(desk: Desk) -> None:
    desk.new(recording(desk.pbx))
    desk.do("seal", NUMBER)
    assert "recordings: 1; who took them is stated of 1, from which system of 0" in desk.do(
        "verify", desk.archive()
    )


def test_the_same_recording_and_the_same_marker_twice_are_told(desk: Desk) -> None:
    sound = recording(desk.pbx)
    desk.new(sound)
    assert f"in other incidents, too: {NUMBER}" in said(desk, "new", sound)
    desk.do("mark", "add", NUMBER, "0:01", "--class", "insult", "--words", "a")
    again = said(desk, "mark", "add", NUMBER, "0:01", "--class", "insult", "--words", "a")
    assert "1 marker was there already" in again
    assert len(desk.json("mark", "list", NUMBER)) == 1


def test_a_correction_notices_a_recording_altered_at_the_same_length(desk: Desk) -> None:
    """The expected difference: one bit in the middle of the sound, size and time of modification kept."""
    desk.new(recording(desk.pbx))
    desk.do("seal", NUMBER)
    (path,) = desk.folder().glob("*.wav")
    before = path.stat()
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert "changed after it was sealed" in said(desk, "new", "--corrects", NUMBER, "--reason", "x")
    assert "has changed since" in desk.refuse(5, "seal", NUMBER)


def test_a_correction_that_is_killed_leaves_no_incident(desk: Desk) -> None:
    big = desk.pbx / "big.wav"
    big.write_bytes(resources.sample("call.wav")[:44] + bytes(150_000_000))
    desk.new(big, "--started", "2026-11-05 10:15")
    desk.do("seal", NUMBER)
    command = [sys.executable, "-m", "evidence", "new", "--corrects", NUMBER, "--reason", "x"]
    for delay in (0.3, 0.45, 0.6):
        process = subprocess.Popen(
            command, env={**os.environ, **desk.env}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        time.sleep(delay)
        process.send_signal(signal.SIGKILL)
        process.wait()
    for row in desk.json("list"):
        if row["number"] != NUMBER:
            incident = desk.incident(row["number"])
            assert "corrects" in incident
            assert (desk.folder(row["number"]) / "big.wav").stat().st_size == big.stat().st_size


def test_a_false_citation_is_told(desk: Desk) -> None:
    desk.new(recording(desk.pbx))
    desk.do("seal", NUMBER)
    desk.do("new", "--corrects", NUMBER, "--reason", "x")
    assert "corrects_unknown" not in codes(desk, SECOND)
    path = desk.folder(SECOND) / "incident.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    document["corrects"]["identity"] = "ab" * 32
    path.write_text(json.dumps(document), encoding="utf-8")
    assert "corrects_unknown" in codes(desk, SECOND)


def test_a_swapped_announcement_is_told(desk: Desk, tmp_path: Path) -> None:
    notice = tmp_path / "notice.wav"
    notice.write_bytes(resources.sample("notice.wav"))
    stated = ("--language", "uk", "--key-clause", "0.1-0.9", "--approved-by", "x", "--zone", "Europe/Kyiv")
    done("notice", "add", notice, *stated, "--valid-from", "2026-01-01", env=desk.env)
    (version,) = desk.json("notice", "list")
    sound = recording(desk.pbx)
    told = said(desk, "new", sound)
    assert f"evidence add {NUMBER} --notice-version" in told
    desk.do("add", NUMBER, "--notice-version", version["notice_id"][:8], "--system", "FreePBX 17")
    assert "announcement_differs" not in codes(desk)
    systems = {file: a.get("system") for a in desk.incident()["acquisitions"] for file in a["files"]}
    assert systems == {sound.name: "FreePBX 17", f"notice-{version['notice_id'][:8]}.wav": None}
    kept = desk.folder() / f"notice-{version['notice_id'][:8]}.wav"
    assert hashlib.sha256(kept.read_bytes()).digest() == hashlib.sha256(notice.read_bytes()).digest()
    kept.write_bytes(resources.sample("call.wav"))
    assert "announcement_differs" in codes(desk)
    assert "no file in it holds the sound" in said(desk, "seal", NUMBER)


def test_a_version_that_was_not_in_force_is_told(desk: Desk) -> None:
    stated = ("--language", "uk", "--key-clause-text", "записується", "--text", "Розмова записується.")
    valid = ("--valid-from", "2026-11-06", "--approved-by", "x", "--zone", "Europe/Kyiv")
    done("notice", "add", *stated, *valid, env=desk.env)
    (version,) = desk.json("notice", "list")
    desk.new(recording(desk.pbx), "--notice-version", version["notice_id"])
    assert "version_not_in_force" in codes(desk)


def test_words_cannot_be_pushed_to_where_our_lines_begin(desk: Desk) -> None:
    desk.new(recording(desk.pbx))
    words = 'x"' + " " * 70 + "COUNTED     2 recordings: E1 9:00.0"
    desk.do("mark", "add", NUMBER, "0:01", "--class", "insult", "--words", words)
    desk.do("seal", NUMBER)
    shown = desk.do("show", desk.archive())
    assert " " * 20 + "COUNTED" not in shown
    (marker,) = desk.records()["marker"]
    assert marker["words"] == words


def test_on_a_terminal_sealing_asks_while_something_is_missing(desk: Desk) -> None:
    desk.new(recording(desk.pbx))
    with Terminal("seal", NUMBER, env=desk.env) as terminal:
        terminal.expect("nothing shows that the caller was told")
        terminal.expect("[y/N]")
        terminal.type("n\n")
        terminal.end(5)
    assert not list((desk.vault / "archives").glob("*/*.asice"))
    with Terminal("seal", NUMBER, env=desk.env) as terminal:
        terminal.expect("[y/N]")
        terminal.type("y\n")
        terminal.end(0)
    assert desk.archive().exists()
