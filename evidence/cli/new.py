"""`evidence new`: an incident from its recordings."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from evidence.cli import console, stated
from evidence.cli.group import new_command
from evidence.cli.options import json_option, vault_option
from evidence.cli.question import Questions
from evidence.errors import ExitCode, UsageError
from evidence.intake import roles
from evidence.messages import t

_ASKED = ("subscriber", "phone", "account", "agent")
_ASKED_LATER = ("system", "original", "authority")


@new_command("new")
@click.argument("files", nargs=-1, type=click.Path(path_type=Path), metavar=t("cli.metavar_new_files"))
@click.option("--number", type=stated.text, metavar=t("cli.metavar_number"), help=t("cli.new_opt_number"))
@click.option("--corrects", metavar=t("cli.metavar_incident"), help=t("cli.new_opt_corrects"))
@click.option("--reason", type=stated.text, metavar=t("cli.metavar_text"), help=t("cli.new_opt_reason"))
@stated.fields_option
@stated.files_option
@stated.no_fill_option
@stated.no_input_option
@vault_option
@json_option
def command(
    files: tuple[Path, ...],
    *,
    number: str | None,
    corrects: str | None,
    reason: str | None,
    vault: Path | None,
    as_json: bool,
    no_fill: bool,
    no_input: bool,
    **given: Any,
) -> int:
    """Make an incident, bring its files in, state what is known, and tell what is missing."""
    from evidence.cli.announcement import tell_in_force, with_version
    from evidence.cli.copying import Copying
    from evidence.cli.interview import Interview
    from evidence.cli.pbxlogs import Wanted, look
    from evidence.cli.prepared import Prepared, tell_doubles
    from evidence.intake import drafting
    from evidence.media.probe import MediaProcess
    from evidence.operations import incidents, pbxlogs, prepare
    from evidence.operations.opening import open_vault
    from evidence.operations.seams import Seams

    seams, questions = Seams(), Questions(is_allowed=not no_input)
    with (
        open_vault(vault, seams) as opened,
        MediaProcess() as media,
        Copying(t("incidents.copying")) as events,
    ):
        if questions.are_asked and corrects is None:
            files, given = _asked(files, given, questions, opened.config.time_zone, seams)
        new = stated.sources(files, given.pop("as_name"), given.pop("role"), given.pop("caption"))
        given, sound = with_version(opened, given)
        new = pbxlogs.with_roles([*new, *sound], opened.config.pbx_rules)
        prepare.check_files(new)
        if corrects is not None:
            reason = reason or questions.required(t("ask.reason"), _no_reason, stated.text)
        has_logs = any(map(pbxlogs.is_log, new)) and not no_fill
        interview = Interview(given, questions, opened.config.time_zone, seams, has_logs=has_logs)
        change = interview.change(new, (), ())
        if corrects is None:
            prepare.rehearse(drafting.new_incident("INC"), (), change)
            path = incidents.create(opened, number or "", seams)
        else:
            path = _corrected(opened, corrects, (number or "", reason or ""), change, seams, events)
        with _told_if_begun(path):
            prepare.prepare(opened, path, change, seams, events)
            how = Wanted(is_read=corrects is None or bool(files), is_filling=not no_fill)
            logs = look(opened, path, {} if corrects is None else change.prepared, seams, how)
        tell_in_force(opened, change, path.name)
        if corrects is None:
            tell_doubles(opened, path, pbxlogs.recordings(new))
        found = Prepared(opened, path, media.probe_file, seams.clock(), logs=logs.logs, is_searched=True)
    if as_json:
        console.json_line({**found.document(), **logs.document()})
    else:
        logs.tell(found.called, how)
        _tell(found)
    return ExitCode.DONE


def _tell(found: Any) -> None:
    """Say what is in the incident, what is missing, and how to go on."""
    found.print_summary()
    found.print_advice()
    console.note(t("incidents.next", number=found.number))


def _corrected(  # noqa: PLR0917  as operations.corrections.begin
    vault: Any, corrects: str, wanted: tuple[str, str], change: Any, seams: Any, events: Any
) -> Path:
    """The folder of an incident that corrects a sealed one; a change of that one's folder is told."""
    from evidence.operations import corrections

    path, is_changed = corrections.begin(vault, corrects, wanted, change, seams=seams, events=events)
    if is_changed:
        console.warning(t("incidents.changed_since"), t("incidents.changed_since_hint"))
    return path


