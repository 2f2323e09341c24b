"""The incident, who took part and when, each with where it was read."""

from collections.abc import Mapping
from typing import Any

from evidence.reporting.content import blocks
from evidence.reporting.content.blocks import Block, Cell, shown
from evidence.reporting.content.case import Case, channel_name, described
from evidence.reporting.content.words import label, say, stated
from evidence.text import visible

Record = Mapping[str, Any]
Row = tuple[str, Cell, str]
_FEW = 3
"""Calls that are told at length."""


def sections(case: Case) -> list[Block]:
    """The incident, the parties and the calls."""
    return [
        block
        for incident in case.all("incident")
        for block in (
            blocks.section(
                say("report.section_incident"), [_heads(_incident(incident)), *_corrected(incident)]
            ),
            blocks.section(say("report.section_parties"), _parties(incident)),
            blocks.section(say("report.section_calls"), _calls(incident)),
        )
        if block["blocks"]
    ]


def _heads(rows: list[Row]) -> Block | None:
    heads = (say("report.head_what"), say("report.head_said"), say("report.head_source"))
    return blocks.facts(rows, heads)


def _incident(record: Record) -> list[Row]:
    by = visible(record["prepared_by"]) if "prepared_by" in record else ""
    rows: list[Row] = [(label("show.number"), blocks.line(visible(record["number"]), "strong"), by)]
    for name in ("title", "summary", "time_zone", "uid", "replaces"):
        if name in record:
            key = "report.uid" if name == "uid" else f"show.{name}"
            rows.append((label(key), shown(record[name]), by if name in {"title", "summary"} else ""))
    if "prepared_by" in record:
        rows.append((label("show.prepared_by"), by, ""))
    if "prepared_at" in record:
        rows.append(
            (
                label("report.prepared_at"),
                stated(record["prepared_at"]),
                visible(record["prepared_at"]["source"]),
            )
        )
    for change in record.get("changes", ()):
        about = ", ".join(say(f"show.part_{part}") for part in change["about"])
        told = say("report.changed", by=visible(change["by"]), at=stated(change["at"]), list=about)
        rows.append((label("report.change"), told, visible(change["at"]["source"])))
    return rows


def _corrected(record: Record) -> list[Block | None]:
    if "corrects" not in record:
        return []
    cited = record["corrects"]
    rows: list[Row] = [(label("show.number"), visible(cited["number"]), "")] if "number" in cited else []
    rows += [
        (label("show.archive_id"), visible(cited["archive_id"]), ""),
        (label("show.identity"), blocks.digest(cited["identity"]), ""),
        (label("show.reason"), shown(cited["reason"]), ""),
    ]
    return [
        blocks.heading(label("show.corrects")),
        blocks.facts(rows),
        blocks.paragraph(say("report.corrects_check"), "small"),
    ]


def _parties(record: Record) -> list[Block | None]:
    made: list[Block | None] = []
    for party in ("subscriber", "agent"):
        given = record.get(party, {})
        rows: list[Row] = [
            (label(f"show.{name}"), visible(given[name]), _logged(given, name))
            for name in ("name", "id", "phone", "account")
            if name in given
        ]
        if rows:
            made += [blocks.heading(label(f"show.{party}")), _heads(rows)]
    return made


def _logged(given: Record, name: str) -> str:
    """From which line of a PBX's log a field was read; else nobody but the organisation says it."""
    place = given.get("from_log", {}).get(name)
    return say("report.from_log", place=visible(place)) if place else say("report.from_organisation")


def _calls(record: Record) -> list[Block | None]:
    """A list of facts for each call; of many calls one table."""
    if len(record["calls"]) > _FEW:
        heads = [say(f"report.calls_{name}") for name in ("number", "when", "who", "recording")]
        rows = [row for place, call in enumerate(record["calls"], 1) for row in _short(place, call)]
        return [blocks.table(heads, [0, 6, 6, 4], rows)]
    made: list[Block | None] = []
    for place, call in enumerate(record["calls"], 1):
        made += [blocks.heading(say("report.call", n=str(place))), _heads(_call(call))]
    return made


_WHEN, _WHERE = ("started", "ended"), ("exhibit", "id")


def _short(place: int, call: Record) -> list[blocks.Row]:
    """A call as a row of the table, and below it where each field was read."""
    told = {name: (cell, source) for name, (_label, cell, source) in _told(call).items()}
    names = [[n for n in _WHEN if n in told], [n for n in told if n not in {*_WHEN, *_WHERE}]]
    cells = [[_line(n, told[n][0]) for n in group] for group in (*names, [n for n in _WHERE if n in told])]
    sources: dict[str, list[str]] = {}
    for name, (_cell, source) in told.items():
        if source:
            sources.setdefault(source, []).append(say(_key(name)))
    read = "; ".join(f"{', '.join(fields)} – {source}" for source, fields in sources.items())
    under = blocks.line(say("report.call_sources", list=read), "small")
    return [[str(place), *cells], blocks.wide(under)]


def _line(name: str, cell: Cell) -> blocks.Line:
    text = ", ".join(map(str, cell)) if isinstance(cell, list) else str(cell)
    return text if name in {"started", "exhibit"} else f"{say(_key(name))}: {text}"


def _key(name: str) -> str:
    return "report.call_recording" if name == "exhibit" else f"report.call_{name}"


def _call(call: Record) -> list[Row]:
    return list(_told(call).values())


def _told(call: Record) -> dict[str, Row]:
    """The rows about a call, by the names of its fields."""
    rows: dict[str, Row] = {}
    for name in _WHEN:
        if name in call:
            source = _source(call, name) or visible(call[name]["source"])
            rows[name] = (label(_key(name)), stated(call[name]), source)
    if "exhibit" in call:
        rows["exhibit"] = (label("report.call_recording"), call["exhibit"], "")
    own = say("report.from_organisation")
    for name in ("direction", "caller", "callee", "queue", "id"):
        if name in call:
            value = described("direction", call[name]) if name == "direction" else visible(call[name])
            rows[name] = (label(_key(name)), value, _source(call, name) or own)
    if "channels" in call:
        told: list[blocks.Line] = [
            say("report.channel", number=str(n), name=channel_name(c)) for n, c in enumerate(call["channels"])
        ]
        rows["channels"] = (label("report.call_channels"), told, _source(call, "channels") or own)
    return rows


def _source(call: Record, name: str) -> str:
    """What but the organisation's own word a field rests on; empty where nothing."""
    place = call.get("from_log", {}).get(name)
    if place:
        return say("report.from_log", place=visible(place))
    return say("report.from_name") if name in call.get("from_name", ()) else ""


def titled(case: Case) -> tuple[str, str]:
    """Number and title of the incident; harmless, empty where there is none."""
    for record in case.all("incident"):
        return visible(record["number"]), visible(record.get("title", ""))
    return "", ""
