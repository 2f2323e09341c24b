"""A log that is JSON: of FreeSWITCH, or of another program by a mapping."""

from collections.abc import Iterator
from typing import Any

from evidence.intake.pbx import freeswitch_json, jsontext, mapped
from evidence.intake.pbx.draft import Draft
from evidence.intake.pbx.jsontext import Entry, Refused
from evidence.intake.pbx.pieces import Holds
from evidence.intake.pbx.rules import PbxMapping
from evidence.intake.pbx.sources import Open
from evidence.intake.pbx.telling import Problems
from evidence.model import pbxlog


class Document:
    """A log that is JSON.

    Args:
        opened: opens it.
        mapping: how it is read, if the configuration says so; checked.
        problems: gets what is wrong with it.
    """

    def __init__(self, opened: Open, mapping: PbxMapping | None, problems: Problems) -> None:
        self._open = opened
        self._mapping = mapping
        self._problems = problems
        self.format = pbxlog.MAPPED if mapping else pbxlog.FREESWITCH_JSON
        self.lines = 0
        self.logs_playback: bool | None = None
        self.is_read = True

    def drafts(self, holds: Holds) -> Iterator[Draft]:
        """What the entries say for which ``holds`` is true; once through the file."""
        line = 1
        try:
            with self._open() as file:
                text = jsontext.text_of(file.read(jsontext.MOST + 1))
            self.lines = text.count("\n") + (not text.endswith("\n") and bool(text))
            for entry in jsontext.entries(text):
                line = entry.line
                yield from self._drafts(entry, text, holds)
        except Refused as problem:
            self._problems.add(line if self.lines else 0, str(problem))
            self.is_read = line > 1

    def _drafts(self, entry: Entry, text: str, holds: Holds) -> Iterator[Draft]:
        value, first, last = entry.value, entry.line, entry.last_line
        if self._mapping is None and not freeswitch_json.is_one(value):
            raise Refused("unknown_format")
        if not holds(entry.text.encode("utf-8", "surrogatepass")):
            return
        if self._mapping is None:
            self.logs_playback = self.logs_playback or freeswitch_json.logs_playback(value)
            yield from freeswitch_json.drafts(value, text, first, last)
        else:
            for member in _members(value, self._mapping):
                draft = _mapped(self._mapping, member, first, last)
                self.logs_playback = True if draft.kind == pbxlog.PLAYBACK else self.logs_playback
                yield draft


def is_json(data: bytes) -> bool:
    """Whether the beginning of a file is that of JSON."""
    return data.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in {b"{", b"["}


def _members(value: Any, mapping: PbxMapping) -> Iterator[Any]:
    """The entries in a document: where the mapping says, else it is one itself."""
    if not mapping.rows:
        yield value
        return
    found = jsontext.at(value, mapping.rows)
    if found is None:
        raise Refused("json_rows")
    if isinstance(found, list):
        yield from found
    elif isinstance(found, dict):
        yield from found.values()


def _mapped(mapping: PbxMapping, entry: Any, first: int, last: int) -> Draft:
    def said(field: str) -> str:
        source = mapping.source(field)
        return jsontext.words(jsontext.at(entry, source)) if source else ""

    return mapped.draft(mapping, said, first, last)
