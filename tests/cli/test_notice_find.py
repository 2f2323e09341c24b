"""`evidence notice find`: what it looks for, what it prints, how it ends.

The search is a stand-in that answers what a test tells it; at the end the real one searches the sample call.
"""

import json
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, BinaryIO, Self

import pytest

from evidence import messages, resources
from evidence.cli import main
from evidence.errors import ExitCode
from evidence.media import search as media
from evidence.media.search import Announcement, is_installed
from evidence.model.notice import KeyClause
from evidence.model.noticesearch import FOUND, NOT_DETECTED, PROBLEMS, Match, NoticeSearch, Segment, Waveform
from evidence.operations.notices import NoticeVersion
from tests.operations.notice_scene import a_draft, add_notice, from_time, make_sound
from tests.operations.scene import make_incident, make_vault
from tests.requirements import missing

Capture = pytest.CaptureFixture[str]
HOSTILE = "\x1b[2J\u202e[red]x.wav"


@dataclass
class Asked:
    """One recording that the stand-in was to search."""

    name: str
    data: bytes
    announcements: tuple[Announcement, ...]
    seconds: int | None


@dataclass
class StandIn:
    """Searches nothing; the first announcement is where ``answer`` says."""

    answer: Callable[[Sequence[Announcement]], NoticeSearch]
    asked: list[Asked] = field(default_factory=list)

    def __call__(self) -> Self:
        return self

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        pass

    def search(
        self,
        file: BinaryIO,
        size: int,
        name: str,
        announcements: Sequence[Announcement],
        seconds: int | None,
        *,
        progress: Callable[[float], None],
    ) -> NoticeSearch:
        progress(0.0)
        progress(1.0)
        self.asked.append(Asked(name, file.read(size), tuple(announcements), seconds))
        return self.answer(announcements)


def found(announcements: Sequence[Announcement]) -> NoticeSearch:
    """The first announcement at 2.1 s in channel 0, nothing in channel 1."""
    segments = (Segment(0, 1000, 980, 0, True), Segment(1000, 2000, 990, 0, True))
    matches = [
        Match(announcement.id, channel, NOT_DETECTED) for announcement in announcements for channel in (0, 1)
    ]
    matches[0] = Match(announcements[0].id, 0, FOUND, 2100, 978, 1000, 900, 900, 0, segments)
    return NoticeSearch(
        "evidence-notice-search-1", 120_000, False, 2, tuple(matches), Waveform(1000, (b"\x80" * 120,) * 2)
    )


def nothing(announcements: Sequence[Announcement]) -> NoticeSearch:
    """Everything was searched, nothing was found."""
    whole = found(announcements)
    matches = tuple(Match(match.version, match.channel, NOT_DETECTED) for match in whole.matches)
    return replace(whole, is_whole=True, matches=matches)


@pytest.fixture
def stand_in(monkeypatch: pytest.MonkeyPatch) -> StandIn:
    instead = StandIn(found)
    monkeypatch.setattr(media, "SearchProcess", instead)
    monkeypatch.setattr(media, "is_installed", lambda: True)
    return instead


@pytest.fixture
def vault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = make_vault(tmp_path / "vault")
    monkeypatch.setenv("EVIDENCE_VAULT", str(root))
    monkeypatch.chdir(tmp_path)
    return root


@pytest.fixture
def notice(vault: Path, tmp_path: Path) -> NoticeVersion:
    return add_notice(vault, replace(a_draft(make_sound(tmp_path / "notice.wav")), title="Вітання"))


@pytest.fixture
def call(tmp_path: Path) -> Path:
    path = tmp_path / "дзвінок.wav"
    path.write_bytes(b"RIFF the call")
    return path


def run(*arguments: str | Path) -> int:
    return main(["notice", "find", *map(str, arguments)])


def refused(code: ExitCode, capfd: Capture, *arguments: str | Path) -> str:
    """What a command that must be refused says, on one line."""
    assert run(*arguments) == code
    out, err = capfd.readouterr()
    assert out == ""
    assert "evidence: hint: " in err
    assert "Traceback" not in err
    return " ".join(err.split())


