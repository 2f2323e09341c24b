"""What shows that the announcement was played: a statement for each recording. Verified records only."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from evidence.messages import t
from evidence.model.noticeevidence import CODES, NoticeEvidence
from evidence.verify.noticewording import Known, statement

Record = Mapping[str, Any]
KIND = "notice_evidence"
PARTS = ("for", "against", "unseen")

_SHOWN = 5
"""Recordings of which a summary tells."""


def measured(by_kind: Mapping[str, list[Record]]) -> Iterator[str]:
    """A sentence or two for each of the first recordings that were searched, and how many more there are."""
    return _told(by_kind, is_searched=True)


def unmeasured(by_kind: Mapping[str, list[Record]]) -> Iterator[str]:
    """The same of recordings that were not searched: what is said rests on logs and statements alone."""
    return _told(by_kind, is_searched=False)


def _told(by_kind: Mapping[str, list[Record]], *, is_searched: bool) -> Iterator[str]:
    searched = {record["exhibit"] for record in by_kind.get("notice_search", []) if record["matches"]}
    judged = sort(by_kind.get(KIND, []))
    found = [record for record in judged if (record["exhibit"] in searched) == is_searched]
    known = known_of(by_kind)
    for record in found[:_SHOWN]:
        yield statement(record["exhibit"], NoticeEvidence.from_document(record), known)
    if len(found) > _SHOWN:
        yield t("summary.more", n=len(found) - _SHOWN)


def document(by_kind: Mapping[str, list[Record]]) -> list[dict[str, Any]]:
    """The same for scripts: grades and codes, with the statement for people."""
    known = known_of(by_kind)
    return [
        {
            "exhibit": record["exhibit"],
            "grade": record["grade"],
            **{part: [item["code"] for item in record[part]] for part in PARTS},
            "statement": statement(record["exhibit"], NoticeEvidence.from_document(record), known),
        }
        for record in sort(by_kind.get(KIND, []))
    ]


def codes(records: Iterable[Record]) -> list[str]:
    """Codes in notice evidence, in the order of noticeevidence.CODES; unknown ones are left out."""
    named = {
        item["code"]
        for record in records
        if record["kind"] == KIND
        for part in PARTS
        for item in record[part]
    }
    return [code for code in CODES if code in named]


def known_of(by_kind: Mapping[str, list[Record]]) -> Known:
    """What the records tell of versions and files; nothing where no notice evidence names them."""
    if not by_kind.get(KIND):
        return Known()
    return Known.of([*by_kind.get("announcement", []), *by_kind.get("exhibit", [])])


def sort(records: list[Record]) -> list[Record]:
    """Records by the number of their exhibit."""
    return sorted(records, key=lambda record: int(record["exhibit"][1:]))
