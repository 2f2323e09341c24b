"""What read_folder makes of honest folders."""

import base64
import os
import unicodedata
from pathlib import Path

import pytest

from evidence import resources
from evidence.errors import FormatError, StateError, UsageError
from evidence.intake import plan
from evidence.intake.documents import MAX_DOCUMENT
from evidence.intake.folder import open_exhibit, read_folder, read_paper
from evidence.model.incident import Incident
from tests.intake.folders import SOUND, call, make, marker, named, refused, write


def test_minimal(tmp_path: Path) -> None:
    folder = read_folder(make(tmp_path))
    assert folder.incident.number == "INC-2026-000123"
    assert folder.incident.notice.grade == "none"
    assert folder.uid == ""
    assert folder.markers == ()
    assert [(f.id, f.name, f.role, f.member) for f in folder.files] == [
        ("E1", "call.wav", "recording", "exhibits/E1.wav"),
        ("E2", "incident.json", "incident", None),
    ]


def test_ids_follow_the_calls_then_names_then_notice_then_papers(tmp_path: Path) -> None:
    make(
        tmp_path,
        recordings=("a.wav", "b.WAV", "c.gsm", "z.mp3", "notice.wav"),
        calls=[call("z.mp3"), call("b.WAV")],
        markers=[],
    )
    for name in ("contract.pdf", "notice.txt", "Ярлик.txt"):
        (tmp_path / name).write_bytes(b"x")
    folder = read_folder(tmp_path)
    assert [(f.id, f.name, f.role) for f in folder.files] == [
        ("E1", "z.mp3", "recording"),
        ("E2", "b.WAV", "recording"),
        ("E3", "a.wav", "recording"),
        ("E4", "c.gsm", "recording"),
        ("E5", "notice.wav", "notice"),
        ("E6", "contract.pdf", "other"),
        ("E7", "incident.json", "incident"),
        ("E8", "markers.json", "markers"),
        ("E9", "notice.txt", "notice"),
        ("E10", "Ярлик.txt", "other"),
    ]
    assert [f.member for f in folder.files[:6]] == [
        "exhibits/E1.mp3",
        "exhibits/E2.wav",
        "exhibits/E3.wav",
        "exhibits/E4.gsm",
        "exhibits/E5.wav",
        None,
    ]


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("x.wav", "recording"),
        ("x.WAV", "recording"),
        ("x.gsm", "recording"),
        ("x.OGG", "recording"),
        ("x.wav49", "recording"),
        ("notice.mp3", "notice"),
        ("Notice.txt", "notice"),
        ("notice", "notice"),
        ("notices.txt", "other"),
        ("cdr.csv", "pbx"),
        ("queue_log", "pbx"),
        ("wav", "other"),
        ("transcript.vtt", "other"),
        ("screenshot.png", "screenshot"),
        ("Знімок екрана 1.PNG", "screenshot"),
        ("photo.png", "other"),
        ("screenshot.txt", "other"),
    ],
)
def test_role_by_name(tmp_path: Path, name: str, role: str) -> None:
    make(tmp_path)
    (tmp_path / name).write_bytes(b"x")
    assert named(read_folder(tmp_path), name).role == role


def test_a_stated_role_comes_before_the_name(tmp_path: Path) -> None:
    make(
        tmp_path,
        recordings=("call.dat", "memo.wav", "ours.wav"),
        calls=[call("call.dat")],
        notice={"grade": "none", "file": "ours.wav"},
        exhibits=[{"file": "memo.wav", "role": "statement", "title": "Усне пояснення"}],
    )
    folder = read_folder(tmp_path)
    assert [(f.name, f.role, f.member, f.is_sound) for f in folder.files[:2]] == [
        ("call.dat", "recording", "exhibits/E1.bin", True),
        ("ours.wav", "notice", "exhibits/E2.wav", True),
    ]
    memo = named(folder, "memo.wav")
    assert (memo.role, memo.title, memo.member) == ("statement", "Усне пояснення", "exhibits/E4.wav")


def test_hidden_files_and_backups_are_left_out_and_told(tmp_path: Path) -> None:
    make(tmp_path)
    litter = [".DS_Store", "Thumbs.db", "desktop.ini", "incident.json~", "~$card.docx", ".incident.uid.7.x"]
    for name in litter:
        (tmp_path / name).write_bytes(b"x")
    (tmp_path / ".git").mkdir()
    folder = read_folder(tmp_path)
    assert sorted(folder.ignored) == sorted([*litter, ".git"])
    assert [file.name for file in folder.files] == ["call.wav", "incident.json"]


def test_a_hidden_file_that_is_named_is_no_litter(tmp_path: Path) -> None:
    make(tmp_path, recordings=(".call.wav",), calls=[call(".call.wav")])
    folder = read_folder(tmp_path)
    assert folder.ignored == ()
    assert folder.files[0].name == ".call.wav"


