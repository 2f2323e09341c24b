"""Legal basis of recording, measures taken, and what the table of legal texts says of their citations."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from evidence.intake.records import BY_NAME
from evidence.messages import language
from evidence.reporting import legal
from evidence.reporting.content import blocks
from evidence.reporting.content.blocks import Block, Cell, Line, Row, shown
from evidence.reporting.content.case import Case, described
from evidence.reporting.content.words import day, label, local_day, say, stated
from evidence.text import visible
from evidence.verify.durations import clock

Record = Mapping[str, Any]


def sections(case: Case) -> list[Block]:
    """By which right the calls are recorded; what the company did, and on which basis."""
    bases = [basis for incident in case.all("incident") for basis in incident.get("legal_basis", ())]
    used = _all_cited(case, bases)
    return [
        blocks.section(say("report.section_basis"), _bases(case, bases)),
        blocks.section(say("report.section_measures"), [*_measures(case), *(_texts(used) if used else ())]),
    ]


def _bases(case: Case, bases: Sequence[Record]) -> list[Block | None]:
    first = min((call["started"] for call in case.calls), key=lambda time: str(time["utc"]), default=None)
    heads = [say(f"report.basis_{name}") for name in ("kind", "reference")]
    rows: list[Row] = []
    for basis in bases:
        rows += [[described("basis", basis["kind"]), _reference(basis)], *_cited(basis["reference"], first)]
    told = blocks.table(heads, [3, 11], rows) or blocks.paragraph(say("report.no_basis"))
    return [blocks.paragraph(say("report.basis_intro")), told]


def _reference(basis: Record) -> Cell:
    lines: list[Line] = [shown(basis["reference"])]
    return [*lines, blocks.line(shown(basis["note"]), "small")] if "note" in basis else lines


def _measures(case: Case) -> list[Block | None]:
    heads = [say(f"report.measure_{name}") for name in ("when", "what", "basis")]
    rows: list[Row] = []
    for measure in sorted(case.all("measure"), key=lambda measure: str(measure["at"]["utc"])):
        cells = [_when(measure), _what(measure), _basis(measure)]
        rows += [cells, *_cited(measure.get("basis", ""), measure["at"])]
    intro = blocks.paragraph(say("report.measures_intro" if rows else "report.no_measures"))
    return [intro, blocks.table(heads, [4, 5, 6], rows)]


def _when(measure: Record) -> Cell:
    at = measure["at"]
    lines: list[Line] = [stated(at), blocks.line(visible(at["source"]), "small")]
    if at["source"].endswith(BY_NAME):
        lines.append(blocks.line(say("show.reckoned"), "small"))
    return lines


def _what(measure: Record) -> Cell:
    lines: list[Line] = [
        blocks.line(described("measure", measure["measure"]), "strong"),
        say("report.measure_by", by=visible(measure["by"])),
    ]
    if "exhibit" in measure:
        place = clock(measure["at_milliseconds"]) if "at_milliseconds" in measure else ""
        lines.append(", ".join(filter(None, (measure["exhibit"], place))))
    if "note" in measure:
        lines.append(blocks.line(shown(measure["note"]), "small"))
    return lines


def _basis(measure: Record) -> Cell:
    return shown(measure["basis"]) if "basis" in measure else say("report.not_stated")


def _cited(basis: str, at: Record | None) -> list[Row]:
    """What the table says of the citations in a basis at the time of the act; nothing where it knows none."""
    if at is None:
        return []
    found = [line for text in legal.cited(basis) for line in _judged(text, local_day(at))]
    return [blocks.wide(found)] if found else []


def _judged(text: legal.Text, acted: dt.date) -> list[Line]:
    name = _name(text)
    in_force = text.is_in_force(acted)
    if in_force is False:
        lines: list[Line] = [blocks.line(say("report.not_in_force", name=name, day=_day(acted)), "strong")]
        if text.replaced_by:
            lines.append(say("report.replaced_by", name=_name(legal.texts()[text.replaced_by])))
        return lines
    return [say("report.in_force" if in_force else "report.force_unknown", name=name, day=_day(acted))]


def _name(text: legal.Text) -> str:
    return text.citation if language() == "uk" else text.english


def _day(date: dt.date) -> str:
    return day(date.year, date.month, date.day)


def _all_cited(case: Case, bases: Sequence[Record]) -> list[legal.Text]:
    """Every text of the table that a basis names, once."""
    told = [*(b["reference"] for b in bases), *(m.get("basis", "") for m in case.all("measure"))]
    return list({text.id: text for basis in told for text in legal.cited(basis)}.values())


def _texts(used: list[legal.Text]) -> list[Block | None]:
    """The rows of the table that were used, and who checked them."""
    heads = [say(f"report.legal_{name}") for name in ("citation", "force", "checked")]
    rows: list[list[Cell]] = []
    for text in used:
        named = [_name(text), blocks.line(text.source, "small")]
        rows.append([named, _force(text), text.checked or say("report.nobody_checked")])
    return [
        blocks.heading(label("report.legal_title")),
        blocks.paragraph(say("report.legal_intro"), "small"),
        blocks.table(heads, [6, 4, 3], rows),
    ]


def _force(text: legal.Text) -> str:
    """From when until when a text is in force, as far as the table knows."""
    if text.valid_from and text.valid_to:
        return say("report.force_from_to", start=_day(text.valid_from), end=_day(text.valid_to))
    if text.valid_from:
        return say("report.force_from", start=_day(text.valid_from))
    return say("report.force_to", end=_day(text.valid_to)) if text.valid_to else say("report.force_untold")
