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
from evidence.model.noticeevidence import Item, NoticeEvidence
from evidence.model.noticesearch import NoticeSearch
from evidence.register import entries
from evidence.verify.durations import clock
from evidence.verify.noticewording import Known, announced, clause, statement

Record = Mapping[str, Any]
KINDS = ("notice", "announcement", "notice_search", "notice_evidence")


class _Archive:
    """What the records say of the recordings and versions that notice records name."""

    def __init__(self, by_kind: Mapping[str, list[Record]]) -> None:
        self.known = notice_statements.known_of(by_kind)
        self.versions = {record["version"]: announced(record) for record in by_kind.get("announcement", [])}
        self.exhibits = {record["exhibit"]: record for record in by_kind.get("exhibit", [])}
        calls = [call for incident in by_kind.get("incident", []) for call in incident["calls"]]
        self.channels = {
            call["exhibit"]: call["channels"] for call in calls if "exhibit" in call and "channels" in call
        }

    def file(self, exhibit: str) -> str:
        """The name of its file; untrusted."""
        return names.from_document(self.exhibits[exhibit]["name"]) if exhibit in self.exhibits else ""

    def about(self, exhibit: str) -> About:
        """What is known of a recording besides its search."""
        return About(self.versions, self.channels.get(exhibit, ()), self._length(exhibit))

    def _length(self, exhibit: str) -> int | None:
        facts = self.exhibits.get(exhibit, {}).get("recording")
        if not facts or not facts["samples"] or not facts["sample_rate"]:
            return None
        return int(facts["samples"] * 1000 // facts["sample_rate"])


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
    archive = _Archive(by_kind)
    searches = {record["exhibit"]: record for record in by_kind.get("notice_search", [])}
    judged = {record["exhibit"]: record for record in by_kind.get("notice_evidence", [])}
    for exhibit in sorted({*searches, *judged}, key=lambda name: int(name[1:])):
        _recording(exhibit, searches.get(exhibit), judged.get(exhibit), archive)


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


def _recording(exhibit: str, search: Record | None, judged: Record | None, archive: _Archive) -> None:
    line()
    line("  ", words("show.notice_of", id=exhibit, name=archive.file(exhibit)))
    if judged is not None:
        _judged(judged, archive.known)
    if search is not None:
        fields = {name: value for name, value in search.items() if name not in _HEAD}
        print_search(NoticeSearch.from_document(fields), archive.about(exhibit))


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
