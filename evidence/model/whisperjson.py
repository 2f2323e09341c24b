"""A transcript as JSON in the form in which Whisper's own program writes its results (``whisper -f json``).

``text``, ``language`` and ``segments`` with their ``words`` stand as there, times in seconds. What this
program doesn't know of a segment (tokens, temperature and the like) is left out; ``channel`` and ``model``
are added.
"""

import json
from typing import Any

from evidence.model.transcript import Cue, Transcript, Word


def to_json(transcript: Transcript, channel: int | None = None) -> bytes:
    """The document of one channel's transcript, UTF-8, the same bytes each time.

    Args:
        transcript: what was said.
        channel: number of the channel, from 0; None when there is but one, or it isn't known.
    """
    document: dict[str, Any] = {
        "text": "".join(f" {cue.text}" for cue in transcript.cues),
        "segments": [_segment(number, cue) for number, cue in enumerate(transcript.cues)],
        "language": transcript.language,
        "model": transcript.made_by,
    }
    if channel is not None:
        document["channel"] = channel
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def _segment(number: int, cue: Cue) -> dict[str, Any]:
    segment: dict[str, Any] = {
        "id": number,
        "start": cue.start_ms / 1000,
        "end": cue.end_ms / 1000,
        "text": f" {cue.text}",
    }
    if cue.words:
        segment["words"] = [_word(word) for word in cue.words]
    return segment


def _word(word: Word) -> dict[str, Any]:
    said: dict[str, Any] = {
        "word": f" {word.text}",
        "start": word.start_ms / 1000,
        "end": word.end_ms / 1000,
    }
    return said if word.probability is None else said | {"probability": word.probability / 1000}
