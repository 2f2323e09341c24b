"""One audio track of a container while its packets are counted."""

from fractions import Fraction
from typing import Any

from evidence.media import ownheaders
from evidence.media.frames import CODECS, MAX_INTEGER, Track
from evidence.media.inside import Edit
from evidence.media.ownheaders import Coding, Form
from evidence.media.packetsizes import is_whole, longest, measure_of, pre_skip

_NAMES = {
    "pcm_mulaw": "mulaw",
    "pcm_alaw": "alaw",
    "gsm_ms": "gsm",
    "adpcm_ima_qt": "adpcm_ima",
    "adpcm_ima_wav": "adpcm_ima",
    "adpcm_g722": "g722",
    "adpcm_g726": "g726",
    "amrnb": "amr_nb",
    "amrwb": "amr_wb",
    "mp3float": "mp3",
    "mp2float": "mp2",
}
"""FFmpeg's names of codecs and decoders that have other names here."""
_MOST_PRE_SKIP = 5760
"""RFC 7845 section 4.2 recommends 3,840 samples and a packet where a stream was cut out of another."""
_SKIP = "skip_samples"
_MAX_CHANNELS = 65535
_PADDED = {"mp3", "mp2", "aac"}
"""Codecs whose encoders add up to three frames; the container may say how much."""


