"""The verified records of one archive, sorted for a reader."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from evidence.intake.markerfiles.classes import CODES
from evidence.messages import language, t
from evidence.model import names
from evidence.model.notice import Notice
from evidence.reporting.content.words import label, say
from evidence.text import visible
from evidence.verify.noticewording import Known, announced

Record = Mapping[str, Any]


@dataclass(frozen=True)
class Case:
    """What the records say, by kind.

    Attributes:
        by_kind: records of each kind, in their order in the archive.
    """

    by_kind: Mapping[str, Sequence[Record]] = field(default_factory=dict)

    @classmethod
    def of(cls, records: Iterable[Record]) -> "Case":
        """The records sorted."""
        by_kind: dict[str, list[Record]] = {}
        for record in records:
            by_kind.setdefault(record["kind"], []).append(record)
        return cls(by_kind)

    def all(self, kind: str) -> Sequence[Record]:
        """The records of a kind."""
        return self.by_kind.get(kind, ())

    def by_exhibit(self, kind: str) -> list[Record]:
        """The records of a kind, in the order of the exhibits that they are about."""
        return sorted(self.all(kind), key=lambda record: order(record["exhibit"]))

    @cached_property
    def exhibits(self) -> dict[str, Record]:
        """Exhibits by id, in order."""
        return {record["exhibit"]: record for record in self.by_exhibit("exhibit")}

    @cached_property
    def recordings(self) -> list[Record]:
        """The recordings of calls, in order."""
        return [e for e in self.exhibits.values() if e["role"] == "recording"]

    @cached_property
    def others(self) -> list[Record]:
        """All exhibits that aren't recordings of calls, in order."""
        return [e for e in self.exhibits.values() if e["role"] != "recording"]

    @cached_property
    def calls(self) -> list[Record]:
        """The calls, in the order in which they were given."""
        return [call for incident in self.all("incident") for call in incident["calls"]]

    @cached_property
    def channels(self) -> dict[str, Sequence[str]]:
        """Who is said to be heard in the channels of each recording; untrusted."""
        return {c["exhibit"]: c["channels"] for c in self.calls if "exhibit" in c and "channels" in c}

    @cached_property
    def known(self) -> Known:
        """Titles of announcements and names of files, for sentences about the notice."""
        return Known.of([*self.all("announcement"), *self.all("exhibit")])

    @cached_property
    def versions(self) -> dict[str, Notice]:
        """The announcements by id."""
        return {record["version"]: announced(record) for record in self.all("announcement")}

    @cached_property
    def markers(self) -> list[tuple[int, Record]]:
        """The markers with the numbers by which the report calls them, by recording and place.

        They are the markers' own numbers if all have one and none stands twice; else they are counted anew.
        """
        placed = sorted(
            self.all("marker"), key=lambda m: (order(m["exhibit"]), m["start_ms"], m.get("number", 0))
        )
        own = [marker.get("number", 0) for marker in placed]
        if all(own) and len(set(own)) == len(own):
            return list(zip(own, placed, strict=True))
        return list(enumerate(placed, 1))

    @cached_property
    def markers_of(self) -> dict[str, list[tuple[int, Record]]]:
        """The same by recording."""
        found: dict[str, list[tuple[int, Record]]] = {}
        for number, marker in self.markers:
            found.setdefault(marker["exhibit"], []).append((number, marker))
        return found

    def channel(self, exhibit: str, channel: int | str) -> str:
        """A channel of a recording: its number, and who is said to be heard in it."""
        if isinstance(channel, str):
            return say("report.channel_named", name=channel_name(channel))
        told = self.channels.get(exhibit, ())
        if channel < len(told):
            return say("report.channel", number=str(channel), name=channel_name(told[channel]))
        return say("report.channel_unnamed", number=str(channel))


def order(exhibit: str) -> int:
    """The number in an exhibit's id."""
    return int(exhibit[1:])


def file_name(exhibit: Record) -> str:
    """The name that a file had; harmless."""
    return visible(names.from_document(exhibit["name"]))


def role(exhibit: Record) -> str:
    """What an exhibit is said to be."""
    return label(f"show.role_{exhibit['role']}")


def milliseconds(facts: Record | None) -> int | None:
    """The length of a recording; None when it isn't known."""
    if not facts or facts["samples"] is None or not facts["sample_rate"]:
        return None
    return int(facts["samples"] * 1000 // facts["sample_rate"])


def channel_name(name: str) -> str:
    """Who is said to be heard in a channel; the two usual names in words."""
    return say(f"report.channel_{name}") if name in {"caller", "agent"} else visible(name)


def class_name(code: str, own: Mapping[str, str]) -> str:
    """The name of a marker's class; a code without a name stands for itself.

    A name that isn't one of this program's is told as the organisation's own: it may say anything.
    """
    if code in CODES:
        return label(f"show.class_{code}")
    name = own.get(language()) or own.get("en")
    if not name:
        return visible(code)
    told = say("show.own_class", code=visible(code), name=visible(name))
    return f"{told[:1].upper()}{told[1:]}"


def described(kind: str, code: str) -> str:
    """A code in words, of one of the lists that the catalogue ``show`` has; starts with a capital letter."""
    text = t(f"show.{kind}_{code}")
    return text[:1].upper() + text[1:]
