"""JSON transcripts, written by hand as the documentation and the code of their programs have them."""

import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.errors import FormatError
from evidence.intake.transcripts import reading
from evidence.model.transcript import Cue
from tests.intake.transcripts.reading import W, cues, refused


def dumped(document: Any) -> bytes:
    return json.dumps(document, ensure_ascii=False).encode()


# Whisper

WHISPER = {
    "text": " Добрий день. Ви там",
    "segments": [
        {
            "id": 0,
            "seek": 0,
            "start": 0.0,
            "end": 4.48,
            "text": " Добрий день.",
            "tokens": [50364, 413, 50588],
            "temperature": 0.0,
            "avg_logprob": math.nan,
            "compression_ratio": 1.2,
            "no_speech_prob": 0.01,
            "words": [
                {"word": " Добрий", "start": 0.0, "end": 0.36, "probability": 0.8124},
                {"word": " день.", "start": 0.36, "end": 1.0004999, "probability": 1},
            ],
        },
        {"id": 1, "seek": 0, "start": 3, "end": 7.0, "text": " Ви\nтам", "words": []},
    ],
    "language": "uk",
}
WHISPER_CUES = (
    Cue(1, 0, 4_480, "Добрий день.", (W("Добрий", 0, 360, 812), W("день.", 360, 1_000, 1_000))),
    Cue(2, 3_000, 7_000, "Ви там"),
)


@pytest.mark.parametrize(("name", "form"), [("t.json", ""), ("t", ""), ("t.txt", "whisper")])
@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
def test_whisper(name: str, form: str, bom: bytes) -> None:
    found = reading.read(name, bom + dumped(WHISPER), form)
    assert (found.form, found.language, found.made_by) == ("whisper", "uk", "")
    assert found.cues == WHISPER_CUES
    assert reading.read(name, json.dumps(WHISPER, indent=1).encode(), form).cues == WHISPER_CUES


def test_segments_dumped_one_by_one() -> None:
    """faster-whisper hands out segments; programs write them as a list or line by line."""
    segments = WHISPER["segments"]
    assert cues("t.json", dumped(segments)) == WHISPER_CUES
    assert cues("t.jsonl", b"\n".join(map(dumped, segments))) == WHISPER_CUES


def test_whisperx() -> None:
    """A word that wasn't aligned (a number) lies between those around it."""
    words = [
        {"word": "Unit", "start": 0.629, "end": 1.27, "score": 0.763, "speaker": "SPEAKER_01"},
        {"word": "1."},
        {"word": "Page", "start": 2.131, "end": 2.831, "score": 0.809, "speaker": "SPEAKER_01"},
        {"word": "58."},
    ]
    segment = {"start": 0.5, "end": 4.0, "text": "Unit 1. Page 58.", "words": words, "speaker": "SPEAKER_01"}
    found = cues("t.json", dumped({"segments": [segment], "word_segments": words, "language": "en"}))
    timed = (
        W("Unit", 629, 1_270, 763),
        W("1.", 1_270, 2_131),
        W("Page", 2_131, 2_831, 809),
        W("58.", 2_831, 4_000),
    )
    assert found == (Cue(1, 500, 4_000, "Unit 1. Page 58.", timed, "SPEAKER_01"),)


def test_words_without_any_times_are_not_kept() -> None:
    segment = {"start": 0, "end": 1, "text": "1 2", "words": [{"word": "1"}, {"word": "2"}]}
    assert cues("t.json", dumped({"segments": [segment]})) == (Cue(1, 0, 1_000, "1 2"),)


@pytest.mark.parametrize(
    ("stated", "language"),
    [("uk", "uk"), ("Ukrainian", "uk"), ("english", "en"), ("zh-TW", "zh-TW"), ("klingonese", ""), (7, "")],
)
def test_languages(stated: Any, language: str) -> None:
    assert reading.read("t.json", dumped({"segments": [], "language": stated})).language == language


BAD_SECONDS: list[Any] = [
    *(math.nan, math.inf, -math.inf, -0.001, -1, 604_800.001, 1e308, 10**25, -(10**25)),
    *("1.5", True, None, [], {}),
]


@pytest.mark.parametrize("value", BAD_SECONDS, ids=str)
@pytest.mark.parametrize("edge", ["start", "end"])
def test_seconds_that_cannot_be(value: Any, edge: str) -> None:
    segment = {"start": 0, "end": 1, "text": "x", edge: value}
    assert refused("t.json", dumped({"segments": [segment]})).startswith("t.json, segment 1: ")
    if value is not None:
        word = {"word": "x", "start": 0, "end": 1, edge: value}
        told = refused("t.json", dumped({"segments": [{"start": 0, "end": 1, "text": "x", "words": [word]}]}))
        assert told.startswith("t.json, segment 1: ")


@pytest.mark.parametrize("written", [b"1e999", b"-1e999", b"9" * 5000, b"-" + b"9" * 5000, b"NaN"])
def test_numbers_beyond_all_bounds(written: bytes) -> None:
    data = b'{"segments":[{"start":' + written + b',"end":1,"text":"x"}]}'
    assert refused("t.json", data).startswith("t.json, segment 1: ")


