"""Transcripts of an incident's recordings: which file is one, and what it says."""

import os
from dataclasses import dataclass, replace
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
from evidence.model.recognition import Recognition
from evidence.model.transcript import Transcript
from evidence.model.whisperjson import to_json
from evidence.text import visible

_STEM = "transcript"
_ENDINGS = frozenset({"srt", "vtt", "json", "tsv", "jsonl"})


@dataclass(frozen=True, slots=True)
class Read:
    """A transcript as it was read, or made.

    Attributes:
        name: the file's name (evidence.model.names); untrusted.
        sha256: digest of its bytes, hexadecimal; empty when a program made it and nobody keeps it.
        transcript: what it says.
        kept: its bytes, if they are still to be saved in the incident's folder.
    """

    name: str
    sha256: str
    transcript: Transcript
    kept: bytes | None = None

    def about(self) -> dict[str, str | int]:
        """What its suggestions say of it."""
        told: dict[str, str | int] = {"transcribed_by": visible(self.transcript.made_by)[:300]}
        if self.sha256:
            told |= {"transcript": visible(self.name)[:255], "transcript_sha256": self.sha256}
        channel = self.transcript.channel
        return told if channel is None else {**told, "channel": channel}


def of_incident(folder: IncidentFolder) -> list[Path]:
    """The files of an incident folder that are transcripts by their names: ``transcript.vtt`` and so on."""
    return [
        folder.path / os.fsdecode(names.to_bytes(file.name))
        for file in folder.files
        if file.name.lower().startswith(_STEM) and roles.extension(file.name) in _ENDINGS
    ]


def read(folder: IncidentFolder, named: Path, form: str = "") -> Read:
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
    return Read(name, sha256_hex(data), reading.read(name, data, form))


def of_recognition(recording: str, found: Recognition, *, is_kept: bool) -> list[Read]:
    """The transcripts that a recogniser made, one for each channel.

    Args:
        recording: name of the recording's file.
        found: what was heard.
        is_kept: whether they are to be saved in the incident's folder.
    """
    made = []
    for number, said in found.transcripts:
        channel = number if found.channels > 1 else None
        transcript = replace(said, channel=channel)
        data = to_json(transcript, channel) if is_kept else None
        stem = recording if channel is None else f"{recording}.{channel}"
        digest = "" if data is None else sha256_hex(data)
        made.append(Read(f"{_STEM}.{stem}.json", digest, transcript, data))
    return made
