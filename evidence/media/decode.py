"""The sound of a recording, whatever its format: every channel by itself, all at one sample rate.

Channels are numbered through all tracks, as in RecordingFacts; never mixed. Places in the sound are those
that a player shows: what a codec or an edit list says to leave out is left out, and where the container's
time stamps leave a gap, there is silence. What is damaged is left out.
"""

import errno
from collections.abc import Iterator
from typing import Any, BinaryIO, NamedTuple

import numpy as np

from evidence.media import columns, decoders, demuxing
from evidence.media.frames import MAX_TRACKS
from evidence.media.resample import RATE, Samples
from evidence.media.section import Section
from evidence.media.sources import Blocks, Packets, source
from evidence.media.trackdecoder import TrackDecoder
from evidence.media.tracks import coding_of
from evidence.model.noticesearch import MOST_CHANNELS
from evidence.model.waveform import Drawing

_TIMED = {"ogg", "matroska", "mov"}
"""Demuxers whose time stamps are the container's own words."""
_MICROSECONDS = 1e6


class Block(NamedTuple):
    """A piece of sound.

    Attributes:
        channel: number of its first channel.
        samples: (channels, n), 16 bits, as many a second as were asked for; each block goes on
            where the channel's last ended.
    """

    channel: int
    samples: Samples