@pytest.mark.parametrize("said", [math.nan, -0.1, 1.1, True, "0.5", None])
def test_a_probability_that_cannot_be_is_none(said: Any) -> None:
    word = {"word": "x", "start": 0, "end": 1, "probability": said}
    (cue,) = cues("t.json", dumped({"segments": [{"start": 0, "end": 1, "text": "x", "words": [word]}]}))
    assert cue.words == (W("x", 0, 1_000, None),)


@pytest.mark.parametrize(
    "segment", [{}, [], 1, "x", {"start": 0, "end": 1}, {"start": 0, "end": 1, "text": 5}, {"text": "x"}]
)
def test_segments_without_times_or_text(segment: Any) -> None:
    assert "segment 1: it has no start" in refused("t.json", dumped({"segments": [segment]}))


@pytest.mark.parametrize("word", [1, "x", None, {}, {"word": 5, "start": 0, "end": 1}])
def test_words_that_are_none(word: Any) -> None:
    segment = {"start": 0, "end": 1, "text": "x", "words": [word]}
    assert "a word in it" in refused("t.json", dumped({"segments": [segment]}))


# whisper.cpp


def token(text: str, start: int | None, end: int | None, p: float = 0.5) -> dict[str, Any]:
    times = {} if start is None else {"offsets": {"from": start, "to": end}}
    return {"text": text, **times, "id": 1, "p": p, "t_dtw": -1}


def whisper_cpp(*segments: dict[str, Any]) -> dict[str, Any]:
    return {
        "systeminfo": "AVX = 1",
        "model": {"type": "large", "multilingual": True, "vocab": 51866},
        "params": {"model": "models/ggml-large-v3.bin", "language": "auto", "translate": False},
        "result": {"language": "uk"},
        "transcription": list(segments),
    }


def cpp_segment(start: int, end: int, text: str, **more: Any) -> dict[str, Any]:
    stamps = {"from": "00:00:00,000", "to": "00:00:01,000"}
    return {"timestamps": stamps, "offsets": {"from": start, "to": end}, "text": text, **more}


def test_whisper_cpp() -> None:
    tokens = [
        token("[_BEG_]", 0, 0, 0.99),
        token(" При", 0, 200, 0.9),
        token("віт", 200, 450, 0.7),
        token(",", 450, 460, 0.8),
        token(" друже", None, None, 0.6),
        token("[_TT_150]", 3_000, 3_000, 0.2),
    ]
    document = whisper_cpp(
        cpp_segment(0, 3_000, " Привіт, друже", tokens=tokens),
        cpp_segment(3_000, 4_000, " Ви", speaker="1"),
    )
    found = reading.read("t.json", json.dumps(document, indent=4).encode())
    assert (found.form, found.language) == ("whispercpp", "uk")
    assert found.made_by == "whisper.cpp, models/ggml-large-v3.bin"
    assert found.cues == (
        Cue(1, 0, 3_000, "Привіт, друже", (W("Привіт,", 0, 460, 700), W("друже", 460, 3_000, 600))),
        Cue(2, 3_000, 4_000, "Ви", (), "1"),
    )


def test_letters_cut_between_tokens_are_put_together() -> None:
    """whisper.cpp writes each token's bytes, and a token may end within a letter."""
    document = whisper_cpp(cpp_segment(0, 900, " ґава", tokens=[token(" A", 0, 300), token("B", 300, 900)]))
    data = dumped(document).replace(b'" A"', b'" \xd2"').replace(b'"B"', b'"\x91\xd0\xb0"')
    (cue,) = cues("t.json", data)
    assert cue.words == (W("ґа", 0, 900, 500),)
    assert "isn't saved as UTF-8" in refused("t.json", data.replace(b"transcription", b"segments"))


@pytest.mark.parametrize("value", [1.5, -1, 604_800_001, 10**30, "5", True, None, math.nan])
def test_offsets_that_cannot_be(value: Any) -> None:
    document = whisper_cpp(cpp_segment(0, 1, "x"))
    document["transcription"][0]["offsets"]["to"] = value
    assert refused("t.json", dumped(document)).startswith("t.json, segment 1: ")


# vosk

VOSK = {
    "result": [
        {"conf": 1.0, "end": 1.02, "start": 0.36, "word": "добрий"},
        {"conf": 0.542, "end": 1.5, "start": 1.02, "word": "день"},
    ],
    "text": "добрий день",
}
VOSK_CUE = Cue(1, 360, 1_500, "добрий день", (W("добрий", 360, 1_020, 1_000), W("день", 1_020, 1_500, 542)))


def test_vosk() -> None:
    found = reading.read("t.json", json.dumps(VOSK, indent=2).encode())
    assert (found.form, found.language, found.cues) == ("vosk", "", (VOSK_CUE,))


def test_answers_of_vosk_one_behind_the_other() -> None:
    answers = [
        {"partial": "добрий"},
        {"partial": "добрий день", "partial_result": VOSK["result"]},
        VOSK,
        {"partial": ""},
        {"text": ""},
    ]
    pretty = "\n".join(json.dumps(answer, indent=2) for answer in answers)
    lines = b"\r\n".join(map(dumped, answers))
    for data in (pretty.encode(), lines, dumped(answers)):
        (cue,) = cues("t.json", data)
        assert (cue.line, cue.words) == (3, VOSK_CUE.words)


