"""The bar of a search while sealing: told of its share, in the place of the copying's bar, gone afterwards."""

import io
from collections.abc import Callable
from typing import Any, cast

import pytest

from evidence.cli import progress
from evidence.cli.searchshown import Shown
from evidence.media.search import SearchProcess
from evidence.model.noticesearch import NoticeSearch

FOUND = NoticeSearch("x", 1000)


class Bar:
    """A bar that tells what becomes of it."""

    told: list[tuple[Any, ...]]

    def __init__(self, description: str) -> None:
        self.told.append(("made", description))

    def update(self, done: int, total: int) -> None:
        self.told.append((done, total))

    def hide(self) -> None:
        self.told.append(("hidden",))

    def show(self) -> None:
        self.told.append(("shown",))


class Process:
    """Searches in two steps."""

    def search(self, *given: Any, progress: Callable[[float], None]) -> NoticeSearch:
        assert given[1:] == (2000, "call\x1b.wav", [], 120)
        progress(0.5)
        progress(1.0)
        return FOUND


def test_shares_become_bytes_and_the_bar_goes_away(monkeypatch: pytest.MonkeyPatch) -> None:
    Bar.told = []
    monkeypatch.setattr("evidence.cli.bar.Bar", Bar)
    monkeypatch.setattr(progress, "PATIENCE", 0)
    monkeypatch.setattr(progress, "is_terminal", lambda _stream: True)
    copying = progress.Progress(10, "copying")
    copying(1)
    before = len(Bar.told)
    shown = Shown(cast("SearchProcess", Process()))
    assert shown.search(io.BytesIO(), 2000, "call\x1b.wav", [], 120) is FOUND
    told = Bar.told[before:]
    assert [told[0], *told[2:4]] == [("hidden",), (1000, 2000), (2000, 2000)]
    assert told[1][0] == "made"
    assert told[1][1].startswith("searching call")
    assert "\x1b" not in told[1][1]
    assert told[4:] == [("hidden",), ("shown",)]
    copying.close()


def test_without_a_terminal_nothing_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    shown = Shown(cast("SearchProcess", Process()))
    assert shown.search(io.BytesIO(), 2000, "call\x1b.wav", [], 120) is FOUND
    assert capsys.readouterr() == ("", "")
