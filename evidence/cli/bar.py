"""The progress bar; the only importer of rich, imported when a bar is shown on a terminal."""

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TaskProgressColumn,
    TextColumn,
    TimeRemainingColumn,
)


class Bar:
    """A bar on stderr that disappears when it is hidden.

    Args:
        description: what is being done, already harmless.
    """

    def __init__(self, description: str) -> None:
        self._progress = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            TaskProgressColumn(),
            DownloadColumn(binary_units=True),
            TimeRemainingColumn(),
            console=Console(stderr=True, markup=False, highlight=False, emoji=False, soft_wrap=True),
            transient=True,
            redirect_stdout=False,
            redirect_stderr=False,
        )
        self._task = self._progress.add_task(description, total=None)
        self.show()

    def update(self, done: int, total: int) -> None:
        """Show that so much is done of so much; a total of 0 is an unknown one."""
        self._progress.update(self._task, completed=done, total=total or None)

    def show(self) -> None:
        """Draw the bar."""
        self._progress.start()

    def hide(self) -> None:
        """Take the bar away, leaving no trace."""
        self._progress.stop()