def test_alternatives_of_vosk() -> None:
    best = {"confidence": 231.9, "text": " добрий день", "result": VOSK["result"]}
    for answer in ({"alternatives": [best, {"confidence": 1, "text": "бобрий"}]}, {"alternatives": [best]}):
        (cue,) = cues("t.json", dumped(answer))
        assert (cue.text, cue.words) == ("добрий день", VOSK_CUE.words)
    assert cues("t.json", dumped({"alternatives": []})) == ()


def test_monologues_of_vosk_transcriber() -> None:
    terms = [
        {"confidence": 1.0, "start": 0.36, "end": 1.02, "text": "добрий", "type": "WORD"},
        {"confidence": 0.542, "start": 1.02, "end": 1.5, "text": "день", "type": "WORD"},
    ]
    monologue = {"speaker": {"id": "unknown", "name": None}, "start": 0.36, "end": 1.5, "terms": terms}
    document = {"schemaVersion": "2.0", "monologues": [monologue], "text": ["добрий день"]}
    assert cues("t.json", dumped(document)) == (VOSK_CUE,)


def test_vosk_without_times() -> None:
    assert refused("t.json", dumped({"text": "день"})) == 't.json, segment 1: "день" has no times'
    told = refused("t.json", dumped([VOSK, {"result": VOSK["result"], "text": 5}]))
    assert told.startswith("t.json, segment 2: ")


@pytest.mark.parametrize("value", BAD_SECONDS, ids=str)
def test_seconds_of_vosk_that_cannot_be(value: Any) -> None:
    word = {"conf": 1.0, "start": 0.0, "end": value, "word": "x"}
    assert refused("t.json", dumped({"result": [word], "text": "x"})).startswith("t.json, segment 1: ")


# Documents of all kinds


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"{}", "isn't that of a transcript"),
        (b"[]", "isn't that of a transcript"),
        (b"[[]]", "isn't that of a transcript"),
        (b'{"segments":{}}', "isn't that of a transcript"),
        (b'{"format":1,"markers":[]}', "isn't that of a transcript"),
        (b'{"text":"x"} 5', "isn't that of a transcript"),
        (b'{"segments":[', "no JSON from line 1, column 14 on"),
        (b'{"segments":[]} x', "no JSON from line 1, column 17 on"),
        (b'{\n"a":1,\n"a":2}', "the same field twice"),
        (b'{"segments":[{"x":1,"x":1}]}', "the same field twice"),
        (b"[" * 100_000, "nested more deeply"),
        (b'{"text":' * 100_000, "nested more deeply"),
        (b"", "is empty"),
        (b" \n\t ", "is empty"),
        (b"\xef\xbb\xbf", "is empty"),
        ('{"segments":[]}'.encode("utf-16"), "UTF-16"),
        (b'{"text":"\xff"}', "isn't saved as UTF-8"),
        (b'{"segments":[]}\0', "UTF-16"),
    ],
)
def test_documents_that_are_no_transcripts(data: bytes, reason: str) -> None:
    assert reason in refused("t.json", data)


@pytest.mark.parametrize("form", ["whisper", "whispercpp", "vosk"])
def test_a_form_that_the_document_has_not(form: str) -> None:
    others = {"whisper": VOSK, "whispercpp": WHISPER, "vosk": whisper_cpp()}
    assert "isn't that of a transcript" in refused("t.json", dumped(others[form]), form)


def test_hostile_text_is_kept_as_text() -> None:
    text = "\u202e\x1b[2J\u2028\ud800[red]"
    data = json.dumps({"segments": [{"start": 0, "end": 1, "text": text, "speaker": text}]}).encode()
    (cue,) = cues("t.json", data)
    assert cue.text == cue.speaker == "\u202e\x1b[2J \ufffd[red]"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["segments", "transcription", "result", "text", "start", "end", "words", "word"])
            | st.sampled_from(["alternatives", "offsets", "from", "to", "tokens", "speaker", "monologues"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=30,
)


@given(JSON, st.sampled_from(["", "whisper", "whispercpp", "vosk"]))
def test_any_json_is_read_or_refused(document: Any, form: str) -> None:
    hint = "-"
    try:
        for cue in cues("t.json", json.dumps(document).encode(), form):
            assert 0 <= cue.start_ms <= cue.end_ms
            assert all(word.text and word.start_ms <= word.end_ms for word in cue.words)
    except FormatError as error:
        hint = error.hint
    assert hint


@given(st.lists(st.tuples(st.integers(0, 604_799_000), st.integers(0, 1000))))
def test_seconds_are_rounded_to_the_millisecond(spans: list[tuple[int, int]]) -> None:
    segments = [{"start": a / 1000, "end": (a + b) / 1000, "text": "x"} for a, b in spans]
    found = cues("t.json", dumped({"segments": segments}))
    assert [(cue.start_ms, cue.end_ms) for cue in found] == [(a, a + b) for a, b in spans]
