"""Whatever is done on the screen is what the plain commands do: the same documents but for the times."""

from pathlib import Path

import pytest

from tests.cli.review.scene import copied, documents, pressed
from tests.journeys.desk import NUMBER, Desk

# The list in order of place: suggestion 1, suggestion 3, marker 1, suggestion 2, marker 2.
FIRST_MARKER = ("j", "j")
OTHERWISE = (
    *("tab", "tab", "tab", "clear", "type:agent", "tab", "type:ru", "tab", "clear", "type:possible"),
    *("tab", "type:тихо", "tab", "type:краще чути"),
)
SAID_OTHERWISE = (
    *("--channel", "agent", "--language", "ru", "--confidence", "possible", "--note", "тихо"),
    *("--reason", "краще чути"),
)
ACTS: dict[str, tuple[list[str], list[list[str]]]] = {
    "accept": (["a"], [["accept", NUMBER, "1"]]),
    "accept moved": (
        ["[", "[", "]", "a"],
        [["accept", NUMBER, "1", "--at", "0:01.040", "--to", "0:01.790"]],
    ),
    "accept as heard": (
        ["e", "tab", "tab", "clear", "type:погроза", "tab", "clear", "type:ідіоте", "enter"],
        [["accept", NUMBER, "1", "--class", "threat", "--words", "ідіоте"]],
    ),
    "reject": (["r", "enter"], [["reject", NUMBER, "1"]]),
    "reject for a reason": (
        ["j", "r", "type:не образа", "enter"],
        [["reject", NUMBER, "3", "--reason", "не образа"]],
    ),
    "reject and undo": (["r", "enter", "u"], [["reject", NUMBER, "1"], ["reject", NUMBER, "1", "--undo"]]),
    "reject and accept": (["r", "enter", "a"], [["reject", NUMBER, "1"], ["accept", NUMBER, "1"]]),
    "edges": (
        [*FIRST_MARKER, "{", "}", "}", "enter"],
        [["edit", NUMBER, "1", "--at", "0:05.100-0:05.800"]],
    ),
    "edges of a point": (
        ["end", "[", "]", "]", "enter"],
        [["edit", NUMBER, "2", "--at", "0:09.900-0:10.200"]],
    ),
    "edit": (
        [*FIRST_MARKER, "e", "tab", "clear", *OTHERWISE, "enter"],
        [["edit", NUMBER, "1", "--to", "", *SAID_OTHERWISE]],
    ),
    "edit nothing": ([*FIRST_MARKER, "e", "enter"], []),
    "withdraw": (
        [*FIRST_MARKER, "w", "type:помилка", "enter"],
        [["withdraw", NUMBER, "1", "--reason", "помилка"]],
    ),
    "withdraw and accept": (
        ["a", "w", "type:помилка", "enter", "k", "a"],
        [["accept", NUMBER, "1"], ["withdraw", NUMBER, "3", "--reason", "помилка"], ["accept", NUMBER, "1"]],
    ),
    "confirm": (["end", "c"], [["confirm", NUMBER, "2"]]),
    "new": (
        [
            "l",
            "l",
            "n",
            "tab",
            "type:0:04",
            "tab",
            "type:insult",
            "tab",
            "type:йолоп",
            "tab",
            "type:1",
            "enter",
        ],
        [["add", NUMBER, "0:03.240-0:04", "--class", "insult", "--words", "йолоп", "--channel", "1"]],
    ),
    "ukrainian layout": (
        ["ф", "c", "о", "к", "enter"],
        [["accept", NUMBER, "1"], ["confirm", NUMBER, "3"], ["reject", NUMBER, "3"]],
    ),
    "nothing": (
        ["a", "j", "[", "u", "slash", "type:x", "escape", "f", "question_mark", "escape"],
        [["accept", NUMBER, "1"]],
    ),
}


@pytest.mark.parametrize("name", ACTS)
def test_the_screen_does_what_the_commands_do(desk: Desk, tmp_path: Path, name: str) -> None:
    keys, commands = ACTS[name]
    other = copied(desk, tmp_path / "other")
    before = documents(desk)
    rows = pressed(desk, *keys)
    for command in commands:
        other.do("mark", *command, "--lang", "uk")
    assert documents(desk) == documents(other), "\n".join(rows)
    assert (documents(desk) != before) == bool(commands and name != "reject and undo")
