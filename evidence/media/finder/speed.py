"""How fast an announcement runs at a candidate, and exactly where."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from evidence.media.finder.candidates import LEAST_POWER, NOISE
from evidence.media.finder.reference import WINDOW, Announcement, normalised
from evidence.media.finder.spectra import Floats

Spectra = NDArray[np.complex64]
STEP = 0.002
"""Between speeds tried: in a window of 0.5 s half a step shifts its ends by 0.25 ms."""
_SPEEDS = tuple(1 + STEP * step for step in range(-12, 13))
_TRANSFORM = 6000
REACH = (_TRANSFORM - WINDOW) // 2
"""Samples around the expected place in which a window is looked for: 125 ms."""
_CUT = 4320
"""Samples that a window at the highest speed is made of, and some more: a fast size of transform."""
_BIN = 40
_CLEAR = 0.25
"""Mean score that is taken without trying other speeds."""


class Fit(NamedTuple):
    """What fits best.

    Attributes:
        score: mean of what windows fit there better than noise does.
        speed: how much faster than the announcement it runs.
        shift: samples from the expected beginning to the real one.
    """

    score: float
    speed: float
    shift: int


@dataclass(slots=True)
class Speeds:
    """Windows of one announcement at the speeds that may occur; made when first needed."""

    announcement: Announcement
    made: dict[float, Spectra]

    def best(self, flat: Floats, begin: int) -> Fit:
        """The speed and place around a place in flat sound; its own speed where it fits well."""
        fit = self._fit(flat, begin, 1.0)
        if fit.score >= _CLEAR:
            return fit
        rough = max((self._fit(flat, begin, speed) for speed in _SPEEDS), key=lambda each: each.score)
        sides = [self._fit(flat, begin, rough.speed + side) for side in (-STEP / 2, STEP / 2)]
        return max([rough, *sides], key=lambda each: each.score)

    def _fit(self, flat: Floats, begin: int, speed: float) -> Fit:
        starts = [begin + round(piece.window / speed) for piece in self.announcement.searched]
        found = curves(flat, starts, self._windows(speed))
        bins = np.abs(found[:, : found.shape[1] // _BIN * _BIN]).reshape(len(starts), -1, _BIN).max(axis=2)
        wide = np.pad(bins, ((0, 0), (1, 1)))
        near = np.maximum(np.maximum(wide[:, :-2], wide[:, 2:]), bins)
        scores = np.maximum(near - NOISE, 0).mean(axis=0)
        place = int(scores.argmax())
        return Fit(float(scores[place]), speed, place * _BIN + _BIN // 2 - REACH)

    def _windows(self, speed: float) -> Spectra:
        if speed not in self.made:
            rows = np.stack(
                [at_speed(self.announcement.flat, p.window, speed) for p in self.announcement.searched]
            )
            self.made[speed] = spectra_of(rows)
        return self.made[speed]


def spectra_of(rows: Floats) -> Spectra:
    """Spectra to correlate windows with."""
    return np.conj(np.fft.rfft(normalised(rows), _TRANSFORM, axis=1)).astype(np.complex64)


def at_speed(flat: Floats, start: int, speed: float) -> Floats:
    """WINDOW samples of the announcement's flat sound from a place on, as they sound at a speed."""
    if speed == 1.0:
        part = flat[start : start + WINDOW]
        return np.pad(part, (0, WINDOW - part.size))
    fine = np.fft.irfft(np.fft.rfft(_cut(flat, start, _CUT)), 4 * _CUT) * 4
    played: Floats = np.interp(np.arange(WINDOW) * (4 * speed), np.arange(fine.size), fine).astype(np.float32)
    return played


def curves(flat: Floats, starts: list[int], spectra: Spectra) -> Floats:
    """Correlations, -1 to 1, of each window with sound from REACH before its start to REACH after it."""
    parts = np.empty((len(starts), _TRANSFORM), flat.dtype)
    for row, start in zip(parts, starts, strict=True):
        _put(row, flat, start - REACH)
    found = np.fft.irfft(np.fft.rfft(parts, axis=1) * spectra, _TRANSFORM, axis=1)[:, : 2 * REACH + 1]
    sums = np.zeros((len(starts), _TRANSFORM + 1))
    np.cumsum(np.square(parts, dtype=np.float64), axis=1, out=sums[:, 1:])
    power = sums[:, WINDOW:] - sums[:, :-WINDOW]
    scaled: Floats = (found / np.sqrt(np.maximum(power, LEAST_POWER))).astype(np.float32)
    return scaled


def _cut(flat: Floats, start: int, size: int) -> Floats:
    """Samples from a place on; zeros beyond the ends."""
    part = np.empty(size, flat.dtype)
    _put(part, flat, start)
    return part


def _put(target: Floats, flat: Floats, start: int) -> None:
    """Fill the target with samples from a place on; zeros beyond the ends (np.pad is slow)."""
    part = flat[max(0, start) : max(0, start + target.size)]
    before = min(target.size, max(0, -start))
    target[:before] = 0
    target[before : before + part.size] = part
    target[before + part.size :] = 0
