"""Frame arithmetic for WAV: RIFF, and RF64/BW64 (EBU Tech 3306) for more than 4 GiB.

The duration comes from the bytes that are really there, never from what the header says: a recorder that
crashed leaves a data size of 0 or 0xFFFFFFFF, a copy that broke off one that is too large. Rules:

1. Sound is the first ``data`` chunk, cut at the end of the file.
2. A size nobody filled in (a placeholder, or 0 before bytes that aren't chunks) means: to the end of the
   file.
3. Bytes after the sound that don't read as chunks are counted and reported, but not as sound: no player
   plays them.
4. A format whose fields contradict each other, or whose codec isn't known here, leaves the duration unknown.
5. A block of ADPCM that is cut off counts as far as it goes; of other codecs only whole units count.
"""

from typing import BinaryIO

from evidence.media import sniff
from evidence.media.chunks import Chunks
from evidence.media.counting import Layout, Stretch, length_problems
from evidence.media.frames import MAX_INTEGER, Frames, differs
from evidence.media.headerless import g723_samples
from evidence.media.section import read_at
from evidence.media.waveformat import PACKETS, WaveFormat, parse

_DEMUXERS = {"mp3": "mp3", "adts": "aac"}
"""FFmpeg's demuxers for sound that stands in a WAV file as it would in a file of its own."""


def frames(file: BinaryIO, size: int) -> Frames:
    """The sound in the first ``size`` bytes of a WAV file (a FormatReader).

    Raises:
        ValueError: not a RIFF, RF64 or BW64 file of type WAVE.
        OSError: the file can't be read.
    """
    chunks = _chunks(file, size)
    if chunks.format is None:
        return Frames("wav", problems=(*chunks.problems, "no_format"))
    return _found(file, chunks, parse(chunks.format))


def stretch(file: BinaryIO, size: int) -> Stretch | None:
    """Where the sound stands; None when there is none or its coding isn't known. Raises as ``frames``."""
    chunks = _chunks(file, size)
    if chunks.format is None or chunks.sound is None:
        return None
    form = parse(chunks.format)
    layout = Layout(
        form.codec, form.sample_rate, form.channels, form.block_bytes, form.block_samples, form.problem
    )
    return Stretch(layout, chunks.start, chunks.sound)


def demuxer_of(file: BinaryIO, start: int, size: int) -> str | None:
    """FFmpeg's demuxer for a part of the file that stands there as it would in a file of its own."""
    head = read_at(file, start, sniff.SEARCH, start + size)
    return _DEMUXERS.get(sniff.synchronised(head))


def _chunks(file: BinaryIO, size: int) -> Chunks:
    head = read_at(file, 0, 12, size)
    if head[:4] not in {b"RIFF", b"RF64", b"BW64"} or head[8:] != b"WAVE":
        raise ValueError("not a WAV file")
    chunks = Chunks(file, size, wide=head[:4] != b"RIFF")
    chunks.walk()
    return chunks


def _found(file: BinaryIO, chunks: Chunks, form: WaveFormat) -> Frames:
    problems = [*chunks.problems]
    claims = {"format_tag": form.tag} if form.codec == "unknown" else {}
    if form.problem:
        problems.append(form.problem)
    rate, channels = form.sample_rate or None, form.channels or None
    found = Frames("wav", form.codec, rate, channels)
    if chunks.sound is None:
        problems.append("no_data")
    elif form.codec in PACKETS and not form.problem:
        found, claims, problems = _packets(file, chunks, form, problems)
    elif form.block_samples:
        samples, partial = _samples(file, chunks, form)
        found = found._replace(samples=samples)
        claims |= _header_claims(chunks, form)
        known = chunks.problems
        problems += length_problems(form.sample_rate, samples, claims, known, is_partial=partial)
    if chunks.sound is not None and chunks.rest:
        problems.append("trailing_bytes")
        claims["trailing_bytes"] = chunks.rest
    claims = {name: min(claim, MAX_INTEGER) for name, claim in claims.items()}
    return found._replace(claims=claims, problems=tuple(dict.fromkeys(problems)))


def _packets(
    file: BinaryIO, chunks: Chunks, form: WaveFormat, problems: list[str]
) -> tuple[Frames, dict[str, int], list[str]]:
    """Sound in packets: counted as in a file of its own, if that is how it stands here."""
    from evidence.media import packets  # noqa: PLC0415  only on first need

    plain = Frames("wav", form.codec, form.sample_rate, form.channels)
    sound = chunks.sound or 0
    demuxer = demuxer_of(file, chunks.start, sound)
    if demuxer is None:
        problem = "unsupported_codec" if sound else "empty"
        return plain, {"format_tag": form.tag}, [*problems, problem]
    found = packets.count(file, (chunks.start, sound), demuxer, "wav")
    claims = {**found.claims}
    if found.samples is None:
        found = plain._replace(problems=found.problems)
    elif found.sample_rate not in {form.sample_rate, form.sample_rate // 2}:
        return plain, claims, [*problems, *found.problems, "contradictory_format"]
    elif chunks.fact:
        claims["fact_samples"] = chunks.fact
        if differs(chunks.fact, found.samples, found.sample_rate or 1):
            problems = [*problems, "header_length_differs"]
    return found, claims, [*problems, *found.problems]


def _samples(file: BinaryIO, chunks: Chunks, form: WaveFormat) -> tuple[int, bool]:
    """Samples a channel that are there, and whether the last unit is cut off."""
    sound = chunks.sound or 0
    if form.codec == "g723_1":
        return g723_samples(file, chunks.start, chunks.start + sound)
    samples = sound // form.block_bytes * form.block_samples + form.rest_samples(sound % form.block_bytes)
    return samples, form.codec != "g726" and _is_partial(sound, form.block_bytes)


def _header_claims(chunks: Chunks, form: WaveFormat) -> dict[str, int]:
    claims = {}
    if form.block_bytes:
        claims["header_samples"] = chunks.declared // form.block_bytes * form.block_samples
        claims["header_samples"] += form.rest_samples(chunks.declared % form.block_bytes)
    if chunks.fact is not None:
        claims["fact_samples"] = chunks.fact
    return claims


def _is_partial(sound: int, block: int) -> bool:
    """Whether a part of a frame is left over; sox counts the padding byte after an odd number as sound."""
    rest = sound % block
    return rest > 1 or (rest == 1 and not (block % 2 == 1 and sound % 2 == 0))
