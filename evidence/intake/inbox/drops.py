"""Recordings dropped into an inbox with a sidecar or without; and whatever else lies there."""

import os
from pathlib import Path, PurePosixPath

from evidence.errors import EvidenceError, FormatError, StateError, StoreError
from evidence.intake import roles
from evidence.intake.documents import INCIDENT, MARKERS
from evidence.intake.inbox import entries, sidecars, sources
from evidence.intake.inbox.model import DROP, Item, fingerprint
from evidence.intake.inbox.pairing import Group, Names, groups
from evidence.intake.inbox.rules import Rules
from evidence.intake.inbox.settling import Watch
from evidence.intake.inbox.telling import Finds
from evidence.messages import t
from evidence.model import names
from evidence.text import visible

_RESERVED = {INCIDENT, MARKERS, *roles.NO_EXHIBITS}

Statuses = dict[str, os.stat_result]


class Drops:
    """The files that stand directly in an inbox, grouped into incidents.

    Args:
        inbox: the inbox.
        rules: how it is read.
        watch: judges files.
        finds: told what they are.
        waits_row: hours that a recording waits for a row of a table whose recordings are here.
    """

    def __init__(self, inbox: Path, rules: Rules, watch: Watch, finds: Finds, waits_row: int) -> None:
        self._inbox = inbox
        self._rules = rules
        self._watch = watch
        self._finds = finds
        self._waits_row = waits_row
        self._files: Statuses = {}
        self._coming = Names(())

    def scan(self, listed: Statuses) -> None:
        """Judge regular files, by name."""
        self._files = listed
        by_kind: dict[str, list[str]] = {"temporary": [], "sidecar": [], "recording": [], "other": []}
        for name in listed:
            by_kind[_kind(name)].append(name)
        for name in by_kind["temporary"]:
            self._finds.leave(name, "temporary")
        for name in by_kind["other"]:
            self._other(name)
        self._coming = Names([n for n in by_kind["temporary"] if self._watch.is_recent(listed[n])])
        recordings, found = set(by_kind["recording"]), set(by_kind["sidecar"])
        for group in groups(recordings, found, self._named):
            try:
                self._judge(group)
            except StoreError as error:
                self._finds.alarm(group.key, error)

    def strange(self, name: str, status: os.stat_result, error: EvidenceError) -> None:
        """Tell of what isn't a regular file."""
        self._files = {**self._files, name: status}
        self._finds.bad(self._item([], [name]), error)

    def _other(self, name: str) -> None:
        if self._watch.is_young(self._files[name]):
            self._finds.leave(name, "writing")
            return
        message = "inbox.reserved" if name in _RESERVED else "inbox.neither"
        error = FormatError(t(message, file=visible(name)), t(f"{message}_hint", file=visible(name)))
        self._finds.bad(self._item([], [name]), error)

    def _named(self, sidecar: str) -> tuple[str, ...]:
        """What a sidecar names; a torn one that is still being written is told as that later."""
        seen = sources.seen(entries.path_of(self._inbox, sidecar), self._files[sidecar])
        data = sources.read_sidecar(seen)
        mapping = sidecars.mapping_for(self._rules, sidecar)
        return sidecars.Sidecar(self._inbox, sidecar, data, mapping).recordings()

    def _judge(self, group: Group) -> None:
        code = self._unsettled(group) or self._awaited(group)
        if code:
            self._finds.leave(group.key, code)
            return
        error = group.error or self._incomplete(group)
        item = self._item(group.recordings, group.sidecars)
        if isinstance(error, StoreError):
            self._finds.alarm(group.key, error)
        elif error is not None:
            self._finds.bad(item, error)
        else:
            self._finds.ready(item)

    def _unsettled(self, group: Group) -> str:
        for name in (*group.sidecars, *group.recordings):
            try:
                code = self._watch.unsettled(self._inbox, name, self._files[name])
            except FormatError:  # replaced just now
                code = "writing"
            if code:
                return code
        return ""

    def _awaited(self, group: Group) -> str:
        """What a group waits for: recordings for their sidecar or row, a sidecar for its recordings."""
        if not group.sidecars:
            (name,) = group.recordings
            status = self._files[name]
            if self._waits_row and self._watch.is_within(status, self._waits_row):
                return "waits_row"
            is_coming = self._coming.any_beginning(PurePosixPath(name).stem)
            is_early = self._watch.is_within(status, self._rules.sidecar_hours)
            return "waits_sidecar" if is_early or is_coming else ""
        if group.recordings and not group.absent:
            return ""
        newest = min((*group.sidecars, *group.recordings), key=lambda n: self._watch.age(self._files[n]))
        is_early = self._watch.is_within(self._files[newest], self._rules.sidecar_hours)
        is_coming = any(self._coming.any_beginning(sidecars.base_of(name)) for name in group.sidecars)
        return "waits_recording" if is_early or is_coming else ""

    def _incomplete(self, group: Group) -> EvidenceError | None:
        if not group.recordings:
            file = visible(group.sidecars[0])
            return StateError(t("inbox.alone", file=file), t("inbox.alone_hint", file=file))
        if group.absent:
            return sidecars.names_other(group.sidecars[0], group.absent[0])
        return None

    def _item(self, recordings: list[str], others: list[str]) -> Item:
        files = [*recordings, *others]
        seen = {n: sources.seen(entries.path_of(self._inbox, n), self._files[n]) for n in files}
        listed = ((names.to_bytes(n), s.size, s.mtime_ns, s.inode, s.ctime_ns) for n, s in seen.items())
        sidecar = others[0] if recordings and others else ""
        mapping = sidecars.mapping_for(self._rules, sidecar) if sidecar else None
        return Item(
            kind=DROP,
            key=files[0],
            inbox=self._inbox,
            originals=tuple(file.path for file in seen.values()),
            sizes=tuple(seen[name].size for name in recordings),
            fingerprint=fingerprint(listed, DROP.encode()),
            since_ns=min(seen[name].mtime_ns for name in recordings or files),
            zone=self._rules.zone_of(mapping),
            recordings=tuple(seen[name] for name in recordings),
            sidecar=seen[sidecar] if sidecar else None,
            mapping=mapping,
        )


def _kind(name: str) -> str:
    if entries.is_temporary(name):
        return "temporary"
    if name in _RESERVED:
        return "other"
    if name.lower().endswith(".json"):
        return "sidecar"
    return "recording" if roles.by_name(name) == roles.RECORDING else "other"
