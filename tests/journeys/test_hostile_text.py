"""Hostile file names, tags, quotes and caller names come out harmless wherever they are shown."""

import base64
import json
from pathlib import Path

import pytest

from tests.journeys.program import done, evidence, new_vault
from tests.operations.scene import make_incident

HOSTILE = {
    "markup": "[red]x[/red][/]",
    "escape": "\x1b[2J\x1b]0;title\x07x",
    "bidi": "\u202egpj.exe\u2066x",
    "formula": "=cmd|' /C calc'!A0",
    "script": "<script>alert(1)<",
    "newline": "a\nevidence: error: forged\rb",
    "wide": "\u200b\ufeff\U000e0041x",
    "surrogate": "name-\udcff",
}
FORBIDDEN = ["\x1b", "\u202e", "\u2066", "\x07", "\r", "\u200b", "\ufeff", "\U000e0041"]


@pytest.fixture(params=sorted(HOSTILE))
def text(request: pytest.FixtureRequest) -> str:
    """One hostile text."""
    return HOSTILE[request.param]


def in_file_name(text: str) -> str:
    return text.replace("/", "_") + ".wav"


def hostile_incident(folder: Path, text: str) -> Path:
    make_incident(folder)
    name = in_file_name(text)
    (folder / "call.wav").rename(folder / name)
    said = text.replace("\udcff", "?")
    incident = json.loads((folder / "incident.json").read_text(encoding="utf-8"))
    del incident["calls"], incident["notice"]
    recording: str | dict[str, str] = name
    if "\udcff" in name:
        raw = name.encode("utf-8", "surrogateescape")
        recording = {"name_base64": base64.b64encode(raw).decode("ascii")}
    at = "2026-11-05T10:15:13+02:00"
    taken = dict.fromkeys(("taken_by", "system", "authority", "original", "copied_from", "note"), said)
    incident |= {
        "title": said,
        "summary": said,
        "subscriber": {"name": said, "phone": said},
        "agent": {"name": said},
        "measures": [{"kind": "other", "at": at, "by": said, "basis": said, "note": said}],
        "legal_basis": [{"kind": "other", "reference": said, "note": said}],
        "acquisitions": [
            {"files": [recording], "taken_at": at, "clock": {"offset_ms": 1, "known_by": said}, **taken}
        ],
    }
    (folder / "incident.json").write_text(json.dumps(incident), encoding="utf-8")
    markers = json.loads((folder / "markers.json").read_text(encoding="utf-8"))
    for marker in markers["markers"]:
        marker |= {
            "recording": recording,
            "channel": said[:60],
            "words": said,
            "asserted_by": said,
            "note": said,
        }
        del marker["channel"]
    (folder / "markers.json").write_text(json.dumps(markers), encoding="utf-8")
    return folder


def check_harmless(output: str) -> None:
    for character in FORBIDDEN:
        assert character not in output
    for row in output.splitlines():
        assert not row.startswith("evidence: error: forged")


def test_every_command_shows_it_harmlessly(tmp_path: Path, text: str) -> None:
    vault = new_vault(tmp_path / "vault")
    incident = hostile_incident(tmp_path / "incident", text)
    sealed = evidence("seal", incident, "--vault", vault)
    assert sealed.returncode == 0, sealed.stderr
    archive = next((vault / "archives").glob("*/*.asice"))
    outputs = [sealed.stdout, sealed.stderr]
    for command in (["verify"], ["show"], ["verify", "--json"], ["show", "--json"], ["explain"]):
        process = evidence(*command, archive)
        assert process.returncode == 0, process.stderr
        outputs += [process.stdout, process.stderr]
    extracted = evidence("extract", archive, "--to", tmp_path / "out")
    outputs += [extracted.stdout, extracted.stderr]
    for output in outputs:
        check_harmless(output)
    assert min(p.name for p in (tmp_path / "out").iterdir()) == "E1.wav"
    if "[" in text and "\x1b" not in text:
        assert text in done("show", archive)


def test_hostile_paths_of_archives_and_folders(tmp_path: Path, text: str) -> None:
    folder = tmp_path / in_file_name(text)
    folder.mkdir()
    (folder / "x.asice").write_bytes(b"nothing")
    cases: list[list[str | Path]] = [
        ["verify", folder / "x.asice"],
        ["verify", folder / "absent"],
        ["seal", folder, "--vault", "x"],
    ]
    for arguments in cases:
        process = evidence(*arguments)
        assert process.returncode not in {0, 70}
        check_harmless(process.stdout + process.stderr)
