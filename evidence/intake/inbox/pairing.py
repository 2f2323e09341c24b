"""Which recordings belong to which sidecar, by their names."""

import bisect
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from evidence.errors import EvidenceError, StateError
from evidence.intake.inbox.sidecars import base_of
from evidence.messages import t
from evidence.text import visible

_MARKS = " -._"
_MOST = 50

Named = Callable[[str], Sequence[str]]
"""Reads a sidecar: the names of the recordings that it names."""


@dataclass(slots=True)
class Group:
    """Files that make one incident.

    Attributes:
        sidecars: one, or none; two are an error.
        recordings: those that are there.
        absent: those that the sidecar names and that aren't.
        error: why it can't be sealed.
    """

    sidecars: list[str] = field(default_factory=list)
    recordings: list[str] = field(default_factory=list)
    absent: list[str] = field(default_factory=list)
    error: EvidenceError | None = None

    @property
    def key(self) -> str:
        """What it is called: by its first recording, else by its sidecar."""
        return (self.recordings or self.sidecars)[0]


class Names:
    """Names in their order, found by how they begin.

    Args:
        names: any.
    """

    def __init__(self, names: Collection[str]) -> None:
        self._ordered = sorted(names)

    def beginning(self, prefix: str) -> Iterator[str]:
        """Those that begin so; no more than a few."""
        first = bisect.bisect_left(self._ordered, prefix)
        for name in self._ordered[first : first + _MOST]:
            if name.startswith(prefix):
                yield name

    def any_beginning(self, prefix: str) -> bool:
        """Whether any begins so."""
        return next(self.beginning(prefix), None) is not None


def groups(recordings: Collection[str], sidecars: Collection[str], named: Named) -> list[Group]:
    """The incidents that these files make.

    A sidecar ``X.json`` belongs to the recording ``X.wav``, and ``X.wav.json`` to just that one. Further
    recordings that have no sidecar of their own, as ``X-in.wav``, belong to it if it names them. It is read
    only where the names leave that open.

    Args:
        recordings: names of recordings.
        sidecars: names of sidecars.
        named: reads one; its errors make the group one that can't be sealed.
    """
    stems: dict[str, list[str]] = {}
    for name in sorted(recordings):
        if f"{name}.json" not in sidecars:
            stems.setdefault(PurePosixPath(name).stem, []).append(name)
    orphans = Names([n for stem, found in stems.items() if f"{stem}.json" not in sidecars for n in found])
    found: list[Group] = []
    for sidecar in sorted(sidecars):
        base = base_of(sidecar)
        own = [base] if base in recordings else stems.get(base, [])
        near = [name for mark in _MARKS for name in orphans.beginning(base + mark) if name not in own]
        found.append(_group(sidecar, own, near, named))
    taken = {name for group in found for name in group.recordings}
    return _merged(found) + [Group([], [name]) for name in sorted(set(recordings) - taken)]


def _group(sidecar: str, own: Sequence[str], near: Sequence[str], named: Named) -> Group:
    if not near and len(own) < 2:
        return Group([sidecar], [*own])
    try:
        told = named(sidecar)
    except EvidenceError as error:
        return Group([sidecar], [*own, *near], error=error)
    if len(own) > 1 and not set(own) <= set(told):
        values = {"file": visible(sidecar), "list": ", ".join(map(visible, own[:5]))}
        unclear = StateError(t("inbox.ambiguous", **values), t("inbox.ambiguous_hint", **values))
        return Group([sidecar], [*own], error=unclear)
    mine = {*own, *near}
    present = [name for name in told if name in mine]
    rest = [name for name in own if name not in told]
    return Group([sidecar], present + rest, [name for name in told if name not in mine])


def _merged(found: list[Group]) -> list[Group]:
    """The groups; those that share a recording become one that can't be sealed."""
    by_recording: dict[str, Group] = {}
    kept: list[Group] = []
    for group in found:
        other = next((by_recording[n] for n in group.recordings if n in by_recording), None)
        if other is None:
            kept.append(group)
            by_recording |= dict.fromkeys(group.recordings, group)
            continue
        other.sidecars += group.sidecars
        other.recordings += [name for name in group.recordings if name not in other.recordings]
        by_recording |= dict.fromkeys(group.recordings, other)
        values = {"file": visible(other.key), "list": ", ".join(map(visible, other.sidecars[:5]))}
        other.error = StateError(t("inbox.two_sidecars", **values), t("inbox.two_sidecars_hint", **values))
    return kept
