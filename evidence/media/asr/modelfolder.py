"""A speech recogniser's model, as the user brings it: a folder in CTranslate2's form.

Only sizes and the digest of the weights are looked at here; what the files hold is read by the confined
process alone.
"""

import hashlib
import os
import re
import stat
from dataclasses import dataclass
from pathlib import Path

WEIGHTS = "model.bin"
REQUIRED: tuple[tuple[str, ...], ...] = (
    (WEIGHTS,),
    ("config.json",),
    ("tokenizer.json",),
    ("vocabulary.json", "vocabulary.txt"),
)
"""What a folder holds: of each group one."""
OPTIONAL = "preprocessor_config.json"
_MIB = 1024 * 1024
_MOST = {WEIGHTS: 64 * 1024 * _MIB, "config.json": _MIB, OPTIONAL: _MIB}
_MOST_VOCABULARY = 64 * _MIB
_PIECE = _MIB
_OPEN = os.O_RDONLY
for _flag in ("O_NONBLOCK", "O_CLOEXEC", "O_NOCTTY", "O_BINARY"):
    _OPEN |= getattr(os, _flag, 0)
_CACHED = re.compile(r"models--(?:.+--)?([^/]+)")
_NAME = 100


class UnusableFolder(Exception):
    """Why a folder is no model.

    Attributes:
        code: ``no_folder``, ``lacking``, ``not_regular``, ``unreadable``, ``empty``, ``too_large``.
        files: the files that it is about.
    """

    def __init__(self, code: str, *files: str) -> None:
        super().__init__(code)
        self.code, self.files = code, files


@dataclass(frozen=True, slots=True)
class ModelFolder:
    """A folder that holds everything a model needs.

    Attributes:
        path: the folder, absolute.
        name: what the model is called; untrusted.
        files: the paths of its files.
        size: bytes of the weights.
        sha256: digest of the weights, hexadecimal.
        states: device, inode, size and time of change of each file when it was looked at.
    """

    path: Path
    name: str
    files: tuple[Path, ...]
    size: int
    sha256: str
    states: tuple[tuple[int, ...], ...]

    def is_unchanged(self) -> bool:
        """Whether the files still are what they were."""
        try:
            return tuple(_state(file.stat()) for file in self.files) == self.states
        except OSError:
            return False


def look(folder: Path) -> ModelFolder:
    """Look at a model's folder. Links are followed: download caches consist of them.

    Raises:
        UnusableFolder: it isn't one.
    """
    path = Path(os.path.abspath(folder))  # noqa: PTH100  resolve() fails for loops of links
    try:
        names = set(os.listdir(path))  # noqa: PTH208
    except (OSError, ValueError) as error:
        is_there = isinstance(error, PermissionError)
        raise UnusableFolder("unreadable" if is_there else "no_folder", str(folder)) from error
    lacking = [" / ".join(group) for group in REQUIRED if names.isdisjoint(group)]
    if lacking:
        raise UnusableFolder("lacking", *lacking)
    chosen = [next(name for name in group if name in names) for group in REQUIRED]
    chosen += [OPTIONAL] if OPTIONAL in names else []
    states, digest = [], ""
    for name in chosen:
        state, read = _checked(path, name)
        states.append(_state(state))
        digest = read or digest
    files = tuple(path / name for name in chosen)
    return ModelFolder(path, _name(path), files, states[0][2], digest, tuple(states))


def _checked(folder: Path, name: str) -> tuple[os.stat_result, str]:
    """A file's state, and the digest of the weights; opening it never waits."""
    try:
        descriptor = os.open(folder / name, _OPEN)
    except OSError as error:
        raise UnusableFolder("unreadable", name) from error
    try:
        state = os.fstat(descriptor)
        if not stat.S_ISREG(state.st_mode):
            raise UnusableFolder("not_regular", name)
        if not 0 < state.st_size <= _MOST.get(name, _MOST_VOCABULARY):
            raise UnusableFolder("too_large" if state.st_size else "empty", name)
        return state, _digest(descriptor) if name == WEIGHTS else ""
    except OSError as error:
        raise UnusableFolder("unreadable", name) from error
    finally:
        os.close(descriptor)


def _digest(descriptor: int) -> str:
    digest = hashlib.sha256()
    while piece := os.read(descriptor, _PIECE):
        digest.update(piece)
    return digest.hexdigest()


def _state(state: os.stat_result) -> tuple[int, ...]:
    return state.st_dev, state.st_ino, state.st_size, state.st_mtime_ns


def _name(path: Path) -> str:
    """The folder's name; in a download cache that of the model it is a snapshot of."""
    if path.parent.name == "snapshots" and (cached := _CACHED.fullmatch(path.parent.parent.name)):
        return cached[1][:_NAME]
    return path.name[:_NAME]
