"""What shows that the announcement was played, for each recording, in plain words and with its grade."""

from collections.abc import Mapping
from typing import Any

from evidence.model.notice import Notice, StatedTime
from evidence.model.noticeevidence import Item, NoticeEvidence
from evidence.register import entries
from evidence.reporting.content import blocks
from evidence.reporting.content.blocks import Block, Cell, Line, shown
from evidence.reporting.content.case import Case, file_name
from evidence.reporting.content.words import known, label, say, stated, timestamp
from evidence.text import visible
from evidence.verify.durations import clock
from evidence.verify.noticewording import clause, statement

Record = Mapping[str, Any]
Row = tuple[str, Cell, str]


def section(case: Case) -> Block:
    """What persons state, the announcements, and what each recording and log shows."""
    made: list[Block | None] = [blocks.paragraph(say("report.notice_intro"))]
    for record in case.all("notice"):
        made += _stated(record, is_judged=bool(case.all("notice_evidence")))
    for record in sorted(case.all("announcement"), key=_sequence):
        made += _announcement(record, case.versions[record["version"]])
    searches = {record["exhibit"]: record for record in case.all("notice_search")}
    judged = {record["exhibit"]: record for record in case.by_exhibit("notice_evidence")}
    for exhibit in case.exhibits:
        if exhibit in searches or exhibit in judged:
            made += _recording(case, exhibit, searches.get(exhibit), judged.get(exhibit))
    return blocks.section(say("report.section_notice"), made)


def _stated(record: Record, *, is_judged: bool) -> list[Block | None]:
    grade = "unstated" if is_judged and record["grade"] == "none" else record["grade"]
    by = shown(record["source"]) if "source" in record else ""
    rows: list[Row] = [(label("show.grade"), label(f"show.grade_{grade}"), by)]
    place = [record["exhibit"]] if "exhibit" in record else []
    if "channel" in record:
        place.append(say("show.in_channel", channel=visible(str(record["channel"]))))
    if "at_milliseconds" in record:
        place.append(clock(record["at_milliseconds"]))
    if place:
        rows.append((label("show.where"), ", ".join(place), by))
    rows += [
        (label(f"show.{name}"), shown(record[name]), by if name == "text" else "")
        for name in ("text", "language", "version")
        if name in record
    ]
    if record["exhibits"]:
        rows.append((label("show.announcement"), ", ".join(record["exhibits"]), ""))
    return [blocks.heading(label("show.notice_stated")), _with_heads(rows)]


def _with_heads(rows: list[Row]) -> Block | None:
    return blocks.facts(rows, (say("report.head_what"), say("report.head_said"), say("report.head_source")))


def _sequence(record: Record) -> int:
    return entries.parse(record["entry"].encode("utf-8")).sequence


def _announcement(record: Record, notice: Notice) -> list[Block | None]:
    entry = entries.parse(record["entry"].encode("utf-8"))
    rows: list[Row] = [
        (label(f"notice.field_{name}"), shown(value), "")
        for name, value in (
            ("title", notice.title),
            ("text", notice.text),
            ("language", notice.language),
            ("approved_by", notice.approved_by),
            ("replaces", notice.replaces),
            ("played_as", ", ".join(notice.played_as)),
        )
        if value
    ]
    rows.append((label("notice.field_key_clause"), _clause(notice), ""))
    rows += [
        _time(name, time) for name, time in (("from", notice.valid_from), ("to", notice.valid_to)) if time
    ]
    added = notice.added
    who = say(
        "report.added_by",
        operator=visible(added.operator),
        host=visible(added.host),
        software=visible(added.software),
    )
    rows += [
        (label("notice.field_added"), timestamp(added.claimed_time), who),
        (label("report.in_register"), _entered(entry.sequence, entry.claimed_time), visible(entry.origin)),
        (label("show.version"), record["version"], ""),
    ]
    if "exhibit" in record:
        rows.append((label("notice.field_sound"), record["exhibit"], ""))
    if notice.sound is not None:
        rows += [
            (label("notice.field_file"), visible(notice.sound.name), ""),
            (label("notice.sound_fingerprint"), blocks.digest(notice.sound.sha256.hex()), ""),
        ]
    return [blocks.heading(label("show.notice_version")), _with_heads(rows)]