# What it prints


EXPECTED = {
    "en": (
        "  Result: the announcement “Вітання” is in channel 0 at 2.1 s, 97 % of its speech, its key clause "
        "in full."
    ),
    "uk": (
        "  Результат: сповіщення «Вітання» є в каналі 0 на 2.1 с, 97 % його звучання, ключова фраза повністю."
    ),
}


@pytest.mark.usefixtures("notice")
@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_a_recording(language: str, stand_in: StandIn, call: Path, capfd: Capture) -> None:
    assert run(call, "--lang", language) == 0
    out, err = capfd.readouterr()
    rows = out.splitlines()
    assert rows[0] == str(call)
    assert EXPECTED[language] in rows
    assert any("━" in row for row in rows)
    assert messages.t("noticefind.rest_hint") in err
    assert stand_in.asked[0].data == call.read_bytes()


def test_the_version_is_handed_over_as_it_was_added(
    notice: NoticeVersion, stand_in: StandIn, call: Path
) -> None:
    assert run(call) == 0
    (asked,) = stand_in.asked
    (announcement,) = asked.announcements
    assert notice.notice
    assert notice.notice.sound
    assert (announcement.id, announcement.sha256) == (notice.id, notice.notice.sound.sha256)
    assert (announcement.clause_start_ms, announcement.clause_end_ms) == (500, 1500)
    assert announcement.path.read_bytes() == Path("notice.wav").read_bytes()


@pytest.mark.usefixtures("notice")
def test_nothing_found_is_exit_0_and_says_what_it_means(
    stand_in: StandIn, call: Path, capfd: Capture
) -> None:
    stand_in.answer = nothing
    assert run(call) == 0
    out, err = capfd.readouterr()
    assert (
        "  Result: the announcement was not detected automatically, which doesn't say that it wasn't played."
        in out.splitlines()
    )
    assert err == ""


def test_as_json_one_object_for_each_recording(
    notice: NoticeVersion, stand_in: StandIn, call: Path, capfd: Capture
) -> None:
    assert run(call, call, "--json") == 0
    rows = [json.loads(row) for row in capfd.readouterr().out.splitlines()]
    expected = {
        "file": str(call),
        "incident": None,
        "versions": [{"id": notice.id, "title": "Вітання"}],
        "search": found(stand_in.asked[0].announcements).to_document(),
        "message": rows[0]["message"],
    }
    assert rows == [expected, expected]
    assert rows[0]["message"].startswith(EXPECTED["en"].strip())


@pytest.mark.usefixtures("notice")
def test_the_help_says_what_the_exit_code_means(capfd: Capture) -> None:
    assert run("--help") == 0
    told = " ".join(capfd.readouterr().out.split())
    assert "The exit code is 0 when the search was done, whatever it found" in told


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


# What can't be searched


@pytest.mark.usefixtures("notice")
def test_every_name_is_looked_at_before_anything_is_searched(
    stand_in: StandIn, call: Path, capfd: Capture
) -> None:
    assert "no file" in refused(ExitCode.USAGE, capfd, call, "nothing.wav")
    assert stand_in.asked == []


@pytest.mark.usefixtures("notice", "stand_in")
def test_links_and_pipes_are_refused_at_once(call: Path, tmp_path: Path, capfd: Capture) -> None:
    (tmp_path / "link.wav").symlink_to(call)
    os.mkfifo(tmp_path / "pipe.wav")
    assert "is a link" in refused(ExitCode.MALFORMED, capfd, "link.wav")
    assert "pipe" in refused(ExitCode.MALFORMED, capfd, "pipe.wav")


