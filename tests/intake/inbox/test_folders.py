"""Incident folders in an inbox, and what else an inbox may hold: traps, odd names, nothing."""

import contextlib
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evidence.errors import EvidenceError, FormatError, StateError, StoreError, UsageError
from evidence.intake.folder import read_paper
from evidence.intake.inbox.model import FOLDER, Unsettled
from evidence.intake.inbox.numbers import derive
from evidence.intake.inbox.reading import read
from evidence.intake.inbox.rules import Rules
from evidence.intake.inbox.scanning import scan
from evidence.model import names
from tests.entropy import counting
from tests.intake.folders import unprivileged
from tests.intake.inbox.boxes import HOUR, NOW, aged, look, only, put, wav

INCIDENT = {"format": 1, "number": "INC-1"}


def test_an_incident_folder_is_an_item(tmp_path: Path) -> None:
    put(tmp_path, "INC-1/incident.json", INCIDENT)
    put(tmp_path, "INC-1/call.wav")
    item = only(look(tmp_path))
    assert (item.kind, item.key, item.sizes) == (FOLDER, "INC-1", (len(wav()),))
    assert item.originals == (tmp_path / "INC-1",)
    folder = read(item, counting("x"))
    assert folder.path == tmp_path / "INC-1"
    assert (folder.path / "incident.uid").read_text() == f"{folder.uid}\n"
    aged(folder.path / "incident.uid", HOUR)
    assert only(look(tmp_path)).fingerprint == item.fingerprint
    assert read(item, counting("y")).uid == folder.uid
    put(tmp_path, "INC-1/more.txt", "x")
    with pytest.raises(Unsettled):
        read(item)
    assert only(look(tmp_path)).fingerprint != item.fingerprint


@pytest.mark.parametrize(
    ("name", "data", "age", "code"),
    [
        ("call.wav", b"", 119, "writing"),
        ("notes.txt", b"x", 1, "writing"),
        ("call.wav", wav(80, 0), HOUR, "unfinished"),
        ("call.wav.part", b"RIFF", HOUR, "temporary"),
        ("call.wav.filepart", b"RIFF", HOUR, "temporary"),
    ],
)
def test_a_folder_in_which_something_is_coming_is_left(
    tmp_path: Path, name: str, data: bytes, age: float, code: str
) -> None:
    put(tmp_path, "INC-1/incident.json", INCIDENT)
    put(tmp_path, "INC-1/first.wav")
    put(tmp_path, f"INC-1/{name}", data, age=age)
    assert [(left.key, left.code) for left in look(tmp_path).left] == [("INC-1", code)]


def test_a_folder_without_incident_json_is_bad_whole(tmp_path: Path) -> None:
    put(tmp_path, "calls/a.wav")
    (bad,) = look(tmp_path).bad
    assert (bad.item.originals, type(bad.error)) == ((tmp_path / "calls",), FormatError)
    assert "incident.json" in bad.error.message
    put(tmp_path, "calls/Incident.json.txt", "{}")
    assert "Incident.json.txt" in look(tmp_path).bad[0].error.message


def test_an_empty_folder_is_left_for_some_hours(tmp_path: Path) -> None:
    (tmp_path / "INC-1").mkdir()
    aged(tmp_path / "INC-1", HOUR)
    assert [left.code for left in look(tmp_path).left] == ["empty"]
    aged(tmp_path / "INC-1", 7 * HOUR)
    assert [bad.item.key for bad in look(tmp_path).bad] == ["INC-1"]


def test_folders_that_cannot_be_sealed_are_refused_when_read(tmp_path: Path) -> None:
    put(tmp_path, "none/incident.json", INCIDENT)
    put(tmp_path, "deep/incident.json", INCIDENT)
    put(tmp_path, "deep/in/call.wav")
    put(tmp_path, "link/incident.json", INCIDENT)
    (tmp_path / "link/call.wav").symlink_to("/etc/passwd")
    kinds: dict[str, type[EvidenceError]] = {}
    for item in look(tmp_path, quiet_seconds=0).items:
        with pytest.raises(EvidenceError) as caught:
            read(item)
        kinds[item.key] = type(caught.value)
    assert kinds == {"none": StateError, "deep": FormatError, "link": FormatError}


# Traps and odd names


def test_nothing_is_followed_or_waited_for(tmp_path: Path) -> None:
    outside = put(tmp_path / "outside", "x.wav").parent
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    os.mkfifo(inbox / "pipe.wav")
    (inbox / "link.wav").symlink_to(outside / "x.wav")
    (inbox / "folder").symlink_to(outside)
    (inbox / "gone.json").symlink_to(outside / "nothing")
    (inbox / "call.wav").mkdir()
    aged(inbox / "call.wav", HOUR)
    found = look(inbox, quiet_seconds=0)
    assert {bad.item.key for bad in found.bad} == {"pipe.wav", "link.wav", "folder", "gone.json"}
    assert all(bad.error.hint for bad in found.bad)
    assert all(bad.item.originals == (inbox / bad.item.key,) for bad in found.bad)
    assert [left.key for left in found.left] == ["call.wav"]
    assert found.items == ()


