"""How far long work has got, shown on a terminal; elsewhere nothing, and rich is never imported."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from evidence.cli.terminal import harmless, is_terminal

if TYPE_CHECKING:
    from evidence.cli.bar import Bar

PATIENCE = 0.5
"""Seconds of work before a progress bar appears (and rich is imported)."""

_bars: "list[Bar]" = []


@contextmanager
def progress(total: int, description: str) -> "Iterator[Progress]":
    """Show on a terminal how far long work has got; elsewhere nothing.

    Args:
        total: the amount of work, mostly bytes; 0 when it isn't known yet.
        description: what is being done; may hold untrusted text.

    Yields:
        the callback for the work: ``step(done)`` or ``step(done, total)``, both absolute.
    """
    step = Progress(total, description)
    try:
        yield step
    finally:
        step.close()


class Progress:
    """The callback of ``progress``; its bar appears after some patience only."""

    def __init__(self, total: int, description: str) -> None:
        self._total = total
        self._description = harmless(description)
        self._watched = is_terminal(sys.stderr)
        self._begin = time.monotonic()
        self._bar: Bar | None = None

    def __call__(self, done: int, total: int | None = None) -> None:
        """Tell how much is done, and how much there is."""
        self._total = self._total if total is None else total
        if self._bar is None and self._watched and time.monotonic() - self._begin >= PATIENCE:
            from evidence.cli.bar import Bar

            self._bar = Bar(self._description)
            _bars.append(self._bar)
        if self._bar is not None:
            self._bar.update(done, self._total)

    def close(self) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.hide()
            _bars.remove(self._bar)
            self._bar = None


@contextmanager
def bars_hidden() -> Iterator[None]:
    """What is printed while a bar is shown comes above it."""
    for bar in _bars:
        bar.hide()
    yield
    for bar in _bars:
        bar.show()