@pytest.mark.usefixtures("notice")
@pytest.mark.parametrize("language", messages.LANGUAGES)
@pytest.mark.parametrize("problem", PROBLEMS)
def test_what_could_not_be_searched_is_an_error_and_the_others_go_on(
    problem: str, language: str, stand_in: StandIn, call: Path, capfd: Capture
) -> None:
    answers = [NoticeSearch(problems=(problem,))]
    stand_in.answer = lambda asked: answers.pop() if answers else nothing(asked)
    codes = {"not_started": ExitCode.STORE, "unreadable": ExitCode.STORE}
    codes["announcement_unreadable"] = ExitCode.REFUSED
    assert run(call, call, "--lang", language) == codes.get(problem, ExitCode.MALFORMED)
    out, err = capfd.readouterr()
    assert messages.t(f"media.search_problem_{problem}") in " ".join(err.split())
    assert messages.t("noticefind.nothing") in " ".join(out.split())


@pytest.mark.usefixtures("notice")
def test_what_could_not_be_searched_is_an_object_of_json_too(
    stand_in: StandIn, call: Path, capfd: Capture
) -> None:
    stand_in.answer = lambda _asked: NoticeSearch(problems=("no_sound",))
    assert run(call, "--json") == ExitCode.MALFORMED
    told = json.loads(capfd.readouterr().out)
    assert told["search"]["problems"] == ["no_sound"]
    assert told["search"]["matches"] == []


@pytest.mark.usefixtures("notice")
def test_a_recording_of_no_length_was_not_searched(stand_in: StandIn, call: Path, capfd: Capture) -> None:
    stand_in.answer = lambda asked: replace(nothing(asked), searched_ms=0, problems=("no_sound",))
    assert run(call, "--json") == ExitCode.MALFORMED
    told = json.loads(capfd.readouterr().out)["message"]
    assert messages.t("noticefind.nothing") not in told
    assert messages.t("media.search_problem_no_sound") in told


@pytest.mark.usefixtures("notice")
def test_damage_that_left_something_to_search_is_told_and_no_error(
    stand_in: StandIn, call: Path, capfd: Capture
) -> None:
    stand_in.answer = lambda asked: replace(found(asked), problems=("damaged",))
    assert run(call) == 0
    assert f"problem: {messages.t('media.search_problem_damaged')}" in capfd.readouterr().out


@pytest.mark.usefixtures("notice", "stand_in")
def test_without_the_extra_it_says_which_one(
    call: Path, capfd: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(media, "is_installed", lambda: False)
    told = refused(ExitCode.USAGE, capfd, call)
    assert "extra media" in told
    assert "evidence-archiver[media]" in told


@pytest.mark.usefixtures("stand_in")
def test_hostile_names(vault: Path, tmp_path: Path, capfd: Capture) -> None:
    add_notice(vault, replace(a_draft(make_sound(tmp_path / "n.wav")), title="[red]\u202eНазва[/red] {x}"))
    path = tmp_path / HOSTILE
    path.write_bytes(b"x")
    assert run(path, path, "--lang", "uk") == 0
    out, err = capfd.readouterr()
    for row in (*out.splitlines(), *err.splitlines()):
        assert row.isprintable()
    assert "[red]x.wav" in out
    assert "[red]" in out.split("«")[1]
    assert run(path, "--json") == 0
    out = capfd.readouterr().out
    assert out.rstrip("\n").isprintable()
    assert json.loads(out)["file"] == str(path)


# The real search


def test_the_sample_call(vault: Path, tmp_path: Path, capfd: Capture) -> None:
    """Its notice begins at 0.3 s, as its incident.json says, and was mixed into both channels."""
    if not is_installed():
        missing("the extra media (av, numpy)", "evidence-archiver[media]")
    (tmp_path / "n.wav").write_bytes(resources.sample("notice.wav"))
    add_notice(vault, replace(a_draft(tmp_path / "n.wav"), key_clause=KeyClause(200, 1600)))
    (tmp_path / "c.wav").write_bytes(resources.sample("call.wav"))
    assert run("c.wav", "--json") == 0
    told = json.loads(capfd.readouterr().out)["search"]
    assert told["is_whole"]
    assert {match["result"] for match in told["matches"]} == {FOUND}
    assert all(abs(match["at_ms"] - 300) <= 20 for match in told["matches"])
