"""An incident with suggestions, as `evidence mark suggest` leaves them."""

import json
from pathlib import Path
from typing import Any

from tests.journeys.desk import NAME, NUMBER, Desk, recording


def a_suggestion(start: int, end: int, words: str, **fields: Any) -> dict[str, Any]:
    """A suggestion that nobody has decided about."""
    return {
        "recording": NAME,
        "channel": 0,
        "start_ms": start,
        "end_ms": end,
        "timing": "word",
        "class": "insult",
        "severity": 2,
        "words": words,
        "context": f"ти що, {words}, я ж уже все сказав",
        "language": "uk",
        "entry": words,
        "rule": "plain",
        "lexicon_sha256": "ab" * 32,
        "made_at": "2026-11-05T12:40:11+02:00",
        **fields,
    }


SUGGESTIONS = (
    a_suggestion(1240, 1690, "ідіотка", probability=912),
    a_suggestion(7200, 9600, "безголові"),
    a_suggestion(3000, 4500, "бл*дь", timing="cue", severity=3, **{"class": "profanity"}),
)


def suggest(folder: Path, suggestions: tuple[dict[str, Any], ...] = SUGGESTIONS) -> None:
    """Write suggestions.json."""
    text = json.dumps({"format": 1, "suggestions": suggestions}, ensure_ascii=False)
    (folder / "suggestions.json").write_text(text, encoding="utf-8")


def begin(desk: Desk) -> None:
    """An incident with a recording of eleven seconds, two named channels and suggestions."""
    desk.do("new", recording(desk.pbx), "--channels", "caller,agent")
    suggest(desk.folder())


def document(desk: Desk, name: str) -> list[dict[str, Any]]:
    """The markers or the suggestions of the incident's document of that name."""
    found = json.loads((desk.folder(NUMBER) / f"{name}.json").read_text(encoding="utf-8"))
    listed: list[dict[str, Any]] = found[name]
    return listed
