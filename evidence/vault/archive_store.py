"""Published archives: put there without overwriting, found again after a crash."""

from collections.abc import Iterator
from pathlib import Path

from evidence.errors import StoreError
from evidence.messages import t
from evidence.text import visible
from evidence.vault.durable import Durable
from evidence.vault.layout import Layout

SUFFIX = ".asice"


def _names(number: str) -> Iterator[str]:
    """File names for an incident's archives: the number itself, then ``number-2`` and so on."""
    yield f"{number}{SUFFIX}"
    further = 2
    while True:
        yield f"{number}-{further}{SUFFIX}"
        further += 1


def publish(durable: Durable, layout: Layout, staged: Path, number: str) -> Path:
    """Give a finished archive its name; an earlier archive of the same number keeps its own.

    Returns:
        The published archive. Its name and data are durable.
    """
    for name in _names(number):
        target = layout.archives / name
        try:
            durable.link(staged, target)
        except FileExistsError:
            if not target.samefile(staged):
                continue
        except OSError as error:
            raise StoreError(
                t("vault.publish", path=visible(str(target)), reason=error.strerror or str(error)),
                t("vault.publish_hint"),
            ) from error
        durable.sync_directory(layout.archives)
        return target
    raise AssertionError


def find(layout: Layout, staged: Path, number: str) -> Path | None:
    """The published archive that is the same file as the staged one, if there is one."""
    for name in _names(number):
        target = layout.archives / name
        if not target.exists():
            return None
        if staged.exists() and target.samefile(staged):
            return target
    raise AssertionError
