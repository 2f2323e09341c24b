"""The way in: which form a marker file has, its encoding, and how many markers it may hold."""

import re
from collections.abc import Callable, Iterator
from functools import partial

from evidence.errors import FormatError
from evidence.intake.markerfiles import documents, elan, labels, tables, webvtt
from evidence.intake.markerfiles.classes import NONE, OwnClasses
from evidence.intake.markerfiles.drafts import MAX_BYTES, MAX_DRAFTS, MAX_WORDS, Draft, shown, wrong
from evidence.messages import t

FORMS = ("json", "csv", "audacity", "webvtt", "elan")
"""The forms that marker files have."""

_ELAN = "<ANNOTATION_DOCUMENT"
_LOOKED_AT = 1000
_BOM = b"\xef\xbb\xbf"
_BY_EXTENSION = {"json": "json", "csv": "csv", "tsv": "csv", "vtt": "webvtt", "eaf": "elan"}
_LABEL = re.compile(r"\s*-?[0-9]+(?:[.,][0-9]+)?\t")
# where Windows-1251 has the letters of Ukrainian
_CYRILLIC = frozenset([*range(0xC0, 0x100), 0xA5, 0xAA, 0xAF, 0xB2, 0xB3, 0xB4, 0xBA, 0xBF])


def read(
    name: str, data: bytes, form: str = "", *, zone: str | None = None, own: OwnClasses = NONE
) -> tuple[Draft, ...]:
    """The markers of a file, in its order.

    Args:
        name: the file's name; untrusted.
        data: its bytes.
        form: one of FORMS; empty: by the name's extension, else by what stands in it.
        zone: IANA zone of the times in a CSV table that have no offset from UTC.
        own: the vault's own classes.

    Raises:
        FormatError: longer than MAX_BYTES, more than MAX_DRAFTS markers, not UTF-8, of no known form, or a
            line that can't be read.
    """
    if len(data) > MAX_BYTES:
        message = t("markerfiles.too_long", file=shown(name), limit=MAX_BYTES)
        raise FormatError(message, t("markerfiles.too_long_hint"))
    form = form or _BY_EXTENSION.get(name.rpartition(".")[2].lower(), "")
    data = data.removeprefix(_BOM)
    if form == "json" or (not form and data.lstrip()[:1] == b"{"):
        return documents.read(name, data, own)
    text = _text(name, data)
    form = form or _by_content(name, text)
    if form == "elan":
        return tuple(_limited(name, elan.read(name, data, own)))
    return tuple(_limited(name, _reader(name, form, zone, own)(text)))


def _reader(name: str, form: str, zone: str | None, own: OwnClasses) -> Callable[[str], Iterator[Draft]]:
    readers: dict[str, Callable[[str], Iterator[Draft]]] = {
        "csv": partial(tables.read, name, own=own, zone=zone),
        "audacity": partial(labels.read, name, own=own),
        "webvtt": partial(webvtt.read, name, own=own),
    }
    return readers[form]


def _limited(name: str, drafts: Iterator[Draft]) -> Iterator[Draft]:
    """The same drafts, as long as they are within the limits and end where they may."""
    for number, draft in enumerate(drafts):
        if number == MAX_DRAFTS:
            raise wrong(name, draft.line, "markerfiles.too_many", n=MAX_DRAFTS)
        if len(draft.words) > MAX_WORDS:
            raise wrong(name, draft.line, "markerfiles.cell_too_long", draft.words, limit=MAX_WORDS)
        if draft.end_ms is not None and draft.end_ms < draft.start_ms:
            values = {"start": draft.start_ms, "end": draft.end_ms}
            raise wrong(name, draft.line, "markerfiles.ends_early", draft.words, **values)
        yield draft


def _by_content(name: str, text: str) -> str:
    if text.startswith("WEBVTT"):
        return "webvtt"
    if _ELAN in text[:_LOOKED_AT]:
        return "elan"
    if _LABEL.match(text):
        return "audacity"
    if tables.looks_like_one(text):
        return "csv"
    message = t("markerfiles.unknown_form", file=shown(name))
    raise FormatError(message, t("markerfiles.unknown_form_hint"))


# Encodings


def _text(name: str, data: bytes) -> str:
    if not data.strip():
        raise FormatError(t("markerfiles.empty", file=shown(name)), t("markerfiles.empty_hint"))
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"} or b"\0" in data:
        raise FormatError(t("markerfiles.utf16", file=shown(name)), t("markerfiles.utf16_hint"))
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        reason = "markerfiles.cp1251" if _looks_like_cp1251(data) else "markerfiles.encoding"
        line = data.count(b"\n", 0, error.start) + 1
        raise wrong(name, line, reason) from error


def _looks_like_cp1251(data: bytes) -> bool:
    high = [byte for byte in data[:65536] if byte >= 0x80]
    return sum(byte in _CYRILLIC for byte in high) > 0.9 * len(high)
