"""Waveforms in archives: of every recording that can be drawn, within bounds, and never in the way of sealing."""

import base64
import json
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence import canonical
from evidence.intake import records
from evidence.intake.folder import read_folder
from evidence.media import search as media
from evidence.model.records import MAX_TEXTS, ExhibitFacts
from evidence.model.waveform import MOST_COLUMNS, Drawing
from evidence.operations import drawings
from evidence.operations.drawings import that_fit
from evidence.operations.examine import examine
from evidence.operations.searching import search_of
from tests.batch.scene import run_batch
from tests.entropy import counting
from tests.media import wav
from tests.operations.notice_scene import open_vault
from tests.operations.scene import make_incident, make_vault, no_probe
from tests.operations.searching_scene import StandIn, incident, real, records_of, sealed

LOUD = Drawing("stand_in", 10, (bytes(range(250)) * 12,) * 8)
RECORDING = ExhibitFacts("E1", "exhibits/E1.wav", "a.wav", "recording", 1, bytes(32))


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    return make_vault(tmp_path / "vault")


@dataclass
class Drawer(StandIn):
    """Draws every recording so."""

    drawing: Drawing = LOUD

    def hear(self, *_given: Any) -> media.Heard:
        return media.Heard(None, self.drawing)


def test_the_sample_call(vault: Path, tmp_path: Path) -> None:
    """The peaks of the call that lies in the archive; its announcement isn't drawn."""
    with real() as searcher:
        found = sealed(vault, incident(tmp_path / "i"), searcher)
    (record,) = found.of("waveform")
    assert found.exhibits("recording") == {record["exhibit"]: "call.wav"}
    drawing = Drawing.from_document(record)
    assert (drawing.algorithm, drawing.column_ms, drawing.problems) == ("evidence_waveform_1", 10, ())
    assert [drawing.columns, len(drawing.channels)] == [1094, 2]  # 87,483 samples of 8,000 a second, by soxi
    assert all(max(channel) > 100 for channel in drawing.channels)


@pytest.mark.parametrize("how", ["option", "configuration", "nobody", "no extra", "crash"])
def test_no_waveform(how: str, vault: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The recording is sealed all the same."""
    folder = incident(tmp_path / "i")
    if how == "configuration":
        with (vault / "evidence.toml").open("a", encoding="utf-8") as file:
            file.write("\n[waveform]\nrecord = false\n")
    if how == "no extra":
        monkeypatch.setattr(media, "is_installed", lambda: False)
    crash = Drawer(drawing=Drawing(problems=("crashed",)))
    searcher = {"nobody": None, "crash": crash, "no extra": media.SearchProcess()}.get(how, Drawer())
    between = partial(replace, draws=False) if how == "option" else lambda search: search
    found = sealed(vault, folder, searcher, between=between)
    assert found.of("waveform") == []
    assert found.outcome.body.undrawn == 0


def test_the_configuration_decides_unless_it_is_told_otherwise(vault: Path) -> None:
    opened = open_vault(vault)
    try:
        assert search_of(opened).draws
        assert not search_of(opened, draws=False).draws
    finally:
        opened.close()


def test_a_batch_draws(vault: Path, tmp_path: Path) -> None:
    """Several incidents, one after the other in one process."""
    inbox = tmp_path / "inbox"
    for number in range(3):
        make_incident(inbox / f"i{number}", f"INC-{number}")
    assert run_batch(vault, inbox, draws=True).kinds() == ["Sealed"] * 3
    archives = sorted((vault / "archives").rglob("*.asice"))
    for archive in archives:
        kinds = [record["kind"] for record in records_of(vault, archive)]
        assert kinds.count("waveform") == 1
    assert len(archives) == 3


def test_a_thousand_recordings(vault: Path, tmp_path: Path) -> None:
    """Each has a waveform of eight channels, in fewer columns than one alone would have."""
    folder = tmp_path / "many"
    folder.mkdir()
    sound = wav.riff(wav.form(), wav.chunk(b"data", bytes(160)))
    for number in range(990):
        (folder / f"{number}.wav").write_bytes(sound + number.to_bytes(2, "big"))
    (folder / "incident.json").write_text(
        json.dumps({"format": 1, "number": "INC-1", "calls": []}), encoding="utf-8"
    )
    found = sealed(vault, folder, Drawer())
    drawn = [Drawing.from_document(record) for record in found.of("waveform")]
    assert len(drawn) == 990
    assert {(drawing.columns, drawing.column_ms) for drawing in drawn} == {(200, 150)}
    assert found.outcome.body.undrawn == 0
    assert sum(len(canonical.encode(record)) for record in found.of("waveform")) <= drawings.MOST_CHARACTERS
    assert base64.b64decode(found.of("waveform")[0]["channels"][0])[:3] == bytes([14, 29, 44])


def test_without_room_the_rest_is_left_out(
    vault: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = incident(tmp_path / "i")
    (folder / "other.wav").write_bytes((folder / "call.wav").read_bytes() + b"\0")
    monkeypatch.setattr(drawings, "MOST_CHARACTERS", 512 + 8 * 136 + 100)
    found = sealed(vault, folder, Drawer())
    (record,) = found.of("waveform")
    assert Drawing.from_document(record).columns == 100
    assert found.outcome.body.undrawn == 1


@given(
    st.lists(st.tuples(st.integers(1, MOST_COLUMNS), st.integers(1, 8)), max_size=30),
    st.integers(0, 500_000),
    st.integers(0, 40),
)
def test_what_fits(sizes: list[tuple[int, int]], room: int, count: int) -> None:
    """All of them as they are, or all in longer columns, or the first; never more than there is room for."""
    drawn = [(RECORDING, Drawing("a", 10, (bytes(columns),) * channels)) for columns, channels in sizes]
    found = that_fit([*drawn, (RECORDING, Drawing(problems=("crashed",)))], room, count)
    assert sum(len(canonical.encode(drawing.to_document())) for _, drawing in found) <= room
    assert len(found) <= min(count, len(drawn))
    for (_, drawing), (_, whole) in zip(found, drawn, strict=False):
        assert drawing == whole.within(drawing.columns)
    least = sum(600 + len(d.channels) * (4 + 4 * min(d.columns, 100) // 3) for _, d in drawn)
    if least <= room and len(drawn) <= count:
        assert len(found) == len(drawn)
    if (
        sum(600 + len(d.channels) * (4 + 4 * d.columns // 3) for _, d in drawn) <= room
        and len(drawn) <= count
    ):
        assert found == drawn


@pytest.mark.parametrize("few", [0, 40])
def test_what_other_records_need_is_never_underestimated(
    few: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(records, "_FEW", few)
    folder = read_folder(make_incident(tmp_path / "i"))
    exhibits = examine(folder, no_probe, with_digests=True)
    made = dict(records.build_records(folder, exhibits, counting("x"), is_draft=True))
    texts = sum(len(canonical.encode({**made[name], "bytes": ""})) for name in made)
    count, characters = records.measured(folder, exhibits)
    assert count == len(made)
    assert texts <= characters <= MAX_TEXTS
