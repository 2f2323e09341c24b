"""Suggestions for an incident, from transcripts that were read or made."""

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from evidence.errors import StateError
from evidence.intake.files import unwritable
from evidence.intake.folder import IncidentFolder
from evidence.intake.plan import FolderFile
from evidence.messages import t
from evidence.model import names
from evidence.operations import placing, suggesting
from evidence.operations.body import Probe
from evidence.operations.incidents import Draft
from evidence.operations.seams import Seams
from evidence.operations.suggesting import Added, Lexicon, Suggestion
from evidence.operations.transcripts import Read
from evidence.text import visible
from evidence.vault.durable import save


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be looked through.

    Attributes:
        recording: name or exhibit id of the recording; None: the only one.
        channel: the channel that was transcribed; None: not said, or every one of them.
        severity: what is milder isn't suggested.
        is_beyond_end: whether a transcript may go on after the end of the recording.
    """

    recording: str | None
    channel: int | str | None
    severity: int = 1
    is_beyond_end: bool = False

    def check(self, draft: Draft, probe: Probe) -> tuple[placing.Named, int | None]:
        """The recording, and its length in milliseconds where that is known.

        Raises:
            UsageError: there is no such recording or channel, or nobody says which.
        """
        recording = placing.recording_of(draft, self.recording)
        facts = placing.facts_of(draft, recording.name, probe)
        placing.require_channel(draft, recording.name, self.channel, facts)
        return recording, facts.milliseconds

    def file(self, folder: IncidentFolder) -> FolderFile:
        """The recording in a folder that was checked."""
        recordings = [file for file in folder.files if file.role == "recording"]
        return next(file for file in recordings if self.recording in {None, file.name, file.id})


def suggest(
    draft: Draft,
    found: Sequence[Read],
    lexicon: Lexicon,
    asked: Asked,
    *,
    own: Mapping[str, Mapping[str, str]],
    probe: Probe,
    seams: Seams,
) -> Added:
    """Put what the lexicon finds into an incident's suggestions, and keep transcripts that are to be kept.

    Args:
        draft: the incident, while it is held.
        found: the transcripts.
        lexicon: finds what is worth marking.
        asked: of which recording, and how much of it.
        own: the vault's own classes.
        probe: determines facts about a recording.
        seams: clock and file system.

    Raises:
        UsageError: there is no such recording or channel; or a transcript goes on after the recording's end.
        StateError: a transcript can't be kept, as another file has its name.
        StoreError: the file system refuses.
    """
    recording, length = asked.check(draft, probe)
    new: list[Suggestion] = []
    for read in found:
        last = max((cue.start_ms for cue in read.transcript.cues), default=0)
        if not asked.is_beyond_end:
            placing.require_inside(recording.name, length, last, visible(read.name))
        about = {"recording": recording.document, "channel": asked.channel, **read.about()}
        found_here = suggesting.suggestions(read.transcript, lexicon, about, own)
        new += (one for one in found_here if one["severity"] >= asked.severity)
    at = seams.clock().isoformat(timespec="milliseconds")
    added = suggesting.add(draft.suggestions, _stamped(new, at), draft.folder.markers)
    for read in found:
        if read.kept is not None:
            _keep(draft, read.name, read.kept, seams)
    return added


def _stamped(new: Sequence[Suggestion], at: str) -> Iterator[Suggestion]:
    return ({**one, "made_at": at} for one in new)


def _keep(draft: Draft, name: str, data: bytes, seams: Seams) -> None:
    """Save a transcript in the incident's folder once its suggestions are saved.

    Raises:
        StateError: another file has its name.
    """
    path = draft.folder.path / os.fsdecode(names.to_bytes(name))
    if os.path.lexists(path):
        if path.is_file() and path.read_bytes() == data:
            return
        shown = visible(name)
        raise StateError(t("suggest.kept_already", file=shown), t("suggest.kept_already_hint", file=shown))
    draft.afterwards.append(partial(_saved, draft, path, data, seams))


def _saved(draft: Draft, path: Any, data: bytes, seams: Seams) -> None:
    try:
        save(seams.durable, path, data)
    except OSError as error:
        raise unwritable(draft.folder.path, error) from error
