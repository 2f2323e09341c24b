"""`evidence measure`: what the company did, put on the incident's time line."""

import datetime as dt
from pathlib import Path
from typing import Any

import click

from evidence.cli import console, stated
from evidence.cli.group import new_command
from evidence.cli.options import json_option, vault_option
from evidence.cli.question import Questions
from evidence.errors import ExitCode, UsageError
from evidence.messages import t


@new_command("measure")
@click.argument("incident", metavar=t("cli.metavar_incident"))
@click.argument("kind", required=False, type=stated.measure_kind, metavar=t("cli.metavar_kind"))
@click.option("--at", type=stated.text, metavar=t("cli.metavar_time"), help=t("cli.measure_opt_at"))
@click.option("--position", metavar=t("cli.metavar_position"), help=t("cli.measure_opt_position"))
@click.option(
    "--recording", type=stated.file_name, metavar=t("cli.metavar_name"), help=t("cli.opt_recording")
)
@click.option("--beyond-end", is_flag=True, help=t("cli.mark_opt_beyond_end"))
@click.option("--basis", type=stated.text, metavar=t("cli.metavar_text"), help=t("cli.measure_opt_basis"))
@click.option("--note", type=stated.text, metavar=t("cli.metavar_text"), help=t("cli.opt_note"))
@click.option("--list", "listing", is_flag=True, help=t("cli.measure_opt_list"))
@click.option("--remove", type=click.IntRange(min=1), metavar="N", help=t("cli.measure_opt_remove"))
@stated.person_options
@stated.no_input_option
@vault_option
@json_option
def command(incident: str, kind: str | None, *, vault: Path | None, as_json: bool, **given: Any) -> int:
    """Add a measure to an incident, or take one away; then list them."""
    from evidence.cli.interview import Interview
    from evidence.media.probe import MediaProcess
    from evidence.operations import incidents
    from evidence.operations.opening import open_vault
    from evidence.operations.seams import Seams

    seams = Seams()
    questions = Questions(is_allowed=not given["no_input"])
    with open_vault(vault, seams) as opened, MediaProcess() as media:
        path = incidents.locate(opened, incident)
        with incidents.editing(opened, path, seams) as draft:
            measures = draft.incident.setdefault("measures", [])
            if given["remove"] is not None:
                _remove(measures, given["remove"])
            elif not given["listing"]:
                zone = draft.folder.incident.time_zone or opened.config.time_zone
                interview = Interview({**stated.NOTHING, **given}, questions, zone, seams)
                heard = _heard(draft, given, media.probe_file)
                measures.append(_measure(kind or _asked_kind(questions), heard, given, interview, questions))
            if not measures:
                del draft.incident["measures"]
            listed = list(measures)
    for number, measure in enumerate(listed, 1):
        if as_json:
            console.json_line({"n": number, **measure})
        else:
            _print(number, measure)
    if not listed and not as_json:
        console.line(t("incidents.no_measures"))
    return ExitCode.DONE


def _remove(measures: list[dict[str, Any]], number: int) -> None:
    if number > len(measures):
        raise UsageError(t("incidents.no_measure", n=number), t("incidents.no_measure_hint", n=len(measures)))
    del measures[number - 1]


def _asked_kind(questions: Questions) -> str:
    if not questions.are_asked:
        raise UsageError(t("ask.no_kind"), t("ask.no_kind_hint", list=", ".join(stated.MEASURES)))
    kinds = [(kind, t(f"show.measure_{kind}")) for kind in stated.MEASURES]
    return questions.choice(t("ask.kind"), kinds, default="")


def _heard(draft: Any, given: dict[str, Any], probe: Any) -> tuple[dict[str, Any], dt.datetime | None]:
    """In which recording and where in it the measure is heard; and when that was, if the call has a time."""
    from evidence.intake import positions
    from evidence.operations.placing import facts_of, recording_of, require_inside

    if given["position"] is None and given["recording"] is None:
        return {}, None
    recording = recording_of(draft, given["recording"])
    if given["position"] is None:
        return {"recording": recording.document}, None
    place = positions.parse(given["position"])
    if not given["beyond_end"]:
        require_inside(recording.name, facts_of(draft, recording.name, probe).milliseconds, place)
    at = recording.started + dt.timedelta(milliseconds=place) if recording.started else None
    return {"recording": recording.document, "at_milliseconds": place}, at


def _measure(
    kind: str,
    heard: tuple[dict[str, Any], dt.datetime | None],
    given: dict[str, Any],
    interview: Any,
    questions: Questions,
) -> dict[str, Any]:
    fields, at = heard
    if given["at"] is not None:
        when = interview.time(given["at"])
    elif at is not None:
        when = at.isoformat(timespec="milliseconds")
    else:
        when = questions.required(t("ask.measure_at"), _no_at, interview.time)
    basis = given["basis"] or questions.optional(t("ask.basis"), stated.text)
    note = given["note"]
    if kind == "other" and not note:
        note = questions.required(t("ask.other_note"), _no_note, stated.text)
    fields = {"kind": kind, "at": when, **fields, "by": interview.by(), "basis": basis, "note": note}
    return {key: value for key, value in fields.items() if value not in (None, "")}


def _no_at() -> UsageError:
    return UsageError(t("ask.no_measure_at"), t("ask.no_measure_at_hint"))


def _no_note() -> UsageError:
    return UsageError(t("ask.no_note"), t("ask.no_note_hint"))


def _print(number: int, measure: dict[str, Any]) -> None:
    kind = t(f"show.measure_{measure['kind']}")
    line = console.words("incidents.measure", n=number, kind=kind, at=measure["at"], by=measure["by"])
    console.line(line)
