"""Transcripts of an incident's recordings: which file is one, and what it says."""

import os
from dataclasses import dataclass
from pathlib import Path

from evidence.digests import sha256_hex
from evidence.errors import UsageError
from evidence.intake import roles
from evidence.intake.files import read_file
from evidence.intake.folder import IncidentFolder
from evidence.intake.transcripts import reading
from evidence.intake.transcripts.source import MAX_BYTES
from evidence.messages import t
from evidence.model import names
from evidence.model.transcript import Transcript
from evidence.text import visible

_STEM = "transcript"
_ENDINGS = frozenset({"srt", "vtt", "json", "tsv", "jsonl"})


@dataclass(frozen=True, slots=True)
class TranscriptFile:
    """A transcript as it was read.

    Attributes:
        name: the file's name (evidence.model.names); untrusted.
        sha256: digest of its bytes, hexadecimal.
        transcript: what it says.
    """

    name: str
    sha256: str
    transcript: Transcript


def of_incident(folder: IncidentFolder) -> list[Path]:
    """The files of an incident folder that are transcripts by their names: ``transcript.vtt`` and so on."""
    return [
        folder.path / os.fsdecode(names.to_bytes(file.name))
        for file in folder.files
        if file.name.lower().startswith(_STEM) and roles.extension(file.name) in _ENDINGS
    ]


def read(folder: IncidentFolder, named: Path, form: str = "") -> TranscriptFile:
    """Read a transcript: a file of the incident folder by its name or id, or any other file.

    Raises:
        UsageError: there is no such file.
        FormatError: it is no transcript.
        StoreError: the file system refuses.
    """
    inside = [file.name for file in folder.files if str(named) in {file.name, file.id}]
    path = folder.path / os.fsdecode(names.to_bytes(inside[0])) if inside else named
    if not os.path.lexists(path):
        shown = visible(str(named))
        raise UsageError(t("suggest.no_file", file=shown), t("suggest.no_file_hint"))
    name = names.from_bytes(os.fsencode(path.name))
    data = read_file(path.parent, name, MAX_BYTES)
    return TranscriptFile(name, sha256_hex(data), reading.read(name, data, form))
