"""`evidence notice find`."""

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from evidence.cli import console
from evidence.cli.group import new_command
from evidence.cli.options import json_option, parse_time, vault_option
from evidence.cli.progress import progress
from evidence.errors import ExitCode, UsageError
from evidence.messages import t
from evidence.model.noticesearch import PROBLEMS

if TYPE_CHECKING:
    from evidence.model.noticesearch import NoticeSearch
    from evidence.operations.notice_find import Subject

_LONGEST = 7 * 24 * 3600
_STORE = frozenset({"not_started", "unreadable"})
"""Problems that aren't the recording's fault."""


@new_command("notice find")
@click.argument("what", nargs=-1, required=True, metavar=t("cli.metavar_find"))
@click.option("--at", type=parse_time, metavar=t("cli.metavar_time"), help=t("cli.notice_find_opt_at"))
@click.option("--version", metavar=t("cli.metavar_notice"), help=t("cli.notice_find_opt_version"))
@click.option("--whole", is_flag=True, help=t("cli.notice_find_opt_whole"))
@click.option(
    "--seconds",
    type=click.IntRange(1, _LONGEST),
    metavar=t("cli.metavar_seconds"),
    help=t("cli.notice_find_opt_seconds"),
)
@vault_option
@json_option
def command(
    what: Sequence[str],
    *,
    at: dt.datetime | None,
    version: str | None,
    whole: bool,
    seconds: int | None,
    vault: Path | None,
    as_json: bool,
) -> int:
    """Search recordings for the notice; the exit code is 0 when the search was done, whatever it found."""
    from evidence.media.search import SearchProcess, is_installed
    from evidence.operations.notice_find import Asked, find, require_media, subjects
    from evidence.operations.opening import open_vault
    from evidence.operations.seams import Seams

    _require_one(whole=whole, seconds=seconds, at=at, version=version)
    require_media(is_installed=is_installed())
    seams = Seams()
    code, is_cut = ExitCode.DONE, False
    with open_vault(vault, seams) as opened, SearchProcess() as searcher:
        most = None if whole else seconds or opened.config.notice.search_seconds
        for number, subject in enumerate(subjects(opened, what, Asked(at, version or ""), seams.clock())):
            with progress(0, subject.name) as bar:
                search = find(subject, searcher, most, bar)
            failed = _code(search)
            if as_json or not failed:
                _tell(subject, search, is_first=not number, as_json=as_json)
            if search is not None and failed:
                _complain(subject, search)
            code = code or failed
            is_cut = is_cut or (search is not None and bool(search.matches) and not search.is_whole)
    if is_cut:
        console.note(t("noticefind.rest"), t("noticefind.rest_hint"))
    return code


def _require_one(*, whole: bool, seconds: int | None, at: dt.datetime | None, version: str | None) -> None:
    if whole and seconds is not None:
        raise UsageError(t("noticefind.two_lengths"), t("noticefind.two_hint"))
    if at is not None and version is not None:
        raise UsageError(t("noticefind.two_versions"), t("noticefind.two_hint"))


def _code(search: "NoticeSearch | None") -> ExitCode:
    """0 where something was searched, or nothing was to be looked for."""
    if search is None or (search.matches and search.searched_ms) or not search.problems:
        return ExitCode.DONE
    if _STORE.intersection(search.problems):
        return ExitCode.STORE
    is_notices = "announcement_unreadable" in search.problems
    return ExitCode.REFUSED if is_notices else ExitCode.MALFORMED


def _complain(subject: "Subject", search: "NoticeSearch") -> None:
    reasons = [t(f"media.search_problem_{problem}") for problem in search.problems if problem in PROBLEMS]
    console.error(
        console.words("noticefind.failed", name=_name(subject), reason="; ".join(reasons)),
        t("noticefind.failed_hint"),
    )


def _tell(subject: "Subject", search: "NoticeSearch | None", *, is_first: bool, as_json: bool) -> None:
    from evidence.cli.notice_found import About, print_search

    sentences = _sentences(subject, search)
    if as_json:
        console.json_line(_document(subject, search, sentences))
        return
    if not is_first:
        console.line()
    console.line(console.words("noticefind.recording", name=_name(subject)))
    if search is not None:
        versions = {each.notice.id: each.notice for each in subject.versions}
        print_search(search, About(versions, subject.channels), "  ")
        console.line()
    for sentence in sentences:
        console.line("  ", sentence, hanging=2)


def _name(subject: "Subject") -> str:
    """What a recording is called, behind its incident; untrusted."""
    return f"{subject.incident}: {subject.name}" if subject.incident else subject.name


def _sentences(subject: "Subject", search: "NoticeSearch | None") -> list[str]:
    """What was found, and what wasn't looked at, in a sentence each."""
    from evidence.operations.notice_find import judged
    from evidence.verify.noticewording import Known, clause

    evidence = judged(subject, search)
    known = Known({each.notice.id: each.notice.known_as for each in subject.versions})
    told = [clause(item, known) for item in (*evidence.speaks_for, *evidence.against)]
    if not told and search is not None and search.matches and search.searched_ms:
        told = [t("noticefind.nothing")]
    unseen = [clause(item, known) for item in evidence.unseen]
    if not subject.is_time_known:
        unseen.insert(0, t("noticefind.time_unknown"))
    sentences = [t("noticefind.found", list="; ".join(told))] if told else []
    return [*sentences, *([t("noticeevidence.open", list="; ".join(unseen))] if unseen else [])]


def _document(subject: "Subject", search: "NoticeSearch | None", sentences: Sequence[str]) -> dict[str, Any]:
    versions = [{"id": each.notice.id, "title": each.notice.known_as} for each in subject.versions]
    return {
        "file": subject.name,
        "incident": subject.incident or None,
        "versions": versions,
        "search": search.to_document() if search else None,
        "message": " ".join(sentences),
    }
