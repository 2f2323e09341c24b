"""Giving up the right to open files, by Landlock: best effort, where the kernel has it (Linux 5.13).

What stays allowed is reading the modules that are imported on first need, and files named here.
Recordings come as open descriptors, which this doesn't touch.
"""

import ctypes
import os
import struct
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
"""Numbers of the system calls, the same on every architecture."""
_ASK_VERSION = 1
_BENEATH = 1
_NO_NEW_PRIVILEGES = 38
_READ_FILE, _READ_DIR = 1 << 2, 1 << 3
_FILE_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15}
_NEWEST_FILE_RIGHTS = 16
"""How many kinds of access to files a version of the interface knows."""
_TCP = 0b11
_ABSTRACT_SOCKETS_AND_SIGNALS = 0b11
_PACKAGES = ("evidence", "mutagen", "av", "av.libs", "numpy", "numpy.libs")
_LIBRARIES = ("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/etc/ld.so.cache")


def restrict(packages: Sequence[str] = (), files: Sequence[str] = ()) -> bool:
    """Allow nothing but reading modules from now on; False where the system can't, which changes nothing.

    Args:
        packages: what is imported beside what every media process imports, by names of files or folders.
        files: paths that stay readable, each by itself.
    """
    if sys.platform != "linux":
        return False
    library = ctypes.CDLL(None)
    version = library.syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), _ASK_VERSION)
    if version < 1:
        return False
    handled = struct.pack("=Q", (1 << _FILE_RIGHTS.get(version, _NEWEST_FILE_RIGHTS)) - 1)
    handled += struct.pack("=Q", _TCP) if version >= 4 else b""
    handled += struct.pack("=Q", _ABSTRACT_SOCKETS_AND_SIGNALS) if version >= 6 else b""
    rules = library.syscall(_CREATE_RULESET, handled, ctypes.c_size_t(len(handled)), 0)
    if rules < 0:
        return False
    try:
        for path, access in (*_allowed(packages), *((path, _READ_FILE) for path in files)):
            _allow(library, rules, path, access)
        library.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
        return bool(library.syscall(_RESTRICT_SELF, rules, 0) == 0)
    finally:
        os.close(rules)


def _allowed(packages: Sequence[str]) -> Iterator[tuple[str, int]]:
    """Where modules and libraries stand; of a folder that holds more, its names and the packages needed."""
    yield from ((path, _READ_FILE | _READ_DIR) for path in _LIBRARIES)
    standard = str(Path(os.__file__).parents[1])
    for path in {standard, *os.environ.get("LD_LIBRARY_PATH", "").split(":")} - {""}:
        yield path, _READ_FILE | _READ_DIR
    for root in filter(os.path.isabs, sys.path):
        yield root, _READ_DIR
        yield from ((str(Path(root) / name), _READ_FILE | _READ_DIR) for name in (*_PACKAGES, *packages))


def _allow(library: ctypes.CDLL, rules: int, path: str, access: int) -> None:
    try:
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return  # not every system has it
    try:
        fits = access if Path(path).is_dir() else access & ~_READ_DIR
        library.syscall(_ADD_RULE, rules, _BENEATH, struct.pack("=Qi", fits, place), 0)
    finally:
        os.close(place)