def _entered(sequence: int, claimed: str) -> str:
    return say("report.entered", sequence=str(sequence), at=timestamp(claimed))


def _clause(notice: Notice) -> Cell:
    found = notice.key_clause
    lines: list[Line] = []
    if found.start is not None:
        lines.append(f"{clock(found.start)} – {clock(found.end or 0)}")
    if found.text:
        lines.append(blocks.line(say("report.quote", words=shown(found.text)), "quote"))
    return lines


def _time(name: str, time: StatedTime) -> Row:
    told = stated({"utc": time.utc, "text": time.text})
    return label(f"notice.field_valid_{name}"), told, visible(time.source)


def _recording(case: Case, exhibit: str, search: Record | None, judged: Record | None) -> list[Block | None]:
    title = say("report.recording", id=exhibit, name=file_name(case.exhibits[exhibit]))
    made: list[Block | None] = [blocks.heading(title)]
    if judged is not None:
        evidence = NoticeEvidence.from_document(judged)
        made.append(
            blocks.box(
                "note", label(f"show.grade_{judged['grade']}"), [statement(exhibit, evidence, case.known)]
            )
        )
        rows = [
            (label(f"noticeevidence.heading_{name}"), _items(items, case), "")
            for name, items in (
                ("for", evidence.speaks_for),
                ("against", evidence.against),
                ("unseen", evidence.unseen),
            )
            if items
        ]
        made.append(blocks.facts(rows))
    if search is not None:
        made += _search(case, search)
    return made


def _items(items: tuple[Item, ...], case: Case) -> Cell:
    return [_item(item, case) for item in items]


def _item(item: Item, case: Case) -> str:
    told = clause(item, case.known)
    return f"– {told[:1].upper()}{told[1:]}"


def _search(case: Case, search: Record) -> list[Block | None]:
    length = clock(search["searched_ms"])
    key = "whole" if search["is_whole"] else "part"
    told = (
        say(f"report.searched_{key}", length=length)
        if search["searched_ms"]
        else say("report.searched_nothing")
    )
    if search["algorithm"]:
        told = say("report.searched_by", told=told, algorithm=visible(search["algorithm"]))
    made: list[Block | None] = [blocks.paragraph(told, "small")]
    made += [
        blocks.paragraph(say("report.problem", text=known(f"media.search_problem_{code}", code)), "small")
        for code in search["problems"]
    ]
    heads = [
        say(f"report.match_{name}") for name in ("version", "channel", "result", "place", "speech", "clause")
    ]
    rows = [_match(case, search["exhibit"], match) for match in search["matches"]]
    made.append(blocks.table(heads, [4, 3, 2, 2, 2, 2], rows))
    if any(match["result"] == "not_detected" for match in search["matches"]):
        told = say("noticesearch.not_detected_means")
        made.append(blocks.paragraph(told[:1].upper() + told[1:] + ".", "small"))
    return made


def _match(case: Case, exhibit: str, match: Record) -> list[Cell]:
    notice = case.versions.get(match["version"])
    name = visible(notice.known_as) if notice else match["version"]
    result = say(f"noticesearch.result_{match['result']}")
    head = [name, case.channel(exhibit, match["channel"]), result]
    if "at_ms" not in match:
        return [*head, "–", "–", "–"]
    at = match["at_ms"]
    place = clock(at) if at >= 0 else f"−{clock(-at)}"
    return [*head, place, f"{match['coverage'] // 10} %", f"{match['clause_coverage'] // 10} %"]
