"""What a reader of an archive is told of its markers."""

from typing import Any

import pytest

from evidence import messages
from evidence.cli.marker_contents import print_markers


def at(clock: str) -> dict[str, str]:
    return {"text": f"2026-11-05T{clock}+02:00", "utc": f"2026-11-05T{clock}.000Z"}


MARKER: dict[str, Any] = {
    "kind": "marker",
    "exhibit": "E1",
    "start_ms": 3000,
    "class": "insult",
    "asserted_by": "Левко",
    "asserted_at": at("12:00:00"),
    "how": "listened",
}


def shown(capsys: pytest.CaptureFixture[str], **fields: Any) -> str:
    messages.set_language("en")
    print_markers([{**MARKER, **fields}], [])
    return " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize(("place", "told"), [(-2000, "-0:02.000"), (0, "0:00.000"), (61_005, "1:01.005")])
def test_a_press_before_the_recording_is_not_told_as_one_in_it(
    place: int, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    pressed = {"at": at("10:15:00"), "offset_ms": 0, "uncertainty_ms": 0, "place_ms": place}
    assert f": {told} in the recording" in shown(capsys, how="hot_key", pressed=pressed)


@pytest.mark.parametrize(("corrected", "is_before"), [("13:00:01", True), ("12:59:59", False)])
def test_a_confirmation_does_not_speak_for_later_corrections(
    corrected: str, *, is_before: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    correction = {"at": at(corrected), "by": "Левко", "was": {"words": "інше"}}
    told = shown(capsys, reviewed_by="Олена", reviewed_at=at("13:00:00"), corrections=[correction])
    assert "confirmed by Олена" in told
    assert ("before a later correction" in told) is is_before
