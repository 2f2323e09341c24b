"""The process that decodes and searches: gets announcements, then recordings, from evidence.media.search.

It isn't the one that examines recordings (evidence.media.worker): decoders are by far the larger part of
FFmpeg, and a recording that takes this process over shall not reach the facts. Requests and answers go as
evidence.media.link says. Both kinds of requests hold ``hint``, one of headerless.HEADERLESS or empty.

``{"task": "announcement", "place", "start", "end"}`` brings the sound of a version of the notice and the
milliseconds of its key clause; it is kept as number ``place``, and those behind are forgotten. The answer
holds ``problems``. ``{"task": "search", "count", "limit", "budget"}`` brings a recording to be searched for
the first ``count`` announcements, the first ``limit`` seconds of it (0: all), with so many seconds to do it.
Answers are ``{"done"}`` (parts in a thousand, each more than before), a match for each announcement and
channel, then what was searched. With ``draws`` seconds, if not 0, all of the recording is drawn, too, out of
the same decoding: the drawing comes last, so that whatever befalls it what was found is told. ``{"task":
"draw", "draws"}`` brings a recording that is drawn alone. Versions are numbers here; the ids of their
register never reach this process.
"""

import base64
import time
from typing import Any, BinaryIO

import numpy as np

from evidence.media import link
from evidence.media.decode import Block, Sound
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
            if request["task"] == "draw":
                return _Drawing(request, file, send).run()
            return _Search(request, file, send, self._references[: request["count"]]).run()
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


class _Drawing:
    """One recording, drawn."""

    def __init__(self, request: link.Request, file: BinaryIO, send: link.Send, limit: int | None = 0) -> None:
        self._request, self._file, self._send = request, file, send
        self._sound = Sound(file, request["size"], request["hint"], limit, draws=bool(request["draws"]))
        self._told = 0

    def run(self) -> dict[str, Any]:
        """Draw, telling of the progress; returns the drawing."""
        return self._drawn(in_time=self._listen(time.monotonic() + self._request["draws"]))

    def _listen(self, ends: float) -> bool:
        """Take in all sound; False when the time was over before."""
        for block in self._sound.blocks():
            self._feed(block)
            self._tell_progress()
            if time.monotonic() > ends:
                return False
        return True

    def _feed(self, block: Block) -> None:
        """Nothing but the drawing is wanted."""

    def _tell_progress(self) -> None:
        done = min(1000, int(1000 * self._share()))
        if done >= self._told + _STEP:
            self._send({"done": done})
            self._told = done

    def _share(self) -> float:
        size: int = max(1, self._request["size"])
        return self._file.tell() / size

    def _drawn(self, *, in_time: bool) -> dict[str, Any]:
        self._sound.conclude()
        drawing = self._sound.drawing()
        problems = [*self._sound.problems, *drawing.problems, *([] if in_time else ["timeout"])]
        return {**drawing.to_document(), "problems": problems}


class _Search(_Drawing):
    """One search, and the drawing beside it."""

    def __init__(
        self, request: link.Request, file: BinaryIO, send: link.Send, references: list[Reference]
    ) -> None:
        super().__init__(request, file, send, request["limit"] or None)
        self._references = references
        self._channels: list[_Channel] = []
        self._ends = time.monotonic() + request["budget"]
        self._is_searched = False

    def run(self) -> dict[str, Any]:
        """Search, telling of the progress and then the matches; returns what was searched, or drawn."""
        draws = self._request["draws"]
        if not draws:
            return self._searched(in_time=self._listen(self._ends))
        in_time = self._listen(self._ends + draws)
        self._conclude_search(in_time=in_time)
        return self._drawn(in_time=in_time)

    def _feed(self, block: Block) -> None:
        if self._is_searched:
            return
        self._reach(block.channel + len(block.samples))
        for number, samples in enumerate(block.samples, block.channel):
            self._channels[number].feed(samples)
        in_time = time.monotonic() <= self._ends
        if self._request["draws"] and (self._sound.is_cut or not in_time):
            self._sound.conclude()
            self._sound.cut()
            self._conclude_search(in_time=in_time)

    def _conclude_search(self, *, in_time: bool) -> None:
        if not self._is_searched:
            self._is_searched = True
            self._send(self._searched(in_time=in_time))

    def _reach(self, count: int) -> None:
        """Have so many channels; one that nothing is heard of before the others end is silent."""
        while len(self._channels) < count:
            self._channels.append(_Channel(self._references, len(self._channels)))

    def _searched(self, *, in_time: bool) -> dict[str, Any]:
        self._reach(self._sound.channels)
        found = [channel.finish() for channel in self._channels]
        for of_version in zip(*found, strict=True):
            for match in of_version:
                self._send({"match": match.to_document() | {"version": int(match.version)}})
        drawn = waveform([channel.peaks.finish() for channel in self._channels])
        peaks = [base64.b64encode(channel).decode("ascii") for channel in drawn.channels] if drawn else []
        longest = max((channel.samples for channel in self._channels), default=0)
        return {
            "algorithm": ALGORITHM,
            "searched_ms": longest * 1000 // RATE,
            "is_whole": self._sound.is_whole and in_time,
            "channels": len(self._channels),
            "column_ms": drawn.column_ms if drawn else 0,
            "peaks": peaks,
            "problems": [*self._sound.problems, *([] if in_time else ["timeout"])],
        }

    def _share(self) -> float:
        """Of the bytes that were read, or of the seconds that were asked for where no more is decoded."""
        share = super()._share()
        if self._request["limit"] and not self._request["draws"]:
            heard = max((channel.samples for channel in self._channels), default=0)
            share = max(share, heard / (self._request["limit"] * RATE))
        return share


def main() -> None:
    """Confine this process, then answer until the parent closes the connection."""
    link.serve(Searcher().answer)