def test_names_that_are_not_utf8(tmp_path: Path) -> None:
    raw = "дзвінок.wav".encode("cp1251")
    name = {"name_base64": base64.b64encode(raw).decode()}
    make(tmp_path, recordings=(), calls=[call(), call()], markers=[marker(recording=name, start_ms=0)])
    write(tmp_path, "incident.json", {"format": 1, "number": "1", "calls": [{**call(), "recording": name}]})
    (tmp_path / os.fsdecode(raw)).write_bytes(SOUND)
    folder = read_folder(tmp_path)
    assert folder.files[0].name.encode("utf-8", "surrogateescape") == raw
    assert folder.incident.calls[0].recording == folder.files[0].name == folder.markers[0].recording
    with open_exhibit(folder, folder.files[0]) as file:
        assert file.read() == SOUND


def test_a_name_may_be_given_in_base64_though_it_is_utf8(tmp_path: Path) -> None:
    name = {"name_base64": base64.b64encode(b"call.wav").decode()}
    folder = read_folder(make(tmp_path, markers=[marker(recording=name)]))
    assert folder.markers[0].recording == "call.wav"


def test_names_compare_exactly(tmp_path: Path) -> None:
    composed, decomposed = (unicodedata.normalize(form, "й.wav") for form in ("NFC", "NFD"))
    make(tmp_path, recordings=(decomposed,), calls=[call(composed)])
    assert "calls, 1st call, recording" in refused(tmp_path, FormatError).message
    write(tmp_path, "incident.json", {"format": 1, "number": "1", "calls": [call("CALL.WAV")]})
    (tmp_path / "call.wav").write_bytes(SOUND)
    assert "CALL.WAV" in refused(tmp_path, FormatError).message


def test_byte_order_mark_of_windows_tools(tmp_path: Path) -> None:
    make(tmp_path)
    data = b'\xef\xbb\xbf{"format": 1, "number": "INC-1"}\r\n'
    (tmp_path / "incident.json").write_bytes(data)
    folder = read_folder(tmp_path)
    assert folder.incident.number == "INC-1"
    assert read_paper(folder, named(folder, "incident.json")) == data


def test_documents_are_kept_as_they_were_read(tmp_path: Path) -> None:
    make(tmp_path, markers=[marker()])
    given = (tmp_path / "incident.json").read_bytes()
    folder = read_folder(tmp_path)
    write(tmp_path, "incident.json", {"format": 1, "number": "OTHER"})
    assert read_paper(folder, named(folder, "incident.json")) == given


def test_a_paper_that_changes_is_refused(tmp_path: Path) -> None:
    make(tmp_path)
    (tmp_path / "card.txt").write_bytes(b"card")
    folder = read_folder(tmp_path)
    assert read_paper(folder, named(folder, "card.txt")) == b"card"
    (tmp_path / "card.txt").write_bytes(b"card and more")
    with pytest.raises(StateError):
        read_paper(folder, named(folder, "card.txt"))


def test_large_papers_become_members_smaller_ones_stay_inside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plan, "MAX_PAPERS", 2000)
    make(tmp_path)
    for name, size in {"a.png": 1500, "b.txt": 10, "c.png": 900, "d.pdf": 2001, "e.png": 1000}.items():
        (tmp_path / name).write_bytes(b"x" * size)
    folder = read_folder(tmp_path)
    assert {f.name: f.member for f in folder.files[1:]} == {
        "a.png": "exhibits/E2.bin",
        "b.txt": None,
        "c.png": None,
        "d.pdf": "exhibits/E5.bin",
        "e.png": None,
        "incident.json": None,
    }


def test_the_size_of_a_document_is_that_of_the_bytes_read() -> None:
    (file,) = plan.exhibits(
        Incident("1"), {"incident.json": "incident"}, {"incident.json": 9}, {"incident.json": b"{}"}
    )
    assert (file.size, file.data) == (2, b"{}")


def test_shipped_sample_is_an_incident_folder(tmp_path: Path) -> None:
    for name in ("incident.json", "markers.json", "call.wav", "notice.wav"):
        (tmp_path / name).write_bytes(resources.sample(name))
    folder = read_folder(tmp_path)
    assert [file.role for file in folder.files] == ["recording", "notice", "incident", "markers"]


def test_no_folder(tmp_path: Path) -> None:
    refused(tmp_path / "none", UsageError)
    (tmp_path / "file.wav").write_bytes(SOUND)
    assert "file.wav" in refused(tmp_path / "file.wav", UsageError).message


def test_empty_folder(tmp_path: Path) -> None:
    assert "incident.json" in refused(tmp_path, FormatError).message


def test_no_recording(tmp_path: Path) -> None:
    make(tmp_path, recordings=("notice.wav",))
    (tmp_path / "card.pdf").write_bytes(b"%PDF")
    refused(tmp_path, StateError)


def test_a_linked_folder_is_the_folder_it_leads_to(tmp_path: Path) -> None:
    make(tmp_path / "real")
    (tmp_path / "link").symlink_to("real")
    assert len(read_folder(tmp_path / "link").files) == 2


def test_a_document_that_would_become_too_long_is_told_so(tmp_path: Path) -> None:
    make(tmp_path)
    data = b'{"format": 1, "markers": []}'.ljust(MAX_DOCUMENT + 1)
    with pytest.raises(FormatError, match=f"markers.json is longer than {MAX_DOCUMENT} bytes"):
        read_folder(tmp_path, {"markers.json": data})
