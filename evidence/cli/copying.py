"""The progress of files that are being copied; see operations.prepare.Events."""

from types import TracebackType
from typing import Self

from evidence.cli.progress import Progress
from evidence.messages import t


class Copying:
    """A progress bar for each file; a context manager."""

    def __init__(self) -> None:
        self._bar: Progress | None = None
        self._done = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._finish()

    def started(self, total: int) -> None:
        """The copying of a file begins."""
        self._finish()
        self._bar, self._done = Progress(total, t("incidents.copying")), 0

    def progress(self, count: int) -> None:
        """That many bytes more are done."""
        self._done += count
        if self._bar is not None:
            self._bar(self._done)

    def _finish(self) -> None:
        if self._bar is not None:
            self._bar.close()
            self._bar = None
