"""The process that decodes and searches: gets announcements, then recordings, from evidence.media.search.

It isn't the one that examines recordings (evidence.media.worker): decoders are by far the larger part of
FFmpeg, and a recording that takes this process over shall not reach the facts. Requests and answers go as
evidence.media.link says. Both kinds of requests hold ``hint``, one of headerless.HEADERLESS or empty.

``{"task": "announcement", "place", "start", "end"}`` brings the sound of a version of the notice and the
milliseconds of its key clause; it is kept as number ``place``, and those behind are forgotten. The answer
holds ``problems``. ``{"task": "search", "count", "limit", "budget"}`` brings a recording to be searched for
the first ``count`` announcements, the first ``limit`` seconds of it (0: all), with so many seconds to do it.
Answers are ``{"done"}`` (parts in a thousand, each more than before), then a match for each announcement and
channel, last what was searched. Versions are numbers here; the ids of their register never reach this
process.
"""

import base64
import time
from typing import Any, BinaryIO

import numpy as np

from evidence.media import link
from evidence.media.decode import Sound
from evidence.media.finder import ALGORITHM, Finder, Reference
from evidence.media.resample import RATE
from evidence.media.waveform import Peaks, waveform
from evidence.model.noticesearch import Match

LONGEST_ANNOUNCEMENT = 300
"""Seconds."""
_STEP = 10
"""Parts in a thousand between two words about progress."""


class Searcher:
    """Answers requests; holds the announcements."""

    def __init__(self) -> None:
        """Hold none."""
        self._references: list[Reference] = []

    def answer(self, request: link.Request, file: BinaryIO, send: link.Send) -> dict[str, Any]:
        """Everything there is to say to one request."""
        try:
            if request["task"] == "announcement":
                return self._learn(request, file)
            return _Search(request, self._references[: request["count"]]).run(file, send)
        except MemoryError:
            return {"problems": ["out_of_memory"]}

    def _learn(self, request: link.Request, file: BinaryIO) -> dict[str, Any]:
        """Keep an announcement, of several channels the loudest."""
        sound = Sound(file, request["size"], request["hint"], LONGEST_ANNOUNCEMENT)
        blocks = [block.samples for block in sound.blocks() if not block.channel]
        if not blocks or not sound.is_whole:
            return {"problems": ["announcement_unreadable"]}
        samples = np.concatenate(blocks, axis=1)
        loudest = samples[int(np.argmax((samples.astype(np.float32) ** 2).sum(1)))]
        place = request["place"]
        end = min(request["end"], loudest.size * 1000 // RATE)
        if not 0 <= request["start"] < end:
            return {"problems": ["announcement_unreadable"]}
        self._references[place:] = [Reference(str(place), loudest, request["start"], end)]
        return {"problems": []}


class _Channel:
    """One channel while it is searched and drawn."""

    def __init__(self, references: list[Reference], number: int) -> None:
        self.finder = Finder(references, number) if references else None
        self.peaks = Peaks()
        self.samples = 0

    def feed(self, samples: Any) -> None:
        self.samples += samples.size
        self.peaks.feed(samples)
        if self.finder is not None:
            self.finder.feed(samples)

    def finish(self) -> list[Match]:
        return [] if self.finder is None else self.finder.finish()


class _Search:
    """One search."""

    def __init__(self, request: link.Request, references: list[Reference]) -> None:
        self._request = request
        self._references = references
        self._channels: list[_Channel] = []
        self._ends = time.monotonic() + request["budget"]

    def run(self, file: BinaryIO, send: link.Send) -> dict[str, Any]:
        """Search, telling of the progress and then the matches; returns what was searched."""
        request = self._request
        sound = Sound(file, request["size"], request["hint"], request["limit"] or None)
        in_time = self._listen(sound, file, send)
        self._reach(sound.channels)
        found = [channel.finish() for channel in self._channels]
        for of_version in zip(*found, strict=True):
            for match in of_version:
                send({"match": match.to_document() | {"version": int(match.version)}})
        drawn = waveform([channel.peaks.finish() for channel in self._channels])
        peaks = [base64.b64encode(channel).decode("ascii") for channel in drawn.channels] if drawn else []
        longest = max((channel.samples for channel in self._channels), default=0)
        return {
            "algorithm": ALGORITHM,
            "searched_ms": longest * 1000 // RATE,
            "is_whole": sound.is_whole and in_time,
            "channels": len(self._channels),
            "column_ms": drawn.column_ms if drawn else 0,
            "peaks": peaks,
            "problems": [*sound.problems, *([] if in_time else ["timeout"])],
        }

    def _listen(self, sound: Sound, file: BinaryIO, send: link.Send) -> bool:
        """Take in all sound; False when the time was over before."""
        told = 0
        for block in sound.blocks():
            self._reach(block.channel + len(block.samples))
            for number, samples in enumerate(block.samples, block.channel):
                self._channels[number].feed(samples)
            done = self._done(file)
            if done >= told + _STEP:
                send({"done": done})
                told = done
            if time.monotonic() > self._ends:
                return False
        return True

    def _reach(self, count: int) -> None:
        """Have so many channels; one that nothing is heard of before the others end is silent."""
        while len(self._channels) < count:
            self._channels.append(_Channel(self._references, len(self._channels)))

    def _done(self, file: BinaryIO) -> int:
        """Parts in a thousand: of the bytes that were read, or of the seconds that were asked for."""
        request = self._request
        share = file.tell() / max(1, request["size"])
        if request["limit"]:
            heard = max(channel.samples for channel in self._channels)
            share = max(share, heard / (request["limit"] * RATE))
        return min(1000, int(1000 * share))


def main() -> None:
    """Confine this process, then answer until the parent closes the connection."""
    link.serve(Searcher().answer)
