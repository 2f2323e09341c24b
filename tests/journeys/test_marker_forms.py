"""Markers that leave an incident as files of other programs, and come back."""

import json
from pathlib import Path
from typing import Any

import pympi
import pytest

from tests.intake.folders import marker
from tests.journeys.desk import NUMBER, Desk, recording, snapshot
from tests.journeys.program import evidence

SECOND = NUMBER[:-1] + "2"
TIME = "2026-11-05T10:48:12.317+02:00"
OWN = '\n[marker_class.vishing]\nuk = "вішинг"\nen = "vishing"\nru = "вишинг"\n'
EVERYTHING: list[dict[str, Any]] = [
    marker(
        end_ms=2_000,
        channel="caller",
        words=" \u202eти\n'=x ",
        language="uk",
        confidence="probable",
        reviewed_by="Зміна 2",
        reviewed_at=TIME,
        corrections=[{"at": TIME, "by": "204", "reason": "не там", "was": {"end_ms": None, "start_ms": 5}}],
        asserted_at="2026-11-05t10:48:12.3+02:00",
        source="labels.txt:7",
        note="",
    ),
    marker(start_ms=3_000, withdrawn={"at": TIME, "by": "204", "reason": "помилка"}, words=""),
    {
        **marker(start_ms=4_000, how="hot_key", end_ms=5_000),
        "pressed": {
            "at": "2026-11-05T10:15:07+02:00",
            "call_started": "2026-11-05T10:15:02+02:00",
            "offset_ms": 0,
            "uncertainty_ms": 500,
            "before_ms": 1_000,
            "place_ms": 5_000,
            "event": "7",
        },
    },
    {
        **marker(start_ms=6_000, end_ms=6_500, how="transcript_confirmed", channel=1),
        "class": "scam",
        "class_names": {"uk": "шахрайство", "en": "scam"},
        "suggestion": {
            "class": "insult",
            "start_ms": 6_000,
            "end_ms": 6_400,
            "words": "x",
            "entry": "e",
            "lexicon_sha256": "0" * 64,
        },
    },
]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    found = Desk(tmp_path)
    with (found.vault / "evidence.toml").open("a", encoding="utf-8") as file:
        file.write(OWN)
    found.do("new", recording(found.pbx, "call.wav"), "--channels", "caller,agent", "--started", TIME)
    return found


def ours(*markers: dict[str, Any]) -> str:
    return json.dumps({"format": 1, "markers": markers})


def held(desk: Desk, number: str = NUMBER) -> Any:
    return json.loads((desk.folder(number) / "markers.json").read_text(encoding="utf-8"))["markers"]


def test_our_json_comes_back_whole(desk: Desk) -> None:
    (desk.pbx / "in.json").write_text(ours(*EVERYTHING), encoding="utf-8")
    desk.do(
        "mark", "import", NUMBER, desk.pbx / "in.json", "--note", "not for what says it", "--channel", "0"
    )
    shared = {"channel": 0, "note": "not for what says it"}
    expected = [{**shared, **item} for item in EVERYTHING]
    assert held(desk) == expected
    desk.do("mark", "export", NUMBER, desk.pbx / "out.json")
    desk.do("new", "--number", SECOND, desk.pbx / "call.wav", "--channels", "caller,agent", "--started", TIME)
    desk.do("mark", "import", SECOND, desk.pbx / "out.json")
    assert held(desk, SECOND) == expected


def test_a_document_without_options_comes_back_as_it_was(desk: Desk) -> None:
    (desk.pbx / "in.json").write_text(ours(*EVERYTHING), encoding="utf-8")
    desk.do("mark", "import", NUMBER, desk.pbx / "in.json")
    assert held(desk) == EVERYTHING
    assert json.loads(desk.do("mark", "export", NUMBER, "-", "--form", "json"))["markers"] == EVERYTHING
    told = desk.json("mark", "import", NUMBER, desk.pbx / "in.json")
    assert (told, held(desk)) == ([], EVERYTHING)


@pytest.mark.parametrize(("name", "number"), [("m.csv", 4), ("m.txt", 3), ("m.vtt", 3), ("m.eaf", 3)])
def test_other_forms_come_back(desk: Desk, name: str, number: int) -> None:
    (desk.pbx / "in.json").write_text(ours(*EVERYTHING[:3]), encoding="utf-8")
    desk.do("mark", "import", NUMBER, desk.pbx / "in.json")
    desk.do("mark", "add", NUMBER, "0:07", "--class", "Вішинг", "--words", "код", "--channel", "agent")
    before = snapshot(desk.folder())
    desk.do("mark", "export", NUMBER, desk.pbx / name)
    assert snapshot(desk.folder()) == before
    desk.refuse(5, "mark", "export", NUMBER, desk.pbx / name)
    desk.do("new", "--number", SECOND, desk.pbx / "call.wav", "--channels", "caller,agent", "--started", TIME)
    desk.do("mark", "import", SECOND, desk.pbx / name)
    found = sorted(held(desk, SECOND), key=lambda item: int(item["start_ms"]))
    assert len(found) == number
    last = found[-1]
    assert (last["start_ms"], last["class"], last["words"]) == (7_000, "vishing", "код")
    assert last["class_names"] == {"uk": "вішинг", "en": "vishing", "ru": "вишинг"}
    assert last.get("channel") == (None if name == "m.txt" else "agent")
    assert last["source"].startswith(f"{name}:")
    assert found[0]["asserted_by"] == ("204" if name in {"m.csv", "m.eaf"} else "Левко")


