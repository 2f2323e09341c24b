"""Marker records (FORMAT.md, "Markers"): the times in them, and whether a hot key's place adds up."""

from collections.abc import Iterator, Mapping
from typing import Any

from evidence import strict
from evidence.model.markers import place_of_press


def times(record: Mapping[str, Any]) -> Iterator[str]:
    """The times that a marker's record states, in UTC as records hold them."""
    pressed = record.get("pressed", {})
    stated = (
        record["asserted_at"],
        record.get("reviewed_at"),
        record.get("withdrawn", {}).get("at"),
        pressed.get("at"),
        pressed.get("call_started"),
        pressed.get("stated_at"),
        *(correction["at"] for correction in record.get("corrections", ())),
    )
    yield from (time["utc"] for time in stated if time is not None)


def agrees(record: Mapping[str, Any]) -> bool:
    """Whether a marker doesn't contradict itself: its end, and the place that was reckoned for a hot key."""
    if record.get("end_ms", record["start_ms"]) < record["start_ms"]:
        return False
    pressed = record.get("pressed")
    if pressed is None:
        return True
    at, started = (strict.timestamp(pressed[name]["utc"]) for name in ("at", "call_started"))
    return place_of_press(at, pressed["offset_ms"], started) == int(pressed["place_ms"])
