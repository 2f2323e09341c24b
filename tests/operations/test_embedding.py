"""Which versions of the notice an archive holds, and their sounds as exhibits of it."""

import datetime as dt
import json
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from evidence import canonical, resources
from evidence.errors import EvidenceError, StateError, StoreError
from evidence.intake.files import MAX_FILES
from evidence.intake.folder import read_folder
from evidence.model.announcement import LONGEST_DOCUMENT, Announcement
from evidence.operations import embedding
from evidence.operations.seal import Failed, Sealed
from evidence.operations.searching import Search
from tests.operations.notice_scene import a_draft, from_time, make_sound
from tests.operations.scene import check_whole, make_incident, make_vault
from tests.operations.searching_scene import (
    STARTED,
    StandIn,
    added,
    incident,
    records_of,
    sample_notice,
    sealed,
    sealed_all,
)
from tests.schemas.announced import announcement


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    return make_vault(tmp_path / "vault")


def two(tmp_path: Path, end: str, begin: str) -> tuple[Any, Any]:
    """Drafts of a version that ends, and of one that begins."""
    first = from_time(a_draft(make_sound(tmp_path / "1.wav", 1)), "2026-01-01T00:00:00Z", end)
    return first, from_time(a_draft(make_sound(tmp_path / "2.wav", 2)), begin)


# In force at the call's beginning, to the instant


@pytest.mark.parametrize(
    ("end", "begin", "expected"),
    [
        (STARTED, STARTED, [1]),
        ("2026-11-05T08:15:02.001Z", "2026-11-05T08:15:02.001Z", [0]),
        ("2026-11-05T08:15:01.999Z", "2026-11-05T08:15:02.001Z", []),
        ("2026-12-01T00:00:00Z", "2026-10-01T00:00:00Z", [0, 1]),
    ],
)
def test_the_beginning_counts_and_the_end_does_not(
    end: str, begin: str, expected: list[int], vault: Path, tmp_path: Path
) -> None:
    ids = [version.id for version in added(vault, *two(tmp_path, end, begin))]
    found = sealed(vault, incident(tmp_path / "i"), StandIn())
    assert found.versions() == {ids[number] for number in expected}
    assert ("NO_VERSION" in found.codes()["unseen"]) == (not expected)
    assert len(found.exhibits()) == len(expected)


def test_a_version_that_was_replaced_ends_with_its_successor(vault: Path, tmp_path: Path) -> None:
    first, second = two(tmp_path, "", STARTED)
    (old,) = added(vault, first)
    (new,) = added(vault, replace(second, replaces=old.id))
    before = incident(tmp_path / "a", "A", calls=[_call("2026-11-05T08:15:01Z")])
    after = incident(tmp_path / "b", "B", calls=[_call(STARTED)])
    assert sealed(vault, before, StandIn()).versions() == {old.id}
    assert sealed(vault, after, StandIn()).versions() == {new.id}


def _call(started: str, recording: str = "call.wav") -> dict[str, Any]:
    return {"started": started, "recording": recording, "channels": ["caller", "agent"]}


def test_each_recording_has_the_versions_of_its_own_call(vault: Path, tmp_path: Path) -> None:
    first, second = added(vault, *two(tmp_path, "2026-06-01T00:00:00Z", "2026-06-01T00:00:00Z"))
    calls = [_call("2026-05-05T10:00:00Z", "a.wav"), _call(STARTED)]
    folder = incident(tmp_path / "i", calls=calls)
    (folder / "a.wav").write_bytes(resources.sample("call.wav"))
    searcher = StandIn()
    found = sealed(vault, folder, searcher)
    assert found.versions() == {first.id, second.id}
    asked = {name: [each.id for each in sought] for name, sought, _seconds in searcher.asked}
    assert asked == {"a.wav": [first.id], "call.wav": [second.id]}
    for name, version in (("a.wav", first.id), ("call.wav", second.id)):
        assert {item["version"] for item in found.evidence(name)["for"]} == {version}


def test_a_call_whose_time_nobody_states(vault: Path, tmp_path: Path) -> None:
    """Those in force now: both drafts' times lie around the sample's, the first one is over."""
    _first, second = added(vault, *two(tmp_path, "2026-06-01T00:00:00Z", "2026-06-01T00:00:00Z"))
    folder = incident(tmp_path / "i", calls=[], measures=[])
    (folder / "markers.json").unlink()
    found = sealed(vault, folder, StandIn())
    assert found.versions() == {second.id}
    assert found.codes()["unseen"][0] == "TIME_UNKNOWN"


@pytest.mark.parametrize("draws", [False, True])
def test_a_vault_without_versions(vault: Path, tmp_path: Path, *, draws: bool) -> None:
    searcher = StandIn()
    found = sealed(vault, incident(tmp_path / "i"), searcher, between=partial(replace, draws=draws))
    assert (found.versions(), found.exhibits(), searcher.asked) == (set(), {}, [])
    assert found.codes() == {"for": [], "against": [], "unseen": ["NO_VERSION", "NO_PBX_RECORDS"]}
    assert (searcher.opened, searcher.closed) == (int(draws), 0)


