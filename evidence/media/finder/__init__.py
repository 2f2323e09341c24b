"""Where in a call's sound an announcement is, and how much of it was heard. Pure functions over arrays.

Sound is flattened first: in each short piece of time every frequency gets about the same strength, and only
the phases say what was played (``spectra``). A voice or noise on top then spoils those places where it is
stronger and no others, and two announcements by one voice are hardly more alike than noise is to noise.
Candidates (``candidates``) are where pieces of the announcement fit at the right distances, or where the
loudness in bands rises and falls as in it. At a candidate each piece is looked for by itself, at the speed
that fits best (``speed``) and along a path of delays that seldom jumps (``path``). Grades come from
``grading`` alone.
"""

from evidence.media.finder.finder import ALGORITHM, Finder
from evidence.media.finder.reference import Reference
from evidence.media.finder.spectra import RATE

__all__ = ["ALGORITHM", "RATE", "Finder", "Reference"]