def test_hidden_files_backups_and_uploads_are_left_alone(tmp_path: Path) -> None:
    for name in (".x.wav.Ab3dE1", ".git/a.wav", "x.json~", "x.swp", "~$x.docx", "Thumbs.db", "desktop.ini"):
        put(tmp_path, name)
    put(tmp_path, "x.wav.part")
    found = look(tmp_path)
    assert (found.items, found.bad, found.alarms) == ((), (), ())
    assert [(left.key, left.code) for left in found.left] == [("x.wav.part", "temporary")]


def test_what_cannot_be_read_is_told_and_stays() -> None:
    with tempfile.TemporaryDirectory() as made:
        inbox = Path(made)
        inbox.chmod(0o755)
        put(inbox, "ok.wav", age=HOUR)
        put(inbox, "secret.wav", age=HOUR).chmod(0)
        put(inbox, "dark/incident.json", INCIDENT)
        (inbox / "dark").chmod(0)
        with unprivileged():
            found = look(inbox)
        (inbox / "dark").chmod(0o700)
    assert sorted(alarm.key for alarm in found.alarms) == ["dark", "secret.wav"]
    assert {type(alarm.error) for alarm in found.alarms} == {StoreError}
    assert ([item.key for item in found.items], found.bad) == (["ok.wav"], ())


def test_names_that_are_not_utf8(tmp_path: Path) -> None:
    raw = b"\xe7\xe2\xb3\xed\xee\xea.wav"  # windows-1251
    with open(os.fsencode(tmp_path) + b"/" + raw, "wb") as file:  # noqa: PTH123
        file.write(wav())
    for name in (raw, b"\xff.txt", b"\xff\xfe.json"):
        path = os.fsencode(tmp_path) + b"/" + name
        with open(path, "ab"):  # noqa: PTH123
            os.utime(path, (NOW.timestamp() - 12 * HOUR,) * 2)
    found = look(tmp_path)
    assert len(found.bad) == 2
    (item,) = found.items
    assert names.to_bytes(item.key) == raw
    folder = read(item)
    assert folder.files[0].name == item.key
    assert folder.incident.number.startswith("call-")
    assert b"name_base64" not in read_paper(folder, folder.files[1])


def test_names_that_differ_in_case_are_two(tmp_path: Path) -> None:
    put(tmp_path, "Call.wav")
    put(tmp_path, "call.wav")
    put(tmp_path, "call.json", {"format": 1, "title": "small"})
    titles = {item.key: read(item).incident.title for item in look(tmp_path).items}
    assert titles == {"Call.wav": "", "call.wav": "small"}


def test_there_is_no_inbox(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        look(tmp_path / "nothing")
    put(tmp_path, "file")
    with pytest.raises(UsageError):
        look(tmp_path / "file")
    with pytest.raises(UsageError):
        scan(tmp_path, Rules(zone="Europe/Nowhere"), NOW)


NAMES = st.binary(min_size=1, max_size=40).filter(
    lambda raw: raw not in {b".", b".."} and not set(raw) & {0, 47}
)
ENDS = st.sampled_from([b"", b".wav", b".json", b".wav.json", b"-in.wav", b".csv", b".part", b"~"])


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(stems=st.lists(st.tuples(NAMES, ENDS), max_size=8))
def test_any_names_are_told_once_each(
    tmp_path_factory: pytest.TempPathFactory, stems: list[tuple[bytes, bytes]]
) -> None:
    inbox = tmp_path_factory.mktemp("inbox")
    at = NOW.timestamp() - 12 * HOUR
    for stem, end in stems:
        path = os.fsencode(inbox) + b"/" + stem + end
        with open(path, "wb") as file:  # noqa: PTH123
            file.write(wav())
        os.utime(path, (at, at))
    found = look(inbox)
    told = [path for item in (*found.items, *(bad.item for bad in found.bad)) for path in item.originals]
    left = {inbox / os.fsdecode(names.to_bytes(left.key)) for left in found.left}
    assert len(told) == len(set(told))
    alone = {path for path in inbox.iterdir() if path not in told and path not in left}
    assert all(path.name.startswith((".", "~$")) or path.name.endswith("~") for path in alone)
    for item in found.items:
        with contextlib.suppress(EvidenceError):  # and nothing else
            assert read(item).is_virtual


@given(text=st.text(max_size=200))
def test_a_derived_number_is_allowed_and_its_own(text: str) -> None:
    number = derive(text)
    assert 1 <= len(number) <= 64
    assert set(number) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-")
    assert number.strip(".")
    assert derive(text) == number
    if number != text:
        assert derive(f"{text}я") != number


def test_ten_thousand_drops_take_a_moment(tmp_path: Path) -> None:
    make = "import sys\nfor n in range(10000):\n    open(f'{sys.argv[1]}/{n:05}.wav', 'wb').write(b'RIFF')"
    subprocess.run([sys.executable, "-c", make, str(tmp_path)], check=True)
    before = os.times()
    found = scan(tmp_path, Rules(quiet_seconds=0, unfinished_hours=0), NOW)
    used = os.times().user + os.times().system - before.user - before.system
    assert len(found.items) == 10_000
    assert used < 2  # goal: 1