def test_a_table_keeps_review_and_withdrawal(desk: Desk) -> None:
    (desk.pbx / "in.json").write_text(ours(*EVERYTHING[:2]), encoding="utf-8")
    desk.do("mark", "import", NUMBER, desk.pbx / "in.json")
    table = desk.do("mark", "export", NUMBER, "--form", "csv")
    (desk.pbx / "m.csv").write_text(table, encoding="utf-8")
    desk.do("new", "--number", SECOND, desk.pbx / "call.wav", "--channels", "caller,agent", "--started", TIME)
    desk.do("mark", "import", SECOND, desk.pbx / "m.csv")
    first, second = held(desk, SECOND)
    assert (first["confidence"], first["reviewed_by"], first["source"]) == (
        "probable",
        "Зміна 2",
        "labels.txt:7",
    )
    assert second["withdrawn"] == EVERYTHING[1]["withdrawn"]
    (desk.pbx / "half.csv").write_text("start,reviewed_by\n0:01,Левко\n", encoding="utf-8")
    told = desk.refuse(4, "mark", "import", SECOND, desk.pbx / "half.csv", "--class", "insult")
    assert "the column reviewed_at is empty" in told


def test_what_is_left_out_is_told(desk: Desk) -> None:
    (desk.pbx / "in.json").write_text(ours(*EVERYTHING[:2]), encoding="utf-8")
    desk.do("mark", "import", NUMBER, desk.pbx / "in.json")
    done = evidence("mark", "export", NUMBER, "--form", "webvtt", env=desk.env)
    assert (done.returncode, done.stdout.count("-->")) == (0, 1)
    assert "evidence: note: 1 marker that was withdrawn isn't in the file" in done.stderr


def test_one_recording_of_several(desk: Desk) -> None:
    desk.do("add", NUMBER, recording(desk.pbx, "second.wav"), "--started", TIME)
    for name in ("call.wav", "second.wav"):
        desk.do("mark", "add", NUMBER, "0:01", "--class", "insult", "--recording", name)
    told = desk.refuse(2, "mark", "export", NUMBER, "--form", "audacity")
    assert "call.wav, second.wav" in told
    out = desk.pbx / "m.eaf"
    desk.do("mark", "export", NUMBER, out, "--recording", "second.wav")
    assert pympi.Elan.Eaf(str(out)).get_linked_files()[0]["RELATIVE_MEDIA_URL"] == "./second.wav"
    assert desk.do("mark", "export", NUMBER, "--form", "csv").count("\n") == 3
    desk.refuse(2, "mark", "export", NUMBER, "--form", "csv", "--recording", "third.wav")
    desk.refuse(2, "mark", "export", NUMBER, desk.pbx / "m.doc")
    # the linked file tells the recording, and a stated one goes before it
    out.write_bytes(out.read_bytes().replace(b'"1000"', b'"2000"').replace(b'"1001"', b'"2001"'))
    desk.do("mark", "import", NUMBER, out)
    assert [item["recording"] for item in held(desk)] == ["call.wav", "second.wav", "second.wav"]
    told = desk.refuse(2, "mark", "import", NUMBER, moved(out, "copy.wav"))
    assert "copy.wav" in told
    desk.do("mark", "import", NUMBER, moved(out, "copy.wav"), "--recording", "call.wav", "--by", "204")


def moved(document: Path, name: str) -> Path:
    """The same document, linked to another file."""
    path = document.with_name("moved.eaf")
    path.write_bytes(document.read_bytes().replace(b"second.wav", name.encode()))
    return path


def test_classes_of_ones_own_are_named(desk: Desk) -> None:
    told = desk.refuse(2, "mark", "add", NUMBER, "0:01", "--class", "nope")
    assert "vishing (vishing)" in told
    (said,) = desk.json("mark", "add", NUMBER, "0:01", "--class", "вишинг")
    assert (said["class"], said["class_names"]["en"]) == ("vishing", "vishing")
    (desk.pbx / "labels.txt").write_text("2.0\t3.0\tвішинг: назвіть код\n", encoding="utf-8")
    desk.do("mark", "import", NUMBER, desk.pbx / "labels.txt")
    assert "вішинг" in desk.do("mark", "list", NUMBER, "--lang", "uk")
    assert held(desk)[1]["words"] == "назвіть код"
    (desk.pbx / "crime.json").write_text(ours({**marker(), "class": "crime"}), encoding="utf-8")
    assert "vishing" in desk.refuse(4, "mark", "import", NUMBER, desk.pbx / "crime.json")
