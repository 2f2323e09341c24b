"""`evidence notice find`: how much of which recordings is searched, and for which versions."""

import json
from pathlib import Path
from typing import Any

import pytest

from evidence import resources
from evidence.errors import ExitCode
from tests.cli.noticefind.standin import Capture, StandIn, refused, run
from tests.operations.notice_scene import a_draft, add_notice, from_time, make_sound
from tests.operations.scene import make_incident

# How far


@pytest.mark.usefixtures("notice")
@pytest.mark.parametrize(("options", "seconds"), [((), 120), (("--whole",), None), (("--seconds", "7"), 7)])
def test_how_much_is_searched(
    options: tuple[str, ...], seconds: int | None, stand_in: StandIn, call: Path
) -> None:
    assert run(call, *options) == 0
    assert [asked.seconds for asked in stand_in.asked] == [seconds]


@pytest.mark.usefixtures("notice")
def test_the_vault_can_say_how_much(vault: Path, stand_in: StandIn, call: Path) -> None:
    path = vault / "evidence.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(f"{text}\n[notice]\nsearch_seconds = 33\n", encoding="utf-8")
    assert run(call) == 0
    assert stand_in.asked[0].seconds == 33


@pytest.mark.usefixtures("notice", "stand_in")
def test_two_lengths_or_two_choices_of_versions(call: Path, capfd: Capture) -> None:
    assert "--whole" in refused(ExitCode.USAGE, capfd, call, "--whole", "--seconds", "5")
    at = "2026-01-05T00:00:00Z"
    assert "--version" in refused(ExitCode.USAGE, capfd, call, "--at", at, "--version", "abcd")


# Which versions


@pytest.fixture
def three(vault: Path, tmp_path: Path) -> list[str]:
    """Versions of January, of February, and one of which only the wording is known."""
    first = from_time(
        a_draft(make_sound(tmp_path / "1.wav", 1)), "2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z"
    )
    second = from_time(
        a_draft(make_sound(tmp_path / "2.wav", 2)), "2026-02-01T00:00:00Z", "2026-03-01T00:00:00Z"
    )
    wording = from_time(a_draft(None), "2026-01-01T00:00:00Z")
    return [add_notice(vault, draft).id for draft in (first, second, wording)]


def test_of_a_file_all_versions_with_a_sound(three: list[str], stand_in: StandIn, call: Path) -> None:
    assert run(call) == 0
    assert [each.id for each in stand_in.asked[0].announcements] == three[:2]


def test_those_in_force_at_a_time(three: list[str], stand_in: StandIn, call: Path, capfd: Capture) -> None:
    assert run(call, "--at", "2026-02-05T10:00:00+02:00") == 0
    assert [each.id for each in stand_in.asked[0].announcements] == [three[1]]
    told = capfd.readouterr().out
    assert "only the wording is known, so it can't be searched for" in told
    told = refused(ExitCode.REFUSED, capfd, call, "--at", "2025-12-31T23:59:59Z")
    assert "no version of the notice with a sound was in force at that time" in told


def test_one_that_is_named_in_force_or_not(
    three: list[str], stand_in: StandIn, call: Path, capfd: Capture
) -> None:
    assert run(call, "--version", three[0][:8]) == 0
    assert [each.id for each in stand_in.asked[0].announcements] == [three[0]]
    capfd.readouterr()
    assert "--version" not in refused(ExitCode.USAGE, capfd, call, "--version", "ffffffff")
    assert "only the wording is known" in refused(ExitCode.REFUSED, capfd, call, "--version", three[2])


@pytest.mark.usefixtures("stand_in")
def test_no_version_at_all(vault: Path, call: Path, capfd: Capture) -> None:
    assert "evidence notice add" in refused(ExitCode.REFUSED, capfd, call)
    add_notice(vault, a_draft(None))
    assert "only the wording is known" in refused(ExitCode.REFUSED, capfd, call)


def test_a_damaged_version_is_refused_unless_another_one_is_named(
    three: list[str], vault: Path, stand_in: StandIn, call: Path, capfd: Capture
) -> None:
    sound = vault / "notices" / three[0] / "sound.wav"
    sound.chmod(0o600)
    sound.write_bytes(b"another")
    told = refused(ExitCode.REFUSED, capfd, call)
    assert f"the notice {three[0][:8]} is damaged: its sound isn't the one that was added" in told
    assert run(call, "--version", three[1]) == 0
    assert [each.id for each in stand_in.asked[0].announcements] == [three[1]]


# Incidents


def incident(vault: Path, **changes: Any) -> Path:
    folder = make_incident(vault / "incidents" / "INC-2026-000001")
    path = folder / "incident.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**document, **changes}), encoding="utf-8")
    return folder


@pytest.mark.usefixtures("notice")
@pytest.mark.parametrize("is_number", [True, False])
def test_an_incident_by_its_number_or_its_folder(
    is_number: bool,  # noqa: FBT001
    vault: Path,
    stand_in: StandIn,
    capfd: Capture,
) -> None:
    folder = incident(vault)
    assert run("INC-2026-000001" if is_number else folder) == 0
    out = capfd.readouterr().out
    assert out.splitlines()[0] == "INC-2026-000001: call.wav"
    assert "in the caller's channel (channel 0) at 2.1 s" in out
    assert [asked.data for asked in stand_in.asked] == [resources.sample("call.wav")]


def test_versions_in_force_when_the_call_began(
    vault: Path, tmp_path: Path, stand_in: StandIn, capfd: Capture
) -> None:
    """The sample call was held on 2026-11-05, 10:15:02 in Kyiv."""
    drafts = [
        from_time(a_draft(make_sound(tmp_path / "1.wav", 1)), "2026-01-01T00:00:00Z", "2026-11-05T08:15:02Z"),
        from_time(a_draft(make_sound(tmp_path / "2.wav", 2)), "2026-11-05T08:15:02Z"),
    ]
    ids = [add_notice(vault, draft).id for draft in drafts]
    folder = incident(vault)
    assert run(folder) == 0
    assert [each.id for each in stand_in.asked[0].announcements] == [ids[1]]
    assert run(folder, "--at", "2026-05-05T00:00:00Z") == 0
    assert [each.id for each in stand_in.asked[1].announcements] == [ids[0]]
    assert "isn't stated" not in capfd.readouterr().out


@pytest.mark.usefixtures("notice")
def test_a_call_whose_time_is_not_stated(vault: Path, stand_in: StandIn, capfd: Capture) -> None:
    given = json.loads(resources.sample("incident.json"))
    call = {name: value for name, value in given["calls"][0].items() if name not in {"recording", "channels"}}
    folder = incident(vault, calls=[call], notice={"grade": "none"}, measures=[])
    (folder / "markers.json").unlink()
    (folder / "again.wav").write_bytes(resources.sample("call.wav"))
    assert run(folder) == 0
    assert [asked.name for asked in stand_in.asked] == ["again.wav", "call.wav"]
    assert "the call's time isn't stated, so the versions in force now were taken" in capfd.readouterr().out


@pytest.mark.usefixtures("notice", "stand_in")
def test_a_folder_that_is_no_incident(tmp_path: Path, capfd: Capture) -> None:
    (tmp_path / "empty").mkdir()
    assert "incident.json" in refused(ExitCode.MALFORMED, capfd, tmp_path / "empty")
