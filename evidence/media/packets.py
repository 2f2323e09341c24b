"""Sound in packets: FFmpeg's demuxer tells them apart (by PyAV), their samples are counted, none is decoded.

Of FFmpeg only demuxers and parsers see the recording, with the precautions of evidence.media.demuxing.

Lengths: the samples of all packets, less what the container tells to leave out at the beginning and at the
end (codec delay, pre-skip, the last packet's padding), if the codec pads at all and that is no more than
three of its frames. What a container tells to leave out beyond that counts, with the problem
``hidden_sound``: it is in the file. Samples that no packet says rest on the container's time stamps, and the
method says so.
"""

import errno
from typing import Any, BinaryIO, cast

from evidence.media import asf, demuxing, matroska, mp4, streams
from evidence.media.frames import MAX_INTEGER, MAX_TRACKS, Frames, differs
from evidence.media.inside import Inside
from evidence.media.section import Section
from evidence.media.tracks import Counter, coding_of

_SAYING = {
    "mov": mp4.read,
    "matroska": matroska.read,
    "asf": asf.read,
    "flac": streams.flac,
    "mp3": streams.mp3,
    "ogg": streams.ogg,
}
"""What a container says of itself is read here, for those of which it is worth while."""
_OF_DEMUXER = {"mov": {"ignore_editlist": "1"}}
_COVER = 0x400
"""FFmpeg's mark of a picture that stands for the whole recording."""


class _Demuxed:
    """What the demuxer tells: a counter for each audio track, problems, and how long Ogg says it is."""

    def __init__(self, demuxer: str, said: Inside) -> None:
        self.counters: dict[int, Counter] = {}
        self.problems: list[str] = []
        self.milliseconds = said.milliseconds
        self._demuxer = demuxer
        self._said = said

    def read(self, section: Section) -> None:
        """Take all packets, until the end or until an error that can't be passed."""
        import av  # noqa: PLC0415  only where it is needed; costs 60 ms

        try:
            with demuxing.opened(section, self._demuxer, _OF_DEMUXER.get(self._demuxer, {})) as opened:
                self._prepare(opened)
                self._take(opened, av.FFmpegError)
                for counter in self.counters.values():
                    counter.finish()
        except MemoryError:
            self.problems.append("out_of_memory")
        except av.FFmpegError as error:
            self.problems.append("out_of_memory" if error.errno == errno.ENOMEM else "damaged")
        except OSError:
            self.problems.append("unreadable")
        except demuxing.FAULTS:
            self.problems.append("damaged")

    def _prepare(self, opened: Any) -> None:
        for stream in opened.streams:
            if stream.type == "audio" and len(self.counters) < MAX_TRACKS:
                edit = self._said.edits.get(stream.id)
                counter = Counter(coding_of(stream), stream.time_base, self._demuxer, edit)
                counter.contradictory |= self._said.contradictory
                counter.hidden = stream.id in self._said.edits and edit is None
                self.counters[stream.index] = counter
            elif stream.type == "video" and not int(stream.disposition) & _COVER:
                self.problems.append("has_video")
        if self._demuxer == "ogg" and opened.duration and opened.duration > 0:
            self.milliseconds = min(opened.duration // 1000, MAX_INTEGER)

    def _take(self, opened: Any, error: type[Exception]) -> None:
        """Count packets; behind a damaged place the demuxer may find its way again."""
        counter_of = self.counters.get
        for _ in range(demuxing.MAX_ERRORS):
            try:
                for packet in opened.demux():
                    counter = counter_of(packet.stream_index)
                    if counter is not None and packet.size:
                        counter.take(packet)
            except error as problem:
                if getattr(problem, "errno", None) == errno.ENOMEM:
                    raise
                self.problems.append("damaged")
            else:
                return


def count(file: BinaryIO, part: tuple[int, int], demuxer: str, container: str) -> Frames:
    """The sound of a part of a file.

    Args:
        file: the recording.
        part: where it begins, and how many bytes it has.
        demuxer: FFmpeg's name of the format.
        container: one of frames.CONTAINERS.
    """
    if part[1] <= 0:
        return Frames(container, problems=("no_data",))
    section = Section(file, *part)
    reader = _SAYING.get(demuxer)
    said = Inside() if reader is None else reader(cast("BinaryIO", section), part[1])
    claims = {} if said.milliseconds is None else {"container_milliseconds": said.milliseconds}
    if said.encrypted:
        return Frames(container, claims=claims, problems=("encrypted",))
    try:
        import av  # noqa: F401, PLC0415  an extra
    except ImportError:
        return Frames(container, claims=claims, problems=("analysis_not_installed",))
    found = _Demuxed(demuxer, said)
    found.read(Section(file, part[0], part[1] - said.rest))
    return _result(container, found, said).followed_by(said.rest)


def _result(container: str, found: _Demuxed, said: Inside) -> Frames:
    counters = [*found.counters.values()]
    tracks = [counter.track() for counter in counters]
    problems = found.problems
    for code, noted in (
        ("no_data", not tracks and "damaged" not in problems and "out_of_memory" not in problems),
        ("several_tracks", len(tracks) > 1),
        ("ambiguous_chunks", said.ambiguous),
        ("contradictory_format", said.contradictory or any(counter.contradictory for counter in counters)),
        ("unsupported_codec", any(c.track().samples is None and not c.contradictory for c in counters)),
        ("damaged", said.damaged or any(counter.damaged for counter in counters)),
        ("hidden_sound", any(counter.hidden for counter in counters)),
        ("no_end_mark", not said.ended),
    ):
        problems += [code] if noted else []
    claims: dict[str, int] = {}
    if found.milliseconds is not None:
        claims["container_milliseconds"] = found.milliseconds
    if not tracks:
        problems += ["truncated"] if said.cut else []
        return Frames(container, claims=claims, problems=tuple(dict.fromkeys(problems)))
    first = tracks[0]
    if first.samples is not None:
        claims |= _claims(counters[0], said)
        problems += _length_problems(first.samples, first.sample_rate or 1, claims, said)
    if any(counter.broken_off for counter in counters):
        problems.append("truncated")
    by_time = any(counter.by_time for counter in counters if counter.track().samples is not None)
    method = "timestamps" if by_time else "packets"
    return Frames(container, *first, claims, tuple(dict.fromkeys(problems)), method, tuple(tracks[1:]))


def _claims(counter: Counter, said: Inside) -> dict[str, int]:
    claims = {}
    if said.samples is not None:
        claims["header_samples"] = said.samples
    if counter.padding:
        claims["possible_padding"] = counter.padding
    return claims


def _length_problems(samples: int, rate: int, claims: dict[str, int], said: Inside) -> list[str]:
    lengths = [claims["header_samples"]] if "header_samples" in claims else []
    if "container_milliseconds" in claims:
        lengths.append(claims["container_milliseconds"] * rate // 1000)
    wrong = [length for length in lengths if differs(length, samples, rate)]
    found = ["truncated"] if said.cut else []
    found += ["header_length_differs"] if wrong else []
    return found + ([] if samples else ["empty"])
