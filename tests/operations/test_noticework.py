"""What sealing does about the notice in one incident: searched, read, recorded, told; with the real search, too."""

import json
import os
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from evidence import resources
from evidence.errors import StateError
from evidence.media import search as media
from evidence.media.search import Heard, SearchProcess
from evidence.model.noticesearch import MOST_SEGMENTS, Match, NoticeSearch, Segment, Waveform
from evidence.operations import noticework
from evidence.operations.seal import Failed, Sealed
from tests.batch.scene import OLD, run_batch
from tests.intake.pbx.logs import CEL, ID
from tests.media import wav
from tests.media.searching import samples
from tests.operations.notice_scene import a_draft, from_time, make_sound
from tests.operations.pbx.configurations import EXTENSIONS
from tests.operations.scene import make_incident, make_vault
from tests.operations.searching_scene import (
    AT,
    Sealing,
    StandIn,
    added,
    children,
    incident,
    real,
    records_of,
    sample_notice,
    sealed,
    sealed_all,
)
from tests.requirements import SOUNDS, need_file

TOLERANCE = 10


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    return make_vault(tmp_path / "vault")


@pytest.fixture
def searcher() -> Iterator[SearchProcess]:
    with real() as process:
        yield process
        assert process.process_id is None  # ended with the incident


# The real search


def test_the_sample_call(vault: Path, tmp_path: Path, searcher: SearchProcess) -> None:
    """Its announcement is where the sample's incident.json states."""
    (version,) = added(vault, sample_notice(tmp_path))
    before = list(children())
    found = sealed(vault, make_incident(tmp_path / "i"), searcher)
    first = found.evidence()["for"][0]
    assert (first["code"], first["version"]) == ("FOUND", version.id)
    stated = json.loads(resources.sample("incident.json"))["notice"]["at_milliseconds"]
    assert abs(first["at_ms"] - stated) <= 300
    (search,) = found.of("notice_search")
    assert search["recording_sha256"] == found.evidence()["recording_sha256"]
    assert search["waveform"]["channels"]
    assert found.evidence()["grade"] == "in_recording"
    assert not [line for pid, line in children() if "searchworker" in line and (pid, line) not in before]


def prompts(folder: Path) -> tuple[Path, Path]:
    """A true notice of recording, and another prompt of the same voice."""
    known = need_file(SOUNDS / "ru_RU_f_IvrvoiceRU", "asterisk-core-sounds-ru-wav")
    found = []
    for name in ("conf-now-recording.wav", "conf-getpin.wav"):
        path = need_file(known / name, "asterisk-core-sounds-ru-wav")
        (folder / name).write_bytes(path.read_bytes())
        found.append(folder / name)
    return found[0], found[1]


@pytest.mark.parametrize(("first", "code"), [(0, "FOUND"), (1, "NOT_IN_SOUND")])
def test_of_two_versions_the_one_that_was_played(
    first: int, code: str, vault: Path, tmp_path: Path, searcher: SearchProcess
) -> None:
    """Two versions are in force; the call holds the first one, or none of them."""
    import numpy as np  # noqa: PLC0415  an extra

    notice, other = prompts(tmp_path)
    drafts = [
        replace(from_time(a_draft(path), "2026-01-01T00:00:00Z"), title=path.stem)
        for path in (notice, make_sound(tmp_path / "noise.wav"))
    ]
    one, _two = added(vault, *drafts)
    folder = incident(tmp_path / "i")
    heard = samples(other if first else notice)
    silence = np.zeros(round(AT * 8), np.int16)
    both = np.zeros((silence.size + heard.size + 8000, 2), np.int16)
    both[silence.size : silence.size + heard.size, 1] = heard
    sound = wav.riff(wav.form(channels=2), wav.chunk(b"data", both.astype("<i2").tobytes()))
    (folder / "call.wav").write_bytes(sound)
    (folder / "markers.json").unlink()
    document = json.loads((folder / "incident.json").read_text(encoding="utf-8"))
    (folder / "incident.json").write_text(json.dumps({**document, "measures": []}), encoding="utf-8")
    found = sealed(vault, folder, searcher)
    told = found.evidence()
    assert told["grade"] == ("none" if first else "in_recording")
    if first:
        assert code in found.codes()["against"]
        assert told["for"] == []
    else:
        (item,) = told["for"]
        assert (item["code"], item["version"], item["channel"]) == (code, one.id, 1)
        assert abs(item["at_ms"] - AT) <= TOLERANCE


