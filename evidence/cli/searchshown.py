"""The search for the notice while an incident is sealed: on a terminal one sees how far it is."""

from collections.abc import Sequence
from typing import BinaryIO

from evidence.cli.progress import bars_hidden, progress
from evidence.media.search import Announcement, Heard, SearchProcess
from evidence.messages import t
from evidence.model.noticesearch import NoticeSearch


class Shown:
    """Searches by a process, and shows a bar in place of others meanwhile (operations.searching.Searcher)."""

    def __init__(self, process: SearchProcess, label: str = "seal.searching") -> None:
        self._process = process
        self._label = label

    def search(
        self, file: BinaryIO, size: int, name: str, announcements: Sequence[Announcement], seconds: int | None
    ) -> NoticeSearch:
        """What the process found."""
        with bars_hidden(), progress(size, t(self._label, file=name)) as step:
            return self._process.search(
                file, size, name, announcements, seconds, progress=lambda share: step(int(share * size))
            )

    def hear(
        self,
        file: BinaryIO,
        size: int,
        name: str,
        announcements: Sequence[Announcement] | None,
        seconds: int | None,
    ) -> Heard:
        """What the process found, and the recording drawn."""
        label = "seal.drawing" if announcements is None else self._label
        with bars_hidden(), progress(size, t(label, file=name)) as step:
            return self._process.hear(
                file, size, name, announcements, seconds, progress=lambda share: step(int(share * size))
            )

    def start(self) -> None:
        """Let the process get ready."""
        self._process.start()

    def close(self) -> None:
        """End the process; the next search begins another."""
        self._process.close()