# Sounds


def test_a_sound_is_an_exhibit_byte_for_byte(vault: Path, tmp_path: Path) -> None:
    (version,) = added(vault, from_time(a_draft(make_sound(tmp_path / "1.wav")), "2026-01-01T00:00:00Z"))
    found = sealed(vault, incident(tmp_path / "i"), StandIn())
    (record,) = found.of("announcement")
    assert found.exhibits() == {record["exhibit"]: f"notice-{version.id[:8]}.wav"}
    assert record["document"].encode() == (vault / "notices" / version.id / "notice.json").read_bytes()
    (exhibit,) = [r for r in found.of("exhibit") if r["exhibit"] == record["exhibit"]]
    assert exhibit["sha256"] == record["recording_sha256"]
    assert (tmp_path / "1.wav").read_bytes() in found.outcome.archive.read_bytes()
    assert found.of("notice")[0]["exhibits"] == []  # none that the incident itself brought


def test_the_incidents_own_announcement_is_not_there_twice(vault: Path, tmp_path: Path) -> None:
    added(vault, sample_notice(tmp_path))
    folder = make_incident(tmp_path / "i")
    found = sealed(vault, folder, StandIn())
    assert list(found.exhibits().values()) == ["notice.wav"]
    (record,) = found.of("announcement")
    assert record["exhibit"] in found.exhibits()


def test_an_announcement_of_the_same_length_is_another_one(vault: Path, tmp_path: Path) -> None:
    (version,) = added(vault, sample_notice(tmp_path))
    folder = make_incident(tmp_path / "i")
    data = (folder / "notice.wav").read_bytes()
    (folder / "notice.wav").write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    found = sealed(vault, folder, StandIn())
    assert sorted(found.exhibits().values()) == [f"notice-{version.id[:8]}.wav", "notice.wav"]


def test_versions_with_the_same_sound_share_an_exhibit(vault: Path, tmp_path: Path) -> None:
    drafts = two(tmp_path, "", "2026-02-01T00:00:00Z")
    versions = added(vault, drafts[0], replace(drafts[1], sound=drafts[0].sound))
    found = sealed(vault, incident(tmp_path / "i"), StandIn())
    assert found.versions() == {version.id for version in versions}
    assert len(found.exhibits()) == 1
    assert len({record["exhibit"] for record in found.of("announcement")}) == 1


def test_a_file_of_the_incident_that_is_called_so(vault: Path, tmp_path: Path) -> None:
    (version,) = added(vault, sample_notice(tmp_path))
    folder = incident(tmp_path / "i")
    for name in (f"notice-{version.id[:8]}.wav", f"notice-{version.id[:8]}-2.wav"):
        (folder / name).write_bytes(resources.sample("call.wav"))
    found = sealed(vault, folder, StandIn())
    assert list(found.exhibits().values()) == [f"notice-{version.id[:8]}-3.wav"]


def test_a_version_without_sound(vault: Path, tmp_path: Path) -> None:
    added(vault, from_time(a_draft(None), "2026-01-01T00:00:00Z"))
    searcher = StandIn()
    found = sealed(vault, incident(tmp_path / "i"), searcher)
    (record,) = found.of("announcement")
    assert "exhibit" not in record
    assert (searcher.asked, found.of("notice_search")) == ([], [])
    assert found.codes()["unseen"] == ["WITHOUT_SOUND", "NO_PBX_RECORDS"]


# A sound that is changed while it is copied


@pytest.mark.parametrize("change", ["exchanged", "shorter", "longer", "gone", "link"])
def test_a_sound_that_changes_after_it_was_gathered(change: str, vault: Path, tmp_path: Path) -> None:
    """Refused; nothing is entered, nothing is left, and a later seal goes on without the damaged version."""
    (version,) = added(vault, sample_notice(tmp_path))
    path = vault / "notices" / version.id / "sound.wav"
    data = path.read_bytes()

    def meddle(search: Search) -> Search:
        path.chmod(0o600)
        path.write_bytes({"shorter": data[:-9], "longer": data + b"x"}.get(change, bytes(len(data))))
        if change in {"gone", "link"}:
            path.unlink()
        if change == "link":
            path.symlink_to(tmp_path / "announcement.wav")
        return search

    folder = make_incident(tmp_path / "i")
    (folder / "notice.wav").unlink()
    _forget(folder)
    (outcome,) = sealed_all(vault, [folder], StandIn(), between=meddle)
    if change == "longer":  # its beginning is still the announcement
        assert isinstance(outcome, Sealed)
        records_of(vault, outcome.archive)
        return
    assert isinstance(outcome, Failed)
    assert isinstance(outcome.error, EvidenceError)
    assert isinstance(outcome.error, StateError | StoreError) or outcome.error.exit_code == 4
    assert outcome.error.hint
    assert list((vault / "staging").iterdir()) == []
    assert list((vault / "archives").glob("*/*.asice")) == []
    found = sealed(vault, folder, StandIn())
    assert found.versions() == set()
    assert [i["text"] for i in found.evidence()["unseen"] if i["code"] == "VERSION_DAMAGED"] == [version.id]
    path.unlink(missing_ok=True)
    path.write_bytes(data)


