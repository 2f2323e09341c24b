"""A transcript of a recording, whatever program wrote it: words with the times at which they are said."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Word:
    """One word, as the transcript has it, with the punctuation that clings to it.

    Attributes:
        text: the word, without space around it; untrusted, never empty.
        start_ms: where it begins, milliseconds from the beginning of the recording.
        end_ms: where it ends; not before its start.
        probability: how sure the program was of it, in parts in a thousand; None when it doesn't say.
    """

    text: str
    start_ms: int
    end_ms: int
    probability: int | None = None


@dataclass(frozen=True, slots=True)
class Cue:
    """What was said in one stretch of time.

    Attributes:
        line: where it stands: number of its first line, in JSON of the segment, from 1.
        start_ms: where it begins, milliseconds from the beginning of the recording.
        end_ms: where it ends; not before its start.
        text: all of it, on one line; untrusted.
        words: its words with times of their own; empty when the transcript has none.
        speaker: who the transcript says speaks; untrusted, empty when it doesn't say.
    """

    line: int
    start_ms: int
    end_ms: int
    text: str
    words: tuple[Word, ...] = ()
    speaker: str = ""


@dataclass(frozen=True, slots=True)
class Transcript:
    """A transcript.

    Attributes:
        form: the form it was read from: ``srt``, ``webvtt``, ``whisper``, ``whispercpp``, ``vosk`` … or
            ``asr`` for one that was just made.
        cues: in their order; they may overlap.
        language: BCP 47 tag of its language; empty when it doesn't say.
        made_by: program and model, where it says; untrusted.
        channel: number of the channel that was transcribed, from 0; None when it doesn't say.
    """

    form: str
    cues: tuple[Cue, ...]
    language: str = ""
    made_by: str = ""
    channel: int | None = None
