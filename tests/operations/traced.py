"""What a program writes to a folder and syncs there, as strace saw it, and disks that a power cut may leave."""

import random
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

CALLS = "pwrite64,write,fsync,fdatasync,ftruncate,unlink,unlinkat,rename,renameat,renameat2"
_CALL = re.compile(r"^\d+ +(\w+)\((.*)\) += (?:0x)?(\d+)")
_QUOTED = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')
_FILE = re.compile(r"^\d+<((?:\\x[0-9a-f]{2})*)>")


@dataclass(frozen=True)
class Call:
    """One system call that succeeded: its name, the path it is about, bytes and a number."""

    name: str
    path: Path
    data: bytes = b""
    number: int = 0


def _text(escaped: str) -> bytes:
    return bytes.fromhex(escaped.replace("\\x", ""))


def parse(trace: Iterable[str], folder: Path) -> Iterator[Call]:
    """The calls about files in a folder, in their order (``strace -f -y -xx``)."""
    for line in trace:
        found = _CALL.match(line)
        if found is None:
            continue
        name, arguments, _result = found.groups()
        file, quoted = _FILE.match(arguments), [_text(item) for item in _QUOTED.findall(arguments)]
        path = Path((_text(file[1]) if file else quoted[-1] if quoted else b"").decode())
        if folder not in {path, path.parent}:
            continue
        if name.startswith(("rename", "unlink")):
            yield Call(name.removesuffix("at2").removesuffix("at"), path, quoted[0])
        elif name == "ftruncate":
            yield Call(name, path, number=int(arguments.rsplit(", ", 1)[1]))
        elif name == "pwrite64":
            yield Call(name, path, quoted[0], int(arguments.rsplit(", ", 1)[1]))
        elif name == "write":
            yield Call(name, path, quoted[0])
        else:
            yield Call("sync", path)


@dataclass
class File:
    """A file: what is on the disk for certain, and what was asked for since it was last synced."""

    synced: bytes = b""
    pending: list[Call] = field(default_factory=list)
    is_named: bool = False

    def sync(self) -> None:
        for call in self.pending:
            self.synced = _applied(self.synced, call, len(call.data))
        self.pending.clear()

    def some(self, chance: random.Random) -> bytes:
        """What a power cut may leave: any part of what is pending, in any order, torn at sectors."""
        data = self.synced
        chosen = [call for call in self.pending if chance.random() < 0.5]
        chance.shuffle(chosen)
        for call in chosen:
            length = chance.choice([len(call.data), chance.randint(0, len(call.data) // 512) * 512])
            data = _applied(data, call, length)
        return data


def _applied(data: bytes, call: Call, length: int) -> bytes:
    if call.name == "ftruncate":
        return data[: call.number].ljust(call.number, b"\0")
    return data[: call.number].ljust(call.number, b"\0") + call.data[:length] + data[call.number + length :]


class Disk:
    """A folder with the files of a SQLite database, call after call."""

    def __init__(self, folder: Path, before: dict[str, bytes]) -> None:
        self._folder = folder
        self._files = {name: File(data, is_named=True) for name, data in before.items()}
        self.texts: dict[Path, bytes] = {}

    def take(self, call: Call) -> None:
        """One more call."""
        if call.path == self._folder:
            for file in self._files.values():
                file.is_named = True
        elif call.name == "write":
            self.texts[call.path] = self.texts.get(call.path, b"") + call.data
        elif call.name in {"pwrite64", "ftruncate"}:
            self._files.setdefault(call.path.name, File()).pending.append(call)
        elif call.name == "sync" and call.path.name in self._files:
            self._files[call.path.name].sync()

    def lay_out(self, target: Path, chance: random.Random) -> Path:
        """Write a disk that a power cut may leave now."""
        target.mkdir()
        for name, file in self._files.items():
            if file.is_named or chance.random() < 0.5:
                (target / name).write_bytes(file.some(chance))
        return target
