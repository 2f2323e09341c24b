"""A look through an inbox: what lies there, and which of it is ready."""

import datetime as dt
import os
import stat
from collections.abc import Iterable
from pathlib import Path

from evidence.errors import EvidenceError
from evidence.intake import calltimes, files
from evidence.intake.inbox import calls, entries, folders
from evidence.intake.inbox.calls import Calls, Handled
from evidence.intake.inbox.checking import check
from evidence.intake.inbox.drops import Drops
from evidence.intake.inbox.model import Scan
from evidence.intake.inbox.rules import InboxMapping, Rules
from evidence.intake.inbox.settling import Watch
from evidence.intake.inbox.telling import Finds
from evidence.text import visible

_FOR_EVER = 1_000_000


def scan(inbox: Path, how: Rules, now: dt.datetime, handled: Handled = lambda _key: False) -> Scan:
    """What lies in an inbox; nothing is changed, and large files aren't read.

    Args:
        inbox: the folder.
        how: by which rules.
        now: the time by this host's clock; aware.
        handled: whether the item of a key was sealed before; asked for recordings that a table names and that
            aren't there, so that nobody misses originals which were moved or deleted.

    Raises:
        UsageError: there is no such folder, or no such time zone.
        StoreError: the file system refuses.
    """
    calltimes.known_zone(how.zone)
    listed = dict(entries.listed(inbox))
    return _Scanning(inbox, how, now).scan(listed, handled)


def places(inboxes: Iterable[Path], how: Rules) -> tuple[Path, ...]:
    """The folders to scan: the inboxes, and directories of recordings that lie in none of them."""
    found = list(inboxes)
    for mapping in how.mappings:
        directory = Path(mapping.directory)
        if mapping.kind != "csv" or not directory.is_absolute():
            continue
        if not any(calls.applies(inbox, mapping) for inbox in found):
            found.append(directory)
    return tuple(found)


class _Scanning:
    """One scan of one inbox."""

    def __init__(self, inbox: Path, how: Rules, now: dt.datetime) -> None:
        self._inbox = inbox
        self._rules = how
        self._now = now
        self._watch = Watch(how, now)
        self._finds = Finds()
        self._here = [mapping for mapping in how.mappings if calls.applies(inbox, mapping)]
        self._tables = {file for mapping in self._here for file in calls.tables(inbox, mapping)}
        self._homes = [_real(inbox / mapping.directory) for mapping in self._here]
        self._waits_row = 0

    def scan(self, listed: dict[str, os.stat_result], handled: Handled) -> Scan:
        claimed: set[str] = set()
        for mapping in self._here:
            claimed |= self._calls(mapping, handled)
        is_readable = self._check_sidecars()
        drops = Drops(self._inbox, self._rules, self._watch, self._finds, self._waits_row)
        kept: dict[str, os.stat_result] = {}
        for name, status in listed.items():
            if entries.is_litter(name) or name in claimed:
                continue
            if not stat.S_ISREG(status.st_mode):
                self._other(name, status, drops)
            elif not self._tables or entries.path_of(self._inbox, name) not in self._tables:
                kept[name] = status
        if is_readable:
            drops.scan(kept)
        return self._finds.scan()

    def _calls(self, mapping: InboxMapping, handled: Handled) -> set[str]:
        """The recordings of one mapping; where they stand among dropped ones, these wait for their rows."""
        is_whole, claimed = False, set[str]()
        try:
            checked = check(mapping, self._rules)
            reading = Calls(self._inbox, checked, self._rules.zone_of(checked), self._watch, self._now)
            is_whole, claimed = reading.scan(self._finds, handled), reading.claimed
        except EvidenceError as error:
            self._finds.alarm(visible(mapping.name), error)
        if _real(self._inbox) == _real(self._inbox / mapping.directory):
            self._waits_row = max(self._waits_row, mapping.missing_hours if is_whole else _FOR_EVER)
        return claimed

    def _check_sidecars(self) -> bool:
        """Whether drops can be read: a mistake in the configuration must not send them to quarantine."""
        is_readable = True
        for mapping in self._rules.mappings:
            try:
                if mapping.kind == "json":
                    check(mapping, self._rules)
            except EvidenceError as error:
                self._finds.alarm(visible(mapping.name), error)
                is_readable = False
        return is_readable

    def _other(self, name: str, status: os.stat_result, drops: Drops) -> None:
        real = _real(entries.path_of(self._inbox, name))
        is_shared = any(_inside(home, real) or _inside(real, home) for home in self._homes)
        is_shared = is_shared or any(_inside(_real(table), real) for table in self._tables)
        if stat.S_ISDIR(status.st_mode):
            folders.scan_folder(self._inbox, name, status, self._watch, self._finds, is_shared=is_shared)
        elif not is_shared:
            try:
                files.require_regular(name, status.st_mode)
            except EvidenceError as error:
                drops.strange(name, status, error)


def _real(path: Path) -> str:
    return os.path.realpath(path)


def _inside(path: str, folder: str) -> bool:
    return path == folder or path.startswith(f"{folder.rstrip('/')}/")