def _forget(folder: Path) -> None:
    """The incident states nothing about a notice of its own."""
    document = json.loads((folder / "incident.json").read_text(encoding="utf-8"))
    document["notice"] = {"grade": "none"}
    for name in ("exhibits", "acquisitions"):
        document[name] = []
    (folder / "incident.json").write_text(json.dumps(document), encoding="utf-8")


# Many versions, and long ones


def test_a_hundred_versions_in_force(vault: Path, tmp_path: Path) -> None:
    drafts = [
        from_time(a_draft(make_sound(tmp_path / f"{n}.wav", n)), f"2026-01-01T00:00:00.{n:03}Z")
        for n in range(101)
    ]
    versions = added(vault, *drafts)
    found = sealed(vault, incident(tmp_path / "i"), StandIn())
    assert found.versions() == {version.id for version in versions[1:]}
    left_out = [item["text"] for item in found.evidence()["unseen"] if item["code"] == "VERSION_LEFT_OUT"]
    assert left_out == [versions[0].id]
    assert len(found.exhibits()) == 100
    (search,) = found.of("notice_search")
    assert [m["version"] for m in search["matches"][::2]] == [version.id for version in versions[1:]]


def test_long_wordings_never_hinder_a_seal(vault: Path, tmp_path: Path) -> None:
    """Each is as long as a wording can be; of as many as one likes those that fit are taken."""
    words = "\U0001f3a7" * 19_999
    drafts = [
        from_time(
            replace(
                a_draft(make_sound(tmp_path / f"{n}.wav", n)),
                text=words,
                key_clause=replace(a_draft(tmp_path / f"{n}.wav").key_clause, text=words),
            ),
            f"2026-01-01T00:00:00.{n:03}Z",
        )
        for n in range(30)
    ]
    versions = added(vault, *drafts)
    found = sealed(vault, incident(tmp_path / "i"), StandIn())
    kept = [version.id for version in versions if version.id in found.versions()]
    assert 20 <= len(kept) < 30
    assert kept == [version.id for version in versions[-len(kept) :]]
    assert found.codes()["unseen"].count("VERSION_LEFT_OUT") == 30 - len(kept)


def test_a_version_that_no_record_can_hold_is_left_out(tmp_path: Path) -> None:
    """A notice.json may be longer than the record's schema allows; one that fits is taken beside it."""
    folder = read_folder(make_incident(tmp_path / "i"))
    usual = announcement()
    document = json.loads(usual.document)
    long = {**document, "text": "я" * LONGEST_DOCUMENT}
    longer = replace(usual, document=canonical.encode(long).decode())
    assert embedding.that_fit(folder, [usual, longer]) == (usual,)
    assert embedding.that_fit(folder, [longer]) == ()
    escaped = {**document, "text": '"' * (LONGEST_DOCUMENT // 2 - 2000)}  # four bytes each in the record
    assert embedding.that_fit(folder, [replace(usual, document=canonical.encode(escaped).decode())]) == ()


def test_an_incident_of_as_many_files_as_there_can_be_has_room_for_no_sound(tmp_path: Path) -> None:
    folder = read_folder(make_incident(tmp_path / "i"))
    full = replace(folder, files=(folder.files[0],) * MAX_FILES)
    almost = replace(folder, files=(folder.files[0],) * (MAX_FILES - 1))
    one = announcement()
    assert embedding.that_fit(full, [one]) == ()
    assert embedding.that_fit(almost, [one, one]) == (one,)


def test_in_force_asks_the_calls_own_offset(tmp_path: Path) -> None:
    """The sample call began at 10:15:02+02:00; now doesn't count."""
    folder = read_folder(make_incident(tmp_path / "i"))
    never = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)

    def ends(at: str) -> Announcement:
        return replace(announcement(), ends=dt.datetime.fromisoformat(at))

    after, before = ends("2026-11-05T10:15:02.001+02:00"), ends("2026-11-05T10:15:02+02:00")
    assert embedding.in_force(folder, [after, before], never) == {"call.wav": (after,)}


def test_sealing_with_versions_leaves_the_register_whole(vault: Path, tmp_path: Path) -> None:
    added(vault, sample_notice(tmp_path))
    folder = make_incident(tmp_path / "i")
    sealed(vault, folder, StandIn())
    check_whole(vault, folder)
