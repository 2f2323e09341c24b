"""What an archive says of the announcement that calls are recorded. Verified records only."""

from collections.abc import Mapping
from typing import Any

from evidence.cli import notice_statements
from evidence.cli.console import line, words
from evidence.cli.fields import field, section
from evidence.cli.notice_found import About, print_search
from evidence.cli.notice_table import print_statements
from evidence.messages import t
from evidence.model import names
from evidence.model.notice import Notice
from evidence.model.noticeevidence import Item, NoticeEvidence
from evidence.model.noticesearch import NoticeSearch
from evidence.register import entries
from evidence.verify.durations import clock
from evidence.verify.noticewording import Known, announced, clause, statement

Record = Mapping[str, Any]
KINDS = ("notice", "announcement", "notice_search", "notice_evidence")


def print_notice(by_kind: Mapping[str, list[Record]]) -> None:
    """Print what a person states, the announcements, and what shows of each recording that one was played."""
    if not any(by_kind.get(kind) for kind in KINDS):
        return
    section("notice")
    for record in by_kind.get("notice", []):
        _stated(record, is_judged=bool(by_kind.get("notice_evidence")))
    versions = [(_sequence(record), record) for record in by_kind.get("announcement", [])]
    for _place, record in sorted(versions, key=lambda version: version[0]):
        _announcement(record)
    searches = {record["exhibit"]: record for record in by_kind.get("notice_search", [])}
    judged = {record["exhibit"]: record for record in by_kind.get("notice_evidence", [])}
    for exhibit in sorted({*searches, *judged}, key=lambda name: int(name[1:])):
        _recording(exhibit, searches.get(exhibit), judged.get(exhibit), by_kind)


def _stated(record: Record, *, is_judged: bool) -> None:
    line("  ", words("show.label", name=t("show.notice_stated")))
    grade = record["grade"]
    told = t("show.grade_unstated" if is_judged and grade == "none" else f"show.grade_{grade}")
    field(t("show.grade"), f"{grade}: {told}", "    ")
    parts = [record["exhibit"]] if "exhibit" in record else []
    if "channel" in record:
        parts.append(t("show.in_channel", channel=str(record["channel"])))
    if "at_milliseconds" in record:
        parts.append(clock(record["at_milliseconds"]))
    if parts:
        field(t("show.where"), "  ".join(parts), "    ")
    for name in ("source", "text", "language", "version"):
        if name in record:
            field(t(f"show.{name}"), record[name], "    ")
    if record["exhibits"]:
        field(t("show.announcement"), ", ".join(record["exhibits"]), "    ")


def _sequence(record: Record) -> int:
    return entries.parse(record["entry"].encode("utf-8")).sequence


def _announcement(record: Record) -> None:
    line("  ", words("show.label", name=t("show.notice_version")))
    print_statements(announced(record), "    ")
    field(t("show.version"), record["version"], "    ")
    if "exhibit" in record:
        field(t("show.announcement"), record["exhibit"], "    ")


def _recording(
    exhibit: str, search: Record | None, judged: Record | None, by_kind: Mapping[str, list[Record]]
) -> None:
    line()
    line("  ", words("show.notice_of", id=exhibit, name=_file(exhibit, by_kind)))
    if judged is not None:
        _judged(judged, notice_statements.known_of(by_kind))
    if search is not None:
        fields = {name: value for name, value in search.items() if name not in _HEAD}
        print_search(NoticeSearch.from_document(fields), _about(exhibit, by_kind))


_HEAD = ("salt", "kind", "id", "exhibit", "recording_sha256")


def _judged(record: Record, known: Known) -> None:
    evidence = NoticeEvidence.from_document(record)
    line("    ", statement(record["exhibit"], evidence, known), hanging=4)
    field(t("show.grade"), record["grade"], "    ")
    for heading, items in (
        ("for", evidence.speaks_for),
        ("against", evidence.against),
        ("unseen", evidence.unseen),
    ):
        _items(heading, items, known)


def _items(heading: str, items: tuple[Item, ...], known: Known) -> None:
    if items:
        line("    ", words("show.label", name=t(f"noticeevidence.heading_{heading}")))
    for item in items:
        line("      ", (item.code, "cyan"), "  ", clause(item, known), hanging=8)


def _file(exhibit: str, by_kind: Mapping[str, list[Record]]) -> str:
    found = [record for record in by_kind.get("exhibit", []) if record["exhibit"] == exhibit]
    return names.from_document(found[0]["name"]) if found else ""


def _about(exhibit: str, by_kind: Mapping[str, list[Record]]) -> About:
    """What the other records say of a recording and of the versions."""
    versions: dict[str, Notice] = {
        record["version"]: announced(record) for record in by_kind.get("announcement", [])
    }
    calls = [call for incident in by_kind.get("incident", []) for call in incident["calls"]]
    channels = [call["channels"] for call in calls if call.get("exhibit") == exhibit and "channels" in call]
    return About(versions, channels[0] if channels else (), _length(exhibit, by_kind))


def _length(exhibit: str, by_kind: Mapping[str, list[Record]]) -> int | None:
    for record in by_kind.get("exhibit", []):
        facts = record.get("recording")
        if record["exhibit"] == exhibit and facts and facts["samples"] and facts["sample_rate"]:
            return int(facts["samples"] * 1000 // facts["sample_rate"])
    return None
