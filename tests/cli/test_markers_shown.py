"""What a person is told of a marker that isn't sealed yet."""

from typing import Any

from evidence import messages
from evidence.cli.markers_shown import rows_of

AT = "2026-11-05T12:00:00+02:00"
MARKER: dict[str, Any] = {
    "recording": "call.wav",
    "start_ms": 3000,
    "class": "theft",
    "class_names": {"uk": "крадіжка", "en": "theft of cable"},
    "asserted_by": "Левко",
    "asserted_at": AT,
    "how": "listened",
}


def test_a_former_class_of_ones_own_does_not_get_the_name_of_the_present_one() -> None:
    messages.set_language("en")
    was = [{"class": "bribe_offer"}, {"class": "theft"}, {"class": "insult"}]
    corrections = [{"at": AT, "by": "Левко", "was": each} for each in was]
    rows = list(rows_of({**MARKER, "corrections": corrections}))
    told = [row.partition("before: ")[2] for row in rows if "before: " in row]
    assert told == ["class bribe_offer", "class theft of cable", "class insult"]
