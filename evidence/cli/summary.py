"""What an archive holds in a few lines, each with a word for what it rests on (COLOURS).

Verified records only.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from evidence.cli import notice_statements
from evidence.cli.classnames import class_name
from evidence.cli.console import line, words
from evidence.messages import t
from evidence.verify.durations import clock

Record = Mapping[str, Any]

COLOURS = {
    "COUNTED": "green",
    "MEASURED": "magenta",
    "STATED": "cyan",
    "CLAIMED": "yellow",
    "ALLEGED": "yellow",
}
"""The words that say what something rests on; `evidence explain` tells what each means."""

_SHOWN = 5
_FROM_SOUND = frozenset({"header_length_differs", "unfinished_header", "truncated", "damaged"})
"""Problems by which the file itself claims another length than it has."""


def print_summary(records: Iterable[Record]) -> None:
    """Print a heading and a line or a few for each kind of word."""
    by_kind = sort(records)
    line()
    line((t("summary.heading"), "cyan"))
    for word, told in (
        ("COUNTED", _counted(by_kind)),
        ("MEASURED", notice_statements.measured(by_kind)),
        ("STATED", _stated(by_kind)),
        ("CLAIMED", _claimed(by_kind)),
        ("ALLEGED", _alleged(by_kind)),
    ):
        label = t(f"summary.{word}")
        for sentence in told:
            line("  ", (f"{label:<10}", COLOURS[word]), "  ", sentence, hanging=14)
            label = ""


def document(records: Iterable[Record]) -> dict[str, Any]:
    """The same as a JSON value."""
    by_kind = sort(records)
    facts = [exhibit["recording"] for exhibit in _recordings(by_kind)]
    return {
        "recordings": len(facts),
        "milliseconds": [None if _by_timestamps(fact) else _milliseconds(fact) for fact in facts],
        "notice_grades": [notice["grade"] for notice in by_kind.get("notice", [])],
        "notice_evidence": notice_statements.document(by_kind),
        "markers": dict(sorted(Counter(m["class"] for m in _standing(by_kind)).items())),
        "markers_withdrawn": len(by_kind.get("marker", [])) - len(_standing(by_kind)),
        "measures": len(by_kind.get("measure", [])),
        "acquisitions": len(by_kind.get("acquisition", [])),
        "receipts": len(by_kind.get("receipt", [])),
    }


def sort(records: Iterable[Record]) -> dict[str, list[Record]]:
    """Records by their kind."""
    by_kind: dict[str, list[Record]] = {}
    for record in records:
        by_kind.setdefault(record["kind"], []).append(record)
    return by_kind


def _recordings(by_kind: Mapping[str, list[Record]]) -> list[Record]:
    found = [e for e in by_kind.get("exhibit", []) if e["role"] == "recording" and "recording" in e]
    return sorted(found, key=lambda exhibit: int(exhibit["exhibit"][1:]))


def _milliseconds(facts: Record) -> int | None:
    if facts["samples"] is None or not facts["sample_rate"]:
        return None
    return int(facts["samples"] * 1000 // facts["sample_rate"])


def _by_timestamps(facts: Record) -> bool:
    """Whether a recording's length is what its container says, counted from nothing."""
    return bool(facts["method"] == "timestamps")


def _counted(by_kind: Mapping[str, list[Record]]) -> Iterator[str]:
    """The recordings and their true durations."""
    recordings = _recordings(by_kind)
    lengths = [(exhibit["exhibit"], _milliseconds(exhibit["recording"])) for exhibit in recordings]
    claimed = {exhibit["exhibit"] for exhibit in recordings if _by_timestamps(exhibit["recording"])}
    told = [
        t("summary.not_counted", exhibit=exhibit)
        if exhibit in claimed
        else f"{exhibit} {t('show.duration_unknown') if length is None else clock(length)}"
        for exhibit, length in lengths[:_SHOWN]
    ]
    more = [t("summary.more", n=len(lengths) - _SHOWN)] if len(lengths) > _SHOWN else []
    yield f"{t('summary.recordings', n=len(recordings))}: {', '.join([*told, *more])}"


