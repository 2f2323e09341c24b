"""Which waveforms of an incident's recordings go into its archive: coarser ones, or fewer, where many are."""

from collections.abc import Sequence

from evidence.model.records import ExhibitFacts
from evidence.model.waveform import MOST_COLUMNS, Drawing

MOST_CHARACTERS = 4 * 1024 * 1024
"""Of all waveforms of an archive: its other records need room, too."""

_COLUMNS = (MOST_COLUMNS, 1500, 750, 375, 200, 100)
"""Columns of each recording at most; the first number is taken with which there is room for all."""

_HEAD = 512
"""Characters of a record beside its channels: salt, kind, ids, digest, problems."""

Drawn = tuple[ExhibitFacts, Drawing]


def that_fit(drawn: Sequence[Drawn], characters: int, records: int) -> list[Drawn]:
    """The waveforms of recordings that were drawn, as an archive has room for them.

    Args:
        drawn: recordings and how loud they are; those without any sound are left out.
        characters: room for their records, of which no more than MOST_CHARACTERS is taken.
        records: how many records there is room for.
    """
    drawn = [(exhibit, drawing) for exhibit, drawing in drawn if drawing.channels]
    room = min(characters, MOST_CHARACTERS)
    for columns in _COLUMNS:
        found = [(exhibit, drawing.within(columns)) for exhibit, drawing in drawn]
        if sum(_characters(drawing) for _, drawing in found) <= room:
            break
    return _first(found, room, records)


def _first(drawn: Sequence[Drawn], room: int, records: int) -> list[Drawn]:
    """As many as there is room for."""
    kept: list[Drawn] = []
    for exhibit, drawing in drawn[: max(0, records)]:
        room -= _characters(drawing)
        if room < 0:
            break
        kept.append((exhibit, drawing))
    return kept


def _characters(drawing: Drawing) -> int:
    return _HEAD + drawing.characters
