"""An archive that is read again after it was verified: it must still be the same."""

from collections.abc import Iterator
from contextlib import contextmanager

from evidence.container.reader import Malformed, NotAnArchive
from evidence.errors import StateError
from evidence.messages import t


@contextmanager
def unchanged() -> Iterator[None]:
    """An archive that was verified and isn't one any more has changed.

    Raises:
        StateError: it can't be read as an archive within the block.
    """
    try:
        yield
    except (Malformed, NotAnArchive) as error:
        raise changed() from error


def changed() -> StateError:
    """Why nothing more is taken from an archive: its bytes aren't those that were verified."""
    return StateError(t("show.archive_changed"), t("show.changed_hint"))
