"""The way in: which form a transcript has, its encoding, and how long it may be."""

import codecs
import re
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

from evidence.errors import FormatError
from evidence.intake import cuetext
from evidence.intake.cuetext import ARROW
from evidence.intake.transcripts import jsontext, srt, tsv, vosk, webvtt, whisper, whispercpp
from evidence.intake.transcripts.source import MAX_BYTES, MAX_CUES, Source
from evidence.model.transcript import Cue, Transcript

FORMS = ("srt", "webvtt", "tsv", "whisper", "whispercpp", "vosk")
"""The forms that transcripts have."""

_TEXTS = FORMS[:3]
_JSON = "json"
_BY_EXTENSION = {"srt": "srt", "vtt": "webvtt", "tsv": "tsv", "json": _JSON, "jsonl": _JSON, "ndjson": _JSON}
_LINES_A_CUE = {"tsv": 2}
_MOST_LINES_A_CUE = 10
_LOOKED_AT = 4000
_TAG = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{1,8}){0,3}")
_NAMED = {"ukrainian": "uk", "russian": "ru", "english": "en", "polish": "pl"}
_LONGEST_MAKER = 300


def read(name: str, data: bytes, form: str = "") -> Transcript:
    """The transcript that a file holds.

    Args:
        name: the file's name; untrusted.
        data: its bytes.
        form: one of FORMS; empty: by the name's extension and by what stands in it.

    Raises:
        FormatError: longer than MAX_BYTES, more than MAX_CUES cues, not UTF-8, of no known form, or something
            in it can't be read.
    """
    if len(data) > MAX_BYTES:
        raise Source(name).refused("transcripts.too_long", limit=MAX_BYTES // 1024**2)
    data = data.removeprefix(codecs.BOM_UTF8)
    if not data.strip():
        raise Source(name).refused("transcripts.empty")
    extension = _BY_EXTENSION.get(name.rpartition(".")[2].lower(), "")
    is_json = data.lstrip()[:1] in {b"{", b"["} and extension in {"", _JSON}
    if form not in _TEXTS and (form or extension == _JSON or is_json):
        return _of_json(Source(name, is_json=True), data, form)
    return _of_text(Source(name), data, form or extension)


def _limited(source: Source, cues: Iterator[Cue]) -> tuple[Cue, ...]:
    found = tuple(islice(cues, MAX_CUES))
    if next(cues, None) is not None:
        raise source.refused("transcripts.too_many", limit=MAX_CUES)
    return found


# Text


def _of_text(source: Source, data: bytes, form: str) -> Transcript:
    most = _LINES_A_CUE.get(form, _MOST_LINES_A_CUE) * MAX_CUES
    if data.count(b"\n") + data.count(b"\r") > most:
        raise source.refused("transcripts.too_many", limit=MAX_CUES)
    lines = _text(source, data).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    form = form or _by_content(source, lines)
    readers: dict[str, Callable[[Source, list[str]], Iterator[Cue]]]
    readers = {"srt": srt.read, "webvtt": webvtt.read, "tsv": tsv.read}
    language = webvtt.language(lines) if form == "webvtt" else ""
    return Transcript(form, _limited(source, readers[form](source, lines)), _language(language))


def _by_content(source: Source, lines: list[str]) -> str:
    if cuetext.is_signature(lines[0]):
        return "webvtt"
    if tsv.is_one(lines):
        return "tsv"
    if any(ARROW in line for line in lines[:_LOOKED_AT]):
        return "srt"
    raise source.refused("transcripts.unknown_form")


def _text(source: Source, data: bytes) -> str:
    if data[:2] in {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE} or b"\0" in data:
        raise source.refused("transcripts.utf16")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise Source(source.file).wrong(line, "transcripts.encoding") from error


# JSON


def _of_json(source: Source, data: bytes, form: str) -> Transcript:
    documents = jsontext.documents(source, data, _json_text(source, data))
    for name, finder, reader in _READERS:
        found = finder(documents) if documents and form in {"", name} else None
        if found is not None:
            if name != "vosk" and len(found) > MAX_CUES:  # vosk's answers needn't be cues
                raise source.refused("transcripts.too_many", limit=MAX_CUES)
            cues = _limited(source, reader(source, found))
            return Transcript(name, cues, _language(_stated(name, documents)), _made_by(name, documents))
    raise source.refused("transcripts.unknown_json")


_READERS: tuple[
    tuple[str, Callable[[list[Any]], list[Any] | None], Callable[[Source, list[Any]], Iterator[Cue]]], ...
] = (
    ("whispercpp", whispercpp.segments, whispercpp.read),
    ("whisper", whisper.segments, whisper.read),
    ("vosk", vosk.utterances, vosk.read),
)


def _json_text(source: Source, data: bytes) -> str:
    """The text of a JSON file; that of whisper.cpp may hold pieces of letters."""
    try:
        return _text(source, data)
    except FormatError:
        if b'"transcription"' not in data or b"\0" in data:
            raise
        return data.decode("utf-8", "surrogateescape")


def _stated(form: str, documents: list[Any]) -> Any:
    if form == "vosk":
        return ""
    return whispercpp.language(documents) if form == "whispercpp" else whisper.language(documents)


def _made_by(form: str, documents: list[Any]) -> str:
    return whispercpp.made_by(documents)[:_LONGEST_MAKER] if form == "whispercpp" else ""


def _language(stated: Any) -> str:
    """The BCP 47 tag of a language by its code or English name; empty when it is neither."""
    if not isinstance(stated, str):
        return ""
    named = _NAMED.get(stated.strip().lower(), stated.strip())
    return named if _TAG.fullmatch(named) else ""
