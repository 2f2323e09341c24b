"""What the tests of transcripts share."""

import pytest

from evidence import messages
from evidence.errors import FormatError
from evidence.intake.transcripts import reading
from evidence.model.transcript import Cue, Word

W = Word
"""A word, shorter to write in tables."""


def cues(name: str, text: str | bytes, form: str = "") -> tuple[Cue, ...]:
    """The cues of a transcript."""
    data = text.encode() if isinstance(text, str) else text
    return reading.read(name, data, form).cues


def refused(name: str, data: bytes, form: str = "") -> str:
    """The message with which a file is refused, fit to be shown in both languages, with a hint in each."""
    told = []
    for language in ("uk", "en"):
        messages.set_language(language)
        with pytest.raises(FormatError) as caught:
            reading.read(name, data, form)
        assert caught.value.message.isprintable()
        assert caught.value.hint.isprintable()
        assert caught.value.hint
        assert len(caught.value.message) < 600
        told.append(caught.value.message)
    messages.set_language("en")
    return told[1]
