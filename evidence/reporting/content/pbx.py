"""What the PBX's logs say of the calls: claims of these logs."""

from collections.abc import Mapping
from typing import Any

from evidence.messages import has
from evidence.reporting.content import blocks
from evidence.reporting.content.blocks import Block, Cell
from evidence.reporting.content.case import Case, file_name
from evidence.reporting.content.words import say, stated
from evidence.text import visible
from evidence.verify.noticewording import short

Record = Mapping[str, Any]
SHOWN = 40
"""Entries of a log that are shown; the log itself is an exhibit."""

_VALUE = 200
"""Characters of a value that are shown."""


def section(case: Case) -> Block | None:
    """The entries of each log that concern the calls; None without logs."""
    if not case.all("pbx"):
        return None
    made: list[Block | None] = [blocks.paragraph(say("report.pbx_intro"))]
    for record in case.by_exhibit("pbx"):
        made += _log(case, record)
    return blocks.section(say("report.section_pbx"), made)


def _log(case: Case, record: Record) -> list[Block | None]:
    name = file_name(case.exhibits[record["exhibit"]]) if record["exhibit"] in case.exhibits else ""
    about = say(
        "report.pbx_about",
        format=visible(record["format"]) or say("show.pbx_plain"),
        zone=visible(record["zone"]) or say("show.pbx_no_zone"),
        lines=str(record["lines"]),
    )
    heads = [say(f"report.pbx_{part}") for part in ("line", "when", "event", "values")]
    events = record["events"]
    rows = [_event(event) for event in events[:SHOWN]]
    notes = [say("show.pbx_nothing")] if not events else []
    notes += [say("show.pbx_more", n=len(events) - SHOWN)] if len(events) > SHOWN else []
    notes += [say("show.pbx_cut")] if record["is_cut"] else []
    if "logs_playback" in record:
        notes.append(say(f"show.pbx_logs_{'playback' if record['logs_playback'] else 'no_playback'}"))
    notes += [_problem(problem) for problem in record["problems"]]
    return [
        blocks.heading(say("report.recording", id=record["exhibit"], name=name)),
        blocks.paragraph(about, "small"),
        blocks.table(heads, [0, 3, 2, 8], rows),
        blocks.bullets([note[:1].upper() + note[1:] for note in notes]),
    ]


def _event(event: Record) -> list[Cell]:
    last = event.get("last_line", event["line"])
    line = str(event["line"]) if last == event["line"] else f"{event['line']}–{last}"
    when = [stated(event["at"])] if "at" in event else [say("show.pbx_untimed")]
    if "until" in event:
        when.append(f"– {stated(event['until'])}")
    values = [
        f"{visible(name)}: {short(value, _VALUE)}" for name, value in event["values"].items() if value.strip()
    ]
    return [line, list(when), say(f"report.event_{event['kind']}"), "; ".join(values)]


def _problem(problem: Record) -> str:
    key = f"pbx.problem_{problem['code']}"
    text = short(problem.get("text", ""))
    told = say(key, text=text) if has(key, "text") else visible(problem["code"])
    return say("show.pbx_problem", line=str(problem["line"]), problem=told) if problem["line"] else told
