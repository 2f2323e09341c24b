"""Sound flattened, and its loudness in bands, in one pass of short Fourier transforms."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
RATE = 8000
HOP = 128
"""Samples from frame to frame; a frame is two hops."""
FRAME = 2 * HOP
BANDS = 24
_LOWEST, _HIGHEST = 200.0, 3500.0
"""Hz that telephones pass."""
_FLOOR = 3e-4
"""Amplitude of a tone, of full scale, below which it isn't made louder: silence stays silence."""
_SILENT = 1e-7
"""Power in a band, of full scale, below which differences don't count."""


def _window() -> Floats:
    """The square root of a raised cosine: applied twice, overlapping frames add up to the sound."""
    phase = 2 * np.pi * np.arange(FRAME) / FRAME
    return np.sqrt(0.5 - 0.5 * np.cos(phase)).astype(np.float32)


def _gains() -> Floats:
    """What each frequency is multiplied with once it is flat; low ones, which survive codecs, count more."""
    hertz = np.fft.rfftfreq(FRAME, 1 / RATE)
    gains = np.zeros(hertz.size, np.float32)
    passed = (hertz >= _LOWEST) & (hertz <= _HIGHEST)
    gains[passed] = np.sqrt(1000 / hertz[passed])
    return gains


def _filters() -> Floats:
    """Triangles over frequency, evenly spaced as ears hear it; one column for each band."""
    hertz = np.fft.rfftfreq(FRAME, 1 / RATE)
    edges = 700 * (10 ** (np.linspace(_mel(250.0), _mel(3400.0), BANDS + 2) / 2595) - 1)
    rising = (hertz[:, None] - edges[:-2]) / (edges[1:-1] - edges[:-2])
    falling = (edges[2:] - hertz[:, None]) / (edges[2:] - edges[1:-1])
    triangles = np.maximum(0, np.minimum(rising, falling))
    width = np.maximum(triangles.sum(axis=0), 1e-9)
    filters: Floats = (triangles / width).astype(np.float32)
    return filters


def _mel(hertz: float) -> float:
    return float(2595 * np.log10(1 + hertz / 700))


_WINDOW, _GAINS, _FILTERS = _window(), _gains(), _filters()
_FULL = float(_WINDOW.sum()) / 2
"""What a tone of full scale measures in its frequency."""


@dataclass(slots=True)
class Flattener:
    """Flattens sound that comes in blocks; what comes out is one hop late.

    Attributes:
        before: the last hop of the sound so far.
        open: the last hop of the flat sound so far, to which one frame is still to be added.
    """

    before: Floats
    open: Floats

    @classmethod
    def new(cls) -> "Flattener":
        """Before the first sample there was silence."""
        return cls(np.zeros(HOP, np.float32), np.zeros(HOP, np.float32))

    def push(self, sound: Floats) -> tuple[Floats, Floats]:
        """The next whole hops of sound.

        Args:
            sound: float32 in [-1, 1], a multiple of HOP samples.

        Returns:
            As many samples of flat sound, and for each hop the logarithm of the power in BANDS bands. Both
            begin one hop before the sound does.
        """
        whole = np.concatenate([self.before, sound])
        self.before = whole[-HOP:].copy()
        frames = np.lib.stride_tricks.sliding_window_view(whole, FRAME)[::HOP] * _WINDOW
        spectra = np.fft.rfft(frames, axis=1)
        power = (spectra.real**2 + spectra.imag**2).astype(np.float32) / np.float32(_FULL**2)
        bands = np.log10(power @ _FILTERS + np.float32(_SILENT))
        spectra *= _GAINS / np.sqrt(power + np.float32(_FLOOR**2)) / np.float32(_FULL)
        pieces = np.fft.irfft(spectra, axis=1).astype(np.float32) * _WINDOW
        flat = pieces[:, :HOP]
        flat[1:] += pieces[:-1, HOP:]
        flat[0] += self.open
        self.open = pieces[-1, HOP:].copy()
        return flat.reshape(-1), bands.astype(np.float32)


def flattened(sound: Floats) -> tuple[Floats, Floats]:
    """A whole sound, flat, and its bands.

    Returns:
        The flat sound, as long as it was, and the bands of frames whose middles are 0, HOP, 2 * HOP ... .
    """
    padded = np.zeros((sound.size // HOP + 2) * HOP, np.float32)
    padded[: sound.size] = sound
    flat, bands = Flattener.new().push(padded)
    return flat[HOP : HOP + sound.size].copy(), bands[: sound.size // HOP + 1]


def varying(bands: Floats) -> Floats:
    """Bands without what stays the same for half a second: levels, steady noise and tones vanish."""
    around = 15
    sums = np.cumsum(np.pad(bands, ((around + 1, around), (0, 0)), "edge"), axis=0, dtype=np.float64)
    mean = (sums[2 * around + 1 :] - sums[: -2 * around - 1]) / (2 * around + 1)
    return (bands - mean).astype(np.float32)
