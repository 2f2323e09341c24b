"""Sound without any header, as PBXes write it: the file's name alone says what it is.

The parent turns the name into one of the HEADERLESS tokens, so that the media process never sees a name.
What can be checked is checked: frames of GSM begin with the bits 1101 (RTP's packing, RFC 3551 section
4.5.8), frames of G.723.1 say their length in their first two bits (RFC 3551 section 4.5.3).
"""

from typing import BinaryIO, NamedTuple

from evidence.media.counting import Layout, Stretch
from evidence.media.frames import Frames
from evidence.media.section import read_at

GSM_FRAME = 33
G723_SAMPLES = 240
G723_BYTES = (24, 20, 4, 1)
_PIECE = GSM_FRAME * 32768


class Headerless(NamedTuple):
    """What a name stands for: codec and rate of one channel, and how many bytes make how many samples."""

    codec: str
    sample_rate: int
    frame_bytes: int
    frame_samples: int


HEADERLESS = {
    "mulaw": Headerless("mulaw", 8000, 1, 1),
    "alaw": Headerless("alaw", 8000, 1, 1),
    "gsm": Headerless("gsm", 8000, GSM_FRAME, 160),
    **{
        f"pcm{rate}": Headerless("pcm_s16le", rate, 2, 1)
        for rate in (8000, 12000, 16000, 24000, 32000, 44100, 48000, 96000, 192000)
    },
    "g722": Headerless("g722", 16000, 1, 2),
    "g723": Headerless("g723_1", 8000, 0, G723_SAMPLES),
    "g726_40": Headerless("g726", 8000, 5, 8),
    "g726_32": Headerless("g726", 8000, 1, 2),
    "g726_24": Headerless("g726", 8000, 3, 8),
    "g726_16": Headerless("g726", 8000, 1, 4),
    "g729": Headerless("g729", 8000, 10, 80),
    "vox": Headerless("adpcm_vox", 8000, 1, 2),
    "ilbc": Headerless("ilbc", 8000, 50, 240),
    "siren7": Headerless("siren7", 16000, 80, 320),
    "siren14": Headerless("siren14", 32000, 120, 640),
}
"""The closed set of hints, and what each says."""

_ENDINGS = {
    **dict.fromkeys(("ulaw", "ul", "pcmu", "mu", "ulw"), "mulaw"),
    **dict.fromkeys(("alaw", "al", "pcma", "alw"), "alaw"),
    **dict.fromkeys(("sln", "slin", "raw"), "pcm8000"),
    **{f"sln{rate}": f"pcm{rate}000" for rate in (12, 16, 24, 32, 48, 96, 192)},
    "sln44": "pcm44100",
    **dict.fromkeys(("g723", "g723sf"), "g723"),
    **{f"g726-{rate}": f"g726_{rate}" for rate in (40, 32, 24, 16)},
    "g726": "g726_32",
    **{name: name for name in ("gsm", "g722", "g729", "vox", "ilbc", "siren7", "siren14")},
}


def hint_of(name: str) -> str:
    """The token for a file's name by its ending; empty when the ending says nothing."""
    stem, dot, ending = name.rpartition(".")
    return _ENDINGS.get(ending.lower(), "") if dot and stem else ""


def frames(file: BinaryIO, size: int, hint: str) -> Frames:
    """The sound of a file that is what its name says, one channel of it.

    Args:
        file: the recording.
        size: how many of its bytes count.
        hint: one of HEADERLESS.
    """
    form = HEADERLESS[hint]
    if hint == "g723":
        return _counted(form, *g723_samples(file, 0, size), ())
    if form.codec == "g726":  # a stream of bits
        return _counted(form, size * form.frame_samples // form.frame_bytes, False, ())
    samples = size // form.frame_bytes * form.frame_samples
    odd = _gsm_problem(file, size) if hint == "gsm" else ""
    return _counted(form, samples, size % form.frame_bytes != 0, (odd,) if odd else ())


def stretch(file: BinaryIO, size: int, hint: str) -> Stretch | None:
    """The whole file as sound; None when it isn't what its name says."""
    if hint == "gsm" and _gsm_problem(file, size) == "not_what_its_name_says":
        return None
    form = HEADERLESS[hint]
    return Stretch(Layout(form.codec, form.sample_rate, 1, form.frame_bytes, form.frame_samples, ""), 0, size)


def _counted(form: Headerless, samples: int, partial: bool, problems: tuple[str, ...]) -> Frames:  # noqa: FBT001
    if "not_what_its_name_says" in problems:
        return Frames("raw", problems=problems)
    found = ["headerless", *problems]
    if not samples:
        found.append("empty")
    if partial:
        found.append("partial_frame")
    return Frames("raw", form.codec, form.sample_rate, 1, samples, {}, tuple(found))


def _gsm_problem(file: BinaryIO, size: int) -> str:
    """Whether the beginnings of frames look as GSM's do: nearly all, some, or hardly any."""
    whole = size // GSM_FRAME
    right = 0
    for offset in range(0, whole * GSM_FRAME, _PIECE):
        starts = read_at(file, offset, _PIECE, whole * GSM_FRAME)[::GSM_FRAME]
        right += sum(byte >> 4 == 0xD for byte in starts)
    if right == whole:
        return ""
    return "damaged" if 2 * right > whole else "not_what_its_name_says"


def g723_samples(file: BinaryIO, start: int, end: int) -> tuple[int, bool]:
    """Samples in frames of G.723.1 between two offsets, and whether the last frame is cut off."""
    data = memoryview(read_at(file, start, end - start, end))
    at = count = 0
    while at < len(data):
        at += G723_BYTES[data[at] & 3]
        count += at <= len(data)
    return count * G723_SAMPLES, at > len(data)


def ilbc(file: BinaryIO, size: int) -> Frames:
    """The sound of an iLBC file, whose first line says how long a frame is (a FormatReader; RFC 3952).

    Raises:
        ValueError: not such a file.
        OSError: the file can't be read.
    """
    (_, _, _, width, samples, _), _, sound = ilbc_stretch(file, size)
    problems = (["partial_frame"] if sound % width else []) + ([] if sound >= width else ["empty"])
    return Frames("ilbc", "ilbc", 8000, 1, sound // width * samples, {}, tuple(problems))


def ilbc_stretch(file: BinaryIO, size: int) -> Stretch:
    """Where the sound of an iLBC file stands. Raises as ``ilbc``."""
    lengths = {b"#!iLBC20\n": (38, 160), b"#!iLBC30\n": (50, 240)}
    head = read_at(file, 0, 9, size)
    if head not in lengths:
        raise ValueError("not an iLBC file")
    return Stretch(Layout("ilbc", 8000, 1, *lengths[head], ""), len(head), size - len(head))
