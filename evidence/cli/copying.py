"""The progress of files that are being copied; see Events of operations.prepare and operations.seal."""

from types import TracebackType
from typing import Self

from evidence.cli.progress import Progress


class Copying:
    """A progress bar for each piece of work; a context manager.

    Args:
        description: what is being done.
    """

    def __init__(self, description: str) -> None:
        self._description = description
        self._bar: Progress | None = None
        self._done = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.finished()

    def started(self, total: int) -> None:
        """The next piece begins; ``total`` bytes will be told."""
        self.finished()
        self._bar, self._done = Progress(total, self._description), 0

    def progress(self, count: int) -> None:
        """That many bytes more are done."""
        self._done += count
        if self._bar is not None:
            self._bar(self._done)

    def finished(self) -> None:
        """The bar goes away."""
        if self._bar is not None:
            self._bar.close()
            self._bar = None
