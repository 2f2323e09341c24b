"""Places where an announcement may begin, over all of a stretch of sound."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evidence.media.finder.reference import WINDOW, Announcement
from evidence.media.finder.spectra import HOP, Floats, varying

MARGIN = 40 * HOP
"""Samples after an announcement's end that are needed to look for it: for slack and means."""
SLOWEST = 0.975
"""Of the announcement's own speed."""
_SLAB = 256 * HOP
_TRANSFORM = 36864
"""The next size after _SLAB + WINDOW that is a product of small numbers, which makes transforms fast."""
NOISE = 0.08
"""What a window correlates with at the best of some hundred places of unlike sound; only more counts."""
_SLACK = 3
"""Hops by which a piece may be out of place."""
_APART = 30
"""Hops between two candidates."""
_BEST = 2
"""Candidates of each kind from one stretch."""
_LEAST_FIT = 0.10
"""Sum over the pieces below which no place is looked at: one piece a little better than noise."""
_LEAST_ALIKE = 0.25
"""The same for bands."""
_SPEEDS = (0.985, 1.0, 1.015)
"""Bands are 16 ms apart; between these speeds they shift by less in five seconds than a syllable lasts."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Flat sound and bands of a part of a recording.

    Attributes:
        start: its first sample's place in the recording; a multiple of HOP.
        flat: its flat sound.
        bands: its bands, one row for each hop.
        count: hops at its beginning where an announcement may begin; the rest shows it whole.
    """

    start: int
    flat: Floats
    bands: Floats
    count: int


@dataclass(frozen=True, slots=True)
class Candidate:
    """A place to look closer.

    Attributes:
        hop: where the announcement would begin, in hops of the stretch.
        fit: sum of what its pieces fit better than noise does.
        alike: correlation of the bands, -1 to 1.
    """

    hop: int
    fit: float
    alike: float


def candidates(stretch: Stretch, announcement: Announcement) -> list[Candidate]:
    """The best places of a stretch, best first; none where nothing resembles the announcement."""
    fit = fits(stretch, announcement)
    alike = likenesses(stretch, announcement)
    hops = dict.fromkeys((*_peaks(fit, _LEAST_FIT), *_peaks(alike, _LEAST_ALIKE)))
    return [Candidate(hop, float(fit[hop]), float(alike[hop])) for hop in hops]


def fits(stretch: Stretch, announcement: Announcement) -> Floats:
    """For each hop, how well the pieces fit that would be heard if the announcement began there."""
    total = np.zeros(stretch.count, np.float32)
    maps = correlations(stretch.flat, announcement.windows)
    for piece, found in zip(announcement.searched, maps, strict=True):
        near = _widened(np.maximum(found - np.float32(NOISE), 0), _SLACK)
        first = (piece.window + HOP // 2) // HOP
        part = near[first : first + stretch.count]
        total[: part.size] += part
    return total


def correlations(flat: Floats, windows: Floats) -> Floats:
    """The strongest correlation of each window with the sound that begins in each hop, 0 to 1."""
    hops = flat.size // HOP
    found = np.zeros((windows.shape[0], hops), np.float32)
    size = _TRANSFORM
    spectra = np.conj(np.fft.rfft(windows, size, axis=1))
    scale = _scale(flat)
    for start in range(0, flat.size, _SLAB):
        spectrum = np.fft.rfft(flat[start : start + _SLAB + WINDOW], size)
        some = min(_SLAB, hops * HOP - start) // HOP
        for row, one in zip(found, spectra, strict=True):
            lags = np.fft.irfft(spectrum * one, size)[: some * HOP].reshape(some, HOP)
            row[start // HOP : start // HOP + some] = np.maximum(lags.max(axis=1), -lags.min(axis=1))
    found *= scale
    return np.minimum(found, np.float32(1), out=found)


def _scale(flat: Floats) -> Floats:
    """One over the root of the power of a window from each hop on; near silence isn't made louder."""
    powers = (flat[: flat.size // HOP * HOP].reshape(-1, HOP).astype(np.float64) ** 2).sum(axis=1)
    around = WINDOW // HOP + 1
    sums = np.concatenate([[0.0], np.cumsum(np.concatenate([powers, np.zeros(around)]))])
    over = (sums[around:] - sums[:-around])[: powers.size] * (WINDOW / HOP / around)
    scale: Floats = (1 / np.sqrt(np.maximum(over, LEAST_POWER))).astype(np.float32)
    return scale


LEAST_POWER = 0.1 * WINDOW * 0.0562**2
"""Of flat sound in a window: a tenth of what steady sound has. Quieter windows count as if they had this."""


def likenesses(stretch: Stretch, announcement: Announcement) -> Floats:
    """For each hop, the correlation of bands with the announcement's, at the best of a few speeds."""
    heard = varying(stretch.bands)
    powers = np.concatenate([[0.0], np.cumsum((heard.astype(np.float64) ** 2).sum(axis=1))])
    best = np.zeros(stretch.count, np.float32)
    own = varying(announcement.bands)
    for speed in _SPEEDS:
        wanted = _stretched(own, speed)
        best = np.maximum(best, _likeness(heard, powers, wanted, stretch.count))
    return best


def _likeness(heard: Floats, powers: NDArray[np.float64], wanted: Floats, count: int) -> Floats:
    rows = wanted.shape[0]
    size = 1 << (heard.shape[0] + rows).bit_length()
    product = np.fft.rfft(heard, size, axis=0) * np.conj(np.fft.rfft(wanted, size, axis=0))
    together = np.fft.irfft(product.sum(axis=1), size)[:count]
    ends = np.minimum(np.arange(count) + rows, powers.size - 1)
    energy = np.maximum(powers[ends] - powers[:count], 0.1 * rows)
    own = float((wanted.astype(np.float64) ** 2).sum())
    likeness: Floats = (together / np.sqrt(energy * max(own, 1e-9))).astype(np.float32)
    return likeness


def _stretched(bands: Floats, speed: float) -> Floats:
    """The bands as they are when the announcement runs faster by this factor."""
    rows = max(1, round(bands.shape[0] / speed))
    places = np.minimum(np.arange(rows) * speed, bands.shape[0] - 1)
    below = np.floor(places).astype(int)
    above = np.minimum(below + 1, bands.shape[0] - 1)
    share = (places - below).astype(np.float32)[:, None]
    stretched: Floats = bands[below] * (1 - share) + bands[above] * share
    return stretched


def _widened(values: Floats, hops: int) -> Floats:
    """The largest value within so many hops."""
    padded = np.pad(values, hops)
    widest: Floats = np.lib.stride_tricks.sliding_window_view(padded, 2 * hops + 1).max(axis=1)
    return widest


def _peaks(values: Floats, least: float) -> Iterator[int]:
    left = values.copy()
    for _ in range(_BEST):
        if not left.size or left.max() < least:
            return
        hop = int(left.argmax())
        yield hop
        left[max(0, hop - _APART) : hop + _APART + 1] = 0
