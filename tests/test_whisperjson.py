"""A transcript written as Whisper's own program writes it, read by what is known of that form.

The form: openai-whisper, whisper/transcribe.py, what ``transcribe`` returns and ``whisper -f json`` writes:
``text``, ``segments`` (``id``, ``start``, ``end``, ``text`` …, with ``word_timestamps`` also ``words``, each
``word``, ``start``, ``end``, ``probability``), ``language``; times are seconds; texts of segments and words
begin with the space that stands before them, so that joined they give the whole.
"""

import json

from hypothesis import given
from hypothesis import strategies as st

from evidence.model.transcript import Cue, Transcript, Word
from evidence.model.whisperjson import to_json

TIMES = st.integers(0, 10**7)
TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Z", "C"]), min_size=1, max_size=20)
WORDS = st.builds(
    lambda text, start, length, sure: Word(text, start, start + length, sure),
    TEXTS,
    TIMES,
    TIMES,
    st.none() | st.integers(0, 1000),
)
CUES = st.lists(
    st.builds(
        lambda start, length, words: Cue(
            1, start, start + length, " ".join(word.text for word in words), tuple(words)
        ),
        TIMES,
        TIMES,
        st.lists(WORDS, min_size=1, max_size=5),
    ),
    max_size=5,
)


def test_as_whisper_writes_it() -> None:
    words = (Word("Ти", 1200, 1400, 998), Word("козел!", 1400, 2005, None))
    transcript = Transcript("asr", (Cue(1, 1200, 2005, "Ти козел!", words),), "uk", "faster-whisper 1")
    assert json.loads(to_json(transcript, 1)) == {
        "text": " Ти козел!",
        "segments": [
            {
                "id": 0,
                "start": 1.2,
                "end": 2.005,
                "text": " Ти козел!",
                "words": [
                    {"word": " Ти", "start": 1.2, "end": 1.4, "probability": 0.998},
                    {"word": " козел!", "start": 1.4, "end": 2.005},
                ],
            }
        ],
        "language": "uk",
        "model": "faster-whisper 1",
        "channel": 1,
    }


def test_no_words_and_no_channel() -> None:
    document = json.loads(to_json(Transcript("srt", (Cue(7, 0, 10, "Алло"),))))
    assert document["segments"] == [{"id": 0, "start": 0.0, "end": 0.01, "text": " Алло"}]
    assert "channel" not in document


@given(CUES)
def test_nothing_is_lost(cues: list[Cue]) -> None:
    """Every millisecond and every letter; whole texts are their parts, put together."""
    transcript = Transcript("asr", tuple(cues), "uk")
    document = json.loads(to_json(transcript, 0).decode("utf-8"))
    assert document["text"] == "".join(segment["text"] for segment in document["segments"])
    for cue, segment in zip(cues, document["segments"], strict=True):
        assert (round(segment["start"] * 1000), round(segment["end"] * 1000)) == (cue.start_ms, cue.end_ms)
        assert "".join(word["word"] for word in segment["words"]) == segment["text"]
        for word, said in zip(cue.words, segment["words"], strict=True):
            assert (round(said["start"] * 1000), round(said["end"] * 1000)) == (word.start_ms, word.end_ms)
            sure = None if word.probability is None else round(said["probability"] * 1000)
            assert (sure, said.get("probability") is None) == (word.probability, word.probability is None)
    assert to_json(transcript, 0) == to_json(transcript, 0)
