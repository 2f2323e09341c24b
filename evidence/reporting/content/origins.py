"""How the exhibits came here: who took them, from which system, its clock, and where the original is."""

from collections.abc import Mapping
from typing import Any

from evidence.reporting.content import blocks
from evidence.reporting.content.blocks import Block, Cell, Line, shown
from evidence.reporting.content.case import Case, order
from evidence.reporting.content.words import label, say, stated
from evidence.text import visible
from evidence.verify.durations import plain_seconds

Record = Mapping[str, Any]
Row = tuple[str, Cell, str]


def section(case: Case) -> Block:
    """A table for each acquisition; and the recordings of which nobody says how they came here."""
    made: list[Block | None] = [blocks.paragraph(say("report.origins_intro"))]
    for record in sorted(case.all("acquisition"), key=lambda r: min(map(order, r["exhibits"]))):
        made += [blocks.heading(", ".join(record["exhibits"])), blocks.facts(_rows(record))]
    told = {exhibit for record in case.all("acquisition") for exhibit in record["exhibits"]}
    untold = [e["exhibit"] for e in case.recordings if e["exhibit"] not in told]
    if untold:
        made.append(blocks.paragraph(say("report.origin_unknown", n=len(untold), list=", ".join(untold))))
    return blocks.section(say("report.section_origins"), made)


def _rows(record: Record) -> list[Row]:
    taken = [visible(record["taken_by"])]
    at = record["taken_at"]
    rows: list[Row] = [
        (label("show.taken_by"), list(taken), ""),
        (label("show.taken_at"), stated(at), visible(at["source"])),
    ]
    rows += [
        (label(f"show.{name}"), shown(record[name]), "")
        for name in ("system", "authority", "original", "copied_from", "note")
        if name in record
    ]
    if "original" not in record:
        rows.append((label("show.original"), say("report.not_stated"), ""))
    rows.append(
        (label("show.clock"), _clock(record["clock"]) if "clock" in record else say("report.not_stated"), "")
    )
    return rows


def _clock(state: Record) -> Cell:
    seconds = plain_seconds(abs(state["offset_ms"]))
    key = "fast" if state["offset_ms"] > 0 else "slow" if state["offset_ms"] else "right"
    said = say(f"report.clock_{key}", seconds=seconds)
    if "uncertainty_ms" in state:
        said += say("report.clock_within", seconds=plain_seconds(state["uncertainty_ms"]))
    lines: list[Line] = [said, f"{label('show.clock_known_by')}: {shown(state['known_by'])}"]
    if "checked_at" in state:
        at = state["checked_at"]
        lines.append(f"{label('show.checked_at')}: {stated(at)} ({visible(at['source'])})")
    return lines
