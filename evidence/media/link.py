"""What the media processes speak with their parent (evidence.media.child), seen from them.

Requests and answers are lines of JSON. A request ``{"n", "size", "seconds", ...}`` comes with the descriptor
of an open file (as ancillary data on the UNIX socket that is descriptor 0; on Windows as ``"handle"`` through
a pipe), of which ``size`` bytes count and which may cost so many seconds. Each answer has the request's
``n``. The first line of all is ``{"ready": true}``.

Names, paths and environment of the recording's owner never reach such a process. End of input ends it.
"""

import io
import json
import os
import select
import socket
import sys
import threading
from collections.abc import Callable
from functools import partial
from typing import Any, BinaryIO

from evidence.media import confine
from evidence.media.section import Positioned

Request = dict[str, Any]
Send = Callable[[dict[str, Any]], None]
"""Sends an answer; the request's number is added."""

_REQUEST_BYTES = 4096


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


def _send(link: _SocketLink | _PipeLink, number: int, said: dict[str, Any]) -> None:
    link.send(encode({"n": number} | said))


def end_with_parent() -> None:
    """Make this process end as soon as its parent's end of the connection is gone, however busy it is.

    Elsewhere it ends when it next speaks, or by the clock of ``confine.allow``. It takes a thread.
    """
    if sys.platform != "win32":
        threading.Thread(target=_wait_for_the_end, daemon=True).start()


def _wait_for_the_end() -> None:
    if sys.platform != "win32":
        poll = select.poll()
        poll.register(0, 0)  # a hang-up is told unasked
        poll.poll()
        os._exit(1)


def serve(
    answer: Callable[[Request, BinaryIO, Send], dict[str, Any]], needs: confine.Needs | None = None
) -> None:
    """Confine this process, then answer until the parent closes the connection.

    Args:
        answer: what there is to say about a request and the file that came with it; returns the last answer,
            which goes out when the file is closed, and sends those before it.
        needs: what the process can't do without, if more than others.
    """
    confine.confine(needs or confine.Needs())
    link = _PipeLink() if sys.platform == "win32" else _SocketLink()
    link.send(encode({"ready": True}))
    while (received := link.receive()) is not None:
        request, descriptor = received
        send = partial(_send, link, request["n"])
        confine.allow(request["seconds"])
        with io.BufferedReader(Window(descriptor, request["size"])) as file:
            last = answer(request, file, send)
        confine.rest()
        send(last)
