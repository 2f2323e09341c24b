"""The media process: gets open recordings, answers what they are. Its parent is evidence.media.child.

Requests and answers go as evidence.media.link says. A request holds ``hint``, one of headerless.HEADERLESS or
empty, beside what every request does. Two answers follow: first what was counted, then mutagen's claims, so
that the count survives a crash in the larger parser.
"""

from typing import Any, BinaryIO

from evidence.media import aiff, au, headerless, link, riff, sniff
from evidence.media.frames import FormatReader, Frames
from evidence.media.section import read_at

READERS: dict[str, FormatReader] = {
    "wav": riff.frames,
    "aiff": aiff.frames,
    "au": au.frames,
    "ilbc": headerless.ilbc,
}
"""The formats whose frames are counted here, by their kinds."""
DEMUXERS = {
    "mp3": "mp3",
    "adts": "aac",
    "flac": "flac",
    "ogg": "ogg",
    "mp4": "mov",
    "amr": "amr",
    "asf": "asf",
    "matroska": "matroska",
}
"""The formats whose packets FFmpeg tells apart, by their kinds: its demuxers for them."""
BEHIND_TAG = {"mp3", "adts", "flac"}
_NO_SOUND = {"not_audio": "not_audio", "encrypted": "encrypted", "unknown": "unknown_format"}

_WITHOUT_CLAIMS = {"unreadable", "too_many_chunks", "not_audio", "headerless", "not_what_its_name_says"}
"""Problems of recordings that mutagen isn't asked about: it would read every one of a million chunks, or take
sound without a header for what it isn't."""


def frames(file: BinaryIO, size: int, hint: str = "") -> Frames:
    """What the format reader for a file finds in it."""
    if not size:
        return Frames(problems=("empty",))
    try:
        return _frames(file, size, hint)
    except OSError:
        return Frames(problems=("unreadable",))
    except MemoryError:
        return Frames(problems=("out_of_memory",))


def claimed(file: BinaryIO, size: int, found: Frames) -> dict[str, Any]:
    """The second answer, once the frames are known."""
    said: dict[str, int | str] = {}
    problems: tuple[str, ...] = ()
    if size and _WITHOUT_CLAIMS.isdisjoint(found.problems):
        from evidence.media import claims  # noqa: PLC0415  mutagen only on first need

        said, problems = claims.read(file, found.container)
    return {"claims": said, "problems": problems}


def _frames(file: BinaryIO, size: int, hint: str) -> Frames:
    kind = sniff.kind(file, size, strong_only=bool(hint))
    if kind == "unknown" and hint in headerless.HEADERLESS:
        return headerless.frames(file, size, hint)
    if kind in READERS:
        return READERS[kind](file, size)
    if kind in DEMUXERS:
        from evidence.media import packets  # noqa: PLC0415  only on first need

        start = sniff.after_id3(read_at(file, 0, 10, size)) if kind in BEHIND_TAG else 0
        return packets.count(file, (start, max(0, size - start)), DEMUXERS[kind], kind)
    return Frames(problems=(_NO_SOUND[kind],))


def answer(request: link.Request, file: BinaryIO, send: link.Send) -> dict[str, Any]:
    """Both answers about one recording."""
    size = request["size"]
    found = frames(file, size, request["hint"])
    send(found.to_message())
    return claimed(file, size, found)


def main() -> None:
    """Confine this process, then answer until the parent closes the connection."""
    link.serve(answer)
