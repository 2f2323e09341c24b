"""Short calls looked at without a stream, so that what was found can be graded with any thresholds."""

from dataclasses import dataclass

import numpy as np

from evidence.media.finder.candidates import Stretch
from evidence.media.finder.grading import MEASURED, Thresholds
from evidence.media.finder.search import Place, Search
from evidence.media.finder.spectra import HOP, RATE, flattened
from evidence.model.noticesearch import NOT_DETECTED
from tests.benchmarks.finder.announcements import Announcement
from tests.benchmarks.finder.sounds import Sound


@dataclass(frozen=True, slots=True)
class Looked:
    """What was found of an announcement in one recording.

    Attributes:
        search: of the announcement.
        half: of the voices, to which the announcement belongs.
        places: that were looked at.
        at: milliseconds at which it really begins; NaN where it wasn't played.
    """

    search: Search
    half: int
    places: list[Place]
    at: float = float("nan")

    def result(self, limits: Thresholds = MEASURED) -> str:
        """The grade."""
        best = self.search.best(self.places, limits)
        return best.result if best else NOT_DETECTED

    def error(self, limits: Thresholds = MEASURED) -> float:
        """Milliseconds by which the told place is wrong; infinite where none was told."""
        best = self.search.best(self.places, limits)
        return abs((best.place.begin + best.place.lag()) * 1000 / RATE - self.at) if best else float("inf")


def look(search: Search, announcement: Announcement, sound: Sound, at: float = float("nan")) -> Looked:
    """Look at a whole recording at once."""
    before = np.zeros(search.lead, np.float32)
    flat, bands = flattened(np.concatenate([before, sound, np.zeros(search.reach + HOP, np.float32)]))
    stretch = Stretch(-search.lead, flat, bands, (search.lead + sound.size) // HOP)
    return Looked(search, announcement.half, search.places(stretch), at)