def test_a_recording_that_is_no_sound(vault: Path, tmp_path: Path, searcher: SearchProcess) -> None:
    added(vault, sample_notice(tmp_path))
    folder = incident(tmp_path / "i", measures=[])
    (folder / "markers.json").unlink()
    (folder / "call.wav").write_bytes(os.urandom(5000))
    found = sealed(vault, folder, searcher)
    assert found.codes()["for"] == found.codes()["against"] == []
    assert "NOT_SEARCHED" in found.codes()["unseen"]


def test_without_the_extra(vault: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    added(vault, sample_notice(tmp_path))
    monkeypatch.setattr(media, "is_installed", lambda: False)
    with SearchProcess() as process:
        found = sealed(vault, incident(tmp_path / "i"), process)
    (search,) = found.of("notice_search")
    assert (search["problems"], search["matches"]) == (["no_media"], [])
    assert [i["text"] for i in found.evidence()["unseen"] if i["code"] == "NOT_SEARCHED"] == ["no_media"]


def test_a_search_process_that_can_not_be_started(vault: Path, tmp_path: Path) -> None:
    added(vault, sample_notice(tmp_path))
    with SearchProcess(command=["/nonexistent"]) as process:
        found = sealed(vault, incident(tmp_path / "i"), process)
    assert [i["text"] for i in found.evidence()["unseen"] if i["code"] == "NOT_SEARCHED"] == ["not_started"]


# How far, and what is recorded


@pytest.mark.parametrize(("extent", "seconds"), [("beginning", 120), ("whole", None)])
def test_how_much_is_searched(extent: str, seconds: int | None, vault: Path, tmp_path: Path) -> None:
    added(vault, sample_notice(tmp_path))
    searcher = StandIn()
    sealed(vault, incident(tmp_path / "i"), searcher, extent=extent)
    assert [asked[2] for asked in searcher.asked] == [seconds]
    # one that another incident may have left is ended first
    assert (searcher.opened, searcher.closed) == (1, 2)


@pytest.mark.parametrize("draws", [False, True])
def test_search_that_is_off(vault: Path, tmp_path: Path, *, draws: bool) -> None:
    """The announcement is embedded all the same; only to draw a process is needed."""
    (version,) = added(vault, sample_notice(tmp_path))
    searcher = StandIn()
    found = sealed(
        vault, incident(tmp_path / "i"), searcher, extent="off", between=partial(replace, draws=draws)
    )
    assert (searcher.asked, searcher.opened, found.of("notice_search")) == ([], int(draws), [])
    assert found.versions() == {version.id}
    assert [i["text"] for i in found.evidence()["unseen"] if i["code"] == "NOT_SEARCHED"] == ["off"]


def test_logs_and_a_kept_dialplan(vault: Path, tmp_path: Path) -> None:
    names = ("custom/record-notice", "custom/recording-notice")
    (version,) = added(vault, replace(sample_notice(tmp_path), played_as=names))
    call = {"id": ID, "started": "2026-11-05T10:15:02+02:00", "recording": "call.wav", "channels": ["a", "b"]}
    folder = incident(tmp_path / "i", calls=[call], time_zone="Europe/Kyiv", measures=[])
    (folder / "markers.json").unlink()
    (folder / "cel.csv").write_text(CEL, encoding="utf-8")
    (folder / "extensions.conf").write_text(EXTENSIONS, encoding="utf-8")
    found = sealed(vault, folder)
    items = {item["code"]: item for item in found.evidence()["for"]}
    assert list(items) == ["LOGGED", "CONFIGURED"]
    by_name = {
        name: exhibit for exhibit, name in {**found.exhibits("pbx"), **found.exhibits("other")}.items()
    }
    assert (items["LOGGED"]["exhibit"], items["LOGGED"]["line"]) == (by_name["cel.csv"], 3)
    assert items["CONFIGURED"]["exhibit"] == by_name["extensions.conf"]
    assert {item["version"] for item in items.values()} == {version.id}
    assert found.evidence()["grade"] == "pbx_log"
    (log,) = found.of("pbx")
    assert log["exhibit"] == by_name["cel.csv"]
    assert "RECORDED_LATER" in found.codes()["unseen"]


# Room in an archive


def piece(number: int) -> Segment:
    return Segment(number, number + 1, 500, 0, is_heard=True)


@pytest.mark.parametrize(("searched", "room"), [(1, MOST_SEGMENTS), (2000, 60)])
def test_pieces_of_the_weakest_matches_are_left_out(searched: int, room: int) -> None:
    pieces = tuple(map(piece, range(room // 2)))
    matches = (
        Match("a", 0, "not_detected", segments=pieces),
        Match("a", 1, "similar", 5, segments=pieces),
        Match("b", 0, "found", 5, 900, segments=pieces),
        Match("b", 1, "partial", 5, 300, segments=()),
    )
    search = NoticeSearch("x", 1, True, 2, matches, Waveform(1, (b"1", b"2")))
    bounded = noticework._bounded(search, searched)
    assert [len(match.segments) for match in bounded.matches] == [0, room // 2, room // 2, 0]
    assert [replace(match, segments=()) for match in bounded.matches] == [
        replace(match, segments=()) for match in matches
    ]
    assert (bounded.waveform is None) == (searched > 500)


# A folder that was changed since its seal, and one that wasn't


def test_embedded_sounds_are_no_change_of_the_folder(vault: Path, tmp_path: Path) -> None:
    added(vault, sample_notice(tmp_path))
    folder = incident(tmp_path / "i")
    sealed(vault, folder, StandIn())
    with pytest.raises(StateError, match="sealed already"):
        sealed(vault, folder, StandIn())
    added(vault, from_time(a_draft(make_sound(tmp_path / "2.wav")), "2026-01-01T00:00:00Z"))
    with pytest.raises(StateError, match="sealed already"):
        sealed(vault, folder, StandIn())
    (folder / "call.wav").write_bytes(resources.sample("call.wav") + b"x")
    with pytest.raises(StateError, match="changed"):
        sealed(vault, folder, StandIn())


@pytest.mark.parametrize("is_dropped", [False, True])
def test_nor_for_a_batch(is_dropped: bool, vault: Path, tmp_path: Path) -> None:  # noqa: FBT001
    added(vault, sample_notice(tmp_path))
    box = tmp_path / "box"
    box.mkdir()
    if is_dropped:
        (box / "a.wav").write_bytes(resources.sample("call.wav"))
        (box / "a.json").write_text(json.dumps({"format": 1, "number": "A"}), encoding="utf-8")
    else:
        incident(box / "i")
    age(box)
    told = run_batch(vault, box)
    assert told.kinds() == ["Sealed"], told.outcomes
    (archive,) = (vault / "archives").glob("*/*.asice")
    assert [r for r in records_of(vault, archive) if r["kind"] == "announcement"]
    assert run_batch(vault, box).kinds() == []
    copy = tmp_path / "copy"
    box.rename(copy)  # elsewhere nothing is remembered: the archive itself must tell
    assert run_batch(vault, copy).kinds() == ["Already"]
    added(vault, from_time(a_draft(make_sound(tmp_path / "2.wav")), "2026-01-01T00:00:00Z"))
    again = tmp_path / "again"
    copy.rename(again)
    assert run_batch(vault, again).kinds() == ["Already"]
    sidecar = again / "a.json" if is_dropped else again / "i" / "note.txt"
    sidecar.write_text('{"format": 1, "number": "A", "title": "x"}', encoding="utf-8")
    age(again)
    assert run_batch(vault, again).kinds() == ["SetAside"]


def age(folder: Path) -> None:
    for path in folder.rglob("*"):
        os.utime(path, (OLD, OLD))


def test_several_incidents_of_one_seal(vault: Path, tmp_path: Path, searcher: SearchProcess) -> None:
    """Each decodes its sounds in a process of its own."""
    added(vault, sample_notice(tmp_path))
    folders = [incident(tmp_path / name, name) for name in ("A", "B")]
    seen: list[int | None] = []
    inner = searcher.hear

    def hear(*given: Any, **named: Any) -> Heard:
        found = inner(*given, **named)
        seen.append(searcher.process_id)
        return found

    searcher.hear = hear  # type: ignore[method-assign]
    outcomes = sealed_all(vault, folders, searcher)
    assert not [outcome for outcome in outcomes if isinstance(outcome, Failed)]
    for outcome in outcomes:
        assert isinstance(outcome, Sealed)
        assert Sealing(outcome, records_of(vault, outcome.archive)).evidence()["grade"] == "in_recording"
    assert len(set(seen)) == 2