def _stated(by_kind: Mapping[str, list[Record]]) -> Iterator[str]:
    """What the organisation says: the incident, the notice, its measures, how everything came here."""
    for incident in by_kind.get("incident", []):
        yield t("summary.incident", number=incident["number"], n=len(incident["calls"]))
        if "corrects" in incident:
            yield t("summary.corrects", archive_id=incident["corrects"]["archive_id"])
    for notice in by_kind.get("notice", []):
        yield t("summary.notice", grade=_grade(notice, by_kind))
    yield from notice_statements.unmeasured(by_kind)
    yield _acquired(by_kind)
    measures = Counter(measure["measure"] for measure in by_kind.get("measure", []))
    if measures:
        yield t("summary.measures", list=_listed("show.measure_", measures))


def _grade(notice: Record, by_kind: Mapping[str, list[Record]]) -> str:
    """What is stated; where the archive judges each recording, ``none`` is said of persons only."""
    unstated = notice["grade"] == "none" and by_kind.get(notice_statements.KIND)
    return f"{notice['grade']}: {t('show.grade_unstated' if unstated else 'show.grade_' + notice['grade'])}"


def _acquired(by_kind: Mapping[str, list[Record]]) -> str:
    """Of how many recordings it is stated who took them, and from which system."""
    recordings = {exhibit["exhibit"] for exhibit in _recordings(by_kind)}
    records = by_kind.get("acquisition", [])
    taken = {exhibit for record in records for exhibit in record["exhibits"]}
    system = {exhibit for record in records if "system" in record for exhibit in record["exhibits"]}
    known, named = len(recordings & taken), len(recordings & system)
    return t("summary.acquisitions", known=known, named=named, n=len(recordings))


def _claimed(by_kind: Mapping[str, list[Record]]) -> Iterator[str]:
    """What files say about themselves, where it matters."""
    calls = [call for incident in by_kind.get("incident", []) for call in incident["calls"]]
    from_name = [call for call in calls if "from_name" in call]
    if from_name:
        yield t("summary.from_name", n=len(from_name))
    from_log = [call for call in calls if "from_log" in call]
    if from_log:
        yield t("summary.from_log", n=len(from_log))
    for exhibit in _recordings(by_kind):
        length = _milliseconds(exhibit["recording"])
        if _by_timestamps(exhibit["recording"]) and length is not None:
            yield t("summary.by_timestamps", exhibit=exhibit["exhibit"], length=clock(length))
        if _FROM_SOUND.intersection(exhibit["recording"]["problems"]):
            yield words("summary.differs", exhibit=exhibit["exhibit"])


def _alleged(by_kind: Mapping[str, list[Record]]) -> Iterator[str]:
    standing, withdrawn = _standing(by_kind), len(by_kind.get("marker", [])) - len(_standing(by_kind))
    if not standing:
        yield t("summary.no_markers")
    else:
        classes = Counter(class_name(m["class"], m.get("class_names", {})) for m in standing)
        persons = len({marker["asserted_by"] for marker in standing})
        listed = ", ".join(f"{name} {count}" for name, count in sorted(classes.items()))
        yield f"{t('summary.markers', n=len(standing), list=listed)} {t('summary.persons', n=persons)}"
    if withdrawn:
        yield t("summary.withdrawn", n=withdrawn)


def _standing(by_kind: Mapping[str, list[Record]]) -> list[Record]:
    """The markers that weren't withdrawn."""
    return [marker for marker in by_kind.get("marker", []) if "withdrawn" not in marker]


def _listed(prefix: str, counted: Counter[str]) -> str:
    return ", ".join(f"{t(prefix + kind)} {count}" for kind, count in sorted(counted.items()))
