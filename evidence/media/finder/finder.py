"""Sound in, matches out: cuts what comes into stretches whose borders don't depend on how it comes."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evidence.media.finder.candidates import Stretch
from evidence.media.finder.reference import Reference, as_floats
from evidence.media.finder.search import Search
from evidence.media.finder.spectra import BANDS, HOP, Flattener, Floats
from evidence.model.noticesearch import Match

ALGORITHM = "evidence-notice-search-1"
_SLAB = 512 * HOP
"""Samples that are flattened at a time: 8 s."""
_STRETCH = 4 * _SLAB
"""Samples of places that are searched at a time: 33 s, or more for long announcements."""


class Finder:
    """Looks for announcements in one channel.

    Its memory doesn't grow with the recording, but with the longest announcement: about 200 bytes a sample.
    """

    def __init__(self, references: Sequence[Reference], channel: int) -> None:
        """Prepare for the first sample.

        Args:
            references: what to look for.
            channel: number of the channel, which the matches repeat.
        """
        self._searches = [Search(reference, channel) for reference in references]
        self._lead = max((search.lead for search in self._searches), default=0)
        self._reach = max((search.reach for search in self._searches), default=0)
        self._count = max(_STRETCH, -(-self._reach // _SLAB) * _SLAB)
        self._flattener = Flattener.new()
        self._raw: list[Floats] = []
        self._waiting = 0
        self._start = -self._lead
        self._flat = np.zeros(self._lead - HOP, np.float32) if self._lead else np.zeros(0, np.float32)
        self._bands = np.full((self._flat.size // HOP, BANDS), -7, np.float32)

    def feed(self, samples: NDArray[Any]) -> None:
        """The next samples, mono, 8 kHz, int16 or float32 in [-1, 1]; any number of them."""
        if not self._searches:
            return
        start = 0
        while start < samples.size:
            part = samples[start : start + _SLAB - self._waiting]
            self._raw.append(as_floats(part).copy())
            start, self._waiting = start + part.size, self._waiting + part.size
            if self._waiting == _SLAB:
                self._flatten(np.concatenate(self._raw))
                self._raw, self._waiting = [], 0

    def finish(self) -> list[Match]:
        """One match for each announcement, in their order. Nothing can be fed afterwards."""
        if self._searches:
            rest = np.concatenate([*self._raw, np.zeros(self._reach + 2 * HOP, np.float32)])
            for start in range(0, rest.size // HOP * HOP, _SLAB):
                part = rest[start : start + _SLAB]
                self._flatten(part[: part.size // HOP * HOP])
            self._look(self._flat.size - self._reach)
        return [search.match() for search in self._searches]

    def _flatten(self, sound: Floats) -> None:
        flat, bands = self._flattener.push(sound)
        self._flat = np.concatenate([self._flat, flat])
        self._bands = np.concatenate([self._bands, bands])
        while self._flat.size >= self._count + self._reach:
            self._look(self._count)

    def _look(self, count: int) -> None:
        """Search the first places that are kept, and forget them."""
        count = max(0, count) // HOP * HOP
        for search in self._searches:
            size = count + search.reach
            search.look(Stretch(self._start, self._flat[:size], self._bands[: size // HOP], count // HOP))
        self._flat, self._bands = self._flat[count:], self._bands[count // HOP :]
        self._start += count
