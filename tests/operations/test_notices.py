"""The notice register: what is added is whole and proven, what is in force follows from all versions."""

import hashlib
import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from evidence.errors import StateError, UsageError
from evidence.intake import notices as intake
from evidence.model.notice import KeyClause
from evidence.model.recording import RecordingFacts
from evidence.operations import notices
from evidence.operations.notice_add import add
from evidence.operations.seams import Seams
from evidence.vault.vault import load_keys
from tests.operations.notice_scene import (
    a_draft,
    add_notice,
    check_notices,
    find,
    from_time,
    in_force,
    make_sound,
    open_vault,
    versions,
)
from tests.operations.scene import check_whole, make_incident, make_vault, seal

# What is kept


def test_sound_and_statements_are_kept_as_they_were_given(tmp_path: Path) -> None:
    vault, sound = make_vault(tmp_path / "vault"), make_sound(tmp_path / "привіт.WAV")
    draft = replace(
        a_draft(sound),
        title="Вітання",
        valid_to=intake.stated("2026-12-31", "UTC", "--valid-to", is_end=True),
    )
    added = add_notice(vault, draft)
    check_notices(vault)
    folder = vault / "notices" / added.id
    assert (folder / "sound.wav").read_bytes() == sound.read_bytes()
    document = json.loads((folder / "notice.json").read_bytes())
    assert len(bytes.fromhex(document.pop("salt"))) == 32
    assert set(document.pop("added")) == {"claimed_time", "operator", "host", "software"}
    size = 2 * 8000 * 2
    assert document == {
        "format": 1,
        "kind": "notice_version",
        "notice_id": added.id,
        "title": "Вітання",
        "language": "uk",
        "text": "Доброго дня! Звертаємо увагу: розмова записується.",
        "key_clause": {"start_ms": 500, "end_ms": 1500},
        "valid_from": {
            "utc": "2025-12-31T22:00:00.000Z",
            "text": "2026-01-01",
            "source": "notice add --valid-from --zone Europe/Kyiv",
        },
        "valid_to": {
            "utc": "2027-01-01T00:00:00.000Z",
            "text": "2026-12-31",
            "source": "notice add --valid-to --zone UTC",
        },
        "approved_by": "Наказ № 14",
        "sound": {
            "name": "привіт.WAV",
            "file": "sound.wav",
            "size": 44 + size,
            "sha256": hashlib.sha256(sound.read_bytes()).hexdigest(),
            "recording": {
                "container": "wav",
                "codec": "pcm_s16le",
                "sample_rate": 8000,
                "channels": 1,
                "samples": 16000,
                "method": "frames",
                "claims": {"header_samples": 16000, "mutagen_milliseconds": 2000},
                "problems": [],
            },
        },
    }


def test_two_salts_are_never_the_same(tmp_path: Path) -> None:
    vault = make_vault(tmp_path / "vault")
    for month in ("01", "02"):
        add_notice(vault, from_time(a_draft(None), f"2026-{month}-01T00:00:00Z"))
    salts = {json.loads(path.read_bytes())["salt"] for path in (vault / "notices").glob("*/notice.json")}
    assert len(salts) == 2


def test_names_that_are_no_text_or_hostile_are_kept_as_bytes(tmp_path: Path) -> None:
    vault = make_vault(tmp_path / "vault")
    hostile = "\x1b[31m\u202e.mp3"
    add_notice(vault, a_draft(make_sound(tmp_path / hostile)))
    raw = os.fsdecode(b"\xff\xfe.gsm\n")
    added = add_notice(vault, a_draft(make_sound(tmp_path / raw, 1)))
    check_notices(vault, 2)
    first, second = versions(vault)
    assert first.notice is not None
    assert first.notice.sound is not None
    assert (first.notice.sound.name, first.notice.sound.file) == (hostile, "sound.mp3")
    document = json.loads((vault / "notices" / second.id / "notice.json").read_bytes())
    assert document["sound"]["name"] == {"name_base64": "//4uZ3NtCg=="}
    assert document["sound"]["file"] == "sound.bin"
    assert added.sound == vault / "notices" / added.id / "sound.bin"


def test_a_vault_of_an_earlier_version_gets_what_it_lacks(tmp_path: Path) -> None:
    vault = make_vault(tmp_path / "vault")
    (vault / "notices").rmdir()
    assert versions(vault) == []
    add_notice(vault, a_draft(None))
    check_notices(vault)


