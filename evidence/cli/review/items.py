"""What stands in the list: markers, and those suggestions that haven't become one."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from evidence.model import names
from evidence.operations.markers.decisions import ACCEPTED, decided_as

Document = Mapping[str, Any]

EVERYTHING, OPEN, MARKERS = "everything", "open", "markers"
"""Filters beside the classes; OPEN: what still waits for a person."""


@dataclass(frozen=True, slots=True)
class Item:
    """A marker or a suggestion as its document had it when it was read.

    Attributes:
        number: from 1, among markers or among suggestions.
        is_marker: whether a person asserts it.
        recording: name of the recording (evidence.model.names).
        document: it.
        context: what the transcript has around the words; untrusted, empty when none is known.
    """

    number: int
    is_marker: bool
    recording: str
    document: Document = field(compare=False)
    context: str = field(compare=False, default="")

    @property
    def start(self) -> int:
        """Where it begins, milliseconds."""
        return int(self.document["start_ms"])

    @property
    def end(self) -> int | None:
        """Where it ends; None for a point."""
        return self.document.get("end_ms")

    @property
    def is_withdrawn(self) -> bool:
        """Whether it counts no more: a withdrawn marker or a rejected suggestion."""
        return "withdrawn" in self.document or "decided" in self.document

    @property
    def is_open(self) -> bool:
        """Whether it waits for a person: a suggestion for a decision, a marker for a confirmation."""
        if not self.is_marker:
            return "decided" not in self.document
        return "withdrawn" not in self.document and "reviewed_by" not in self.document


def items_of(markers: Sequence[Document], suggestions: Sequence[Document]) -> list[Item]:
    """All of them by recording and place; an accepted suggestion is its marker."""
    contexts = dict(_contexts(suggestions))
    found = [
        Item(number, True, names.from_document(each["recording"]), each, contexts.get(number, ""))
        for number, each in enumerate(markers, 1)
    ]
    for number, each in enumerate(suggestions, 1):
        if decided_as(each) != ACCEPTED or not _is_there(each, markers):
            recording = names.from_document(each["recording"])
            found.append(Item(number, False, recording, each, each.get("context", "")))
    return sorted(found, key=lambda item: (item.recording, item.start, item.number))


def _contexts(suggestions: Iterable[Document]) -> Iterator[tuple[int, str]]:
    """For the numbers of markers what stands around their words in the transcript."""
    for each in suggestions:
        marker = each.get("decided", {}).get("marker")
        if marker and each.get("context"):
            yield marker, each["context"]


def _is_there(suggestion: Document, markers: Sequence[Document]) -> bool:
    """Whether the marker that it became is there and holds."""
    number = suggestion["decided"].get("marker", 0)
    return 1 <= number <= len(markers) and "withdrawn" not in markers[number - 1]


def filters(items: Iterable[Item]) -> list[str]:
    """The filters that there are: EVERYTHING, OPEN, MARKERS and each class that occurs."""
    return [EVERYTHING, OPEN, MARKERS, *sorted({item.document["class"] for item in items})]


def chosen(items: Iterable[Item], by: str, text: str) -> list[Item]:
    """The items that a filter and a search leave.

    Args:
        items: all.
        by: one of ``filters``.
        text: must occur in the words, the context, the note or the name of a person; case doesn't count.
    """
    wanted = text.casefold()
    fitting = [item for item in items if _fits(item, by)]
    return [item for item in fitting if wanted in _text(item).casefold()] if wanted else fitting


def _fits(item: Item, by: str) -> bool:
    if by == OPEN:
        return item.is_open
    if by == MARKERS:
        return item.is_marker
    return by in {EVERYTHING, item.document["class"]}


def _text(item: Item) -> str:
    told = (item.document.get(name, "") for name in ("words", "note", "asserted_by", "entry"))
    return "\n".join([*map(str, told), item.context])
