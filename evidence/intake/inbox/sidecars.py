"""Sidecars: JSON beside recordings, ours (incident.v1, its number may be missing) or another program's."""

import json
from collections.abc import Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from evidence import strict
from evidence.errors import FormatError
from evidence.intake import documents, drafting, roles
from evidence.intake.inbox import numbers, statements
from evidence.intake.inbox.rules import InboxMapping, Rules
from evidence.intake.inbox.statements import PREPARED_BY, Document
from evidence.messages import t
from evidence.model import names
from evidence.model.incident import Incident
from evidence.text import visible

_BOM = b"\xef\xbb\xbf"
_DEEPEST = 16
_MOST_RECORDINGS = 50
_SHOWN = 300


def mapping_for(rules: Rules, name: str) -> InboxMapping | None:
    """The first mapping that reads sidecars of that name."""
    fitting = (m for m in rules.mappings if m.kind == "json")
    called = (name, name.lower())
    return next((m for m in fitting if any(fnmatchcase(n, p) for p in m.files for n in called)), None)


class Sidecar:
    """A sidecar that was read.

    Args:
        folder: the inbox.
        name: its name.
        data: its bytes.
        mapping: how another program's is read; None: it must be ours.

    Raises:
        FormatError: it isn't JSON as it should be.
    """

    def __init__(self, folder: Path, name: str, data: bytes, mapping: InboxMapping | None) -> None:
        self._folder = folder
        self._name = name
        self._data = data
        self._value = _foreign(name, data) if mapping else None
        self._mapping = None if _is_ours(self._value) else mapping
        if self._mapping is None:
            self._value = _strict(folder, name, data)

    def recordings(self) -> tuple[str, ...]:
        """The names of the recordings that it names, in its order; empty when it names none.

        Raises:
            FormatError: it isn't what it should be.
        """
        if self._mapping is None:
            found = self._incident("INC")[1]
            stated = roles.stated(found)
            calls = [call.recording for call in found.calls if call.recording]
            others = [file for file, role in stated.items() if role == roles.RECORDING and file not in calls]
            return tuple(calls + others)
        pointer = self._mapping.source("recording")
        there = _at(self._value, pointer) if pointer else None
        listed = there if isinstance(there, list) else [there] if there else []
        names_found = tuple(str(item) for item in listed if isinstance(item, str) and item)
        if len(names_found) > _MOST_RECORDINGS or len(set(names_found)) < len(names_found):
            raise _wrong(self._name, t("inbox.many_recordings", n=_MOST_RECORDINGS))
        return names_found

    def document(self, present: Sequence[str], zone: str) -> Document:
        """The incident.json that it amounts to.

        Args:
            present: names of the recordings that belong to it.
            zone: IANA zone of local times.

        Raises:
            FormatError: it isn't what it should be.
        """
        stem = stem_of(self._name, present)
        if self._mapping is None:
            return self._ours(stem, present, zone)
        try:
            return statements.of_mapping(self._mapping, self._said, stem, list(present), zone)
        except ValueError as error:
            raise _wrong_time(self._name, self._mapping) from error

    def _said(self, field: str) -> str:
        """What stands for one of our fields; what is no text or number says nothing."""
        pointer = self._mapping.source(field) if self._mapping else ""
        return _text(_at(self._value, pointer)) if pointer else ""

    def _incident(self, number: str) -> tuple[Document, Incident]:
        data = self._data
        if isinstance(self._value, dict) and "number" not in self._value:
            try:
                data = drafting.render({**self._value, "number": number})
            except UnicodeEncodeError as error:
                raise _wrong(self._name, t("inbox.no_json")) from error
        _, document = documents.read(self._folder, self._name, "incident.v1", data)
        try:
            return document, Incident.from_document(document)
        except ValueError as error:
            raise documents.wrong(self._name, "/", "intake.name_base64") from error

    def _ours(self, stem: str, present: Sequence[str], zone: str) -> Document:
        """Our own document: one recording belongs to its one call, and the uid is made of the recordings."""
        given, incident = self._incident(numbers.derive(stem))
        document = {key: value for key, value in given.items() if key not in {"$schema", "uid"}}
        calls = document.get("calls", [])
        is_single = len(present) == 1 and present[0] not in roles.stated(incident)
        if is_single and len(calls) == 1 and "recording" not in calls[0]:
            document["calls"] = [{**calls[0], "recording": names.to_document(present[0])}]
        elif is_single and not calls:
            told = statements.of_name(present[0], stem, document.get("time_zone", zone))
            document |= statements.given(calls=told.get("calls", []))
        return {"prepared_by": PREPARED_BY, **document}


def names_other(name: str, recording: str) -> FormatError:
    """What to raise when a sidecar names a recording that isn't there or isn't called like it."""
    values = {"file": visible(name), "recording": visible(recording[:_SHOWN])}
    return FormatError(t("inbox.names_other", **values), t("inbox.names_other_hint", **values))


def stem_of(name: str, present: Sequence[str]) -> str:
    """What a drop is called: the sidecar's name without its extensions."""
    base = base_of(name)
    return base.rpartition(".")[0] if base in present and "." in base.strip(".") else base


def base_of(name: str) -> str:
    """A sidecar's name without ``.json``."""
    return name[: -len(".json")]


def _foreign(name: str, data: bytes) -> Any:
    """The value of another program's document; its numbers keep their digits, as text."""
    try:
        value = json.loads(
            data.removeprefix(_BOM).decode("utf-8"),
            parse_float=str,
            parse_int=_integer,
            parse_constant=_no_constant,
            object_pairs_hook=_once,
        )
    except (RecursionError, ValueError) as error:
        raise _wrong(name, t("inbox.no_json")) from error
    if not isinstance(value, dict):
        raise _wrong(name, t("inbox.no_object"))
    return value


def _integer(text: str) -> int | str:
    return int(text) if text == "1" else text


def _no_constant(text: str) -> None:
    raise ValueError(text)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("the same key twice in one object")
    return found


def _is_ours(value: Any) -> bool:
    """Whether a document says that it is incident.v1, as that must; another program's number isn't 1."""
    return isinstance(value, dict) and value.get("format") == 1


def _strict(folder: Path, name: str, data: bytes) -> Any:
    try:
        return strict.json_document(data.removeprefix(_BOM), documents.MAX_DOCUMENT)
    except strict.Refused:
        documents.read(folder, name, "incident.v1", data)  # says it in words
        raise


def _at(value: Any, pointer: str) -> Any:
    for part in pointer.split("/")[1 : _DEEPEST + 1]:
        key = part.replace("~1", "/").replace("~0", "~")
        if isinstance(value, dict):
            value = value.get(key)
        elif isinstance(value, list) and key.isdecimal() and key.isascii() and len(key) < 5:
            value = value[int(key)] if int(key) < len(value) else None
        else:
            return None
    return value


def _text(value: Any) -> str:
    if isinstance(value, bool) or value is None:
        return ""
    return str(value) if isinstance(value, str | int) else ""


def _wrong(name: str, reason: str) -> FormatError:
    shown = visible(name)
    return FormatError(t("inbox.sidecar", file=shown, reason=reason), t("inbox.sidecar_hint", file=shown))


def _wrong_time(name: str, mapping: InboxMapping) -> FormatError:
    values = {"name": visible(mapping.name), "form": visible(mapping.time_format)}
    return _wrong(name, t("inbox.wrong_time", **values))
