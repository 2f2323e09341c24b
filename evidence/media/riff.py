"""Frame arithmetic for WAV: RIFF, and RF64/BW64 (EBU Tech 3306) for more than 4 GiB.

The duration comes from the bytes that are really there, never from what the header says: a recorder that
crashed leaves a data size of 0 or 0xFFFFFFFF, a copy that broke off one that is too large. Rules:

1. Sound is the first ``data`` chunk, cut at the end of the file.
2. A size nobody filled in (a placeholder, or 0 before bytes that aren't chunks) means: to the end of the
   file.
3. Bytes after the sound that don't read as chunks are counted and reported, but not as sound: no player
   plays them.
4. A format whose fields contradict each other, or whose codec isn't known here, leaves the duration unknown.
"""

from typing import BinaryIO

from evidence.media.chunks import Chunks
from evidence.media.frames import MAX_INTEGER, Frames
from evidence.media.waveformat import WaveFormat, parse


def frames(file: BinaryIO, size: int) -> Frames:
    """The sound in the first ``size`` bytes of a WAV file (a FormatReader).

    Raises:
        ValueError: not a RIFF, RF64 or BW64 file of type WAVE.
        OSError: the file can't be read.
    """
    file.seek(0)
    head = file.read(min(size, 12))
    if head[:4] not in {b"RIFF", b"RF64", b"BW64"} or head[8:] != b"WAVE":
        raise ValueError("not a WAV file")
    chunks = Chunks(file, size, wide=head[:4] != b"RIFF")
    chunks.walk()
    if chunks.format is None:
        return Frames("wav", problems=(*chunks.problems, "no_format"))
    return _counted(chunks, parse(chunks.format))


def _counted(chunks: Chunks, form: WaveFormat) -> Frames:
    problems = [*chunks.problems]
    claims = {"format_tag": form.tag} if form.codec == "unknown" else {}
    samples = None
    if form.problem:
        problems.append(form.problem)
    if chunks.sound is None:
        problems.append("no_data")
    elif form.block_bytes:
        samples = chunks.sound // form.block_bytes * form.block_samples
        claims |= _header_claims(chunks, form)
        problems += _length_problems(chunks, form, samples, claims)
    if chunks.sound is not None and chunks.rest:
        problems.append("trailing_bytes")
        claims["trailing_bytes"] = chunks.rest
    rate, channels = form.sample_rate or None, form.channels or None
    claims = {name: min(claim, MAX_INTEGER) for name, claim in claims.items()}
    return Frames("wav", form.codec, rate, channels, samples, claims, tuple(problems))


def _header_claims(chunks: Chunks, form: WaveFormat) -> dict[str, int]:
    claims = {"header_samples": chunks.declared // form.block_bytes * form.block_samples}
    if chunks.fact is not None:
        claims["fact_samples"] = chunks.fact
    return claims


def _length_problems(chunks: Chunks, form: WaveFormat, samples: int, claims: dict[str, int]) -> list[str]:
    """What is odd about the length; a rest of a frame is no news where the recording broke off."""
    found = []
    if any(2 * abs(claim - samples) > form.sample_rate for claim in claims.values()):
        found.append("header_length_differs")
    if not samples:
        found.append("empty")
    broken_off = "truncated" in chunks.problems or "unfinished_header" in chunks.problems
    if not broken_off and _is_partial(chunks.sound or 0, form.block_bytes):
        found.append("partial_frame")
    return found


def _is_partial(sound: int, block: int) -> bool:
    """Whether a part of a frame is left over; sox counts the padding byte after an odd number as sound."""
    rest = sound % block
    return rest > 1 or (rest == 1 and not (block % 2 == 1 and sound % 2 == 0))
