"""The progress of files that are being copied; see operations.prepare.Events."""

from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from evidence.cli import console
from evidence.cli.progress import Progress
from evidence.messages import t

if TYPE_CHECKING:
    from evidence.vault.vault import Vault


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


def tell_doubles(vault: "Vault", path: Path, names: Iterable[str]) -> None:
    """Warn of recordings that other incidents hold, too."""
    from evidence.operations.incidents import same_recording

    for name in names:
        others = same_recording(vault, path, name)
        if others:
            listed = ", ".join(others[:5])
            message = console.words("incidents.double", file=name, list=listed)
            console.warning(message, t("incidents.double_hint"))
