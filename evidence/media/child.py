"""The media process seen from its parent: start it, hand it a recording, wait for its line, end it.

It inherits nothing: no descriptor but the connection, no environment beyond what a Python needs to start, no
terminal (own session, so Ctrl-C reaches the parent alone), and its command line names only where Python's
modules stand, and a speech recogniser's model. Python runs isolated (``-I -S``): neither PYTHON* variables
nor the current directory nor ``.pth`` files decide what it imports.
"""

import contextlib
import importlib.util
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path

import evidence

_KEPT = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SYSTEMROOT")
_DYING = 1.0
Request = dict[str, int | float | str]
_SET = {"OPENBLAS_NUM_THREADS": "1"}
"""So that numpy starts no threads, which would take memory."""
_START = "import sys; sys.path += sys.argv[{}:]; from evidence.media.{} import main; main({})"


_MODULES = ("mutagen", "av", "numpy")


def worker_command(
    module: str = "worker", settings: str | None = None, modules: Sequence[str] = ()
) -> list[str]:
    """The command that starts a media process from an installed package as well as from a checkout.

    Args:
        module: the module of this package whose ``main`` it runs.
        settings: what ``main`` is given; nothing if None.
        modules: what it imports beside what all media processes do.
    """
    roots = [Path(str(evidence.__file__)).resolve().parents[1]]
    for name in (*_MODULES, *modules):
        found = importlib.util.find_spec(name)
        if found is not None and found.origin is not None:
            roots.append(Path(found.origin).resolve().parents[1])
    given = [] if settings is None else [settings]
    start_it = _START.format(1 + len(given), module, "sys.argv[1]" if given else "")
    places = dict.fromkeys(str(root) for root in roots)
    return [sys.executable, "-I", "-S", "-B", "-c", start_it, *given, *places]


def start(command: Sequence[str]) -> "Child":
    """A new media process; it gets ready while the caller goes on. OSError when it can't be started."""
    if sys.platform == "win32":
        return PipeChild(command)
    return SocketChild(command)


class Child:
    """One process and the connection to it. Every method but ``ask`` and ``answer`` works in any state."""

    process: subprocess.Popen[bytes]

    def ask(self, request: Request, descriptor: int) -> None:
        """Send a request together with an open file. OSError when the process is gone."""
        raise NotImplementedError

    def answer(self, deadline: float, limit: int) -> bytes:
        """The next line, without its end.

        Args:
            deadline: when to stop waiting, as ``time.monotonic`` counts.
            limit: bytes of the longest line.

        Raises:
            TimeoutError: no line before the deadline.
            EOFError: the process is gone.
            ValueError: a line longer than ``limit``.
        """
        raise NotImplementedError

    def end(self) -> None:
        """Kill the process and wait for it; closes the connection."""
        self.process.kill()
        self.process.wait()

    def alive(self) -> bool:
        """Whether the process still runs."""
        return self.process.poll() is None

    def ran_out_of_time(self) -> bool:
        """Whether a process that is gone was ended by one of its time limits."""
        if sys.platform == "win32":
            return False
        with contextlib.suppress(subprocess.TimeoutExpired):
            return self.process.wait(_DYING) in {-signal.SIGXCPU, -signal.SIGALRM}
        return False


class SocketChild(Child):
    """The connection is a UNIX socket, by which descriptors are handed over."""

    def __init__(self, command: Sequence[str]) -> None:
        """Start the process."""
        self._socket, theirs = socket.socketpair()
        self._buffer = b""
        try:
            self.process = subprocess.Popen(  # noqa: S603  our own interpreter
                command,
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env=_environment(),
                cwd=os.sep,
                start_new_session=True,
            )
        except OSError:
            self._socket.close()
            raise
        finally:
            theirs.close()

    def ask(self, request: Request, descriptor: int) -> None:
        """Send the request with the descriptor as ancillary data."""
        self._socket.settimeout(None)
        socket.send_fds(self._socket, [_line(request)], [descriptor])

    def answer(self, deadline: float, limit: int) -> bytes:
        """Read until the end of a line."""
        while b"\n" not in self._buffer:
            if len(self._buffer) > limit:
                raise ValueError("a line too long")
            self._socket.settimeout(max(0.001, deadline - time.monotonic()))
            try:
                data = self._socket.recv(65536)
            except ConnectionError:
                data = b""
            if not data:
                raise EOFError
            if time.monotonic() > deadline:
                raise TimeoutError
            self._buffer += data
        line, _, self._buffer = self._buffer.partition(b"\n")
        return line

    def end(self) -> None:
        """Kill the process and close the socket."""
        super().end()
        self._socket.close()


class PipeChild(Child):
    """The connection is a pair of pipes (Windows), and a timer kills what answers too late."""

    def __init__(self, command: Sequence[str]) -> None:
        """Start the process."""
        self.process = subprocess.Popen(  # noqa: S603  our own interpreter
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(),
            cwd=os.sep,
            creationflags=_creation_flags(),
        )
        self._late = threading.Event()

    def ask(self, request: Request, descriptor: int) -> None:
        """Send the request with a handle that is valid in the process."""
        assert self.process.stdin is not None  # noqa: S101  it was asked for
        self.process.stdin.write(_line({**request, "handle": _share(self.process, descriptor)}))
        self.process.stdin.flush()

    def answer(self, deadline: float, limit: int) -> bytes:
        """Read a line while the timer runs."""
        assert self.process.stdout is not None  # noqa: S101  it was asked for
        timer = threading.Timer(max(0.001, deadline - time.monotonic()), self._too_late)
        timer.start()
        try:
            line = self.process.stdout.readline(limit + 2)
        finally:
            timer.cancel()
        if line.endswith(b"\n"):
            return line[:-1]
        if self._late.is_set():
            raise TimeoutError
        if len(line) > limit:
            raise ValueError("a line too long")
        raise EOFError

    def _too_late(self) -> None:
        self._late.set()
        self.process.kill()

    def end(self) -> None:
        """Kill the process and close the pipes."""
        super().end()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()


def _line(request: Request) -> bytes:
    return json.dumps(request).encode() + b"\n"


def _environment() -> dict[str, str]:
    return {name: os.environ[name] for name in _KEPT if name in os.environ} | _SET


def _creation_flags() -> int:
    if sys.platform == "win32":
        return subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW
    return 0


def _share(process: "subprocess.Popen[bytes]", descriptor: int) -> int:
    """A handle of the same file that is valid in another process; the descriptor itself outside Windows."""
    if sys.platform == "win32":
        import _winapi  # noqa: PLC0415  not elsewhere
        import msvcrt  # noqa: PLC0415

        return int(
            _winapi.DuplicateHandle(
                _winapi.GetCurrentProcess(),
                msvcrt.get_osfhandle(descriptor),
                int(process._handle),  # type: ignore[attr-defined]  # noqa: SLF001  as multiprocessing does
                0,
                False,
                _winapi.DUPLICATE_SAME_ACCESS,
            )
        )
    return descriptor
