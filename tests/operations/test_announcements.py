"""What the process that holds the vault gathers of its notice register, for those that write bodies."""

import pickle
from dataclasses import replace
from pathlib import Path

import pytest

from evidence.crypto import notes
from evidence.digests import sha256
from evidence.operations.announcements import Gathered, gather
from evidence.operations.searching import search_of, wanted
from evidence.register import checkpoint, merkle, proof
from tests.operations.notice_scene import a_draft, from_time, make_sound, open_vault, utc
from tests.operations.scene import make_incident, make_vault, seal
from tests.operations.searching_scene import StandIn, added, incident, sample_notice, sealed


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    return make_vault(tmp_path / "vault")


def gathered(root: Path) -> Gathered:
    opened = open_vault(root)
    try:
        return gather(opened)
    finally:
        opened.close()


def test_nothing_of_a_vault_without_versions(vault: Path) -> None:
    assert gathered(vault) == Gathered()


def test_versions_in_their_order_with_their_places(vault: Path, tmp_path: Path) -> None:
    """Each proof leads from the entry to the newest signed head; archives lie between them."""
    first = from_time(a_draft(make_sound(tmp_path / "1.wav", 1)), "2026-01-01T00:00:00Z")
    (one,) = added(vault, first)
    seal(vault, make_incident(tmp_path / "i"))
    (two,) = added(vault, replace(from_time(a_draft(None), "2026-06-01T00:00:00Z"), replaces=one.id))
    found = gathered(vault).announcements
    assert [each.notice.id for each in found] == [one.id, two.id]
    assert [each.ends for each in found] == [utc("2026-06-01T00:00:00Z"), None]
    assert found[0].sound == (vault / "notices" / one.id / "sound.wav").resolve()
    assert found[1].sound is None
    head = checkpoint.parse(notes.parse((vault / "register" / "head").read_bytes()).text)
    for each, version in zip(found, (one, two), strict=True):
        path = vault / "notices" / version.id / "notice.json"
        assert each.document.encode() == path.read_bytes()
        parsed = proof.parse(each.proof.encode())
        assert parsed.index == version.sequence
        assert checkpoint.parse(notes.parse(parsed.checkpoint).text) == head
        leaf = merkle.leaf_hash(each.entry.encode())
        assert merkle.verify_inclusion(leaf, parsed.index, head.size, parsed.hashes, head.root)
    assert pickle.loads(pickle.dumps(found)) == found  # noqa: S301  our own; workers are handed it


@pytest.mark.parametrize("what", ["sound changed", "sound gone", "document changed", "document gone"])
def test_a_damaged_version_is_told_and_hinders_nothing(what: str, vault: Path, tmp_path: Path) -> None:
    bad = from_time(a_draft(make_sound(tmp_path / "1.wav", 1)), "2026-01-01T00:00:00Z")
    one, two = added(vault, bad, sample_notice(tmp_path))
    file = "sound.wav" if what.startswith("sound") else "notice.json"
    path = vault / "notices" / one.id / file
    path.chmod(0o600)
    data = path.read_bytes()
    path.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    if what.endswith("gone"):
        path.unlink()
    found = gathered(vault)
    assert [each.notice.id for each in found.announcements] == [two.id]
    assert found.damaged == (one.id,)
    assert found.titles == {two.id: "Зразок"}
    made = sealed(vault, incident(tmp_path / "i"), StandIn())
    assert made.versions() == {two.id}
    assert [i["text"] for i in made.evidence()["unseen"] if i["code"] == "VERSION_DAMAGED"] == [one.id]


@pytest.mark.parametrize("option", [None, "beginning", "whole", "off"])
@pytest.mark.parametrize(
    ("settings", "extent", "seconds"),
    [
        ("", "beginning", 120),
        ("search_seconds = 33", "beginning", 33),
        ('search = "whole"', "whole", None),
        ('search = "off"', "off", 120),
    ],
)
def test_how_far_is_searched(
    option: str | None, settings: str, extent: str, seconds: int | None, vault: Path
) -> None:
    """As the configuration says, unless the command line says something else."""
    path = vault / "evidence.toml"
    path.write_text(f"{path.read_text(encoding='utf-8')}\n[notice]\n{settings}\n", encoding="utf-8")
    opened = open_vault(vault)
    try:
        found = search_of(opened, option)
    finally:
        opened.close()
    assert found.extent == (option or extent)
    if option is None:
        assert found.seconds == seconds
    if option == "whole":
        assert found.seconds is None


def test_what_is_looked_for(vault: Path, tmp_path: Path) -> None:
    added(vault, sample_notice(tmp_path), from_time(a_draft(None), "2026-01-01T00:00:00Z"))
    sound, wording = gathered(vault).announcements
    found = wanted(sound)
    assert found is not None
    assert (found.id, found.clause_start_ms, found.clause_end_ms) == (sound.notice.id, 100, 1750)
    assert found.path.read_bytes() == (tmp_path / "announcement.wav").read_bytes()
    assert found.sha256 == sha256(found.path.read_bytes())
    assert wanted(wording) is None
