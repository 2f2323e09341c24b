"""What shows that the announcement was played, in the reader's language: one honest statement a recording.

It says what is in a recording, what a log says and what a person states, never that the caller heard it.
Untrusted text in it comes out harmless, and short.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from evidence import canonical
from evidence.messages import fits, t
from evidence.model import names
from evidence.model.notice import MAX_NOTICE, Notice
from evidence.model.noticeevidence import CODES, GRADE_OF, Item, NoticeEvidence
from evidence.text import visible
from evidence.verify.noticeplaces import place, seconds, where

Record = Mapping[str, Any]

MOST = 3
"""Things against it, and things not looked at, that a statement names."""

_LONGEST = 60
"""Characters of a name in a sentence."""


@dataclass(frozen=True, slots=True)
class Known:
    """What an archive tells about the things that notice evidence names.

    Attributes:
        titles: by what people know each version of the announcement; untrusted.
        files: names of the exhibits' files; untrusted.
    """

    titles: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, records: Iterable[Record]) -> "Known":
        """What verified records tell."""
        titles, files = {}, {}
        for record in records:
            if record["kind"] == "announcement":
                titles[record["version"]] = announced(record).known_as
            if record["kind"] == "exhibit":
                files[record["exhibit"]] = names.from_document(record["name"])
        return cls(titles, files)


def announced(record: Record) -> Notice:
    """The version of the announcement in a verified record."""
    return Notice.from_document(canonical.decode(record["document"].encode("utf-8"), MAX_NOTICE))


def short(text: str, longest: int = _LONGEST) -> str:
    """Untrusted text as it can stand in a sentence: visible, in one line, cut where it is too long."""
    told = visible(" ".join(text.split()))
    return told if len(told) <= longest else f"{told[: longest - 1]}…"


def statement(exhibit: str, evidence: NoticeEvidence, known: Known, most: int = MOST) -> str:
    """What shows of a recording that the announcement was played, and what speaks against it.

    Args:
        exhibit: id of the recording.
        evidence: what there is.
        known: what the archive tells besides.
        most: how many things of a kind are named at most; of what speaks for it the strongest kind is, and
            the strongest thing that rests on something else.
    """
    alike = tuple(item for item in evidence.speaks_for if item.code == evidence.speaks_for[0].code)
    strongest = [*_listed(alike, known, most), *(clause(item, known) for item in _others(evidence))]
    if evidence.grade == "none" and not _is_later(evidence):
        strongest = [t("noticeevidence.none"), *strongest]
    told = [*strongest, *_listed(evidence.against, known, most)]
    said = t("noticeevidence.statement", exhibit=exhibit, list="; ".join(told))
    unseen = _listed(evidence.unseen, known, most)
    return f"{said} {t('noticeevidence.open', list='; '.join(unseen))}" if unseen else said


def _others(evidence: NoticeEvidence) -> list[Item]:
    """The strongest thing of another grade than the first."""
    grades = {"none", *(GRADE_OF.get(item.code, "none") for item in evidence.speaks_for[:1])}
    return [item for item in evidence.speaks_for if GRADE_OF.get(item.code, "none") not in grades][:1]


def clause(item: Item, known: Known) -> str:
    """One thing about the announcement, as a part of a sentence; a later version's code stays as it is."""
    if item.code not in CODES:
        return t("noticeevidence.later", code=item.code)
    return t(f"noticeevidence.{item.code}", **_values(item, known))


def _listed(items: tuple[Item, ...], known: Known, most: int) -> list[str]:
    told = [clause(item, known) for item in items[:most]]
    return [*told, t("noticeevidence.more", n=len(items) - most)] if len(items) > most else told


def _is_later(evidence: NoticeEvidence) -> bool:
    """Whether its strongest item is one that only a later version can judge."""
    return bool(evidence.speaks_for) and evidence.speaks_for[0].code not in CODES


def _values(item: Item, known: Known) -> dict[str, str]:
    title = short(known.titles.get(item.version, ""))
    named = t("noticeevidence.announcement_named", title=title) if title else ""
    is_one_of_several = title and len(known.titles) > 1
    return {
        "announcement": named or t("noticeevidence.announcement"),
        "which": t("noticeevidence.which", title=title) if is_one_of_several else "",
        "place": place(where(item.channel, short(item.channel_name)), item.at_ms),
        "shares": _shares(item),
        "document": _document(item, known),
        "name": t("noticeevidence.as", name=short(item.text)) if item.text else "",
        "when": t("noticeevidence.when", time=written(item.at.text, item.at.utc)) if item.at else "",
        "source": t("noticeevidence.source", text=short(item.text)) if item.text else "",
        "reason": t("noticeevidence.reason", text=_reason(item)) if item.text else "",
        "length": seconds(item.milliseconds or 0),
    }


def written(text: str, utc: str) -> str:
    """A time as it was written, or in UTC where that is seconds since 1970."""
    return visible(text) if any(mark in text for mark in ":-") else f"{utc[:10]} {utc[11:19]} UTC"


def _shares(item: Item) -> str:
    """How much of the announcement was heard; cut off, so that only all of it is 100 %."""
    shares = []
    if item.coverage is not None:
        shares.append(t("noticeevidence.speech", percent=str(item.coverage // 10)))
    if item.clause_coverage == 1000:
        shares.append(t("noticeevidence.clause_full"))
    elif item.clause_coverage is not None:
        shares.append(t("noticeevidence.clause_part", percent=str(item.clause_coverage // 10)))
    return "".join(f", {share}" for share in shares)


def _document(item: Item, known: Known) -> str:
    """The exhibit that says so, with its line."""
    if not item.exhibit:
        return ""
    name = short(known.files.get(item.exhibit, ""))
    file = f"{name} ({item.exhibit})" if name else item.exhibit
    if item.line is None:
        return t("noticeevidence.document", file=file)
    return t("noticeevidence.document_line", file=file, line=str(item.line))


def _reason(item: Item) -> str:
    """The words for a code in an item's text."""
    if item.code == "NOT_SEARCHED" and item.text == "off":
        return t("noticeevidence.off")
    key = (
        f"media.search_problem_{item.text}" if item.code == "NOT_SEARCHED" else f"notice.problem_{item.text}"
    )
    return t(key) if fits(key) else short(item.text)