@contextmanager
def _told_if_begun(path: Path) -> Iterator[None]:
    """Say that an incident was begun when what belongs into it can't be brought in, or on Ctrl-C."""
    is_done = False
    try:
        yield
        is_done = True
    finally:
        if not is_done:
            console.note(console.words("incidents.begun", number=path.name))


def _no_reason() -> UsageError:
    return UsageError(t("ask.no_reason"), t("ask.no_reason_hint"))


def _asked(
    files: tuple[Path, ...], given: dict[str, Any], questions: Questions, zone: str, seams: Any
) -> tuple[tuple[Path, ...], dict[str, Any]]:
    """The files and the options, with answers for those that weren't given."""
    console.note(t("ask.enter"))
    files = files or _asked_files(questions)
    return files, _complete(_begun(given, files, questions, zone, seams), questions)


def _begun(
    given: dict[str, Any], files: tuple[Path, ...], questions: Questions, zone: str, seams: Any
) -> dict[str, Any]:
    """The options with the beginning of the call, asked for first where one recording's name doesn't tell."""
    from evidence.cli.interview import Interview, missing
    from evidence.intake import callnames
    from evidence.operations.prepare import name_of

    names = [name_of(path) for path in files if roles.by_name(name_of(path)) != "pbx"]
    if len(names) < len(files):
        return given  # a log tells it
    if len(names) != 1 or given["started"] is not None or given["role"] not in {None, "recording"}:
        return given
    said = callnames.claims(names[0])
    if roles.by_name(names[0]) != roles.RECORDING or (said is not None and said.local_time):
        return given
    interview = Interview(given, questions, zone, seams)
    question = console.words("ask.started", file=names[0])
    started = questions.required(question, lambda: missing("ask.no_started"), interview.begin)
    return {**given, "started": started, "zone": given["zone"] or interview.zone_known or None}


def _complete(given: dict[str, Any], questions: Questions) -> dict[str, Any]:
    """The options, with answers for those that weren't given; Enter leaves one as it is."""
    answers = dict(given)
    for name in _ASKED:
        _ask_text(answers, name, questions)
    _ask_notice(answers, questions)
    for name in _ASKED_LATER:
        _ask_text(answers, name, questions)
    _ask_clock(answers, questions)
    if not answers["legal_basis"]:
        basis = questions.optional(t("ask.legal_basis"), stated.text)
        answers["legal_basis"] = (basis,) if basis else ()
    return answers


def _ask_text(answers: dict[str, Any], name: str, questions: Questions) -> None:
    if answers[name] is None:
        answers[name] = questions.optional(t(f"ask.{name}"), stated.text)


def _ask_notice(answers: dict[str, Any], questions: Questions) -> None:
    """What shows that the notice was played: first the grade, then what belongs to it."""
    from evidence.cli.interview import missing
    from evidence.intake import positions

    if answers["notice_grade"] is None:
        grades = [(grade, t(f"show.grade_{grade}")) for grade in stated.GRADES]
        answers["notice_grade"] = questions.choice(t("ask.notice_grade"), grades)
    grade = answers["notice_grade"]
    if grade == "in_recording" and answers["notice_at"] is None:
        at = questions.optional(t("ask.notice_at"), lambda text: (positions.parse(text), text)[1])
        answers["notice_at"] = at
    elif grade not in {"none", "in_recording"} and answers["notice_source"] is None:
        answers["notice_source"] = questions.required(
            t("ask.notice_source"), lambda: missing("ask.no_notice_source"), stated.text
        )


def _ask_clock(answers: dict[str, Any], questions: Questions) -> None:
    from evidence.cli.interview import missing

    if answers["clock_offset"] is None:
        offset = questions.optional(t("ask.clock_offset"), lambda text: (stated.milliseconds(text), text)[1])
        answers["clock_offset"] = offset
    if answers["clock_offset"] not in {None, "", *stated.UNKNOWNS} and answers["clock_known_by"] is None:
        answers["clock_known_by"] = questions.required(
            t("ask.clock_known_by"), lambda: missing("ask.no_clock_known_by"), stated.text
        )


def _asked_files(questions: Questions) -> tuple[Path, ...]:
    """Recordings, asked for one after another."""
    found: list[Path] = []

    def read(answer: str) -> Path:
        from evidence.operations.addfiles import check_source
        from evidence.operations.prepare import name_of

        path = Path(answer.strip("'\"")).expanduser()
        check_source(path, name_of(path))
        return path

    while (path := questions.optional(t("ask.file" if not found else "ask.next_file"), read)) is not None:
        found.append(path)
    return tuple(found)
