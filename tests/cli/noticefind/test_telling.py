"""`evidence notice find`: what it prints and how it ends; at the end the real search of the sample call."""

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from evidence import messages, resources
from evidence.errors import ExitCode
from evidence.media import search as media
from evidence.media.search import is_installed
from evidence.model.notice import KeyClause
from evidence.model.noticesearch import FOUND, PROBLEMS, NoticeSearch
from evidence.operations.notices import NoticeVersion
from tests.cli.noticefind.standin import HOSTILE, Capture, StandIn, found, nothing, refused, run
from tests.operations.notice_scene import a_draft, add_notice, make_sound
from tests.requirements import missing

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