class Sound:
    """The sound of one recording, decoded while ``blocks`` is gone through.

    Attributes:
        channels: how many there are, as far as known; MOST_CHANNELS at most.
        is_whole: whether all of it was decoded, once ``blocks`` came to its end.
        problems: codes of noticesearch.PROBLEMS.
    """

    def __init__(
        self,
        file: BinaryIO,
        size: int,
        hint: str = "",
        seconds: int | None = None,
        *,
        rate: int = RATE,
        draws: bool = False,
    ) -> None:
        """Read nothing yet.

        Args:
            file: the recording.
            size: how many of its bytes count.
            hint: what its name says, one of headerless.HEADERLESS or empty.
            seconds: how much of it is decoded, from its beginning; all of it if None.
            rate: samples a second that are given out.
            draws: whether peaks of all of the recording are wanted, whatever ``seconds`` says. All is then
                decoded; in place of sound that isn't given out there come blocks without samples.
        """
        self.channels = 0
        self.is_whole = False
        self.problems: list[str] = []
        self._is_lost = False
        self._file, self._size, self._hint = file, size, hint
        self._limit = None if seconds is None else seconds * rate
        self._rate = rate
        self._draws = draws
        self._tracks: dict[int, TrackDecoder] = {}

    def blocks(self) -> Iterator[Block]:
        """All blocks, those of one channel in order. MemoryError when the process has no more memory."""
        try:
            found = source(self._file, self._size, self._hint)
            if isinstance(found, Blocks):
                yield from self._from_blocks(found)
            elif isinstance(found, Packets):
                yield from self._from_packets(found)
            else:
                self._note("not_decodable" if self._size else "no_sound")
        except OSError as error:
            if error.errno == errno.ENOMEM:
                raise MemoryError from error
            self._lose("unreadable")
        self.conclude()

    @property
    def is_cut(self) -> bool:
        """Whether all that was asked for was given out, and there is more of it."""
        return bool(self._tracks) and all(track.is_cut for track in self._tracks.values())

    def cut(self) -> None:
        """Give out no more sound; where it is drawn, there come empty blocks in its place."""
        for track in self._tracks.values():
            track.cut()

    def drawing(self) -> Drawing:
        """The peaks of all that was decoded so far, without problems but its own."""
        return columns.drawing([track.peaks for track in self._tracks.values() if track.peaks])

    def _lose(self, problem: str) -> None:
        self._is_lost = True
        self._note(problem)

    def _note(self, problem: str) -> None:
        if problem not in self.problems:
            self.problems.append(problem)

    def conclude(self) -> None:
        """Note what can be said of the sound as far as it was decoded."""
        tracks = self._tracks.values()
        self.channels = max([0, *(track.first + track.channels for track in tracks)])
        is_damaged = any(track.is_damaged for track in tracks) or "damaged" in self.problems
        hopeless = [track for track in tracks if track.is_damaged and not track.has_sound]
        has_sound = any(track.has_sound for track in tracks)
        if not has_sound and not is_damaged and not self.problems:
            self._note("no_sound")
        elif hopeless or (is_damaged and not has_sound):
            self._note("not_decodable")
        if is_damaged and len(hopeless) < len(tracks):
            self._note("damaged")
        if any(track.has_more_channels for track in tracks):
            self._note("too_many_channels")
        is_cut = any(track.is_cut for track in tracks)
        self.is_whole = not is_cut and not self._is_lost and "not_decodable" not in self.problems

    def _from_blocks(self, found: Blocks) -> Iterator[Block]:
        layout = found.stretch.layout
        taken = min(layout.channels, MOST_CHANNELS) if decoders.is_plain(layout) else layout.channels
        track = self._add(0, decoders.of_blocks(found.container, layout, taken), layout.channels)
        width = layout.block_bytes // layout.channels * taken
        for piece in decoders.pieces(self._file, found.stretch):
            data = piece if taken == layout.channels else _columns(piece, layout.block_bytes, width)
            yield from _placed(track, track.take(decoders.packet(data)))
            if track.is_done:
                return
        yield from _placed(track, track.finish())

    def _add(self, index: int, decoder: Any, channels: int) -> TrackDecoder:
        """A further track, whose channels come after those of the tracks before it."""
        room = MOST_CHANNELS - self.channels
        track = TrackDecoder(
            decoder, self.channels, channels, room, self._limit, rate=self._rate, draws=self._draws
        )
        self._tracks[index] = track
        self.channels += track.channels
        return track

    def _from_packets(self, found: Packets) -> Iterator[Block]:
        import av  # noqa: PLC0415  only in the process that decodes

        try:
            with demuxing.opened(Section(self._file, found.start, found.size), found.demuxer, {}) as opened:
                self._prepare(opened, found.demuxer)
                yield from self._demuxed(opened, av.FFmpegError)
                for track in self._tracks.values():
                    yield from _placed(track, track.finish())
        except av.FFmpegError as error:
            if error.errno == errno.ENOMEM:
                raise MemoryError from error
            self._lose("damaged")
        except demuxing.FAULTS:
            self._lose("damaged")

    def _prepare(self, opened: Any, demuxer: str) -> None:
        """Find the tracks; where one that others follow doesn't say its channels, it is taken to have one."""
        streams = [stream for stream in opened.streams if stream.type == "audio"][:MAX_TRACKS]
        start = (opened.start_time or 0) / _MICROSECONDS
        for stream in streams:
            channels = coding_of(stream).channels or (0 if stream is streams[-1] else 1)
            if self.channels >= MOST_CHANNELS:
                self._note("too_many_channels")
                return
            track = self._add(stream.index, decoders.of_stream(stream), channels)
            if demuxer in _TIMED and stream.time_base:
                track.set_times(float(stream.time_base), start)

    def _demuxed(self, opened: Any, error: type[Exception]) -> Iterator[Block]:
        """Decode packets; behind a damaged place the demuxer may find its way again."""
        for _ in range(demuxing.MAX_ERRORS):
            try:
                for packet in opened.demux():
                    track = self._tracks.get(packet.stream_index)
                    if track is not None and packet.size:
                        yield from _placed(track, track.take(packet))
                        if all(each.is_done for each in self._tracks.values()):
                            return
            except error as problem:
                if getattr(problem, "errno", None) == errno.ENOMEM:
                    raise
                self._note("damaged")
            else:
                return


def _placed(track: TrackDecoder, pieces: Iterator[Samples]) -> Iterator[Block]:
    return (Block(track.first, piece) for piece in pieces if piece.size or track.is_cut)


def _columns(data: bytes, row: int, width: int) -> bytes:
    """Of rows of so many bytes the first ones of each."""
    return np.frombuffer(data, np.uint8).reshape(-1, row)[:, :width].tobytes()