def test_sealing_goes_on_beside_notices(tmp_path: Path) -> None:
    vault, incident = make_vault(tmp_path / "vault"), make_incident(tmp_path / "incident")
    add_notice(vault, a_draft(None))
    sealed = seal(vault, incident)
    assert sealed.sequence == 2
    check_whole(vault, incident)
    add_notice(vault, a_draft(make_sound(tmp_path / "a.wav")))
    check_notices(vault, 2)


# What is refused


def test_the_same_once_more_is_refused(tmp_path: Path) -> None:
    vault, sound = make_vault(tmp_path / "vault"), make_sound(tmp_path / "a.wav")
    first = add_notice(vault, a_draft(sound))
    again = [
        a_draft(sound),
        a_draft(make_sound(tmp_path / "renamed.wav")),
        replace(a_draft(sound), replaces=first.id[:8]),
    ]
    for draft in again:
        with pytest.raises(StateError, match="in the vault already"):
            add_notice(vault, draft)
    with pytest.raises(StateError, match="something else is said of it") as caught:
        add_notice(vault, replace(a_draft(sound), key_clause=KeyClause(600, 1400)))
    assert f"--replaces {first.id[:8]}" in caught.value.hint
    check_notices(vault)


@pytest.mark.parametrize("what", ["sound", "text", "from", "to"])
def test_another_announcement_or_time_is_another_version(tmp_path: Path, what: str) -> None:
    vault = make_vault(tmp_path / "vault")
    draft = from_time(a_draft(make_sound(tmp_path / "a.wav")), "2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z")
    add_notice(vault, draft)
    other = {
        "sound": replace(draft, sound=make_sound(tmp_path / "b.wav", 1)),
        "text": replace(draft, text="Інший текст"),
        "from": from_time(draft, "2026-01-02T00:00:00Z", "2027-01-01T00:00:00Z"),
        "to": from_time(draft, "2026-01-01T00:00:00Z", "2027-01-02T00:00:00Z"),
    }[what]
    add_notice(vault, other)
    check_notices(vault, 2)


def test_what_cannot_be_is_refused_and_leaves_nothing(tmp_path: Path) -> None:
    vault, sound = make_vault(tmp_path / "vault"), make_sound(tmp_path / "a.wav")
    good = a_draft(sound)
    wrong = [
        (replace(good, key_clause=KeyClause(500, 2001)), "lasts only 2.000 s"),
        (replace(good, key_clause=KeyClause()), "without its key clause"),
        (replace(good, key_clause=KeyClause(text="розмова записується")), "without its key clause"),
        (replace(good, key_clause=KeyClause(1, 2, "не записується")), "do not occur"),
        (replace(good, sound=None), "without its key clause"),
        (replace(good, sound=None, text=""), "its sound or its wording"),
        (replace(good, replaces="0000"), "no notice has an id"),
        (replace(good, replaces="000"), "at least 4 characters"),
        (from_time(good, "2026-01-02T00:00:00Z", "2026-01-02T00:00:00Z"), "validity ends"),
        (from_time(good, "2026-01-02T00:00:00Z", "2026-01-01T00:00:00Z"), "validity ends"),
    ]
    for draft, message in wrong:
        with pytest.raises(UsageError, match=message):
            add_notice(vault, draft)
    check_notices(vault, 0)
    add_notice(vault, replace(good, key_clause=KeyClause(500, 2000, "розмова  записується")))
    check_notices(vault)


def test_a_sound_that_changes_meanwhile_is_refused(tmp_path: Path) -> None:
    vault_root, sound = make_vault(tmp_path / "vault"), make_sound(tmp_path / "a.wav")

    def meddling(_file: object, _size: int, _name: str) -> RecordingFacts:
        sound.write_bytes(sound.read_bytes() + b"x")
        return RecordingFacts()

    vault = open_vault(vault_root)
    with pytest.raises(StateError, match="was changed while"):
        add(vault, a_draft(sound), lambda: load_keys(vault, lambda: b"")[1], meddling, Seams())
    vault.close()
    check_notices(vault_root, 0)


@pytest.mark.parametrize("content", [b"not a sound at all", b"RIFF\xff\xff\xff\xffWAVE", b"\0" * 1000])
def test_what_is_no_sound_is_kept_as_it_is(tmp_path: Path, content: bytes) -> None:
    """That nothing is known of it is told by the command; the key clause can't be compared."""
    vault, sound = make_vault(tmp_path / "vault"), tmp_path / "a.xyz"
    sound.write_bytes(content)
    added = add_notice(vault, a_draft(sound))
    check_notices(vault)
    assert added.notice is not None
    assert added.notice.sound is not None
    assert added.notice.sound.recording.milliseconds is None
    assert (vault / "notices" / added.id / "sound.xyz").read_bytes() == content


