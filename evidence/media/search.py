"""Searching recordings for the notice; until the search process is here, it says that it can't."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from evidence.model.noticesearch import NoticeSearch


@dataclass(frozen=True, slots=True)
class Announcement:
    """As the search process will have it."""

    id: str
    path: Path
    sha256: bytes
    clause_start_ms: int
    clause_end_ms: int


class SearchProcess:
    """As the search process will have it."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def start(self) -> None:
        """As the search process will have it."""

    def close(self) -> None:
        """As the search process will have it."""

    def search(
        self,
        _file: BinaryIO,
        _size: int,
        _name: str,
        _announcements: Sequence[Announcement],
        _seconds: int | None,
    ) -> NoticeSearch:
        """As the search process will have it."""
        return NoticeSearch(problems=("no_media",))
