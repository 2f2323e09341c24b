"""The export of a register: every entry and the newest checkpoint in one text file (FORMAT.md, "Export").

    evidence-register@v1
    <entry 0>
    <entry 1>
    …
    (an empty line)
    <signed note of the checkpoint, verbatim>

Every line ends in a newline. What an export says is only worth what its checkpoint's signature is: a verifier
authenticates the note, and then ``scan(…).chain.covers`` has to hold, else these aren't the entries that were
signed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import BinaryIO

from evidence.register.chain import ChainFacts, ChainScanner, Watch
from evidence.register.checkpoint import MAX_NOTE
from evidence.register.entries import MAX_ENTRY

HEADER = b"evidence-register@v1\n"


class ExportMalformed(ValueError):
    """These bytes aren't an export of a register, or only the beginning of one."""


@dataclass(frozen=True, slots=True)
class ExportScan:
    """What an export holds.

    Attributes:
        chain: facts about its entries, as far as they were watched.
        checkpoint: the signed note at its end, verbatim; not looked into here.
    """

    chain: ChainFacts
    checkpoint: bytes


def write(out: BinaryIO, entries: Iterable[bytes], checkpoint: bytes) -> None:
    """Write an export: the bytes of all entries, then the signed note of the checkpoint over them.

    Raises:
        ExportMalformed: an entry that isn't one line of at most MAX_ENTRY bytes, an empty or too long note.
            What was written before it stays written.
    """
    _check_note(checkpoint)
    out.write(HEADER)
    for entry in entries:
        if not 0 < len(entry) <= MAX_ENTRY or b"\n" in entry:
            raise ExportMalformed(f"an entry that isn't one line of 1 to {MAX_ENTRY} bytes")
        out.write(entry + b"\n")
    out.write(b"\n" + checkpoint)


def scan(source: BinaryIO, watch: Watch) -> ExportScan:
    """Read an export from a buffered file, once, in O(log n) memory plus what is watched.

    Entries that are invalid or don't link are facts of the result, no reason to stop.

    Raises:
        ExportMalformed: another first line, a line longer than MAX_ENTRY, no checkpoint after an empty line,
            one longer than MAX_NOTE, or more than MAX_NAMED entries naming what is watched.
    """
    if source.readline(len(HEADER)) != HEADER:
        raise ExportMalformed(f"the first line isn't {HEADER.decode('ascii').rstrip()}")
    scanner = ChainScanner(watch)
    while line := _line(source):
        try:
            scanner.take(line)
        except ValueError as error:
            raise ExportMalformed(str(error)) from error
    note = source.read(MAX_NOTE + 1)
    _check_note(note)
    return ExportScan(scanner.facts(), note)


def _line(source: BinaryIO) -> bytes:
    line = source.readline(MAX_ENTRY + 1)
    if line.endswith(b"\n"):
        return line[:-1]
    if len(line) > MAX_ENTRY:
        raise ExportMalformed(f"a line longer than {MAX_ENTRY} bytes")
    raise ExportMalformed("ends before the empty line that announces the checkpoint")


def _check_note(note: bytes) -> None:
    if not 0 < len(note) <= MAX_NOTE:
        raise ExportMalformed(f"a checkpoint that isn't 1 to {MAX_NOTE} bytes long")
