"""What a media process (worker, searchworker, asr.worker) gives up before it reads its first recording.

Guaranteed where the system has ``setrlimit`` (Linux, macOS, BSD): at most so many bytes of address
space (MEMORY, if not more is needed; not on macOS), no byte can be written into a file, few can be open, no
core is dumped, CPU time per recording is limited, and a process that hangs after its parent died ends by
itself. For users other than root: no further process, unless threads are needed, which count as such.

Best effort, on Linux: no network (an own network namespace; not where the kernel or a container forbids it).
With Landlock (Linux 5.13, if it isn't switched off): no program can be started, and no file can be opened,
listed, made, renamed or removed, but Python's and this package's modules, the system's libraries and the
files that the process is there for (a model) read; from 6.2 on no file can be truncated, from 6.12 on no
abstract socket and no other process can be reached.

Not guaranteed: where there is no Landlock, the process can do with files whatever its user can, except
writing bytes into them: read them (``/proc`` with other processes' environments too), create, truncate,
rename and remove them. A UNIX socket that has a path can be connected to even with Landlock. On Windows none
of the above holds; there only the parent's time limit does. The process is given no key, no passphrase and
nothing of the caller's environment but where libraries are, and gets recordings as open descriptors.
"""

import contextlib
import os
import signal
import sys
import time
from dataclasses import dataclass

from evidence.media import landlock

MEMORY = 512 * 1024 * 1024
OPEN_FILES = 16
_CLONE_NEWUSER = 0x10000000
_CLONE_NEWNET = 0x40000000


@dataclass(frozen=True, slots=True)
class Needs:
    """What a process can't do without.

    Attributes:
        memory: bytes of address space.
        open_files: how many files it has open at a time.
        packages: what it imports beside what all media processes do, by the names of files or folders.
        files: paths of files that it reads.
        has_threads: whether it starts threads.
    """

    memory: int = MEMORY
    open_files: int = OPEN_FILES
    packages: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    has_threads: bool = False


_LITTLE = Needs()


def confine(needs: Needs = _LITTLE) -> None:
    """Set all limits that hold for the life of the process; what the system doesn't know is left out."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's business
    if sys.platform == "win32":
        return
    _leave_network()
    landlock.restrict(needs.packages, needs.files)
    _limit("RLIMIT_CORE", 0)
    _limit("RLIMIT_FSIZE", 0)
    if not needs.has_threads:
        _limit("RLIMIT_NPROC", 0)
    _limit("RLIMIT_NOFILE", needs.open_files)
    _limit("RLIMIT_AS", needs.memory)


def allow(seconds: float) -> None:
    """Allow that much further CPU time, and twice that by the clock; the kernel kills what takes longer."""
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415  not on Windows

    used = time.process_time()
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    soft = int(used + seconds) + 2
    resource.setrlimit(
        resource.RLIMIT_CPU, (soft if hard == resource.RLIM_INFINITY else min(soft, hard), hard)
    )
    signal.setitimer(signal.ITIMER_REAL, 2 * seconds + 1)


def rest() -> None:
    """Stop the clock of ``allow`` while waiting for the next recording."""
    if sys.platform != "win32":
        signal.setitimer(signal.ITIMER_REAL, 0)


def _limit(name: str, value: int) -> None:
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415  not on Windows

    with contextlib.suppress(AttributeError, OSError, ValueError):
        kind = getattr(resource, name)
        _, hard = resource.getrlimit(kind)
        if hard != resource.RLIM_INFINITY:
            value = min(value, hard)
        resource.setrlimit(kind, (value, value))


def _leave_network() -> None:
    """Enter an empty network namespace: plainly as root, else inside a user namespace of one's own."""
    if sys.platform == "linux" and not _unshare(_CLONE_NEWNET):
        _unshare(_CLONE_NEWNET | _CLONE_NEWUSER)


def _unshare(flags: int) -> bool:
    unshare = getattr(os, "unshare", None)  # Python 3.12
    with contextlib.suppress(OSError, AttributeError):
        if unshare is not None:
            unshare(flags)
            return True
        import ctypes  # noqa: PLC0415  only before Python 3.12

        return bool(ctypes.CDLL(None).unshare(flags) == 0)
    return False
