"""ELAN's annotation documents (``.eaf``): each annotation that is tied to the time line is a draft.

As the schema says that ELAN's makers publish (https://www.mpi.nl/tools/elan/EAFv3.0.xsd). What tells what:

- The class is the tier's name, or what stands in it before ``@`` or ``#`` (``insult@caller``); else it may
  stand at the beginning of the text, as in labels.
- The channel may be the tier's participant, if the call has a channel of that name.
- The tier's annotator is the person who asserts it.
- The linked media file, if there is one only, may tell the recording.
- An annotation that refers to another one (a translation, a remark) is part of that one's note.

An annotation of one millisecond is a point: ELAN knows no points.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from evidence.intake import percents
from evidence.intake.markerfiles import classes
from evidence.intake.markerfiles.classes import OwnClasses
from evidence.intake.markerfiles.drafts import MAX_WORDS, Draft, wrong
from evidence.intake.markerfiles.eaf import Annotation, Eaf, Tier, parse
from evidence.intake.positions import MAX_MS

_TIME = re.compile(r"[0-9]{1,12}")
_NAME = re.compile(r"[^@#]*")
_MILLISECONDS = "milliseconds"
_LONGEST_NAME = 300


def read(file: str, data: bytes, own: OwnClasses) -> Iterator[Draft]:
    """The annotations of the file, tier by tier.

    Args:
        file: name of the file; untrusted.
        data: its bytes, in UTF-8.
        own: the vault's own classes.

    Raises:
        FormatError: no such document, or times that aren't tied to the time line.
    """
    document = parse(file, data)
    _require_times(file, document)
    reader = _Reader(file, document.slots, _media(document), own)
    notes = _notes(document)
    for annotation in document.annotations:
        if not annotation.parent:
            yield reader.draft(annotation, notes.get(annotation.id, ""))


def _require_times(file: str, document: Eaf) -> None:
    """Times must be counted in milliseconds from the beginning of the recording."""
    line, units = document.units
    if units != _MILLISECONDS:
        raise wrong(file, line, "markerfiles.elan_units", units)
    for item in document.media:
        if item.origin.strip() not in {"", "0"}:
            raise wrong(file, item.line, "markerfiles.elan_shifted", item.origin)


def _media(document: Eaf) -> str:
    """The name of the one media file; empty when there are several, or none."""
    found = {percents.decode(item.url) for item in document.media}
    name = found.pop() if len(found) == 1 else ""
    return name if len(name) < _LONGEST_NAME else ""


@dataclass(frozen=True, slots=True)
class _Reader:
    """Makes drafts of annotations."""

    file: str
    slots: Mapping[str, str | None]
    media: str
    own: OwnClasses

    def draft(self, annotation: Annotation, note: str) -> Draft:
        tier, line = annotation.tier, annotation.line
        start_ms, end_ms = (self._time(annotation, slot) for slot in annotation.slots)
        marker_class, words = classes.classes(_NAME.findall(tier.id)[0], self.own) or "", annotation.text
        if not marker_class:
            marker_class, words = classes.split(words, self.own)
        if len(note) > MAX_WORDS:
            raise wrong(self.file, line, "markerfiles.cell_too_long", note, limit=MAX_WORDS)
        return Draft(
            line=line,
            start_ms=start_ms,
            end_ms=None if 0 <= end_ms - start_ms <= 1 else end_ms,
            words=words,
            marker_class=marker_class,
            asserted_by=self._person(tier),
            note=note,
            speaker=tier.participant.strip(),
            media=self.media,
        )

    def _person(self, tier: Tier) -> str:
        name = tier.annotator.strip()
        if len(name) > _LONGEST_NAME:
            raise wrong(self.file, tier.line, "markerfiles.cell_too_long", name, limit=_LONGEST_NAME)
        return name

    def _time(self, annotation: Annotation, slot: str) -> int:
        """The time of a slot, in milliseconds.

        A slot may have none: ELAN then only draws it somewhere between its neighbours, and nobody says so.
        """
        if slot not in self.slots:
            raise wrong(self.file, annotation.line, "markerfiles.elan_no_slot", slot)
        text = self.slots[slot]
        if text is None:
            named = annotation.text or annotation.tier.id
            raise wrong(self.file, annotation.line, "markerfiles.elan_unaligned", named)
        if _TIME.fullmatch(text) is None:
            raise wrong(self.file, annotation.line, "markerfiles.no_milliseconds", text)
        if int(text) > MAX_MS:
            raise wrong(self.file, annotation.line, "markerfiles.position_late", text)
        return int(text)


def _notes(document: Eaf) -> Mapping[str, str]:
    """What refers to each aligned annotation, directly or by others, as one text; by its id."""
    parents = {item.id: item.parent for item in document.annotations}
    roots: dict[str, str] = {}
    found: dict[str, list[str]] = {}
    for item in document.annotations:
        if item.parent and item.text:
            root = _root(item.id, parents, roots)
            found.setdefault(root, []).append(f"{item.tier.id}: {item.text}")
    return {root: "; ".join(texts) for root, texts in found.items()}


def _root(start: str, parents: Mapping[str, str], roots: dict[str, str]) -> str:
    """The annotation at the end of a chain of references; empty when it runs in a circle or into nothing."""
    passed: dict[str, None] = {}
    at = start
    while at not in roots and parents.get(at) and at not in passed:
        passed[at] = None
        at = parents[at]
    root = roots.get(at, "" if at in passed else at)
    roots.update(dict.fromkeys(passed, root))
    return root
