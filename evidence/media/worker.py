"""The media process: gets open recordings, answers what they are. Its parent is evidence.media.child.

Requests and answers are lines of JSON. A request ``{"n", "size", "seconds", "hint"}`` comes with the
recording's descriptor (as ancillary data on the UNIX socket that is descriptor 0; on Windows as ``"handle"``
through a pipe); the hint is one of headerless.HEADERLESS or empty. Two answers follow, each with the
request's ``n``: first what was counted, then mutagen's claims, so that the count survives a crash in the
larger parser. The first line of all is ``{"ready": true}``.

Names, paths and environment of the recording's owner never reach this process. End of input ends it.
"""

import io
import json
import os
import socket
import sys
from typing import Any, BinaryIO

from evidence.media import aiff, au, confine, headerless, riff, sniff
from evidence.media.frames import FormatReader, Frames
from evidence.media.section import Positioned, read_at

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
_BEHIND_TAG = {"mp3", "adts", "flac"}
_NO_SOUND = {"not_audio": "not_audio", "encrypted": "encrypted", "unknown": "unknown_format"}

_REQUEST_BYTES = 4096
_WITHOUT_CLAIMS = {"unreadable", "too_many_chunks", "not_audio", "headerless", "not_what_its_name_says"}
"""Problems of recordings that mutagen isn't asked about: it would read every one of a million chunks, or take
sound without a header for what it isn't."""


class Window(Positioned):
    """The first bytes of an open file, read only, with a position of its own.

    A descriptor that came from another process shares its position with it, so this one never moves it
    where the system can read without.
    """

    refusal = OSError

    def __init__(self, descriptor: int, size: int) -> None:
        """Take over a descriptor, which ``close`` closes; ``size`` bytes can be read."""
        super().__init__(size)
        self._descriptor = descriptor

    def readinto(self, buffer: Any) -> int:
        """Fill a buffer, up to the end of the window."""
        view = memoryview(buffer).cast("B")
        count = min(len(view), max(0, self._size - self._position))
        data = self._pread(count) if count else b""
        view[: len(data)] = data
        self._position += len(data)
        return len(data)

    def _pread(self, count: int) -> bytes:
        if sys.platform == "win32":
            os.lseek(self._descriptor, self._position, os.SEEK_SET)
            return os.read(self._descriptor, count)
        return os.pread(self._descriptor, count, self._position)

    def close(self) -> None:
        """Close the descriptor."""
        if not self.closed:
            os.close(self._descriptor)
        super().close()


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

        start = sniff.after_id3(read_at(file, 0, 10, size)) if kind in _BEHIND_TAG else 0
        return packets.count(file, (start, max(0, size - start)), DEMUXERS[kind], kind)
    return Frames(problems=(_NO_SOUND[kind],))


class _SocketLink:
    """Requests and answers over the socket that is descriptor 0."""

    def __init__(self) -> None:
        self._socket = socket.socket(fileno=0)

    def receive(self) -> tuple[dict[str, Any], int] | None:
        line, descriptors, _, _ = socket.recv_fds(self._socket, _REQUEST_BYTES, 1)
        return (json.loads(line), descriptors[0]) if line else None

    def send(self, line: bytes) -> None:
        self._socket.sendall(line)


class _PipeLink:
    """Requests and answers over pipes, with handles duplicated into this process (Windows)."""

    def receive(self) -> tuple[dict[str, Any], int] | None:
        line = sys.stdin.buffer.readline(_REQUEST_BYTES)
        if not line:
            return None
        request = json.loads(line)
        return request, _descriptor(request["handle"])

    def send(self, line: bytes) -> None:
        sys.stdout.buffer.write(line)
        sys.stdout.buffer.flush()


def _descriptor(handle: int) -> int:
    if sys.platform == "win32":
        import msvcrt  # noqa: PLC0415  not elsewhere

        return msvcrt.open_osfhandle(handle, os.O_RDONLY | os.O_BINARY)
    return handle


def encode(answer: dict[str, Any]) -> bytes:
    """One answer as a line."""
    return json.dumps(answer, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def main() -> None:
    """Confine this process, then answer until the parent closes the connection."""
    confine.confine()
    link = _PipeLink() if sys.platform == "win32" else _SocketLink()
    link.send(encode({"ready": True}))
    while (received := link.receive()) is not None:
        request, descriptor = received
        confine.allow(request["seconds"])
        size, number = request["size"], {"n": request["n"]}
        with io.BufferedReader(Window(descriptor, size)) as file:
            found = frames(file, size, request["hint"])
            link.send(encode(number | found.to_message()))
            said = claimed(file, size, found)
        confine.rest()
        link.send(encode(number | said))