class Counter:
    """The samples of one track.

    Attributes:
        coding: what it is.
        damaged: whether packets weren't what the codec's are.
        broken_off: whether the last packet was cut off.
        hidden: whether the container tells to leave out more than padding.
        contradictory: whether frames, the codec's header or the container state different sample rates.
    """

    def __init__(self, coding: Coding, tick: Fraction, demuxer: str, edit: Edit | None) -> None:
        """Count nothing yet.

        Args:
            coding: what the container says of it.
            tick: seconds of a unit of its time stamps.
            demuxer: FFmpeg's name of the container's format.
            edit: what of it is to be played, for MP4.
        """
        self.coding = coding
        self.damaged = ownheaders.impossible(coding)
        self.broken_off = self.hidden = False
        own = ownheaders.rates(coding)
        self.contradictory = bool(own and coding.sample_rate) and coding.sample_rate not in own
        self._tick = tick
        self._trims = demuxer != "ogg"
        self._shortens = demuxer == "mov"
        self._edit = edit
        self._measure = measure_of(coding)
        self._form_of = ownheaders.form_of(coding)
        self._form: Form | None = None
        self._samples = 0
        self._largest = 0
        self._skipped = self._cut = 0
        self._ticks = 0
        self._latest = 0  # the last packet's samples, or ticks where its time is all there is
        self._length: int | None = -1  # the last packet's ticks, says the container
        self._packet: Any = None
        self._trimmed: Any = None
        self._most = self._in_ticks(longest(coding))
        self._held: tuple[int | None, int] | None = None  # the last packet's time and length, not counted yet

    def take(self, packet: Any) -> None:
        """Count a packet of FFmpeg's."""
        self.damaged |= self.broken_off
        self.broken_off = packet.is_corrupt
        if self.broken_off:
            return
        if self._measure is None:
            self._take_time(packet)
        elif (samples := self._measure(memoryview(packet))) is None:
            self.damaged = True
            return
        else:
            self.broken_off = not samples
            self._samples += samples
            self._latest = samples
            self._largest = max(self._largest, samples)
            if self._form_of is not None:
                self._see(self._form_of(memoryview(packet)))
        length = packet.duration
        if length != self._length:  # asking for side data costs as much as all the rest
            self._trim(packet)
            self._length = length
        self._packet = packet

    def finish(self) -> None:
        """Look at the last packet again, now that it is known to be the last."""
        if self._packet is not None and self._packet is not self._trimmed:
            self._trim(self._packet)

    def _trim(self, packet: Any) -> None:
        """Note what is to be left out; said with the first packet and with the last or a shorter one."""
        self._trimmed = packet
        if packet.has_sidedata(_SKIP):
            data = bytes(packet.get_sidedata(_SKIP))
            self._skipped += int.from_bytes(data[:4], "little")
            self._cut += int.from_bytes(data[4:8], "little")

    def _see(self, form: Form | None) -> None:
        """Compare what a frame says of itself with the first one, and that one with the container."""
        if form == self._form or form is None:
            return
        if self._form is not None:
            self.contradictory = True
            return
        self._form = form
        rate, said = form[0], self.coding.sample_rate
        self.contradictory |= said not in {0, rate, *((2 * rate,) if self.coding.codec == "aac" else ())}
        self.coding = self.coding._replace(
            sample_rate=rate, channels=form[1] if len(form) > 1 and form[1] else self.coding.channels
        )

    def _take_time(self, packet: Any) -> None:
        """Hold a packet back until the next one's time shows how long it is."""
        if self._held is not None:
            self._latest = self._step(packet.pts)
            self._ticks += self._latest
        elif self.coding.codec == "vorbis":
            self._ticks -= min(packet.duration or 0, self._most)  # the first packet only prepares
        self._held = packet.pts, packet.duration or 0

    def _step(self, following: int | None) -> int:
        """Ticks of the packet held: to the next one, if it can be that long, else as it says itself.

        Lengths are rounded to ticks, so that their sum strays; those of Vorbis are wrong where blocks change.
        """
        assert self._held is not None  # noqa: S101  callers see to it
        begin, length = self._held
        if following is None and not length:
            length = self._latest  # nothing says how long the last one is
        if begin is not None and following is not None and 0 < following - begin <= self._most:
            return int(following - begin)
        return min(max(0, length), self._most)

    def _in_ticks(self, samples: int) -> int:
        rate = self.coding.sample_rate
        return int(samples / (rate * self._tick)) + 1 if rate and self._tick else 0

    @property
    def by_time(self) -> bool:
        """Whether the samples rest on the container's time stamps, since the packets don't say them."""
        return self._measure is None

    @property
    def padding(self) -> int:
        """Samples that may be the encoder's padding, since nothing tells how many there are."""
        unsaid = not self._skipped and (self._edit is None or not self._edit.start)
        return 3 * self._largest if unsaid and self.coding.codec in _PADDED else 0

    def track(self) -> Track:
        """The track as counted."""
        coding = self.coding
        rate, channels = coding.sample_rate or None, coding.channels or None
        if coding.codec == "unknown" or rate is None or channels is None or self.contradictory:
            return Track(coding.codec, rate, channels)
        return Track(coding.codec, rate, channels, min(self._total(rate), MAX_INTEGER))

    def _total(self, rate: int) -> int:
        """All samples, less what is left out at the beginning and at the end, where that is padding."""
        total = self._samples
        if self._measure is None and self._held is not None:
            total = round((self._ticks + self._step(None)) * self._tick * rate)
        total = max(0, total)
        known = pre_skip(self.coding)
        begin = max(known if known is not None else self._skipped, self._edit_start(rate))
        end = self._cut if self._measure is not None or self._trims else 0
        if self._shortens and self._measure is not None and self._length:
            end = max(end, self._latest - round(self._length * self._tick * rate))
        edited = self._edited(total - begin, rate)
        end = max(self._padding(end, rate), self._padding(edited, rate))
        return max(0, total - self._padding(begin, rate) - end)

    def _padding(self, samples: int, rate: int) -> int:
        """As much as padding can be, else nothing, and the rest is called hidden."""
        if samples > self._most_padding(rate):
            self.hidden = True
            return 0
        return samples

    def _most_padding(self, rate: int) -> int:
        """Three frames at an edge, for Opus at least one of the longest packets, and never above a second."""
        if is_whole(self.coding.codec):
            return 0
        most = 3 * (longest(self.coding) if self._measure is None else self._largest)
        return min(rate, max(most, _MOST_PRE_SKIP if self.coding.codec == "opus" else 0))

    def _edit_start(self, rate: int) -> int:
        return round(self._edit.start * rate) if self._edit else 0

    def _edited(self, rest: int, rate: int) -> int:
        """What an edit list leaves out at the end, if that is more than its clock's rounding."""
        if self._edit is None or not self._edit.length:
            return 0
        left_out = rest - round(self._edit.length * rate)
        return left_out if left_out > rate // 200 else 0


def coding_of(stream: Any) -> Coding:
    """What FFmpeg's demuxer says of a stream's coding."""
    context = stream.codec_context
    if context is None:
        return Coding("unknown", 0, 0, b"")
    name = context.codec.canonical_name
    codec = _NAMES.get(name, name)
    setup = bytes(context.extradata or b"")
    rate, channels = context.sample_rate or 0, context.channels or 0
    if codec == "flac" and not channels and len(setup) >= 34:
        channels = (setup[12] >> 1 & 7) + 1
    if codec == "opus":
        rate = 48000  # whatever the container says of the sound that was coded
    rate, channels = max(0, rate), channels if 0 < channels <= _MAX_CHANNELS else 0
    return Coding(codec if codec in CODECS else "unknown", rate, channels, setup, name)
