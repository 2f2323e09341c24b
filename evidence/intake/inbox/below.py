"""Folders below a directory of recordings, listed once each; nothing behind a link is seen."""

import os
import stat
from collections import OrderedDict
from collections.abc import Mapping
from pathlib import Path

from evidence.errors import UsageError
from evidence.intake import files
from evidence.intake.inbox import entries
from evidence.intake.inbox.settling import name_of
from evidence.model import names

_KEPT = 64


class Folders:
    """Finds files by their paths below a directory.

    Args:
        root: the directory.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._listed: OrderedDict[str, Mapping[str, os.stat_result]] = OrderedDict()

    def status(self, path: str) -> os.stat_result | None:
        """The status of a file, as of when its folder was listed; None when it isn't there.

        Args:
            path: below the directory, without ``..``.

        Raises:
            StoreError: the file system refuses.
        """
        parent, _, name = path.rpartition("/")
        listing = self._listed.get(parent)
        if listing is None:
            listing = self._list(parent)
            self._listed[parent] = listing
            if len(self._listed) > _KEPT:
                self._listed.popitem(last=False)
        return listing.get(names.from_bytes(os.fsencode(name)))

    def _list(self, parent: str) -> Mapping[str, os.stat_result]:
        at = self._root
        try:
            for part in filter(None, parent.split("/")):
                at /= part
                if not stat.S_ISDIR(os.lstat(at).st_mode):
                    return {}
            return dict(entries.listed(at))
        except UsageError:
            return {}
        except OSError as error:
            if files.is_nowhere(error):
                return {}
            raise files.unreadable(name_of(at), error) from error