def test_another_register_s_key_enters_nothing(tmp_path: Path) -> None:
    vault, other = make_vault(tmp_path / "vault"), make_vault(tmp_path / "other")
    opened, stranger = open_vault(vault), open_vault(other)
    key = load_keys(stranger, lambda: b"")[1]
    with pytest.raises(Exception, match="not the key of this register"):
        add(opened, a_draft(None), lambda: key, lambda _file, _size, _name: RecordingFacts(), Seams())
    opened.close()
    stranger.close()
    check_notices(vault, 0)


# What is in force


def test_in_force_from_its_beginning_to_its_end(tmp_path: Path) -> None:
    vault = make_vault(tmp_path / "vault")
    bounded = from_time(a_draft(None), "2026-03-01T00:00:00+02:00", "2026-06-01T00:00:00+03:00")
    first = add_notice(vault, bounded).id
    second = add_notice(vault, from_time(a_draft(make_sound(tmp_path / "a.wav")), "2026-05-01T00:00:00Z")).id
    assert in_force(vault, "2026-02-28T21:59:59.999Z") == []
    assert in_force(vault, "2026-02-28T22:00:00Z") == [first]
    assert in_force(vault, "2026-05-01T00:00:00Z") == [first, second]
    assert in_force(vault, "2026-05-31T20:59:59.999Z") == [first, second]
    assert in_force(vault, "2026-05-31T21:00:00Z") == [second]


def test_a_successor_ends_those_before_it_and_changes_no_file(tmp_path: Path) -> None:
    vault, base = make_vault(tmp_path / "vault"), a_draft(make_sound(tmp_path / "a.wav"))
    first = add_notice(vault, from_time(base, "2026-01-01T00:00:00Z", "2026-12-01T00:00:00Z")).id
    before = (vault / "notices" / first / "notice.json").read_bytes()
    second = add_notice(vault, replace(from_time(base, "2026-06-01T00:00:00Z"), replaces=first[:4])).id
    assert [version.replaced_by for version in versions(vault)] == [second, ""]
    assert in_force(vault, "2026-05-31T23:59:59Z") == [first]
    assert in_force(vault, "2026-06-01T00:00:00Z") == [second]
    with pytest.raises(StateError, match="was replaced already") as caught:
        add_notice(vault, replace(from_time(base, "2026-07-01T00:00:00Z"), replaces=first))
    assert f"--replaces {second[:8]}" in caught.value.hint
    # a correction that reaches further back than what it corrects ends both
    third = add_notice(vault, replace(from_time(base, "2026-04-01T00:00:00Z"), replaces=second)).id
    assert in_force(vault, "2026-03-31T23:59:59Z") == [first]
    assert in_force(vault, "2026-04-01T00:00:00Z") == [third]
    assert in_force(vault, "2026-06-01T00:00:00Z") == [third]
    assert (vault / "notices" / first / "notice.json").read_bytes() == before
    check_notices(vault, 3)


def test_a_correction_of_what_is_said_replaces_from_the_beginning(tmp_path: Path) -> None:
    vault, base = make_vault(tmp_path / "vault"), a_draft(make_sound(tmp_path / "a.wav"))
    first = add_notice(vault, base).id
    second = add_notice(vault, replace(base, key_clause=KeyClause(400, 1200), replaces=first)).id
    assert in_force(vault, "2026-11-22T00:00:00Z") == [second]


def test_back_to_what_was_replaced_by_mistake(tmp_path: Path) -> None:
    vault, base = make_vault(tmp_path / "vault"), a_draft(make_sound(tmp_path / "a.wav"))
    first = add_notice(vault, base).id
    second = add_notice(vault, replace(base, title="помилка", replaces=first)).id
    with pytest.raises(StateError, match="in the vault already"):
        add_notice(vault, base)
    third = add_notice(vault, replace(base, replaces=second)).id
    assert in_force(vault, "2026-11-22T00:00:00Z") == [third]


def test_a_version_is_found_by_the_beginning_of_its_id(tmp_path: Path) -> None:
    vault = make_vault(tmp_path / "vault")
    added = add_notice(vault, a_draft(None))
    for prefix in (added.id[:4], added.id[:13].upper(), added.id, f" {added.id[:8]}\n"):
        assert find(vault, prefix).id == added.id
    for prefix, message in (("", "at least 4"), (added.id[:3], "at least 4"), ("zzzz", "no notice has")):
        with pytest.raises(UsageError, match=message):
            find(vault, prefix)
    with pytest.raises(UsageError, match="2 notices have ids"):
        notices.chosen([added, replace(added, id=f"{added.id[:8]}-x")], added.id[:8])
