"""The review screen over an incident on a desk, driven by keys as Textual's pilot presses them."""

import asyncio
import copy
import json
import re
import shutil
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from textual.pilot import Pilot

from evidence.cli import stated
from evidence.cli.interview import Interview
from evidence.cli.question import Questions
from evidence.cli.review.app import ReviewApp
from evidence.cli.review.screen import ReviewScreen
from evidence.cli.review.store import Store
from evidence.media.probe import MediaProcess
from evidence.operations.listening import Player
from evidence.operations.opening import open_vault
from evidence.operations.seams import Seams
from tests.journeys.desk import NUMBER, Desk

SMALL, LARGE = (80, 24), (200, 50)
_TIME = re.compile(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\+0[23]:00")

Act = Callable[[Pilot[None]], Awaitable[None]]


def copied(desk: Desk, root: Path) -> Desk:
    """A desk with a vault of its own that holds the same."""
    found = copy.copy(desk)
    root.mkdir(exist_ok=True)
    shutil.copytree(desk.vault, root / "vault")
    found.vault = root / "vault"
    found.env = {**desk.env, "EVIDENCE_VAULT": str(found.vault)}
    return found


@contextmanager
def the_store(desk: Desk, by: str = "Левко") -> Iterator[Store]:
    """What stands behind the screen."""
    seams = Seams()
    with open_vault(desk.vault, seams) as vault, MediaProcess() as media:
        interview = Interview({**stated.NOTHING, "by": by}, Questions(is_allowed=False), "Europe/Kyiv", seams)
        yield Store(vault, desk.folder(NUMBER), seams, interview, media.probe_file)


def review(
    desk: Desk, act: Act, *, by: str = "Левко", size: tuple[int, int] = SMALL, player: Player | None = None
) -> None:
    """Let somebody act on the screen."""
    with the_store(desk, by) as store:

        async def run() -> None:
            app = ReviewApp(store, player)
            async with app.run_test(size=size) as pilot:
                await pilot.pause()
                await act(pilot)

        asyncio.run(run())


def pressed(desk: Desk, *keys: str, by: str = "Левко") -> list[str]:
    """Press keys, one after another; the screen afterwards, row by row."""
    rows: list[str] = []

    async def act(pilot: Pilot[None]) -> None:
        for key in keys:
            await press(pilot, key)
        rows.extend(screen_rows(pilot))

    review(desk, act, by=by)
    return rows


async def press(pilot: Pilot[None], *keys: str) -> None:
    """Press keys; a key that is longer than a name of one is typed letter by letter."""
    for key in keys:
        if key.startswith("type:"):
            await pilot.press(*(_key(letter) for letter in key.removeprefix("type:")))
        elif key == "clear":
            await pilot.press("end", "ctrl+u")
        else:
            await pilot.press(key)
    await pilot.pause()


def _key(letter: str) -> str:
    names = {
        " ": "space",
        ".": "full_stop",
        "-": "minus",
        ":": "colon",
        "*": "asterisk",
        "!": "exclamation_mark",
    }
    return names.get(letter, letter)


def screen_of(pilot: Pilot[None]) -> ReviewScreen:
    """The screen below any form."""
    screen = pilot.app.screen_stack[0]
    assert isinstance(screen, ReviewScreen)
    return screen


def screen_rows(pilot: Pilot[None]) -> list[str]:
    """What is on the screen now, as text."""
    return [
        "".join(segment.text for segment in strip) for strip in pilot.app.screen._compositor.render_strips()
    ]


def text_of(pilot: Pilot[None]) -> str:
    """The same as one text."""
    return "\n".join(screen_rows(pilot))


def told(pilot: Pilot[None]) -> str:
    """The same as one line without hyphens; what stands in a box comes once more at the end."""
    boxed = (row.split("|")[1] for row in screen_rows(pilot) if row.count("|") == 2)
    return " ".join(re.sub(r"[|+-]", " ", "\n".join([text_of(pilot), *boxed])).split())


def documents(desk: Desk) -> dict[str, Any]:
    """Markers and suggestions as they are saved, without the times of acts."""
    found = {}
    for name in ("markers", "suggestions"):
        path = desk.folder(NUMBER) / f"{name}.json"
        text = path.read_text(encoding="utf-8") if path.exists() else "null"
        found[name] = json.loads(_TIME.sub("(time)", text))
    return found
